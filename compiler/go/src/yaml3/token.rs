//! What the scanner hands to the parser.

use super::tree::{Style, Text};

/// A place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Characters before it.
    pub(super) index: u32,
    /// Bytes before it.
    pub(super) byte: u32,
    /// 0-based.
    pub(super) line: u32,
    /// 0-based, in characters.
    pub(super) column: u32,
}

#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    StreamStart,
    StreamEnd,
    VersionDirective(u8, u8),
    TagDirective(Box<str>, Box<str>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(Box<str>),
    Anchor(Box<str>),
    Tag(Box<str>, Box<str>),
    Scalar(Text, Style),
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: Mark,
    pub(super) end: Mark,
}
