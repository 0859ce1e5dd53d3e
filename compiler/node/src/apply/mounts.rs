//! The mount stage, and what is mounted after Ignition. Owns: where the file systems of the config are in the tree, and what they hide. Must not: make file systems.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_ignition::ignition3::Filesystem;

use super::{Fault, Run};
use crate::accounts::User;
use crate::item::Item;
use crate::rule::FirstBoot;
use crate::tree::{Body, Errno, View};

/// The release lines whose systemd hides what is mounted below `/opt` when it merges extensions that have something there (flatcar/Flatcar#2111).
const HIDING_LINES: std::ops::RangeInclusive<u32> = 4515..=4593;
/// Where system extensions are.
pub(super) const EXTENSIONS: [&str; 2] = ["/etc/extensions/", "/var/lib/extensions/"];

/// File systems of the kernel's: nothing of them is kept, whatever is mounted.
const KERNELS: [&str; 3] = ["/dev", "/proc", "/sys"];

impl Run<'_, '_> {
    pub(super) fn mounts(&mut self) {
        let config = self.config;
        let mut mounted: Vec<(usize, &Filesystem, &str)> = Vec::new();
        for (index, filesystem) in config.storage.filesystems.iter().enumerate() {
            let is_mounted = !matches!(filesystem.format.as_deref(), None | Some("" | "swap" | "none"));
            if let Some(path) = filesystem.path.as_deref().filter(|path| is_mounted && !path.is_empty()) {
                mounted.push((index, filesystem, path));
            }
        }
        mounted.sort_by_key(|(_, _, path)| path.split('/').filter(|part| !part.is_empty()).count());
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        for (index, filesystem, path) in mounted {
            let item = Item::Filesystem(index);
            if let Some(first) = taken.insert(path, &filesystem.device) {
                let rule = FirstBoot::MountShared { path: path.to_owned(), other: first.to_owned() };
                self.fail(
                    item,
                    Fault::new(rule).at("path").likely(true).hint("give each file system a path of its own"),
                );
            }
            if let Err(errno) = self.mount(path, filesystem, item)
                && let Some(rule) = self.of_errno(path, errno)
            {
                // What of the image is there when file systems are mounted is not known for sure.
                self.fail(item, Fault::new(rule).at("path").likely(errno != Errno::NameTooLong));
            }
        }
    }

    fn mount(&mut self, path: &str, filesystem: &Filesystem, item: Item) -> Result<(), Errno> {
        if path == "/" {
            return Ok(());
        }
        let mut end = 0;
        // Links are not followed: every part must be a directory.
        for part in path.split('/').filter(|part| !part.is_empty()) {
            end = path[end..].find(part).map_or(path.len(), |at| end + at + part.len());
            let prefix = &path[..end];
            match self.tree.lstat(prefix)? {
                Some(ino) if !self.tree.inode(ino).is_directory() => return Err(Errno::NotADirectory),
                Some(_) => {}
                None => {
                    self.made_for_mounts.push(prefix.to_owned());
                }
            }
        }
        let ino = self.tree.make_directories(path, View::Initramfs, Some(item))?;
        let inode = self.tree.inode_mut(ino);
        inode.from = Some(item);
        if let Body::Directory(directory) = &mut inode.body {
            directory.is_mounted = true;
            directory.is_open |= filesystem.wipe_filesystem != Some(true);
        }
        Ok(())
    }

    /// Directories that were made for mount points in a home belong to its user.
    pub(super) fn hand_over_mount_points(&mut self, user: &User) {
        let below = format!("{}/", user.home);
        let made: Vec<String> = self.made_for_mounts.clone();
        for path in made.iter().filter(|path| **path == user.home || path.starts_with(&below)) {
            if let Ok(Some(ino)) = self.tree.lstat(path) {
                let inode = self.tree.inode_mut(ino);
                (inode.user, inode.group, inode.mode) = (user.uid, user.gid, 0o700);
            }
        }
    }

    /// Mounts below directories that systemd 257 puts an overlay over when it merges extensions (systemd#41875).
    pub(super) fn below_extensions(&mut self) {
        let is_concerned = self.base.line().is_none_or(|line| HIDING_LINES.contains(&line));
        let storage = &self.config.storage;
        let paths = storage.files.iter().map(|file| &file.path).chain(storage.links.iter().map(|link| &link.path));
        let has_extensions =
            || paths.clone().any(|path| EXTENSIONS.iter().any(|directory| path.starts_with(directory)));
        if !is_concerned
            || !self.config.systemd.units.iter().any(|unit| unit.name.ends_with(".mount"))
            || !has_extensions()
        {
            return;
        }
        for (index, unit) in self.config.systemd.units.iter().enumerate() {
            let texts = unit.contents.iter().chain(unit.dropins.iter().filter_map(|dropin| dropin.contents.as_ref()));
            let lines = texts.flat_map(|text| text.lines()).map(str::trim);
            let place = lines.clone().filter_map(|line| line.strip_prefix("Where=")).next_back().map(str::trim);
            let is_ordered =
                || lines.clone().any(|line| line.starts_with("After=") && line.contains("systemd-sysext.service"));
            let Some(path) = place.filter(|path| path.starts_with("/opt/") && !is_ordered()) else { continue };
            if unit.mask == Some(true) || !unit.name.ends_with(".mount") {
                continue;
            }
            let rule = FirstBoot::HiddenByExtensions { unit: unit.name.clone(), path: path.to_owned() };
            let field = if unit.contents.is_some() { "contents" } else { "name" };
            let fault = Fault::new(rule).at(field).likely(true);
            self.fail(
                Item::Unit(index),
                fault.hint("add `After=systemd-sysext.service` to its `[Unit]` section, or mount it elsewhere, such as below `/var`"),
            );
        }
    }

    /// What is written below a place on which something is mounted when the node boots.
    pub(super) fn hidden(&mut self) {
        let config = self.config;
        let early: BTreeSet<&str> =
            config.storage.filesystems.iter().filter_map(|filesystem| filesystem.path.as_deref()).collect();
        let own = self.base.covered().iter().map(|path| (path.clone(), "a file system of its own".to_owned()));
        let mut covers: BTreeMap<String, String> = own.collect();
        for unit in config.systemd.units.iter().filter(|unit| unit.name.ends_with(".mount") && unit.mask != Some(true))
        {
            let texts = unit.contents.iter().chain(unit.dropins.iter().filter_map(|dropin| dropin.contents.as_ref()));
            let place =
                texts.flat_map(|text| text.lines()).filter_map(|line| line.trim().strip_prefix("Where=")).next_back();
            let Some(place) = place.map(str::trim) else { continue };
            if !early.contains(place) && place != "/" {
                covers.insert(place.to_owned(), format!("unit `{}`", unit.name));
            }
        }
        if covers.is_empty() {
            return;
        }
        for (item, place) in std::mem::take(&mut self.places) {
            let ends = place.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at).skip(1);
            let mut above = ends.filter_map(|end| place.get(..end));
            if let Some((mount, by)) = above.find_map(|path| covers.get_key_value(path)) {
                let rule = FirstBoot::Hidden { path: place.clone(), mount: mount.clone(), by: by.clone() };
                let fault = Fault::new(rule).at("path").likely(!KERNELS.contains(&&**mount));
                self.fail(
                    item,
                    fault.hint("mount it while Ignition writes: `path` of its file system; or write elsewhere"),
                );
            }
        }
    }
}
