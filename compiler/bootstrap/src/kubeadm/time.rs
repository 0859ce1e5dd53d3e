//! The times of the API.

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
