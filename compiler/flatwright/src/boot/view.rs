//! What a machine has after its first boot: the node of the model, with the places in the spec where its parts come from.
//!
//! Owns: what of the node is shown, and what was there before. Must not: compute what a node has (`node` does), or write text.

use flatwright_diagnostic::{Anchor, Origin};
use flatwright_flatcar::sysext;
use flatwright_ignition::ignition3::{Config, Version};
use flatwright_node::{Entry, Group, Item, Kind, Node, Unit, User, apply, before, compare};
use flatwright_plan::NodeGroup;
use flatwright_render::Sources;

use super::first_boot::System;
use crate::calls::Call;
use crate::compose::Kinded;
use crate::places;

/// A node after its first boot, part by part.
#[derive(Debug)]
pub(super) struct View {
    pub(super) nodes: Vec<Shown>,
    pub(super) users: Vec<ShownUser>,
    pub(super) groups: Vec<Group>,
    pub(super) units: Vec<ShownUnit>,
}

/// Something at a path.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) path: String,
    pub(super) now: State,
    /// What was there before.
    pub(super) before: Option<State>,
    /// Where it comes from: a line of the user's, or who added it.
    pub(super) from: String,
}

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct State {
    /// `file`, `directory` or `link`; `unknown` where a step that fails would make it.
    pub(super) kind: &'static str,
    pub(super) mode: u32,
    pub(super) user: Owner,
    pub(super) group: Owner,
    pub(super) contents: Contents,
}

/// An owner by number and name, as far as they are known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) id: Option<u32>,
    pub(super) name: Option<String>,
}

/// What is in a file or link.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Contents {
    /// So many bytes.
    Bytes(usize),
    /// From these places.
    Fetched(Vec<String>),
    /// A link to there.
    Target(String),
    /// Nothing, or nobody knows.
    None,
}

/// A user that the config makes or changes.
#[derive(Debug)]
pub(super) struct ShownUser {
    pub(super) user: User,
    pub(super) keys: usize,
    pub(super) from: String,
}

/// A unit that the config is about.
#[derive(Debug)]
pub(super) struct ShownUnit {
    pub(super) name: String,
    pub(super) unit: Unit,
    pub(super) from: String,
    /// The drop-ins with where they come from.
    pub(super) dropins: Vec<(String, String)>,
}

/// Where the parts of a group's machines come from.
pub(super) struct Sourced<'a> {
    pub(super) sources: &'a Sources,
    pub(super) group: &'a NodeGroup,
    pub(super) composed: Vec<Kinded>,
    pub(super) calls: &'a [Call],
}

impl View {
    /// The node that a config makes of a system.
    pub(super) fn of(config: &Config, system: &System, sourced: &Sourced<'_>) -> Self {
        let base = system.base();
        let (before, after) = (before(&base), apply(config, Version::V3_1, &base));
        let changes = compare(&before, &after);
        let nodes = changes.entries.into_iter().filter_map(|change| {
            let now = change.after?;
            let drop_in = drop_in_of(&change.name);
            let from = now.from.map_or_else(String::new, |item| match drop_in {
                Some((unit, name)) => sourced.of_drop_in(unit, name),
                None => sourced.of_item(item, config),
            });
            let before = change.before.map(|entry| state(&entry, &before));
            Some(Shown { path: change.name, now: state(&now, &after), before, from })
        });
        let keys = |name: &str| {
            let users = config.passwd.users.iter().filter(|user| user.name == name);
            users.map(|user| user.ssh_authorized_keys.len()).sum()
        };
        let is_meant = |user: &&User| config.passwd.users.iter().any(|meant| meant.name == user.name);
        let users = after.users().filter(is_meant).map(|user| ShownUser {
            user: user.clone(),
            keys: keys(&user.name),
            from: sourced.of("name", &user.name),
        });
        let units = after.units.iter().map(|(name, unit)| ShownUnit {
            name: name.clone(),
            unit: unit.clone(),
            from: sourced.of("name", name),
            dropins: unit.dropins.iter().map(|drop_in| (drop_in.clone(), sourced.of_drop_in(name, drop_in))).collect(),
        });
        Self {
            nodes: nodes.collect(),
            users: users.collect(),
            groups: changes.groups.into_iter().filter_map(|change| change.after.cloned()).collect(),
            units: units.collect(),
        }
    }
}

/// Unit and drop-in of a path. The directory of a unit's drop-ins is of no drop-in alone.
fn drop_in_of(path: &str) -> Option<(&str, &str)> {
    let (directory, name) = path.strip_prefix("/etc/systemd/system/")?.split_once('/')?;
    Some((directory.strip_suffix(".d")?, name)).filter(|(_, name)| !name.contains('/'))
}

