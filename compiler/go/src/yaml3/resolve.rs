//! Scalar text → type, by `yaml.v3`'s rules (YAML 1.2 words, 1.1 octals, Go's number syntax).

use super::tree::Style;
use crate::base64;
use crate::number::{self, Int};
use crate::timestamp;

/// What a scalar means.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer that only fits without a sign.
    Uint(u64),
    /// A floating-point number.
    Float(f64),
    /// A date or time.
    Timestamp,
    /// Bytes from base64.
    Binary(Vec<u8>),
    /// The text itself.
    Str,
}

impl Resolved {
    /// The tag that error texts show.
    pub const fn tag(&self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) | Self::Uint(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::Timestamp => "!!timestamp",
            Self::Binary(_) => "!!binary",
            Self::Str => "!!str",
        }
    }
}

/// `tag:yaml.org,2002:str` → `!!str`; other tags are kept.
pub fn short_tag(tag: &str) -> String {
    tag.strip_prefix("tag:yaml.org,2002:").map_or_else(|| tag.to_owned(), |name| format!("!!{name}"))
}

/// Types a scalar.
///
/// # Errors
/// The text with which the original stops, if the tag does not fit the text.
pub fn resolve(text: &str, style: Style, tag: Option<&str>) -> Result<Resolved, String> {
    let tag = match (tag, style) {
        (None, Style::Quoted) | (Some("!!str"), _) => return Ok(Resolved::Str),
        // Only a key can merge.
        (None, _) if text == "<<" => "!!merge",
        (tag, _) => tag.unwrap_or_default(),
    };
    if tag == "!!binary" {
        return base64::decode(text)
            .map(Resolved::Binary)
            .map_err(|_| "!!binary value contains invalid base64 data".to_owned());
    }
    let found = implicit(text, tag);
    match (tag, found) {
        ("", found) => Ok(found),
        (tag, found) if tag == found.tag() => Ok(found),
        ("!!float", Resolved::Int(value)) =>
        {
            #[expect(clippy::cast_precision_loss, reason = "the original converts the same way")]
            Ok(Resolved::Float(value as f64))
        }
        (tag, found) => Err(format!("cannot decode {} `{text}` as a {tag}", found.tag())),
    }
}

fn implicit(text: &str, tag: &str) -> Resolved {
    match text.as_bytes().first() {
        None => Resolved::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(text),
        Some(b'.') => match text {
            ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => Resolved::Float(f64::INFINITY),
            _ => number::decimal(text).map_or(Resolved::Str, Resolved::Float),
        },
        Some(b'+' | b'-' | b'0'..=b'9') => digits(text, tag),
        _ => Resolved::Str,
    }
}

fn word(text: &str) -> Resolved {
    match text {
        "true" | "True" | "TRUE" => Resolved::Bool(true),
        "false" | "False" | "FALSE" => Resolved::Bool(false),
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        _ => Resolved::Str,
    }
}

fn digits(text: &str, tag: &str) -> Resolved {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if matches!(tag, "" | "!!timestamp") && timestamp::is_timestamp(text) {
        return Resolved::Timestamp;
    }
    let plain = text.replace('_', "");
    match number::int(&plain) {
        Some(Int::Signed(value)) => return Resolved::Int(value),
        Some(Int::Unsigned(value)) => return Resolved::Uint(value),
        None => {}
    }
    if let Some(value) = number::decimal(&plain) {
        return Resolved::Float(value);
    }
    // Behind these marks the original looks again, and takes a sign there.
    let marked = [("0b", 2), ("0o", 8)].into_iter().find_map(|(mark, radix)| Some((plain.strip_prefix(mark)?, radix)));
    marked.and_then(|(digits, radix)| i64::from_str_radix(digits, radix).ok()).map_or(Resolved::Str, Resolved::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Resolved {
        resolve(text, Style::Plain, None).expect("resolves")
    }

    #[test]
    fn numbers_follow_go() {
        for (text, value) in [
            ("0750", 0o750),
            ("0o17", 15),
            ("0o-17", -15),
            ("0x1F", 31),
            ("+7", 7),
            ("-0", 0),
            ("1_000", 1000),
            ("0b101", 5),
        ] {
            assert_eq!(plain(text), Resolved::Int(value), "{text}");
        }
        assert_eq!(plain("0890"), Resolved::Float(890.0));
        assert_eq!(plain("1e3"), Resolved::Float(1000.0));
        assert_eq!(plain("18446744073709551615"), Resolved::Uint(u64::MAX));
        for text in ["1:30", "12e", "0x", "--1", "1.2.3", "yes", "<"] {
            assert_eq!(plain(text), Resolved::Str, "{text}");
        }
    }

    #[test]
    fn dates_are_timestamps_only_if_they_exist() {
        assert_eq!(plain("2024-02-29"), Resolved::Timestamp);
        assert_eq!(plain("2023-02-29"), Resolved::Str);
        assert_eq!(plain("2024-1-2T3:04:05Z"), Resolved::Timestamp);
    }

    #[test]
    fn a_tag_must_fit() {
        assert_eq!(resolve("7", Style::Plain, Some("!!float")), Ok(Resolved::Float(7.0)));
        assert_eq!(resolve("08", Style::Quoted, Some("!!str")), Ok(Resolved::Str));
        assert!(resolve("x", Style::Plain, Some("!!int")).is_err());
        assert_eq!(resolve("aGk=", Style::Plain, Some("!!binary")), Ok(Resolved::Binary(b"hi".to_vec())));
        assert!(resolve("aGk", Style::Plain, Some("!!binary")).is_err());
        assert_eq!(resolve("<<", Style::Plain, None), Err("cannot decode !!str `<<` as a !!merge".to_owned()));
    }
}
