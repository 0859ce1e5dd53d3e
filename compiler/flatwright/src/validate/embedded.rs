//! Texts inside texts: a unit in a machine config, a machine config in a manifest. Turns their lines into lines of the file.

use std::cell::OnceCell;

use flatwright_diagnostic::NodeId;
use flatwright_yaml::{Kind, LineIndex, Style, Tree};

/// A 1-based line and column, in characters.
pub(super) type Position = (u32, u32);

/// A parsed text whose lines are counted once, when something is found in it.
pub(super) struct Text<'t> {
    pub(super) tree: &'t Tree,
    lines: OnceCell<LineIndex>,
}

impl<'t> Text<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        Self { tree, lines: OnceCell::new() }
    }

    /// Where a place of the text in a scalar stands in this text: exact in a literal block (`|`), else where the scalar begins.
    pub(super) fn position(&self, node: NodeId, inner: Position) -> Position {
        let text = self.tree.text();
        let lines = self.lines.get_or_init(|| LineIndex::new(text));
        let start = self.tree.span(node).start;
        let (line, column) = lines.position(text, start);
        let outer = if matches!(self.tree.kind(node), Kind::Scalar(_, Style::Literal)) && !self.tree.is_alias(node) {
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
        let (line, column) = outer.unwrap_or((line, column));
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }
}

/// The indentation of a block: that of its first line that is not blank.
fn indentation(block: &str) -> usize {
    let first = block.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    first.len() - first.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::Path;
    use flatwright_yaml::{Limits, parse};

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
            assert_eq!(Text::new(&tree).position(node, (2, 2)), place, "{text}");
        }
    }
}
