//! Managed disks (CAPZ field names), and kubeadm's `diskSetup` and `mounts`.

use flatwright_diagnostic::{Origin, Traced};

use super::*;
use crate::decode::{GiB, Int, Keywords, Record};
use crate::merge::Merge;

/// Host caching of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum CachingType {
    /// None.
    #[word("None")]
    Off,
    /// Reads.
    ReadOnly,
    /// Reads and writes.
    ReadWrite,
}

/// Azure's disk types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum StorageAccountType {
    /// Premium SSD.
    #[word("Premium_LRS")]
    Premium,
    /// Premium SSD v2, for data disks.
    #[word("PremiumV2_LRS")]
    PremiumV2,
    /// Premium SSD, zone redundant.
    #[word("Premium_ZRS")]
    PremiumZone,
    /// HDD.
    #[word("Standard_LRS")]
    Standard,
    /// Standard SSD.
    #[word("StandardSSD_LRS")]
    StandardSsd,
    /// Standard SSD, zone redundant.
    #[word("StandardSSD_ZRS")]
    StandardSsdZone,
    /// Ultra disk, for data disks.
    #[word("UltraSSD_LRS")]
    Ultra,
}

/// The managed disk behind a disk.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct ManagedDisk {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its type. Default: chosen by Azure for the VM size.
    pub storage_account_type: Maybe<StorageAccountType>,
    /// The disk encryption set's resource id.
    pub disk_encryption_set: Maybe<ResourceId>,
}

/// The operating-system disk.
#[derive(Clone, Debug, PartialEq, Record, Merge)]
pub struct OsDisk {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its size in GiB, 1 to 2048. Default: 128.
    #[key("diskSizeGB")]
    pub disk_size_gb: Maybe<Int<1, 2048, GiB>>,
    /// Host caching.
    pub caching_type: Maybe<CachingType>,
    /// The managed disk.
    #[merge(replace)]
    pub managed_disk: Option<ManagedDisk>,
    /// An ephemeral disk on the host: fast, lost when the machine is deallocated.
    #[merge(replace)]
    pub diff_disk_settings: Option<DiffDiskSettings>,
}

/// An ephemeral OS disk.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct DiffDiskSettings {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Always `Local`.
    pub option: Traced<DiffDiskOption>,
    /// Where on the host.
    pub placement: Maybe<DiffDiskPlacement>,
}

/// The only kind of ephemeral disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum DiffDiskOption {
    /// On the host.
    Local,
}

/// Where an ephemeral disk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum DiffDiskPlacement {
    /// The VM's cache.
    CacheDisk,
    /// The VM's NVMe disk.
    NvmeDisk,
    /// The VM's temporary disk.
    ResourceDisk,
}

impl StorageAccountType {
    /// Whether only sizes for premium storage take such disks.
    pub const fn is_premium(self) -> bool {
        matches!(self, Self::Premium | Self::PremiumV2 | Self::PremiumZone | Self::Ultra)
    }
}

/// A data disk of every machine of a group.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct DataDisk {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Appended to the machine's name to name the disk; unique in the group.
    pub name_suffix: Traced<Label>,
    /// Its size in GiB, 4 to 32767.
    #[key("diskSizeGB")]
    pub disk_size_gb: Traced<Int<4, 32_767, GiB>>,
    /// Its logical unit number, 0 to 63; the device is `/dev/disk/azure/scsi1/lun<lun>`. Default: the first free one.
    pub lun: Maybe<Int<0, 63>>,
    /// Host caching. Default: `ReadWrite`; an ultra disk has none.
    pub caching_type: Maybe<CachingType>,
    /// The managed disk.
    pub managed_disk: Option<ManagedDisk>,
}

/// etcd on a disk of its own. One key makes the data disk, the partition, the file system, the mount and etcd's data directory.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct EtcdDisk {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its size in GiB, 4 to 32767. Default: 256.
    #[key("sizeGB")]
    pub size_gb: Maybe<Int<4, 32_767, GiB>>,
    /// Its logical unit number. Default: the first that no data disk has.
    pub lun: Maybe<Int<0, 63>>,
    /// Host caching.
    pub caching_type: Maybe<CachingType>,
    /// The managed disk.
    pub managed_disk: Option<ManagedDisk>,
}

/// Partitions and file systems that the bootstrap provider sets up.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct DiskSetup {
    /// Where the mapping stands.
    pub origin: Origin,
    /// File systems. Only what Ignition supports: no partition number, no replacement.
    pub filesystems: Vec<Filesystem>,
}

/// A file system on a whole device or partition.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Filesystem {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The device, such as `/dev/disk/azure/scsi1/lun1`.
    pub device: Traced<MachinePath>,
    /// `ext4`, `xfs`, `btrfs`, `vfat` or `swap`.
    pub filesystem: Traced<FilesystemFormat>,
    /// Its label, by which `mounts` find it.
    pub label: Traced<FilesystemLabel>,
    /// Whether existing data are destroyed. Default: `false`.
    pub overwrite: Maybe<bool>,
    /// Options of `mkfs`.
    pub extra_opts: Vec<Traced<Unquoted>>,
}

/// File systems that Ignition makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum FilesystemFormat {
    /// ext4.
    #[word("ext4")]
    Ext4,
    /// XFS.
    #[word("xfs")]
    Xfs,
    /// Btrfs.
    #[word("btrfs")]
    Btrfs,
    /// FAT.
    #[word("vfat")]
    Vfat,
    /// Swap space.
    #[word("swap")]
    Swap,
}

/// Mounts a file system by its label.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct MountPoint {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The label of a file system of `diskSetup`.
    pub label: Traced<FilesystemLabel>,
    /// Where. Letters, digits, `_`, `.` and `/` only: the bootstrap provider names the mount unit without escaping.
    pub path: Traced<MountPath>,
    /// Mount options.
    pub options: Vec<Traced<Unquoted>>,
}
