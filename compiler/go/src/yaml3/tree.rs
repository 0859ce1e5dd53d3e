//! The tree: an arena of nodes with the position that the original reports for each. JSON configs are read into the same tree.

use std::sync::Arc;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// Quoted, or a block scalar: a string unless tagged otherwise.
    Quoted,
    /// A JSON number.
    Number,
    /// A JSON `true`, `false` or `null`.
    Word,
}

/// A scalar's text: a part of the source, or made by unescaping.
#[derive(Clone, Debug)]
pub enum Text {
    /// The bytes from, and up to.
    Borrowed(u32, u32),
    /// What unescaping made.
    Owned(Box<str>),
}

/// What a node holds; [`Kind`] is how it is looked at.
#[derive(Clone, Debug)]
pub enum Content {
    /// A scalar.
    Scalar(Text, Style),
    /// A list.
    Sequence(Box<[NodeId]>),
    /// Keys and values in turn.
    Mapping(Box<[NodeId]>),
    /// An alias, and the anchor's name.
    Alias(NodeId, Box<str>),
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'t> {
    /// A scalar's text and how it was written.
    Scalar(&'t str, Style),
    /// A list.
    Sequence(&'t [NodeId]),
    /// Keys and values in turn, in source order.
    Mapping(&'t [NodeId]),
    /// An alias: what it stands for, and the anchor's name.
    Alias(NodeId, &'t str),
}

/// One node.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it holds.
    pub content: Content,
    /// The explicit tag.
    pub tag: Option<Box<str>>,
    /// 1-based line that the original reports.
    pub line: u32,
    /// 1-based column that the original reports.
    pub column: u32,
    /// Byte offset of the start.
    pub start: u32,
}

/// A parsed document.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The source.
    pub text: Arc<str>,
    /// All nodes, by [`NodeId`].
    pub nodes: Vec<Node>,
    /// Where it begins; `None` if there is no document.
    pub root: Option<NodeId>,
}

impl Tree {
    /// A tree without nodes.
    pub fn new(text: Arc<str>) -> Self {
        Self { nodes: Vec::with_capacity(text.len() / 12), text, root: None }
    }

    /// The root; `None` if there is no document.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// What a node is.
    pub fn kind(&self, id: NodeId) -> Kind<'_> {
        match &self.node(id).content {
            Content::Scalar(text, style) => Kind::Scalar(self.slice(text), *style),
            Content::Sequence(items) => Kind::Sequence(items),
            Content::Mapping(items) => Kind::Mapping(items),
            Content::Alias(target, name) => Kind::Alias(*target, name),
        }
    }

    /// The text that names a key in reports: a scalar's text, an alias's name, nothing for collections.
    pub fn value(&self, id: NodeId) -> &str {
        match self.kind(id) {
            Kind::Scalar(text, _) | Kind::Alias(_, text) => text,
            _ => "",
        }
    }

    /// The explicit tag, in its short form (`!!str`) where it has one.
    pub fn tag(&self, id: NodeId) -> Option<&str> {
        self.node(id).tag.as_deref()
    }

    /// The value of the last entry with this key text, and the key. Aliases are not followed.
    pub fn entry(&self, id: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let Kind::Mapping(items) = self.kind(id) else { return None };
        items
            .as_chunks::<2>()
            .0
            .iter()
            .rev()
            .find(|[name, _]| self.value(*name) == key)
            .map(|[key, value]| (*key, *value))
    }

    /// Adds a node.
    pub fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).expect("invariant: inputs are below 4 GiB"));
        self.nodes.push(node);
        id
    }

    fn slice<'t>(&'t self, text: &'t Text) -> &'t str {
        match text {
            Text::Borrowed(from, to) => &self.text[*from as usize..*to as usize],
            Text::Owned(text) => text,
        }
    }
}
