//! Scalars: block, quoted and plain ones, folded and unescaped as libyaml does.

use super::super::token::{Mark, Token, TokenKind};
use super::super::tree::{Style, Text};
use super::{Scan, Scanner};

/// The bytes that never end a plain scalar.
const IS_PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'=');
        byte += 1;
    }
    table
};

impl Scanner<'_> {
    pub(super) fn fetch_block_scalar(&mut self, is_literal: bool) -> Scan {
        self.remove_key()?;
        self.is_key_allowed = true;
        let start = self.mark;
        self.skip();
        let (mut chomping, mut increment) = (0_u8, 0_i32);
        for _ in 0..2 {
            match self.at(0) {
                sign @ (b'+' | b'-') if chomping == 0 => {
                    chomping = sign;
                    self.skip();
                }
                b'0' if increment == 0 => {
                    return Err(self.error_in(start, "found an indentation indicator equal to 0"));
                }
                digit @ b'1'..=b'9' if increment == 0 => {
                    increment = i32::from(digit - b'0');
                    self.skip();
                }
                _ => break,
            }
        }
        self.scan_line_end(start)?;
        let mut indent = if increment > 0 { self.indent.max(0) + increment } else { 0 };
        let (mut text, mut first_break, mut breaks) = (String::new(), String::new(), String::new());
        let mut end = self.mark;
        self.scan_block_breaks(&mut indent, &mut breaks, start, &mut end)?;
        let mut was_blank = false;
        while self.column() == indent && self.at(0) != 0 {
            let is_blank = self.is_blank();
            if !is_literal && !was_blank && !is_blank && first_break.starts_with('\n') {
                if breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(&first_break);
            }
            first_break.clear();
            text.push_str(&breaks);
            breaks.clear();
            was_blank = self.is_blank();
            let from = self.mark.byte;
            self.skip_to_break();
            text.push_str(self.slice(from));
            self.read_line(&mut first_break);
            self.scan_block_breaks(&mut indent, &mut breaks, start, &mut end)?;
        }
        if chomping != b'-' {
            text.push_str(&first_break);
        }
        if chomping == b'+' {
            text.push_str(&breaks);
        }
        self.tokens.push_back(Token { kind: TokenKind::Scalar(Text::Owned(text.into()), Style::Quoted), start, end });
        Ok(())
    }

    fn scan_block_breaks(&mut self, indent: &mut i32, breaks: &mut String, start: Mark, end: &mut Mark) -> Scan {
        *end = self.mark;
        let mut widest = 0;
        loop {
            let most =
                usize::try_from(if *indent == 0 { i32::MAX } else { *indent - self.column() }).unwrap_or_default();
            self.skip_ascii(self.rest().iter().take(most).take_while(|byte| **byte == b' ').count());
            widest = widest.max(self.column());
            if (*indent == 0 || self.column() < *indent) && self.at(0) == b'\t' {
                return Err(self.error_in(start, "found a tab character where an indentation space is expected"));
            }
            if !self.is_break() {
                break;
            }
            self.read_line(breaks);
            *end = self.mark;
        }
        if *indent == 0 {
            *indent = widest.max(self.indent + 1).max(1);
        }
        Ok(())
    }

    pub(super) fn fetch_flow_scalar(&mut self, is_single: bool) -> Scan {
        self.save_key()?;
        self.is_key_allowed = false;
        let start = self.mark;
        let quote = if is_single { b'\'' } else { b'"' };
        self.skip();
        let from = self.mark.byte;
        // Most quoted scalars need no change and stay in the source.
        while !matches!(self.at(0), b'\\' | b'\'' | b'"' | 0) && !self.is_break() {
            self.skip();
        }
        if self.at(0) == quote && !(is_single && self.at(1) == b'\'') {
            let text = Text::Borrowed(from, self.mark.byte);
            self.skip();
            self.push(TokenKind::Scalar(text, Style::Quoted), start);
            return Ok(());
        }
        self.mark = start;
        self.skip();
        let (mut text, mut blanks, mut first_break, mut breaks) =
            (String::new(), String::new(), String::new(), String::new());
        loop {
            if self.is_document_indicator() {
                return Err(self.error_in(start, "found unexpected document indicator"));
            }
            if self.at(0) == 0 {
                return Err(self.error_in(start, "found unexpected end of stream"));
            }
            let mut has_break = false;
            while !self.is_blankz(0) {
                match self.at(0) {
                    b'\'' if is_single && self.at(1) == b'\'' => {
                        text.push('\'');
                        self.skip();
                        self.skip();
                    }
                    byte if byte == quote => break,
                    b'\\' if !is_single => {
                        self.skip();
                        if self.is_break() {
                            self.skip_line();
                            has_break = true;
                            break;
                        }
                        self.scan_escape(&mut text, start)?;
                    }
                    _ => {
                        let from = self.mark.byte;
                        self.skip();
                        text.push_str(self.slice(from));
                    }
                }
            }
            if self.at(0) == quote {
                break;
            }
            self.scan_gap(&mut has_break, &mut blanks, &mut first_break, &mut breaks, None)?;
            join_gap(&mut text, has_break, &mut blanks, &mut first_break, &mut breaks);
        }
        self.skip();
        self.push(TokenKind::Scalar(Text::Owned(text.into()), Style::Quoted), start);
        Ok(())
    }

    /// Blanks and line breaks between the words of a flow scalar. `plain` is the start and the indent that a tab must not violate.
    fn scan_gap(
        &mut self,
        has_break: &mut bool,
        blanks: &mut String,
        first_break: &mut String,
        breaks: &mut String,
        plain: Option<(Mark, i32)>,
    ) -> Scan {
        loop {
            if self.is_blank() {
                if let Some((start, indent)) = plain
                    && *has_break
                    && self.column() < indent
                    && self.at(0) == b'\t'
                {
                    return Err(self.error_in(start, "found a tab character that violates indentation"));
                }
                if !*has_break {
                    blanks.push(char::from(self.at(0)));
                }
                self.skip();
            } else if self.is_break() {
                if *has_break {
                    self.read_line(breaks);
                } else {
                    blanks.clear();
                    self.read_line(first_break);
                    *has_break = true;
                }
            } else {
                return Ok(());
            }
        }
    }

    fn scan_escape(&mut self, text: &mut String, start: Mark) -> Scan {
        let (character, digits) = match self.at(0) {
            b'0' => ('\0', 0),
            b'a' => ('\x07', 0),
            b'b' => ('\x08', 0),
            b't' | b'\t' => ('\t', 0),
            b'n' => ('\n', 0),
            b'v' => ('\x0b', 0),
            b'f' => ('\x0c', 0),
            b'r' => ('\r', 0),
            b'e' => ('\x1b', 0),
            b' ' => (' ', 0),
            b'"' => ('"', 0),
            b'\'' => ('\'', 0),
            b'\\' => ('\\', 0),
            b'N' => ('\u{85}', 0),
            b'_' => ('\u{a0}', 0),
            b'L' => ('\u{2028}', 0),
            b'P' => ('\u{2029}', 0),
            b'x' => ('\0', 2),
            b'u' => ('\0', 4),
            b'U' => ('\0', 8),
            _ => return Err(self.error_in(start, "found unknown escape character")),
        };
        self.skip();
        if digits == 0 {
            text.push(character);
            return Ok(());
        }
        let mut value = 0_u32;
        for ahead in 0..digits {
            let Some(digit) = char::from(self.at(ahead)).to_digit(16) else {
                return Err(self.error_in(start, "did not find expected hexdecimal number"));
            };
            value = value << 4 | digit;
        }
        let Some(character) = char::from_u32(value) else {
            return Err(self.error_in(start, "found invalid Unicode character escape code"));
        };
        text.push(character);
        for _ in 0..digits {
            self.skip();
        }
        Ok(())
    }

    pub(super) fn fetch_plain(&mut self) -> Scan {
        self.save_key()?;
        self.is_key_allowed = false;
        let start = self.mark;
        let indent = self.indent + 1;
        let mut end = self.mark;
        let (mut blanks, mut first_break, mut breaks) = (String::new(), String::new(), String::new());
        let mut has_break = false;
        // Empty until the first line break; before it, the text is a part of the source.
        let mut text = String::new();
        let mut is_owned = false;
        loop {
            if self.is_document_indicator() || self.at(0) == b'#' {
                break;
            }
            let from = self.mark.byte;
            loop {
                self.skip_while(|byte| IS_PLAIN[usize::from(byte)]);
                if self.is_blankz(0) || self.ends_plain() {
                    break;
                }
                self.skip();
            }
            if self.mark.byte > from {
                if has_break && !is_owned {
                    is_owned = true;
                    self.text[start.byte as usize..end.byte as usize].clone_into(&mut text);
                }
                if is_owned {
                    join_gap(&mut text, has_break, &mut blanks, &mut first_break, &mut breaks);
                    text.push_str(self.slice(from));
                }
                blanks.clear();
                has_break = false;
                end = self.mark;
            }
            if !self.is_blank() && !self.is_break() {
                break;
            }
            self.scan_gap(&mut has_break, &mut blanks, &mut first_break, &mut breaks, Some((start, indent)))?;
            if !self.in_flow() && self.column() < indent {
                break;
            }
        }
        let text = if is_owned { Text::Owned(text.into()) } else { Text::Borrowed(start.byte, end.byte) };
        self.tokens.push_back(Token { kind: TokenKind::Scalar(text, Style::Plain), start, end });
        if has_break {
            self.is_key_allowed = true;
        }
        Ok(())
    }

    fn ends_plain(&mut self) -> bool {
        match self.at(0) {
            b':' => self.is_blankz(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.in_flow(),
            _ => false,
        }
    }
}

fn join_gap(text: &mut String, has_break: bool, blanks: &mut String, first_break: &mut String, breaks: &mut String) {
    if !has_break {
        text.push_str(blanks);
    } else if first_break.starts_with('\n') {
        text.push_str(if breaks.is_empty() { " " } else { breaks });
    } else {
        text.push_str(first_break);
        text.push_str(breaks);
    }
    blanks.clear();
    first_break.clear();
    breaks.clear();
}
