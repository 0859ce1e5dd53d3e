//! The user's line behind a part of a machine config. Looked up only for a finding or a preview, so a clean compile pays nothing for it.

use flatwright_diagnostic::{Anchor, Diagnostic, NodeId, Origin, Path};
use flatwright_plan::{Contents, KubeadmFileContent, NodeGroup, Plan, UserConfig};
use flatwright_yaml::{Kind, Limits, Tree, parse_first};

use crate::plugins::{Call, describe_origin};

/// Whom a finding about a part of a machine config is for: a line of the user's, or a plugin.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// The line, or the plugin's entry.
    pub(crate) anchor: Anchor,
    /// Which plugin, by which hook.
    pub(crate) note: Option<String>,
}

impl Found {
    /// Puts a finding there.
    pub(crate) fn put(self, finding: &mut Diagnostic) {
        finding.at(self.anchor);
        finding.notes.extend(self.note);
    }
}

impl From<Anchor> for Found {
    fn from(anchor: Anchor) -> Self {
        Self { anchor, note: None }
    }
}

/// Who says something about a path, unit, drop-in or device of a group.
pub(crate) fn part(group: &NodeGroup, plan: &Plan, calls: &[Call], field: &str, name: &str) -> Option<Found> {
    let by_plugin = plugin(group, field, name).and_then(|origin| of_plugin(origin, calls, plan));
    by_plugin.or_else(|| in_group(group, field, name).map(Found::from))
}

/// The plugin that gave a value, if one did.
pub(crate) fn of_plugin(origin: Origin, calls: &[Call], plan: &Plan) -> Option<Found> {
    describe_origin(origin, calls, plan).map(|(anchor, note)| Found { anchor, note: Some(note) })
}

/// The call of a plugin that gave a part of the group's own, or changed any of it.
pub(crate) fn plugin(group: &NodeGroup, field: &str, name: &str) -> Option<Origin> {
    let (kubeadm, parts) = (&group.kubeadm, &group.machine_config);
    let mut origins = Vec::new();
    if field == "path" {
        for file in kubeadm.files.iter().filter(|file| file.path.value == name) {
            origins.extend([file.origin, file.path.origin, file.owner.origin, file.permissions.origin]);
            origins.push(match &file.content {
                KubeadmFileContent::Bytes(bytes) => bytes.origin,
                KubeadmFileContent::Secret { name, .. } => name.origin,
                KubeadmFileContent::AzureJson(_) => Origin::Unknown,
            });
        }
        for file in parts.files.iter().filter(|file| file.path.value == name) {
            origins.push(file.path.origin);
            match &file.contents {
                Contents::Text(text) => origins.push(text.origin),
                Contents::Remote { url, sha512 } => {
                    origins.push(url.origin);
                    origins.extend(sha512.as_ref().map(|sum| sum.origin));
                }
            }
        }
        let links = parts.links.iter().filter(|link| link.path.value == name);
        origins.extend(links.flat_map(|link| [link.path.origin, link.target.origin]));
    } else if field == "name" {
        for unit in &parts.units {
            if unit.name.value == name {
                origins.push(unit.name.origin);
                origins.extend(unit.contents.as_ref().map(|contents| contents.origin));
            }
            let drop_ins = unit.drop_ins.iter().filter(|drop_in| drop_in.name == name || unit.name.value == name);
            origins.extend(drop_ins.map(|drop_in| drop_in.contents.origin));
        }
    }
    origins.into_iter().find(|origin| matches!(origin, Origin::Plugin(_)))
}

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

/// Where a config asks for parts that it does not name: files by a tree, units by a file system.
pub(crate) fn made(group: &NodeGroup, field: &str) -> Option<Anchor> {
    let key = if field == "path" { "trees" } else { "with_mount_unit" };
    group.user_configs.iter().rev().find_map(|config| anchor(config, |tree, root| find_key(tree, root, key)))
}

fn find_key(tree: &Tree, node: NodeId, name: &str) -> Option<NodeId> {
    match tree.kind(node) {
        Kind::Scalar(..) => None,
        Kind::Sequence(items) => items.iter().find_map(|item| find_key(tree, *item, name)),
        Kind::Mapping(entries) => entries.iter().find_map(|entry| {
            if tree.scalar(entry.key) == Some(name) { Some(entry.key) } else { find_key(tree, entry.value, name) }
        }),
    }
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
