//! Two configs → one, by path, unit name and drop-in name.
//!
//! The rule: what two parts say alike is said once; lists of different things are joined; two different things under one key are a conflict. Units are joined
//! field by field, so that a drop-in for a unit of the flavor is just another drop-in.

use std::collections::BTreeMap;

use flatwright_ignition::ignition3::{Config, Unit, Version};

use super::Kinded;

/// Adds a config to another. Gives the conflicts: by which field the two know a thing of which they say different things.
pub(super) fn add(base: &mut Config, other: Config) -> Vec<Kinded> {
    base.ignition.version = newest(&base.ignition.version, &other.ignition.version);
    let mut conflicts = Vec::new();
    let found = &mut conflicts;
    let (storage, passwd) = (other.storage, other.passwd);
    join(&mut base.storage.files, storage.files, |file| ("path", file.path.clone()), found);
    join(&mut base.storage.directories, storage.directories, |node| ("path", node.path.clone()), found);
    join(&mut base.storage.links, storage.links, |node| ("path", node.path.clone()), found);
    join(&mut base.storage.disks, storage.disks, |disk| ("device", disk.device.clone()), found);
    join(&mut base.storage.filesystems, storage.filesystems, |fs| ("device", fs.device.clone()), found);
    join(&mut base.storage.raid, storage.raid, |raid| ("name", raid.name.clone()), found);
    join(&mut base.storage.luks, storage.luks, |luks| ("name", luks.name.clone()), found);
    join(&mut base.passwd.users, passwd.users, |user| ("name", user.name.clone()), found);
    join(&mut base.passwd.groups, passwd.groups, |group| ("name", group.name.clone()), found);
    units(&mut base.systemd.units, other.systemd.units, found);
    extend(&mut base.kernel_arguments.should_exist, other.kernel_arguments.should_exist);
    extend(&mut base.kernel_arguments.should_not_exist, other.kernel_arguments.should_not_exist);
    let (old, new) = (&mut base.ignition, other.ignition);
    extend(&mut old.config.merge, new.config.merge);
    extend(&mut old.security.tls.certificate_authorities, new.security.tls.certificate_authorities);
    single(&mut old.config.replace, new.config.replace, "ignition.config.replace", found);
    single(&mut old.proxy, new.proxy, "ignition.proxy", found);
    single(&mut old.timeouts, new.timeouts, "ignition.timeouts", found);
    conflicts
}

fn join<T: PartialEq>(
    base: &mut Vec<T>,
    other: Vec<T>,
    key: impl Fn(&T) -> (&'static str, String),
    conflicts: &mut Vec<Kinded>,
) {
    let mut known: BTreeMap<String, usize> = base.iter().enumerate().map(|(i, item)| (key(item).1, i)).collect();
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
