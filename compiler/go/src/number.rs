//! Package `strconv`: numbers.

/// An integer of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Int {
    /// One that fits with a sign.
    Signed(i64),
    /// One that only fits without.
    Unsigned(u64),
}

/// `ParseInt` with base 0 and 64 bits, then `ParseUint`. Takes no underscores: whoever allows them strikes them out first.
///
/// ```
/// use flatwright_go::number::{Int, int};
/// assert_eq!(int("-0x1F"), Some(Int::Signed(-31)));
/// assert_eq!(int("0750"), Some(Int::Signed(0o750)));
/// ```
pub fn int(text: &str) -> Option<Int> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| char::from(digit).is_digit(radix)) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    let signed = if text.starts_with('-') { 0_i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() };
    match signed {
        Some(value) => Some(Int::Signed(value)),
        None => (unsigned.len() == text.len()).then_some(Int::Unsigned(value)),
    }
}

/// `ParseFloat` of a decimal number, which may begin or end with its point: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`. `None` if it is too large.
pub fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_decimal = are_digits(whole)
        && are_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && are_digits(digits));
    if !is_decimal {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// `FormatFloat` in form `g` with as many digits as are needed.
///
/// ```
/// use flatwright_go::number::general;
/// assert_eq!([0.5, 100_000.0, 1_234_567.5, 1e-5].map(general), ["0.5", "100000", "1.2345675e+06", "1e-05"]);
/// ```
pub fn general(value: f64) -> String {
    shortest(&format!("{value}"), &format!("{value:e}"))
}

/// The same for a number of 32 bits.
pub fn general32(value: f32) -> String {
    shortest(&format!("{value}"), &format!("{value:e}"))
}

/// Which of the two forms Go takes, both with as few digits as possible.
fn shortest(plain: &str, scientific: &str) -> String {
    let Some((digits, exponent)) = scientific.split_once('e') else { return plain.to_owned() };
    match exponent.parse::<i32>() {
        Ok(-4..6) | Err(_) => plain.to_owned(),
        Ok(exponent) => {
            format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_gos_bases() {
        for (text, value) in
            [("0o17", 15), ("0B101", 5), ("-0", 0), ("+7", 7), ("-9223372036854775808", i64::MIN), ("017", 15)]
        {
            assert_eq!(int(text), Some(Int::Signed(value)), "{text}");
        }
        assert_eq!(int("18446744073709551615"), Some(Int::Unsigned(u64::MAX)));
        for text in ["", "+", "08", "0x", "1_0", "+18446744073709551615", "-9223372036854775809", "--1"] {
            assert_eq!(int(text), None, "{text}");
        }
    }

    #[test]
    fn decimals_have_a_digit_and_an_end() {
        assert_eq!([".5", "5.", "-1e3", "08"].map(decimal), [Some(0.5), Some(5.0), Some(-1000.0), Some(8.0)]);
        for text in ["", ".", "e1", "1e", "1e400", "0x1p4", "inf", "1.2.3", "+-1"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
