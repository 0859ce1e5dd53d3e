//! Text → values, with the places that validators report.
//!
//! Owns: syntax errors in Go's words, and where values and keys stand. Must not: know a type. By hand, because other readers neither give these words nor take
//! bytes that are not UTF-8. Nesting lives on an explicit stack, so depth costs heap only.

use crate::quote::quote_char;

/// A node of a [`Document`].
pub type NodeRef = u32;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// The digits as written.
    Number(String),
    /// A text, unescaped.
    Text(String),
    /// Items.
    Array(Vec<NodeRef>),
    /// Keys and values in their order; a key may repeat.
    Object(Vec<(String, NodeRef)>),
}

/// A value with the offsets at which it and its key begin and end.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Just after the bracket or brace that opens a collection; where a scalar begins.
    pub start: usize,
    /// Just behind the value.
    pub end: usize,
    /// Where the quote of its key stands; 0 if it has none.
    pub key_start: usize,
    /// Just behind its key; 0 if it has none.
    pub key_end: usize,
}

/// A parsed text. Nodes stand behind what they hold, so the root is the last one.
#[derive(Clone, Debug)]
pub struct Document {
    /// All nodes, by [`NodeRef`].
    pub nodes: Vec<Node>,
    /// The whole.
    pub root: NodeRef,
}

/// A syntax error: Go's words, and how many bytes had been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Go's words.
    pub message: String,
    /// How many bytes had been read.
    pub offset: usize,
}

struct Open {
    items: Items,
    start: usize,
    /// The key that leads to this collection, in its parent.
    key: KeyPlace,
}

/// Where a key begins and ends.
type KeyPlace = (usize, usize);

enum Items {
    Array(Vec<NodeRef>),
    Object(Vec<(String, NodeRef)>, Option<String>),
}

struct Parser<'t> {
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    open: Vec<Open>,
    depth: usize,
}

/// Deeper texts are refused since Go 1.15.
pub const MAX_DEPTH: usize = 10_000;

/// Parses a whole text, with collections up to some depth.
///
/// # Errors
/// The first syntax error.
pub fn parse(bytes: &[u8], depth: usize) -> Result<Document, SyntaxError> {
    let mut parser = Parser { bytes, at: 0, nodes: Vec::new(), open: Vec::new(), depth };
    let root = parser.run()?;
    Ok(Document { nodes: parser.nodes, root })
}

