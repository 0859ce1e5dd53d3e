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

fn certain(title: String, edit: Edit) -> Fix {
    Fix { title, edits: vec![edit], applicability: Applicability::Certain }
}
