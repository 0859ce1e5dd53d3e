//! The texts of systemd's in an Ignition 2 config. Its files are URLs.

use super::Config;
use crate::texts::{Device, File, Link, Texts, Unit};

impl Config {
    /// The texts of systemd's in it.
    pub fn texts(&self) -> Texts<'_> {
        let units = self.systemd.units.iter().map(|unit| Unit {
            name: &unit.name,
            is_enabled: unit.enable || unit.enabled == Some(true),
            is_masked: unit.mask,
            contents: Some(&unit.contents),
            drop_ins: unit.dropins.iter().map(|drop_in| Some(drop_in.contents.as_str())).collect(),
        });
        let links = self.storage.links.iter().map(|link| Link { path: &link.path, target: &link.target });
        let storage = &self.storage;
        let disks = storage.disks.iter().enumerate().map(|(index, disk)| Device::of("disks", index, &disk.device));
        let files = storage.files.iter().map(|file| File {
            path: &file.path,
            text: None,
            source: Some(file.contents.source.as_str()).filter(|source| !source.is_empty()),
        });
        let mounts = storage.filesystems.iter().enumerate().filter_map(|(index, filesystem)| {
            let mount = filesystem.mount.as_ref()?;
            Some(Device { field: "mount.device", ..Device::of("filesystems", index, &mount.device) })
        });
        let raid = storage.raid.iter().enumerate().flat_map(|(index, raid)| Device::of_raid(index, &raid.devices.0));
        let devices = disks.chain(mounts).chain(raid).collect();
        Texts { units: units.collect(), files: files.collect(), links: links.collect(), devices }
    }
}
