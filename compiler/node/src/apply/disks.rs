//! The disks stage. Owns: what of it fails by the config alone. Must not: assume anything of a disk that nobody declares.

use std::collections::BTreeMap;

use flatwright_ignition::ignition3::{Disk as DiskEntry, Partition};

use super::{Fault, Run};
use crate::disks::{Device, Made, NoRoom, partitions};
use crate::item::Item;
use crate::rule::FirstBoot;

impl Run<'_, '_> {
    pub(super) fn disks(&mut self) {
        let config = self.config;
        for (index, disk) in config.storage.disks.iter().enumerate() {
            self.disk(index, disk);
        }
        let made = Made::by(config);
        let shared: Vec<(String, Item)> = made
            .shared_labels()
            .filter_map(|(label, makers)| Some((label.to_owned(), makers.last()?.item())))
            .collect();
        for (label, item) in shared {
            // Which of them a device by that label is, nobody can say.
            let rule = FirstBoot::LabelShared { label };
            self.fail(item, Fault::new(rule).at("label").likely(true).hint("give each partition a label of its own"));
        }
        for index in 0..config.storage.raid.len() {
            self.raid(index);
        }
        for (index, filesystem) in config.storage.filesystems.iter().enumerate() {
            if let (Some(uuid), Some(format)) = (&filesystem.uuid, &filesystem.format)
                && !is_uuid(uuid, format)
            {
                let (device, format) = (filesystem.device.clone(), format.clone());
                let rule = FirstBoot::FilesystemUuid { device, uuid: uuid.clone(), format };
                self.fail(Item::Filesystem(index), Fault::new(rule).at("uuid"));
            }
        }
        self.devices(&made);
    }

    fn disk(&mut self, index: usize, disk: &DiskEntry) {
        let device = &disk.device;
        let known = self.base.disks().get(device).cloned().unwrap_or_default();
        let is_wiped = disk.wipe_table == Some(true);
        if is_wiped && !known.partitions.is_empty() {
            let rule = FirstBoot::RootDiskWiped { device: device.clone() };
            let fault = Fault::new(rule).at("wipeTable").hint("leave `wipeTable` out, or use another disk");
            return self.fail(Item::Disk(index), fault);
        }
        for (at, partition) in disk.partitions.iter().enumerate() {
            let item = Item::Partition(index, at);
            let number = partition.number;
            if !(0..=partitions::MOST_PARTITIONS).contains(&number) {
                let rule = FirstBoot::PartitionNumber { device: device.clone(), number };
                let hint =
                    format!("use a number from 1 to {}, or 0 for the next free one", partitions::MOST_PARTITIONS);
                self.fail(item, Fault::new(rule).at("number").likely(number > 0 && !is_wiped).hint(hint));
            }
            let is_made = partition.should_exist != Some(false);
            if number == 0 && is_made && !is_wiped && !known.is_blank && known.partitions.is_empty() {
                let name = partition.label.clone().unwrap_or_else(|| number.to_string());
                let rule = FirstBoot::Unnumbered { device: device.clone(), partition: name };
                let fault = Fault::new(rule).at(if partition.label.is_some() { "label" } else { "number" });
                self.fail(
                    item,
                    fault.hint(
                        "give it a number, such as `number: 1`, or wipe the table if nothing on the disk is to stay",
                    ),
                );
            }
            if let Some(label) = known.partitions.get(&number).filter(|label| differs(partition, label)) {
                let rule = FirstBoot::FlatcarPartition { device: device.clone(), number, label: label.clone() };
                self.fail(item, Fault::new(rule).at("number").hint("use another number; 0 is the next free one"));
            }
        }
        if !is_wiped && !known.is_blank {
            return;
        }
        for NoRoom { index: at, why } in partitions::place(&disk.partitions, known.size_mib) {
            let partition = &disk.partitions[at];
            let name = partition.label.clone().unwrap_or_else(|| partition.number.to_string());
            let rule = FirstBoot::PartitionNoRoom { device: device.clone(), partition: name, why };
            let field = if partition.start_mib.is_some_and(|start| start > 0) { "startMiB" } else { "sizeMiB" };
            self.fail(Item::Partition(index, at), Fault::new(rule).at(field));
        }
    }