impl Parser<'_> {
    fn run(&mut self) -> Result<NodeRef, SyntaxError> {
        loop {
            if let Some(key) = self.key()? {
                self.value(key)?;
            }
            // Closes every collection that ends here.
            while let Some(done) = self.finished()? {
                if self.open.is_empty() {
                    return self.after_root(done);
                }
                self.add(done);
            }
        }
    }

    /// Before a value: reads the key if an object is open. `None` if the collection closes instead.
    fn key(&mut self) -> Result<Option<KeyPlace>, SyntaxError> {
        self.skip_space();
        let is_first = self.open.last().is_some_and(|open| match &open.items {
            Items::Array(items) => items.is_empty(),
            Items::Object(members, _) => members.is_empty(),
        });
        match self.open.last().map(|open| &open.items) {
            None => Ok(Some((0, 0))),
            Some(Items::Array(_)) => Ok((!(is_first && self.peek() == Some(b']'))).then_some((0, 0))),
            Some(Items::Object(..)) => {
                if is_first && self.peek() == Some(b'}') {
                    return Ok(None);
                }
                if self.peek() != Some(b'"') {
                    return Err(self.unexpected("looking for beginning of object key string"));
                }
                let start = self.at;
                let key = self.string()?;
                let place = (start, self.at);
                self.skip_space();
                self.expect(b':', "after object key")?;
                if let Some(Open { items: Items::Object(_, pending), .. }) = self.open.last_mut() {
                    *pending = Some(key);
                }
                Ok(Some(place))
            }
        }
    }

    /// Reads a scalar, or opens a collection.
    fn value(&mut self, key: KeyPlace) -> Result<(), SyntaxError> {
        self.skip_space();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{' | b'[') if self.open.len() >= self.depth => return Err(self.unexpected("exceeded max depth")),
            Some(b'{') => {
                self.push(Items::Object(Vec::new(), None), key);
                return Ok(());
            }
            Some(b'[') => {
                self.push(Items::Array(Vec::new()), key);
                return Ok(());
            }
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return Err(self.unexpected("looking for beginning of value")),
        };
        let node = self.node(value, start, key);
        self.open.push(Open { items: Items::Array(vec![node]), start: usize::MAX, key });
        Ok(())
    }

    fn push(&mut self, items: Items, key: KeyPlace) {
        self.at += 1;
        self.open.push(Open { items, start: self.at, key });
    }

    /// The value that is complete at this place, if one is.
    fn finished(&mut self) -> Result<Option<NodeRef>, SyntaxError> {
        if let Some(Open { items: Items::Array(items), start: usize::MAX, .. }) = self.open.last() {
            let node = items[0];
            self.open.pop();
            return Ok(Some(node));
        }
        self.skip_space();
        let Some(open) = self.open.last() else { return Ok(None) };
        let (close, context, is_empty) = match &open.items {
            Items::Array(items) => (b']', "after array element", items.is_empty()),
            Items::Object(members, _) => (b'}', "after object key:value pair", members.is_empty()),
        };
        match self.peek() {
            Some(b) if b == close => {
                self.at += 1;
                let open = self.open.pop().expect("invariant: it was looked at just now");
                let value = match open.items {
                    Items::Array(items) => Value::Array(items),
                    Items::Object(members, _) => Value::Object(members),
                };
                Ok(Some(self.node(value, open.start, open.key)))
            }
            Some(b',') if !is_empty => {
                self.at += 1;
                Ok(None)
            }
            _ if is_empty => Ok(None),
            _ => Err(self.unexpected(context)),
        }
    }

    fn add(&mut self, node: NodeRef) {
        match self.open.last_mut().map(|open| &mut open.items) {
            Some(Items::Array(items)) => items.push(node),
            Some(Items::Object(members, pending)) => {
                let key = pending.take().expect("invariant: a member's key is read before its value");
                members.push((key, node));
            }
            None => {}
        }
    }

    fn node(&mut self, value: Value, start: usize, (key_start, key_end): KeyPlace) -> NodeRef {
        let node = NodeRef::try_from(self.nodes.len()).unwrap_or(NodeRef::MAX);
        self.nodes.push(Node { value, start, end: self.at, key_start, key_end });
        node
    }

    fn after_root(&mut self, root: NodeRef) -> Result<NodeRef, SyntaxError> {
        self.skip_space();
        if self.at < self.bytes.len() { Err(self.unexpected("after top-level value")) } else { Ok(root) }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, wanted: u8, context: &str) -> Result<(), SyntaxError> {
        if self.peek() != Some(wanted) {
            return Err(self.unexpected(context));
        }
        self.at += 1;
        Ok(())
    }

    fn unexpected(&self, context: &str) -> SyntaxError {
        let Some(b) = self.peek() else {
            return SyntaxError { message: "unexpected end of JSON input".into(), offset: self.bytes.len() };
        };
        // Go takes the byte for a code point here.
        let shown = quote_char(char::from(b));
        SyntaxError { message: format!("invalid character {shown} {context}"), offset: self.at + 1 }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, SyntaxError> {
        for wanted in word.bytes() {
            if self.peek() != Some(wanted) {
                return Err(self.unexpected(&format!("in literal {word} (expecting '{}')", char::from(wanted))));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<String, SyntaxError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.unexpected("in numeric literal")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
                return Err(self.unexpected("after decimal point in numeric literal"));
            }
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
                return Err(self.unexpected("in exponent of numeric literal"));
            }
            self.digits();
        }
        Ok(String::from_utf8_lossy(&self.bytes[start..self.at]).into_owned())
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Result<String, SyntaxError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|b| b >= b' ' && b != b'"' && b != b'\\') {
                self.at += 1;
            }
            for chunk in self.bytes[start..self.at].utf8_chunks() {
                out.push_str(chunk.valid());
                out.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
            }
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                _ => return Err(self.unexpected("in string literal")),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), SyntaxError> {
        let c = match self.peek() {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b @ (b'\\' | b'/' | b'"')) => char::from(b),
            Some(b'u') => {
                self.at += 1;
                let first = self.unit()?;
                out.push(self.character(first)?);
                return Ok(());
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.at += 1;
        out.push(c);
        Ok(())
    }

    /// A surrogate pair is one character; half of one is U+FFFD.
    fn character(&mut self, first: u32) -> Result<char, SyntaxError> {
        if !(0xd800..0xdc00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or('\u{fffd}'));
        }
        let before = self.at;
        if self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let second = self.unit()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            self.at = before;
        }
        Ok('\u{fffd}')
    }

    fn unit(&mut self) -> Result<u32, SyntaxError> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            let Some(digit) = digit else { return Err(self.unexpected("in \\u hexadecimal character escape")) };
            unit = unit << 4 | digit;
            self.at += 1;
        }
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_where_they_and_their_keys_end() {
        let document =
            parse(br#" {"a": [1, {"b": "\u00e9\ud83d\ude00\ud800x"}], "a": null} "#, MAX_DEPTH).expect("JSON");
        let root = &document.nodes[document.root as usize];
        let Value::Object(members) = &root.value else { panic!("{root:?}") };
        assert_eq!(members.len(), 2);
        let list = &document.nodes[members[0].1 as usize];
        assert_eq!((list.start, list.key_start, list.key_end, root.start), (8, 2, 5, 2));
        let Value::Array(items) = &list.value else { panic!("{list:?}") };
        let Value::Object(inner) = &document.nodes[items[1] as usize].value else { panic!("an object") };
        assert_eq!(document.nodes[inner[0].1 as usize].value, Value::Text("é😀\u{fffd}x".into()));
    }

    #[test]
    fn syntax_errors_are_gos() {
        for (text, message, offset) in [
            ("", "unexpected end of JSON input", 0),
            ("{", "unexpected end of JSON input", 1),
            ("x", "invalid character 'x' looking for beginning of value", 1),
            ("[1,]", "invalid character ']' looking for beginning of value", 4),
            ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string", 8),
            ("{\"a\" 1}", "invalid character '1' after object key", 6),
            ("{\"a\":1 \"", "invalid character '\"' after object key:value pair", 8),
            ("[1 2]", "invalid character '2' after array element", 4),
            ("1 2", "invalid character '2' after top-level value", 3),
            ("tru ", "invalid character ' ' in literal true (expecting 'e')", 4),
            ("-x", "invalid character 'x' in numeric literal", 2),
            ("1.x", "invalid character 'x' after decimal point in numeric literal", 3),
            ("1ex", "invalid character 'x' in exponent of numeric literal", 3),
            ("\"\n\"", "invalid character '\\n' in string literal", 2),
            ("\"\\x\"", "invalid character 'x' in string escape code", 3),
            ("\"\\u00g\"", "invalid character 'g' in \\u hexadecimal character escape", 6),
        ] {
            let error = parse(text.as_bytes(), MAX_DEPTH).expect_err(text);
            assert_eq!((&*error.message, error.offset), (message, offset), "{text}");
        }
    }
}
