//! What makes the first boot fail.
//!
//! Owns: the rules and their words. Must not: know where in a spec the reason stands.

use flatwright_diagnostic::Rule;

/// Why Ignition, or a program that it runs, stops in the initramfs.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "first-boot")]
pub enum FirstBoot {
    /// A name that `groupadd` refuses.
    #[rule("group-name-refused", "`groupadd` does not take the name `{name}`")]
    GroupName {
        /// The group.
        name: String,
    },
    /// A group that the node has already.
    #[rule("group-exists", "group `{name}` exists on the node before Ignition would make it")]
    GroupExists {
        /// The group.
        name: String,
    },
    /// A number that no group can have.
    #[rule("group-id-refused", "group `{name}` cannot have the number {gid}")]
    GroupId {
        /// The group.
        name: String,
        /// The number.
        gid: i64,
    },
    /// A number that another group has.
    #[rule("group-id-taken", "number {gid} of group `{name}` is that of group `{by}`")]
    GroupIdTaken {
        /// The group.
        name: String,
        /// The number.
        gid: i64,
        /// The other group.
        by: String,
    },
    /// All numbers of the range are in use.
    #[rule("no-free-id", "no number is free for `{name}`")]
    NoFreeId {
        /// The user or group.
        name: String,
    },
    /// A group that only the image has cannot be changed.
    #[rule("image-group-changed", "group `{name}` is the image's and not in `/etc/group`, so it cannot be changed")]
    ImageGroup {
        /// The group.
        name: String,
    },
    /// A group that a user needs is deleted.
    #[rule("primary-group-deleted", "group `{name}` is the primary group of user `{user}` and cannot be deleted")]
    PrimaryGroupDeleted {
        /// The group.
        name: String,
        /// The user.
        user: String,
    },
    /// A name that `useradd` refuses.
    #[rule("user-name-refused", "`useradd` does not take the name `{name}`")]
    UserName {
        /// The user.
        name: String,
    },
    /// A value that cannot stand in `/etc/passwd`.
    #[rule("user-field-refused", "`{field}` of user `{name}` must be {must}")]
    UserField {
        /// The user.
        name: String,
        /// The field.
        field: String,
        /// What it must be.
        must: String,
    },
    /// A number that no user can have.
    #[rule("user-id-refused", "user `{name}` cannot have the number {uid}")]
    UserId {
        /// The user.
        name: String,
        /// The number.
        uid: i64,
    },
    /// A number that another user has.
    #[rule("user-id-taken", "number {uid} of user `{name}` is that of user `{by}`")]
    UserIdTaken {
        /// The user.
        name: String,
        /// The number.
        uid: i64,
        /// The other user.
        by: String,
    },
    /// A primary group that does not exist.
    #[rule("primary-group-missing", "primary group `{group}` of user `{name}` does not exist")]
    PrimaryGroupMissing {
        /// The user.
        name: String,
        /// The group.
        group: String,
    },
    /// A further group that does not exist.
    #[rule("further-group-missing", "group `{group}` of user `{name}` does not exist")]
    FurtherGroupMissing {
        /// The user.
        name: String,
        /// The group.
        group: String,
    },
    /// A further group that only the image has, which `useradd` does not look for.
    #[rule(
        "image-group-joined",
        "group `{group}` is the image's and not in `/etc/group`, so user `{name}` cannot join it"
    )]
    ImageGroupJoined {
        /// The user.
        name: String,
        /// The group.
        group: String,
    },
    /// The group that a user would get exists.
    #[rule("user-group-exists", "user `{name}` would get a group of that name, which exists already")]
    UserGroupExists {
        /// The user.
        name: String,
    },
    /// A user that only the image has cannot be changed.
    #[rule("image-user-changed", "user `{name}` is the image's and not in `/etc/passwd`, so it cannot be changed")]
    ImageUser {
        /// The user.
        name: String,
    },
    /// A home directory that cannot be made.
    #[rule("home-not-made", "home `{home}` of user `{name}` cannot be made: {why}")]
    HomeNotMade {
        /// The user.
        name: String,
        /// The directory.
        home: String,
        /// The reason.
        why: String,
    },
    /// A home directory that cannot be moved.
    #[rule("home-not-moved", "home `{from}` of user `{name}` cannot be moved to `{to}`: {why}")]
    HomeNotMoved {
        /// The user.
        name: String,
        /// Where it is.
        from: String,
        /// Where it should be.
        to: String,
        /// The reason.
        why: String,
    },
    /// A home directory that is not removed with its user.
    #[rule("home-not-removed", "home `{home}` of user `{name}` cannot be removed: {why}")]
    HomeNotRemoved {
        /// The user.
        name: String,
        /// The directory.
        home: String,
        /// The reason.
        why: String,
    },
    /// SSH keys that the user may not write.
    #[rule("ssh-keys-not-written", "SSH keys of user `{name}` cannot be written to `{path}`: {why}")]
    SshKeys {
        /// The user.
        name: String,
        /// The file.
        path: String,
        /// The reason.
        why: String,
    },
    /// An owner that does not exist.
    #[rule("owner-unknown", "owner `{user}` of `{path}` is a user that does not exist")]
    OwnerUnknown {
        /// The path.
        path: String,
        /// The user.
        user: String,
    },
    /// An owning group that does not exist.
    #[rule("owning-group-unknown", "owning group `{group}` of `{path}` does not exist")]
    OwningGroupUnknown {
        /// The path.
        path: String,
        /// The group.
        group: String,
    },
    /// Contents that do not have the hash that the config gives.
    #[rule("contents-hash", "contents of `{path}` have the hash `{actual}`, not `{expected}`")]
    Hash {
        /// The path.
        path: String,
        /// What the config says.
        expected: String,
        /// What they have.
        actual: String,
    },
    /// A hash that no contents have.
    #[rule("hash-not-hexadecimal", "hash `{hash}` of `{path}` is not hexadecimal")]
    HashText {
        /// The path.
        path: String,
        /// The hash.
        hash: String,
    },
    /// Contents that are not gzip, though the config says so.
    #[rule("contents-not-gzip", "contents of `{path}` are not gzip: {why}")]
    Gzip {
        /// The path.
        path: String,
        /// The reason.
        why: String,
    },
    /// Contents that decompress to more than is looked at.
    #[rule(
        "contents-too-large",
        "contents of `{path}` decompress to more than is looked at, {most} bytes for a config"
    )]
    TooLarge {
        /// The path.
        path: String,
        /// The bound.
        most: usize,
    },
    /// A path below something that is no directory.
    #[rule("below-a-file", "`{path}` is below `{obstacle}`, which is not a directory")]
    BelowFile {
        /// The path.
        path: String,
        /// What is not a directory.
        obstacle: String,
    },
    /// A path below a link to nothing.
    #[rule("below-a-dangling-link", "`{path}` is below `{obstacle}`, a link to nothing")]
    BelowDanglingLink {
        /// The path.
        path: String,
        /// The link.
        obstacle: String,
    },
    /// Something else is at the path already.
    #[rule("node-exists", "{what} exists at `{path}`, and `overwrite` is not set")]
    Exists {
        /// The path.
        path: String,
        /// What is there.
        what: String,
    },
    /// A unit whose file would replace a directory.
    #[rule("unit-in-place-of-directory", "unit file `{path}` would replace a directory")]
    UnitExists {
        /// The path.
        path: String,
    },
    /// A hard link to nothing.
    #[rule("hard-link-target-missing", "hard link `{path}` leads to `{target}`, where nothing is")]
    HardLinkTarget {
        /// The path.
        path: String,
        /// The target.
        target: String,
    },
    /// A hard link to a directory.
    #[rule("hard-link-of-directory", "hard link `{path}` leads to `{target}`, a directory")]
    HardLinkOfDirectory {
        /// The path.
        path: String,
        /// The target.
        target: String,
    },
    /// A hard link to another file system.
    #[rule("hard-link-across-file-systems", "hard link `{path}` leads to `{target}`, which is on another file system")]
    HardLinkAcross {
        /// The path.
        path: String,
        /// The target.
        target: String,
    },
    /// Two entries that links lead to one path.
    #[rule("same-place", "`{path}` and `{other}` lead to the same place, `{place}`")]
    SamePlace {
        /// The path.
        path: String,
        /// The other path.
        other: String,
        /// Where both lead.
        place: String,
    },
    /// A link that leads nowhere, which specifications before 3.3 let pass alone.
    #[rule("link-without-target", "link `{path}` has no target")]
    LinkWithoutTarget {
        /// The path.
        path: String,
    },
    /// A piece to append that comes from nowhere.
    #[rule("append-without-source", "a piece appended to `{path}` has no source")]
    AppendWithoutSource {
        /// The path.
        path: String,
    },
    /// A path or name that the file system cannot have.
    #[rule("path-too-long", "`{path}` is longer than a file system takes: {why}")]
    PathTooLong {
        /// The path.
        path: String,
        /// Which part.
        why: String,
    },
    /// Links that lead in a circle.
    #[rule("links-in-a-circle", "`{path}` leads through links in a circle")]
    Circle {
        /// The path.
        path: String,
    },
    /// A path that an absolute link leads out of the node, as Ignition follows it from the initramfs.
    #[rule("path-leads-out", "`{path}` leads through an absolute link, which Ignition follows out of the node")]
    LeadsOut {
        /// The path.
        path: String,
    },
    /// A change of what is mounted read-only.
    #[rule("read-only-place", "`{path}` is on a read-only file system")]
    ReadOnly {
        /// The path.
        path: String,
    },
    /// A removal of what something is mounted on.
    #[rule("mount-point-overwritten", "`{path}` cannot be overwritten: file systems are mounted there")]
    Mounted {
        /// The path.
        path: String,
    },
    /// A number that no partition can have.
    #[rule("partition-number-refused", "a partition of `{device}` cannot have the number {number}")]
    PartitionNumber {
        /// The disk.
        device: String,
        /// The number.
        number: i64,
    },
    /// A partition for which the disk has no room.
    #[rule("partition-without-room", "partition `{partition}` does not fit on `{device}`: {why}")]
    PartitionNoRoom {
        /// The disk.
        device: String,
        /// Its label or number.
        partition: String,
        /// The reason.
        why: String,
    },
    /// A label that several partitions get.
    #[rule("partition-label-shared", "several partitions get the label `{label}`")]
    LabelShared {
        /// The label.
        label: String,
    },
    /// The table of the disk that the node boots from is wiped.
    #[rule("root-disk-wiped", "`{device}` is the disk that Flatcar boots from, and its table is wiped")]
    RootDiskWiped {
        /// The disk.
        device: String,
    },
    /// An entry for one of Flatcar's own partitions that is not the one that is there.
    #[rule(
        "flatcar-partition-differs",
        "partition {number} of `{device}` is Flatcar's `{label}`, which the entry does not say"
    )]
    FlatcarPartition {
        /// The disk.
        device: String,
        /// The number.
        number: i64,
        /// Its label.
        label: String,
    },
    /// An array with fewer devices than its level needs.
    #[rule("raid-too-few-devices", "array `{name}` has {active} active devices, and level `{level}` needs {least}")]
    RaidTooFew {
        /// The array.
        name: String,
        /// The level.
        level: String,
        /// How many it has, without spares.
        active: usize,
        /// How many it needs.
        least: usize,
    },
    /// A UUID that `mkfs` does not take.
    #[rule("filesystem-uuid-refused", "`{uuid}` is not a UUID of a `{format}` file system")]
    FilesystemUuid {
        /// The device.
        device: String,
        /// The UUID.
        uuid: String,
        /// The format.
        format: String,
    },
    /// A device that is waited for in vain.
    #[rule("device-never-appears", "device `{device}` does not appear: {why}")]
    DeviceMissing {
        /// The device.
        device: String,
        /// The reason.
        why: String,
    },
    /// A device that two entries want for themselves.
    #[rule("device-used-twice", "device `{device}` is used by {kind} `{by}` as well")]
    DeviceShared {
        /// The device.
        device: String,
        /// What the other is.
        kind: String,
        /// The other's name.
        by: String,
    },
    /// A path at which two file systems are mounted.
    #[rule("mount-point-shared", "the file system of `{other}` is mounted at `{path}` as well")]
    MountShared {
        /// The path.
        path: String,
        /// The other device.
        other: String,
    },
    /// Something that a later mount hides.
    #[rule("hidden-below-mount", "`{path}` is hidden when {by} is mounted at `{mount}`")]
    Hidden {
        /// The path.
        path: String,
        /// Where something is mounted.
        mount: String,
        /// What is mounted.
        by: String,
    },
    /// A partition that is made anew, whatever is on the disk.
    #[rule(
        "unnumbered-partition",
        "partition `{partition}` of `{device}` has no number, and the table of the disk is kept"
    )]
    Unnumbered {
        /// The disk.
        device: String,
        /// Its label, or `0`.
        partition: String,
    },
    /// Groups that a user leaves, as it is in no others than those that the config lists.
    #[rule("groups-left", "user `{name}` leaves the groups {left}")]
    GroupsLeft {
        /// The user.
        name: String,
        /// The groups.
        left: String,
    },
    /// A mount that a merge of system extensions hides.
    #[rule("mount-hidden-by-extensions", "`{path}` of unit `{unit}` is hidden when system extensions are merged")]
    HiddenByExtensions {
        /// The unit.
        unit: String,
        /// Where it mounts.
        path: String,
    },
    /// A program that a unit starts, and nothing brings.
    #[rule("program-of-nothing", "unit `{unit}` starts `{path}`, which neither the config nor the image brings")]
    NoProgram {
        /// The unit.
        unit: String,
        /// The program.
        path: String,
    },
    /// A file of variables that a unit reads, and nothing brings.
    #[rule("variables-of-nothing", "unit `{unit}` reads `{path}`, which neither the config nor the image brings")]
    NoVariables {
        /// The unit.
        unit: String,
        /// The file.
        path: String,
    },
    /// A password in plain text where its hash belongs.
    #[rule("plain-password", "the password of {kind} `{name}` is no hash: it is a password in plain text")]
    PlainPassword {
        /// `user` or `group`.
        kind: &'static str,
        /// Whose it is.
        name: String,
    },
    /// A secret that every process of the node may read.
    #[rule("world-readable-secret", "everybody on the node may read `{path}` (mode {mode}), which holds {what}")]
    WorldReadable {
        /// The file.
        path: String,
        /// Its mode, in octal digits.
        mode: String,
        /// What is in it, in words.
        what: &'static str,
    },
    /// A config that costs too much to apply.
    #[rule("first-boot-too-large", "the config makes more than can be applied here: {most}")]
    TooMuch {
        /// The bound.
        most: String,
    },
}

impl FirstBoot {
    /// Whether Ignition stops at it.
    pub fn stops(&self) -> bool {
        !matches!(
            self,
            Self::TooLarge { .. }
                | Self::TooMuch { .. }
                | Self::LabelShared { .. }
                | Self::RootDiskWiped { .. }
                | Self::MountShared { .. }
                | Self::Hidden { .. }
                | Self::Unnumbered { .. }
                | Self::GroupsLeft { .. }
                | Self::HiddenByExtensions { .. }
                | Self::NoProgram { .. }
                | Self::NoVariables { .. }
        ) && !self.is_exposure()
    }

    /// Whether the node does as it is told, and a secret is no longer one.
    pub fn is_exposure(&self) -> bool {
        matches!(self, Self::PlainPassword { .. } | Self::WorldReadable { .. })
    }

    /// Whether it fails because something is not there.
    pub(crate) fn is_of_absence(&self) -> bool {
        matches!(
            self,
            Self::PrimaryGroupMissing { .. }
                | Self::FurtherGroupMissing { .. }
                | Self::OwnerUnknown { .. }
                | Self::OwningGroupUnknown { .. }
                | Self::HardLinkTarget { .. }
        )
    }
}
