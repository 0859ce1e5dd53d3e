//! The user's line behind a part of a machine config. Looked up only for a finding or a preview, so a clean compile pays nothing for it.

use flatwright_diagnostic::{Anchor, NodeId, Path};
use flatwright_plan::{NodeGroup, UserConfig};
use flatwright_yaml::{Kind, Limits, Tree, parse_first};

/// Where the group says something about a path, unit or device: in its kubeadm files, else in its machine configs, the last first.
pub(crate) fn in_group(group: &NodeGroup, field: &str, name: &str) -> Option<Anchor> {
    let file = group.kubeadm.files.iter().find(|file| field == "path" && file.path.value == name);
    file.and_then(|file| file.path.origin.anchor())
        .or_else(|| group.user_configs.iter().rev().find_map(|config| in_config(config, field, name)))
}

/// Where a config says what Ignition knows by a path such as `storage.files.0.mode`, or the deepest part of it that is there.
pub(crate) fn in_config_at(config: &UserConfig, path: &str) -> Option<Anchor> {
    let wanted = Path::parse(path);
    anchor(config, |tree, root| Some(tree.find(root, &wanted).0).filter(|node| *node != root))
}

/// Where a config says something about a path, unit or device.
pub(crate) fn in_config(config: &UserConfig, field: &str, name: &str) -> Option<Anchor> {
    anchor(config, |tree, root| find(tree, root, field, name))
}

fn anchor(config: &UserConfig, find: impl FnOnce(&Tree, NodeId) -> Option<NodeId>) -> Option<Anchor> {
    let text = flatwright_yaml::decode(&config.text).ok()?;
    let (tree, _) = parse_first(&text, &Limits { is_libyaml: true, ..Limits::default() });
    let found = find(&tree, *tree.roots().first()?)?;
    let (line, column) = flatwright_yaml::LineIndex::new(&text).position(&text, tree.span(found).start);
    Some(Anchor::line_column(config.source, u32::try_from(line).ok()?, u32::try_from(column).ok()?))
}

fn find(tree: &Tree, node: NodeId, field: &str, name: &str) -> Option<NodeId> {
    match tree.kind(node) {
        Kind::Scalar(text, _) => {
            let is_field = tree.key_of(node).and_then(|key| tree.scalar(key)) == Some(field);
            (is_field && text == name).then_some(node)
        }
        Kind::Sequence(items) => items.iter().find_map(|item| find(tree, *item, field, name)),
        Kind::Mapping(entries) => entries.iter().find_map(|entry| find(tree, entry.value, field, name)),
    }
}

/// The group's own line, for what belongs to none of its parts.
pub(crate) fn of_group(group: &NodeGroup, root: &Anchor) -> Anchor {
    let config = group.user_configs.last().map(|config| config.origin);
    config.unwrap_or(group.origin).anchor().or_else(|| group.origin.anchor()).unwrap_or_else(|| root.clone())
}
