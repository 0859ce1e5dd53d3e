//! Package `time`: which texts both YAML libraries take for a date, or a date and a time.

/// `2006-1-2`, or with a time after `T` or `t` (then with a zone) or a blank (then without one).
pub fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 6 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((bytes[at], &text[at + 1..]))),
        None => (text, None),
    };
    let parts: Vec<_> = date[5..].splitn(3, '-').map(short).collect();
    let (Ok(year), &[Some(month), Some(day)]) = (text[..4].parse::<u32>(), &*parts) else { return false };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        _ => 31,
    };
    (1..=12).contains(&month)
        && (1..=days).contains(&day)
        && time.is_none_or(|(separator, time)| is_time(time, separator != b' '))
}

fn is_time(text: &str, has_zone: bool) -> bool {
    let clock = match (has_zone, text.strip_suffix('Z'), text.rfind(['+', '-'])) {
        (false, ..) => text,
        (true, Some(clock), _) => clock,
        (true, None, Some(at)) if is_offset(&text[at + 1..]) => &text[..at],
        _ => return false,
    };
    // Go takes a comma for the point.
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, "0"));
    let parts: Vec<_> = clock.splitn(4, ':').map(short).collect();
    matches!(parts[..], [Some(hour), Some(minute), Some(second)] if hour < 24 && minute < 60 && second < 60)
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// `hh:mm` behind a sign; Go takes a whole day and a whole hour too.
fn is_offset(text: &str) -> bool {
    let is_part = |part: &str, most| part.len() == 2 && short(part).is_some_and(|number| number <= most);
    text.split_once(':').is_some_and(|(hours, minutes)| is_part(hours, 24) && is_part(minutes, 60))
}

/// One or two digits.
fn short(text: &str) -> Option<u32> {
    let is_short = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_short.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_exist_and_times_have_their_form() {
        for text in [
            "2026-1-2",
            "2024-02-29",
            "2026-01-02T3:4:5Z",
            "2026-01-02t03:04:05.5+24:00",
            "2026-01-02 03:04:05,123456789012",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2023-02-29",
            "2026-13-02",
            "2026-1-0",
            "26-1-2",
            "2026-1-2-3",
            "2026-1-2x",
            "2026-01-02T03:04:05",
            "2026-01-02 03:04:05Z",
            "2026-01-02T24:00:00Z",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05+25:00",
            "2026-01-02T03:04Z",
            "2026-",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
