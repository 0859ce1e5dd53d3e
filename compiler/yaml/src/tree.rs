//! The spanned tree: an arena of nodes in document order, with the text, style, tag and place of each.
//!
//! A parent always has a smaller id than its children, and a subtree is a contiguous range of ids.

use flatwright_diagnostic::{Inner, NodeId, Part, Path, Segment};

const NONE: u32 = u32::MAX;

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: the only style whose text may mean something else than a string.
    Plain,
    /// `'…'`.
    SingleQuoted,
    /// `"…"`.
    DoubleQuoted,
    /// `|`.
    Literal,
    /// `>`.
    Folded,
}

#[derive(Clone, Debug)]
enum Content {
    Scalar(Text, Style),
    Sequence(u32, u32),
    Mapping(u32, u32),
    Alias(NodeId),
}

#[derive(Clone, Debug)]
enum Text {
    Borrowed(u32, u32),
    Owned(Box<str>),
}

#[derive(Clone, Debug)]
pub(crate) struct Raw {
    content: Content,
    parent: u32,
    key: u32,
    start: u32,
    end: u32,
    tag: Option<Box<str>>,
    is_flow: bool,
}

/// A parsed stream of documents.
#[derive(Clone, Debug)]
pub struct Tree {
    text: std::sync::Arc<str>,
    nodes: Vec<Raw>,
    children: Vec<NodeId>,
    roots: Vec<NodeId>,
}

/// What a node is. Aliases are followed by [`Tree::kind`], so a consumer never meets one unless it asks with [`Tree::is_alias`].
#[derive(Clone, Copy, Debug)]
pub enum Kind<'t> {
    /// A scalar's text after unescaping and folding, and its style. Typing it is the consumer's business.
    Scalar(&'t str, Style),
    /// A list.
    Sequence(Children<'t>),
    /// A mapping, as alternating keys and values in source order; duplicates and merge keys are kept.
    Mapping(Entries<'t>),
}

/// The items of a list, in order.
pub type Children<'t> = &'t [NodeId];

/// One entry of a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key node.
    pub key: NodeId,
    /// The value node.
    pub value: NodeId,
}

/// The entries of a mapping, in source order.
#[derive(Clone, Copy, Debug)]
pub struct Entries<'t>(&'t [NodeId]);

impl<'t> Entries<'t> {
    /// The entries one by one.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Entry> + ExactSizeIterator + 't {
        self.0.as_chunks::<2>().0.iter().map(|pair| Entry { key: pair[0], value: pair[1] })
    }

    /// How many entries there are.
    pub fn len(self) -> usize {
        self.0.len() / 2
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// A node with its tree, for walking without carrying both.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    /// The tree it is in.
    pub tree: &'t Tree,
    /// Its id.
    pub id: NodeId,
}

impl Tree {
    pub(crate) fn new(text: std::sync::Arc<str>) -> Self {
        Self { nodes: Vec::with_capacity(text.len() / 16), text, children: Vec::new(), roots: Vec::new() }
    }

    /// The source text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The source text, to be kept beside the tree.
    pub fn shared_text(&self) -> std::sync::Arc<str> {
        std::sync::Arc::clone(&self.text)
    }

    /// The root node of each document, in order. An empty document has a plain empty scalar as its root.
    pub fn roots(&self) -> &[NodeId] {
        &self.roots
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the stream has no document at all.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What the node is; an alias is what it stands for.
    pub fn kind(&self, id: NodeId) -> Kind<'_> {
        match &self.raw(self.resolve(id)).content {
            Content::Scalar(text, style) => Kind::Scalar(self.slice(text), *style),
            Content::Sequence(from, to) => Kind::Sequence(&self.children[*from as usize..*to as usize]),
            Content::Mapping(from, to) => Kind::Mapping(Entries(&self.children[*from as usize..*to as usize])),
            Content::Alias(_) => unreachable!("invariant: resolve follows aliases"),
        }
    }

    /// The node an alias stands for; any other node is itself.
    pub fn resolve(&self, mut id: NodeId) -> NodeId {
        // The parser only makes aliases to earlier, finished nodes, so this ends.
        while let Content::Alias(target) = self.raw(id).content {
            id = target;
        }
        id
    }

    /// Whether the node is written as an alias (`*name`).
    pub fn is_alias(&self, id: NodeId) -> bool {
        matches!(self.raw(id).content, Content::Alias(_))
    }

