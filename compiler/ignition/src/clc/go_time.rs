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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_words_are_read_as_in_go() {
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
