//! Scalar text → type, by `yaml.v2`'s rules: YAML 1.1's words, Go's bases, dates.

use serde_json::{Number, Value as Json};

use super::Problem;
use crate::base64;
use crate::number::{self, Int};
use crate::timestamp;

const CORE: &str = "tag:yaml.org,2002:";

/// What a scalar means.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// `null`, `~`, or nothing.
    Null,
    /// Also `y`, `yes`, `on` and their opposites.
    Bool(bool),
    /// An integer in any of Go's bases.
    Int(i64),
    /// An integer that only fits without a sign.
    Uint(u64),
    /// A floating-point number.
    Float(f64),
    /// A date, or a date and a time. Its value is the text, but who writes such a text quotes it.
    Timestamp,
    /// Bytes from base64.
    Binary(Vec<u8>),
    /// The text itself.
    Str,
}

impl Resolved {
    const fn tag(&self) -> &'static str {
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

    /// As `encoding/json` writes it and a reader of JSON sees it: numbers without a fraction are integers there.
    ///
    /// # Errors
    /// JSON has no infinities.
    pub fn to_json(&self, text: &str) -> Result<Json, Problem> {
        Ok(match self {
            Self::Null => Json::Null,
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Uint(value) => (*value).into(),
            Self::Float(value) => return float(*value).map(Json::Number).ok_or(Problem::NotFinite(*value)),
            Self::Binary(bytes) => lossy(bytes).into(),
            Self::Timestamp | Self::Str => text.into(),
        })
    }
}

/// Types a plain scalar without a tag.
///
/// ```
/// use flatwright_go::yaml2::{Resolved, resolve};
/// assert_eq!(resolve("yes"), Resolved::Bool(true));
/// assert_eq!(resolve("08"), Resolved::Float(8.0));
/// assert_eq!(resolve(".1_"), Resolved::Str);
/// ```
pub fn resolve(text: &str) -> Resolved {
    implicit(text, true)
}

/// Types any scalar. Tags are long (`tag:yaml.org,2002:int`) or short (`!!int`).
///
/// # Errors
/// The tag does not fit the text.
pub fn resolve_tagged(text: &str, is_plain: bool, tag: Option<&str>) -> Result<Resolved, Problem> {
    let name = tag.and_then(|tag| tag.strip_prefix(CORE).or_else(|| tag.strip_prefix("!!")));
    let found = match (name, tag) {
        (None, None) => return Ok(if is_plain { resolve(text) } else { Resolved::Str }),
        (Some("binary"), _) => {
            return base64::decode(text).map(Resolved::Binary).map_err(|_| Problem::NotBase64);
        }
        (Some(name @ ("bool" | "int" | "float" | "null" | "timestamp")), _) => {
            let found = implicit(text, name == "timestamp");
            match (name, found) {
                (name, found) if found.tag()[2..] == *name => return Ok(found),
                #[expect(clippy::cast_precision_loss, reason = "the original converts the same way")]
                ("float", Resolved::Int(value)) => return Ok(Resolved::Float(value as f64)),
                (_, found) => found,
            }
        }
        // A tag of its own, or `!`, makes a text of anything.
        _ => return Ok(Resolved::Str),
    };
    let name = name.unwrap_or_default().to_owned();
    Err(Problem::UnfittingTag { found: found.tag(), text: text.to_owned(), tag: format!("!!{name}") })
}

/// Whether a text without quotes would be read as that text.
pub(super) fn is_plain_string(text: &str) -> bool {
    resolve(text) == Resolved::Str
}

fn implicit(text: &str, has_dates: bool) -> Resolved {
    match text.as_bytes().first() {
        None => Resolved::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(text),
        Some(b'.') => match text {
            ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => Resolved::Float(f64::INFINITY),
            // Here, and only here, underscores are not struck out.
            _ => number::decimal(text).map_or(Resolved::Str, Resolved::Float),
        },
        Some(b'+' | b'-' | b'0'..=b'9') => digits(text, has_dates),
        _ => Resolved::Str,
    }
}

fn word(text: &str) -> Resolved {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Resolved::Bool(false),
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        _ => Resolved::Str,
    }
}

fn digits(text: &str, has_dates: bool) -> Resolved {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if has_dates && timestamp::is_timestamp(text) {
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
    // Behind this mark the original looks again, and takes a sign there.
    let binary = plain.strip_prefix("0b").and_then(|digits| i64::from_str_radix(digits, 2).ok());
    binary.map_or(Resolved::Str, Resolved::Int)
}

/// Sexagesimal floats are not read, but quoted for the sake of readers that do: `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`.
pub(super) fn is_base60_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    rest.peek().is_some()
        && first.starts_with(|c: char| c.is_ascii_digit())
        && is_digits(first)
        && is_digits(fraction)
        && rest.all(|part| match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [tens, digit] => (b'0'..=b'5').contains(tens) && digit.is_ascii_digit(),
            _ => false,
        })
}

/// Go writes whole numbers below 1e21 without a point, with the digits that are needed and zeros behind them.
fn float(value: f64) -> Option<Number> {
    let text = format!("{value}");
    match (text.parse::<i64>(), text.parse::<u64>()) {
        (Ok(whole), _) => Some(whole.into()),
        (_, Ok(whole)) => Some(whole.into()),
        _ => Number::from_f64(value),
    }
}

/// Go's JSON has one replacement character for each byte that is not UTF-8.
fn lossy(bytes: &[u8]) -> String {
    let chunks = bytes.utf8_chunks();
    chunks.flat_map(|chunk| chunk.valid().chars().chain(chunk.invalid().iter().map(|_| '\u{fffd}'))).collect()
}
