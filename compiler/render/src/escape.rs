//! Makes untrusted text safe to print: what a terminal would obey or hide is written out.

use std::borrow::Cow;

/// Whether a character must not reach a terminal as it is: control characters, bidirectional controls, invisible ones.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}')
}

/// Text on one line, with every unprintable character written as an escape.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    push_printable(text, &mut out);
    Cow::Owned(out)
}

/// Appends text as [`printable`] gives it.
pub(crate) fn push_printable(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("    "),
            c if is_unprintable(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
}

/// The longest text a message may have in a report; a value quoted in it can be the whole input.
const LONGEST_MESSAGE: usize = 2_000;

/// A message as shown: printable, and cut in the middle where it is very long. Keeps line breaks of multi-line notes.
pub(crate) fn message(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LONGEST_MESSAGE) + 16);
    for (position, line) in clipped(text, LONGEST_MESSAGE).lines().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        push_printable(line, &mut out);
    }
    out
}

/// At most about `limit` bytes of a text, the middle replaced by `…`.
pub(crate) fn clipped(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let head = (0..=limit / 2).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let tail = (text.len() - limit / 2..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(text.len());
    Cow::Owned(format!("{}…{}", &text[..head], &text[tail..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(printable("a\u{1b}[2J\u{202e}b\u{200b}"), "a\\u{1b}[2J\\u{202e}b\\u{200b}");
        assert_eq!(printable("plain é 漢"), "plain é 漢");
        assert_eq!(message("one\r\ntwo\u{7}"), "one\ntwo\\u{7}");
    }

    #[test]
    fn a_message_that_quotes_the_whole_input_is_cut_in_the_middle() {
        let text = message(&format!("head {} tail", "é".repeat(1_000_000)));
        assert!(text.len() < 2_100 && text.starts_with("head é") && text.ends_with("é tail") && text.contains('…'));
    }
}
