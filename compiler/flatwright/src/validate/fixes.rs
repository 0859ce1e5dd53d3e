//! Findings → changes that a machine can make, where the right answer is certain or near.

use flatwright_diagnostic::{Anchor, Applicability, Diagnostic, Edit, Fix, NodeId, Part, Place, Report};
use flatwright_render::Sources;
use flatwright_spec::code::UNKNOWN_FIELD;
use flatwright_yaml::Tree;

/// Adds the fix of every finding that has one.
pub(super) fn add(report: &mut Report, sources: &Sources) {
    for finding in report.diagnostics_mut() {
        if let Some(fix) = fix(finding, sources)
            && finding.fixes.is_empty()
        {
            finding.fixes.push(fix);
        }
    }
}

fn fix(finding: &Diagnostic, sources: &Sources) -> Option<Fix> {
    let anchor = finding.anchor.as_ref()?;
    let tree = sources.tree(anchor.source)?;
    let node = node(anchor, tree)?;
    match finding.code {
        UNKNOWN_FIELD => rename(finding, anchor, tree, node),
        flatwright_admission::code::SECOND_APPLY => remove_empty_key(anchor, tree, node),
        flatwright_admission::code::FILE_MODE => lead_with_zero(finding, anchor, tree, node),
        _ => None,
    }
}

/// The node that an anchor means exactly.
fn node(anchor: &Anchor, tree: &Tree) -> Option<NodeId> {
    match &anchor.place {
        Place::Node(node) => ((node.0 as usize) < tree.len()).then_some(*node),
        Place::Path { document, path } => {
            let (node, is_found) = tree.find(*tree.roots().get(*document as usize)?, path);
            is_found.then_some(node)
        }
        _ => None,
    }
}

/// A key that only differs in case from a known one is certainly that one; a near one probably.
fn rename(finding: &Diagnostic, anchor: &Anchor, tree: &Tree, node: NodeId) -> Option<Fix> {
    let known = finding.hints.iter().find_map(|hint| hint.strip_prefix("did you mean `")?.strip_suffix("`?"))?;
    let (parent, key) = (tree.parent(node)?, tree.key_of(node)?);
    let written = tree.scalar(key)?;
    if tree.get(parent, known).is_some() {
        return None;
    }
    let anchor = Anchor { part: Part::Key, ..anchor.clone() };
    let mut fix = certain(format!("rename `{written}` to `{known}`"), Edit::replace(anchor, known.to_owned()));
    if !written.eq_ignore_ascii_case(known) {
        fix.applicability = Applicability::Suggested;
    }
    Some(fix)
}

fn remove_empty_key(anchor: &Anchor, tree: &Tree, node: NodeId) -> Option<Fix> {
    let key = tree.key_of(node).and_then(|key| tree.scalar(key))?;
    let is_empty = tree.scalar(node).is_some_and(str::is_empty);
    (key == "sshPublicKey" && is_empty)
        .then(|| certain("remove the empty `sshPublicKey`".to_owned(), Edit::remove(value(anchor))))
}

/// Three octal digits are a mode whose zero was forgotten: as a decimal number it would be no mode anybody writes.
fn lead_with_zero(finding: &Diagnostic, anchor: &Anchor, tree: &Tree, node: NodeId) -> Option<Fix> {
    let text = tree.scalar(node)?;
    let is_mode = text.len() == 3 && text.bytes().all(|b| (b'0'..=b'7').contains(&b));
    let is_misread = finding.message.contains("is decimal");
    (is_mode && is_misread).then(|| {
        let quoted = format!("\"0{text}\"");
        certain(format!("write `{quoted}`"), Edit::replace(value(anchor), quoted))
    })
}

fn value(anchor: &Anchor) -> Anchor {
    Anchor { part: Part::Value, ..anchor.clone() }
}

fn certain(title: String, edit: Edit) -> Fix {
    Fix { title, edits: vec![edit], applicability: Applicability::Certain }
}
