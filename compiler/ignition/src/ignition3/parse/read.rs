//! JSON text → tree, with the error texts of Go's scanner and the positions of go-json.

use std::sync::Arc;

use crate::entry::{Entry, EntryKind};
use flatwright_go::yaml3::{Content, Node, NodeId, Style, Text, Tree};

/// An error of the decoder, at a byte offset.
pub(super) struct JsonError {
    pub(super) offset: usize,
    pub(super) message: String,
}

impl JsonError {
    pub(super) fn entry(self, bytes: &[u8]) -> Entry {
        // The original looks for the byte after the error; at the end of the text there is none.
        let position = match bytes.get(..self.offset) {
            Some(before) if self.offset < bytes.len() => {
                let line = before.iter().filter(|byte| **byte == b'\n').count();
                let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                (
                    u32::try_from(line + 1).unwrap_or(u32::MAX),
                    u32::try_from(self.offset - start + 1).unwrap_or(u32::MAX),
                )
            }
            _ => (0, 0),
        };
        Entry { kind: EntryKind::Error, path: String::new(), position: Some(position), message: self.message }
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Tree, JsonError> {
    // Bytes that are no text only count in strings, and there they are shown as Go shows them.
    let text = std::str::from_utf8(bytes).ok();
    let tree = Tree::new(Arc::from(text.unwrap_or_default()));
    let mut reader = Reader { bytes, is_text: text.is_some(), at: 0, line: 1, line_start: 0, tree, depth: 0 };
    let root = reader.value("looking for beginning of value")?;
    reader.skip_space();
    if reader.at < reader.bytes.len() {
        return Err(reader.unexpected("after top-level value"));
    }
    reader.tree.root = Some(root);
    Ok(reader.tree)
}

/// A JSON reader with the error texts of Go's scanner. Values start where go-json says: a collection after its bracket.
struct Reader<'a> {
    bytes: &'a [u8],
    is_text: bool,
    at: usize,
    line: u32,
    line_start: usize,
    tree: Tree,
    depth: u32,
}

const MAX_DEPTH: u32 = 10_000;

/// An open collection.
struct Open {
    node: NodeId,
    items: Vec<NodeId>,
    is_map: bool,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.line += 1;
                    self.line_start = self.at;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                _ => break,
            }
        }
    }

    fn unexpected(&self, context: &str) -> JsonError {
        self.unexpected_at(self.at, context)
    }

    fn unexpected_at(&self, at: usize, context: &str) -> JsonError {
        match self.bytes.get(at) {
            None => JsonError { offset: self.bytes.len(), message: "unexpected end of JSON input".to_owned() },
            Some(byte) => {
                let message = format!("invalid character {} {context}", quote_byte(*byte));
                JsonError { offset: at + 1, message }
            }
        }
    }

    /// One value with everything in it, without recursion.
    fn value(&mut self, context: &str) -> Result<NodeId, JsonError> {
        let mut open: Vec<Open> = Vec::new();
        let mut context = context;
        loop {
            self.skip_space();
            let mut done = match self.bytes.get(self.at) {
                Some(bracket @ (b'{' | b'[')) => {
                    let is_map = *bracket == b'{';
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(self.unexpected("exceeded max depth"));
                    }
                    self.at += 1;
                    let content =
                        if is_map { Content::Mapping(Box::default()) } else { Content::Sequence(Box::default()) };
                    let node = self.push(content, self.at);
                    open.push(Open { node, items: Vec::new(), is_map });
                    self.skip_space();
                    let end = if is_map { b'}' } else { b']' };
                    if self.bytes.get(self.at) == Some(&end) {
                        self.at += 1;
                        Some(self.close(&mut open))
                    } else {
                        if is_map {
                            self.key(&mut open, "looking for beginning of object key string")?;
                        }
                        None
                    }
                }
                Some(b'"') => Some(self.string()?),
                Some(b'-' | b'0'..=b'9') => Some(self.number()?),
                Some(b't') => Some(self.word("true")?),
                Some(b'f') => Some(self.word("false")?),
                Some(b'n') => Some(self.word("null")?),
                _ => return Err(self.unexpected(context)),
            };
            while let Some(node) = done.take() {
                let Some(parent) = open.last_mut() else { return Ok(node) };
                parent.items.push(node);
                let is_map = parent.is_map;
                self.skip_space();
                match (self.bytes.get(self.at), is_map) {
                    (Some(b','), _) => {
                        self.at += 1;
                        if is_map {
                            self.key(&mut open, "looking for beginning of object key string")?;
                        }
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => {
                        self.at += 1;
                        done = Some(self.close(&mut open));
                    }
                    (_, true) => return Err(self.unexpected("after object key:value pair")),
                    (_, false) => return Err(self.unexpected("after array element")),
                }
            }
            context = "looking for beginning of value";
        }
    }

    fn key(&mut self, open: &mut [Open], context: &str) -> Result<(), JsonError> {
        self.skip_space();
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(self.unexpected(context));
        }
        let key = self.string()?;
        if let Some(open) = open.last_mut() {
            open.items.push(key);
        }
        self.skip_space();
        if self.bytes.get(self.at) != Some(&b':') {
            return Err(self.unexpected("after object key"));
        }
        self.at += 1;
        Ok(())
    }

    fn close(&mut self, open: &mut Vec<Open>) -> NodeId {
        self.depth -= 1;
        let Open { node, items, is_map } = open.pop().expect("invariant: only an open collection is closed");
        let items = items.into_boxed_slice();
        let content = if is_map { Content::Mapping(items) } else { Content::Sequence(items) };
        self.tree.nodes[node.0 as usize].content = content;
        node
    }

    fn push(&mut self, content: Content, start: usize) -> NodeId {
        let column = u32::try_from(start - self.line_start + 1).unwrap_or(u32::MAX);
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        self.tree.push(Node { content, tag: None, line: self.line, column, start })
    }

    fn word(&mut self, word: &str) -> Result<NodeId, JsonError> {
        let start = self.at;
        for (i, expected) in word.bytes().enumerate() {
            if self.bytes.get(start + i) != Some(&expected) {
                let context = format!("in literal {word} (expecting {})", quote_byte(expected));
                return Err(self.unexpected_at(start + i, &context));
            }
        }
        self.at += word.len();
        Ok(self.scalar(start, self.at, Style::Word, start))
    }

    fn number(&mut self) -> Result<NodeId, JsonError> {
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
            if !self.is_digit() {
                return Err(self.unexpected("in numeric literal"));
            }
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits();
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if !self.is_digit() {
                return Err(self.unexpected("after decimal point in numeric literal"));
            }
            self.digits();
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !self.is_digit() {
                return Err(self.unexpected("in exponent of numeric literal"));
            }
            self.digits();
        }
        Ok(self.scalar(start, self.at, Style::Number, start))
    }

    fn is_digit(&self) -> bool {
        self.bytes.get(self.at).is_some_and(u8::is_ascii_digit)
    }

    fn digits(&mut self) {
        while self.is_digit() {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Result<NodeId, JsonError> {
        let start = self.at;
        self.at += 1;
        let mut is_plain = true;
        loop {
            match self.bytes.get(self.at) {
                None => return Err(self.unexpected("")),
                Some(b'"') => break,
                Some(b'\\') => {
                    is_plain = false;
                    self.at += 1;
                    match self.bytes.get(self.at) {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.bytes.get(self.at).is_some_and(u8::is_ascii_hexdigit) {
                                    return Err(self.unexpected("in \\u hexadecimal character escape"));
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.unexpected("in string escape code")),
                    }
                }
                Some(0..=0x1f) => return Err(self.unexpected("in string literal")),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        if is_plain {
            return Ok(self.scalar(start + 1, self.at - 1, Style::Quoted, start));
        }
        let text = unescape(&String::from_utf8_lossy(&self.bytes[start + 1..self.at - 1]));
        Ok(self.push(Content::Scalar(Text::Owned(text.into()), Style::Quoted), start))
    }

    fn scalar(&mut self, from: usize, to: usize, style: Style, start: usize) -> NodeId {
        let text = if self.is_text {
            Text::Borrowed(u32::try_from(from).unwrap_or(u32::MAX), u32::try_from(to).unwrap_or(u32::MAX))
        } else {
            Text::Owned(String::from_utf8_lossy(&self.bytes[from..to]).into())
        };
        self.push(Content::Scalar(text, style), start)
    }
}

/// Lone surrogates become U+FFFD, as in Go.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest.as_bytes()[at + 1];
        rest = &rest[at + 2..];
        match escape {
            b'b' => out.push('\x08'),
            b'f' => out.push('\x0c'),
            b'n' => out.push('\n'),
            b'r' => out.push('\r'),
            b't' => out.push('\t'),
            b'u' => {
                let unit = u32::from_str_radix(&rest[..4], 16).unwrap_or_default();
                rest = &rest[4..];
                let low = rest.strip_prefix("\\u").and_then(|low| u32::from_str_radix(low.get(..4)?, 16).ok());
                match (unit, low) {
                    (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                        let value = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                        out.push(char::from_u32(value).unwrap_or('\u{fffd}'));
                        rest = &rest[6..];
                    }
                    _ => out.push(char::from_u32(unit).unwrap_or('\u{fffd}')),
                }
            }
            other => out.push(char::from(other)),
        }
    }
    out.push_str(rest);
    out
}

fn quote_byte(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        b'\n' => r"'\n'".to_owned(),
        b'\r' => r"'\r'".to_owned(),
        b'\t' => r"'\t'".to_owned(),
        b'\\' => r"'\\'".to_owned(),
        0..=0x1f | 0x7f => format!(r"'\x{byte:02x}'"),
        0x80..=0xa0 | 0xad => format!(r"'\u{byte:04x}'"),
        _ => format!("'{}'", char::from(byte)),
    }
}
