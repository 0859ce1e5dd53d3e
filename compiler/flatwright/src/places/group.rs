//! Parts of a node group → where the user, or a plugin, says something about them.

use flatwright_diagnostic::Anchor;
use flatwright_plan::{KubeadmFileContent, NodeGroup, Plan};

use super::config::{drop_in_config, in_config_at_part, key_in_config};
use super::{Found, of_plugin, plugin};
use crate::calls::Call;

/// A part of a machine config: a path, unit, drop-in or device, and the field of it that is meant.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    /// What names it: `path`, `name`, `label`.
    pub(crate) field: &'a str,
    /// Its name.
    pub(crate) name: &'a str,
    /// A field of it in Ignition's terms, such as `mode`.
    pub(crate) below: Option<&'a str>,
}

/// Who says something about a path, unit, drop-in or device of a group.
pub(crate) fn part(group: &NodeGroup, plan: &Plan, calls: &[Call], field: &str, name: &str) -> Option<Found> {
    part_at(group, plan, calls, &Part { field, name, below: None })
}

/// Who says something about a part of a group.
pub(crate) fn part_at(group: &NodeGroup, plan: &Plan, calls: &[Call], part: &Part<'_>) -> Option<Found> {
    let by_plugin = plugin(group, part.field, part.name).and_then(|origin| of_plugin(origin, calls, plan));
    by_plugin.or_else(|| in_group_at(group, part).map(Found::from))
}

/// Where the group says something about a path, unit or device.
pub(crate) fn in_group(group: &NodeGroup, field: &str, name: &str) -> Option<Anchor> {
    in_group_at(group, &Part { field, name, below: None })
}

/// Where the group says something about a part: in its kubeadm files, else in its machine configs, the last first.
fn in_group_at(group: &NodeGroup, part: &Part<'_>) -> Option<Anchor> {
    let file = group.kubeadm.files.iter().find(|file| part.field == "path" && file.path.value == part.name);
    let origin = file.map(|file| match part.below {
        Some("mode") => file.permissions.origin,
        Some("user" | "group") => file.owner.origin,
        Some("contents") => match &file.content {
            KubeadmFileContent::Bytes(bytes) => bytes.origin,
            KubeadmFileContent::Secret { name, .. } => name.origin,
            KubeadmFileContent::AzureJson(_) => file.path.origin,
        },
        _ => file.path.origin,
    });
    // A field that the user left out is missing from the file.
    let of_file = || file.and_then(|file| file.path.origin.anchor());
    origin
        .and_then(|origin| origin.anchor())
        .or_else(of_file)
        .or_else(|| group.user_configs.iter().rev().find_map(|config| in_config_at_part(config, part)))
}

/// Where the group's machine configs say something about a drop-in of a unit, the last first.
pub(crate) fn drop_in(group: &NodeGroup, unit: &str, name: &str) -> Option<Anchor> {
    group.user_configs.iter().rev().find_map(|config| drop_in_config(config, unit, name))
}

/// Where a config asks for parts that it does not name: files by a tree, units by a file system.
pub(crate) fn made(group: &NodeGroup, field: &str) -> Option<Anchor> {
    let key = if field == "path" { "trees" } else { "with_mount_unit" };
    group.user_configs.iter().rev().find_map(|config| key_in_config(config, key))
}

/// The group's own line, for what belongs to none of its parts.
pub(crate) fn of_group(group: &NodeGroup, root: &Anchor) -> Anchor {
    let config = group.user_configs.last().map(|config| config.origin);
    config.unwrap_or(group.origin).anchor().or_else(|| group.origin.anchor()).unwrap_or_else(|| root.clone())
}
