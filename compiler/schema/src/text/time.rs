//! Timestamps and durations as Go reads and writes them: RFC 3339, `1h30m`. For formats and for CEL; no clock.

use flatwright_go::duration;

/// A moment: seconds since 1970-01-01T00:00:00Z and nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp {
    pub(crate) seconds: i64,
    pub(crate) nanos: u32,
}

/// The calendar fields of a moment at an offset from UTC.
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: i64,
    /// 1 to 31.
    pub(crate) day: i64,
    /// 0 is the first of January.
    pub(crate) day_of_year: i64,
    /// 0 is Sunday.
    pub(crate) weekday: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

impl Timestamp {
    /// RFC 3339, with the separator in either case.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', 't'])?;
        let days = parse_date(date)?;
        let bytes = time.as_bytes();
        if bytes.get(2) != Some(&b':') || bytes.get(5) != Some(&b':') {
            return None;
        }
        let (hour, minute, second) = (digits(time, 0, 2)?, digits(time, 3, 2)?, digits(time, 6, 2)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let mut rest = time.get(8..)?;
        let mut nanos = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 {
                return None;
            }
            let kept = &fraction[..end.min(9)];
            nanos = kept.parse::<u32>().ok()? * 10_u32.pow(9 - u32::try_from(kept.len()).ok()?);
            rest = &fraction[end..];
        }
        let offset = parse_offset(rest)?;
        Some(Self { seconds: days * 86_400 + hour * 3_600 + minute * 60 + second - offset, nanos })
    }

    /// The start of a day given as `2006-01-02`.
    pub(crate) fn parse_day(text: &str) -> Option<Self> {
        Some(Self { seconds: parse_date(text)? * 86_400, nanos: 0 })
    }

    /// The calendar fields at an offset from UTC in seconds.
    pub(crate) fn civil(self, offset: i64) -> Civil {
        let local = self.seconds.saturating_add(offset);
        let (days, time) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        Civil {
            year,
            month,
            day,
            day_of_year: days - days_from_civil(year, 1, 1),
            weekday: (days + 4).rem_euclid(7),
            hour: time / 3_600,
            minute: time / 60 % 60,
            second: time % 60,
        }
    }

    /// RFC 3339 in UTC, as Go writes it.
    pub(crate) fn render(self) -> String {
        let c = self.civil(0);
        let fraction = fraction(u64::from(self.nanos), 9);
        format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{fraction}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
    }
}

/// An offset from UTC in seconds: `Z`, `+02:00`.
pub(crate) fn parse_offset(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if text.len() != 6 || text.as_bytes()[3] != b':' {
        return None;
    }
    Some(sign * (digits(text, 1, 2)? * 3_600 + digits(text, 4, 2)? * 60))
}

fn parse_date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(text, 0, 4)?, digits(text, 5, 2)?, digits(text, 8, 2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=last).contains(&day).then(|| days_from_civil(year, month, day))
}

fn digits(text: &str, from: usize, count: usize) -> Option<i64> {
    let part = text.get(from..from + count)?;
    part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant's algorithm).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The `duration` format: Go's durations, and the looser words of Scala (`2 days`).
pub(crate) fn parse_format_duration(text: &str) -> Option<i64> {
    duration::nanoseconds(text).or_else(|| parse_word_duration(text))
}

fn parse_word_duration(text: &str) -> Option<i64> {
    const UNITS: [(&[&str], i64); 8] = [
        (&["ns", "nano"], 1),
        (&["us", "µs", "micro"], 1_000),
        (&["ms", "milli"], 1_000_000),
        (&["s", "sec"], 1_000_000_000),
        (&["m", "min"], 60_000_000_000),
        (&["h", "hr", "hour"], 3_600_000_000_000),
        (&["d", "day"], 86_400_000_000_000),
        (&["w", "wk", "week"], 604_800_000_000_000),
    ];
    let mut rest = text.trim_matches(is_go_space);
    let mut total: Option<i64> = None;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..end].parse().ok()?;
        let after = rest[end..].trim_start_matches(is_go_space);
        let end = after.find(|c: char| !c.is_ascii_alphabetic() && c != 'µ').unwrap_or(after.len());
        if end == 0 {
            return None;
        }
        let unit = after[..end].to_lowercase();
        for (names, nanos) in UNITS {
            for (position, name) in names.iter().enumerate() {
                if unit == *name || (position + 1 == names.len() && unit.starts_with(name)) {
                    total = Some(total.unwrap_or(0).wrapping_add(number.wrapping_mul(nanos)));
                }
            }
        }
        rest = after[end..].trim_start_matches(is_go_space);
    }
    total
}

fn is_go_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r')
}

/// A duration as CEL's `string()` writes it: decimal seconds.
pub(crate) fn render_duration(nanos: i64) -> String {
    let magnitude = nanos.unsigned_abs();
    let sign = if nanos < 0 { "-" } else { "" };
    format!("{sign}{}{}s", magnitude / 1_000_000_000, fraction(magnitude % 1_000_000_000, 9))
}

fn fraction(nanos: u64, width: usize) -> String {
    if nanos == 0 {
        return String::new();
    }
    format!(".{nanos:0width$}").trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_read_and_write() {
        let t = Timestamp::parse("2024-02-29T12:30:45.5+02:00").unwrap();
        assert_eq!(t.render(), "2024-02-29T10:30:45.5Z");
        assert_eq!(t.civil(0).weekday, 4);
        assert_eq!(t.civil(0).day_of_year, 59);
        for bad in ["2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00", "x"] {
            assert_eq!(Timestamp::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations_may_be_in_words() {
        assert_eq!(parse_format_duration("-1.5s"), Some(-1_500_000_000));
        assert_eq!(parse_format_duration("2 days"), Some(172_800_000_000_000));
        assert_eq!(parse_format_duration("5"), None);
        assert_eq!(render_duration(-1_500_000_000), "-1.5s");
    }
}
