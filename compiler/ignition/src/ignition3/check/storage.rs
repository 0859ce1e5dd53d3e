//! The walk through disks, volumes and nodes.

use super::{At, Walk};
use crate::ignition3::duplicates::{Seen, check as unique, check_made};
use crate::ignition3::paths::path_error;
use crate::ignition3::resource::source_error;
use crate::ignition3::storage::{
    check_disk, check_filesystem, check_partition, check_raid, check_storage, mode_problems,
};
use crate::ignition3::types::{
    Cex, Clevis, ClevisCustom, Directory, Disk, File, Filesystem, Link, Luks, NodeGroup, NodeUser, Partition, Raid,
    Storage, Tang,
};
use crate::ignition3::url::tang_error;
use crate::ignition3::version::Version;
use crate::problem::{Disk as DiskRule, Luks as LuksRule, Node, Problem};

impl Walk<'_, '_> {
    pub(super) fn storage(&mut self, storage: &Storage, at: &At<'_>) {
        let version = self.check.version;
        if self.rules() {
            check_storage(storage, version, &at.path, self.found);
        }
        if self.check.has_duplicates {
            let found = &mut *self.found;
            let mut nodes = Seen::new();
            nodes.check(found, &at.path.key("directories"), &storage.directories, |directory| &directory.path);
            unique(found, &at.path.key("disks"), &storage.disks, |disk| &disk.device);
            nodes.check(found, &at.path.key("files"), &storage.files, |file| &file.path);
            unique(found, &at.path.key("filesystems"), &storage.filesystems, |filesystem| &filesystem.device);
            nodes.check(found, &at.path.key("links"), &storage.links, |link| &link.path);
            unique(found, &at.path.key("luks"), &storage.luks, |luks| &luks.name);
            unique(found, &at.path.key("raid"), &storage.raid, |raid| &raid.name);
        }
        self.unused::<Storage>(at);
        let list = self.key(at, "directories");
        for (i, directory) in storage.directories.iter().enumerate() {
            let item = self.item(&list, i);
            self.node(&directory.path, &item);
            self.mode(directory.mode, &item);
            self.unused::<Directory>(&item);
            self.owners(&directory.group, &directory.user, &item);
        }
        let list = self.key(at, "disks");
        for (i, disk) in storage.disks.iter().enumerate() {
            self.disk(disk, &self.item(&list, i));
        }
        let list = self.key(at, "files");
        for (i, file) in storage.files.iter().enumerate() {
            self.file(file, &self.item(&list, i));
        }
        let list = self.key(at, "filesystems");
        for (i, filesystem) in storage.filesystems.iter().enumerate() {
            let item = self.item(&list, i);
            if self.rules() {
                check_filesystem(filesystem, version, &item.path, self.found);
            }
            self.unused::<Filesystem>(&item);
        }
        let list = self.key(at, "links");
        for (i, link) in storage.links.iter().enumerate() {
            let item = self.item(&list, i);
            self.node(&link.path, &item);
            self.unused::<Link>(&item);
            self.owners(&link.group, &link.user, &item);
        }
        let list = self.key(at, "luks");
        for (i, luks) in storage.luks.iter().enumerate() {
            self.luks(luks, &self.item(&list, i));
        }
        let list = self.key(at, "raid");
        for (i, raid) in storage.raid.iter().enumerate() {
            let item = self.item(&list, i);
            if self.rules() {
                check_raid(raid, version, &item.path, self.found);
            }
            self.unique_strings(&raid.devices, &item.path.key("devices"));
            self.unused::<Raid>(&item);
            if self.rules() {
                for (i, device) in raid.devices.iter().enumerate() {
                    self.error(&item.path.key("devices").index(i), path_error(device));
                }
            }
        }
    }

    pub(super) fn node(&mut self, path: &str, at: &At<'_>) {
        if self.rules() {
            self.error(&at.path.key("path"), path_error(path));
        }
    }

    pub(super) fn mode(&mut self, mode: Option<i64>, at: &At<'_>) {
        let Some(mode) = mode.filter(|_| self.rules()) else { return };
        let (error, warning) = mode_problems(mode, self.check.version);
        self.error(&at.path.key("mode"), error);
        if let Some(warning) = warning {
            self.found.warning(&at.path.key("mode"), warning);
        }
    }

    pub(super) fn owners(&mut self, group: &NodeGroup, user: &NodeUser, at: &At<'_>) {
        let has_both = |id: Option<i64>, name: &Option<String>| {
            (id.is_some() && name.as_deref().is_some_and(|name| !name.is_empty())).then_some(Node::OwnerTwice)
        };
        let place = self.key(at, "group");
        if self.rules() {
            self.error(&place.path, has_both(group.id, &group.name));
        }
        self.unused::<NodeGroup>(&place);
        let place = self.key(at, "user");
        if self.rules() {
            self.error(&place.path, has_both(user.id, &user.name));
        }
        self.unused::<NodeUser>(&place);
    }

