//! Tokens → [`Tree`]: libyaml's parser states, building nodes as it goes. Nesting lives on explicit stacks, so depth costs heap only.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::SyntaxError;
use super::read::read;
use super::resolve::short_tag;
use super::scan::Scanner;
use super::token::{Mark, Token, TokenKind};
use super::tree::{Content, Node, NodeId, Style, Text, Tree};

/// Parses the first document; what follows is scanned only as far as the original looks ahead.
///
/// # Errors
/// The first error of reader, scanner or parser. A tree without a root is an empty stream.
pub fn parse_first(bytes: &[u8]) -> Result<Tree, SyntaxError> {
    let input = read(bytes);
    let text: Arc<str> = input.text.into();
    let mut parser = Parser::new(&text);
    let outcome = parser.stream_start().and_then(|()| parser.document(true));
    parser.verdict(input.error)?;
    outcome.map(|_| parser.tree)
}

/// Parses every document.
///
/// # Errors
/// The first error of reader, scanner or parser.
pub fn parse_all(bytes: &[u8]) -> Result<Vec<Tree>, SyntaxError> {
    let input = read(bytes);
    let text: Arc<str> = input.text.into();
    let mut parser = Parser::new(&text);
    let mut trees = Vec::new();
    let mut outcome = parser.stream_start();
    while outcome.is_ok() {
        outcome = match parser.document(trees.is_empty()) {
            Ok(false) => break,
            Ok(true) => parser.document_end(),
            Err(error) => Err(error),
        };
        trees.push(parser.take_tree());
    }
    parser.verdict(input.error)?;
    outcome.map(|()| trees)
}

/// What comes next inside an open collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    BlockSequence,
    IndentlessSequence,
    BlockKey,
    BlockValue,
    FlowSequence { is_first: bool },
    FlowKey { is_first: bool },
    FlowValue { is_empty: bool },
    PairKey,
    PairValue,
    PairEnd,
}

struct Open {
    state: State,
    node: NodeId,
    first: usize,
    mark: Mark,
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    tree: Tree,
    open: Vec<Open>,
    pending: Vec<NodeId>,
    anchors: BTreeMap<Box<str>, NodeId>,
    handles: Vec<(Box<str>, Box<str>)>,
}

struct Properties {
    start: Mark,
    tag: Option<Box<str>>,
    anchor: Option<Box<str>>,
}

