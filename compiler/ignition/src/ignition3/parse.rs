//! JSON text → [`Config`], as Go's decoder reads it, and the report of `ignition-validate`.

use std::sync::Arc;

use crate::entry::{Entry, EntryKind};
use crate::goyaml::{Content, Decoder, Kind, Node, NodeId, Record, Style, Text, Tree, Value, record};

use super::check::{Check, check};
use super::report::{Finding, Findings, Step};
use super::types::Config;
use super::version::{Semver, Version};

/// What became of a text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The config and its version; `None` if the text is none.
    pub config: Option<(Config, Version)>,
    /// The report.
    pub entries: Vec<Entry>,
    /// Why the text is no config at all (the original prints it on standard error after `couldn't parse config: `).
    pub failure: Option<&'static str>,
}

record! {
    /// Just the version.
    VersionStub {
        /// About Ignition itself.
        ignition: IgnitionStub = "ignition";
    }
    /// Just the version.
    IgnitionStub {
        /// The version.
        version: Option<String> = "version";
    }
}

/// Decodes a config of any version. The entries hold syntax and type errors only.
pub fn parse(text: &[u8]) -> Parsed {
    run(text, false)
}

/// Decodes and validates a config, as `ignition-validate` does.
pub fn validate(text: &[u8]) -> Parsed {
    run(text, true)
}

fn run(bytes: &[u8], is_checked: bool) -> Parsed {
    let mut parsed = Parsed { config: None, entries: Vec::new(), failure: None };
    if bytes.is_empty() {
        parsed.failure = Some("not a config (empty)");
        return parsed;
    }
    let tree = match read(bytes) {
        Ok(tree) => tree,
        Err(error) => {
            parsed.entries.push(error.entry(bytes));
            return parsed;
        }
    };
    let mut stub = VersionStub::default();
    if let Some(error) = decode(&tree, 0, &mut stub, "util.versionStub", "") {
        parsed.entries.push(error.entry(bytes));
        return parsed;
    }
    let version = stub.ignition.version.unwrap_or_default();
    if Semver::parse(&version).is_none() {
        parsed.failure = Some("invalid config version (couldn't parse)");
        return parsed;
    }
    let Some(version) = Version::parse(&version) else {
        parsed.failure = Some("unsupported config version");
        return parsed;
    };
    let mut config = Config::default();
    if let Some(error) = decode(&tree, version.minor(), &mut config, "types.Config", "types.") {
        parsed.entries.push(error.entry(bytes));
        return parsed;
    }
    if is_checked {
        let mut found = Findings::default();
        walk(&tree, &config, version, true, &mut found);
        parsed.entries = found.list.iter().map(|finding| locate(finding, &tree)).collect();
    }
    parsed.config = Some((config, version));
    parsed
}

/// All three checks at once, as on a text.
pub(crate) fn walk(tree: &Tree, config: &Config, version: Version, is_newest: bool, found: &mut Findings) {
    check(&Check { version, has_rules: true, has_duplicates: true, is_newest, tree: Some(tree) }, config, found);
}

/// Decodes a config of one version, whatever version it says.
///
/// # Errors
/// The error as the original words it.
pub(crate) fn parse_as(bytes: &[u8], version: Version) -> Result<(Tree, Config), String> {
    let tree = read(bytes).map_err(|error| error.message)?;
    let mut config = Config::default();
    match decode(&tree, version.minor(), &mut config, "types.Config", "types.") {
        Some(error) => Err(error.message),
        None => Ok((tree, config)),
    }
}

