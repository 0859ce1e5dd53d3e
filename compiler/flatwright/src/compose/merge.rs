//! Several configs → one, by path, unit name and drop-in name.
//!
//! The rule: what two parts say alike is said once; lists of different things are joined; two different things under one key are a conflict, shown with both
//! places. Units are joined field by field, so that a drop-in for a unit of the flavor is just another drop-in.

use flatwright_diagnostic::{Anchor, Diagnostic, Report, Severity};
use flatwright_ignition::ignition3::{Config, Unit, Version};
use flatwright_plan::{NodeGroup, UserConfig};

use super::code;
use crate::boot::place;

/// Paths that the bootstrap provider itself writes (Cluster API's Ignition template).
const PROVIDER_FILES: [&str; 4] =
    ["/etc/kubeadm.sh", "/etc/kubeadm.yml", "/run/kubeadm/kubeadm.yaml", "/run/cluster-api/placeholder"];

/// The config so far, and which user config each part came from.
pub(super) struct Merged<'a> {
    config: Config,
    parts: Vec<(Kinded, Option<&'a UserConfig>)>,
}

/// What makes two parts the same thing: `file /etc/motd`, `unit a.service`.
pub(crate) type Kinded = (&'static str, String);

impl<'a> Merged<'a> {
    /// Starts with the flavor's own parts.
    pub(super) fn new(config: Config) -> Self {
        let parts = parts(&config).into_iter().map(|key| (key, None)).collect();
        Self { config, parts }
    }

    /// Adds a config.
    pub(super) fn add(&mut self, other: Config, from: &'a UserConfig, report: &mut Report) {
        self.config.ignition.version = newest(&self.config.ignition.version, &other.ignition.version);
        let base = &mut self.config;
        let mut conflicts: Vec<Kinded> = Vec::new();
        let added = parts(&other);
        join(&mut base.storage.files, other.storage.files, |file| ("path", file.path.clone()), &mut conflicts);
        join(
            &mut base.storage.directories,
            other.storage.directories,
            |node| ("path", node.path.clone()),
            &mut conflicts,
        );
        join(&mut base.storage.links, other.storage.links, |node| ("path", node.path.clone()), &mut conflicts);
        join(&mut base.storage.disks, other.storage.disks, |disk| ("device", disk.device.clone()), &mut conflicts);
        join(
            &mut base.storage.filesystems,
            other.storage.filesystems,
            |fs| ("device", fs.device.clone()),
            &mut conflicts,
        );
        join(&mut base.storage.raid, other.storage.raid, |raid| ("name", raid.name.clone()), &mut conflicts);
        join(&mut base.storage.luks, other.storage.luks, |luks| ("name", luks.name.clone()), &mut conflicts);
        join(&mut base.passwd.users, other.passwd.users, |user| ("name", user.name.clone()), &mut conflicts);
        join(&mut base.passwd.groups, other.passwd.groups, |group| ("name", group.name.clone()), &mut conflicts);
        units(&mut base.systemd.units, other.systemd.units, &mut conflicts);
        extend(&mut base.kernel_arguments.should_exist, other.kernel_arguments.should_exist);
        extend(&mut base.kernel_arguments.should_not_exist, other.kernel_arguments.should_not_exist);
        extend(&mut base.ignition.config.merge, other.ignition.config.merge);
        extend(
            &mut base.ignition.security.tls.certificate_authorities,
            other.ignition.security.tls.certificate_authorities,
        );
        single(
            &mut base.ignition.config.replace,
            other.ignition.config.replace,
            "ignition.config.replace",
            &mut conflicts,
        );
        single(&mut base.ignition.proxy, other.ignition.proxy, "ignition.proxy", &mut conflicts);
        single(&mut base.ignition.timeouts, other.ignition.timeouts, "ignition.timeouts", &mut conflicts);
        conflicts.extend(self.node_conflicts(&added));
        for conflict in conflicts {
            let first = self.parts.iter().find(|(key, _)| key.1 == conflict.1).and_then(|(_, from)| *from);
            self::conflict(&conflict, first, from, report);
        }
        self.parts.extend(added.into_iter().map(|key| (key, Some(from))));
    }

    /// A path that is a file here and a directory or link there.
    fn node_conflicts(&self, added: &[Kinded]) -> Vec<Kinded> {
        let is_node = |kind: &str| matches!(kind, "file" | "directory" | "link");
        let clashes = |key: &&Kinded| {
            is_node(key.0)
                && self.parts.iter().any(|((kind, name), _)| is_node(kind) && *name == key.1 && *kind != key.0)
        };
        added.iter().filter(clashes).map(|key| ("path", key.1.clone())).collect()
    }

    /// Files that the bootstrap provider writes must not be in the machine config: the node would refuse the conflicting inodes in the initramfs.
    pub(super) fn check_bootstrap_files(&self, group: &NodeGroup, report: &mut Report) {
        let written = group.kubeadm.files.iter().map(|file| (file.path.value.as_str(), file.path.origin.anchor()));
        for (path, place) in written.chain(PROVIDER_FILES.map(|path| (path, None))) {
            let found = self
                .parts
                .iter()
                .find(|((kind, name), _)| name == path && matches!(*kind, "file" | "directory" | "link"));
            let Some((key, Some(from))) = found else { continue };
            let mut diagnostic = Diagnostic::new(
                code::CONFIG_CONFLICT,
                Severity::Error,
                format!("`{path}` is written by the bootstrap provider and by the machine config"),
            );
            diagnostic.at(place_of(&("path", key.1.clone()), from));
            if let Some(place) = place {
                diagnostic.label(place, "the bootstrap provider's file is here");
            }
            diagnostic.note("the machine would stop in the initramfs: `Config has conflicting inodes`");
            diagnostic.hint("keep one of the two");
            report.push(diagnostic);
        }
    }

    /// The merged config, with what the node would refuse reported.
    pub(super) fn finish(self, report: &mut Report) -> Config {
        self.check_links(report);
        self.config
    }

    /// A file below a link of the same config: the node refuses it.
    fn check_links(&self, report: &mut Report) {
        let nodes = self.parts.iter().filter(|((kind, _), _)| matches!(*kind, "file" | "directory" | "link"));
        for ((_, path), from) in nodes {
            let above = self
                .config
                .storage
                .links
                .iter()
                .find(|link| path.strip_prefix(link.path.as_str()).is_some_and(|rest| rest.starts_with('/')));
            let (Some(link), Some(from)) = (above, from) else { continue };
            report
                .error(
                    code::CONFIG_CONFLICT,
                    place_of(&("path", path.clone()), from),
                    format!("`{path}` is below `{}`, which is a link of the same config", link.path),
                )
                .note("the machine would stop in the initramfs: a path uses a link defined in the config")
                .hint("write the path that the link leads to");
        }
    }
}

/// Every part with a key.
pub(crate) fn parts(config: &Config) -> Vec<Kinded> {
    let storage = &config.storage;
    let mut keys: Vec<Kinded> = Vec::new();
    keys.extend(storage.files.iter().map(|node| ("file", node.path.clone())));
    keys.extend(storage.directories.iter().map(|node| ("directory", node.path.clone())));
    keys.extend(storage.links.iter().map(|node| ("link", node.path.clone())));
    keys.extend(storage.disks.iter().map(|disk| ("disk", disk.device.clone())));
    keys.extend(storage.filesystems.iter().map(|filesystem| ("filesystem", filesystem.device.clone())));
    keys.extend(config.systemd.units.iter().map(|unit| ("unit", unit.name.clone())));
    keys.extend(
        config
            .systemd
            .units
            .iter()
            .flat_map(|unit| unit.dropins.iter().map(|drop_in| ("drop-in", drop_in.name.clone()))),
    );
    keys.extend(config.passwd.users.iter().map(|user| ("user", user.name.clone())));
    keys.extend(config.passwd.groups.iter().map(|group| ("group", group.name.clone())));
    keys
}

fn join<T: PartialEq>(
    base: &mut Vec<T>,
    other: Vec<T>,
    key: impl Fn(&T) -> (&'static str, String),
    conflicts: &mut Vec<Kinded>,
) {
    let mut known: std::collections::BTreeMap<String, usize> =
        base.iter().enumerate().map(|(i, item)| (key(item).1, i)).collect();
    for item in other {
        let (field, name) = key(&item);
        match known.get(&name) {
            Some(index) if base[*index] == item => {}
            Some(_) => conflicts.push((field, name)),
            None => {
                known.insert(name, base.len());
                base.push(item);
            }
        }
    }
}

fn extend<T: PartialEq>(base: &mut Vec<T>, other: Vec<T>) {
    for item in other {
        if !base.contains(&item) {
            base.push(item);
        }
    }
}

fn single<T: PartialEq + Default>(base: &mut T, other: T, name: &str, conflicts: &mut Vec<Kinded>) {
    if other == T::default() || *base == other {
        return;
    }
    if *base == T::default() {
        *base = other;
    } else {
        conflicts.push(("key", name.to_owned()));
    }
}

fn units(base: &mut Vec<Unit>, other: Vec<Unit>, conflicts: &mut Vec<Kinded>) {
    for unit in other {
        let Some(known) = base.iter_mut().find(|known| known.name == unit.name) else {
            base.push(unit);
            continue;
        };
        let mut is_clash = field(&mut known.contents, unit.contents);
        is_clash |= field(&mut known.enabled, unit.enabled);
        is_clash |= field(&mut known.mask, unit.mask);
        if is_clash {
            conflicts.push(("name", unit.name));
        }
        join(&mut known.dropins, unit.dropins, |drop_in| ("name", drop_in.name.clone()), conflicts);
    }
}

/// Whether both say something, and not the same.
fn field<T: PartialEq>(base: &mut Option<T>, other: Option<T>) -> bool {
    match (&base, other) {
        (_, None) => false,
        (None, other) => {
            *base = other;
            false
        }
        (Some(base), Some(other)) => *base != other,
    }
}

fn newest(a: &str, b: &str) -> String {
    let version = |text: &str| Version::parse(text).unwrap_or(Version::V3_0);
    version(a).max(version(b)).as_str().to_owned()
}

fn conflict(key: &Kinded, first: Option<&UserConfig>, second: &UserConfig, report: &mut Report) {
    let name = &key.1;
    let mut diagnostic = Diagnostic::new(
        code::CONFIG_CONFLICT,
        Severity::Error,
        format!("two machine configs say different things about `{name}`"),
    );
    diagnostic.at(place_of(key, second));
    match first {
        Some(first) => diagnostic.label(place_of(key, first), "the other is here"),
        None => diagnostic.note("the other is the flavor's own part"),
    };
    diagnostic.hint("keep one of the two, or give a unit's changes a drop-in of another name");
    report.push(diagnostic);
}

/// Where a config names a path, unit or device.
fn place_of((field, name): &Kinded, config: &UserConfig) -> Anchor {
    place::in_config(config, field, name).or_else(|| config.origin.anchor()).unwrap_or(Anchor::whole(config.source))
}
