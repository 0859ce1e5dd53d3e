//! Derives for the declarations that have one grammar everywhere: Rust's own, so that rustfmt and editors understand them.
//!
//! Owns: how a declaration becomes code. Must not: know a rule, a key or a format; those stand where they are declared.
//!
//! `Rule` is for every crate. The others make implementations of traits that one crate has, and name those by its own paths (`crate::decode`, `crate::merge`,
//! `crate::wire`): [`Record`](macro@Record), [`Keywords`](macro@Keywords), [`Text`](macro@Text) and [`Merge`](macro@Merge) are for `spec`,
//! [`Object`](macro@Object) is for `capi`.

mod attribute;
mod keywords;
mod merge;
mod object;
mod record;
mod rule;
mod text;

use proc_macro::TokenStream;

fn derived(input: TokenStream, expand: fn(&syn::DeriveInput) -> syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes an enum of broken rules a `flatwright_diagnostic::Rule`: its codes, its data and its words.
///
/// Each variant says `#[rule("code", "words with {field}")]`; the words are a format string over the variant's fields, further arguments follow it.
/// `#[rule(transparent)]` on a variant with one unnamed field hands everything to the rule inside. The enum may say `#[rule(group = "name")]`: its codes then
/// also answer to that name. Every variant with a code also becomes a constant of the enum in upper case, for asking whether a finding is of that rule.
/// A field's data is its text by `Display`; `#[rule(debug)]` on a field takes `Debug` instead, `#[rule(skip)]` leaves it out.
#[proc_macro_derive(Rule, attributes(rule))]
pub fn rule(input: TokenStream) -> TokenStream {
    derived(input, rule::expand)
}

/// Makes a struct a mapping of the spec with known keys: its collecting decoder and its schema.
///
/// A field's key is its name in camel case, or what `#[key("…")]` says; its doc comment is the schema's description; its type decides whether the key is
/// required. A field named `origin` is where the mapping stands. `#[shared]` reads another record from the same mapping.
#[proc_macro_derive(Record, attributes(key, shared, one_of))]
pub fn record(input: TokenStream) -> TokenStream {
    derived(input, record::expand)
}

/// Makes an enum a closed set of words of the spec. A variant's word is its name, or what `#[word("…")]` says; its doc comment is the schema's description.
#[proc_macro_derive(Keywords, attributes(word))]
pub fn keywords(input: TokenStream) -> TokenStream {
    derived(input, keywords::expand)
}

/// Makes a struct around one `String` a text of the spec with a form: `#[text(expected = "a thing such as `x`", pattern = "regex for editors", check = function)]`.
/// With `takes_numbers`, an unquoted number is taken as it was written.
#[proc_macro_derive(Text, attributes(text))]
pub fn text(input: TokenStream) -> TokenStream {
    derived(input, text::expand)
}

/// Merges what all groups share into what a group says itself.
///
/// A field is merged by the rule of its type, or by what it says: `#[merge(replace)]` (the own one counts, whole), `#[merge(append)]` (shared items first),
/// `#[merge(by = field)]` (an own item replaces the shared one of the same name), `#[merge(with = function)]` (a function of both structs as written). A list or
/// record without such a word does not compile.
#[proc_macro_derive(Merge, attributes(merge))]
pub fn merge(input: TokenStream) -> TokenStream {
    derived(input, merge::expand)
}

/// Makes a struct a part of an emitted object: its writer, which leaves out what is absent or empty, and its schema. Keys and descriptions as in
/// [`Record`](macro@Record).
#[proc_macro_derive(Object, attributes(key))]
pub fn object(input: TokenStream) -> TokenStream {
    derived(input, object::expand)
}
