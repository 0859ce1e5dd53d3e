//! Bytes → documents: the first thing that happens to a spec.

use flatwright_diagnostic::{Anchor, NodeId, Report, SourceId};
use flatwright_yaml::{Kind, Limits, SyntaxError, Tree, decode, parse};

use crate::code;
use crate::types::{ApiVersion, Kind as DocumentKind};

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
        report_syntax(error, &text, source, report);
        return (Some(tree), Vec::new());
    }
    let roots: Vec<NodeId> = tree.roots().iter().copied().filter(|root| !is_empty(&tree, *root)).collect();
    if roots.is_empty() {
        report
            .error(code::EMPTY_SOURCE, Anchor::whole(source), "there is no document in this file")
            .hint("`flatwright init` writes a spec to start from");
    }
    let documents =
        roots.into_iter().filter(|root| is_ours(&tree, *root, source, report)).map(|root| Document { root }).collect();
    (Some(tree), documents)
}

/// Reports why a text is no YAML, with what may help.
pub fn report_syntax(error: SyntaxError, text: &str, source: SourceId, report: &mut Report) {
    let hint = error.hint(text);
    let diagnostic = report.error(code::YAML_SYNTAX, Anchor::offset(source, error.offset), error.message);
    if let Some(hint) = hint {
        diagnostic.hint(hint);
    }
}

/// Another kind of document is one finding, not one for every key that it lacks. One absent or odd key is the decoder's to report.
fn is_ours(tree: &Tree, root: NodeId, source: SourceId, report: &mut Report) -> bool {
    let lacks = |key: &str| tree.get(root, key).is_none();
    if matches!(tree.kind(root), Kind::Mapping(_)) && lacks("apiVersion") && lacks("kind") {
        let message = "a document without `apiVersion` and `kind` is no `FlatcarCluster`";
        report
            .error(code::UNKNOWN_KIND, Anchor::node(source, root), message)
            .hint("a spec begins with `apiVersion: flatwright.dev/v1alpha1` and `kind: FlatcarCluster`");
        return false;
    }
    for (key, ours) in [("apiVersion", ApiVersion::V1Alpha1.word()), ("kind", DocumentKind::FlatcarCluster.word())] {
        let Some(node) = tree.get(root, key) else { continue };
        let is_other = |text: &&str| *text != ours && !text.contains("${env:") && !is_null(tree, node);
        let Some(text) = tree.scalar(node).filter(is_other) else { continue };
        let message = format!("`{key}: {}` is not a document that this compiler reads", super::shortened(text));
        report.error(code::UNKNOWN_KIND, Anchor::node(source, node), message).hint(format!("write `{key}: {ours}`"));
        return false;
    }
    true
}

fn is_empty(tree: &Tree, root: NodeId) -> bool {
    matches!(tree.kind(root), Kind::Scalar("", flatwright_yaml::Style::Plain))
}

fn is_null(tree: &Tree, node: NodeId) -> bool {
    use flatwright_yaml::scalar::{Scalar, core};
    matches!(tree.kind(node), Kind::Scalar(text, style) if core(text, style, tree.tag(node)) == Scalar::Null)
}
