//! Go's durations: `1h30m` in, whole seconds out, and back to Go's text.

/// Reads what Go's `time.ParseDuration` reads, in whole seconds (truncated towards zero), bounded like the provider bounds them.
pub(super) fn parse_seconds(text: &str) -> Option<i64> {
    let (is_negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut nanoseconds: i128 = 0;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len()));
        let (unit, after) = after.split_at(after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len()));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || number.len() > 30 {
            return None;
        }
        let scale: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let digits: i128 = if fraction.is_empty() { 0 } else { fraction.get(..15).unwrap_or(fraction).parse().ok()? };
        let divisor = 10_i128.pow(u32::try_from(fraction.len().min(15)).ok()?);
        nanoseconds = nanoseconds.checked_add(whole.checked_mul(scale)?)?.checked_add(digits * scale / divisor)?;
        if nanoseconds > i128::from(i64::MAX) {
            return None;
        }
        rest = after;
    }
    let seconds = i64::try_from(nanoseconds / 1_000_000_000).ok()?.min(i64::from(i32::MAX));
    Some(if is_negative { -seconds } else { seconds })
}

/// Go's `Duration.String()` of whole seconds: `0s`, `1m30s`, `24h0m0s`.
pub(super) fn go_text(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let total = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, _) => format!("{sign}{minutes}m{seconds}s"),
        _ => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_follow_go() {
        for (text, seconds) in
            [("20m", 1200), ("1h30m5s", 5405), ("1.5h", 5400), ("900ms", 0), ("-90s", -90), ("0", 0), (".5m", 30)]
        {
            assert_eq!(parse_seconds(text), Some(seconds), "{text}");
        }
        for text in ["", "-", "5", "1d", "h", "1.2.3s", "9999999999h"] {
            assert_eq!(parse_seconds(text), None, "{text}");
        }
        assert_eq!([0, 90, 1200, 86400, -5].map(go_text), ["0s", "1m30s", "20m0s", "24h0m0s", "-5s"]);
    }
}
