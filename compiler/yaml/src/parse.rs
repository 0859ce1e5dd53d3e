//! Text → [`Tree`], over the events of the YAML library.
//!
//! Hostile input is bounded here: nesting depth, number of nodes, and the size a document would have with every alias expanded.

use std::sync::Arc;

use flatwright_diagnostic::NodeId;
use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag, options};

use crate::mistake::{self, SyntaxError};
use crate::tree::{Opened, Style, Tree};

/// Bounds on what is parsed. The defaults are generous for anything a person writes.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How deep collections may nest.
    pub depth: usize,
    /// How many nodes the stream may have once every alias is replaced by what it stands for.
    pub expanded_nodes: u64,
    /// Read like libyaml where YAML 1.2 differs (end of a block scalar, byte-order marks), as the Go programs do.
    pub is_libyaml: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 100, expanded_nodes: 1_000_000, is_libyaml: false }
    }
}

/// Parses every document of a stream.
///
/// # Errors
/// The first syntax error, or the first limit that is passed. The tree holds the documents that were complete before it.
pub fn parse(text: &str, limits: &Limits) -> (Tree, Option<SyntaxError>) {
    let (tree, _, error) = parse_counted(text, limits);
    (tree, error)
}

/// The same with the number of nodes, every alias expanded.
pub(crate) fn parse_counted(text: &str, limits: &Limits) -> (Tree, u64, Option<SyntaxError>) {
    Builder::new(text, limits).run(usize::MAX)
}

/// Parses the first document only; what follows it is not even scanned.
///
/// # Errors
/// As [`parse`].
pub fn parse_first(text: &str, limits: &Limits) -> (Tree, Option<SyntaxError>) {
    let (tree, _, error) = Builder::new(text, limits).run(1);
    (tree, error)
}

struct Builder<'a> {
    text: Arc<str>,
    tree: Tree,
    limits: &'a Limits,
    open: Vec<Open>,
    /// Children of the open collections, innermost last; `Open::first` says where each one's begin.
    pending: Vec<NodeId>,
    /// Anchor id (dense, from 1) → node and expanded size; `None` while the anchored collection is still open.
    anchors: Vec<Option<(NodeId, u64)>>,
    expanded: u64,
}

struct Open {
    node: NodeId,
    first: usize,
    anchor: usize,
    expanded_before: u64,
}

impl<'a> Builder<'a> {
    fn new(text: &str, limits: &'a Limits) -> Self {
        let text: Arc<str> = text.into();
        Self {
            tree: Tree::new(Arc::clone(&text)),
            text,
            limits,
            open: Vec::new(),
            pending: Vec::new(),
            anchors: Vec::new(),
            expanded: 0,
        }
    }

    fn run(mut self, documents: usize) -> (Tree, u64, Option<SyntaxError>) {
        let text = Arc::clone(&self.text);
        let mut failure = None;
        for next in Parser::new_from_str_with_options(&text, self.options()) {
            let outcome = match next {
                Ok((event, span)) => self.event(event, span),
                Err(error) => Err(syntax_error(&error, &text)),
            };
            if let Err(error) = outcome {
                failure = Some(error);
                break;
            }
            if self.tree.roots().len() >= documents && self.open.is_empty() {
                break;
            }
        }
        (self.tree, self.expanded, failure)
    }

    fn options(&self) -> Options {
        options! {
            flow_nesting_limit: self.limits.depth,
            block_nesting_limit: self.limits.depth,
            bom_inside_document_as_content: self.limits.is_libyaml,
            block_scalar_eof_without_line_feed: self.limits.is_libyaml,
        }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), SyntaxError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let place = self.place(&span, tag.as_deref(), false);
                // The parser writes `~` where nothing stands; the tree holds what was written.
                let text = if place.span.is_empty() && style == ScalarStyle::Plain { "".into() } else { text };
                let node = self.tree.push_scalar(text, style_of(style), place);
                self.count(1, &span)?;
                self.anchor(anchor, Some((node, 1)));
                self.add(node);
            }
            Event::Alias(anchor) => {
                let Some((target, size)) = self.anchors.get(anchor).copied().flatten() else {
                    return Err(error_at(&span, "an alias inside the node that it stands for"));
                };
                self.count(size, &span)?;
                let place = self.place(&span, None, false);
                let node = self.tree.push_alias(target, place);
                self.add(node);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let place = self.place(&span, tag.as_deref(), style == StructureStyle::Flow);
                let node = self.tree.open_sequence(place);
                self.opened(node, anchor, &span)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                let place = self.place(&span, tag.as_deref(), style == StructureStyle::Flow);
                let node = self.tree.open_mapping(place);
                self.opened(node, anchor, &span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.closed(&span),
            Event::DocumentStart(..) => self.anchors.clear(),
            _ => {}
        }
        Ok(())
    }

    fn place(&self, span: &Span, tag: Option<&Tag>, is_flow: bool) -> Opened {
        Opened {
            parent: self.open.last().map(|open| open.node),
            span: span.byte_range().unwrap_or_default(),
            tag: tag.map(|tag| format!("{}{}", tag.handle(), tag.suffix()).into_boxed_str()),
            is_flow,
        }
    }

    fn opened(&mut self, node: NodeId, anchor: usize, span: &Span) -> Result<(), SyntaxError> {
        self.count(1, span)?;
        if self.open.len() >= self.limits.depth {
            return Err(error_at(span, format!("nested deeper than {} levels", self.limits.depth)));
        }
        self.anchor(anchor, None);
        self.open.push(Open { node, first: self.pending.len(), anchor, expanded_before: self.expanded - 1 });
        Ok(())
    }

    fn closed(&mut self, span: &Span) {
        let open = self.open.pop().expect("invariant: the parser balances its events");
        let last_end = self.pending.get(open.first..).and_then(<[_]>::last).map(|node| self.tree.span(*node).end);
        let flow_end = span.byte_range().map(|range| range.end);
        let end = if self.tree.is_flow(open.node) { flow_end.or(last_end) } else { last_end.or(flow_end) };
        self.tree.close(open.node, &self.pending[open.first..], end.unwrap_or_default());
        self.pending.truncate(open.first);
        self.anchor(open.anchor, Some((open.node, self.expanded - open.expanded_before)));
        self.add(open.node);
    }

    /// Anchor id 0 means "no anchor".
    fn anchor(&mut self, id: usize, target: Option<(NodeId, u64)>) {
        if id > 0 {
            if self.anchors.len() <= id {
                self.anchors.resize(id + 1, None);
            }
            self.anchors[id] = target;
        }
    }

    fn count(&mut self, nodes: u64, span: &Span) -> Result<(), SyntaxError> {
        self.expanded = self.expanded.saturating_add(nodes);
        if self.expanded > self.limits.expanded_nodes {
            let limit = self.limits.expanded_nodes;
            return Err(error_at(span, format!("more than {limit} nodes once aliases are expanded")));
        }
        Ok(())
    }

    fn add(&mut self, node: NodeId) {
        if self.open.is_empty() {
            self.tree.push_root(node);
        } else {
            self.pending.push(node);
        }
    }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
        _ => Style::Plain,
    }
}