/// Gives a finding the place of the deepest node on its path.
pub(crate) fn locate(finding: &Finding, tree: &Tree) -> Entry {
    let node = finding.key.or_else(|| {
        let mut at = tree.root()?;
        for step in &finding.path {
            let next = match step {
                Step::Key(key) => tree.entry(at, key).map(|(_, value)| value),
                Step::Index(index) => match tree.kind(at) {
                    Kind::Sequence(items) => items.get(*index).copied(),
                    _ => None,
                },
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        Some(at)
    });
    Entry {
        kind: finding.kind,
        path: Step::write(&finding.path),
        position: node.map(|node| (tree.node(node).line, tree.node(node).column)),
        message: finding.message.clone().into_owned(),
    }
}

/// An error of the decoder, at a byte offset.
struct JsonError {
    offset: usize,
    message: String,
}

impl JsonError {
    fn entry(self, bytes: &[u8]) -> Entry {
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

fn read(bytes: &[u8]) -> Result<Tree, JsonError> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader =
        Reader { bytes: text.as_bytes(), at: 0, line: 1, line_start: 0, tree: Tree::new(Arc::from(&*text)), depth: 0 };
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
                        return Err(JsonError { offset: self.at + 1, message: "exceeded max depth".to_owned() });
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
        let raw = std::str::from_utf8(&self.bytes[start + 1..self.at - 1]).unwrap_or_default();
        let text = unescape(raw);
        Ok(self.push(Content::Scalar(Text::Owned(text.into()), Style::Quoted), start))
    }

    fn scalar(&mut self, from: usize, to: usize, style: Style, start: usize) -> NodeId {
        let text = Text::Borrowed(u32::try_from(from).unwrap_or(u32::MAX), u32::try_from(to).unwrap_or(u32::MAX));
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
        0x80..=0x9f => format!(r"'\u{byte:04x}'"),
        _ => format!("'{}'", char::from(byte)),
    }
}

/// Decodes a tree into a record; the first type error wins, as in Go.
fn decode<R: Record>(
    tree: &Tree,
    version: u8,
    record: &mut R,
    name: &'static str,
    package: &'static str,
) -> Option<JsonError> {
    let mut decoder =
        JsonDecoder { tree, version, package, error: None, path: Vec::new(), structs: Vec::new(), root: name };
    if let Some(root) = tree.root() {
        decoder.record(root, record);
    }
    decoder.error
}

struct JsonDecoder<'t> {
    tree: &'t Tree,
    version: u8,
    package: &'static str,
    error: Option<JsonError>,
    /// Field names from the root, with the embedded structs.
    path: Vec<&'static str>,
    structs: Vec<&'static str>,
    root: &'static str,
}

impl JsonDecoder<'_> {
    fn mismatch(&mut self, node: NodeId, go_type: &str) {
        if self.error.is_some() {
            return;
        }
        let node_data = self.tree.node(node);
        let start = node_data.start as usize;
        let (what, offset) = match self.tree.kind(node) {
            // Collections start after their bracket, which is as far as Go has read.
            Kind::Mapping(_) => ("object".to_owned(), start),
            Kind::Sequence(_) => ("array".to_owned(), start),
            Kind::Scalar(text, Style::Number) => {
                let is_int = go_type == "int";
                (if is_int { format!("number {text}") } else { "number".to_owned() }, start + text.len())
            }
            Kind::Scalar(text, Style::Word) => ("bool".to_owned(), start + text.len()),
            _ => ("string".to_owned(), self.string_end(start)),
        };
        let place = match self.structs.last() {
            None => format!("value of type {}", self.root),
            Some(name) => format!("struct field {}.{} of type {go_type}", go_name(name), self.path.join(".")),
        };
        self.error = Some(JsonError { offset, message: format!("json: cannot unmarshal {what} into Go {place}") });
    }

    fn string_end(&self, start: usize) -> usize {
        let bytes = self.tree.text.as_bytes();
        let mut at = start + 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => return at + 1,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        bytes.len()
    }
}

fn go_name(name: &str) -> &str {
    match name {
        "Tls" => "TLS",
        "HttpHeader" => "HTTPHeader",
        "VersionStub" | "IgnitionStub" => "",
        name => name,
    }
}

impl Decoder for JsonDecoder<'_> {
    fn qualify(&self, name: &str) -> String {
        format!("{}{}", self.package, go_name(name))
    }

    fn is_null(&self, node: NodeId) -> bool {
        matches!(self.tree.kind(node), Kind::Scalar("null", Style::Word))
    }

    fn string(&mut self, node: NodeId, go: &'static str) -> Option<String> {
        match self.tree.kind(node) {
            Kind::Scalar(text, Style::Quoted) => Some(text.to_owned()),
            _ if self.is_null(node) => None,
            _ => {
                let go_type = String::go_type(self, go);
                self.mismatch(node, &go_type);
                None
            }
        }
    }

    fn integer(&mut self, node: NodeId) -> Option<i64> {
        match self.tree.kind(node) {
            Kind::Scalar(text, Style::Number) if text.parse::<i64>().is_ok() => text.parse().ok(),
            _ if self.is_null(node) => None,
            _ => {
                self.mismatch(node, "int");
                None
            }
        }
    }

    fn boolean(&mut self, node: NodeId) -> Option<bool> {
        match self.tree.kind(node) {
            Kind::Scalar("true", Style::Word) => Some(true),
            Kind::Scalar("false", Style::Word) => Some(false),
            _ if self.is_null(node) => None,
            _ => {
                self.mismatch(node, "bool");
                None
            }
        }
    }

    fn list<T: Value>(&mut self, node: NodeId, go: &'static str) -> Option<Vec<T>> {
        if self.is_null(node) {
            return Some(Vec::new());
        }
        let Kind::Sequence(items) = self.tree.kind(node) else {
            let go_type = <Vec<T> as Value>::go_type(self, go);
            self.mismatch(node, &go_type);
            return None;
        };
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            // Unlike in YAML, an item that is null keeps its place.
            let mut value = T::default();
            value.decode(self, *item, go);
            values.push(value);
        }
        Some(values)
    }

    fn record<R: Record>(&mut self, node: NodeId, record: &mut R) -> bool {
        let Kind::Mapping(items) = self.tree.kind(node) else {
            if !self.is_null(node) {
                let go_type = self.qualify(R::NAME);
                self.mismatch(node, &go_type);
            }
            return false;
        };
        self.structs.push(R::NAME);
        let is_stub = go_name(R::NAME).is_empty();
        for [key, value] in items.as_chunks::<2>().0 {
            let name = self.tree.value(*key);
            let is_known = |field: &&crate::goyaml::Field| field.since <= self.version;
            let fields = || R::FIELDS.iter().enumerate().filter(|(_, field)| is_known(field));
            let found = fields()
                .find(|(_, field)| field.key == name)
                .or_else(|| fields().find(|(_, field)| field.key.eq_ignore_ascii_case(name)));
            let Some((index, field)) = found else { continue };
            let depth = self.path.len();
            if !field.of.is_empty() {
                self.path.push(field.of);
            }
            self.path.push(match (is_stub, field.key) {
                (true, "ignition") => "Ignition",
                (true, _) => "Version",
                (false, key) => key,
            });
            record.decode_field(index, self, *value);
            self.path.truncate(depth);
        }
        self.structs.pop();
        true
    }
}
