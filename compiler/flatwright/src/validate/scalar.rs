//! What a plain scalar of a manifest means to kubectl: YAML 1.1 as sigs.k8s.io/yaml reads it (goyaml.v2, `resolve.go`), on the way to JSON.

use flatwright_yaml::Style;
use serde_json::{Number, Value as Json};

/// The JSON value of a scalar.
pub(super) fn typed(text: &str, style: Style, tag: Option<&str>) -> Json {
    let core = tag.and_then(|tag| tag.strip_prefix("tag:yaml.org,2002:"));
    match core {
        Some("str" | "binary" | "timestamp") => return text.into(),
        Some("bool" | "int" | "float" | "null") => {}
        _ if style != Style::Plain => return text.into(),
        _ => {}
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Json::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return true.into(),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return false.into(),
        _ => {}
    }
    number(text).map_or_else(|| text.into(), Json::Number)
}

fn number(text: &str) -> Option<Number> {
    let first = text.bytes().next()?;
    if !first.is_ascii_digit() && !matches!(first, b'+' | b'-' | b'.') {
        return None;
    }
    let digits = text.replace('_', "");
    integer(&digits).or_else(|| float(&digits))
}

/// Go's `ParseInt` with base 0: `0x`, `0o`, `0b`, and a leading 0 for octal.
fn integer(text: &str) -> Option<Number> {
    let (is_negative, magnitude) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match magnitude.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &magnitude[2..]),
        [b'0', b'o' | b'O', ..] => (8, &magnitude[2..]),
        [b'0', b'b' | b'B', ..] => (2, &magnitude[2..]),
        [b'0', _, ..] => (8, &magnitude[1..]),
        _ => (10, magnitude),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if is_negative {
        return 0_i64.checked_sub_unsigned(magnitude).map(Number::from);
    }
    Some(magnitude.into())
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`; a whole float is written as an integer in JSON.
fn float(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_float = all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits));
    let value: f64 = if is_float { text.parse().ok()? } else { return None };
    // Go's encoder writes whole numbers up to 1e21 without a point; beyond 64 bits the exact digits do not matter to any check.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT { Some((value as i64).into()) } else { Number::from_f64(value) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_scalars_are_those_of_yaml_1_1() {
        for (text, value) in [
            ("yes", json!(true)),
            ("off", json!(false)),
            ("0644", json!(420)),
            ("0o644", json!(420)),
            ("-0x1F", json!(-31)),
            ("1_000", json!(1000)),
            ("0b11", json!(3)),
            ("089", json!(89)),
            ("1.0", json!(1)),
            ("1.30", json!(1.3)),
            ("1e3", json!(1000)),
            ("12:30", json!("12:30")),
            ("2020-01-01", json!("2020-01-01")),
            ("v1", json!("v1")),
            ("1.2.3", json!("1.2.3")),
            ("-", json!("-")),
            ("~", json!(null)),
            ("18446744073709551615", json!(u64::MAX)),
        ] {
            assert_eq!(typed(text, Style::Plain, None), value, "{text}");
        }
        assert_eq!(typed("yes", Style::SingleQuoted, None), json!("yes"));
        assert_eq!(typed("12", Style::Plain, Some("tag:yaml.org,2002:str")), json!("12"));
    }
}
