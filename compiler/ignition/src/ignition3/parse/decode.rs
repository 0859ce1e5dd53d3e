//! Tree → record, as Go's `encoding/json` decodes.

use super::read::JsonError;
use crate::codec::{Decoder, Record, Value};
use crate::problem::{Config, Json};
use flatwright_go::yaml3::{Kind, NodeId, Style, Tree};

/// Decodes a tree into a record; the first type error wins, as in Go.
pub(super) fn decode<R: Record>(
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
        self.error = Some(JsonError { offset, problem: Config::Type(Json { what, place }) });
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
        "VersionStub" => "versionStub",
        "IgnitionStub" => "",
        name => name,
    }
}

impl Decoder for JsonDecoder<'_> {
    fn qualify(&self, name: &str) -> String {
        match name {
            // A type without a name.
            "IgnitionStub" => "struct { Version string }".to_owned(),
            name => format!("{}{}", self.package, go_name(name)),
        }
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
        let is_stub = matches!(R::NAME, "VersionStub" | "IgnitionStub");
        for [key, value] in items.as_chunks::<2>().0 {
            let name = self.tree.value(*key);
            let is_known = |field: &&crate::codec::Field| field.since <= self.version;
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