    fn raid(&mut self, index: usize) {
        let raid = &self.config.storage.raid[index];
        let level = raid.level.as_deref().unwrap_or_default();
        let least = match level.strip_prefix("raid").unwrap_or(level) {
            "4" | "5" | "10" => 2,
            "6" => 4,
            _ => 1,
        };
        let spares = usize::try_from(raid.spares.unwrap_or_default()).unwrap_or_default();
        let active = raid.devices.len().saturating_sub(spares);
        if active < least {
            let (name, level) = (raid.name.clone(), level.to_owned());
            let rule = FirstBoot::RaidTooFew { name, level, active, least };
            self.fail(Item::Raid(index), Fault::new(rule).at("devices"));
        }
    }

    /// Devices that are waited for in vain, and those that two entries want for themselves.
    fn devices(&mut self, made: &Made<'_>) {
        let storage = &self.config.storage;
        let mut wanted: Vec<(Item, String, &str, bool)> = Vec::new();
        for (index, raid) in storage.raid.iter().enumerate() {
            let devices = raid.devices.iter().enumerate();
            wanted.extend(devices.map(|(at, device)| (Item::Raid(index), format!("devices[{at}]"), &**device, true)));
        }
        for (index, luks) in storage.luks.iter().enumerate() {
            wanted.extend(luks.device.iter().map(|device| (Item::Luks(index), "device".to_owned(), &**device, true)));
        }
        for (index, filesystem) in storage.filesystems.iter().enumerate() {
            let is_made = !matches!(filesystem.format.as_deref(), None | Some("" | "none"));
            wanted.push((Item::Filesystem(index), "device".to_owned(), &filesystem.device, is_made));
        }
        let mut users: BTreeMap<String, Item> = BTreeMap::new();
        for (item, field, path, is_exclusive) in wanted {
            let device = Device::read(path, &storage.disks);
            let maker = made.maker(&device);
            if maker.is_none()
                && let Some((why, is_likely)) = self.missing(&device)
            {
                let rule = FirstBoot::DeviceMissing { device: path.to_owned(), why };
                self.fail(item, Fault::new(rule).at(&field).likely(is_likely));
            }
            let key = maker.map_or_else(|| path.to_owned(), |maker| format!("{maker:?}"));
            if !is_exclusive {
                continue;
            }
            match users.get(&key).copied() {
                Some(other) if other != item || matches!(item, Item::Raid(_)) => {
                    let by = other.name(self.config).unwrap_or_default().to_owned();
                    let rule = FirstBoot::DeviceShared { device: path.to_owned(), kind: other.kind().to_owned(), by };
                    self.fail(item, Fault::new(rule).at(&field));
                }
                _ => {
                    users.insert(key, item);
                }
            }
        }
    }

    /// Why a device that no entry makes is not there, and whether it may be nonetheless.
    fn missing(&self, device: &Device<'_>) -> Option<(String, bool)> {
        match device {
            Device::Numbered(disk, number) => {
                let entry = self.config.storage.disks.iter().find(|entry| entry.device == *disk)?;
                let is_deleted = entry.partitions.iter().any(|partition| partition.number == *number);
                if is_deleted {
                    Some((format!("partition {number} of `{disk}` is deleted"), false))
                } else {
                    let is_wiped = entry.wipe_table == Some(true);
                    is_wiped.then(|| {
                        (format!("the table of `{disk}` is wiped, and nothing makes partition {number}"), false)
                    })
                }
            }
            Device::PartitionLabel(label) if !self.base.disks().has_label(label) => {
                Some((format!("no entry makes a partition with the label `{label}`"), true))
            }
            Device::Raid(name) => Some((format!("no entry makes an array `{name}`"), true)),
            Device::Mapped(name) => Some((format!("no entry opens a volume `{name}`"), true)),
            Device::PartitionLabel(_) | Device::Other => None,
        }
    }
}

/// Whether an entry is not the partition that is there, and does not replace it either.
fn differs(partition: &Partition, label: &str) -> bool {
    let is_other = partition.label.as_deref().is_some_and(|wanted| wanted != label);
    partition.wipe_partition_entry != Some(true) && (is_other || partition.should_exist == Some(false))
}

/// Whether `mkfs` takes a UUID.
fn is_uuid(uuid: &str, format: &str) -> bool {
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match format {
        "vfat" => {
            let digits =
                if uuid.as_bytes().get(4) == Some(&b'-') { uuid.replacen('-', "", 1) } else { uuid.to_owned() };
            digits.len() <= 8 && is_hex(&digits)
        }
        "none" | "" => true,
        "ext4" | "swap" if ["clear", "random", "time"].contains(&uuid.to_lowercase().as_str()) => true,
        _ => {
            let parts: Vec<&str> = uuid.split('-').collect();
            parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|part| is_hex(part))
        }
    }
}
