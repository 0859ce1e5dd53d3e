//! The texts of one run, and where in them an anchor is.
//!
//! The only place where symbolic anchors become bytes. Lines are indexed when the first finding of a text is rendered: a clean run pays nothing.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use flatwright_diagnostic::{Anchor, NodeId, Part, Path, Place, SourceId};
use flatwright_yaml::{Kind, LineIndex, Tree};

/// The texts of one run. Ids are given in order, from 0.
#[derive(Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    name: Box<str>,
    text: Option<Arc<str>>,
    tree: Option<Arc<Tree>>,
    /// Whether a run looked at something else than this.
    is_left_out: bool,
    lines: OnceLock<Lines>,
    /// What no excerpt shows, in any order.
    hidden: Vec<Range<usize>>,
}

/// A 1-based line and a 1-based column, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in characters.
    pub column: usize,
}

/// A range of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedSpan {
    /// The text.
    pub source: SourceId,
    /// The bytes, on character boundaries; may be empty.
    pub range: Range<usize>,
    /// Where it starts.
    pub start: Position,
    /// Where it ends (exclusive).
    pub end: Position,
}

impl Sources {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text under the name by which the user knows it (a path as given, `<stdin>`), with its tree where it was parsed.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>, tree: Option<Arc<Tree>>) -> SourceId {
        self.push(name.into(), Some(text.into()), tree)
    }

    /// Adds a source that is no text, such as a plugin: findings can name it, but show nothing of it.
    pub fn add_binary(&mut self, name: impl Into<String>) -> SourceId {
        self.push(name.into(), None, None)
    }

    /// Gives a text its tree, for callers that need the id before they parse.
    pub fn set_tree(&mut self, id: SourceId, tree: Arc<Tree>) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            source.tree = Some(tree);
        }
    }

    /// Gives a source its text, for callers that name all their sources before they read any.
    pub fn set_text(&mut self, id: SourceId, text: Arc<str>) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            source.text = Some(text);
            source.lines = OnceLock::new();
        }
    }

    /// Says that nothing will be found in a source, because it is not looked at: [`Sources::ids`] no longer has it.
    pub fn leave_out(&mut self, id: SourceId) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            source.is_left_out = true;
        }
    }

    /// Keeps a value out of every excerpt: as many stars stand there as it has characters.
    pub fn hide(&mut self, anchor: &Anchor) {
        // The whole scalar, also where the anchor is about a word in it.
        let whole = Anchor { part: Part::Value, ..anchor.clone() };
        let Some(span) = self.resolve(&whole) else { return };
        if let Some(source) = self.sources.get_mut(anchor.source.0 as usize) {
            source.hidden.push(span.range);
        }
    }

    /// What of a source no excerpt shows.
    pub(crate) fn hidden(&self, id: SourceId) -> &[Range<usize>] {
        self.source(id).map_or(&[], |source| &source.hidden)
    }

    /// Every id, in the order of adding, of what is looked at.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> + '_ {
        self.sources.iter().zip(0..).filter(|(source, _)| !source.is_left_out).map(|(_, index)| SourceId(index))
    }

    /// The id that the next source will have.
    pub fn next_id(&self) -> SourceId {
        SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX))
    }

    /// The name of a source; `<unknown>` if there is no such source.
    pub fn name(&self, id: SourceId) -> &str {
        self.source(id).map_or("<unknown>", |source| &source.name)
    }

    /// The text, if it is one.
    pub fn text(&self, id: SourceId) -> Option<&str> {
        self.source(id)?.text.as_deref()
    }

    /// The tree, if the text was parsed.
    pub fn tree(&self, id: SourceId) -> Option<&Tree> {
        self.source(id)?.tree.as_deref()
    }

    /// The range an anchor means; `None` where it means the whole source or the source has no text. A path that does not exist in the source gives the key of
    /// its deepest existing parent, an absent value the key that has none.
    pub fn resolve(&self, anchor: &Anchor) -> Option<ResolvedSpan> {
        let text = self.text(anchor.source)?;
        let range = match &anchor.place {
            Place::Whole => return None,
            Place::Node(node) => node_range(self.tree(anchor.source)?, *node, anchor.part)?,
            Place::Path { document, path } => {
                path_range(self.tree(anchor.source)?, *document as usize, path, anchor.part)?
            }
            Place::Offset(offset) => *offset..*offset,
            Place::LineColumn(line, column) => {
                let offset = self.lines(anchor.source)?.index.offset(text, *line as usize, *column as usize);
                offset..offset + word(&text[offset..]).len()
            }
        };
        Some(self.span(anchor.source, text, range))
    }

    /// The symbolic path an anchor means, where its source has a tree: `spec.pools[0].name`.
    pub fn path(&self, anchor: &Anchor) -> Option<Path> {
        match &anchor.place {
            Place::Path { path, .. } => Some(path.clone()),
            Place::Node(node) => {
                let tree = self.tree(anchor.source)?;
                ((node.0 as usize) < tree.len()).then(|| tree.path(*node))
            }
            _ => None,
        }
    }

    /// A range of bytes of a text as lines and columns.
    pub(crate) fn span_of(&self, id: SourceId, range: Range<usize>) -> Option<ResolvedSpan> {
        Some(self.span(id, self.text(id)?, range))
    }

    /// The bytes of a 1-based line, without its line break.
    pub(crate) fn line_range(&self, id: SourceId, line: usize) -> Option<Range<usize>> {
        let text = self.text(id)?;
        let lines = self.lines(id)?;
        let start = lines.index.start(line)?;
        let end = lines.index.start(line + 1).unwrap_or(text.len());
        let content = text[start..end].trim_end_matches(['\n', '\r']).len();
        Some(start..start + content)
    }

    fn span(&self, source: SourceId, text: &str, range: Range<usize>) -> ResolvedSpan {
        let start = floor_boundary(text, range.start);
        let end = floor_boundary(text, range.end.max(start));
        let position = |offset| match self.lines(source) {
            Some(lines) => lines.position(text, offset),
            None => Position { line: 1, column: 1 },
        };
        ResolvedSpan { source, range: start..end, start: position(start), end: position(end) }
    }

    fn lines(&self, id: SourceId) -> Option<&Lines> {
        let source = self.source(id)?;
        let text = source.text.as_deref()?;
        Some(source.lines.get_or_init(|| Lines::new(text)))
    }

    fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    fn push(&mut self, name: String, text: Option<Arc<str>>, tree: Option<Arc<Tree>>) -> SourceId {
        let id = self.next_id();
        self.sources.push(Source {
            name: name.into(),
            text,
            tree,
            is_left_out: false,
            lines: OnceLock::new(),
            hidden: Vec::new(),
        });
        id
    }
}

