//! The parts of a config that a step is about.
//!
//! Owns: their names and paths. Must not: know what a step does.

use flatwright_diagnostic::Path;
use flatwright_ignition::ignition3::Config;

/// One item of one list of a config, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// Of `storage.disks`.
    Disk(usize),
    /// Of a disk's `partitions`.
    Partition(usize, usize),
    /// Of `storage.raid`.
    Raid(usize),
    /// Of `storage.luks`.
    Luks(usize),
    /// Of `storage.filesystems`.
    Filesystem(usize),
    /// Of `passwd.groups`.
    Group(usize),
    /// Of `passwd.users`.
    User(usize),
    /// Of `storage.directories`.
    Directory(usize),
    /// Of `storage.files`.
    File(usize),
    /// Of `storage.links`.
    Link(usize),
    /// Of `systemd.units`.
    Unit(usize),
    /// Of a unit's `dropins`.
    Dropin(usize, usize),
}

impl Item {
    /// The path of the item in the config.
    pub fn path(self) -> Path {
        let list = |section: &str, list: &str, index| Path::root().key(section).key(list).index(index);
        match self {
            Self::Disk(index) => list("storage", "disks", index),
            Self::Partition(disk, index) => list("storage", "disks", disk).key("partitions").index(index),
            Self::Raid(index) => list("storage", "raid", index),
            Self::Luks(index) => list("storage", "luks", index),
            Self::Filesystem(index) => list("storage", "filesystems", index),
            Self::Group(index) => list("passwd", "groups", index),
            Self::User(index) => list("passwd", "users", index),
            Self::Directory(index) => list("storage", "directories", index),
            Self::File(index) => list("storage", "files", index),
            Self::Link(index) => list("storage", "links", index),
            Self::Unit(index) => list("systemd", "units", index),
            Self::Dropin(unit, index) => list("systemd", "units", unit).key("dropins").index(index),
        }
    }

    /// What the item is called: its path on the node, or its name.
    pub fn name(self, config: &Config) -> Option<&str> {
        let storage = &config.storage;
        match self {
            Self::Disk(index) => storage.disks.get(index).map(|disk| &*disk.device),
            Self::Partition(disk, index) => {
                let disk = storage.disks.get(disk)?;
                let label = disk.partitions.get(index).and_then(|partition| partition.label.as_deref());
                Some(label.unwrap_or(&disk.device))
            }
            Self::Raid(index) => storage.raid.get(index).map(|raid| &*raid.name),
            Self::Luks(index) => storage.luks.get(index).map(|luks| &*luks.name),
            Self::Filesystem(index) => storage.filesystems.get(index).map(|filesystem| &*filesystem.device),
            Self::Group(index) => config.passwd.groups.get(index).map(|group| &*group.name),
            Self::User(index) => config.passwd.users.get(index).map(|user| &*user.name),
            Self::Directory(index) => storage.directories.get(index).map(|directory| &*directory.path),
            Self::File(index) => storage.files.get(index).map(|file| &*file.path),
            Self::Link(index) => storage.links.get(index).map(|link| &*link.path),
            Self::Unit(index) => config.systemd.units.get(index).map(|unit| &*unit.name),
            Self::Dropin(unit, index) => {
                let unit = config.systemd.units.get(unit)?;
                unit.dropins.get(index).map(|dropin| &*dropin.name)
            }
        }
    }

    /// The fields that may name the item in configs of every language.
    pub const fn named_by(self) -> &'static [&'static str] {
        match self {
            Self::Disk(_) | Self::Filesystem(_) => &["device"],
            Self::Partition(..) => &["label", "device"],
            Self::Directory(_) | Self::File(_) | Self::Link(_) => &["path"],
            Self::Raid(_) | Self::Luks(_) | Self::Group(_) | Self::User(_) | Self::Unit(_) | Self::Dropin(..) => {
                &["name"]
            }
        }
    }

    /// The kind, as it is named in texts.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Disk(_) => "disk",
            Self::Partition(..) => "partition",
            Self::Raid(_) => "array",
            Self::Luks(_) => "volume",
            Self::Filesystem(_) => "file system",
            Self::Group(_) => "group",
            Self::User(_) => "user",
            Self::Directory(_) => "directory",
            Self::File(_) => "file",
            Self::Link(_) => "link",
            Self::Unit(_) => "unit",
            Self::Dropin(..) => "drop-in",
        }
    }
}
