//! `#[derive(Rule)]`: variants of an enum → codes, data and words.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Result, Token, Variant};

/// What `#[rule(…)]` on a variant says.
enum Said {
    Transparent,
    Rule { code: LitStr, words: TokenStream },
}

impl Parse for Said {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Ident) {
            let word: Ident = input.parse()?;
            return if word == "transparent" {
                Ok(Self::Transparent)
            } else {
                Err(Error::new(word.span(), "expected `transparent`"))
            };
        }
        let code = input.parse()?;
        input.parse::<Token![,]>()?;
        Ok(Self::Rule { code, words: input.parse()? })
    }
}

/// The parts of a variant in the code that is made.
#[derive(Default)]
struct Arms {
    constants: Vec<TokenStream>,
    codes: Vec<TokenStream>,
    code: Vec<TokenStream>,
    data: Vec<TokenStream>,
    words: Vec<TokenStream>,
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(body) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "rules are the variants of an enum"));
    };
    let group = group(&input.attrs)?;
    let mut arms = Arms::default();
    for variant in &body.variants {
        match said(variant)? {
            Said::Transparent => arms.hand_over(variant)?,
            Said::Rule { code, words } => arms.add(variant, &code, &words, group.as_ref())?,
        }
    }
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let Arms { constants, codes, code, data, words } = arms;
    Ok(quote! {
        #[allow(dead_code, reason = "a constant of each rule, whether it is asked for or not")]
        impl #generics #name #arguments #bounds { #(#constants)* }

        impl #generics ::flatwright_diagnostic::Rule for #name #arguments #bounds {
            fn code(&self) -> ::flatwright_diagnostic::Code {
                match self { #(#code,)* }
            }

            fn data(&self) -> ::std::vec::Vec<::flatwright_diagnostic::Datum> {
                match self { #(#data,)* }
            }

            fn codes() -> ::std::vec::Vec<::flatwright_diagnostic::Code> {
                let mut codes = ::std::vec::Vec::new();
                #(#codes)*
                codes
            }
        }

        impl #generics ::std::fmt::Display for #name #arguments #bounds {
            #[allow(unused_variables, reason = "words need not name every field")]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self { #(#words,)* }
            }
        }
    })
}

/// The group of an enum.
fn group(attributes: &[Attribute]) -> Result<Option<LitStr>> {
    let Some(attribute) = attributes.iter().find(|attribute| attribute.path().is_ident("rule")) else {
        return Ok(None);
    };
    let mut group = None;
    attribute.parse_nested_meta(|meta| {
        if !meta.path.is_ident("group") {
            return Err(meta.error("expected `group = \"…\"`"));
        }
        group = Some(meta.value()?.parse()?);
        Ok(())
    })?;
    Ok(group)
}

fn said(variant: &Variant) -> Result<Said> {
    let attribute = variant.attrs.iter().find(|attribute| attribute.path().is_ident("rule"));
    let Some(attribute) = attribute else {
        return Err(Error::new_spanned(variant, "a rule says `#[rule(\"code\", \"words\")]`"));
    };
    attribute.parse_args()
}

/// How a field becomes data.
enum Datum {
    Display,
    Debug,
    Skipped,
}

fn datum(attributes: &[Attribute]) -> Result<Datum> {
    let Some(attribute) = attributes.iter().find(|attribute| attribute.path().is_ident("rule")) else {
        return Ok(Datum::Display);
    };
    match attribute.parse_args::<Ident>()?.to_string().as_str() {
        "debug" => Ok(Datum::Debug),
        "skip" => Ok(Datum::Skipped),
        _ => Err(Error::new_spanned(attribute, "expected `debug` or `skip`")),
    }
}

impl Arms {
    fn hand_over(&mut self, variant: &Variant) -> Result<()> {
        let name = &variant.ident;
        let field = match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => &fields.unnamed[0].ty,
            _ => return Err(Error::new_spanned(variant, "a transparent rule has one unnamed field")),
        };
        self.codes.push(quote!(codes.extend(<#field as ::flatwright_diagnostic::Rule>::codes());));
        self.code.push(quote!(Self::#name(inner) => ::flatwright_diagnostic::Rule::code(inner)));
        self.data.push(quote!(Self::#name(inner) => ::flatwright_diagnostic::Rule::data(inner)));
        self.words.push(quote!(Self::#name(inner) => ::std::fmt::Display::fmt(inner, f)));
        Ok(())
    }

    fn add(&mut self, variant: &Variant, code: &LitStr, words: &TokenStream, group: Option<&LitStr>) -> Result<()> {
        check_code(code)?;
        let name = &variant.ident;
        let constant = Ident::new(&screaming(&name.to_string()), Span::call_site());
        let made = match group {
            Some(group) => quote!(::flatwright_diagnostic::Code::grouped(#code, #group)),
            None => quote!(::flatwright_diagnostic::Code::new(#code)),
        };
        let docs = format!("The code of [`Self::{name}`].");
        self.constants.push(quote!(#[doc = #docs] pub const #constant: ::flatwright_diagnostic::Code = #made;));
        self.codes.push(quote!(codes.push(Self::#constant);));
        let (pattern, names, kept) = bindings(&variant.fields)?;
        self.code.push(quote!(Self::#name { .. } => Self::#constant));
        self.data.push(quote!(Self::#name #pattern => { #(let _ = #names;)* ::std::vec![#(#kept),*] }));
        self.words.push(quote!(Self::#name #pattern => ::std::write!(f, #words)));
        Ok(())
    }
}

/// The pattern that binds a variant's fields, their names, and the data that they are.
fn bindings(fields: &Fields) -> Result<(TokenStream, Vec<Ident>, Vec<TokenStream>)> {
    let mut names = Vec::new();
    let mut kept = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let name = field.ident.clone().unwrap_or_else(|| format_ident!("_{index}"));
        let key = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
        match datum(&field.attrs)? {
            Datum::Display => kept.push(quote!((#key, ::std::string::ToString::to_string(#name)))),
            Datum::Debug => kept.push(quote!((#key, ::std::format!("{:?}", #name)))),
            Datum::Skipped => {}
        }
        names.push(name);
    }
    let pattern = match fields {
        Fields::Named(_) => quote!({ #(#names),* }),
        Fields::Unnamed(_) => quote!(( #(#names),* )),
        Fields::Unit => quote!(),
    };
    Ok((pattern, names, kept))
}

fn check_code(code: &LitStr) -> Result<()> {
    let text = code.value();
    let is_kebab = text
        .split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    if is_kebab { Ok(()) } else { Err(Error::new_spanned(code, "a code is written in kebab-case")) }
}

/// `PrivateIp` → `PRIVATE_IP`.
fn screaming(name: &str) -> String {
    let mut out = String::new();
    for (index, c) in name.char_indices() {
        if c.is_uppercase() && index > 0 {
            out.push('_');
        }
        out.extend(c.to_uppercase());
    }
    out
}
