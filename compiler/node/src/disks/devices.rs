//! Which entry of a config makes which device. Owns: the paths by which devices are named. Must not: know what is done with one.

use std::collections::BTreeMap;

use flatwright_ignition::ignition3::{Config, Disk, Partition};

use crate::item::Item;

/// Who makes a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// A partition of a disk, by index of the disk and of the partition.
    Partition(usize, usize),
    /// An array.
    Raid(usize),
    /// An opened volume.
    Luks(usize),
}

/// What a device's path says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Device<'p> {
    /// A partition by its label.
    PartitionLabel(&'p str),
    /// A partition by its disk and number.
    Numbered(&'p str, i64),
    /// An array by its name.
    Raid(&'p str),
    /// An opened volume by its name.
    Mapped(&'p str),
    /// Anything else, of which the config says nothing.
    Other,
}

impl<'p> Device<'p> {
    /// Reads a path; `disks` are the devices that the config partitions.
    pub(crate) fn read(path: &'p str, disks: &'p [Disk]) -> Self {
        if let Some(label) = path.strip_prefix("/dev/disk/by-partlabel/") {
            return Self::PartitionLabel(label);
        }
        if let Some(name) = path.strip_prefix("/dev/md/") {
            return Self::Raid(name);
        }
        if let Some(name) = path.strip_prefix("/dev/mapper/").or(path.strip_prefix("/dev/disk/by-id/dm-name-")) {
            return Self::Mapped(name);
        }
        let numbered = disks.iter().find_map(|disk| {
            let rest = path.strip_prefix(&*disk.device)?;
            let digits = if disk.device.starts_with("/dev/disk/") {
                rest.strip_prefix("-part")?
            } else if disk.device.ends_with(|c: char| c.is_ascii_digit()) {
                rest.strip_prefix('p')?
            } else {
                rest
            };
            Some(Self::Numbered(&disk.device, digits.parse().ok().filter(|number| *number > 0)?))
        });
        numbered.unwrap_or(Self::Other)
    }
}

/// The devices that the entries of a config make.
pub(crate) struct Made<'c> {
    labels: BTreeMap<&'c str, Vec<Maker>>,
    numbers: BTreeMap<(&'c str, i64), Maker>,
    raids: BTreeMap<&'c str, Maker>,
    volumes: BTreeMap<&'c str, Maker>,
}

impl<'c> Made<'c> {
    pub(crate) fn by(config: &'c Config) -> Self {
        let storage = &config.storage;
        let mut made = Self {
            labels: BTreeMap::new(),
            numbers: BTreeMap::new(),
            raids: storage.raid.iter().enumerate().map(|(i, raid)| (&*raid.name, Maker::Raid(i))).collect(),
            volumes: storage.luks.iter().enumerate().map(|(i, luks)| (&*luks.name, Maker::Luks(i))).collect(),
        };
        for (disk, entry) in storage.disks.iter().enumerate() {
            let partitions = entry.partitions.iter().enumerate();
            for (index, partition) in partitions.filter(|(_, partition)| exists(partition)) {
                let maker = Maker::Partition(disk, index);
                if let Some(label) = partition.label.as_deref().filter(|label| !label.is_empty()) {
                    made.labels.entry(label).or_default().push(maker);
                }
                if partition.number > 0 {
                    made.numbers.insert((&entry.device, partition.number), maker);
                }
            }
        }
        made
    }

    /// Who makes a device.
    pub(crate) fn maker(&self, device: &Device<'_>) -> Option<Maker> {
        match device {
            Device::PartitionLabel(label) => self.labels.get(label).and_then(|makers| makers.first()),
            Device::Numbered(disk, number) => self.numbers.get(&(*disk, *number)),
            Device::Raid(name) => self.raids.get(name),
            Device::Mapped(name) => self.volumes.get(name),
            Device::Other => None,
        }
        .copied()
    }

    /// Labels that several partitions have.
    pub(crate) fn shared_labels(&self) -> impl Iterator<Item = (&'c str, &[Maker])> {
        self.labels.iter().filter(|(_, makers)| makers.len() > 1).map(|(label, makers)| (*label, &**makers))
    }
}

pub(crate) fn exists(partition: &Partition) -> bool {
    partition.should_exist != Some(false)
}

impl Maker {
    pub(crate) const fn item(self) -> Item {
        match self {
            Self::Partition(disk, index) => Item::Partition(disk, index),
            Self::Raid(index) => Item::Raid(index),
            Self::Luks(index) => Item::Luks(index),
        }
    }
}
