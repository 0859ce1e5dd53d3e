//! Bytes → documents: the first thing that happens to a spec.

use flatwright_diagnostic::{Anchor, Fix, NodeId, Report, SourceId, nearest};
use flatwright_yaml::{DecodeError, Kind, Limits, SyntaxError, Tree, decode, parse};

use crate::rules::{self, UnknownKind};
use crate::types::{ApiVersion, Kind as DocumentKind, PoliciesKind};

/// A spec of more MiB than this is refused unread: the largest fleets are a few hundred kilobytes.
const LARGEST_SPEC: usize = 16;

/// One document of a spec file: its root in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// The root node.
    pub root: NodeId,
}

/// Parses the bytes of a spec. Problems are reported; the documents that were complete before a syntax error are not returned, so a broken file compiles nothing.
pub fn read_documents(bytes: &[u8], source: SourceId, report: &mut Report) -> (Option<Tree>, Vec<Document>) {
    read(bytes, DocumentKind::FlatcarCluster.word(), source, report)
}

/// The same of a file of policies.
pub fn read_policy_documents(bytes: &[u8], source: SourceId, report: &mut Report) -> (Option<Tree>, Vec<Document>) {
    read(bytes, PoliciesKind::FlatcarPolicies.word(), source, report)
}

fn read(bytes: &[u8], kind: &str, source: SourceId, report: &mut Report) -> (Option<Tree>, Vec<Document>) {
    if bytes.len() > LARGEST_SPEC << 20 {
        let size = bytes.len() >> 20;
        report
            .refuse(Anchor::whole(source), &rules::Document::TooLarge { size, most: LARGEST_SPEC })
            .hint("put large file contents into files of their own and name them with `local:`");
        return (None, Vec::new());
    }
    if let Some(what) = foreign_file(bytes) {
        report
            .refuse(
                Anchor::whole(source),
                &rules::Document::NotText { problem: format!("the file is {what}, not YAML") },
            )
            .hint("name the file that the spec stands in");
        return (None, Vec::new());
    }
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(error) => {
            report_not_text(&error, source, report);
            return (None, Vec::new());
        }
    };
    let (tree, error) = parse(&text, &Limits::default());
    if let Some(error) = error {
        report_syntax(error, source, report);
        return (Some(tree), Vec::new());
    }
    let roots: Vec<NodeId> = tree.roots().iter().copied().filter(|root| !is_empty(&tree, *root)).collect();
    if roots.is_empty() {
        report
            .refuse(Anchor::whole(source), &rules::Document::Empty { wanted: "document" })
            .hint("`flatwright init` writes a spec to start from");
    }
    let ours = roots.into_iter().filter(|root| is_ours(&tree, *root, kind, source, report));
    let documents = ours.map(|root| Document { root }).collect();
    (Some(tree), documents)
}

/// What a file is that begins as no text does.
fn foreign_file(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 7] = [
        (b"\x7fELF", "binary (an ELF program)"),
        (b"\0asm", "binary (a WebAssembly module)"),
        (b"\x1f\x8b", "binary (compressed by gzip)"),
        (b"\x28\xb5\x2f\xfd", "binary (compressed by zstd)"),
        (b"PK\x03\x04", "binary (a ZIP archive)"),
        (b"\x89PNG", "binary (a PNG image)"),
        (b"%PDF-", "a PDF document"),
    ];
    STARTS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, what)| *what)
}

/// Reports why bytes are not text.
pub fn report_not_text(error: &DecodeError, source: SourceId, report: &mut Report) {
    let rule = rules::Document::NotText { problem: error.to_string() };
    report.refuse(Anchor::whole(source), &rule).hint("save the file as UTF-8");
}

/// Reports why a text is not YAML, with what may help.
pub fn report_syntax(error: SyntaxError, source: SourceId, report: &mut Report) {
    let rule = rules::Document::YamlSyntax { problem: error.message };
    let diagnostic = report.refuse(Anchor::offset(source, error.offset), &rule);
    diagnostic.hints.extend(error.hint);
}

/// Another kind of document is one finding, not one for every key that it lacks. One absent or odd key is the decoder's to report.
fn is_ours(tree: &Tree, root: NodeId, kind: &str, source: SourceId, report: &mut Report) -> bool {
    let lacks = |key: &str| tree.get(root, key).is_none();
    if matches!(tree.kind(root), Kind::Mapping(_)) && lacks("apiVersion") && lacks("kind") {
        report
            .refuse(Anchor::node(source, root), &UnknownKind::Absent { kind: kind.to_owned() })
            .hint(format!("begin it with `apiVersion: {}` and `kind: {kind}`", ApiVersion::V1Alpha1.word()));
        return false;
    }
    for (key, ours) in [("apiVersion", ApiVersion::V1Alpha1.word()), ("kind", kind)] {
        let Some(node) = tree.get(root, key) else { continue };
        let is_other = |text: &&str| *text != ours && !text.contains("${env:") && !is_null(tree, node);
        let Some(text) = tree.scalar(node).filter(is_other) else { continue };
        let rule = UnknownKind::Foreign { key, value: super::shortened(text) };
        let finding = report.refuse(Anchor::node(source, node), &rule).hint(format!("write `{key}: {ours}`"));
        if nearest(text, [ours]).is_some() {
            finding.fix(Fix::rewrite(text, ours));
        }
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
