//! A JSON text, token by token. Not generic, so that a plugin has this once.

use std::borrow::Cow;

use serde::de::Expected;

use super::error::{self, Error};

type Result<T> = std::result::Result<T, Error>;

/// Deeper nesting would end the instance with a stack overflow instead of words.
const MOST_DEPTH: u8 = 128;

/// A text and how far it is read.
pub(super) struct Text<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

/// A number, as exactly as the type asked for can hold it.
pub(super) enum Number<'a> {
    Unsigned(u64),
    Signed(i64),
    /// One with a fraction or an exponent, or beyond 64 bits.
    Float(&'a str),
}

impl<'a> Text<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The first byte of what comes next, white space left out.
    pub(super) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes one byte if it comes next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.take(byte) { Ok(()) } else { Err(Error::new(&format!("expected `{}`", char::from(byte)))) }
    }

    /// Takes a word if it comes next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        self.peek();
        let is_next = self.text[self.at..].starts_with(word);
        self.at += if is_next { word.len() } else { 0 };
        is_next
    }

    pub(super) fn end(&mut self) -> Result<()> {
        if self.peek().is_none() { Ok(()) } else { Err(Error::new("trailing characters")) }
    }

    /// Takes the bracket that opens a list or an object.
    pub(super) fn open(&mut self) -> Result<()> {
        self.at += 1;
        self.depth += 1;
        if self.depth < MOST_DEPTH { Ok(()) } else { Err(Error::new("recursion limit exceeded")) }
    }

    /// Whether another item follows in an opened list or object. Takes the comma before it.
    pub(super) fn has_next(&mut self, is_first: &mut bool, end: u8) -> Result<bool> {
        if self.peek() == Some(end) {
            return Ok(false);
        }
        if !std::mem::take(is_first) {
            self.expect(b',')?;
        }
        Ok(true)
    }

    /// Takes the bracket that ends a list or an object. A type of fixed length may have left items before it.
    pub(super) fn close(&mut self, end: u8) -> Result<()> {
        self.depth -= 1;
        if self.take(end) { Ok(()) } else { Err(Error::new("trailing characters")) }
    }

    pub(super) fn key(&mut self) -> Result<Cow<'a, str>> {
        if self.peek() == Some(b'"') { self.string() } else { Err(Error::new("key must be a string")) }
    }

    pub(super) fn colon(&mut self) -> Result<()> {
        self.expect(b':')
    }

    /// The string that comes next.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>> {
        self.at += 1;
        let text = self.text;
        let mut owned: Option<String> = None;
        let mut start = self.at;
        loop {
            match self.byte() {
                Some(b'"') => {
                    let last = &text[start..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        Some(owned) => Cow::Owned(owned + last),
                        None => Cow::Borrowed(last),
                    });
                }
                Some(b'\\') => {
                    let part = &text[start..self.at];
                    let character = self.escape()?;
                    let owned = owned.get_or_insert_default();
                    owned.push_str(part);
                    owned.push(character);
                    start = self.at;
                }
                Some(byte) if byte >= b' ' => self.at += 1,
                Some(_) => return Err(Error::new("control character in a string")),
                None => return Err(Error::new("a string does not end")),
            }
        }
    }

    /// What an escape stands for.
    fn escape(&mut self) -> Result<char> {
        self.at += 1;
        let character = match self.byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_point();
            }
            _ => return Err(invalid_escape()),
        };
        self.at += 1;
        Ok(character)
    }

    /// What `\u` escapes stand for: one, or the two halves of a surrogate pair.
    fn code_point(&mut self) -> Result<char> {
        let first = self.four_digits()?;
        let code = match first {
            0xD800..=0xDBFF if self.text[self.at..].starts_with("\\u") => {
                self.at += 2;
                match self.four_digits()? {
                    second @ 0xDC00..=0xDFFF => 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                    _ => first,
                }
            }
            _ => first,
        };
        char::from_u32(code).ok_or_else(|| Error::new("a surrogate stands alone"))
    }

    fn four_digits(&mut self) -> Result<u32> {
        let digits = self.text.get(self.at..self.at + 4).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or_else(invalid_escape)?;
        self.at += 4;
        Ok(code)
    }

    /// The number that comes next, if one does.
    pub(super) fn number(&mut self) -> Result<Option<Number<'a>>> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Ok(None);
        }
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let first = self.at;
        self.digits()?;
        if self.text.as_bytes()[first] == b'0' && self.at - first > 1 {
            return Err(invalid_number());
        }
        let mut is_integer = true;
        if self.byte() == Some(b'.') {
            is_integer = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            is_integer = false;
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        let integer = if is_integer && text != "-0" {
            text.parse().map(Number::Unsigned).or_else(|_| text.parse().map(Number::Signed)).ok()
        } else {
            None
        };
        Ok(Some(integer.unwrap_or(Number::Float(text))))
    }

    /// The number that the whole text is, if it is one.
    pub(super) fn only_number(mut self) -> Option<Number<'a>> {
        let is_bare = !self.text.bytes().any(|byte| byte.is_ascii_whitespace());
        let number = self.number().ok()?;
        number.filter(|_| is_bare && self.at == self.text.len())
    }

    fn digits(&mut self) -> Result<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(invalid_number()) }
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self) -> Result<()> {
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(bracket @ (b'[' | b'{')) => {
                self.open()?;
                let mut is_first = true;
                // In ASCII, `]` and `}` are two after `[` and `{`.
                while self.has_next(&mut is_first, bracket + 2)? {
                    if bracket == b'{' {
                        self.key()?;
                        self.colon()?;
                    }
                    self.skip()?;
                }
                self.close(bracket + 2)
            }
            _ if self.word("null") || self.word("true") || self.word("false") => Ok(()),
            _ => self.number()?.map(drop).ok_or_else(|| Error::new("expected value")),
        }
    }

    /// That the value which comes next is of another type.
    pub(super) fn mismatch(&mut self, expected: &dyn Expected) -> Error {
        let found = match self.peek() {
            Some(b'"') => self.string().map(|value| error::string(&value)),
            Some(b'[') => Ok(error::SEQUENCE.to_owned()),
            Some(b'{') => Ok(error::MAP.to_owned()),
            _ if self.word("null") => Ok(error::NULL.to_owned()),
            _ if self.word("true") => Ok("boolean `true`".to_owned()),
            _ if self.word("false") => Ok("boolean `false`".to_owned()),
            _ => self.number().and_then(|number| match number {
                Some(Number::Unsigned(value)) => Ok(format!("integer `{value}`")),
                Some(Number::Signed(value)) => Ok(format!("integer `{value}`")),
                Some(Number::Float(_)) => Ok(error::FLOAT.to_owned()),
                None => Err(Error::new("expected value")),
            }),
        };
        found.map_or_else(|error| error, |found| Error::mismatch(&found, expected))
    }
}

fn invalid_escape() -> Error {
    Error::new("invalid escape")
}

fn invalid_number() -> Error {
    Error::new("invalid number")
}
