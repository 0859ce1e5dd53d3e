//! The texts of systemd's in an Ignition 3 config. Its files are URLs.

use super::Config;
use crate::texts::{Device, File, Link, Texts, Unit};

impl Config {
    /// The texts of systemd's in it.
    pub fn texts(&self) -> Texts<'_> {
        let units = self.systemd.units.iter().map(|unit| Unit {
            name: &unit.name,
            is_enabled: unit.enabled == Some(true),
            is_masked: unit.mask == Some(true),
            contents: unit.contents.as_deref(),
            drop_ins: unit.dropins.iter().map(|drop_in| drop_in.contents.as_deref()).collect(),
        });
        let files = self.storage.files.iter().map(|file| File {
            path: &file.path,
            text: None,
            source: file.contents.source.as_deref(),
        });
        let links = self.storage.links.iter();
        let links = links.map(|link| Link { path: &link.path, target: link.target.as_deref().unwrap_or_default() });
        let storage = &self.storage;
        let disks = storage.disks.iter().enumerate().map(|(index, disk)| Device::of("disks", index, &disk.device));
        let filesystems = storage.filesystems.iter().enumerate();
        let filesystems = filesystems.map(|(index, filesystem)| Device::of("filesystems", index, &filesystem.device));
        let luks = storage.luks.iter().enumerate();
        let luks = luks.filter_map(|(index, luks)| Some(Device::of("luks", index, luks.device.as_deref()?)));
        let raid = storage.raid.iter().enumerate().flat_map(|(index, raid)| Device::of_raid(index, &raid.devices));
        let devices = disks.chain(filesystems).chain(luks).chain(raid).collect();
        Texts { units: units.collect(), files: files.collect(), links: links.collect(), devices }
    }
}