/// A node's value or key. A value that is not written (`key:` and nothing) is shown by its key, and so is a block of many lines.
fn node_range(tree: &Tree, node: NodeId, part: Part) -> Option<Range<usize>> {
    if node.0 as usize >= tree.len() {
        return None;
    }
    if let Part::Inside(inner) = part
        && let Some(start) = tree.offset_inside(node, inner)
    {
        return Some(start..start + word(&tree.text()[start..]).len());
    }
    let range = tree.part_span(node, part);
    let is_block = !tree.is_flow(node) && !tree.is_alias(node) && !matches!(tree.kind(node), Kind::Scalar(..));
    Some(if range.is_empty() || is_block { tree.part_span(node, Part::Key) } else { range })
}

fn path_range(tree: &Tree, document: usize, path: &Path, part: Part) -> Option<Range<usize>> {
    let root = *tree.roots().get(document)?;
    let (node, is_found) = tree.find(root, path);
    node_range(tree, node, if is_found { part } else { Part::Key })
}

/// The word at the start of a text: a key, a value, a quoted scalar. Tools that report a line and a column mean what begins there.
fn word(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    if let Some(quote) = line.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let end = line[1..].find(quote).map_or(line.len(), |end| end + 2);
        return &line[..end];
    }
    let end = line.find(|c: char| c.is_whitespace() || matches!(c, '=' | ',' | ']' | '}')).unwrap_or(line.len());
    line[..end].trim_end_matches(':')
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Lines, and character counts at fixed distances, so that a column deep in a 50 MB line costs no walk through the line.
#[derive(Debug)]
struct Lines {
    index: LineIndex,
    /// Characters before every multiple of `STEP` bytes.
    characters: Vec<usize>,
}

impl Lines {
    const STEP: usize = 4096;

    fn new(text: &str) -> Self {
        let mut characters = vec![0];
        let mut count = 0;
        for chunk in text.as_bytes().chunks(Self::STEP) {
            count += count_characters(chunk);
            characters.push(count);
        }
        Self { index: LineIndex::new(text), characters }
    }

    fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.index.line(offset);
        let start = self.index.start(line).unwrap_or_default();
        Position { line, column: self.characters_before(text, offset) - self.characters_before(text, start) + 1 }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let step = offset / Self::STEP;
        self.characters[step] + count_characters(&text.as_bytes()[step * Self::STEP..offset])
    }
}