    /// The tag as written, resolved (`tag:yaml.org,2002:binary`, `!local`), if any.
    pub fn tag(&self, id: NodeId) -> Option<&str> {
        self.raw(self.resolve(id)).tag.as_deref()
    }

    /// Whether a collection is written in flow style (`[a]`, `{a: b}`).
    pub fn is_flow(&self, id: NodeId) -> bool {
        self.raw(self.resolve(id)).is_flow
    }

    /// The byte range of the node as written (an alias: of the alias itself).
    pub fn span(&self, id: NodeId) -> std::ops::Range<usize> {
        let raw = self.raw(id);
        raw.start as usize..raw.end as usize
    }

    /// The byte range of the key that leads to the node; its own range where it has none.
    pub fn part_span(&self, id: NodeId, part: Part) -> std::ops::Range<usize> {
        match (part, self.key_of(id)) {
            (Part::Key, Some(key)) => self.span(key),
            _ => self.span(id),
        }
    }

    /// Where a place inside a scalar's text stands in this text: in a literal block (`|`), whose lines are the file's. Other styles fold or escape.
    pub fn offset_inside(&self, id: NodeId, inner: Inner) -> Option<usize> {
        if self.is_alias(id) || !matches!(self.kind(id), Kind::Scalar(_, Style::Literal)) {
            return None;
        }
        // The block's text begins on the line after the `|`; the parser's span begins there only if the first line is not blank.
        let text = self.text();
        let start = self.span(id).start;
        let bar = if text[start..].starts_with('|') { Some(start) } else { text[..start].rfind('|') }?;
        let block = &text[bar..];
        let mut lines = block.split_inclusive('\n');
        let header = lines.next()?;
        let indent = lines
            .clone()
            .find(|line| !line.trim().is_empty())
            .map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
        let before: usize = lines.clone().take((inner.line as usize).saturating_sub(1)).map(str::len).sum();
        let line = lines.nth((inner.line as usize).saturating_sub(1))?;
        let content = line.get(indent..).unwrap_or_default().trim_end_matches(['\n', '\r']);
        let column =
            content.char_indices().nth((inner.column as usize).saturating_sub(1)).map_or(content.len(), |(at, _)| at);
        Some(bar + header.len() + before + indent.min(line.len()) + column)
    }

    /// The node that contains this one.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.raw(id).parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    /// The key of the mapping entry whose value this node is.
    pub fn key_of(&self, id: NodeId) -> Option<NodeId> {
        let key = self.raw(id).key;
        (key != NONE).then_some(NodeId(key))
    }

    /// A mapping value by key text, the first of that name. `None` if the node is not a mapping or has no such key.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        let Kind::Mapping(entries) = self.kind(id) else { return None };
        entries.iter().find(|entry| self.scalar(entry.key) == Some(key)).map(|entry| entry.value)
    }

    /// A scalar's text, whatever its style.
    pub fn scalar(&self, id: NodeId) -> Option<&str> {
        match self.kind(id) {
            Kind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// Where the node stands below its document's root. Costs a walk up; meant for reports.
    pub fn path(&self, id: NodeId) -> Path {
        let mut reversed = Vec::new();
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            reversed.push(match self.key_of(at) {
                Some(key) => Segment::Key(self.scalar(key).unwrap_or("?").into()),
                None => match &self.raw(parent).content {
                    Content::Sequence(from, to) => {
                        let items = &self.children[*from as usize..*to as usize];
                        Segment::Index(items.binary_search(&at).unwrap_or_default())
                    }
                    _ => Segment::Key(self.scalar(at).unwrap_or("?").into()),
                },
            });
            at = parent;
        }
        reversed.into_iter().rev().collect()
    }

    /// The node at a path below a root, or the deepest one that exists, and whether all of the path was found.
    pub fn find(&self, root: NodeId, path: &Path) -> (NodeId, bool) {
        let mut at = root;
        for segment in path.segments() {
            let next = match segment {
                Segment::Key(key) => self.get(at, key),
                Segment::Index(index) => match self.kind(at) {
                    Kind::Sequence(items) => items.get(*index).copied(),
                    _ => self.get(at, &index.to_string()),
                },
            };
            let Some(next) = next else { return (at, false) };
            at = next;
        }
        (at, true)
    }

    fn raw(&self, id: NodeId) -> &Raw {
        &self.nodes[id.0 as usize]
    }

    fn slice<'t>(&'t self, text: &'t Text) -> &'t str {
        match text {
            Text::Borrowed(from, to) => &self.text[*from as usize..*to as usize],
            Text::Owned(text) => text,
        }
    }
}

