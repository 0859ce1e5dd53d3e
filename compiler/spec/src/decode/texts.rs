//! Scalars without a form of their own: booleans, strings, texts as they were written.

use flatwright_yaml::Style;
use flatwright_yaml::scalar::{Scalar, core};
use serde_json::{Value, json};

use super::scalars::{AsText, FromScalar, Meant, Mismatch};

impl FromScalar for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn from_scalar(text: &str, is_plain: bool) -> Result<Self, Mismatch> {
        match core(text, if is_plain { Style::Plain } else { Style::DoubleQuoted }, None) {
            Scalar::Bool(value) => Ok(value),
            _ => Err(Mismatch::Type),
        }
    }

    fn meant(text: &str) -> Option<Meant> {
        let word = match text.to_ascii_lowercase().as_str() {
            "yes" | "y" | "on" | "true" | "1" => "true",
            "no" | "n" | "off" | "false" | "0" => "false",
            _ => return None,
        };
        let hint = format!("write `{word}`, without quotes: YAML 1.2 has no `yes`, `no`, `on`, `off`");
        Some(Meant::certain(word.to_owned(), hint))
    }

    fn schema() -> Value {
        json!({ "type": "boolean" })
    }

    fn wants_string() -> bool {
        false
    }
}

impl FromScalar for String {
    const EXPECTED: &'static str = "a string";

    fn from_scalar(text: &str, _: bool) -> Result<Self, Mismatch> {
        if text.is_empty() { Err(Mismatch::Form("it is empty".into())) } else { Ok(text.to_owned()) }
    }

    fn schema() -> Value {
        json!({ "type": "string", "minLength": 1 })
    }
}

impl AsText for String {
    fn as_text(&self) -> &str {
        self
    }
}

/// Any scalar, as the text that was written: arguments of components, where `4`, `true` and `"4"` mean the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnyText(pub String);

impl AsText for AnyText {
    fn as_text(&self) -> &str {
        &self.0
    }
}

impl FromScalar for AnyText {
    const EXPECTED: &'static str = "a scalar";
    const TAKES_ANY_SCALAR: bool = true;

    fn from_scalar(text: &str, _: bool) -> Result<Self, Mismatch> {
        Ok(Self(text.to_owned()))
    }

    fn schema() -> Value {
        json!({ "type": ["string", "number", "boolean"] })
    }
}

/// A string in which `${env:…}` means nothing: file contents, commands, machine configs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verbatim(pub String);

impl AsText for Verbatim {
    fn as_text(&self) -> &str {
        &self.0
    }
}

impl FromScalar for Verbatim {
    const EXPECTED: &'static str = "a string";
    const IS_VERBATIM: bool = true;

    fn from_scalar(text: &str, _: bool) -> Result<Self, Mismatch> {
        Ok(Self(text.to_owned()))
    }

    fn schema() -> Value {
        json!({ "type": "string" })
    }
}
