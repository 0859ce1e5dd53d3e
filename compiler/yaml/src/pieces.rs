//! A long stream in pieces, so that several threads can parse it.
//!
//! A document marker at the start of a line ends whatever stands before it, so each piece is a stream of its own. Where that is not sure (directives, any
//! error), there is no result and the caller parses the whole: places and messages of errors are always those of the whole text.

use std::sync::Arc;

use crate::parse::{Limits, parse_counted};
use crate::tree::Tree;

/// A parsed piece of a stream.
#[derive(Debug)]
pub struct Piece {
    tree: Tree,
    /// Its nodes with every alias expanded.
    expanded: u64,
}

/// Cuts a stream before document markers, into pieces of at least so many bytes where it has that many.
pub fn pieces(text: &str, size: usize) -> Vec<&str> {
    let has_directives = text.starts_with('%') || text.contains("\n%");
    let mut pieces = Vec::new();
    let mut start = 0;
    if !has_directives {
        let mut from = size.max(1);
        while let Some(marker) = marker(text, from) {
            pieces.push(&text[start..marker]);
            start = marker;
            from = marker.saturating_add(size.max(4));
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Parses one piece; nothing if there is anything wrong with it.
pub fn parse_piece(piece: &str, limits: &Limits) -> Option<Piece> {
    let (tree, expanded, error) = parse_counted(piece, limits);
    error.is_none().then_some(Piece { tree, expanded })
}

/// The tree of the whole text; nothing if a piece is missing or all together are beyond the limits.
pub fn join(text: &str, limits: &Limits, pieces: impl IntoIterator<Item = Option<Piece>>) -> Option<Tree> {
    let mut tree = Tree::new(Arc::from(text));
    let (mut expanded, mut at) = (0_u64, 0);
    for piece in pieces {
        let piece = piece?;
        expanded = expanded.saturating_add(piece.expanded);
        let length = piece.tree.text().len();
        tree.append(piece.tree, at);
        at += length;
    }
    (expanded <= limits.expanded_nodes && at == text.len()).then_some(tree)
}

/// The first line at or behind an offset that begins a document.
fn marker(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = from.saturating_sub(1);
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.windows(4).position(|four| four == b"\n---")? + 1;
        if bytes.get(at + 3).is_none_or(u8::is_ascii_whitespace) {
            return Some(at);
        }
        from = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    fn joined(text: &str, size: usize) -> Option<Tree> {
        let limits = Limits::default();
        join(text, &limits, pieces(text, size).into_iter().map(|piece| parse_piece(piece, &limits)))
    }

    #[test]
    fn pieces_give_the_tree_of_the_whole() {
        let texts = [
            "a: 1\n---\nb: [&x {c: 'd''e'}, *x]\n---\n---\n# only a comment\n--- !t\n- |\n  ---\n  text\n---\n",
            "# a comment\n---\na: &x 1\n---\r\nb: \"\\u00e4\"\r\n----: no marker\n--- text\n...\n---\nc: é\n",
            "{\"a\": [1]}\n---\n- a\n-\n---\tb",
            "---\n",
            "",
        ];
        for text in texts {
            let (whole, error) = parse(text, &Limits::default());
            assert_eq!(error, None, "{text}");
            for size in [0, 1, 5, 20, 1000] {
                let tree = joined(text, size).expect("joined");
                assert_eq!(format!("{tree:?}"), format!("{whole:?}"), "{text:?} in pieces of {size}");
            }
        }
    }

    #[test]
    fn what_only_the_whole_tells_is_left_to_it() {
        // An anchor belongs to its document, a directive to the document behind it, an open quote to the error.
        assert!(joined("a: &x 1\n---\nb: *x\n", 1).is_none());
        assert!(joined("a: \"1\n---\nb: 1\n", 1).is_none());
        assert_eq!(pieces("a: 1\n...\n%YAML 1.2\n---\nb: 1\n", 1).len(), 1);
        let limits = Limits { expanded_nodes: 5, ..Limits::default() };
        let text = "a: 1\n---\nb: 1\n";
        let parsed = pieces(text, 1).into_iter().map(|piece| parse_piece(piece, &limits));
        assert!(join(text, &limits, parsed).is_none());
    }
}
