//! What a plain scalar means under the YAML 1.2 core schema. Used by the spec and by foreign manifests; Butane and CLC have their own rules.
//!
//! Stated and tested here: `0644` is the decimal 644 and `0o644` the octal one; `yes`, `no`, `on`, `off` are strings; integers of any size stay exact.

use crate::tree::Style;

/// A typed scalar.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// `null`, `~`, or nothing.
    Null,
    /// `true`, `false` (also capitalized).
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// An integer that fits only without a sign.
    Unsigned(u64),
    /// A number with a fraction or exponent, an infinity or NaN; also integers beyond 64 bits, whose text stays available to the consumer.
    Float(f64),
    /// Everything else.
    Str(&'t str),
}

/// Types a scalar by text, style and tag under the core schema. An explicit `!!str` makes a string, another core tag is as good as its plain form.
pub fn core<'t>(text: &'t str, style: Style, tag: Option<&str>) -> Scalar<'t> {
    match tag.and_then(|tag| tag.strip_prefix("tag:yaml.org,2002:")) {
        Some("str" | "binary") => return Scalar::Str(text),
        Some("bool" | "int" | "float" | "null") => {}
        _ if style != Style::Plain => return Scalar::Str(text),
        _ => {}
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        _ => number(text).unwrap_or(Scalar::Str(text)),
    }
}

fn number(text: &str) -> Option<Scalar<'static>> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            return Some(Scalar::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }));
        }
        ".nan" | ".NaN" | ".NAN" if unsigned == text => return Some(Scalar::Float(f64::NAN)),
        _ => {}
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
            return is_number.then(|| integer(&u64::from_str_radix(digits, radix), false, || f64::INFINITY));
        }
    }
    let first = unsigned.bytes().next()?;
    if !first.is_ascii_digit() && first != b'.' {
        return None;
    }
    if unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return Some(integer(&unsigned.parse::<u64>(), text.starts_with('-'), || {
            text.parse().unwrap_or(f64::INFINITY)
        }));
    }
    is_float(unsigned).then(|| text.parse().ok().map(Scalar::Float))?
}

fn integer<E>(magnitude: &Result<u64, E>, is_negative: bool, wide: impl FnOnce() -> f64) -> Scalar<'static> {
    match *magnitude {
        Ok(value) if is_negative => {
            0_i64.checked_sub_unsigned(value).map_or_else(|| Scalar::Float(wide()), Scalar::Int)
        }
        Ok(value) => i64::try_from(value).map_or(Scalar::Unsigned(value), Scalar::Int),
        Err(_) => Scalar::Float(wide()),
    }
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    all_digits(whole)
        && all_digits(fraction)
        && (!whole.is_empty() || !fraction.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits))
}

/// Whether some YAML 1.1 or 1.2 reader could take this plain text for something else than a string, so that it must be quoted to stay one.
pub fn is_ambiguous(text: &str) -> bool {
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "", "=", "<<"];
    if text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return true;
    }
    // Numbers of 1.1 in all their forms (0b, 0644, 1_000, 12:30:45, 0x1F, .5, +1) and its timestamps begin with one of these.
    let first = text.strip_prefix(['-', '+']).unwrap_or(text).bytes().next();
    let looks_numeric = first.is_some_and(|b| b.is_ascii_digit() || b == b'.');
    looks_numeric && text.bytes().all(|b| b.is_ascii_hexdigit() || b"+-_.:xXoObBtTzZ infINFaAN".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Scalar<'_> {
        core(text, Style::Plain, None)
    }

    #[test]
    fn the_core_schema_is_followed() {
        assert_eq!(plain("0644"), Scalar::Int(644));
        assert_eq!(plain("0o644"), Scalar::Int(0o644));
        assert_eq!(plain("0x1F"), Scalar::Int(31));
        assert_eq!(plain("-0x1F"), Scalar::Str("-0x1F"));
        assert_eq!(plain("+12"), Scalar::Int(12));
        assert_eq!(plain("18446744073709551615"), Scalar::Unsigned(u64::MAX));
        assert_eq!(plain("-9223372036854775808"), Scalar::Int(i64::MIN));
        assert!(matches!(plain("99999999999999999999"), Scalar::Float(_)));
        assert_eq!(plain("1e3"), Scalar::Float(1000.0));
        assert_eq!(plain("1."), Scalar::Float(1.0));
        assert_eq!(plain(".5"), Scalar::Float(0.5));
        assert_eq!(plain("-.inf"), Scalar::Float(f64::NEG_INFINITY));
        for text in ["yes", "no", "on", "off", "y", "N", "1_000", "12:30", ".", "e3", "1e", "v1.2", "-", "--1", "0b11"]
        {
            assert_eq!(plain(text), Scalar::Str(text));
        }
        assert_eq!(plain("~"), Scalar::Null);
        assert_eq!(core("true", Style::DoubleQuoted, None), Scalar::Str("true"));
        assert_eq!(core("12", Style::Plain, Some("tag:yaml.org,2002:str")), Scalar::Str("12"));
    }

    #[test]
    fn what_any_reader_may_misread_is_ambiguous() {
        for text in [
            "yes",
            "NO",
            "On",
            "y",
            "0644",
            "1_000",
            "12:30:45",
            "2001-01-01",
            "0b11",
            "1e3",
            ".5",
            "+1",
            "",
            "~",
            "0x1F",
            ".inf",
            "-.INF",
        ] {
            assert!(is_ambiguous(text), "{text}");
        }
        for text in ["yesterday", "v1.34.2", "Standard_D4s_v5", "10.0.0.0/16", "a", "none", "-E"] {
            assert!(!is_ambiguous(text), "{text}");
        }
    }
}
