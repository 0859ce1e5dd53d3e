//! Derives for the declarations that have one grammar everywhere: Rust's own, so that rustfmt and editors understand them.
//!
//! Owns: how a declaration becomes code. Must not: know a rule, a key or a format; those stand where they are declared.

mod rule;

use proc_macro::TokenStream;

/// Makes an enum of broken rules a `flatwright_diagnostic::Rule`: its codes, its data and its words.
///
/// Each variant says `#[rule("code", "words with {field}")]`; the words are a format string over the variant's fields, further arguments follow it.
/// `#[rule(transparent)]` on a variant with one unnamed field hands everything to the rule inside. The enum may say `#[rule(group = "name")]`: its codes then
/// also answer to that name. Every variant with a code also becomes a constant of the enum in upper case, for asking whether a finding is of that rule.
/// A field's data is its text by `Display`; `#[rule(debug)]` on a field takes `Debug` instead, `#[rule(skip)]` leaves it out.
#[proc_macro_derive(Rule, attributes(rule))]
pub fn rule(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    rule::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
