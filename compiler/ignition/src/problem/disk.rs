//! Rules of disks, partitions and arrays.

use flatwright_diagnostic::Rule;

/// What Ignition says of disks and partitions.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-config")]
pub enum Disk {
    /// A disk without a device.
    #[rule("missing-disk-device", "disk device is required")]
    NoDevice,
    /// Two partitions of one number.
    #[rule("colliding-partition-numbers", "partition numbers collide")]
    NumbersCollide,
    /// Two partitions on the same sectors.
    #[rule("overlapping-partitions", "partitions overlap")]
    Overlap,
    /// A start that is not at a multiple of 2048 sectors (2.x).
    #[rule("misaligned-partitions", "partitions misaligned")]
    Misaligned,
    /// A partition is removed while another has no number.
    #[rule(
        "unnumbered-partition-at-removal",
        "shouldExist is false for a partition and other partition(s) has start or size 0"
    )]
    UnnumberedAtRemoval,
    /// Two partitions of one label.
    #[rule("repeated-partition-label", "cannot use the same partition label twice")]
    LabelTwice,
    /// Sectors beside MiB (2.x).
    #[rule("mixed-partition-units", "cannot mix MBs and sectors within a disk")]
    MixedUnits,
    /// A partition that is removed and described.
    #[rule("removed-partition-options", "shouldExist specified false with other options also specified")]
    OptionsOfRemoved,
    /// A partition without number and label.
    #[rule("unidentified-partition", "a partition number >= 1 or a label must be specified")]
    Unidentified,
    /// A label of more than 36 characters.
    #[rule("long-partition-label", "partition labels may not exceed 36 characters")]
    LongLabel,
    /// A label with a colon.
    #[rule("partition-label-colon", "partition label will be truncated to text before the colon")]
    LabelColon,
    /// A text that is not a GUID.
    #[rule("invalid-partition-guid", "doesn't match the form \"01234567-89AB-CDEF-EDCB-A98765432101\"")]
    Guid,
    /// A size or start in sectors (2.x).
    #[rule("deprecated-partition-sectors", "{field} is deprecated; use {field}MB instead")]
    Sectors {
        /// `size` or `start`.
        field: &'static str,
    },
}

/// What Ignition says of RAID arrays.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-config")]
pub enum Raid {
    /// No level.
    #[rule("missing-raid-level", "raid level is required")]
    NoLevel,
    /// A level that mdadm does not have.
    #[rule("unknown-raid-level", "unrecognized raid level")]
    UnknownLevel,
    /// Spares where no disk may fail.
    #[rule("unsupported-raid-spares", "spares unsupported for {arrays}")]
    Spares {
        /// The original's name of such arrays.
        arrays: &'static str,
    },
    /// No devices.
    #[rule("missing-raid-devices", "raid devices required")]
    NoDevices,
}
