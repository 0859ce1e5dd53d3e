//! Symbolic places: which source, which node, key or value. Bytes are found by the renderer alone.

use crate::path::Path;

/// One input text of a run: a spec, a Butane file, a manifest, a plugin's settings. Issued by whoever loads texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// One node of a parsed source: an index into its tree. Cheap to keep in every decoded value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Which part of a mapping entry is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The key of the entry: the name itself is wrong, or everything below it is meant.
    Key,
    /// The value: what is written there is wrong.
    #[default]
    Value,
    /// A place inside the value's text, such as a line of a template in a block scalar.
    Inside(Inner),
}

/// A 1-based line and column (in characters) inside a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inner {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl Inner {
    /// From counted lines and columns; what no file has is cut.
    pub fn new(line: usize, column: usize) -> Self {
        let cut = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { line: cut(line), column: cut(column) }
    }
}

/// How an anchor names its node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A node of the parsed tree. The usual case: free to make.
    Node(NodeId),
    /// A path below the root of document `document` (0-based), used where no tree exists yet or the finding comes from a checker that knows
    /// paths only. The renderer walks as far as the source has nodes.
    Path {
        /// 0-based document index in a multi-document stream.
        document: u32,
        /// The path below that document's root.
        path: Path,
    },
    /// A byte offset, for texts that have no tree (syntax errors).
    Offset(usize),
    /// A 1-based line and column (in characters), for formats whose own tools report those.
    LineColumn(u32, u32),
    /// The source as a whole.
    Whole,
}

/// A symbolic location: what a diagnostic points at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchor {
    /// The text that is meant.
    pub source: SourceId,
    /// The node in it.
    pub place: Place,
    /// Its key or its value.
    pub part: Part,
}

impl Anchor {
    /// The value of a parsed node.
    pub fn node(source: SourceId, node: NodeId) -> Self {
        Self { source, place: Place::Node(node), part: Part::Value }
    }

    /// The key that leads to a parsed node; the node itself where it has none (a list item, the root).
    pub fn key(source: SourceId, node: NodeId) -> Self {
        Self { source, place: Place::Node(node), part: Part::Key }
    }

    /// The value at a path below the root of the first document.
    pub fn path(source: SourceId, path: Path) -> Self {
        Self { source, place: Place::Path { document: 0, path }, part: Part::Value }
    }

    /// A byte offset in a text without a tree.
    pub fn offset(source: SourceId, offset: usize) -> Self {
        Self { source, place: Place::Offset(offset), part: Part::Value }
    }

    /// A 1-based line and column, in characters.
    pub fn line_column(source: SourceId, line: u32, column: u32) -> Self {
        Self { source, place: Place::LineColumn(line, column), part: Part::Value }
    }

    /// The source as a whole.
    pub fn whole(source: SourceId) -> Self {
        Self { source, place: Place::Whole, part: Part::Value }
    }
}
