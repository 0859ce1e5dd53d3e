//! What Go's fmt and time packages accept where CLC uses them.

/// `fmt.Sscanf(text, "%s %s")`: two words with spaces between them; what follows is ignored.
pub(crate) fn scan_two_words(text: &str) -> Option<(&str, &str)> {
    let is_space = |c: char| c.is_whitespace();
    // A verb skips leading spaces, never newlines.
    let text = text.trim_start_matches(|c: char| is_space(c) && c != '\n' && c != '\r');
    let end = text.find(is_space)?;
    let (first, rest) = text.split_at(end);
    let second = rest.trim_start_matches(|c: char| is_space(c) && c != '\n' && c != '\r');
    let second = &second[..second.find(is_space).unwrap_or(second.len())];
    (!first.is_empty() && !second.is_empty()).then_some((first, second))
}

/// `time.Parse("15:04")`: an hour of one or two digits, a minute of two, in range.
pub(crate) fn is_clock(text: &str) -> bool {
    let Some((hour, minute)) = text.split_once(':') else { return false };
    let number = |text: &str, max: u32| {
        text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u32>().is_ok_and(|value| value < max)
    };
    (1..=2).contains(&hour.len()) && number(hour, 24) && minute.len() == 2 && number(minute, 60)
}

/// `time.ParseDuration`: signed decimal numbers with units, or `0`.
pub(crate) fn is_duration(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    if text == "0" {
        return true;
    }
    let mut rest = text;
    let mut total = 0_f64;
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (digits, after) = rest.split_at(number);
        let is_number = digits.bytes().any(|b| b.is_ascii_digit()) && digits.matches('.').count() <= 1;
        let unit = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        let scale = match unit {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 6e10,
            "h" => 3.6e12,
            _ => return false,
        };
        if !is_number {
            return false;
        }
        total += digits.parse::<f64>().unwrap_or(f64::MAX) * scale;
        rest = after;
    }
    // Nanoseconds must fit in 63 bits.
    !text.is_empty() && total < 9_223_372_036_854_775_808.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_clocks_and_words_are_read_as_in_go() {
        for text in ["0", "1h", "-1.5h", "+.5s", "1h30m10s", "3us", "3µs", "1.h"] {
            assert!(is_duration(text), "{text}");
        }
        for text in ["", "1", "h", "1d", "1h30", ".h", "1..5h", "-", "9999999999h"] {
            assert!(!is_duration(text), "{text}");
        }
        for text in ["4:00", "04:00", "23:59"] {
            assert!(is_clock(text), "{text}");
        }
        for text in ["24:00", "4:0", "4:60", "004:00", "4", "", "a:00", ":00"] {
            assert!(!is_clock(text), "{text}");
        }
        assert_eq!(scan_two_words("Mon  4:00 x"), Some(("Mon", "4:00")));
        assert_eq!(scan_two_words("Mon"), None);
        assert_eq!(scan_two_words(" "), None);
    }
}