/// Building, for the parsers of this crate.
impl Tree {
    pub(crate) fn push_scalar(&mut self, text: std::borrow::Cow<'_, str>, style: Style, place: Opened) -> NodeId {
        let text = match text {
            std::borrow::Cow::Borrowed(part) => self.borrowed(part).unwrap_or_else(|| Text::Owned(part.into())),
            std::borrow::Cow::Owned(text) => Text::Owned(text.into_boxed_str()),
        };
        self.push(Content::Scalar(text, style), place)
    }

    pub(crate) fn push_alias(&mut self, target: NodeId, place: Opened) -> NodeId {
        self.push(Content::Alias(target), place)
    }

    pub(crate) fn open_sequence(&mut self, place: Opened) -> NodeId {
        self.push(Content::Sequence(0, 0), place)
    }

    pub(crate) fn open_mapping(&mut self, place: Opened) -> NodeId {
        self.push(Content::Mapping(0, 0), place)
    }

    pub(crate) fn close(&mut self, id: NodeId, children: &[NodeId], end: usize) {
        let from = offset(self.children.len());
        self.children.extend_from_slice(children);
        let to = offset(self.children.len());
        let is_mapping = matches!(self.raw(id).content, Content::Mapping(..));
        if is_mapping {
            for pair in children.as_chunks::<2>().0 {
                self.nodes[pair[1].0 as usize].key = pair[0].0;
            }
        }
        let raw = &mut self.nodes[id.0 as usize];
        raw.content = if is_mapping { Content::Mapping(from, to) } else { Content::Sequence(from, to) };
        raw.end = offset(end).max(raw.start);
    }

    pub(crate) fn push_root(&mut self, id: NodeId) {
        self.roots.push(id);
    }

    /// Appends the documents of the part of the text that begins at an offset.
    pub(crate) fn append(&mut self, other: Self, at: usize) {
        let (text, nodes, children) = (offset(at), offset(self.nodes.len()), offset(self.children.len()));
        let shift = |id: u32| if id == NONE { NONE } else { id.saturating_add(nodes) };
        let moved = |id: NodeId| NodeId(id.0.saturating_add(nodes));
        self.nodes.extend(other.nodes.into_iter().map(|raw| Raw {
            content: match raw.content {
                Content::Scalar(Text::Borrowed(from, to), style) => {
                    Content::Scalar(Text::Borrowed(from.saturating_add(text), to.saturating_add(text)), style)
                }
                Content::Sequence(from, to) => Content::Sequence(from + children, to + children),
                Content::Mapping(from, to) => Content::Mapping(from + children, to + children),
                Content::Alias(target) => Content::Alias(moved(target)),
                owned @ Content::Scalar(Text::Owned(_), _) => owned,
            },
            parent: shift(raw.parent),
            key: shift(raw.key),
            start: raw.start.saturating_add(text),
            end: raw.end.saturating_add(text),
            ..raw
        }));
        self.children.extend(other.children.into_iter().map(moved));
        self.roots.extend(other.roots.into_iter().map(moved));
    }

    fn push(&mut self, content: Content, place: Opened) -> NodeId {
        let id = NodeId(offset(self.nodes.len()));
        self.nodes.push(Raw {
            content,
            parent: place.parent.map_or(NONE, |parent| parent.0),
            key: NONE,
            start: offset(place.span.start),
            end: offset(place.span.end),
            tag: place.tag,
            is_flow: place.is_flow,
        });
        id
    }

    /// The range of a slice of the tree's own text, so that most scalars need no allocation.
    fn borrowed(&self, part: &str) -> Option<Text> {
        let from = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let to = from + part.len();
        (self.text.get(from..to)? == part).then(|| Text::Borrowed(offset(from), offset(to)))
    }
}

/// Where and how a node was opened.
pub(crate) struct Opened {
    pub(crate) parent: Option<NodeId>,
    pub(crate) span: std::ops::Range<usize>,
    pub(crate) tag: Option<Box<str>>,
    pub(crate) is_flow: bool,
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl<'t> Node<'t> {
    /// A mapping value by key.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.tree.get(self.id, key).map(|id| Node { id, ..self })
    }

    /// A scalar's text.
    pub fn scalar(self) -> Option<&'t str> {
        self.tree.scalar(self.id)
    }
}
