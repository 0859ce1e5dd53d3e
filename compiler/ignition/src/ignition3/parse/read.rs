//! JSON text → tree, with the positions of go-json: a collection stands behind its bracket.

use std::sync::Arc;

use flatwright_go::json::{self, Document, NodeRef, SyntaxError, Value};
use flatwright_go::yaml3::{Content, Node, NodeId, Style, Text, Tree};

use crate::entry::{Entry, EntryKind};
use crate::problem::Config;

/// An error of the decoder, at a byte offset.
pub(super) struct JsonError {
    pub(super) offset: usize,
    pub(super) problem: Config,
}

impl JsonError {
    pub(super) fn entry(self, bytes: &[u8]) -> Entry {
        // The original looks for the byte after the error; at the end of the text there is none.
        let position = if self.offset < bytes.len() { Lines::of(bytes).position(self.offset) } else { (0, 0) };
        Entry { kind: EntryKind::Error, path: String::new(), position: Some(position), problem: self.problem.into() }
    }
}

impl From<SyntaxError> for JsonError {
    fn from(error: SyntaxError) -> Self {
        Self { offset: error.offset, problem: Config::Syntax { words: error.message } }
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Tree, JsonError> {
    let Document { nodes, root } = json::parse(bytes, json::MAX_DEPTH)?;
    // Only who looks for the end of a text reads the source again.
    let source: Arc<str> = std::str::from_utf8(bytes).unwrap_or_default().into();
    let mut writer = Writer { lines: Lines::of(bytes), tree: Tree::new(source), ids: Vec::new() };
    let keys: Vec<_> = nodes.iter().map(|node| node.key_start).collect();
    for node in nodes {
        let content = match node.value {
            Value::Null => scalar("null".to_owned(), Style::Word),
            Value::Bool(value) => scalar(value.to_string(), Style::Word),
            Value::Number(digits) => scalar(digits, Style::Number),
            Value::Text(text) => scalar(text, Style::Quoted),
            Value::Array(items) => Content::Sequence(items.into_iter().map(|item| writer.id(item)).collect()),
            Value::Object(members) => {
                let mut items = Vec::with_capacity(2 * members.len());
                for (name, value) in members {
                    items.push(writer.push(scalar(name, Style::Quoted), keys[value as usize]));
                    items.push(writer.id(value));
                }
                Content::Mapping(items.into())
            }
        };
        let id = writer.push(content, node.start);
        writer.ids.push(id);
    }
    writer.tree.root = Some(writer.id(root));
    Ok(writer.tree)
}

fn scalar(text: String, style: Style) -> Content {
    Content::Scalar(Text::Owned(text.into()), style)
}

struct Writer {
    lines: Lines,
    tree: Tree,
    /// What each node of the document became.
    ids: Vec<NodeId>,
}

impl Writer {
    fn id(&self, node: NodeRef) -> NodeId {
        self.ids[node as usize]
    }

    fn push(&mut self, content: Content, start: usize) -> NodeId {
        let (line, column) = self.lines.position(start);
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        self.tree.push(Node { content, tag: None, line, column, start })
    }
}

/// Where each line begins.
struct Lines(Vec<usize>);

impl Lines {
    fn of(bytes: &[u8]) -> Self {
        let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        Self([0].into_iter().chain(breaks).collect())
    }

    /// Line and column, both from 1 and in bytes.
    fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.0.partition_point(|start| *start <= offset);
        let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
        (number(line), number(offset - self.0[line - 1] + 1))
    }
}
