//! The stages of Ignition that prepare disks: partitions, RAID arrays, encrypted volumes, file systems; and how the result is mounted.
//!
//! Owns: what of that the config alone decides, with the disks of the base system as far as they are known ([`Disks`]). Must not: guess what is on a disk of which
//! nothing is known: that is never a failure.

mod devices;
pub(crate) mod partitions;

use std::collections::BTreeMap;

pub(crate) use devices::{Device, Made};
pub(crate) use partitions::NoRoom;

/// What a node has of disks before the config is applied.
#[derive(Clone, Debug, Default)]
pub struct Disks {
    /// Disks by the paths of their devices.
    known: BTreeMap<String, Disk>,
}

/// A disk of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// The size; `None` if it is not known.
    pub size_mib: Option<u64>,
    /// Whether nothing is on it.
    pub is_blank: bool,
    /// Its partitions, by number: the label and the size, as far as they are known.
    pub partitions: BTreeMap<i64, String>,
}

impl Disks {
    /// Says what is known of a disk.
    pub fn add(&mut self, device: impl Into<String>, disk: Disk) {
        self.known.insert(device.into(), disk);
    }

    pub(crate) fn add_partition(&mut self, device: &str, number: i64, label: &str) {
        let disk = self.known.entry(device.to_owned()).or_default();
        disk.partitions.insert(number, label.to_owned());
    }

    pub(crate) fn get(&self, device: &str) -> Option<&Disk> {
        self.known.get(device)
    }

    /// Whether a disk has a partition of that label.
    pub(crate) fn has_label(&self, label: &str) -> bool {
        self.known.values().any(|disk| disk.partitions.values().any(|known| known == label))
    }
}
