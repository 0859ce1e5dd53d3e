//! The day of today, for whoever writes it down: only `lock` does.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the world")]

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, anyhow};
use flatwright_kubernetes::table::Day;

/// Today, in UTC.
///
/// # Errors
/// If the clock is before its epoch, or too far behind it to be right.
pub(crate) fn today() -> Result<Day> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map(|time| time.as_secs()).unwrap_or(0);
    day(seconds / 86_400)
        .filter(|_| seconds > 0)
        .ok_or_else(|| anyhow!("the clock says no day: give one with `--today DATE`"))
}

/// The day so many days after 1970-01-01.
fn day(mut days: u64) -> Option<Day> {
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
        if year > 9999 {
            return None;
        }
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let shown = |days| day(days).map(|day| day.to_string()).unwrap_or_default();
        let expected = ["1970-01-01", "1972-02-29", "1972-12-31", "2000-03-01", "2026-11-30"];
        assert_eq!([0, 789, 1095, 11_017, 20_787].map(shown), expected);
        assert_eq!(day(u64::MAX / 86_400), None);
    }
}
