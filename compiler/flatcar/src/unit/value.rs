//! Values that many settings share: booleans, time spans, modes.
//!
//! Owns: systemd's grammar of each. Must not: know which setting has which.

/// Whether systemd reads the text as a boolean.
pub fn is_boolean(text: &str) -> bool {
    const WORDS: [&str; 12] = ["1", "yes", "y", "true", "t", "on", "0", "no", "n", "false", "f", "off"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether the text is an octal file mode, at most `7777`.
pub fn is_mode(text: &str) -> bool {
    let digits = text.strip_prefix("0o").unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && u32::from_str_radix(digits, 8).is_ok_and(|mode| mode <= 0o7777)
}

/// Units of a time span, in microseconds.
const UNITS: &[(&str, u64)] = &[
    ("seconds", SECOND),
    ("second", SECOND),
    ("sec", SECOND),
    ("s", SECOND),
    ("minutes", 60 * SECOND),
    ("minute", 60 * SECOND),
    ("min", 60 * SECOND),
    ("months", MONTH),
    ("month", MONTH),
    ("M", MONTH),
    ("msec", 1_000),
    ("ms", 1_000),
    ("m", 60 * SECOND),
    ("hours", 3600 * SECOND),
    ("hour", 3600 * SECOND),
    ("hr", 3600 * SECOND),
    ("h", 3600 * SECOND),
    ("days", 86_400 * SECOND),
    ("day", 86_400 * SECOND),
    ("d", 86_400 * SECOND),
    ("weeks", 604_800 * SECOND),
    ("week", 604_800 * SECOND),
    ("w", 604_800 * SECOND),
    ("years", YEAR),
    ("year", YEAR),
    ("y", YEAR),
    ("usec", 1),
    ("us", 1),
    ("µs", 1),
    ("μs", 1),
];
const SECOND: u64 = 1_000_000;
const MONTH: u64 = 2_629_800 * SECOND;
const YEAR: u64 = 31_557_600 * SECOND;

/// Whether the text is a time span: `90`, `1h 30min`, `2.5d`, `infinity`. A bare number counts seconds.
pub fn is_time_span(text: &str) -> bool {
    microseconds(text).is_some()
}

/// A time span in microseconds; the largest number is `infinity`.
pub(super) fn microseconds(text: &str) -> Option<u64> {
    let mut rest = trim(text);
    if let Some(tail) = rest.strip_prefix("infinity") {
        return trim(tail).is_empty().then_some(u64::MAX);
    }
    let mut total: u64 = 0;
    let mut is_something = false;
    loop {
        rest = trim(rest);
        if rest.is_empty() {
            return is_something.then_some(total);
        }
        let (amount, after) = amount(rest)?;
        rest = trim(after);
        let is_spaced = rest.len() < after.len() || rest.is_empty();
        // The first unit of the table that fits wins, as in systemd: longer names come before their beginnings.
        let unit = UNITS.iter().find_map(|(name, size)| Some((rest.strip_prefix(name)?, *size)));
        let size = match unit {
            Some((after, size)) => {
                rest = after;
                size
            }
            None if is_spaced => SECOND,
            None => return None,
        };
        if amount >= u64::MAX / size {
            return None;
        }
        match total.checked_add(amount * size) {
            Some(sum) if sum < u64::MAX => total = sum,
            _ => return None,
        }
        is_something = true;
    }
}

/// A whole number with an optional fraction; the fraction never overflows, so only the whole part is kept.
fn amount(text: &str) -> Option<(u64, &str)> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let whole = digits(text);
    let (number, rest) = text.split_at(whole);
    let Some(fraction) = rest.strip_prefix('.') else {
        // systemd reads a signed 64-bit number here.
        return number.parse::<i64>().ok().map(|number| (number.unsigned_abs(), rest));
    };
    let end = digits(fraction);
    if whole == 0 && end == 0 {
        return None;
    }
    let number = if whole == 0 { 0 } else { number.parse::<i64>().ok()?.unsigned_abs() };
    (end > 0).then_some((number, &fraction[end..]))
}

fn trim(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_spans_are_read_as_systemd_reads_them() {
        for span in
            ["0", "90", "1h 30min", "1h30", "2.5d", "infinity ", "5 s", "3weeks", "1y 2M 3w", "10µs", ".5h", "1msec"]
        {
            assert!(is_time_span(span), "{span}");
        }
        for span in [
            "",
            " ",
            "-1",
            "1 hou",
            "h",
            "1.",
            "infinity1",
            "1e3",
            "3+3",
            "2.5.5",
            "99999999999999999999",
            "300000000000y",
            "1,5h",
        ] {
            assert!(!is_time_span(span), "{span}");
        }
    }

    #[test]
    fn the_other_values_are_read_as_systemd_reads_them() {
        assert!(is_boolean("Yes") && is_boolean("off") && !is_boolean("enabled") && !is_boolean(""));
        assert!(is_mode("0644") && is_mode("7777") && !is_mode("0888") && !is_mode("10000") && !is_mode("u+x"));
    }
}
