//! The types of a Container Linux Config, fields in the order in which the transpiler's structs have them.

use serde_json::{Value, json};

use crate::clc::checks;
use crate::clc::options::{Etcd, Flannel};
use crate::ignition2::model::{Model, Source, model};
use crate::ignition2::walk::NodeRef;

model! {
    /// A Container Linux Config.
    pub(crate) struct Config "types.Config" fields checks::config; {
        /// The version of the format, 0.
        version: i64 = "version",
        /// Metadata of the config itself.
        ignition: Ignition = "ignition",
        /// Disks, filesystems and what is written to them.
        storage: Storage = "storage",
        /// systemd units.
        systemd: Systemd = "systemd",
        /// networkd files.
        networkd: Networkd = "networkd",
        /// Users and groups.
        passwd: Passwd = "passwd",
        /// etcd as a service.
        etcd: Option<Etcd> = "etcd",
        /// flannel as a service.
        flannel: Option<Flannel> = "flannel",
        /// Where updates come from.
        update: Option<Update> = "update",
        /// The docker daemon.
        docker: Option<Docker> = "docker",
        /// When and how the machine reboots.
        locksmith: Option<Locksmith> = "locksmith",
    }

    pub(crate) struct Ignition "types.Ignition" {
        /// Configs to append to or to replace this one.
        config: IgnitionConfig = "config",
        /// HTTP timeouts.
        timeouts: Timeouts = "timeouts",
        /// How fetched resources are trusted.
        security: Security = "security",
    }

    pub(crate) struct IgnitionConfig "types.IgnitionConfig" {
        /// Configs appended to this one.
        append: Vec<ConfigReference> = "append",
        /// The config that replaces this one.
        replace: Option<ConfigReference> = "replace",
    }

    pub(crate) struct ConfigReference "types.ConfigReference" {
        /// URL: http, https, tftp, s3, oem or data.
        source: String = "source",
        /// The hash it must have.
        verification: Verification = "verification",
    }

    pub(crate) struct Verification "types.Verification" {
        /// The hash.
        hash: Hash = "hash",
    }

    pub(crate) struct Hash "types.Hash" {
        /// The hash function: `sha512`.
        function: String = "function",
        /// The sum in hexadecimal.
        sum: String = "sum",
    }

    pub(crate) struct Timeouts "types.Timeouts" {
        /// Seconds until the response's headers are there.
        http_response_headers: Option<i64> = "http_response_headers",
        /// Seconds for the whole operation with its retries.
        http_total: Option<i64> = "http_total",
    }

    pub(crate) struct Security "types.Security" {
        /// Certificate authorities.
        tls: Tls = "tls",
    }

    pub(crate) struct Tls "types.TLS" {
        /// Certificate authorities trusted besides the system's.
        certificate_authorities: Vec<CaReference> = "certificate_authorities",
    }

    pub(crate) struct CaReference "types.CaReference" {
        /// URL of the certificate in PEM form.
        source: String = "source",
        /// The hash it must have.
        verification: Verification = "verification",
    }

    pub(crate) struct Storage "types.Storage" {
        /// Disks and their partitions.
        disks: Vec<Disk> = "disks",
        /// RAID arrays.
        raid: Vec<Raid> = "raid",
        /// Filesystems.
        filesystems: Vec<Filesystem> = "filesystems",
        /// Files.
        files: Vec<File> = "files",
        /// Directories.
        directories: Vec<Directory> = "directories",
        /// Links.
        links: Vec<Link> = "links",
    }

    pub(crate) struct Disk "types.Disk" {
        /// The absolute path of the device.
        device: String = "device",
        /// Whether the partition table is erased first.
        wipe_table: bool = "wipe_table",
        /// Its partitions.
        partitions: Vec<Partition> = "partitions",
    }

    pub(crate) struct Partition "types.Partition" {
        /// The partition label.
        label: Option<String> = "label",
        /// The partition number; 0 is the next free one.
        number: i64 = "number",
        /// The size with its unit: whole MiB.
        size: String = "size",
        /// The start with its unit: whole MiB.
        start: String = "start",
        /// The GUID of the partition.
        guid: String = "guid",
        /// The GUID of the partition type, or `linux_filesystem_data`, `raid_partition`, `swap_partition`, `raid_containing_root`.
        type_guid: String = "type_guid",
    }

    pub(crate) struct Raid "types.Raid" {
        /// Its name.
        name: String = "name",
        /// The RAID level.
        level: String = "level",
        /// The absolute paths of its devices.
        devices: Vec<String> = "devices",
        /// How many spares it has.
        spares: i64 = "spares",
        /// Options for mdadm.
        options: Vec<String> = "options",
    }

    pub(crate) struct Filesystem "types.Filesystem" {
        /// The name by which files refer to it.
        name: String = "name",
        /// The device and how it is formatted.
        mount: Option<Mount> = "mount",
        /// Where it is mounted already.
        path: Option<String> = "path",
    }

    pub(crate) struct Mount "types.Mount" {
        /// The absolute path of the device.
        device: String = "device",
        /// `ext4`, `btrfs`, `xfs`, `vfat` or `swap`.
        format: String = "format",
        /// Options of making it (deprecated).
        create: Option<Create> = "create",
        /// Whether an existing filesystem is wiped.
        wipe_filesystem: bool = "wipe_filesystem",
        /// Its label.
        label: Option<String> = "label",
        /// Its UUID.
        uuid: Option<String> = "uuid",
        /// Options for mkfs.
        options: Vec<String> = "options",
    }

    pub(crate) struct Create "types.Create" {
        /// Whether an existing filesystem is overwritten.
        force: bool = "force",
        /// Options for mkfs.
        options: Vec<String> = "options",
    }

    pub(crate) struct File "types.File" fields checks::file; {
        /// The name of the filesystem it is on; `root` if unset.
        filesystem: String = "filesystem",
        /// Its absolute path.
        path: String = "path",
        /// Its owner.
        user: Option<FileUser> = "user",
        /// Its group.
        group: Option<FileGroup> = "group",
        /// Its permissions: octal with a leading zero, or decimal.
        mode: Option<i64> = "mode",
        /// The contents.
        contents: FileContents = "contents",
        /// Whether what is there is replaced.
        overwrite: Option<bool> = "overwrite",
        /// Whether the contents are appended to what is there.
        append: bool = "append",
    }

    pub(crate) struct FileUser "types.FileUser" {
        /// The number.
        id: Option<i64> = "id",
        /// The name.
        name: String = "name",
    }

    pub(crate) struct FileGroup "types.FileGroup" {
        /// The number.
        id: Option<i64> = "id",
        /// The name.
        name: String = "name",
    }

    pub(crate) struct FileContents "types.FileContents" check checks::file_contents; {
        /// Contents that the machine fetches.
        remote: Remote = "remote",
        /// The contents themselves.
        inline: Bytes = "inline",
        /// A file below the files directory.
        local: String = "local",
    }

    pub(crate) struct Remote "types.Remote" {
        /// URL: http, https, tftp, s3, oem or data.
        url: String = "url",
        /// How it is compressed: `gzip` or not at all.
        compression: String = "compression",
        /// The hash it must have.
        verification: Verification = "verification",
    }

    pub(crate) struct Directory "types.Directory" fields checks::directory; {
        /// The name of the filesystem it is on; `root` if unset.
        filesystem: String = "filesystem",
        /// Its absolute path.
        path: String = "path",
        /// Its owner.
        user: Option<FileUser> = "user",
        /// Its group.
        group: Option<FileGroup> = "group",
        /// Its permissions: octal with a leading zero, or decimal.
        mode: Option<i64> = "mode",
        /// Whether what is there is replaced.
        overwrite: Option<bool> = "overwrite",
    }

    pub(crate) struct Link "types.Link" {
        /// The name of the filesystem it is on; `root` if unset.
        filesystem: String = "filesystem",
        /// Its absolute path.
        path: String = "path",
        /// Its owner.
        user: Option<FileUser> = "user",
        /// Its group.
        group: Option<FileGroup> = "group",
        /// Whether it is a hard link.
        hard: bool = "hard",
        /// What it points to.
        target: String = "target",
        /// Whether what is there is replaced.
        overwrite: Option<bool> = "overwrite",
    }

    pub(crate) struct Systemd "types.Systemd" {
        /// The units.
        units: Vec<SystemdUnit> = "units",
    }

    pub(crate) struct SystemdUnit "types.SystemdUnit" {
        /// Its name with its type.
        name: String = "name",
        /// Whether it is enabled (deprecated).
        enable: bool = "enable",
        /// Whether it is enabled, disabled, or left alone.
        enabled: Option<bool> = "enabled",
        /// Whether it is masked.
        mask: bool = "mask",
        /// Its text.
        contents: String = "contents",
        /// Its drop-ins.
        dropins: Vec<SystemdUnitDropIn> = "dropins",
    }

    pub(crate) struct SystemdUnitDropIn "types.SystemdUnitDropIn" {
        /// Its name, ending in `.conf`.
        name: String = "name",
        /// Its text.
        contents: String = "contents",
    }

    pub(crate) struct Networkd "types.Networkd" {
        /// The files.
        units: Vec<NetworkdUnit> = "units",
    }

    pub(crate) struct NetworkdUnit "types.NetworkdUnit" {
        /// Its name, ending in `.link`, `.netdev` or `.network`.
        name: String = "name",
        /// Its text.
        contents: String = "contents",
        /// Its drop-ins.
        dropins: Vec<NetworkdUnitDropIn> = "dropins",
    }

    pub(crate) struct NetworkdUnitDropIn "types.NetworkdUnitDropIn" {
        /// Its name, ending in `.conf`.
        name: String = "name",
        /// Its text.
        contents: String = "contents",
    }

    pub(crate) struct Passwd "types.Passwd" {
        /// Accounts that shall exist.
        users: Vec<User> = "users",
        /// Groups to add.
        groups: Vec<Group> = "groups",
    }

    pub(crate) struct User "types.User" {
        /// Its name.
        name: String = "name",
        /// The encrypted password.
        password_hash: Option<String> = "password_hash",
        /// Keys for SSH.
        ssh_authorized_keys: Vec<String> = "ssh_authorized_keys",
        /// Options used when the account is made (deprecated).
        create: Option<UserCreate> = "create",
        /// Its number.
        uid: Option<i64> = "uid",
        /// The GECOS field.
        gecos: String = "gecos",
        /// The home directory.
        home_dir: String = "home_dir",
        /// Whether no home directory is made.
        no_create_home: bool = "no_create_home",
        /// The primary group.
        primary_group: String = "primary_group",
        /// Supplementary groups.
        groups: Vec<String> = "groups",
        /// Whether no group of its name is made.
        no_user_group: bool = "no_user_group",
        /// Whether it is a system account.
        system: bool = "system",
        /// Whether it stays out of lastlog and faillog.
        no_log_init: bool = "no_log_init",
        /// The login shell.
        shell: String = "shell",
    }

    pub(crate) struct UserCreate "types.UserCreate" {
        /// Its number.
        uid: Option<u64> = "uid",
        /// The GECOS field.
        gecos: String = "gecos",
        /// The home directory.
        home_dir: String = "home_dir",
        /// Whether no home directory is made.
        no_create_home: bool = "no_create_home",
        /// The primary group.
        primary_group: String = "primary_group",
        /// Supplementary groups.
        groups: Vec<String> = "groups",
        /// Whether no group of its name is made.
        no_user_group: bool = "no_user_group",
        /// Whether it is a system account.
        system: bool = "system",
        /// Whether it stays out of lastlog and faillog.
        no_log_init: bool = "no_log_init",
        /// The login shell.
        shell: String = "shell",
    }

    pub(crate) struct Group "types.Group" {
        /// Its name.
        name: String = "name",
        /// Its number.
        gid: Option<u64> = "gid",
        /// Its encrypted password.
        password_hash: String = "password_hash",
        /// Whether it is a system group.
        system: bool = "system",
    }

    pub(crate) struct Update "types.Update" check checks::update; fields checks::update_field; {
        /// The update group: `stable`, `beta` or `alpha`.
        group: String = "group",
        /// The update server.
        server: String = "server",
        /// The server of PCR policies.
        pcr_policy_server: String = "pcr_policy_server",
        /// The user for downloads.
        download_user: String = "download_user",
        /// The password for downloads.
        download_password: String = "download_password",
        /// An alias of the machine.
        machine_alias: String = "machine_alias",
    }

    pub(crate) struct Docker "types.Docker" {
        /// Flags for the daemon.
        flags: Vec<String> = "flags",
    }

    pub(crate) struct Locksmith "types.Locksmith" check checks::locksmith; fields checks::locksmith_field; {
        /// `reboot`, `etcd-lock` or `off`.
        reboot_strategy: Option<String> = "reboot_strategy",
        /// When the reboot window begins: `[Day ]HH:MM`.
        window_start: Option<String> = "window_start",
        /// How long the reboot window is: a Go duration.
        window_length: Option<String> = "window_length",
        /// The etcd group for reboot control.
        group: Option<String> = "group",
        /// The endpoints of etcd.
        etcd_endpoints: Option<String> = "etcd_endpoints",
        /// The CA file for etcd.
        etcd_cafile: Option<String> = "etcd_cafile",
        /// The certificate file for etcd.
        etcd_certfile: Option<String> = "etcd_certfile",
        /// The key file for etcd.
        etcd_keyfile: Option<String> = "etcd_keyfile",
    }
}

/// A Go string that need not be UTF-8: `!!binary` puts any bytes into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl serde::Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(&self.0))
    }
}

impl Model for Bytes {
    fn go() -> std::borrow::Cow<'static, str> {
        "string".into()
    }

    fn decode(&mut self, source: &mut dyn Source, node: NodeRef) -> bool {
        if source.is_null(node) {
            return source.accepts_null();
        }
        source.bytes(node, "string").map(|bytes| self.0 = bytes).is_some()
    }

    fn is_omitted(&self) -> bool {
        self.0.is_empty()
    }

    fn schema() -> Value {
        json!({"type": "string"})
    }
}
