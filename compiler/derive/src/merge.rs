//! `#[derive(Merge)]`: what a group says itself over what all groups share, field by field.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Field, Ident, Path, Result};

use crate::attribute::named_fields;

/// How a field is merged.
enum Rule {
    /// By its type.
    Typed,
    /// The own one in place of the shared one, whole.
    Replace,
    /// Shared items first, then the own ones.
    Append,
    /// A list whose items are told apart by a field.
    By(Ident),
    /// By a function of the two structs.
    With(Path),
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let (mut first, mut then) = (Vec::new(), Vec::new());
    for field in named_fields(input)? {
        let member = &field.ident;
        if member.as_ref().is_some_and(|member| member == "origin") {
            continue;
        }
        match rule(field)? {
            Rule::Typed => then.push(quote!(crate::merge::Merge::merge(&mut self.#member, &shared.#member);)),
            Rule::Replace => then.push(quote!(crate::merge::replace(&mut self.#member, &shared.#member);)),
            Rule::Append => then.push(quote!(crate::merge::append(&mut self.#member, &shared.#member);)),
            Rule::By(key) => then.push(quote! {
                crate::merge::by_key(&mut self.#member, &shared.#member, |item| item.#key.as_str());
            }),
            // A function looks at what was written, so it comes before anything is merged.
            Rule::With(function) => first.push(quote!(self.#member = #function(&*self, shared);)),
        }
    }
    Ok(quote! {
        impl crate::merge::Merge for #name {
            fn merge(&mut self, shared: &Self) {
                #(#first)*
                #(#then)*
            }
        }
    })
}

fn rule(field: &Field) -> Result<Rule> {
    let Some(attribute) = field.attrs.iter().find(|attribute| attribute.path().is_ident("merge")) else {
        return Ok(Rule::Typed);
    };
    let mut rule = None;
    attribute.parse_nested_meta(|meta| {
        rule = Some(if meta.path.is_ident("replace") {
            Rule::Replace
        } else if meta.path.is_ident("append") {
            Rule::Append
        } else if meta.path.is_ident("by") {
            Rule::By(meta.value()?.parse()?)
        } else if meta.path.is_ident("with") {
            Rule::With(meta.value()?.parse()?)
        } else {
            return Err(meta.error("expected `replace`, `append`, `by = field` or `with = function`"));
        });
        Ok(())
    })?;
    rule.ok_or_else(|| Error::new_spanned(attribute, "expected a rule"))
}
