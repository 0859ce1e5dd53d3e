//! Text → tokens. Where a token ends, and what ends the scan, is `text/template`'s (Go 1.27, `text/template/parse`).

use std::ops::Range;

use super::problem::Problem;

/// One token: a piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Open,
    Close,
    OpenParen,
    CloseParen,
    Space,
    Pipe,
    Assign,
    Declare,
    Bool,
    CharConstant,
    Complex,
    Number,
    RawString,
    String,
    /// `.name`.
    Field,
    /// `$` or `$name`.
    Variable,
    Identifier,
    Keyword(Keyword),
    /// Another printable ASCII character.
    Char,
    End,
    /// The scan stops here.
    Wrong(Problem),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Dot,
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

const KEYWORDS: &[(&str, Keyword)] = &[
    ("block", Keyword::Block),
    ("break", Keyword::Break),
    ("continue", Keyword::Continue),
    ("define", Keyword::Define),
    ("else", Keyword::Else),
    ("end", Keyword::End),
    ("if", Keyword::If),
    ("nil", Keyword::Nil),
    ("range", Keyword::Range),
    ("template", Keyword::Template),
    ("with", Keyword::With),
];

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// All tokens; the last is `End` or `Wrong`.
pub(super) fn lex(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, start: 0, depth: 0, tokens: Vec::new() };
    let last = lexer.all().map_or_else(Kind::Wrong, |()| Kind::End);
    lexer.push(last);
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    start: usize,
    depth: usize,
    tokens: Vec<Token>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn push(&mut self, kind: Kind) {
        self.tokens.push(Token { kind, span: self.start..self.at });
        self.start = self.at;
    }

    /// Leaves out what lies between the last token and here.
    fn skip_to(&mut self, at: usize) {
        self.at = at;
        self.start = at;
    }

    fn all(&mut self) -> Result<(), Problem> {
        loop {
            let Some(length) = self.rest().find(OPEN) else {
                self.at = self.text.len();
                if self.at > self.start {
                    self.push(Kind::Text);
                }
                return Ok(());
            };
            let open = self.at + length;
            let inside = open + OPEN.len();
            let is_trimmed = has_left_marker(&self.text[inside..]);
            let text = &self.text[self.at..open];
            self.at += if is_trimmed { text.trim_end_matches(is_space).len() } else { text.len() };
            if self.at > self.start {
                self.push(Kind::Text);
            }
            let content = inside + if is_trimmed { 2 } else { 0 };
            if self.text[content..].starts_with("/*") {
                self.skip_to(content);
                self.comment()?;
            } else {
                self.skip_to(open);
                self.at = inside;
                self.push(Kind::Open);
                self.skip_to(content);
                self.depth = 0;
                self.action()?;
            }
        }
    }

    fn comment(&mut self) -> Result<(), Problem> {
        let length = self.rest()[2..].find("*/").ok_or(Problem::UnclosedComment)?;
        let after = self.at + 2 + length + 2;
        let (is_trimmed, end) = close(&self.text[after..]).ok_or(Problem::CommentNotAtEnd)?;
        self.skip_to(after + end);
        if is_trimmed {
            self.skip_space();
        }
        Ok(())
    }

    fn skip_space(&mut self) {
        let spaces = self.rest().len() - self.rest().trim_start_matches(is_space).len();
        self.skip_to(self.at + spaces);
    }

    /// Everything up to the closing delimiter.
    fn action(&mut self) -> Result<(), Problem> {
        loop {
            if let Some((is_trimmed, end)) = close(self.rest()) {
                if self.depth > 0 {
                    return Err(Problem::UnclosedParen);
                }
                self.skip_to(self.at + end - CLOSE.len());
                self.at += CLOSE.len();
                self.push(Kind::Close);
                if is_trimmed {
                    self.skip_space();
                }
                return Ok(());
            }
            self.token()?;
        }
    }

    fn token(&mut self) -> Result<(), Problem> {
        let Some(c) = self.next() else { return Err(Problem::UnclosedAction) };
        let kind = match c {
            c if is_space(c) => {
                // A marker's own space belongs to the delimiter.
                while self.peek().is_some_and(is_space) && !is_trimmed_close(self.rest()) {
                    self.next();
                }
                Kind::Space
            }
            '=' => Kind::Assign,
            ':' if self.next() == Some('=') => Kind::Declare,
            ':' => return Err(Problem::LoneColon),
            '|' => Kind::Pipe,
            '"' => self.quoted('"', Kind::String, Problem::UnclosedString)?,
            '\'' => self.quoted('\'', Kind::CharConstant, Problem::UnclosedChar)?,
            '`' => match self.rest().find('`') {
                Some(length) => {
                    self.at += length + 1;
                    Kind::RawString
                }
                None => return Err(Problem::UnclosedRawString),
            },
            '$' => self.name(Kind::Variable, Kind::Variable)?,
            '.' if !self.peek().is_some_and(|c| c.is_ascii_digit()) => {
                // At the very end a dot is read as the start of a number.
                if self.rest().is_empty() {
                    self.at -= 1;
                    self.number()?
                } else {
                    self.name(Kind::Keyword(Keyword::Dot), Kind::Field)?
                }
            }
            '.' | '+' | '-' | '0'..='9' => {
                self.at -= 1;
                self.number()?
            }
            '(' => {
                self.depth += 1;
                Kind::OpenParen
            }
            ')' => {
                self.depth = self.depth.checked_sub(1).ok_or(Problem::UnexpectedParen)?;
                Kind::CloseParen
            }
            c if is_word(c) => self.identifier()?,
            ' '..='~' => Kind::Char,
            c => return Err(Problem::BadCharacter(c)),
        };
        self.push(kind);
        Ok(())
    }

    /// What follows an opening quote; a line break ends the scan.
    fn quoted(&mut self, quote: char, kind: Kind, unclosed: Problem) -> Result<Kind, Problem> {
        loop {
            match self.next() {
                Some('\\') if !matches!(self.next(), None | Some('\n')) => {}
                Some('\\' | '\n') | None => return Err(unclosed),
                Some(c) if c == quote => return Ok(kind),
                Some(_) => {}
            }
        }
    }

    /// What follows `.` or `$`.
    fn name(&mut self, alone: Kind, named: Kind) -> Result<Kind, Problem> {
        if self.is_at_end_of_word() {
            return Ok(alone);
        }
        self.word().map(|()| named)
    }

    fn word(&mut self) -> Result<(), Problem> {
        while self.peek().is_some_and(is_word) {
            self.next();
        }
        match self.peek() {
            Some(c) if !self.is_at_end_of_word() => Err(Problem::BadCharacter(c)),
            _ => Ok(()),
        }
    }

    fn is_at_end_of_word(&self) -> bool {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(c) => is_space(c) || self.rest().starts_with(CLOSE),
        }
    }

    fn identifier(&mut self) -> Result<Kind, Problem> {
        self.word()?;
        let word = &self.text[self.start..self.at];
        let keyword = KEYWORDS.iter().find(|(name, _)| *name == word);
        Ok(match keyword {
            Some((_, keyword)) => Kind::Keyword(*keyword),
            None if matches!(word, "true" | "false") => Kind::Bool,
            None => Kind::Identifier,
        })
    }

    fn number(&mut self) -> Result<Kind, Problem> {
        if self.real() {
            if !matches!(self.peek(), Some('+' | '-')) {
                return Ok(Kind::Number);
            }
            // `1+2i`: the second half must be imaginary.
            if self.real() && self.text[..self.at].ends_with('i') {
                return Ok(Kind::Complex);
            }
        }
        Err(Problem::BadNumber(self.text[self.start..self.at].into()))
    }

    fn real(&mut self) -> bool {
        self.take(|c| matches!(c, '+' | '-'));
        let mut digits: fn(char) -> bool = |c| matches!(c, '0'..='9' | '_');
        let (mut is_decimal, mut is_hex) = (true, false);
        if self.take(|c| c == '0') {
            let base = self.peek().map(|c| c.to_ascii_lowercase());
            match base {
                Some('x') => digits = |c| c.is_ascii_hexdigit() || c == '_',
                Some('o') => digits = |c| matches!(c, '0'..='7' | '_'),
                Some('b') => digits = |c| matches!(c, '0' | '1' | '_'),
                _ => {}
            }
            if matches!(base, Some('x' | 'o' | 'b')) {
                self.next();
                (is_decimal, is_hex) = (false, base == Some('x'));
            }
        }
        self.take_all(digits);
        if self.take(|c| c == '.') {
            self.take_all(digits);
        }
        let marks: &[char] = if is_decimal {
            &['e', 'E']
        } else if is_hex {
            &['p', 'P']
        } else {
            &[]
        };
        if self.take(|c| marks.contains(&c)) {
            self.take(|c| matches!(c, '+' | '-'));
            self.take_all(|c| matches!(c, '0'..='9' | '_'));
        }
        self.take(|c| c == 'i');
        if self.peek().is_some_and(is_word) {
            self.next();
            return false;
        }
        true
    }

    fn take(&mut self, is_wanted: impl Fn(char) -> bool) -> bool {
        let found = self.peek().is_some_and(is_wanted);
        if found {
            self.next();
        }
        found
    }

    fn take_all(&mut self, is_wanted: impl Fn(char) -> bool) {
        while self.take(&is_wanted) {}
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Letters and digits as Go's `unicode.IsLetter` and `IsDigit` have them, and `_`.
fn is_word(c: char) -> bool {
    c == '_' || if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() }
}

fn has_left_marker(inside: &str) -> bool {
    matches!(inside.as_bytes(), [b'-', b' ' | b'\t' | b'\r' | b'\n', ..])
}

fn is_trimmed_close(rest: &str) -> bool {
    matches!(rest.as_bytes(), [b' ' | b'\t' | b'\r' | b'\n', b'-', b'}', b'}', ..])
}

/// Whether a closing delimiter stands here: whether it trims, and its length.
fn close(rest: &str) -> Option<(bool, usize)> {
    if is_trimmed_close(rest) { Some((true, 4)) } else { rest.starts_with(CLOSE).then_some((false, 2)) }
}