fn error_at(span: &Span, message: impl Into<String>) -> SyntaxError {
    SyntaxError { message: message.into(), offset: span.byte_range().map_or(0, |range| range.start), hint: None }
}

fn syntax_error(error: &ScanError, text: &str) -> SyntaxError {
    let marker = error.marker();
    let offset = marker
        .byte_offset()
        .unwrap_or_else(|| text.char_indices().nth(marker.index()).map_or(text.len(), |(offset, _)| offset));
    let message = error.info().trim_end_matches('.').to_owned();
    mistake::located(message, offset, text)
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::{Part, Path};

    use super::*;
    use crate::tree::Kind;

    fn good(text: &str) -> Tree {
        let (tree, error) = parse(text, &Limits::default());
        assert_eq!(error, None, "{text}");
        tree
    }

    #[test]
    fn tabs_and_braces_are_told_from_other_syntax_errors() {
        let hint = |text: &str| parse(text, &Limits::default()).1.and_then(|error| error.hint);
        assert!(hint("a:\n  b: 1\n\tc: 2\n  d: 3\n").is_some_and(|hint| hint.starts_with("line 3 ")));
        assert!(hint("a: {b: ${B:-1}}\n").is_some_and(|hint| hint.contains("quote")));
        assert_eq!(hint("a: [1\nb: 2\n"), None);
        assert_eq!(hint("a: {b: [1}"), None);
    }

    #[test]
    fn nodes_know_their_text_place_and_path() {
        let text = "a:\n  - b: 'x''y'\n    c: [1, {d: e}]\n";
        let tree = good(text);
        let root = tree.roots()[0];
        let (b, found) = tree.find(root, &Path::parse("a[0].b"));
        assert!(found);
        assert_eq!(tree.scalar(b), Some("x'y"));
        assert_eq!(&text[tree.span(b)], "'x''y'");
        assert_eq!(&text[tree.part_span(b, Part::Key)], "b");
        assert_eq!(tree.path(b).to_string(), "a[0].b");
        let (d, _) = tree.find(root, &Path::parse("a[0].c[1].d"));
        assert_eq!(tree.path(d).to_string(), "a[0].c[1].d");
        let (c, _) = tree.find(root, &Path::parse("a[0].c"));
        assert_eq!(&text[tree.span(c)], "[1, {d: e}]");
    }

    #[test]
    fn an_alias_is_what_it_stands_for() {
        let tree = good("a: &x {k: v}\nb: *x\n");
        let b = tree.get(tree.roots()[0], "b").expect("b");
        assert!(tree.is_alias(b));
        assert_eq!(tree.get(b, "k").and_then(|k| tree.scalar(k)), Some("v"));
    }

    #[test]
    fn an_alias_bomb_is_refused_before_it_is_expanded() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for i in 1..20 {
            let item = format!("*a{}, ", i - 1).repeat(10);
            text.push_str(&format!("a{i}: &a{i} [{item}]\n"));
        }
        let (_, error) = parse(&text, &Limits::default());
        assert!(error.expect("refused").message.contains("once aliases are expanded"));
    }

    #[test]
    fn an_alias_to_its_own_parent_is_refused() {
        let (_, error) = parse("a: &x [*x]\n", &Limits::default());
        assert!(error.is_some());
    }

    #[test]
    fn deep_nesting_is_refused() {
        for text in ["[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(50_000)] {
            assert!(parse(&text, &Limits::default()).1.is_some());
        }
    }

    #[test]
    fn every_document_is_kept_and_the_first_can_be_had_alone() {
        let text = "a: 1\n---\nb: 2\n--- [\n";
        let (tree, error) = parse(text, &Limits::default());
        assert_eq!(tree.roots().len(), 2);
        assert!(error.is_some());
        let (tree, error) = parse_first(text, &Limits::default());
        assert_eq!((tree.roots().len(), error), (1, None));
    }

    #[test]
    fn crlf_is_one_line_break() {
        let tree = good("a: |\r\n  x\r\n  y\r\nb: 1\r\n");
        let root = tree.roots()[0];
        assert_eq!(tree.get(root, "a").and_then(|a| tree.scalar(a)), Some("x\ny\n"));
        assert!(matches!(tree.kind(root), Kind::Mapping(entries) if entries.len() == 2));
    }
}
