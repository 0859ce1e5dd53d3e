//! Tokens of what stands beside content: directives, anchors, aliases, tags.

use super::{Scan, Scanner};
use crate::yaml3::token::{Mark, TokenKind};

impl Scanner<'_> {
    pub(super) fn fetch_anchor(&mut self, is_alias: bool) -> Scan {
        self.save_key()?;
        self.is_key_allowed = false;
        let start = self.mark;
        self.skip();
        let from = self.mark.byte;
        self.skip_alphas();
        let name: Box<str> = self.slice(from).into();
        let ends = self.is_blankz(0) || matches!(self.at(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            return Err(self.error_in(start, "did not find expected alphabetic or numeric character"));
        }
        self.push(if is_alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) }, start);
        Ok(())
    }

    pub(super) fn skip_alphas(&mut self) {
        self.skip_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    }

    pub(super) fn fetch_directive(&mut self) -> Scan {
        self.unroll(-1);
        self.remove_key()?;
        self.is_key_allowed = false;
        let start = self.mark;
        self.skip();
        let from = self.mark.byte;
        self.skip_alphas();
        let name = self.slice(from).to_owned();
        if name.is_empty() {
            return Err(self.error_in(start, "could not find expected directive name"));
        }
        if !self.is_blankz(0) {
            return Err(self.error_in(start, "found unexpected non-alphabetical character"));
        }
        let kind = match name.as_str() {
            "YAML" => {
                self.skip_blanks();
                let major = self.scan_version_number(start)?;
                if self.at(0) != b'.' {
                    return Err(self.error_in(start, "did not find expected digit or '.' character"));
                }
                self.skip();
                TokenKind::VersionDirective(major, self.scan_version_number(start)?)
            }
            "TAG" => {
                self.skip_blanks();
                let handle = self.scan_tag_handle(true, start)?;
                if !self.is_blank() {
                    return Err(self.error_in(start, "did not find expected whitespace"));
                }
                self.skip_blanks();
                let prefix = self.scan_tag_uri("", start)?;
                if !self.is_blankz(0) {
                    return Err(self.error_in(start, "did not find expected whitespace or line break"));
                }
                TokenKind::TagDirective(handle.into(), prefix.into())
            }
            _ => return Err(self.error_in(start, "found unknown directive name")),
        };
        self.push(kind, start);
        self.scan_line_end(start)
    }

    pub(super) fn scan_version_number(&mut self, start: Mark) -> Scan<u8> {
        let from = self.mark.byte;
        let mut value = 0_u32;
        while let digit @ b'0'..=b'9' = self.at(0) {
            if self.mark.byte - from >= 2 {
                return Err(self.error_in(start, "found extremely long version number"));
            }
            value = value * 10 + u32::from(digit - b'0');
            self.skip();
        }
        if self.mark.byte == from {
            return Err(self.error_in(start, "did not find expected version number"));
        }
        Ok(u8::try_from(value).unwrap_or(u8::MAX))
    }

    pub(super) fn scan_line_end(&mut self, start: Mark) -> Scan {
        self.skip_blanks();
        self.skip_comment();
        if !self.is_breakz() {
            return Err(self.error_in(start, "did not find expected comment or line break"));
        }
        self.skip_line();
        Ok(())
    }

    pub(super) fn fetch_tag(&mut self) -> Scan {
        self.save_key()?;
        self.is_key_allowed = false;
        let start = self.mark;
        let (handle, suffix) = if self.at(1) == b'<' {
            self.skip();
            self.skip();
            let suffix = self.scan_tag_uri("", start)?;
            if self.at(0) != b'>' {
                return Err(self.error_in(start, "did not find the expected '>'"));
            }
            self.skip();
            (String::new(), suffix)
        } else {
            let handle = self.scan_tag_handle(false, start)?;
            if handle.len() > 1 && handle.ends_with('!') {
                let suffix = self.scan_tag_uri("", start)?;
                (handle, suffix)
            } else {
                let suffix = self.scan_tag_uri(&handle, start)?;
                if suffix.is_empty() { (String::new(), "!".to_owned()) } else { ("!".to_owned(), suffix) }
            }
        };
        if !self.is_blankz(0) {
            return Err(self.error_in(start, "did not find expected whitespace or line break"));
        }
        self.push(TokenKind::Tag(handle.into(), suffix.into()), start);
        Ok(())
    }

    pub(super) fn scan_tag_handle(&mut self, is_directive: bool, start: Mark) -> Scan<String> {
        if self.at(0) != b'!' {
            return Err(self.error_in(start, "did not find expected '!'"));
        }
        let from = self.mark.byte;
        self.skip();
        self.skip_alphas();
        if self.at(0) == b'!' {
            self.skip();
        } else if is_directive && self.slice(from) != "!" {
            return Err(self.error_in(start, "did not find expected '!'"));
        }
        Ok(self.slice(from).to_owned())
    }

    /// `head` is a handle that turned out to be the start of the suffix; its `!` is dropped.
    pub(super) fn scan_tag_uri(&mut self, head: &str, start: Mark) -> Scan<String> {
        let mut bytes = head.get(1..).unwrap_or_default().as_bytes().to_vec();
        let has_head = !head.is_empty();
        loop {
            match self.at(0) {
                b'%' => bytes.push(self.scan_uri_escape(start)?),
                byte @ (b'0'..=b'9'
                | b'A'..=b'Z'
                | b'a'..=b'z'
                | b'_'
                | b'-'
                | b';'
                | b'/'
                | b'?'
                | b':'
                | b'@'
                | b'&'
                | b'='
                | b'+'
                | b'$'
                | b','
                | b'.'
                | b'!'
                | b'~'
                | b'*'
                | b'\''
                | b'('
                | b')'
                | b'['
                | b']') => {
                    bytes.push(byte);
                    self.skip();
                }
                _ => break,
            }
        }
        if bytes.is_empty() && !has_head {
            return Err(self.error_in(start, "did not find expected tag URI"));
        }
        String::from_utf8(bytes).map_err(|_| self.error_in(start, "found an incorrect trailing UTF-8 octet"))
    }

    pub(super) fn scan_uri_escape(&mut self, start: Mark) -> Scan<u8> {
        let digits = [self.at(1), self.at(2)];
        let value = std::str::from_utf8(&digits).ok().and_then(|text| u8::from_str_radix(text, 16).ok());
        let Some(value) = value.filter(|_| digits[0] != b'+') else {
            return Err(self.error_in(start, "did not find URI escaped octet"));
        };
        for _ in 0..3 {
            self.skip();
        }
        Ok(value)
    }
}
