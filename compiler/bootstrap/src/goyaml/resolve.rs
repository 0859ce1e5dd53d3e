//! What a plain scalar means to go-yaml v2, the library below Kubernetes' YAML.

use serde_json::{Number, Value};

/// What a plain scalar is read as. Timestamps stay the text they are, but count as something else than a string when writing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Plain {
    /// `null`, `~`, or nothing.
    Null,
    /// Also `y`, `yes`, `on` and their opposites.
    Bool(bool),
    /// An integer in any of Go's bases.
    Number(Number),
    /// A number that JSON cannot express: infinities and NaN.
    NotANumber,
    /// A date, or date and time.
    Timestamp,
    /// The merge key `<<`.
    Merge,
    /// Everything else.
    Str,
}

/// Types a plain scalar.
pub(super) fn resolve(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Plain::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Plain::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => {
            return Plain::NotANumber;
        }
        "<<" => return Plain::Merge,
        _ => {}
    }
    match text.as_bytes()[0] {
        b'.' => float(text),
        b'+' | b'-' | b'0'..=b'9' => {
            if is_timestamp(text) {
                return Plain::Timestamp;
            }
            let plain: String = text.chars().filter(|c| *c != '_').collect();
            integer(&plain).unwrap_or_else(|| float(&plain))
        }
        _ => Plain::Str,
    }
}

/// Whether a text without quotes would be read as that text.
pub(super) fn is_plain_string(text: &str) -> bool {
    resolve(text) == Plain::Str
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

/// Go's `ParseInt(text, 0, 64)`, then `ParseUint`.
fn integer(text: &str) -> Option<Plain> {
    let (is_negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = digits.get(..2).map(str::to_ascii_lowercase);
    let (radix, digits) = match lower.as_deref() {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        Some(_) if digits.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.bytes().all(|b| char::from(b).is_digit(radix)) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    let number = if is_negative {
        Number::from(0_i64.checked_sub_unsigned(magnitude)?)
    } else if text.starts_with('+') {
        Number::from(i64::try_from(magnitude).ok()?)
    } else {
        Number::from(magnitude)
    };
    Some(Plain::Number(number))
}

fn float(text: &str) -> Plain {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_float = is_digits(whole)
        && is_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && is_digits(digits));
    if !is_float {
        return Plain::Str;
    }
    match text.strip_prefix('+').unwrap_or(text).parse::<f64>() {
        Ok(value) if value.is_finite() => Number::from_f64(value).map_or(Plain::NotANumber, Plain::Number),
        _ => Plain::Str,
    }
}

/// `2006-1-2`, or with a time after `T`, `t` (then with a zone) or a blank (then without one).
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 6 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((bytes[at], &text[at + 1..]))),
        None => (text, None),
    };
    let mut parts = date.split('-').map(short_number);
    let (Some(Some(year)), Some(Some(month)), Some(Some(day)), None) =
        (parts.next().map(|_| date[..4].parse::<u32>().ok()), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day) && time.is_none_or(|(separator, time)| is_time(time, separator != b' '))
}

fn is_time(text: &str, has_zone: bool) -> bool {
    let clock = if !has_zone {
        text
    } else if let Some(clock) = text.strip_suffix('Z') {
        clock
    } else if let Some(at) = text.rfind(['+', '-'])
        && let [b'0'..=b'9', b'0'..=b'9', b':', b'0'..=b'9', b'0'..=b'9'] = text.as_bytes()[at + 1..]
    {
        &text[..at]
    } else {
        return false;
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, fraction)| (clock, Some(fraction)));
    let mut parts = clock.split(':').map(short_number);
    let (Some(Some(hour)), Some(Some(minute)), Some(Some(second)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    hour < 24
        && minute < 60
        && second < 60
        && fraction.is_none_or(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// One or two digits.
fn short_number(text: &str) -> Option<u32> {
    (matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The JSON value of a plain scalar.
pub(super) fn plain_value(text: &str) -> Value {
    match resolve(text) {
        Plain::Null => Value::Null,
        Plain::Bool(value) => Value::Bool(value),
        Plain::Number(number) => Value::Number(number),
        Plain::NotANumber | Plain::Timestamp | Plain::Merge | Plain::Str => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_follow_go() {
        for (text, number) in
            [("0644", 420), ("0o644", 420), ("0x1F", 31), ("0b11", 3), ("+5", 5), ("-0", 0), ("1_0", 10)]
        {
            assert_eq!(resolve(text), Plain::Number(number.into()), "{text}");
        }
        assert_eq!(resolve("-9223372036854775808"), Plain::Number(i64::MIN.into()));
        assert_eq!(resolve("18446744073709551615"), Plain::Number(u64::MAX.into()));
        assert!(matches!(resolve("0888"), Plain::Number(n) if n.is_f64()));
    }

    #[test]
    fn words_dates_and_sexagesimals() {
        assert_eq!(resolve("y"), Plain::Bool(true));
        assert_eq!(resolve("yEs"), Plain::Str);
        assert_eq!(resolve("2026-1-2"), Plain::Timestamp);
        assert_eq!(resolve("2026-02-29"), Plain::Str);
        assert_eq!(resolve("2026-01-02T3:4:5Z"), Plain::Timestamp);
        assert_eq!(resolve("2026-01-02 03:04:05.5"), Plain::Timestamp);
        assert_eq!(resolve("10.0.0.1"), Plain::Str);
        assert_eq!(resolve("v1"), Plain::Str);
        assert!(
            is_base60_float("190:20:30.15")
                && is_base60_float("1:2")
                && !is_base60_float("1:60")
                && !is_base60_float("12")
        );
    }
}
