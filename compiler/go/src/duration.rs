//! Package `time`: durations such as `1h30m` and `1.5s`.

/// The largest magnitude: nanoseconds are kept in 64 bits with a sign.
const MOST: u64 = 1 << 63;

/// Reads a duration as `time.ParseDuration` does, in nanoseconds; `None` if the text is not one or too long.
///
/// ```
/// assert_eq!(flatwright_go::duration::nanoseconds("1.5s"), Some(1_500_000_000));
/// assert_eq!(flatwright_go::duration::nanoseconds("2 days"), None);
/// ```
pub fn nanoseconds(text: &str) -> Option<i64> {
    let (is_negative, mut rest) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0_u64;
    while !rest.is_empty() {
        let (part, after) = first(rest)?;
        total = total.checked_add(part).filter(|total| *total <= MOST)?;
        rest = after;
    }
    if is_negative { 0_i64.checked_sub_unsigned(total) } else { total.try_into().ok() }
}

/// Reads a duration in whole seconds, cut towards zero.
pub fn seconds(text: &str) -> Option<i64> {
    nanoseconds(text).map(|nanoseconds| nanoseconds / 1_000_000_000)
}

/// `Duration.String` of whole seconds: `0s`, `1m30s`, `24h0m0s`.
pub fn of_seconds(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let total = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, _) => format!("{sign}{minutes}m{seconds}s"),
        _ => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// The first number with its unit, and what follows.
fn first(text: &str) -> Option<(u64, &str)> {
    let (number, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len()));
    let (unit, rest) = rest.split_at(rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len()));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let unit: u64 = match unit {
        "ns" => 1,
        // U+00B5, the micro sign, and U+03BC, the Greek letter.
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    whole.checked_mul(unit)?.checked_add(part_of(unit, fraction)).map(|part| (part, rest))
}

/// A decimal fraction of a unit. Digits that are too many to be kept are left out.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "Go computes with floats too; the result is below the unit"
)]
fn part_of(unit: u64, fraction: &str) -> u64 {
    let (mut digits, mut scale) = (0_u64, 1.0);
    for digit in fraction.bytes().map(|digit| u64::from(digit - b'0')) {
        let Some(more) = digits.checked_mul(10).and_then(|digits| digits.checked_add(digit)) else { break };
        if more > MOST {
            break;
        }
        digits = more;
        scale *= 10.0;
    }
    (digits as f64 * (unit as f64 / scale)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_in_go() {
        for (text, nanoseconds) in [
            ("0", 0),
            ("-0", 0),
            ("20m", 1_200_000_000_000),
            ("1h30m10s", 5_410_000_000_000),
            ("-1.5h", -5_400_000_000_000),
            ("+.5s", 500_000_000),
            ("1.h", 3_600_000_000_000),
            ("3us", 3_000),
            ("3µs", 3_000),
            ("3μs", 3_000),
            ("1500ms", 1_500_000_000),
            ("0.3333333333333333333h", 1_200_000_000_000),
            ("9223372036854775807ns", i64::MAX),
            ("9223372036.854775807s", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
            ("0.100000000000000000000h", 360_000_000_000),
        ] {
            assert_eq!(super::nanoseconds(text), Some(nanoseconds), "{text}");
        }
        for text in [
            "",
            "-",
            "+",
            "5",
            "1d",
            "h",
            ".h",
            ".",
            "1..5h",
            "1.2.3s",
            "1h30",
            "20 minutes",
            "2 days",
            " 1s",
            "1s ",
            "--1s",
            "9223372036854775808ns",
            "-9223372036854775809ns",
            "9999999h",
            "99999999999999999999s",
        ] {
            assert_eq!(super::nanoseconds(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_are_whole() {
        assert_eq!(["1500ms", "-90.9s", "1h30m5s"].map(seconds), [Some(1), Some(-90), Some(5_405)]);
        assert_eq!([0, 90, 1200, 86400, -5].map(of_seconds), ["0s", "1m30s", "20m0s", "24h0m0s", "-5s"]);
    }
}
