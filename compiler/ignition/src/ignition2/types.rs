//! The types of Ignition 2.3, fields in the order in which Go writes them.

use serde_json::{Value, json};

use crate::ignition2::model::{Model, Source, model};
use crate::ignition2::rules;
use crate::ignition2::walk::{NodeRef, Place, Walker};

model! {
    /// An Ignition 2.3 config.
    pub struct Config "types.Config" check rules::config; {
        /// Metadata of the config itself.
        ignition: Ignition, keep = "ignition",
        /// networkd files.
        networkd: Networkd = "networkd",
        /// Users and groups.
        passwd: Passwd = "passwd",
        /// Disks, filesystems and what is written to them.
        storage: Storage = "storage",
        /// systemd units.
        systemd: Systemd = "systemd",
    }

    /// Metadata of the config itself.
    pub struct Ignition "types.Ignition" check rules::ignition; {
        /// Configs to append to or to replace this one.
        config: IgnitionConfig = "config",
        /// How fetched resources are trusted.
        security: Security = "security",
        /// HTTP timeouts.
        timeouts: Timeouts = "timeouts",
        /// The spec version, `2.3.0`.
        version: String = "version",
    }

    /// Configs to append to or to replace this one.
    pub struct IgnitionConfig "types.IgnitionConfig" {
        /// Configs appended to this one.
        append: Vec<ConfigReference> = "append",
        /// The config that replaces this one.
        replace: Option<ConfigReference> = "replace",
    }

    /// Where another config is.
    pub struct ConfigReference "types.ConfigReference" fields rules::config_reference; {
        /// URL: http, https, tftp, s3, oem or data.
        source: String, keep = "source",
        /// The hash it must have.
        verification: Verification = "verification",
    }

    /// The hash a resource must have.
    pub struct Verification "types.Verification" check rules::verification; {
        /// `sha512-` and the sum in hexadecimal.
        hash: Option<String> = "hash",
    }

    /// Certificate authorities.
    pub struct Tls "types.TLS" {
        /// Certificate authorities trusted besides the system's.
        certificate_authorities: Vec<CaReference> = "certificateAuthorities",
    }

    /// Where a certificate is.
    pub struct CaReference "types.CaReference" fields rules::ca_reference; {
        /// URL of the certificate in PEM form.
        source: String, keep = "source",
        /// The hash it must have.
        verification: Verification = "verification",
    }

    /// HTTP timeouts, in seconds; 0 is none.
    pub struct Timeouts "types.Timeouts" {
        /// Until the response's headers are there.
        http_response_headers: Option<i64> = "httpResponseHeaders",
        /// For the whole operation with its retries.
        http_total: Option<i64> = "httpTotal",
    }

    /// networkd files.
    pub struct Networkd "types.Networkd" {
        /// The files.
        units: Vec<NetworkdUnit> = "units",
    }

    /// A networkd file.
    pub struct NetworkdUnit "types.Networkdunit" check rules::networkd_unit; {
        /// Its text.
        contents: String = "contents",
        /// Its drop-ins.
        dropins: Vec<NetworkdDropin> = "dropins",
        /// Its name, ending in `.link`, `.netdev` or `.network`.
        name: String, keep = "name",
    }

    /// A drop-in of a networkd file.
    pub struct NetworkdDropin "types.NetworkdDropin" check rules::networkd_dropin; {
        /// Its text.
        contents: String = "contents",
        /// Its name, ending in `.conf`.
        name: String, keep = "name",
    }

    /// Users and groups.
    pub struct Passwd "types.Passwd" {
        /// Groups to add.
        groups: Vec<PasswdGroup> = "groups",
        /// Accounts that shall exist.
        users: Vec<PasswdUser> = "users",
    }

    /// A group.
    pub struct PasswdGroup "types.PasswdGroup" {
        /// Its number.
        gid: Option<i64> = "gid",
        /// Its name.
        name: String, keep = "name",
        /// Its encrypted password.
        password_hash: String = "passwordHash",
        /// Whether it is a system group.
        system: bool = "system",
    }

    /// An account.
    pub struct PasswdUser "types.PasswdUser" check rules::passwd_user; {
        /// Options used when the account is made; deprecated for the fields beside it.
        create: Option<UserCreate> = "create",
        /// The GECOS field.
        gecos: String = "gecos",
        /// Supplementary groups.
        groups: Vec<String> = "groups",
        /// The home directory.
        home_dir: String = "homeDir",
        /// Its name.
        name: String, keep = "name",
        /// Whether no home directory is made.
        no_create_home: bool = "noCreateHome",
        /// Whether it stays out of lastlog and faillog.
        no_log_init: bool = "noLogInit",
        /// Whether no group of its name is made.
        no_user_group: bool = "noUserGroup",
        /// The encrypted password.
        password_hash: Option<String> = "passwordHash",
        /// The primary group.
        primary_group: String = "primaryGroup",
        /// Keys for SSH.
        ssh_authorized_keys: Vec<String> = "sshAuthorizedKeys",
        /// The login shell.
        shell: String = "shell",
        /// Whether it is a system account.
        system: bool = "system",
        /// Its number.
        uid: Option<i64> = "uid",
    }

    /// Options used when an account is made (deprecated).
    pub struct UserCreate "types.Usercreate" {
        /// The GECOS field.
        gecos: String = "gecos",
        /// Supplementary groups.
        groups: Vec<String> = "groups",
        /// The home directory.
        home_dir: String = "homeDir",
        /// Whether no home directory is made.
        no_create_home: bool = "noCreateHome",
        /// Whether it stays out of lastlog and faillog.
        no_log_init: bool = "noLogInit",
        /// Whether no group of its name is made.
        no_user_group: bool = "noUserGroup",
        /// The primary group.
        primary_group: String = "primaryGroup",
        /// The login shell.
        shell: String = "shell",
        /// Whether it is a system account.
        system: bool = "system",
        /// Its number.
        uid: Option<i64> = "uid",
    }

    /// Disks, filesystems and what is written to them.
    pub struct Storage "types.Storage" {
        /// Directories.
        directories: Vec<Directory> = "directories",
        /// Disks and their partitions.
        disks: Vec<Disk> = "disks",
        /// Files.
        files: Vec<File> = "files",
        /// Filesystems.
        filesystems: Vec<Filesystem> = "filesystems",
        /// Links.
        links: Vec<Link> = "links",
        /// RAID arrays.
        raid: Vec<Raid> = "raid",
    }

    /// A directory.
    pub struct Directory "types.Directory" fields rules::directory; {
        /// The name of the filesystem it is on.
        filesystem: String, keep = "filesystem",
        /// Its group.
        group: Option<NodeOwner> = "group",
        /// Whether what is there is replaced.
        overwrite: Option<bool> = "overwrite",
        /// Its absolute path.
        path: String, keep = "path",
        /// Its owner.
        user: Option<NodeOwner> = "user",
        /// Its permissions.
        mode: Option<i64> = "mode",
    }

    /// An owner: a number or a name.
    pub struct NodeOwner "types.NodeUser" check rules::node_owner; {
        /// The number.
        id: Option<i64> = "id",
        /// The name.
        name: String = "name",
    }

    /// A disk.
    pub struct Disk "types.Disk" fields rules::disk_field; {
        /// The absolute path of the device.
        device: String, keep = "device",
        /// Its partitions.
        partitions: Vec<Partition> = "partitions",
        /// Whether the partition table is erased first.
        wipe_table: bool = "wipeTable",
    }

    /// A partition.
    pub struct Partition "types.Partition" check rules::partition; fields rules::partition_field; {
        /// The GUID of the partition.
        guid: String = "guid",
        /// The partition label.
        label: Option<String> = "label",
        /// The partition number; 0 is the next free one.
        number: i64 = "number",
        /// Whether it shall exist.
        should_exist: Option<bool> = "shouldExist",
        /// The size in sectors (deprecated).
        size: Option<i64> = "size",
        /// The size in MiB.
        size_mib: Option<i64> = "sizeMiB",
        /// The start in sectors (deprecated).
        start: Option<i64> = "start",
        /// The start in MiB.
        start_mib: Option<i64> = "startMiB",
        /// The GUID of the partition type.
        type_guid: String = "typeGuid",
        /// Whether a partition that differs is replaced.
        wipe_partition_entry: bool = "wipePartitionEntry",
    }

    /// A file.
    pub struct File "types.File" check rules::file; fields rules::file_field; {
        /// The name of the filesystem it is on.
        filesystem: String, keep = "filesystem",
        /// Its group.
        group: Option<NodeOwner> = "group",
        /// Whether what is there is replaced.
        overwrite: Option<bool> = "overwrite",
        /// Its absolute path.
        path: String, keep = "path",
        /// Its owner.
        user: Option<NodeOwner> = "user",
        /// Whether the contents are appended to what is there.
        append: bool = "append",
        /// The contents.
        contents: FileContents = "contents",
        /// Its permissions.
        mode: Option<i64> = "mode",
    }

    /// The contents of a file.
    pub struct FileContents "types.FileContents" fields rules::file_contents; {
        /// How the source is compressed: `gzip` or not at all.
        compression: String = "compression",
        /// URL: http, https, tftp, s3, oem or data.
        source: String = "source",
        /// The hash it must have.
        verification: Verification = "verification",
    }

    /// A filesystem.
    pub struct Filesystem "types.Filesystem" check rules::filesystem; fields rules::filesystem_field; {
        /// The device and how it is formatted.
        mount: Option<Mount> = "mount",
        /// The name by which files refer to it.
        name: String = "name",
        /// Where it is mounted already.
        path: Option<String> = "path",
    }

    /// A device and how it is formatted.
    pub struct Mount "types.Mount" check rules::mount; fields rules::mount_field; {
        /// Options of making it (deprecated).
        create: Option<Create> = "create",
        /// The absolute path of the device.
        device: String, keep = "device",
        /// `ext4`, `btrfs`, `xfs`, `vfat` or `swap`.
        format: String, keep = "format",
        /// Its label.
        label: Option<String> = "label",
        /// Options for mkfs.
        options: Vec<String> = "options",
        /// Its UUID.
        uuid: Option<String> = "uuid",
        /// Whether an existing filesystem is wiped.
        wipe_filesystem: bool = "wipeFilesystem",
    }

    /// Options of making a filesystem (deprecated).
    pub struct Create "types.Create" {
        /// Whether an existing filesystem is overwritten.
        force: bool = "force",
        /// Options for mkfs.
        options: Vec<String> = "options",
    }

    /// A link.
    pub struct Link "types.Link" fields rules::link; {
        /// The name of the filesystem it is on.
        filesystem: String, keep = "filesystem",
        /// Its group.
        group: Option<NodeOwner> = "group",
        /// Whether what is there is replaced.
        overwrite: Option<bool> = "overwrite",
        /// Its absolute path.
        path: String, keep = "path",
        /// Its owner.
        user: Option<NodeOwner> = "user",
        /// Whether it is a hard link.
        hard: bool = "hard",
        /// What it points to.
        target: String, keep = "target",
    }

    /// A RAID array.
    pub struct Raid "types.Raid" fields rules::raid; {
        /// The absolute paths of its devices; null in JSON if there are none.
        devices: Devices, keep = "devices",
        /// The RAID level.
        level: String, keep = "level",
        /// Its name.
        name: String, keep = "name",
        /// Options for mdadm.
        options: Vec<String> = "options",
        /// How many spares it has.
        spares: i64 = "spares",
    }

    /// systemd units.
    pub struct Systemd "types.Systemd" {
        /// The units.
        units: Vec<Unit> = "units",
    }

    /// A systemd unit.
    pub struct Unit "types.Unit" fields rules::unit; {
        /// Its text.
        contents: String = "contents",
        /// Its drop-ins.
        dropins: Vec<SystemdDropin> = "dropins",
        /// Whether it is enabled (deprecated).
        enable: bool = "enable",
        /// Whether it is enabled, disabled, or left alone.
        enabled: Option<bool> = "enabled",
        /// Whether it is masked.
        mask: bool = "mask",
        /// Its name with its type.
        name: String, keep = "name",
    }

    /// A drop-in of a systemd unit.
    pub struct SystemdDropin "types.SystemdDropin" check rules::systemd_dropin; {
        /// Its text.
        contents: String = "contents",
        /// Its name, ending in `.conf`.
        name: String, keep = "name",
    }
}

/// How fetched resources are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Security {
    /// Certificate authorities.
    pub tls: Tls,
}

impl Model for Security {
    fn go() -> std::borrow::Cow<'static, str> {
        "types.Security".into()
    }

    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            return source.accepts_null();
        }
        let Some(fields) = source.fields(node, "types.Security", &["tls"]) else { return false };
        for (_, value) in fields {
            self.tls.decode(source, value);
        }
        true
    }

    // Go embeds TLS here under a JSON name; its validator flattens embedded structs, so it looks for the fields of TLS one level too high.
    fn visit(&self, walker: &mut Walker<'_>, place: Place) {
        self.tls.visit(walker, place);
    }

    fn schema() -> Value {
        json!({"type": "object", "additionalProperties": false, "properties": {"tls": Tls::schema()}})
    }
}

/// The devices of a RAID array. Go writes a missing list as null here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices(pub Vec<String>);

impl serde::Serialize for Devices {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_empty() { serializer.serialize_none() } else { self.0.serialize(serializer) }
    }
}

impl Model for Devices {
    fn go() -> std::borrow::Cow<'static, str> {
        "[]types.Device".into()
    }

    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        self.0.decode(source, node)
    }

    fn schema() -> Value {
        Vec::<String>::schema()
    }
}
