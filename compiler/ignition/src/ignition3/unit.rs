//! The text of systemd units, read as go-systemd's lexer reads it.

use crate::goyaml::quote;

/// What is known of a unit's text.
pub(crate) struct UnitText {
    /// Whether it has any option.
    pub(crate) has_options: bool,
    /// Whether an option stands in `[Install]`.
    pub(crate) has_install: bool,
}

/// The lexer's buffer: a longer line does not fit.
const LINE_MAX: usize = 2_048;

impl UnitText {
    /// # Errors
    /// The lexer's words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut found = Self { has_options: false, has_install: false };
        let mut lexer = Lexer { rest: text };
        // Everything before the first section is skipped, letter by letter.
        loop {
            match lexer.next() {
                None => return Ok(found),
                Some('[') => break,
                Some('#' | ';') => lexer.skip_comment()?,
                Some(_) => {}
            }
        }
        let mut section = lexer.section()?;
        loop {
            match lexer.peek() {
                None => return Ok(found),
                Some(character) if character.is_whitespace() => {
                    lexer.next();
                }
                Some('[') => {
                    lexer.next();
                    section = lexer.section()?;
                }
                Some('#' | ';') => {
                    lexer.next();
                    lexer.skip_comment()?;
                }
                Some(_) => {
                    lexer.option_name()?;
                    lexer.option_value()?;
                    found.has_options = true;
                    found.has_install |= section == "Install";
                }
            }
        }
    }
}

struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    /// The rest of the line, and whether the text ends there.
    fn line(&mut self) -> Result<(&'a str, bool), String> {
        let end = self.rest.find('\n');
        let length = end.map_or(self.rest.len(), |end| end + 1);
        if length > LINE_MAX || (end.is_none() && length == LINE_MAX) {
            return Err(format!("line too long (max {LINE_MAX} bytes)"));
        }
        let line = &self.rest[..end.unwrap_or(length)];
        self.rest = &self.rest[length..];
        Ok((line, end.is_none()))
    }

    fn section(&mut self) -> Result<&'a str, String> {
        let Some(end) = self.rest.find(']') else { return Err("unable to find end of section".to_owned()) };
        let name = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        let garbage = self.line()?.0.trim();
        if garbage.is_empty() {
            Ok(name)
        } else {
            Err(format!("found garbage after section name : {}", quote(garbage)))
        }
    }

    fn skip_comment(&mut self) -> Result<(), String> {
        loop {
            let (line, is_end) = self.line()?;
            if is_end || !line.strip_suffix(' ').unwrap_or(line).ends_with('\\') {
                return Ok(());
            }
        }
    }

    fn option_name(&mut self) -> Result<(), String> {
        loop {
            match self.next() {
                None => return Err("EOF".to_owned()),
                Some('\n' | '\r') => return Err("unexpected newline encountered while parsing option name".to_owned()),
                Some('=') => return Ok(()),
                Some(_) => {}
            }
        }
    }

    fn option_value(&mut self) -> Result<(), String> {
        loop {
            let (line, is_end) = self.line()?;
            if is_end || line.trim().is_empty() || !line.ends_with('\\') {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_install_are_found() {
        let unit = UnitText::parse("# top\n[Unit]\nA=b \\\n  c\n[Install]\nWantedBy=x\n").expect("parses");
        assert!(unit.has_options && unit.has_install);
        let unit = UnitText::parse("[Unit]\nA=b\n[Install]\n").expect("parses");
        assert!(!unit.has_install);
    }

    #[test]
    fn broken_units_are_refused() {
        for text in ["[Unit", "[Unit] x\n", "[Unit]\nabc\n", "[Unit]\nabc"] {
            assert!(UnitText::parse(text).is_err(), "{text}");
        }
        assert!(UnitText::parse(&format!("[Unit]\nA={}\n", "x".repeat(2_048))).is_err());
        assert!(UnitText::parse("anything goes here").is_ok());
    }
}
