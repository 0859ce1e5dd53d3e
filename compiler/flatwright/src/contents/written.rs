//! Texts inside texts: a unit in a machine config, a machine config in a manifest. Turns their lines into lines of the file.

use std::sync::OnceLock;

use flatwright_diagnostic::{NodeId, Path};
use flatwright_yaml::{Kind, Limits, LineIndex, Style, Tree};

/// A 1-based line and column, in characters.
pub(crate) type Position = (u32, u32);

/// The bounds for a text that may hold thousands of objects: as many nodes as it can write out, and what aliases may add.
pub(crate) fn limits(text: &str) -> Limits {
    Limits { expanded_nodes: 1_000_000 + text.len() as u64, is_libyaml: true, ..Limits::default() }
}

/// A text as it was written. It is parsed only when something in it must be found, and its lines are counted only then.
pub(crate) struct Written<'t> {
    text: &'t [u8],
    parsed: Option<&'t Tree>,
    own: OnceLock<Tree>,
    lines: OnceLock<LineIndex>,
}

impl<'t> Written<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self { text, parsed: None, own: OnceLock::new(), lines: OnceLock::new() }
    }

    /// A text that is parsed already.
    pub(crate) fn parsed(tree: &'t Tree) -> Self {
        Self { parsed: Some(tree), ..Self::new(tree.text().as_bytes()) }
    }

    /// Its first document, as far as it is one.
    pub(crate) fn tree(&self) -> &Tree {
        self.parsed.unwrap_or_else(|| {
            self.own.get_or_init(|| {
                let text = flatwright_yaml::decode(self.text).unwrap_or_default();
                flatwright_yaml::parse_first(&text, &limits(&text)).0
            })
        })
    }

    /// The node at a path of the first document.
    pub(crate) fn find(&self, path: &Path) -> Option<NodeId> {
        let tree = self.tree();
        let (node, is_found) = tree.find(*tree.roots().first()?, path);
        is_found.then_some(node)
    }

    /// Where a node begins.
    pub(crate) fn start(&self, node: NodeId) -> Position {
        let tree = self.tree();
        position(self.lines().position(tree.text(), tree.span(node).start))
    }

    /// Where a place of the text in a scalar stands in this text: exact in a literal block (`|`), else where the scalar begins.
    pub(crate) fn position(&self, node: NodeId, inner: Position) -> Position {
        let tree = self.tree();
        let (text, lines) = (tree.text(), self.lines());
        let start = tree.span(node).start;
        let outer = if matches!(tree.kind(node), Kind::Scalar(_, Style::Literal)) && !tree.is_alias(node) {
            // The block's text begins on the line after the `|`; the parser's span begins there only if the first line is not blank.
            let bar = if text[start..].starts_with('|') { start } else { text[..start].rfind('|').unwrap_or(start) };
            let header = lines.position(text, bar).0 + usize::from(text[bar..].starts_with('|'));
            lines.start(header).map(|first| {
                let indent = indentation(&text[first..]);
                (header + inner.0 as usize - 1, indent + inner.1 as usize)
            })
        } else {
            None
        };
        position(outer.unwrap_or_else(|| lines.position(text, start)))
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.tree().text()))
    }
}

fn position((line, column): (usize, usize)) -> Position {
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// The indentation of a block: that of its first line that is not blank.
fn indentation(block: &str) -> usize {
    let first = block.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    first.len() - first.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use flatwright_yaml::parse;

    use super::*;

    #[test]
    fn lines_of_a_literal_block_are_lines_of_the_file() {
        for (text, place) in [
            ("a:\n  b: |\n    one\n    two\n", (4, 6)),
            ("a:\n  b: |-\n\n      one\n      two", (4, 8)),
            ("a:\n  b: \"one\\ntwo\"\n", (2, 6)),
        ] {
            let (tree, error) = parse(text, &Limits::default());
            assert_eq!(error, None);
            let (node, _) = tree.find(tree.roots()[0], &Path::parse("a.b"));
            assert_eq!(Written::parsed(&tree).position(node, (2, 2)), place, "{text}");
        }
    }
}
