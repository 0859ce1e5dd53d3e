//! The scanner's view of single characters: what is a blank, a break or the end, and how marks move.

use memchr::memchr2;

use super::Scanner;

impl Scanner<'_> {
    pub(super) fn at(&mut self, ahead: usize) -> u8 {
        match self.bytes.get(self.mark.byte as usize + ahead) {
            Some(byte) => *byte,
            None => {
                self.touched_end = true;
                0
            }
        }
    }

    /// The bytes of the line break at `ahead`; 0 if there is none.
    pub(super) fn break_width(&mut self, ahead: usize) -> usize {
        match self.at(ahead) {
            b'\n' | b'\r' => 1,
            0xc2 if self.at(ahead + 1) == 0x85 => 2,
            0xe2 if self.at(ahead + 1) == 0x80 && matches!(self.at(ahead + 2), 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    pub(super) fn is_break(&mut self) -> bool {
        self.break_width(0) > 0
    }

    pub(super) fn is_blank(&mut self) -> bool {
        matches!(self.at(0), b' ' | b'\t')
    }

    pub(super) fn is_breakz(&mut self) -> bool {
        self.at(0) == 0 || self.is_break()
    }

    pub(super) fn is_blankz(&mut self, ahead: usize) -> bool {
        matches!(self.at(ahead), 0 | b' ' | b'\t') || self.break_width(ahead) > 0
    }

    pub(super) fn is_indicator(&mut self, word: &[u8; 3]) -> bool {
        self.mark.column == 0
            && self.at(0) == word[0]
            && self.at(1) == word[1]
            && self.at(2) == word[2]
            && self.is_blankz(3)
    }

    pub(super) fn is_document_indicator(&mut self) -> bool {
        self.mark.column == 0 && (self.is_indicator(b"---") || self.is_indicator(b"..."))
    }

    pub(super) fn skip(&mut self) {
        let width = match self.bytes.get(self.mark.byte as usize) {
            None => return,
            Some(0..=0x7f) => 1,
            Some(0x80..=0xdf) => 2,
            Some(0xe0..=0xef) => 3,
            Some(_) => 4,
        };
        self.mark.byte += width;
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Skips a run of ASCII characters at once.
    pub(super) fn skip_while(&mut self, is_in: impl Fn(u8) -> bool) {
        self.skip_ascii(self.rest().iter().take_while(|byte| byte.is_ascii() && is_in(**byte)).count());
    }

    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[(self.mark.byte as usize).min(self.bytes.len())..]
    }

    pub(super) fn skip_ascii(&mut self, length: usize) {
        let length = u32::try_from(length).unwrap_or_default();
        self.mark.byte += length;
        self.mark.index += length;
        self.mark.column += length;
    }

    /// Skips the rest of the line.
    pub(super) fn skip_to_break(&mut self) {
        // Looked through in windows, because a break may be one of the characters that are not ASCII, with the next `\n` far away.
        const WINDOW: usize = 128;
        loop {
            let rest = self.rest();
            let window = &rest[..rest.len().min(WINDOW)];
            let line = memchr2(b'\n', b'\r', window).map_or(window, |end| &window[..end]);
            let length =
                if line.is_ascii() { line.len() } else { line.iter().take_while(|byte| byte.is_ascii()).count() };
            self.skip_ascii(length);
            if length == WINDOW {
                continue;
            }
            if self.is_breakz() {
                return;
            }
            self.skip();
        }
    }

    pub(super) fn skip_line(&mut self) {
        let is_crlf = self.at(0) == b'\r' && self.at(1) == b'\n';
        let width = if is_crlf { 2 } else { self.break_width(0) };
        if width > 0 {
            self.mark.byte += u32::try_from(width).unwrap_or_default();
            self.mark.index += 1 + u32::from(is_crlf);
            self.mark.column = 0;
            self.mark.line += 1;
        }
    }

    /// Copies a line break, normalized.
    pub(super) fn read_line(&mut self, to: &mut String) {
        match self.break_width(0) {
            0 => return,
            3 => to.push(if self.at(2) == 0xa8 { '\u{2028}' } else { '\u{2029}' }),
            _ => to.push('\n'),
        }
        self.skip_line();
    }

    pub(super) fn slice(&self, from: u32) -> &str {
        &self.text[from as usize..self.mark.byte as usize]
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank() {
            self.skip();
        }
    }

    pub(super) fn skip_comment(&mut self) {
        if self.at(0) == b'#' {
            self.skip_to_break();
        }
    }

    pub(super) fn scan_to_next(&mut self) {
        loop {
            if self.mark.index == 0 && self.at(0) == 0xef && self.at(1) == 0xbb && self.at(2) == 0xbf {
                self.skip();
            }
            self.skip_while(|byte| byte == b' ');
            while self.at(0) == b' ' || (self.at(0) == b'\t' && (self.in_flow() || !self.is_key_allowed)) {
                self.skip();
            }
            self.skip_comment();
            if !self.is_break() {
                return;
            }
            self.skip_line();
            if !self.in_flow() {
                self.is_key_allowed = true;
            }
        }
    }
}
