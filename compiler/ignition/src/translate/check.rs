//! What the translation refuses before it starts.

use flatwright_go::path::clean;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::Refusal;
use crate::entry::EntryKind;
use crate::ignition2::{self, Config};
use crate::problem::{Inode, Translation};

/// File-system name → the path that stands for it in 3.x.
pub(super) type Paths = BTreeMap<String, String>;

/// The paths Flatcar makes up for file systems. The counter counts every new name, `oem` too, and the one it makes up for a file system
/// without a name, which keeps neither that name nor its path.
pub(super) fn filesystem_paths(config: &Config) -> Paths {
    let mut paths = Paths::from([("root".to_owned(), "/".to_owned())]);
    let (mut counter, mut unnamed) = (0, 0);
    for filesystem in &config.storage.filesystems {
        let mut name = filesystem.name.clone();
        if name.is_empty() {
            unnamed += 1;
            name = format!("ignition{unnamed}");
        }
        if let Entry::Vacant(new) = paths.entry(name) {
            counter += 1;
            let name = new.key();
            let path = if name == "oem" { "/usr/share/oem".to_owned() } else { format!("/tmp/{name}-ign{counter}") };
            new.insert(path);
        }
    }
    paths
}

/// The path of a node below its file system's path, cleaned like Go's `path.Join`.
pub(super) fn node_path(paths: &Paths, filesystem: &str, path: &str) -> String {
    match paths.get(filesystem).map_or("", String::as_str) {
        "" | "/" if path.starts_with('/') => clean(path).into_owned(),
        base => clean(&format!("{base}/{path}")).into_owned(),
    }
}

/// The checks in the original's order; the first that fails ends the translation.
pub(super) fn check(config: &Config, paths: &Paths) -> Result<(), Refusal> {
    let entries = ignition2::check(config);
    if entries.iter().any(|entry| matches!(entry.kind, EntryKind::Error | EntryKind::Deprecated)) {
        return Err(Refusal::InvalidInput(entries));
    }
    for (filesystem, item) in config.storage.filesystems.iter().enumerate() {
        let Some(mount) = &item.mount else { return Err(Translation::Unmounted { filesystem }.into()) };
        if mount.create.as_ref().is_some_and(|create| !create.force) {
            return Err(Translation::UnforcedCreate { filesystem }.into());
        }
    }
    inodes(config, paths)?;
    for unit in &config.systemd.units {
        let mut names = BTreeSet::new();
        if let Some(dropin) = unit.dropins.iter().find(|dropin| !names.insert(&dropin.name)) {
            let (unit, drop_in) = (unit.name.clone(), dropin.name.clone());
            return Err(Translation::DuplicateDropIn { unit, drop_in }.into());
        }
    }
    Ok(())
}

fn inodes(config: &Config, paths: &Paths) -> Result<(), Refusal> {
    let storage = &config.storage;
    let rooted = |filesystem: &str, path: &str| match node_path(paths, filesystem, path) {
        path if path.starts_with('/') => path,
        path => clean(&format!("/{path}")).into_owned(),
    };
    let links: Vec<String> = storage.links.iter().map(|link| rooted(&link.filesystem, &link.path)).collect();
    let files = storage.files.iter().map(|file| ("File", rooted(&file.filesystem, &file.path)));
    let directories = storage.directories.iter().map(|dir| ("Directory", rooted(&dir.filesystem, &dir.path)));
    let own = links.iter().map(|path| ("Link", path.clone()));
    let own_links = OwnLinks::new(&links);
    let mut seen: BTreeMap<String, &'static str> = BTreeMap::new();
    for (kind, path) in files.chain(directories).chain(own) {
        if let Some(first) = seen.get(&path) {
            let [first, second] = [first, kind].map(|kind| Inode { kind, path: path.clone() });
            return Err(Translation::ConflictingInodes { first, second }.into());
        }
        if let Some(link) = own_links.first_above(&path).map(str::to_owned) {
            return Err(Translation::UsesOwnLink { inode: Inode { kind, path }, link }.into());
        }
        seen.insert(path, kind);
    }
    Ok(())
}

/// The links of a config, to find those that a path begins with without comparing each with each.
struct OwnLinks<'l> {
    positions: BTreeMap<&'l str, usize>,
    lengths: BTreeSet<usize>,
}

impl<'l> OwnLinks<'l> {
    fn new(links: &'l [String]) -> Self {
        // Of equal links, the first counts.
        let positions = links.iter().enumerate().rev().map(|(position, link)| (link.as_str(), position)).collect();
        Self { positions, lengths: links.iter().map(String::len).collect() }
    }

    /// The first link that the path lies below.
    fn first_above(&self, path: &str) -> Option<&'l str> {
        let ends_there = |length: &&usize| **length == 1 || path.as_bytes()[**length] == b'/';
        let beginnings = self.lengths.range(..path.len()).filter(ends_there).filter_map(|length| path.get(..*length));
        let found = beginnings.filter_map(|beginning| self.positions.get_key_value(beginning));
        found.min_by_key(|(_, position)| **position).map(|(link, _)| *link)
    }
}
