//! Kubernetes' schedule of patches and its list of ended minors (kubernetes/website, `data/releases/schedule.yaml` and `eol.yaml`).

use std::collections::BTreeSet;

use flatwright_kubernetes::releases;
use flatwright_kubernetes::table::number;
use flatwright_kubernetes::version::Release as Version;
use flatwright_yaml::{Kind, Limits, Node, Tree, parse_first};

use super::Malformed;

/// The versions of either file; nothing where a text is neither.
pub(super) fn read(text: &str) -> Result<Option<BTreeSet<Version>>, Malformed> {
    if !["schedules:", "branches:"].iter().any(|key| text.lines().any(|line| line.trim_end() == *key)) {
        return Ok(None);
    }
    let (tree, error) = parse_first(text, &Limits::default());
    if let Some(error) = error {
        return Err(super::yaml(text, &error));
    }
    let Some(root) = tree.roots().first().map(|id| Node { tree: &tree, id: *id }) else { return Ok(None) };
    let mut found = BTreeSet::new();
    for schedule in items(root.get("schedules")) {
        let minor = schedule.get("release").and_then(Node::scalar).and_then(number);
        let patches = items(schedule.get("previousPatches"));
        let patches = patches.filter_map(|patch| patch.get("release").and_then(Node::scalar).and_then(number));
        found.extend(patches);
        // A minor is listed before its first release, which then has no patches.
        if let Some(minor) = minor
            && found.iter().any(|version: &Version| version.line() == minor.line())
        {
            found.insert(minor);
        }
    }
    for branch in items(root.get("branches")) {
        found.extend(branch.get("finalPatchRelease").and_then(Node::scalar).and_then(number));
    }
    if found.is_empty() { Err(Malformed::line(0, "it names no version of Kubernetes")) } else { Ok(Some(found)) }
}

/// The newest patches that this program knows itself.
pub(super) fn built_in() -> (BTreeSet<Version>, String) {
    let read = format!("the table of this program, of {}", releases::RELEASES.day());
    (releases::minors().map(|minor| minor.newest).collect(), read)
}

/// The items of a list.
pub(super) fn items<'t>(node: Option<Node<'t>>) -> impl Iterator<Item = Node<'t>> {
    let list = node.and_then(|node| list_of(node.tree, node));
    let tree = node.map(|node| node.tree);
    list.into_iter().flatten().filter_map(move |id| Some(Node { tree: tree?, id: *id }))
}

fn list_of<'t>(tree: &'t Tree, node: Node<'t>) -> Option<&'t [flatwright_diagnostic::NodeId]> {
    match tree.kind(tree.resolve(node.id)) {
        Kind::Sequence(items) => Some(items),
        _ => None,
    }
}
