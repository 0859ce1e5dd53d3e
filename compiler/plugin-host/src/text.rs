//! Text that comes from a plugin, made fit for a terminal and for one line.
//!
//! Owns: escaping and shortening. A plugin's strings may hold escape sequences, NUL and characters that reverse the writing direction; none of
//! them may reach a report.

use std::fmt::Write as _;

/// The longest text of a plugin that is shown, in characters.
const LONGEST: usize = 4_096;

/// One line: control characters, line breaks and invisible or direction-changing characters are written as `\u{…}`, and overlong text is cut.
pub fn line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST));
    let text = text.trim_end();
    for (position, character) in text.chars().enumerate() {
        if position == LONGEST {
            shown.push('…');
            break;
        }
        match character {
            '\t' => shown.push(' '),
            '\n' => shown.push_str("\\n"),
            c if must_be_escaped(c) => {
                write!(shown, "\\u{{{:x}}}", u32::from(c)).expect("invariant: writing to a string");
            }
            c => shown.push(c),
        }
    }
    shown
}

/// An identifier or URL: like [`line`], and short.
pub(crate) fn word(text: &str) -> String {
    const LONGEST_WORD: usize = 256;
    let shown = line(text);
    if shown.chars().count() <= LONGEST_WORD {
        return shown;
    }
    shown.chars().take(LONGEST_WORD).chain(['…']).collect()
}

/// A number with groups of three digits, as people read large limits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() * 4 / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

fn must_be_escaped(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_drives_a_terminal_gets_through() {
        assert_eq!(line("a\u{1b}[31mb\0c\u{9b}d"), "a\\u{1b}[31mb\\u{0}c\\u{9b}d");
        assert_eq!(line("one\ntwo\r\n"), "one\\ntwo");
        assert_eq!(line("abc\u{202e}fed\u{2066}\u{200b}"), "abc\\u{202e}fed\\u{2066}\\u{200b}");
        assert_eq!(line("grüße, 世界 🎉"), "grüße, 世界 🎉");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(line(&"x".repeat(1_000_000)).chars().count(), LONGEST + 1);
        assert_eq!(word(&"x".repeat(1_000)).chars().count(), 257);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [grouped(0), grouped(999), grouped(1_000), grouped(10_000_000)],
            ["0", "999", "1,000", "10,000,000"]
        );
    }
}
