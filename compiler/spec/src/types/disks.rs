//! Managed disks (CAPZ field names), and kubeadm's `diskSetup` and `mounts`.

use flatwright_diagnostic::Traced;

use super::*;
use crate::decode::{Int, keywords, record};

keywords! {
    /// Host caching of a disk.
    pub enum CachingType {
        /// None.
        "None" Off,
        /// Reads.
        "ReadOnly" ReadOnly,
        /// Reads and writes.
        "ReadWrite" ReadWrite,
    }
}

keywords! {
    /// Azure's disk types.
    pub enum StorageAccountType {
        /// Premium SSD.
        "Premium_LRS" Premium,
        /// Premium SSD v2, for data disks.
        "PremiumV2_LRS" PremiumV2,
        /// Premium SSD, zone redundant.
        "Premium_ZRS" PremiumZone,
        /// HDD.
        "Standard_LRS" Standard,
        /// Standard SSD.
        "StandardSSD_LRS" StandardSsd,
        /// Standard SSD, zone redundant.
        "StandardSSD_ZRS" StandardSsdZone,
        /// Ultra disk, for data disks.
        "UltraSSD_LRS" Ultra,
    }
}

record! {
    /// The managed disk behind a disk.
    pub struct ManagedDisk {
        /// Its type. Default: chosen by Azure for the VM size.
        "storageAccountType" storage_account_type: Maybe<StorageAccountType>,
        /// The disk encryption set's resource id.
        "diskEncryptionSet" disk_encryption_set: Maybe<ResourceId>,
    }
}

record! {
    /// The operating-system disk.
    pub struct OsDisk {
        /// Its size in GiB, 1 to 2048. Default: 128.
        "diskSizeGB" disk_size_gb: Maybe<Int<1, 2048>>,
        /// Host caching.
        "cachingType" caching_type: Maybe<CachingType>,
        /// The managed disk.
        "managedDisk" managed_disk: Option<ManagedDisk>,
        /// An ephemeral disk on the host: fast, lost when the machine is deallocated.
        "diffDiskSettings" diff_disk_settings: Option<DiffDiskSettings>,
    }
}

record! {
    /// An ephemeral OS disk.
    pub struct DiffDiskSettings {
        /// Always `Local`.
        "option" option: Traced<DiffDiskOption>,
        /// Where on the host.
        "placement" placement: Maybe<DiffDiskPlacement>,
    }
}

keywords! {
    /// The only kind of ephemeral disk.
    pub enum DiffDiskOption {
        /// On the host.
        "Local" Local,
    }
}

keywords! {
    /// Where an ephemeral disk is.
    pub enum DiffDiskPlacement {
        /// The VM's cache.
        "CacheDisk" CacheDisk,
        /// The VM's NVMe disk.
        "NvmeDisk" NvmeDisk,
        /// The VM's temporary disk.
        "ResourceDisk" ResourceDisk,
    }
}

impl StorageAccountType {
    /// Whether only sizes for premium storage take such disks.
    pub const fn is_premium(self) -> bool {
        matches!(self, Self::Premium | Self::PremiumV2 | Self::PremiumZone | Self::Ultra)
    }
}

record! {
    /// A data disk of every machine of a group.
    pub struct DataDisk {
        /// Appended to the machine's name to name the disk; unique in the group.
        "nameSuffix" name_suffix: Traced<Label>,
        /// Its size in GiB, 4 to 32767.
        "diskSizeGB" disk_size_gb: Traced<Int<4, 32_767>>,
        /// Its logical unit number, 0 to 63; the device is `/dev/disk/azure/scsi1/lun<lun>`. Default: the first free one.
        "lun" lun: Maybe<Int<0, 63>>,
        /// Host caching. Default: `ReadWrite`; an ultra disk has none.
        "cachingType" caching_type: Maybe<CachingType>,
        /// The managed disk.
        "managedDisk" managed_disk: Option<ManagedDisk>,
    }
}

record! {
    /// etcd on a disk of its own. One key makes the data disk, the partition, the file system, the mount and etcd's data directory.
    pub struct EtcdDisk {
        /// Its size in GiB, 4 to 32767. Default: 256.
        "sizeGB" size_gb: Maybe<Int<4, 32_767>>,
        /// Its logical unit number. Default: the first that no data disk has.
        "lun" lun: Maybe<Int<0, 63>>,
        /// Host caching.
        "cachingType" caching_type: Maybe<CachingType>,
        /// The managed disk.
        "managedDisk" managed_disk: Option<ManagedDisk>,
    }
}

record! {
    /// Partitions and file systems that the bootstrap provider sets up.
    pub struct DiskSetup {
        /// File systems. Only what Ignition supports: no partition number, no replacement.
        "filesystems" filesystems: Vec<Filesystem>,
    }
}

record! {
    /// A file system on a whole device or partition.
    pub struct Filesystem {
        /// The device, such as `/dev/disk/azure/scsi1/lun1`.
        "device" device: Traced<MachinePath>,
        /// `ext4`, `xfs`, `btrfs`, `vfat` or `swap`.
        "filesystem" filesystem: Traced<FilesystemFormat>,
        /// Its label, by which `mounts` find it.
        "label" label: Traced<FilesystemLabel>,
        /// Whether existing data are destroyed. Default: `false`.
        "overwrite" overwrite: Maybe<bool>,
        /// Options of `mkfs`.
        "extraOpts" extra_opts: Vec<Traced<Unquoted>>,
    }
}

keywords! {
    /// File systems that Ignition makes.
    pub enum FilesystemFormat {
        /// ext4.
        "ext4" Ext4,
        /// XFS.
        "xfs" Xfs,
        /// Btrfs.
        "btrfs" Btrfs,
        /// FAT.
        "vfat" Vfat,
        /// Swap space.
        "swap" Swap,
    }
}

record! {
    /// Mounts a file system by its label.
    pub struct MountPoint {
        /// The label of a file system of `diskSetup`.
        "label" label: Traced<FilesystemLabel>,
        /// Where. Letters, digits, `_`, `.` and `/` only: the bootstrap provider names the mount unit without escaping.
        "path" path: Traced<MountPath>,
        /// Mount options.
        "options" options: Vec<Traced<Unquoted>>,
    }
}
