//! The three declarations that spec types are made of. Each makes the type, its decoder and its schema from one text, so they cannot disagree.

/// Declares a mapping with known keys: `"key" field: Type`. The type decides whether the key is required ([`super::Decode::absent`]).
/// `..rest: Type` reads another record from the same mapping.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $field_doc:literal])* $key:literal $field:ident : $type:ty ),* $(,)?
            $(; ..$rest:ident : $rest_type:ty)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// Where the mapping stands.
            pub origin: flatwright_diagnostic::Origin,
            $( $(#[doc = $field_doc])* pub $field: $type, )*
            $( #[doc = "The keys that this mapping shares with others."] pub $rest: $rest_type, )?
        }

        impl $crate::decode::Record for $name {
            fn read(
                decoder: &mut $crate::decode::Decoder<'_>,
                fields: &mut $crate::decode::Fields<'_>,
            ) -> Option<Self> {
                // Every key is read before any failure returns, so that one run reports them all.
                $( let $field: Option<$type> = $crate::decode::macros::take(decoder, fields, $key); )*
                $( let $rest = <$rest_type as $crate::decode::Record>::read(decoder, fields); )?
                Some(Self { origin: decoder.origin(fields.node), $( $field: $field?, )* $( $rest: $rest?, )? })
            }

            fn fields(definitions: &mut flatwright_shape::Definitions) -> Vec<flatwright_shape::Field> {
                #[allow(unused_mut, reason = "only some records share keys")]
                let mut fields = vec![$( flatwright_shape::Field {
                    key: $key,
                    docs: &[$($field_doc),*],
                    schema: <$type as $crate::decode::Decode>::shape(definitions),
                    is_required: <$type as $crate::decode::Decode>::absent().is_none(),
                } ),*];
                $( fields.extend(<$rest_type as $crate::decode::Record>::fields(definitions)); )?
                fields
            }
        }

        impl $crate::decode::Decode for $name {
            fn decode(decoder: &mut $crate::decode::Decoder<'_>, node: flatwright_diagnostic::NodeId) -> Option<Self> {
                $crate::decode::macros::decode_record(decoder, node)
            }

            fn shape(definitions: &mut flatwright_shape::Definitions) -> serde_json::Value {
                definitions.reference(stringify!($name), |definitions| {
                    flatwright_shape::record(&[$($doc),*], <Self as $crate::decode::Record>::fields(definitions))
                })
            }
        }
    };
}

/// Declares a closed set of words: `"word" Variant`.
macro_rules! keywords {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident { $( $(#[doc = $variant_doc:literal])* $word:literal $variant:ident ),+ $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $( $(#[doc = $variant_doc])* $variant ),+ }

        impl $name {
            /// The word as it is written.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }
        }

        impl $crate::decode::FromScalar for $name {
            const EXPECTED: &'static str = concat!("one of", $( " `", $word, "`" ),+);

            fn from_scalar(text: &str, _: bool) -> Result<Self, $crate::decode::macros::Mismatch> {
                match text {
                    $( $word => Ok(Self::$variant), )+
                    _ => Err($crate::decode::macros::Mismatch::Word(&[$($word),+])),
                }
            }

            fn schema() -> serde_json::Value {
                let words = [$( serde_json::json!({
                    "const": $word,
                    "description": flatwright_shape::description(&[$($variant_doc),*]),
                }) ),+];
                serde_json::json!({ "oneOf": words })
            }
        }
    };
}

/// Declares a text with a form: `Name, "what it is", pattern "regex for editors", |text| check`. `Name from number` also takes an unquoted number, as
/// it was written.
macro_rules! texts {
    ($(
        $(#[doc = $doc:literal])*
        pub struct $name:ident $(from $source:ident)?, $expected:literal, pattern $pattern:expr, $check:expr;
    )+) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::decode::FromScalar for $name {
            const EXPECTED: &'static str = $expected;
            $( const TAKES_ANY_SCALAR: bool = $crate::decode::macros::takes_any!($source); )?

            fn from_scalar(text: &str, _: bool) -> Result<Self, $crate::decode::macros::Mismatch> {
                let check: fn(&str) -> Result<(), String> = $check;
                check(text).map(|()| Self(text.to_owned())).map_err($crate::decode::macros::Mismatch::Form)
            }

            fn schema() -> serde_json::Value {
                let types = if Self::TAKES_ANY_SCALAR { serde_json::json!(["string", "number"]) } else { "string".into() };
                serde_json::json!({ "type": types, "pattern": $pattern })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+ };
}

macro_rules! takes_any {
    (number) => {
        true
    };
}

pub(crate) use {keywords, record, takes_any, texts};

use flatwright_diagnostic::NodeId;

use super::{Decode, Decoder, Fields, Record};

/// Why a scalar is not what a field needs.
pub enum Mismatch {
    /// It is no scalar of that type at all.
    Type,
    /// It has the type, but not the form; what is wrong, as a fact.
    Form(String),
    /// A number outside its bounds.
    Range(i64, i64),
    /// None of these words.
    Word(&'static [&'static str]),
}

/// Monomorphized once per type instead of being expanded into every record.
pub(crate) fn take<T: Decode>(decoder: &mut Decoder<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<T> {
    fields.take(decoder, key)
}

pub(crate) fn decode_record<T: Record>(decoder: &mut Decoder<'_>, node: NodeId) -> Option<T> {
    let mut fields = Fields::open(decoder, node, "a mapping")?;
    let record = T::read(decoder, &mut fields);
    fields.finish(decoder);
    record
}
