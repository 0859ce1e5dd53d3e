//! `#[derive(Keywords)]`: a closed set of words → their decoder and their schema.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result};

use crate::attribute::{docs, text};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(body) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "words are the variants of an enum"));
    };
    let name = &input.ident;
    let (mut variants, mut words, mut descriptions) = (Vec::new(), Vec::new(), Vec::new());
    for variant in &body.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(variant, "a word has no fields"));
        }
        let word = text(&variant.attrs, "word")?;
        words.push(word.unwrap_or_else(|| LitStr::new(&variant.ident.to_string(), variant.ident.span())));
        variants.push(&variant.ident);
        descriptions.push(docs(&variant.attrs));
    }
    let listed: Vec<String> = words.iter().map(|word| format!("`{}`", word.value())).collect();
    let expected = format!("one of {}", listed.join(" "));
    Ok(quote! {
        impl #name {
            /// The word as it is written.
            pub const fn word(self) -> &'static str {
                match self { #(Self::#variants => #words),* }
            }
        }

        impl crate::decode::AsText for #name {
            fn as_text(&self) -> &str {
                self.word()
            }
        }

        impl crate::decode::FromScalar for #name {
            const EXPECTED: &'static str = #expected;

            fn from_scalar(text: &str, _: bool) -> Result<Self, crate::decode::Mismatch> {
                match text {
                    #(#words => Ok(Self::#variants),)*
                    _ => Err(crate::decode::Mismatch::Word(&[#(#words),*])),
                }
            }

            fn schema() -> ::serde_json::Value {
                let words = [#(::serde_json::json!({
                    "const": #words,
                    "description": ::flatwright_shape::description(#descriptions),
                })),*];
                ::serde_json::json!({ "oneOf": words })
            }
        }
    })
}
