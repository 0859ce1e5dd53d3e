//! Why a text could not be read.

use std::fmt::{self, Display};

use serde::de::{self, Expected, Unexpected};

/// A message for the plugin's user.
#[derive(Debug)]
pub(crate) struct Error(Box<str>);

impl Error {
    pub(super) fn new(message: &str) -> Self {
        Self(message.into())
    }

    pub(super) fn mismatch(found: &str, expected: &dyn Expected) -> Self {
        Self(format!("invalid type: {found}, expected {expected}").into())
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string().into())
    }

    // The texts that these have by themselves print floating point numbers.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::mismatch(&described(found), expected)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("invalid value: {}, expected {expected}", described(found)).into())
    }
}

fn described(found: Unexpected<'_>) -> String {
    let fixed = match found {
        Unexpected::Bool(value) => return format!("boolean `{value}`"),
        Unexpected::Unsigned(value) => return format!("integer `{value}`"),
        Unexpected::Signed(value) => return format!("integer `{value}`"),
        Unexpected::Char(value) => return string(value.encode_utf8(&mut [0; 4])),
        Unexpected::Str(value) => return string(value),
        Unexpected::Other(value) => value,
        Unexpected::Float(_) => FLOAT,
        Unexpected::Unit => NULL,
        Unexpected::Seq => SEQUENCE,
        Unexpected::Map => MAP,
        Unexpected::Enum => "enum",
        Unexpected::UnitVariant => "unit variant",
        Unexpected::NewtypeVariant => "newtype variant",
        Unexpected::TupleVariant => "tuple variant",
        Unexpected::StructVariant => "struct variant",
        Unexpected::Bytes(_) | Unexpected::Option | Unexpected::NewtypeStruct => "another value",
    };
    fixed.to_owned()
}

pub(super) const FLOAT: &str = "floating point number";
pub(super) const NULL: &str = "null";
pub(super) const SEQUENCE: &str = "sequence";
pub(super) const MAP: &str = "map";

pub(super) fn string(value: &str) -> String {
    format!("string \"{value}\"")
}
