//! Butane's own rules.

use flatwright_diagnostic::Rule;

/// What Butane says of variant and version.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "butane-config")]
pub enum Header {
    /// No variant.
    #[rule("missing-butane-variant", "error parsing variant; must be specified")]
    NoVariant,
    /// A version that is not three numbers.
    #[rule("unreadable-butane-version", "error parsing version; must be a valid semver")]
    UnreadableVersion,
    /// A version that a variant does not have.
    #[rule("unknown-butane-version", "No translator exists for variant {variant} with version {version}")]
    UnknownVersion {
        /// The variant.
        variant: String,
        /// The version.
        version: String,
    },
    /// A variant that Butane does not have.
    #[rule("unknown-butane-variant", "No translator exists for variant {variant} with version {version}")]
    UnknownVariant {
        /// The variant.
        variant: String,
        /// The version.
        version: String,
    },
    /// A variant that Butane has, and that makes configs for other systems than Flatcar.
    #[rule(
        "foreign-butane-variant",
        "variant `{variant}` makes configs for {system}: only Butane itself translates it"
    )]
    ForeignVariant {
        /// The variant.
        variant: String,
        /// What it is for.
        system: &'static str,
    },
    /// A variant that was removed.
    #[rule(
        "removed-butane-variant",
        "rhcos variant has been removed; use openshift variant instead: https://coreos.github.io/butane/upgrading-openshift/"
    )]
    RemovedVariant,
}

/// What Butane says of the source, beside what Ignition says of the result.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "butane-config")]
pub enum Source {
    /// Several sources of one content.
    #[rule("several-sources", "only one of the following can be set: {keys}")]
    SeveralSources {
        /// Their keys.
        keys: &'static str,
    },
    /// A config within the config that cannot be read.
    #[rule("invalid-inner-config", "config is not valid")]
    InnerConfig,
    /// A config within the config of another version.
    #[rule(
        "unchecked-inner-config",
        "skipping validation for the merge/replace ignition config due to an unkown version"
    )]
    UncheckedInnerConfig,
    /// A tree without a directory.
    #[rule("missing-tree-directory", "local is required")]
    TreeWithoutDirectory,
    /// A tree that is not a directory.
    #[rule("tree-not-directory", "root of tree must be a directory")]
    TreeNotDirectory,
    /// A tree with a device, a socket or a pipe.
    #[rule("special-file-in-tree", "trees may only contain files, directories, and symlinks")]
    SpecialFile,
    /// A generated file where the config has something else.
    #[rule("occupied-path", "matching filesystem node has existing contents or different type")]
    Occupied,
    /// A mount unit of a file system without a format.
    #[rule("mount-unit-without-format", "format is required if with_mount_unit is true")]
    MountWithoutFormat,
    /// A mount unit of a file system without a path.
    #[rule("mount-unit-without-path", "path is required if with_mount_unit is true and format is not swap")]
    MountWithoutPath,
    /// A mount unit where the image has its own files.
    #[rule("mount-unit-path", "path must be under /etc or /var if with_mount_unit is true")]
    MountPath,
    /// A mode that was meant in octal.
    #[rule(
        "decimal-butane-mode",
        "unreasonable mode would be reasonable if specified in octal; remember to add a leading zero"
    )]
    DecimalMode {
        /// The number that was read.
        #[rule(skip)]
        mode: i64,
    },
    /// A quadlet of a kind that Podman does not have.
    #[rule(
        "quadlet-extension",
        "unsupported file extension for quadlet: must be one of .container, .volume, .network, .kube, .image, .build, .pod, or .artifact"
    )]
    QuadletExtension,
    /// An instance of a quadlet template with contents.
    #[rule("quadlet-instance-contents", "template instances cannot have contents or contents_local")]
    QuadletInstance,
    /// A partition that is to be found by its label.
    #[rule(
        "partition-reused-by-label",
        "partitions cannot be reused by label; number must be specified except on boot disk (/dev/disk/by-id/coreos-boot-disk) or when wipe_table is true"
    )]
    ReusedByLabel,
    /// A root partition that something follows.
    #[rule(
        "root-partition-enclosed",
        "root partition cannot expand; it is set to fill available space but is followed by an auto-positioned partition"
    )]
    RootEnclosed,
    /// A root partition of less than 8 GiB.
    #[rule("small-root-partition", "root should have 8GiB of space assigned")]
    SmallRoot,
    /// A label of the image's partitions with another number.
    #[rule(
        "reserved-partition-label",
        "incorrect partition number; a new partition will be created using reserved label"
    )]
    ReservedLabel,
    /// Clevis in a version whose machines have none.
    #[rule("unsupported-clevis", "clevis is not supported in this spec version")]
    Clevis,
    /// CEX, which only mainframes have.
    #[rule("unsupported-cex", "cex is not currently supported on the target platform")]
    Cex,
    /// A boot loader user without a needed field.
    #[rule("missing-grub-field", "field \"{field}\" is required")]
    GrubField {
        /// The field.
        field: &'static str,
    },
}

/// What Butane says of `boot_device`.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "butane-config")]
pub enum BootDevice {
    /// A layout that the version does not have.
    #[rule("unknown-boot-layout", "layout must be one of: {known}")]
    Layout {
        /// Those that it has.
        known: &'static str,
    },
    /// A layout that needs a device.
    #[rule("missing-boot-device", "device is required for layouts: s390x-eckd, s390x-zfcp")]
    NoDevice,
    /// A device that the layout cannot have.
    #[rule(
        "boot-device-name",
        "device name must start with /dev/dasd on s390x-eckd layout or /dev/sd on s390x-zfcp layout"
    )]
    DeviceName,
    /// A mirror on a layout without.
    #[rule("unsupported-boot-mirror", "mirroring not supported on layouts: s390x-eckd, s390x-zfcp, s390x-virt")]
    MirrorLayout,
    /// CEX on another architecture.
    #[rule("cex-architecture", "when using cex the targeted architecture must match s390x")]
    CexArchitecture,
    /// A mirror without a layout.
    #[rule("mirror-without-layout", "boot_device.layout should be specified when boot_device.mirror is specified")]
    MirrorWithoutLayout,
    /// A mirror of one disk.
    #[rule("single-mirror-device", "mirroring requires at least two devices")]
    SingleMirror,
}
