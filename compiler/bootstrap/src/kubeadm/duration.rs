//! Go's durations (`1h30m` in, whole seconds out, and back to Go's text) and the API's times.

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

/// A time of RFC 3339 as the API writes it again: in UTC, without fractions.
pub(super) fn utc(text: &str) -> Option<String> {
    let (date, time) = text.split_once('T')?;
    let mut parts = date.split('-').map(|part| fixed(part, if part.len() == 4 { 4 } else { 2 }));
    let (year, month, day, None) = (parts.next()??, parts.next()??, parts.next()??, parts.next()) else { return None };
    let (clock, offset) = match time.find(['Z', '+', '-']) {
        Some(at) if &time[at..] == "Z" => (&time[..at], 0),
        Some(at) => {
            let (hours, minutes) = time[at + 1..].split_once(':')?;
            let minutes = fixed(hours, 2)? * 60 + fixed(minutes, 2)?;
            (&time[..at], if time[at..].starts_with('-') { -minutes } else { minutes })
        }
        None => return None,
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':').map(|part| fixed(part, 2));
    let (hour, minute, second, None) = (parts.next()??, parts.next()??, parts.next()??, parts.next()) else {
        return None;
    };
    let is_valid = date.len() == 10
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit());
    if !is_valid {
        return None;
    }
    let minutes = hour * 60 + minute - offset;
    let (mut year, mut month, mut day) = (year, month, day + minutes.div_euclid(1440));
    if day < 1 {
        (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
        day += days_in(year, month);
    } else if day > days_in(year, month) {
        day -= days_in(year, month);
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    let minutes = minutes.rem_euclid(1440);
    Some(format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{second:02}Z", minutes / 60, minutes % 60))
}

fn fixed(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
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

    #[test]
    fn times_are_written_in_utc() {
        for (text, shown) in [
            ("2030-01-01T00:30:00+02:00", "2029-12-31T22:30:00Z"),
            ("2028-02-29T23:00:00.5-01:30", "2028-03-01T00:30:00Z"),
            ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ] {
            assert_eq!(utc(text).as_deref(), Some(shown));
        }
        for text in [
            "2030-01-01",
            "2030-02-30T00:00:00Z",
            "2030-01-01T24:00:00Z",
            "2030-01-01T00:00:00",
            "T",
            "2030-1-01T00:00:00Z",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }
}
