//! Partition sizes: alecthomas/units' base-2 bytes, cut to whole MiB.

use crate::problem::ContainerLinux;

const MIB: i64 = 1 << 20;

/// The size in MiB; an empty text is no size.
///
/// # Errors
/// Why it is not one.
pub(crate) fn mib(text: &str) -> Result<Option<i64>, ContainerLinux> {
    if text.is_empty() {
        return Ok(None);
    }
    let bytes = match parse(text, "iB") {
        Ok(bytes) => bytes,
        Err(_) => parse(text, "B")?,
    };
    if bytes < 0 {
        return Err(ContainerLinux::NegativeSize { text: text.to_owned() });
    }
    if bytes % MIB != 0 {
        return Err(ContainerLinux::FractionalSize);
    }
    Ok(Some(bytes / MIB))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the original computes in floats")]
fn parse(text: &str, suffix: &str) -> Result<i64, ContainerLinux> {
    let invalid = || ContainerLinux::Size { text: text.to_owned() };
    let is_negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0_f64;
    while !rest.is_empty() {
        if !rest.starts_with(|c: char| c == '.' || c.is_ascii_digit()) {
            return Err(invalid());
        }
        let (whole, after) = leading_int(rest).ok_or_else(invalid)?;
        let mut has_digits = after.len() != rest.len();
        let mut value = whole as f64;
        rest = after;
        if let Some(after) = rest.strip_prefix('.') {
            let (fraction, end) = leading_int(after).ok_or_else(invalid)?;
            let digits = i32::try_from(after.len() - end.len()).unwrap_or(i32::MAX);
            value += fraction as f64 / 10_f64.powi(digits);
            has_digits |= digits > 0;
            rest = end;
        }
        if !has_digits {
            return Err(invalid());
        }
        let length = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
        let (unit, after) = rest.split_at(length);
        let unknown = || ContainerLinux::SizeUnit { unit: unit.to_owned(), text: text.to_owned() };
        let scale = scale(unit, suffix).ok_or_else(unknown)?;
        total += value * scale;
        rest = after;
    }
    let total = if is_negative { -total } else { total };
    // Out of range, the original's conversion gives the smallest number on amd64.
    Ok(if total >= 9_223_372_036_854_775_808.0 || total < i64::MIN as f64 { i64::MIN } else { total as i64 })
}

fn leading_int(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let mut value = 0_i64;
    for digit in digits.bytes() {
        if value >= (i64::MAX - 9) / 10 {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some((value, rest))
}

fn scale(unit: &str, suffix: &str) -> Option<f64> {
    if unit == "B" {
        return Some(1.0);
    }
    let power = ["K", "M", "G", "T", "P", "E"].iter().position(|letter| unit.strip_prefix(letter) == Some(suffix))?;
    Some(1024_f64.powi(i32::try_from(power).ok()? + 1))
}

#[cfg(test)]
mod tests {
    use super::mib;

    #[test]
    fn sizes_have_base_2_units() {
        for (text, size) in
            [("", None), ("0", Some(0)), ("+2MB", Some(2)), ("1.5GiB", Some(1536)), ("1TiB1MiB", Some(1_048_577))]
        {
            assert_eq!(mib(text), Ok(size), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused_in_the_originals_words() {
        for (text, error) in [
            ("5", "units: unknown unit  in 5"),
            ("5 MiB", "units: unknown unit  MiB in 5 MiB"),
            ("MiB", "units: invalid MiB"),
            (".MiB", "units: invalid .MiB"),
            ("-", "units: invalid -"),
            ("-1MiB", "invalid dimension (negative): \"-1MiB\""),
            ("1KB", "invalid dimension (finest granularity is 1MiB)"),
            ("99999999999999999999MiB", "units: invalid 99999999999999999999MiB"),
        ] {
            assert_eq!(mib(text).expect_err(text).to_string(), error, "{text}");
        }
    }
}
