//! Text → tokens: libyaml's scanner as Go carries it, with its look-ahead and its simple-key rules, because both decide which error comes first.

mod scalar;

use std::collections::VecDeque;

use super::error::SyntaxError;
use super::token::{Mark, Token, TokenKind};

type Scan<T = ()> = Result<T, SyntaxError>;

/// Go refuses deeper nesting than this, in either style.
const MAX_DEPTH: usize = 10_000;
const MAX_KEY: u32 = 1_024;

#[derive(Clone, Copy, Default)]
struct SimpleKey {
    is_possible: bool,
    is_required: bool,
    token: usize,
    mark: Mark,
}

pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    pub(super) mark: Mark,
    tokens: VecDeque<Token>,
    /// Tokens handed out so far.
    parsed: usize,
    is_available: bool,
    is_started: bool,
    indent: i32,
    indents: Vec<i32>,
    is_key_allowed: bool,
    /// One per flow level; the numbers of their tokens never fall from one to the next.
    keys: Vec<SimpleKey>,
    /// Whether anything at or past the end of the text was looked at.
    pub(super) touched_end: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            mark: Mark::default(),
            tokens: VecDeque::new(),
            parsed: 0,
            is_available: false,
            is_started: false,
            indent: -1,
            indents: Vec::new(),
            is_key_allowed: true,
            keys: vec![SimpleKey::default()],
            touched_end: false,
        }
    }

    /// The next token.
    pub(super) fn peek(&mut self) -> Scan<&Token> {
        if !self.is_available {
            self.fetch_more()?;
        }
        Ok(self.tokens.front().expect("invariant: fetch_more leaves a token"))
    }

    /// Takes the token that was peeked.
    pub(super) fn take(&mut self) -> Token {
        self.is_available = false;
        self.parsed += 1;
        self.tokens.pop_front().expect("invariant: a token is peeked before it is taken")
    }

    /// Go looks two tokens ahead (for comments), and further while the head may turn out to be a key.
    fn fetch_more(&mut self) -> Scan {
        loop {
            if self.tokens.len() > 2 {
                let at = self.keys.partition_point(|key| key.token < self.parsed);
                match self.keys.get(at).copied() {
                    Some(key) if key.is_possible && key.token == self.parsed && self.is_valid(at)? => {}
                    _ => break,
                }
            }
            self.fetch_next()?;
        }
        self.is_available = true;
        Ok(())
    }

    fn is_valid(&mut self, at: usize) -> Scan<bool> {
        let key = self.keys[at];
        if !key.is_possible {
            return Ok(false);
        }
        if key.mark.line < self.mark.line || key.mark.index + MAX_KEY < self.mark.index {
            if key.is_required {
                return Err(self.error_in(key.mark, "could not find expected ':'"));
            }
            self.keys[at].is_possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    fn fetch_next(&mut self) -> Scan {
        if !self.is_started {
            self.is_started = true;
            self.push(TokenKind::StreamStart, self.mark);
            return Ok(());
        }
        self.scan_to_next();
        self.unroll(self.column());
        let at_start = self.mark.column == 0;
        match self.at(0) {
            0 => self.fetch_stream_end(),
            b'%' if at_start => self.fetch_directive(),
            b'-' if at_start && self.is_indicator(b"---") => self.fetch_document(TokenKind::DocumentStart),
            b'.' if at_start && self.is_indicator(b"...") => self.fetch_document(TokenKind::DocumentEnd),
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.is_blankz(1) => self.fetch_block_entry(),
            b'?' if self.in_flow() || self.is_blankz(1) => self.fetch_key(),
            b':' if self.in_flow() || self.is_blankz(1) => self.fetch_value(),
            b'*' => self.fetch_anchor(true),
            b'&' => self.fetch_anchor(false),
            b'!' => self.fetch_tag(),
            b'|' if !self.in_flow() => self.fetch_block_scalar(true),
            b'>' if !self.in_flow() => self.fetch_block_scalar(false),
            b'\'' => self.fetch_flow_scalar(true),
            b'"' => self.fetch_flow_scalar(false),
            b'-' => self.fetch_plain(),
            b'?' | b':' if !self.in_flow() => self.fetch_plain(),
            b'?' | b':' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => Err(self.cannot_start()),
            _ if self.is_blankz(0) => Err(self.cannot_start()),
            _ => self.fetch_plain(),
        }
    }

    fn cannot_start(&self) -> SyntaxError {
        self.error_in(self.mark, "found character that cannot start any token")
    }

    fn error_in(&self, context: Mark, problem: &'static str) -> SyntaxError {
        SyntaxError {
            problem: problem.into(),
            problem_line: self.mark.line,
            context_line: context.line,
            is_scanner: true,
        }
    }

    fn push(&mut self, kind: TokenKind, start: Mark) {
        self.tokens.push_back(Token { kind, start, end: self.mark });
    }

    fn in_flow(&self) -> bool {
        self.keys.len() > 1
    }

    fn column(&self) -> i32 {
        i32::try_from(self.mark.column).unwrap_or(i32::MAX)
    }
}

/// Characters.
impl Scanner<'_> {
    fn at(&mut self, ahead: usize) -> u8 {
        match self.bytes.get(self.mark.byte as usize + ahead) {
            Some(byte) => *byte,
            None => {
                self.touched_end = true;
                0
            }
        }
    }

    /// The bytes of the line break at `ahead`; 0 if there is none.
    fn break_width(&mut self, ahead: usize) -> usize {
        match self.at(ahead) {
            b'\n' | b'\r' => 1,
            0xc2 if self.at(ahead + 1) == 0x85 => 2,
            0xe2 if self.at(ahead + 1) == 0x80 && matches!(self.at(ahead + 2), 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    fn is_break(&mut self) -> bool {
        self.break_width(0) > 0
    }

    fn is_blank(&mut self) -> bool {
        matches!(self.at(0), b' ' | b'\t')
    }

    fn is_breakz(&mut self) -> bool {
        self.at(0) == 0 || self.is_break()
    }

    fn is_blankz(&mut self, ahead: usize) -> bool {
        matches!(self.at(ahead), 0 | b' ' | b'\t') || self.break_width(ahead) > 0
    }

    fn is_indicator(&mut self, word: &[u8; 3]) -> bool {
        self.mark.column == 0
            && self.at(0) == word[0]
            && self.at(1) == word[1]
            && self.at(2) == word[2]
            && self.is_blankz(3)
    }

    fn is_document_indicator(&mut self) -> bool {
        self.mark.column == 0 && (self.is_indicator(b"---") || self.is_indicator(b"..."))
    }

    fn skip(&mut self) {
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
    fn skip_while(&mut self, is_in: impl Fn(u8) -> bool) {
        let rest = &self.bytes[(self.mark.byte as usize).min(self.bytes.len())..];
        let length = rest.iter().take_while(|byte| byte.is_ascii() && is_in(**byte)).count();
        let length = u32::try_from(length).unwrap_or_default();
        self.mark.byte += length;
        self.mark.index += length;
        self.mark.column += length;
    }

    /// Skips the rest of the line.
    fn skip_to_break(&mut self) {
        loop {
            self.skip_while(|byte| byte >= b' ' || byte == b'\t');
            if self.is_breakz() {
                return;
            }
            self.skip();
        }
    }

    fn skip_line(&mut self) {
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
    fn read_line(&mut self, to: &mut String) {
        match self.break_width(0) {
            0 => return,
            3 => to.push(if self.at(2) == 0xa8 { '\u{2028}' } else { '\u{2029}' }),
            _ => to.push('\n'),
        }
        self.skip_line();
    }

    fn slice(&self, from: u32) -> &str {
        std::str::from_utf8(&self.bytes[from as usize..self.mark.byte as usize]).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        while self.is_blank() {
            self.skip();
        }
    }

    fn skip_comment(&mut self) {
        if self.at(0) == b'#' {
            self.skip_to_break();
        }
    }

    fn scan_to_next(&mut self) {
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

/// Indentation and simple keys.
impl Scanner<'_> {
    fn unroll(&mut self, column: i32) {
        if self.in_flow() {
            return;
        }
        while self.indent > column {
            self.push(TokenKind::BlockEnd, self.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Opens a block collection if the column is deeper; `number` is the token before which it opens.
    fn roll(&mut self, mark: Mark, number: Option<usize>, kind: TokenKind) -> Scan {
        let column = i32::try_from(mark.column).unwrap_or(i32::MAX);
        if self.in_flow() || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return Err(self.error_in(self.mark, "exceeded max depth of 10000"));
        }
        let token = Token { kind, start: mark, end: mark };
        match number {
            Some(number) => self.tokens.insert(number - self.parsed, token),
            None => self.tokens.push_back(token),
        }
        Ok(())
    }

    fn save_key(&mut self) -> Scan {
        if self.is_key_allowed {
            let is_required = !self.in_flow() && self.indent == self.column();
            self.remove_key()?;
            let token = self.parsed + self.tokens.len();
            *self.key() = SimpleKey { is_possible: true, is_required, token, mark: self.mark };
        }
        Ok(())
    }

    fn remove_key(&mut self) -> Scan {
        let key = *self.key();
        if key.is_possible && key.is_required {
            return Err(self.error_in(key.mark, "could not find expected ':'"));
        }
        self.key().is_possible = false;
        Ok(())
    }

    fn key(&mut self) -> &mut SimpleKey {
        self.keys.last_mut().expect("invariant: the block level always has a key")
    }
}

/// Tokens.
impl Scanner<'_> {
    fn fetch_stream_end(&mut self) -> Scan {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
        self.unroll(-1);
        self.remove_key()?;
        self.is_key_allowed = false;
        self.push(TokenKind::StreamEnd, self.mark);
        Ok(())
    }

    fn fetch_document(&mut self, kind: TokenKind) -> Scan {
        self.unroll(-1);
        self.remove_key()?;
        self.is_key_allowed = false;
        let start = self.mark;
        for _ in 0..3 {
            self.skip();
        }
        self.push(kind, start);
        Ok(())
    }

    fn fetch_one(&mut self, kind: TokenKind) {
        let start = self.mark;
        self.skip();
        self.push(kind, start);
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Scan {
        self.save_key()?;
        // The new level starts with its parent's number, so that the numbers stay in order.
        let token = self.key().token;
        self.keys.push(SimpleKey { token, ..SimpleKey::default() });
        if self.keys.len() > MAX_DEPTH + 1 {
            return Err(self.error_in(self.mark, "exceeded max depth of 10000"));
        }
        self.is_key_allowed = true;
        self.fetch_one(kind);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Scan {
        self.remove_key()?;
        if self.in_flow() {
            self.keys.pop();
        }
        self.is_key_allowed = false;
        self.fetch_one(kind);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Scan {
        self.remove_key()?;
        self.is_key_allowed = true;
        self.fetch_one(TokenKind::FlowEntry);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Scan {
        if !self.in_flow() {
            if !self.is_key_allowed {
                return Err(self.error_in(self.mark, "block sequence entries are not allowed in this context"));
            }
            self.roll(self.mark, None, TokenKind::BlockSequenceStart)?;
        }
        self.remove_key()?;
        self.is_key_allowed = true;
        self.fetch_one(TokenKind::BlockEntry);
        Ok(())
    }

    fn fetch_key(&mut self) -> Scan {
        if !self.in_flow() {
            if !self.is_key_allowed {
                return Err(self.error_in(self.mark, "mapping keys are not allowed in this context"));
            }
            self.roll(self.mark, None, TokenKind::BlockMappingStart)?;
        }
        self.remove_key()?;
        self.is_key_allowed = !self.in_flow();
        self.fetch_one(TokenKind::Key);
        Ok(())
    }

    fn fetch_value(&mut self) -> Scan {
        let key = *self.key();
        if self.is_valid(self.keys.len() - 1)? {
            let token = Token { kind: TokenKind::Key, start: key.mark, end: key.mark };
            self.tokens.insert(key.token - self.parsed, token);
            self.roll(key.mark, Some(key.token), TokenKind::BlockMappingStart)?;
            self.key().is_possible = false;
            self.is_key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.is_key_allowed {
                    return Err(self.error_in(self.mark, "mapping values are not allowed in this context"));
                }
                self.roll(self.mark, None, TokenKind::BlockMappingStart)?;
            }
            self.is_key_allowed = !self.in_flow();
        }
        self.fetch_one(TokenKind::Value);
        Ok(())
    }

    fn fetch_anchor(&mut self, is_alias: bool) -> Scan {
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

    fn skip_alphas(&mut self) {
        self.skip_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    }

    fn fetch_directive(&mut self) -> Scan {
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

    fn scan_version_number(&mut self, start: Mark) -> Scan<u8> {
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

    fn scan_line_end(&mut self, start: Mark) -> Scan {
        self.skip_blanks();
        self.skip_comment();
        if !self.is_breakz() {
            return Err(self.error_in(start, "did not find expected comment or line break"));
        }
        self.skip_line();
        Ok(())
    }

    fn fetch_tag(&mut self) -> Scan {
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

    fn scan_tag_handle(&mut self, is_directive: bool, start: Mark) -> Scan<String> {
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
    fn scan_tag_uri(&mut self, head: &str, start: Mark) -> Scan<String> {
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

    fn scan_uri_escape(&mut self, start: Mark) -> Scan<u8> {
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
