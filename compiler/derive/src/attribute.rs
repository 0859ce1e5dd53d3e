//! What the derives read alike: doc comments, keys, fields with names.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Error, Expr, ExprLit, Field, Fields, Lit, LitStr, Meta, Result, Token};

/// The named fields of a struct.
pub(crate) fn named_fields(input: &DeriveInput) -> Result<&Punctuated<Field, Token![,]>> {
    match &input.data {
        Data::Struct(body) => match &body.fields {
            Fields::Named(fields) => Ok(&fields.named),
            _ => Err(Error::new_spanned(&input.ident, "expected a struct with named fields")),
        },
        _ => Err(Error::new_spanned(&input.ident, "expected a struct")),
    }
}

/// The lines of a doc comment, as a slice of texts.
pub(crate) fn docs(attributes: &[Attribute]) -> TokenStream {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line),
            _ => None,
        },
        _ => None,
    });
    quote!(&[#(#lines),*])
}

/// Whether an attribute without arguments is there.
pub(crate) fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// The text in `#[name("text")]`.
pub(crate) fn text(attributes: &[Attribute], name: &str) -> Result<Option<LitStr>> {
    attributes.iter().find(|attribute| attribute.path().is_ident(name)).map(Attribute::parse_args).transpose()
}

/// The key of a field in the format: what `#[key("…")]` says, else the field's name in camel case.
pub(crate) fn key(field: &Field) -> Result<LitStr> {
    if let Some(key) = text(&field.attrs, "key")? {
        return Ok(key);
    }
    let name = field.ident.as_ref().ok_or_else(|| Error::new_spanned(field, "expected a field with a name"))?;
    Ok(LitStr::new(&camel_case(&name.to_string()), name.span()))
}

/// `resource_group` → `resourceGroup`.
fn camel_case(name: &str) -> String {
    let mut words = name.trim_start_matches("r#").split('_');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::camel_case;

    #[test]
    fn names_become_keys() {
        assert_eq!(camel_case("name"), "name");
        assert_eq!(camel_case("node_volume_detach_timeout_seconds"), "nodeVolumeDetachTimeoutSeconds");
        assert_eq!(camel_case("r#type"), "type");
    }
}
