//! Unit files as coreos/go-systemd's lexer reads them.
//!
//! Owns: which texts it refuses and which sections hold options. Must not: know a unit's meaning. Its old and its new version only differ in how
//! they show what follows a section's name.

use std::collections::BTreeSet;

use crate::problem::UnitText;

const LINE_MAX: usize = 2048;
/// The size of Go's read buffer: the length check only sees what is buffered.
const BUFFER: usize = 4096;

/// The sections that hold at least one option. `show` writes what must not follow a section's name.
///
/// # Errors
/// Where its reading ends.
pub(crate) fn sections(text: &str, show: fn(&str) -> String) -> Result<BTreeSet<String>, UnitText> {
    Lexer { text, at: 0, filled: 0, line_end: 0, sections: BTreeSet::new(), show }.run()
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// The end of what Go's buffered reader has read so far.
    filled: usize,
    /// The next line end at or after `at`, as far as it is known.
    line_end: usize,
    sections: BTreeSet<String>,
    show: fn(&str) -> String,
}

impl<'t> Lexer<'t> {
    fn run(mut self) -> Result<BTreeSet<String>, UnitText> {
        let mut section: Option<&'t str> = None;
        loop {
            self.check_line()?;
            let Some(c) = self.next_char() else { return Ok(self.sections) };
            match (c, section) {
                ('[', _) => section = Some(self.section_name()?),
                ('#' | ';', _) => {
                    self.check_line()?;
                    self.skip_comment();
                }
                (_, None) => {}
                (c, Some(_)) if is_space(c) => {}
                (c, Some(name)) => {
                    self.at -= c.len_utf8();
                    self.option(name)?;
                }
            }
        }
    }

    fn section_name(&mut self) -> Result<&'t str, UnitText> {
        self.check_line()?;
        let Some(length) = self.text[self.at..].find(']') else {
            return Err(UnitText::UnclosedSection);
        };
        let name = &self.text[self.at..self.at + length];
        self.advance(length + 1);
        self.check_line()?;
        let garbage = trim(self.rest_of_line());
        if !garbage.is_empty() {
            return Err(UnitText::Garbage((self.show)(garbage)));
        }
        Ok(name)
    }

    fn option(&mut self, section: &str) -> Result<(), UnitText> {
        self.check_line()?;
        loop {
            match self.next_char() {
                None => return Err(UnitText::End),
                Some('\n' | '\r') => {
                    return Err(UnitText::Newline);
                }
                Some('=') => break,
                Some(_) => {}
            }
        }
        loop {
            self.check_line()?;
            let line = self.rest_of_line();
            if trim(line).is_empty() || !line.ends_with('\\') {
                break;
            }
        }
        self.sections.insert(section.to_owned());
        Ok(())
    }

    fn skip_comment(&mut self) {
        loop {
            let line = self.rest_of_line();
            if !line.strip_suffix(' ').unwrap_or(line).ends_with('\\') {
                return;
            }
        }
    }

    fn next_char(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.advance(c.len_utf8());
        Some(c)
    }

    /// The rest of the line, without its end.
    fn rest_of_line(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let line = rest.find('\n').map_or(rest, |length| &rest[..=length]);
        self.advance(line.len());
        let line = line.strip_suffix('\r').unwrap_or(line);
        line.strip_suffix('\n').unwrap_or(line)
    }

    /// Moves on, reading ahead as Go's `bufio.Reader` does: it fills its buffer only when it lacks what is asked for.
    fn advance(&mut self, bytes: usize) {
        let target = self.at + bytes;
        while self.filled < target {
            if self.filled - self.at >= BUFFER {
                self.at = self.filled;
            }
            self.filled = (self.at + BUFFER).min(self.text.len());
        }
        self.at = target;
    }

    fn check_line(&mut self) -> Result<(), UnitText> {
        let buffered = self.filled.saturating_sub(self.at);
        if buffered < LINE_MAX {
            return Ok(());
        }
        if self.line_end < self.at {
            let rest = &self.text.as_bytes()[self.at..];
            let length = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
            self.line_end = self.at + length;
        }
        if self.line_end < self.at + LINE_MAX { Ok(()) } else { Err(UnitText::LongLine(LINE_MAX)) }
    }
}

fn is_space(c: char) -> bool {
    matches!(c, '\u{9}'..='\u{d}' | ' ' | '\u{85}' | '\u{a0}') || (!c.is_ascii() && c.is_whitespace())
}

fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: Result<&[&str], &str>) {
        let wanted = wanted.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(
            sections(text, str::to_owned).map_err(|problem| problem.to_string()),
            wanted.map_err(str::to_owned),
            "{text:?}"
        );
    }

    #[test]
    fn sections_with_options_are_found() {
        check("", Ok(&[]));
        check("what stands before a section is skipped", Ok(&[]));
        check("[A]\n[B]\nx=1\n# c\\\n[C]\n;\n[D]\ny=", Ok(&["B", "D"]));
        check("[A]\nx=1 \\\n[B]\ny=2", Ok(&["A"]));
        check("[A]\r\nx=1\r\n", Ok(&["A"]));
    }

    #[test]
    fn what_the_lexer_refuses_is_refused() {
        check("[A", Err("unable to find end of section"));
        check("[A] b\n", Err("found garbage after section name : b"));
        check("[A]\nx\n", Err("unexpected newline encountered while parsing option name"));
        check("[A]\nx", Err("EOF"));
    }

    #[test]
    fn only_long_lines_that_are_buffered_are_refused() {
        let value = |length: usize| format!("[A]\nx={}\n", "y".repeat(length));
        check(&value(2000), Ok(&["A"]));
        check(&value(3000), Err("line too long (max 2048 bytes)"));
        check(&"y".repeat(3000), Err("line too long (max 2048 bytes)"));
        check(&format!("[A]\n{}", "x=y\n".repeat(3000)), Ok(&["A"]));
    }
}
