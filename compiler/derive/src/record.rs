//! `#[derive(Record)]`: a mapping with known keys → its collecting decoder and its schema.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{DeriveInput, Result};

use crate::attribute::{docs, has, key, named_fields};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    // Names that no field can meet.
    let (decoder, fields) = (Ident::new("decoder", Span::mixed_site()), Ident::new("fields", Span::mixed_site()));
    let definitions = Ident::new("definitions", Span::mixed_site());
    let (mut reads, mut members, mut shapes) = (Vec::new(), Vec::new(), Vec::new());
    for field in named_fields(input)? {
        let (member, kind) = (&field.ident, &field.ty);
        if member.as_ref().is_some_and(|member| member == "origin") {
            members.push(quote!(#member: #decoder.origin(#fields.node)));
            continue;
        }
        members.push(quote!(#member: #member?));
        if has(&field.attrs, "shared") {
            reads.push(quote!(let #member = <#kind as crate::decode::Record>::read(#decoder, #fields);));
            shapes.push(quote!(shapes.extend(<#kind as crate::decode::Record>::fields(#definitions));));
            continue;
        }
        let (key, docs) = (key(field)?, docs(&field.attrs));
        reads.push(quote!(let #member: Option<#kind> = #fields.take(#decoder, #key);));
        shapes.push(quote!(shapes.push(::flatwright_shape::Field {
            key: #key,
            docs: #docs,
            schema: <#kind as crate::decode::Decode>::shape(#definitions),
            is_required: <#kind as crate::decode::Decode>::absent().is_none(),
        });));
    }
    let docs = docs(&input.attrs);
    let read = if has(&input.attrs, "one_of") { quote!(record_of_one) } else { quote!(record) };
    let title = name.to_string();
    Ok(quote! {
        impl crate::decode::Record for #name {
            fn read(
                #decoder: &mut crate::decode::Decoder<'_>,
                #fields: &mut crate::decode::Fields<'_>,
            ) -> Option<Self> {
                // Every key is read before any failure returns, so that one run reports them all.
                #(#reads)*
                Some(Self { #(#members),* })
            }

            fn fields(#definitions: &mut ::flatwright_shape::Definitions) -> Vec<::flatwright_shape::Field> {
                let mut shapes = Vec::new();
                #(#shapes)*
                shapes
            }
        }

        impl crate::decode::Decode for #name {
            fn decode(
                decoder: &mut crate::decode::Decoder<'_>,
                node: ::flatwright_diagnostic::NodeId,
            ) -> Option<Self> {
                crate::decode::#read(decoder, node)
            }

            fn shape(definitions: &mut ::flatwright_shape::Definitions) -> ::serde_json::Value {
                definitions.reference(#title, |definitions| {
                    ::flatwright_shape::record(#docs, <Self as crate::decode::Record>::fields(definitions))
                })
            }
        }
    })
}