fn state(entry: &Entry<'_, '_>, node: &Node<'_>) -> State {
    let (kind, contents) = match entry.kind {
        Kind::Directory { .. } => ("directory", Contents::None),
        Kind::Link(target) => ("link", Contents::Target(target.to_owned())),
        Kind::Unknown => ("unknown", Contents::None),
        Kind::File(contents) => {
            let remote: Vec<String> = contents.remote().map(str::to_owned).collect();
            let bytes = || contents.bytes().map_or(Contents::None, |bytes| Contents::Bytes(bytes.len()));
            ("file", if remote.is_empty() { bytes() } else { Contents::Fetched(remote) })
        }
    };
    let name = |id: Option<u32>, name: &dyn Fn(u32) -> Option<String>| Owner { id, name: id.and_then(name) };
    State {
        kind,
        mode: entry.mode,
        user: name(entry.user, &|id| node.user_name(id).map(str::to_owned)),
        group: name(entry.group, &|id| node.group_name(id).map(str::to_owned)),
        contents,
    }
}

impl Sourced<'_> {
    fn of_item(&self, item: Item, config: &Config) -> String {
        let name = item.name(config).unwrap_or_default();
        item.named_by().first().map_or_else(String::new, |field| self.of(field, name))
    }

    /// Where a part comes from: a line of the user's, or who added it.
    pub(super) fn of(&self, field: &str, name: &str) -> String {
        if let Some(Origin::Plugin(index)) = places::plugin(self.group, field, name)
            && let Some(call) = usize::try_from(index).ok().and_then(|index| self.calls.get(index))
        {
            return format!("plugin {}", call.plugin);
        }
        places::in_group(self.group, field, name)
            .and_then(|anchor| self.line(&anchor))
            .or_else(|| self.extension(field, name))
            .or_else(|| self.is_flavors(field, name).then(|| "flavor".to_owned()))
            .or_else(|| self.made(field, name))
            .unwrap_or_else(|| "bootstrap provider".to_owned())
    }

    /// Where a drop-in of a unit comes from.
    pub(super) fn of_drop_in(&self, unit: &str, name: &str) -> String {
        let units = || self.group.machine_config.units.iter().filter(|own| own.name.value == unit);
        let own = || units().flat_map(|unit| &unit.drop_ins).find(|drop_in| drop_in.name == name);
        if let Some(Origin::Plugin(index)) = own().map(|drop_in| drop_in.contents.origin)
            && let Some(call) = usize::try_from(index).ok().and_then(|index| self.calls.get(index))
        {
            return format!("plugin {}", call.plugin);
        }
        places::drop_in(self.group, unit, name)
            .and_then(|anchor| self.line(&anchor))
            .or_else(|| own().map(|_| "flavor".to_owned()))
            .unwrap_or_else(|| self.of("name", name))
    }

    /// The line of the extension that a user declares, for its image and its link.
    fn extension(&self, field: &str, path: &str) -> Option<String> {
        let links = self.group.machine_config.links.iter().filter(|_| field == "path");
        links.into_iter().find_map(|link| {
            let name = link.path.value.strip_prefix("/etc/extensions/")?.strip_suffix(".raw")?;
            let is_its = path == link.path.value || path.starts_with(&format!("{}/", sysext::image_directory(name)));
            // The flavor's own has no line.
            let line = self.line(&link.path.origin.anchor().filter(|_| is_its)?)?;
            Some(format!("{line} (extension {name})"))
        })
    }

    /// The user's line for what a config says without naming it: a file of a tree, a mount unit of a file system.
    fn made(&self, field: &str, name: &str) -> Option<String> {
        let kinds: &[&str] = if field == "path" { &["file", "directory", "link"] } else { &["unit"] };
        let is_it = |(kind, part): &Kinded| kinds.contains(kind) && part == name;
        let is_ours = name != "kubeadm.service" && self.composed.iter().any(is_it);
        self.line(&places::made(self.group, field).filter(|_| is_ours)?)
    }

    fn line(&self, anchor: &Anchor) -> Option<String> {
        let span = self.sources.resolve(anchor)?;
        Some(format!("{}:{}", self.sources.name(anchor.source), span.start.line))
    }

    fn is_flavors(&self, field: &str, name: &str) -> bool {
        let parts = &self.group.machine_config;
        let kubeadm = &self.group.kubeadm;
        match field {
            "path" => {
                parts.files.iter().any(|file| file.path.value == name)
                    || parts.links.iter().any(|link| link.path.value == name)
                    || kubeadm.files.iter().any(|file| file.path.value == name)
            }
            "device" => true,
            _ => {
                let is_unit = |unit: &flatwright_plan::Unit| {
                    let is_drop_in = unit.drop_ins.iter().any(|drop_in| drop_in.name == name);
                    is_drop_in || unit.name.value == name && name != "kubeadm.service"
                };
                parts.units.iter().any(is_unit) || kubeadm.users.iter().any(|user| user.name.value == name)
            }
        }
    }
}
