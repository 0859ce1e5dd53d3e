//! Parts of a node group → where the user, or a plugin, says something about them.

use flatwright_diagnostic::Anchor;
use flatwright_plan::{NodeGroup, Plan};

use super::config::key_in_config;
use super::{Found, in_config, of_plugin, plugin};
use crate::calls::Call;

/// Who says something about a path, unit, drop-in or device of a group.
pub(crate) fn part(group: &NodeGroup, plan: &Plan, calls: &[Call], field: &str, name: &str) -> Option<Found> {
    let by_plugin = plugin(group, field, name).and_then(|origin| of_plugin(origin, calls, plan));
    by_plugin.or_else(|| in_group(group, field, name).map(Found::from))
}

/// Where the group says something about a path, unit or device: in its kubeadm files, else in its machine configs, the last first.
pub(crate) fn in_group(group: &NodeGroup, field: &str, name: &str) -> Option<Anchor> {
    let file = group.kubeadm.files.iter().find(|file| field == "path" && file.path.value == name);
    file.and_then(|file| file.path.origin.anchor())
        .or_else(|| group.user_configs.iter().rev().find_map(|config| in_config(config, field, name)))
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
