//! Package `strconv`: numbers as Go's literals write them, with underscores and in every base.

/// Reads a whole number as `strconv.ParseInt` does with base 0: `0x`, `0o`, `0b`, a leading 0 for octal, `_` between digits.
pub fn int(text: &str) -> Option<i64> {
    let (is_negative, magnitude) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), uint(rest)?),
        None => (false, uint(text)?),
    };
    if is_negative { 0_i64.checked_sub_unsigned(magnitude) } else { magnitude.try_into().ok() }
}

/// Reads a whole number without a sign, as `strconv.ParseUint` does with base 0.
pub fn uint(text: &str) -> Option<u64> {
    if text.contains('_') && !has_good_underscores(text) {
        return None;
    }
    let (radix, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &text[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &text[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    };
    let digits = digits.replace('_', "");
    let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    is_number.then(|| u64::from_str_radix(&digits, radix).ok()).flatten()
}

/// Reads a floating point number as `strconv.ParseFloat` does; what is too large is none.
pub fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    if text.contains('_') && !has_good_underscores(unsigned) {
        return None;
    }
    let lower = unsigned.to_ascii_lowercase();
    match lower.as_str() {
        "inf" | "infinity" => return Some(sign * f64::INFINITY),
        "nan" => return Some(f64::NAN),
        _ => {}
    }
    let plain = lower.replace('_', "");
    let value = match plain.strip_prefix("0x") {
        Some(hex) => hex_float(hex)?,
        None => {
            // Rust's grammar has words that Go's has not.
            let is_decimal = plain.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'+' | b'-'));
            is_decimal.then(|| plain.parse::<f64>().ok()).flatten()?
        }
    };
    value.is_finite().then_some(sign * value)
}

/// `1.8p3`: a mantissa and a power of two that must be there. Digits beyond 53 bits round to even.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Beyond this every number is 0 or too large.
    let magnitude = digits.parse::<i64>().unwrap_or(1_000_000).min(1_000_000);
    let mut power = if exponent.starts_with('-') { -magnitude } else { magnitude };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let (mut bits, mut is_inexact) = (0_u128, false);
    for (index, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let value = u128::from(digit.to_digit(16)?);
        if bits < 1 << 100 {
            bits = bits * 16 + value;
            power -= if index >= whole.len() { 4 } else { 0 };
        } else {
            is_inexact |= value != 0;
            power += if index >= whole.len() { 0 } else { 4 };
        }
    }
    if bits == 0 {
        return Some(0.0);
    }
    // 64 significant bits with a sticky last one, which `f64` then rounds once.
    let surplus = 64 - i64::from(bits.leading_zeros());
    if surplus > 0 {
        is_inexact |= bits & ((1 << surplus) - 1) != 0;
        bits >>= surplus;
        power += surplus;
    }
    let value = (bits as u64 | u64::from(is_inexact)) as f64;
    Some(scaled(value, power))
}

/// `value * 2^power`. Denormal results are rounded a second time, which no template will notice.
fn scaled(mut value: f64, mut power: i64) -> f64 {
    while power != 0 && value != 0.0 && value.is_finite() {
        let step = power.clamp(-1_000, 1_000);
        value *= 2_f64.powi(i32::try_from(step).unwrap_or(0));
        power -= step;
    }
    value
}

/// `_` may stand between digits, and between a base's prefix and a digit.
fn has_good_underscores(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let (is_hex, has_base) = (lower.starts_with("0x"), ["0x", "0o", "0b"].iter().any(|base| lower.starts_with(base)));
    let is_digit = |byte: u8| byte.is_ascii_digit() || (is_hex && byte.is_ascii_hexdigit());
    let (mut before, digits) = if has_base { (b'0', &lower[2..]) } else { (b'!', &lower[..]) };
    for byte in digits.bytes() {
        let class = if is_digit(byte) {
            b'0'
        } else if byte == b'_' {
            b'_'
        } else {
            b'!'
        };
        if (class == b'_' && before != b'0') || (class == b'!' && before == b'_') {
            return false;
        }
        before = class;
    }
    before != b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_bases() {
        for (text, value) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("0755", Some(493)),
            ("0x_1F", Some(31)),
            ("0b101", Some(5)),
            ("1_000", Some(1000)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("08", None),
            ("0x", None),
            ("1__0", None),
            ("_1", None),
            ("1_", None),
            ("+-1", None),
            ("", None),
        ] {
            assert_eq!(int(text), value, "{text}");
        }
    }

    #[test]
    fn floats_may_be_hexadecimal() {
        for (text, value) in [
            ("1.5", Some(1.5)),
            (".5", Some(0.5)),
            ("1.", Some(1.0)),
            ("1e3", Some(1000.0)),
            ("08", Some(8.0)),
            ("0x1p-2", Some(0.25)),
            ("-0x1.8p1", Some(-3.0)),
            ("0x10000000000000000000000000000001p0", Some(2_f64.powi(124))),
            ("1_0.2_5", Some(10.25)),
            ("1e400", None),
            ("0x1", None),
            ("1e", None),
            (".", None),
            ("0x1.8", None),
        ] {
            assert_eq!(float(text), value, "{text}");
        }
    }
}