type Parse<T = ()> = Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    fn new(text: &'a Arc<str>) -> Self {
        Self {
            scanner: Scanner::new(text),
            tree: Tree::new(Arc::clone(text)),
            open: Vec::new(),
            pending: Vec::new(),
            anchors: BTreeMap::new(),
            handles: vec![("!".into(), "!".into()), ("!!".into(), "tag:yaml.org,2002:".into())],
        }
    }

    /// What the reader says counts where the scanner came to its end.
    fn verdict(&self, error: Option<&'static str>) -> Parse {
        match error {
            Some(error) if self.scanner.touched_end => Err(SyntaxError::bare(error)),
            _ => Ok(()),
        }
    }

    /// The tree of the document that was read; the next one begins with neither anchors nor handles.
    fn take_tree(&mut self) -> Tree {
        self.anchors.clear();
        self.handles.truncate(2);
        let next = Tree { text: Arc::clone(&self.tree.text), nodes: Vec::new(), root: None };
        std::mem::replace(&mut self.tree, next)
    }

    fn stream_start(&mut self) -> Parse {
        self.scanner.peek()?;
        self.scanner.take();
        Ok(())
    }

    fn document_end(&mut self) -> Parse {
        if matches!(self.scanner.peek()?.kind, TokenKind::DocumentEnd) {
            self.scanner.take();
        }
        Ok(())
    }

    /// Reads the next document; `false` at the end of the stream.
    fn document(&mut self, is_first: bool) -> Parse<bool> {
        while !is_first && matches!(self.scanner.peek()?.kind, TokenKind::DocumentEnd) {
            self.scanner.take();
        }
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::StreamEnd => return Ok(false),
            TokenKind::VersionDirective(..) | TokenKind::TagDirective(..) | TokenKind::DocumentStart => {
                self.explicit_start()?;
            }
            TokenKind::DocumentEnd => {
                // libyaml skips document ends before a document that is not the first only; here it starts an implicit, empty one.
            }
            _ if !is_first => self.explicit_start()?,
            _ => {}
        }
        let token = self.scanner.peek()?;
        let mark = token.start;
        if matches!(
            token.kind,
            TokenKind::VersionDirective(..)
                | TokenKind::TagDirective(..)
                | TokenKind::DocumentStart
                | TokenKind::DocumentEnd
                | TokenKind::StreamEnd
        ) {
            let root = self.empty(mark);
            self.tree.root = Some(root);
        } else {
            self.node(true, false)?;
            while let Some(open) = self.open.last() {
                let state = open.state;
                self.step(state)?;
            }
        }
        // The end of the document is a token of its own, so what follows has to be a token.
        self.scanner.peek().map(|_| true)
    }

    fn explicit_start(&mut self) -> Parse {
        let mut has_version = false;
        loop {
            let token = self.scanner.peek()?;
            let start = token.start;
            match &token.kind {
                TokenKind::VersionDirective(major, minor) => {
                    if has_version {
                        return Err(error_at("found duplicate %YAML directive", start));
                    }
                    if (*major, *minor) != (1, 1) {
                        return Err(error_at("found incompatible YAML document", start));
                    }
                    has_version = true;
                }
                TokenKind::TagDirective(handle, prefix) => {
                    let (handle, prefix) = (handle.clone(), prefix.clone());
                    if self.handles.iter().skip(2).any(|(known, _)| *known == handle) {
                        return Err(error_at("found duplicate %TAG directive", start));
                    }
                    self.handles.push((handle, prefix));
                }
                TokenKind::DocumentStart => {
                    self.scanner.take();
                    return Ok(());
                }
                _ => return Err(error_at("did not find expected <document start>", start)),
            }
            self.scanner.take();
        }
    }

    fn step(&mut self, state: State) -> Parse {
        match state {
            State::BlockSequence => self.block_sequence(),
            State::IndentlessSequence => self.indentless_sequence(),
            State::BlockKey => self.block_key(),
            State::BlockValue => self.block_value(),
            State::FlowSequence { is_first } => self.flow_sequence(is_first),
            State::FlowKey { is_first } => self.flow_key(is_first),
            State::FlowValue { is_empty } => self.flow_value(is_empty),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => {
                self.close();
                Ok(())
            }
        }
    }

    fn block_sequence(&mut self) -> Parse {
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::BlockEntry => {
                let mark = self.scanner.take().end;
                if matches!(self.scanner.peek()?.kind, TokenKind::BlockEntry | TokenKind::BlockEnd) {
                    self.add_empty(mark);
                    return Ok(());
                }
                self.node(true, false)
            }
            TokenKind::BlockEnd => self.take_and_close(),
            _ => Err(self.error_in_collection("did not find expected '-' indicator")),
        }
    }

    fn indentless_sequence(&mut self) -> Parse {
        if !matches!(self.scanner.peek()?.kind, TokenKind::BlockEntry) {
            self.close();
            return Ok(());
        }
        let mark = self.scanner.take().end;
        let next = &self.scanner.peek()?.kind;
        if matches!(next, TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd) {
            self.add_empty(mark);
            return Ok(());
        }
        self.node(true, false)
    }

    fn block_key(&mut self) -> Parse {
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::Key => {
                let mark = self.scanner.take().end;
                self.state(State::BlockValue);
                self.block_node_or_empty(mark)
            }
            TokenKind::BlockEnd => self.take_and_close(),
            _ => Err(self.error_in_collection("did not find expected key")),
        }
    }

    fn block_value(&mut self) -> Parse {
        self.state(State::BlockKey);
        let token = self.scanner.peek()?;
        if !matches!(token.kind, TokenKind::Value) {
            let mark = token.start;
            self.add_empty(mark);
            return Ok(());
        }
        let mark = self.scanner.take().end;
        self.block_node_or_empty(mark)
    }

    fn block_node_or_empty(&mut self, mark: Mark) -> Parse {
        if matches!(self.scanner.peek()?.kind, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd) {
            self.add_empty(mark);
            return Ok(());
        }
        self.node(true, true)
    }

    fn flow_sequence(&mut self, is_first: bool) -> Parse {
        self.state(State::FlowSequence { is_first: false });
        if !is_first
            && !self.next_flow_entry("did not find expected ',' or ']'", |kind| {
                matches!(kind, TokenKind::FlowSequenceEnd)
            })?
        {
            return self.take_and_close();
        }
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::FlowSequenceEnd => self.take_and_close(),
            TokenKind::Key => {
                let mark = self.scanner.take().start;
                self.open(State::PairKey, Content::Mapping(Box::default()), mark, Properties::none(mark));
                Ok(())
            }
            _ => self.node(false, false),
        }
    }

    /// Takes the comma before the next entry; `false` at the end of the collection.
    fn next_flow_entry(&mut self, problem: &'static str, is_end: fn(&TokenKind) -> bool) -> Parse<bool> {
        let token = self.scanner.peek()?;
        if is_end(&token.kind) {
            return Ok(false);
        }
        if !matches!(token.kind, TokenKind::FlowEntry) {
            return Err(self.error_in_collection(problem));
        }
        self.scanner.take();
        Ok(true)
    }

    fn pair_key(&mut self) -> Parse {
        self.state(State::PairValue);
        let token = self.scanner.peek()?;
        if matches!(token.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
            // libyaml drops this token.
            let mark = self.scanner.take().end;
            self.add_empty(mark);
            return Ok(());
        }
        self.node(false, false)
    }

    fn pair_value(&mut self) -> Parse {
        self.state(State::PairEnd);
        if matches!(self.scanner.peek()?.kind, TokenKind::Value) {
            self.scanner.take();
            if !matches!(self.scanner.peek()?.kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                return self.node(false, false);
            }
        }
        let mark = self.scanner.peek()?.start;
        self.add_empty(mark);
        Ok(())
    }

    fn flow_key(&mut self, is_first: bool) -> Parse {
        if !is_first
            && !self
                .next_flow_entry("did not find expected ',' or '}'", |kind| matches!(kind, TokenKind::FlowMappingEnd))?
        {
            return self.take_and_close();
        }
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::FlowMappingEnd => self.take_and_close(),
            TokenKind::Key => {
                self.scanner.take();
                self.state(State::FlowValue { is_empty: false });
                let token = self.scanner.peek()?;
                if matches!(token.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                    let mark = token.start;
                    self.add_empty(mark);
                    return Ok(());
                }
                self.node(false, false)
            }
            _ => {
                self.state(State::FlowValue { is_empty: true });
                self.node(false, false)
            }
        }
    }

    fn flow_value(&mut self, is_empty: bool) -> Parse {
        self.state(State::FlowKey { is_first: false });
        if !is_empty && matches!(self.scanner.peek()?.kind, TokenKind::Value) {
            self.scanner.take();
            if !matches!(self.scanner.peek()?.kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                return self.node(false, false);
            }
        }
        let mark = self.scanner.peek()?.start;
        self.add_empty(mark);
        Ok(())
    }

    fn node(&mut self, is_block: bool, may_be_indentless: bool) -> Parse {
        if let TokenKind::Alias(_) = self.scanner.peek()?.kind {
            let Token { kind: TokenKind::Alias(name), start, .. } = self.scanner.take() else {
                unreachable!("invariant: the token was peeked")
            };
            let Some(target) = self.anchors.get(&name).copied() else {
                return Err(SyntaxError::bare(format!("unknown anchor '{name}' referenced")));
            };
            let node = self.push(Content::Alias(target, name), None, start);
            self.add(node);
            return Ok(());
        }
        let properties = self.properties()?;
        let has_properties = properties.tag.is_some() || properties.anchor.is_some();
        let token = self.scanner.peek()?;
        let start = token.start;
        let (state, content) = match token.kind {
            TokenKind::BlockEntry if may_be_indentless => {
                // The entry is not taken: the list has no token of its own.
                let mark = if has_properties { properties.start } else { start };
                self.open(State::IndentlessSequence, Content::Sequence(Box::default()), mark, properties);
                return Ok(());
            }
            TokenKind::Scalar(..) => {
                let Token { kind: TokenKind::Scalar(text, style), .. } = self.scanner.take() else {
                    unreachable!("invariant: the token was peeked")
                };
                self.scalar(text, style, properties);
                return Ok(());
            }
            TokenKind::FlowSequenceStart => (State::FlowSequence { is_first: true }, Content::Sequence(Box::default())),
            TokenKind::FlowMappingStart => (State::FlowKey { is_first: true }, Content::Mapping(Box::default())),
            TokenKind::BlockSequenceStart if is_block => (State::BlockSequence, Content::Sequence(Box::default())),
            TokenKind::BlockMappingStart if is_block => (State::BlockKey, Content::Mapping(Box::default())),
            _ if has_properties => {
                self.scalar(Text::Owned("".into()), Style::Plain, properties);
                return Ok(());
            }
            _ => {
                return Err(SyntaxError {
                    problem: "did not find expected node content".into(),
                    problem_line: start.line,
                    context_line: properties.start.line,
                    is_scanner: false,
                });
            }
        };
        self.scanner.take();
        self.open(state, content, start, properties);
        Ok(())
    }

    fn properties(&mut self) -> Parse<Properties> {
        let mut properties = Properties::none(self.scanner.peek()?.start);
        let mut tag: Option<(Box<str>, Box<str>, Mark)> = None;
        loop {
            let token = self.scanner.peek()?;
            match &token.kind {
                TokenKind::Anchor(_) if properties.anchor.is_none() => {
                    if let TokenKind::Anchor(name) = self.scanner.take().kind {
                        properties.anchor = Some(name);
                    }
                }
                TokenKind::Tag(..) if tag.is_none() => {
                    if let Token { kind: TokenKind::Tag(handle, suffix), start, .. } = self.scanner.take() {
                        tag = Some((handle, suffix, start));
                    }
                }
                _ => break,
            }
        }
        if let Some((handle, suffix, mark)) = tag {
            if handle.is_empty() {
                properties.tag = Some(suffix);
            } else {
                let Some((_, prefix)) = self.handles.iter().rev().find(|(known, _)| *known == handle) else {
                    return Err(SyntaxError {
                        problem: "found undefined tag handle".into(),
                        problem_line: mark.line,
                        context_line: properties.start.line,
                        is_scanner: false,
                    });
                };
                properties.tag = Some(format!("{prefix}{suffix}").into());
            }
        }
        // "!" says nothing; the scalar rules go by style then.
        properties.tag = properties.tag.filter(|tag| &**tag != "!").map(|tag| short_tag(&tag).into());
        Ok(properties)
    }

    fn scalar(&mut self, text: Text, style: Style, properties: Properties) {
        let node = self.push(Content::Scalar(text, style), properties.tag, properties.start);
        self.anchor(properties.anchor, node);
        self.add(node);
    }

    fn open(&mut self, state: State, content: Content, mark: Mark, properties: Properties) {
        let node = self.push(content, properties.tag, properties.start);
        self.anchor(properties.anchor, node);
        self.open.push(Open { state, node, first: self.pending.len(), mark });
    }

    fn anchor(&mut self, name: Option<Box<str>>, node: NodeId) {
        if let Some(name) = name {
            self.anchors.insert(name, node);
        }
    }

    fn take_and_close(&mut self) -> Parse {
        self.scanner.take();
        self.close();
        Ok(())
    }

    fn close(&mut self) {
        let open = self.open.pop().expect("invariant: only an open collection is closed");
        let items: Box<[NodeId]> = self.pending.drain(open.first..).collect();
        let content = &mut self.tree.nodes[open.node.0 as usize].content;
        *content = match content {
            Content::Mapping(_) => Content::Mapping(items),
            _ => Content::Sequence(items),
        };
        self.add(open.node);
    }

    fn add(&mut self, node: NodeId) {
        if self.open.is_empty() {
            self.tree.root = Some(node);
        } else {
            self.pending.push(node);
        }
    }

    fn add_empty(&mut self, mark: Mark) {
        let node = self.empty(mark);
        self.add(node);
    }

    fn empty(&mut self, mark: Mark) -> NodeId {
        self.push(Content::Scalar(Text::Owned("".into()), Style::Plain), None, mark)
    }

    fn push(&mut self, content: Content, tag: Option<Box<str>>, mark: Mark) -> NodeId {
        self.tree.push(Node { content, tag, line: mark.line + 1, column: mark.column + 1, start: mark.byte })
    }

    fn state(&mut self, state: State) {
        if let Some(open) = self.open.last_mut() {
            open.state = state;
        }
    }

    /// An error at the token ahead, inside the collection that is open.
    fn error_in_collection(&mut self, problem: &'static str) -> SyntaxError {
        let problem_line = self.scanner.peek().map_or(0, |token| token.start.line);
        let context_line = self.open.last().map_or(0, |open| open.mark.line);
        SyntaxError { problem: problem.into(), problem_line, context_line, is_scanner: false }
    }
}

impl Properties {
    fn none(start: Mark) -> Self {
        Self { start, tag: None, anchor: None }
    }
}

fn error_at(problem: &'static str, mark: Mark) -> SyntaxError {
    SyntaxError { problem: problem.into(), problem_line: mark.line, context_line: 0, is_scanner: false }
}
