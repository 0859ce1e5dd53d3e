//! Why a tree is not JSON, in the libraries' words.

use std::fmt;

use crate::quote::quote;

/// One problem of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// A key stands twice in one mapping; only strict readers refuse that.
    Repeated(String),
    /// A key that is a collection or null, which JSON does not have.
    UnsupportedKey,
    /// What a merge key names is not a mapping, nor a list of mappings.
    NotMergeable,
    /// A tag does not fit its text.
    UnfittingTag {
        /// The tag that would fit.
        found: &'static str,
        /// The text.
        text: String,
        /// The tag that was written.
        tag: String,
    },
    /// A text with the tag of bytes is not base64.
    NotBase64,
    /// An infinity, or not a number.
    NotFinite(f64),
    /// An anchor stands for something that it is a part of.
    Endless(String),
    /// Aliases multiply what the text says.
    ExcessiveAliasing,
    /// Collections nest deeper than anybody writes.
    TooDeep,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated(key) => write!(f, "key {} already set in map", quote(key)),
            Self::UnsupportedKey => f.write_str("unsupported map key"),
            Self::NotMergeable => f.write_str("map merge requires map or sequence of maps as the value"),
            Self::UnfittingTag { found, text, tag } => write!(f, "cannot decode {found} `{text}` as a {tag}"),
            Self::NotBase64 => f.write_str("!!binary value contains invalid base64 data"),
            Self::NotFinite(value) if value.is_nan() => f.write_str("json: unsupported value: NaN"),
            Self::NotFinite(value) if *value < 0.0 => f.write_str("json: unsupported value: -Inf"),
            Self::NotFinite(_) => f.write_str("json: unsupported value: +Inf"),
            Self::Endless(anchor) => write!(f, "anchor '{anchor}' value contains itself"),
            Self::ExcessiveAliasing => f.write_str("document contains excessive aliasing"),
            Self::TooDeep => f.write_str("exceeded max depth"),
        }
    }
}
