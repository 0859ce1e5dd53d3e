//! The parts of a machine config that the flavor itself brings: files, links, units, partitioned disks.

use flatwright_diagnostic::{Origin, Traced};

/// Parts of a machine config, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MachineConfig {
    /// Files.
    pub files: Vec<File>,
    /// Symbolic links.
    pub links: Vec<Link>,
    /// systemd units and drop-ins.
    pub units: Vec<Unit>,
    /// Disks with numbered partitions.
    pub disks: Vec<PartitionedDisk>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// Where.
    pub path: Traced<String>,
    /// Its mode; absent only in upstream's own style.
    pub mode: Option<u32>,
    /// What is in it.
    pub contents: Contents,
}

/// The contents of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contents {
    /// Text known now.
    Text(Traced<String>),
    /// Fetched by the machine when it boots.
    Remote {
        /// The URL.
        url: Traced<String>,
        /// The SHA-512 in hexadecimal, checked by the machine.
        sha512: Option<Traced<String>>,
        /// The SHA-256 in hexadecimal, which Ignition 3 can check and Ignition 2 cannot.
        sha256: Option<Traced<String>>,
    },
}

/// A symbolic link.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Where.
    pub path: Traced<String>,
    /// What it points at.
    pub target: Traced<String>,
}

/// A systemd unit, or only its drop-ins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// Its name with its type.
    pub name: Traced<String>,
    /// Whether it is started at boot; absent leaves the preset.
    pub enabled: Option<Traced<bool>>,
    /// Whether it is masked.
    pub mask: Option<Traced<bool>>,
    /// Its text; absent for units that exist.
    pub contents: Option<Traced<String>>,
    /// Drop-ins.
    pub drop_ins: Vec<DropIn>,
}

/// A drop-in of a unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DropIn {
    /// Its file name, ending in `.conf`.
    pub name: String,
    /// Its text.
    pub contents: Traced<String>,
}

/// A disk whose partitions are made at boot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartitionedDisk {
    /// The device.
    pub device: Traced<String>,
    /// Its partitions.
    pub partitions: Vec<Partition>,
    /// Where it stands.
    pub origin: Origin,
}

/// A partition that takes the rest of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partition {
    /// Its number, from 1.
    pub number: u32,
}
