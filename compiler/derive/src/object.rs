//! `#[derive(Object)]`: a part of an emitted object → its writer and its schema.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result};

use crate::attribute::{docs, key, named_fields};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let (mut writes, mut shapes) = (Vec::new(), Vec::new());
    for field in named_fields(input)? {
        let (member, kind, key, docs) = (&field.ident, &field.ty, key(field)?, docs(&field.attrs));
        writes.push(quote! {
            if let Some(value) = crate::wire::Wire::wire(&self.#member) {
                map.insert(#key, value);
            }
        });
        shapes.push(quote!(::flatwright_shape::Field {
            key: #key,
            docs: #docs,
            schema: <#kind as ::flatwright_shape::Shape>::shape(definitions),
            is_required: false,
        }));
    }
    let docs = docs(&input.attrs);
    let title = name.to_string();
    Ok(quote! {
        impl crate::wire::Wire for #name {
            fn wire(&self) -> Option<::flatwright_yaml::Value> {
                let mut map = ::flatwright_yaml::Map::new();
                #(#writes)*
                (!map.is_empty()).then(|| map.into())
            }
        }

        impl ::flatwright_shape::Shape for #name {
            fn shape(definitions: &mut ::flatwright_shape::Definitions) -> ::serde_json::Value {
                definitions.reference(#title, |definitions| {
                    ::flatwright_shape::record(#docs, vec![#(#shapes),*])
                })
            }
        }
    })
}
