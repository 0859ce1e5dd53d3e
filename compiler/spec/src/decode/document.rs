//! Bytes → documents: the first thing that happens to a spec.

use flatwright_diagnostic::{Anchor, NodeId, Report, SourceId};
use flatwright_yaml::{Kind, Limits, Tree, decode, parse};

use crate::code;

/// A spec of more than this is refused unread: the largest fleets are a few hundred kilobytes.
const LARGEST_SPEC: usize = 16 << 20;

/// One document of a spec file: its root in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// The root node.
    pub root: NodeId,
}

/// Parses the bytes of a spec. Problems are reported; the documents that were complete before a syntax error are not returned, so a broken file compiles nothing.
pub fn read_documents(bytes: &[u8], source: SourceId, report: &mut Report) -> (Option<Tree>, Vec<Document>) {
    if bytes.len() > LARGEST_SPEC {
        let size = bytes.len() >> 20;
        report
            .error(
                code::SOURCE_TOO_LARGE,
                Anchor::whole(source),
                format!("the file has {size} MiB; a spec may have 16 MiB"),
            )
            .hint("put large file contents into files of their own and name them with `local:`");
        return (None, Vec::new());
    }
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(error) => {
            report.error(code::NOT_TEXT, Anchor::whole(source), error.to_string()).hint("save the file as UTF-8");
            return (None, Vec::new());
        }
    };
    let (tree, error) = parse(&text, &Limits::default());
    if let Some(error) = error {
        report.error(code::YAML_SYNTAX, Anchor::offset(source, error.offset), error.message);
        return (Some(tree), Vec::new());
    }
    let documents: Vec<Document> =
        tree.roots().iter().filter(|root| !is_empty(&tree, **root)).map(|root| Document { root: *root }).collect();
    if documents.is_empty() {
        report
            .error(code::EMPTY_SOURCE, Anchor::whole(source), "there is no document in this file")
            .hint("`flatwright init` writes a spec to start from");
    }
    (Some(tree), documents)
}

fn is_empty(tree: &Tree, root: NodeId) -> bool {
    matches!(tree.kind(root), Kind::Scalar("", flatwright_yaml::Style::Plain))
}
