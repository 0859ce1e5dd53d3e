//! All configs of a group → one, with what the user has to know of it, at the user's lines.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Anchor, Report};
use flatwright_ignition::ignition3::Config;
use flatwright_plan::{NodeGroup, UserConfig};

use super::parts::is_node;
use super::rules::Conflict;
use super::{Kinded, merge, parts};
use crate::places::in_config;

/// Paths that the bootstrap provider itself writes (Cluster API's Ignition template).
const PROVIDER_FILES: [&str; 4] =
    ["/etc/kubeadm.sh", "/etc/kubeadm.yml", "/run/kubeadm/kubeadm.yaml", "/run/cluster-api/placeholder"];

/// The config so far, and which of the group's user configs each part came from.
pub(super) struct Merged<'g> {
    config: Config,
    parts: Vec<(Kinded, Option<usize>)>,
    configs: &'g [UserConfig],
}

/// The paths of a config that is complete, and which of the user configs each came from.
#[derive(Clone, Debug)]
pub(super) struct Paths(BTreeMap<String, Option<usize>>);

impl<'g> Merged<'g> {
    /// Starts with the flavor's own parts.
    pub(super) fn new(config: Config, configs: &'g [UserConfig]) -> Self {
        let parts = parts(&config).into_iter().map(|key| (key, None)).collect();
        Self { config, parts, configs }
    }

    /// Adds the user config of this index.
    pub(super) fn add(&mut self, other: Config, index: usize, report: &mut Report) {
        let added = parts(&other);
        let mut conflicts = merge::add(&mut self.config, other);
        conflicts.extend(self.node_conflicts(&added));
        for conflict in conflicts {
            let first = self.parts.iter().find(|(key, _)| key.1 == conflict.1).and_then(|(_, from)| *from);
            self.conflict(&conflict, first, index, report);
        }
        self.parts.extend(added.into_iter().map(|key| (key, Some(index))));
    }

    /// A path that is a file here and a directory or link there.
    fn node_conflicts(&self, added: &[Kinded]) -> Vec<Kinded> {
        let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for ((kind, name), _) in self.parts.iter().filter(|((kind, _), _)| is_node(kind)) {
            kinds.entry(name).or_default().push(kind);
        }
        let clashes = |(kind, name): &&Kinded| {
            is_node(kind) && kinds.get(name.as_str()).is_some_and(|known| known.iter().any(|known| known != kind))
        };
        added.iter().filter(clashes).map(|(_, name)| ("path", name.clone())).collect()
    }

    fn conflict(&self, key: &Kinded, first: Option<usize>, second: usize, report: &mut Report) {
        let rule = Conflict::Configs { name: key.1.clone() };
        let finding = report.refuse(place_of(key, &self.configs[second]), &rule);
        match first {
            Some(first) => finding.label(place_of(key, &self.configs[first]), "the other is here"),
            None => finding.note("the other is the flavor's own part"),
        };
        finding.hint("keep one of the two, or give a unit's changes a drop-in of another name");
    }

    /// The merged config and its paths, with what the node would refuse reported.
    pub(super) fn finish(self, report: &mut Report) -> (Config, Paths) {
        self.check_links(report);
        let mut paths = BTreeMap::new();
        for ((kind, path), from) in self.parts {
            if is_node(kind) {
                paths.entry(path).or_insert(from);
            }
        }
        (self.config, Paths(paths))
    }

    /// A file below a link of the same config: the node refuses it.
    fn check_links(&self, report: &mut Report) {
        let links = &self.config.storage.links;
        for ((_, path), from) in self.parts.iter().filter(|((kind, _), _)| is_node(kind)) {
            let is_above = |link: &str| path.strip_prefix(link).is_some_and(|rest| rest.starts_with('/'));
            let above = links.iter().find(|link| is_above(&link.path));
            let (Some(link), Some(from)) = (above, from) else { continue };
            let rule = Conflict::BelowLink { path: path.clone(), link: link.path.clone() };
            report
                .refuse(place_of(&("path", path.clone()), &self.configs[*from]), &rule)
                .note("the machine would stop in the initramfs: a path uses a link defined in the config")
                .hint("write the path that the link leads to");
        }
    }
}

impl Paths {
    /// Files that the bootstrap provider writes must not be in the machine config: the node would refuse the conflicting inodes in the initramfs.
    pub(super) fn check_bootstrap_files(&self, group: &NodeGroup, report: &mut Report) {
        let written = group.kubeadm.files.iter().map(|file| (file.path.value.as_str(), file.path.origin.anchor()));
        for (path, place) in written.chain(PROVIDER_FILES.map(|path| (path, None))) {
            let Some(Some(from)) = self.0.get(path) else { continue };
            let rule = Conflict::BootstrapFile { path: path.to_owned() };
            let finding = report.refuse(place_of(&("path", path.to_owned()), &group.user_configs[*from]), &rule);
            if let Some(place) = place {
                finding.label(place, "the bootstrap provider's file is here");
            }
            finding.note("the machine would stop in the initramfs: `Config has conflicting inodes`");
            finding.hint("keep one of the two");
        }
    }
}

/// Where a config names a path, unit or device.
fn place_of((field, name): &Kinded, config: &UserConfig) -> Anchor {
    in_config(config, field, name).or_else(|| config.origin.anchor()).unwrap_or(Anchor::whole(config.source))
}
