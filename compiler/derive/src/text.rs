//! `#[derive(Text)]`: a text with a form → its decoder and its schema.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Error, Expr, Fields, LitStr, Path, Result};

/// What `#[text(…)]` says.
struct Form {
    expected: LitStr,
    pattern: Expr,
    check: Path,
    takes_numbers: bool,
    is_secret: bool,
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let is_text = matches!(&input.data, Data::Struct(body) if matches!(&body.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1));
    if !is_text {
        return Err(Error::new_spanned(&input.ident, "a text is a struct around one `String`"));
    }
    let name = &input.ident;
    let attribute = input.attrs.iter().find(|attribute| attribute.path().is_ident("text"));
    let attribute = attribute.ok_or_else(|| {
        Error::new_spanned(name, "a text says `#[text(expected = \"…\", pattern = \"…\", check = function)]`")
    })?;
    let Form { expected, pattern, check, takes_numbers, is_secret } = form(attribute)?;
    Ok(quote! {
        impl #name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl crate::decode::AsText for #name {
            fn as_text(&self) -> &str {
                &self.0
            }
        }

        impl crate::decode::FromScalar for #name {
            const EXPECTED: &'static str = #expected;
            const TAKES_ANY_SCALAR: bool = #takes_numbers;
            const IS_SECRET: bool = #is_secret;

            fn from_scalar(text: &str, _: bool) -> Result<Self, crate::decode::Mismatch> {
                #check(text).map(|()| Self(text.to_owned())).map_err(|flaw| crate::decode::Mismatch::Form(flaw.into()))
            }

            fn schema() -> ::serde_json::Value {
                let types = if #takes_numbers { ::serde_json::json!(["string", "number"]) } else { "string".into() };
                ::serde_json::json!({ "type": types, "pattern": #pattern })
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    })
}

fn form(attribute: &Attribute) -> Result<Form> {
    let (mut expected, mut pattern, mut check, mut takes_numbers, mut is_secret) = (None, None, None, false, false);
    attribute.parse_nested_meta(|meta| {
        if meta.path.is_ident("expected") {
            expected = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("pattern") {
            pattern = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("check") {
            check = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("takes_numbers") {
            takes_numbers = true;
        } else if meta.path.is_ident("secret") {
            is_secret = true;
        } else {
            return Err(meta.error("expected `expected`, `pattern`, `check`, `takes_numbers` or `secret`"));
        }
        Ok(())
    })?;
    match (expected, pattern, check) {
        (Some(expected), Some(pattern), Some(check)) => Ok(Form { expected, pattern, check, takes_numbers, is_secret }),
        _ => Err(Error::new_spanned(attribute, "a text needs `expected`, `pattern` and `check`")),
    }
}
