//! Text → tokens: libyaml's scanner as Go carries it, with its look-ahead and its simple-key rules, because both decide which error comes first.

mod characters;
mod property;
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
    text: &'a str,
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
            text,
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
}
