//! JSON → the Ignition 2.x model, and the JSON tree as the validator walks it.
//!
//! Owns: Go's decoding rules (keys in any case, null is nothing, the first type error is kept) and positions. Must not: know a rule.

use std::cell::OnceCell;

use flatwright_go::json::{Document, NodeRef, Value};

use crate::ignition2::model::Source;
use crate::ignition2::walk::{Ast, Member};
use crate::problem::{Json, Yaml};

/// A type error, and the offset that Go gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeError {
    pub(crate) problem: Json,
    pub(crate) offset: usize,
}

/// A document being decoded.
pub(crate) struct JsonSource<'d> {
    document: &'d Document,
    errors: Vec<TypeError>,
}

impl<'d> JsonSource<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        Self { document, errors: Vec::new() }
    }

    /// The first type error.
    pub(crate) fn problem(self) -> Option<TypeError> {
        self.errors.into_iter().next()
    }

    fn value(&self, node: NodeRef) -> &'d Value {
        &self.document.nodes[node as usize].value
    }

    fn mismatch(&mut self, node: NodeRef, into: &str) {
        let node = &self.document.nodes[node as usize];
        let (what, offset) = match &node.value {
            Value::Null => return,
            Value::Bool(_) => ("bool".to_owned(), node.end),
            Value::Number(digits) if into == "int" => (format!("number {digits}"), node.end),
            Value::Number(_) => ("number".to_owned(), node.end),
            Value::Text(_) => ("string".to_owned(), node.end),
            Value::Array(_) => ("array".to_owned(), node.start),
            Value::Object(_) => ("object".to_owned(), node.start),
        };
        let problem = Json { what, place: format!("value of type {into}") };
        self.errors.push(TypeError { problem, offset });
    }
}

impl Source for JsonSource<'_> {
    fn is_null(&self, node: NodeRef) -> bool {
        *self.value(node) == Value::Null
    }

    fn accepts_null(&self) -> bool {
        true
    }

    fn string(&mut self, node: NodeRef, go: &str) -> Option<String> {
        if let Value::Text(text) = self.value(node) {
            return Some(text.clone());
        }
        self.mismatch(node, go);
        None
    }

    fn bytes(&mut self, node: NodeRef, go: &str) -> Option<Vec<u8>> {
        self.string(node, go).map(String::into_bytes)
    }

    fn int(&mut self, node: NodeRef) -> Option<i64> {
        if let Value::Number(digits) = self.value(node)
            && let Ok(number) = digits.parse()
        {
            return Some(number);
        }
        self.mismatch(node, "int");
        None
    }

    fn uint(&mut self, node: NodeRef) -> Option<u64> {
        if let Value::Number(digits) = self.value(node)
            && let Ok(number) = digits.parse()
        {
            return Some(number);
        }
        self.mismatch(node, "uint");
        None
    }

    fn bool(&mut self, node: NodeRef) -> Option<bool> {
        if let Value::Bool(value) = self.value(node) {
            return Some(*value);
        }
        self.mismatch(node, "bool");
        None
    }

    fn list(&mut self, node: NodeRef, go: &str) -> Option<Vec<NodeRef>> {
        if let Value::Array(items) = self.value(node) {
            return Some(items.clone());
        }
        self.mismatch(node, go);
        None
    }

    fn fields(&mut self, node: NodeRef, go: &str, keys: &[&'static str]) -> Option<Vec<(&'static str, NodeRef)>> {
        let Value::Object(members) = self.value(node) else {
            self.mismatch(node, go);
            return None;
        };
        let find = |name: &str| {
            let exact = keys.iter().find(|key| **key == name);
            exact.or_else(|| keys.iter().find(|key| key.eq_ignore_ascii_case(name))).copied()
        };
        Some(members.iter().filter_map(|(name, value)| Some((find(name)?, *value))).collect())
    }

    // Only versions of services stop a decoder, and no Ignition config has any.
    fn fail(&mut self, _: Yaml) {}

    fn error_count(&self) -> usize {
        self.errors.len()
    }
}

/// The JSON tree as the validator walks it.
pub(crate) struct JsonAst<'d> {
    document: &'d Document,
    lines: Lines<'d>,
}

impl<'d> JsonAst<'d> {
    pub(crate) fn new(document: &'d Document, text: &'d [u8]) -> Self {
        Self { document, lines: Lines::new(text) }
    }
}

impl Ast for JsonAst<'_> {
    fn position(&self, node: NodeRef) -> (u32, u32) {
        self.lines.position(self.document.nodes[node as usize].end)
    }

    fn key_position(&self, member: &Member<'_>) -> (u32, u32) {
        self.lines.position(self.document.nodes[member.value as usize].key_end)
    }

    fn item(&self, node: NodeRef, index: usize) -> Option<NodeRef> {
        match &self.document.nodes[node as usize].value {
            Value::Array(items) => items.get(index).copied(),
            _ => None,
        }
    }

    fn members(&self, node: NodeRef) -> Option<Vec<Member<'_>>> {
        let Value::Object(members) = &self.document.nodes[node as usize].value else { return None };
        Some(members.iter().map(|(name, value)| Member { name: name.into(), key: *value, value: *value }).collect())
    }
}

/// Offset → line and column as go4.org/errorutil counts them: bytes, and on the first line one less than elsewhere.
pub(crate) struct Lines<'t> {
    text: &'t [u8],
    /// Where each line but the first begins; counted once, when the first position is asked for.
    starts: OnceCell<Vec<usize>>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self { text, starts: OnceCell::new() }
    }

    pub(crate) fn position(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let breaks = || self.text.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1).collect();
        let starts = self.starts.get_or_init(breaks);
        let before = starts.partition_point(|start| *start <= offset);
        let column = match starts[..before].last() {
            Some(start) => offset - start + 1,
            None => offset,
        };
        let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
        (number(before + 1), number(column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_right_in_any_order() {
        let lines = Lines::new(b"ab\nc\n\nd");
        for (offset, place) in
            [(6, (4, 1)), (7, (4, 2)), (0, (1, 0)), (2, (1, 2)), (3, (2, 1)), (99, (4, 2)), (5, (3, 1))]
        {
            assert_eq!(lines.position(offset), place, "{offset}");
        }
    }
}