/// Characters that begin in these bytes.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::Inner;
    use flatwright_yaml::{Limits, parse};

    use super::*;

    fn sources(text: &str) -> (Sources, SourceId) {
        let mut sources = Sources::new();
        let (tree, _) = parse(text, &Limits::default());
        let id = sources.add("a.yaml", text, Some(Arc::new(tree)));
        (sources, id)
    }

    fn shown<'t>(sources: &Sources, text: &'t str, anchor: &Anchor) -> &'t str {
        &text[sources.resolve(anchor).expect("resolved").range]
    }

    #[test]
    fn a_path_is_followed_as_deep_as_it_exists() {
        let text = "spec:\n  pools:\n  - name: é\n    size: 3\n---\nb: 2\n";
        let (sources, id) = sources(text);
        let at = |path: &str| Anchor::path(id, Path::parse(path));
        assert_eq!(shown(&sources, text, &at("spec.pools[0].size")), "3");
        assert_eq!(shown(&sources, text, &Anchor { part: Part::Key, ..at("spec.pools[0].size") }), "size");
        assert_eq!(shown(&sources, text, &at("spec.pool.x")), "spec");
        let second =
            Anchor { source: id, place: Place::Path { document: 1, path: Path::parse("b") }, part: Part::Value };
        assert_eq!(sources.resolve(&second).expect("resolved").start, Position { line: 6, column: 4 });
        let third = Anchor { source: id, place: Place::Path { document: 2, path: Path::root() }, part: Part::Value };
        assert_eq!(sources.resolve(&third), None);
    }

    #[test]
    fn a_value_that_is_not_written_is_its_key() {
        let text = "a: 1\nempty:\nb: 2\n";
        let (sources, id) = sources(text);
        assert_eq!(shown(&sources, text, &Anchor::path(id, Path::parse("empty"))), "empty");
    }

    #[test]
    fn a_block_of_many_lines_is_its_key() {
        let text = "a:\n  b: 1\n  c: {d: 2}\nl:\n- e: 3\n  f: 4\n";
        let (sources, id) = sources(text);
        let at = |path: &str| Anchor::path(id, Path::parse(path));
        assert_eq!(shown(&sources, text, &at("a")), "a");
        assert_eq!(shown(&sources, text, &at("a.c")), "{d: 2}");
        assert_eq!(shown(&sources, text, &at("l[0]")), "e: 3\n  f: 4");
    }

    #[test]
    fn a_place_inside_a_block_is_a_word_of_its_line() {
        let text = "a:\n  b: |\n\n    one\n    ä two\n  c: \"x y\"\n";
        let (sources, id) = sources(text);
        let at = |path: &str, line, column| {
            let part = Part::Inside(Inner { line, column });
            shown(&sources, text, &Anchor { part, ..Anchor::path(id, Path::parse(path)) })
        };
        assert_eq!(at("a.b", 2, 1), "one");
        assert_eq!(at("a.b", 3, 3), "two");
        assert_eq!(at("a.b", 1, 1), "");
        assert_eq!(at("a.c", 1, 3), "\"x y\"");
        assert_eq!(at("a", 1, 1), "a");
    }

    #[test]
    fn what_does_not_exist_resolves_to_nothing() {
        let (mut sources, id) = sources("a: 1\n");
        let plugin = sources.add_binary("p.wasm");
        assert_eq!(sources.resolve(&Anchor::node(id, NodeId(99))), None);
        assert_eq!(sources.resolve(&Anchor::offset(plugin, 3)), None);
        assert_eq!(sources.resolve(&Anchor::whole(SourceId(7))), None);
        assert_eq!(sources.name(SourceId(7)), "<unknown>");
        assert_eq!(sources.resolve(&Anchor::line_column(id, 99, 99)).expect("clamped").range, 5..5);
    }

    #[test]
    fn a_line_and_column_mean_the_word_there() {
        let text = "a: [\"x, y\", b/c, d]\nKey=value\n";
        let (sources, id) = sources(text);
        let at = |line, column| shown(&sources, text, &Anchor::line_column(id, line, column));
        assert_eq!(at(1, 1), "a");
        assert_eq!(at(1, 5), "\"x, y\"");
        assert_eq!(at(1, 13), "b/c");
        assert_eq!(at(2, 1), "Key");
        assert_eq!(at(2, 10), "");
    }

    #[test]
    fn columns_in_a_long_line_count_characters() {
        let text = format!("{}x", "é".repeat(10_000));
        let mut sources = Sources::new();
        let id = sources.add("a", text.as_str(), None);
        let span = sources.resolve(&Anchor::offset(id, 20_000)).expect("resolved");
        assert_eq!(span.start, Position { line: 1, column: 10_001 });
    }
}