    pub(super) fn disk(&mut self, disk: &Disk, at: &At<'_>) {
        if self.rules() {
            check_disk(disk, self.check.is_newest, &at.path, self.found);
        }
        let list = self.key(at, "partitions");
        if self.check.has_duplicates {
            check_made(self.found, &list.path, &disk.partitions, |partition| {
                match (partition.number, &partition.label) {
                    (0, Some(label)) => format!("label:{label}"),
                    (0, None) => String::new(),
                    (number, _) => format!("number:{number}"),
                }
            });
        }
        self.unused::<Disk>(at);
        for (i, partition) in disk.partitions.iter().enumerate() {
            let item = self.item(&list, i);
            if self.rules() {
                check_partition(partition, self.check.version, &item.path, self.found);
            }
            self.unused::<Partition>(&item);
        }
    }

    pub(super) fn file(&mut self, file: &File, at: &At<'_>) {
        self.node(&file.path, at);
        self.mode(file.mode, at);
        if self.rules() && file.overwrite == Some(true) && file.contents.source.is_none() {
            self.found.error(&at.path.key("overwrite"), Node::OverwriteWithoutSource);
        }
        self.unused::<File>(at);
        self.owners(&file.group, &file.user, at);
        self.resources(&file.append, &self.key(at, "append"));
        self.resource(&file.contents, &self.key(at, "contents"));
    }

    pub(super) fn luks(&mut self, luks: &Luks, at: &At<'_>) {
        let version = self.check.version;
        let Clevis { custom, tang, threshold, tpm2 } = &luks.clevis;
        let pin = custom.pin.as_deref().unwrap_or_default();
        if self.rules() {
            let has_slash = luks.name.contains('/');
            self.error(&at.path.key("name"), has_slash.then_some(LuksRule::NameSlash));
            let is_long = luks.label.as_deref().is_some_and(|label| label.len() > 47);
            self.error(&at.path.key("label"), is_long.then_some(LuksRule::LongLabel));
            let device = match luks.device.as_deref() {
                None | Some("") => Some(Problem::from(DiskRule::NoDevice)),
                Some(device) => path_error(device).map(Problem::from),
            };
            self.error(&at.path.key("device"), device);
            let has_clevis = !tang.is_empty() || *tpm2 == Some(true) || threshold.unwrap_or_default() != 0;
            if luks.cex.enabled == Some(true) && (has_clevis || !pin.is_empty()) {
                self.found.error(&at.path.key("cex"), LuksRule::CexAndClevis);
            }
            if !pin.is_empty() && has_clevis {
                self.found.error(&at.path.key("clevis"), LuksRule::CustomAndOthers);
            }
            let is_bad = source_error(&luks.key_file, version).is_some();
            self.error(&at.path.key("keys"), is_bad.then_some(LuksRule::KeyFile));
        }
        self.unique_strings(&luks.open_options, &at.path.key("openOptions"));
        self.unused::<Luks>(at);
        if version >= Version::V3_5 {
            self.unused::<Cex>(&self.key(at, "cex"));
        }
        let clevis = self.key(at, "clevis");
        let servers = self.key(&clevis, "tang");
        if self.check.has_duplicates {
            unique(self.found, &servers.path, tang, |server| &server.url);
        }
        self.unused::<Clevis>(&clevis);
        let place = self.key(&clevis, "custom");
        if self.rules() {
            self.clevis_custom(custom, &place);
        }
        self.unused::<ClevisCustom>(&place);
        for (i, server) in tang.iter().enumerate() {
            let item = self.item(&servers, i);
            if self.rules() {
                self.error(&item.path.key("url"), tang_error(&server.url));
                let has_none = server.thumbprint.as_deref().unwrap_or_default().is_empty();
                self.error(&item.path.key("thumbprint"), has_none.then_some(LuksRule::NoThumbprint));
                let advertisement = server.advertisement.as_deref().unwrap_or_default();
                let is_bad =
                    !advertisement.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(advertisement).is_err();
                self.error(&item.path.key("advertisement"), is_bad.then_some(LuksRule::Advertisement));
            }
            self.unused::<Tang>(&item);
        }
        self.resource(&luks.key_file, &self.key(at, "keyFile"));
    }

    pub(super) fn clevis_custom(&mut self, custom: &ClevisCustom, at: &At<'_>) {
        let pin = custom.pin.as_deref().unwrap_or_default();
        let config = custom.config.as_deref().unwrap_or_default();
        if pin.is_empty() && config.is_empty() && custom.needs_network != Some(true) {
            return;
        }
        let problem = match pin {
            "tpm2" | "tang" | "sss" => None,
            "trustee" if self.check.version >= Version::V3_6 => None,
            "" if self.check.version >= Version::V3_3 => Some(LuksRule::NoPin),
            _ => Some(LuksRule::UnknownPin),
        };
        self.error(&at.path.key("pin"), problem);
        self.error(&at.path.key("config"), config.is_empty().then_some(LuksRule::NoConfig));
    }
}
