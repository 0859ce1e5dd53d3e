//! The types, in the order in which the original writes them. `since` is the minor version of spec 3 that brought a field.

use crate::codec::record;

record! {
    /// A machine config.
    pub Config {
        /// About Ignition itself.
        ignition: Ignition = "ignition", always;
        /// Kernel arguments.
        kernel_arguments: KernelArguments = "kernelArguments" since 3;
        /// Users and groups.
        passwd: Passwd = "passwd";
        /// Disks, file systems, files.
        storage: Storage = "storage";
        /// Systemd units.
        systemd: Systemd = "systemd";
    }
    /// About Ignition itself.
    pub Ignition {
        /// Other configs to merge, or to use instead.
        config: IgnitionConfig = "config";
        /// HTTP proxies for fetching.
        proxy: Proxy = "proxy" since 1;
        /// Certificate authorities for fetching.
        security: Security = "security";
        /// How long fetching may take.
        timeouts: Timeouts = "timeouts";
        /// The version of the specification.
        version: String = "version", always;
    }
    /// Other configs.
    pub IgnitionConfig {
        /// Configs to merge into this one, in order.
        merge: Vec<Resource> = "merge";
        /// A config that replaces this one.
        replace: Resource = "replace";
    }
    /// HTTP proxies.
    pub Proxy {
        /// For `http:` URLs.
        http_proxy: Option<String> = "httpProxy";
        /// For `https:` URLs.
        https_proxy: Option<String> = "httpsProxy";
        /// Hosts that are reached without a proxy.
        no_proxy: Vec<String> = "noProxy" go "NoProxyItem";
    }
    /// Security of fetching.
    pub Security {
        /// TLS.
        tls: Tls = "tls";
    }
    /// TLS of fetching.
    pub Tls {
        /// Certificate authorities that are trusted in addition.
        certificate_authorities: Vec<Resource> = "certificateAuthorities";
    }
    /// Timeouts of fetching, in seconds.
    pub Timeouts {
        /// Until the response headers arrive; 10 if unset.
        http_response_headers: Option<i64> = "httpResponseHeaders";
        /// For the whole request; 0 (unlimited) if unset.
        http_total: Option<i64> = "httpTotal";
    }
    /// Something that is fetched, or given in place as a `data:` URL.
    pub Resource {
        /// `gzip`, or nothing.
        compression: Option<String> = "compression";
        /// Headers of the request.
        http_headers: Vec<HttpHeader> = "httpHeaders" since 1 go "HTTPHeader";
        /// The URL.
        source: Option<String> = "source";
        /// What the content must hash to.
        verification: Verification = "verification";
    }
    /// A header of a request.
    pub HttpHeader {
        /// The name.
        name: String = "name", always;
        /// The value; without one, an inherited header is dropped.
        value: Option<String> = "value";
    }
    /// What content must hash to.
    pub Verification {
        /// `sha512-…` or `sha256-…`.
        hash: Option<String> = "hash";
    }
    /// Kernel arguments.
    pub KernelArguments {
        /// Arguments that are added if missing.
        should_exist: Vec<String> = "shouldExist" go "KernelArgument";
        /// Arguments that are removed.
        should_not_exist: Vec<String> = "shouldNotExist" go "KernelArgument";
    }
    /// Users and groups.
    pub Passwd {
        /// Groups.
        groups: Vec<PasswdGroup> = "groups";
        /// Users.
        users: Vec<PasswdUser> = "users";
    }
    /// A group.
    pub PasswdGroup {
        /// The number.
        gid: Option<i64> = "gid";
        /// The name.
        name: String = "name", always;
        /// The hashed password.
        password_hash: Option<String> = "passwordHash";
        /// `false` deletes the group.
        should_exist: Option<bool> = "shouldExist" since 2;
        /// Whether it is a system group.
        system: Option<bool> = "system";
    }
    /// A user.
    pub PasswdUser {
        /// The comment field.
        gecos: Option<String> = "gecos";
        /// Supplementary groups.
        groups: Vec<String> = "groups" go "Group";
        /// The home directory.
        home_dir: Option<String> = "homeDir";
        /// The name.
        name: String = "name", always;
        /// Whether the home directory is not created.
        no_create_home: Option<bool> = "noCreateHome";
        /// Whether the user is left out of lastlog and faillog.
        no_log_init: Option<bool> = "noLogInit";
        /// Whether no group of the user's name is created.
        no_user_group: Option<bool> = "noUserGroup";
        /// The hashed password.
        password_hash: Option<String> = "passwordHash";
        /// The primary group.
        primary_group: Option<String> = "primaryGroup";
        /// Public keys that may log in.
        ssh_authorized_keys: Vec<String> = "sshAuthorizedKeys" go "SSHAuthorizedKey";
        /// The login shell.
        shell: Option<String> = "shell";
        /// `false` deletes the user.
        should_exist: Option<bool> = "shouldExist" since 2;
        /// Whether it is a system user.
        system: Option<bool> = "system";
        /// The number.
        uid: Option<i64> = "uid";
    }
    /// Disks, file systems, files.
    pub Storage {
        /// Directories.
        directories: Vec<Directory> = "directories";
        /// Partition tables.
        disks: Vec<Disk> = "disks";
        /// Files.
        files: Vec<File> = "files";
        /// File systems.
        filesystems: Vec<Filesystem> = "filesystems";
        /// Links.
        links: Vec<Link> = "links";
        /// Encrypted volumes.
        luks: Vec<Luks> = "luks" since 2;
        /// Software RAID arrays.
        raid: Vec<Raid> = "raid";
    }
    /// A directory.
    pub Directory {
        /// The owning group.
        group: NodeGroup = "group" of "Node";
        /// Whether something else at the path is removed.
        overwrite: Option<bool> = "overwrite" of "Node";
        /// The absolute path.
        path: String = "path" of "Node", always;
        /// The owning user.
        user: NodeUser = "user" of "Node";
        /// Permission bits; 0755 if unset.
        mode: Option<i64> = "mode" of "DirectoryEmbedded1";
    }
    /// A file.
    pub File {
        /// The owning group.
        group: NodeGroup = "group" of "Node";
        /// Whether an existing file is replaced.
        overwrite: Option<bool> = "overwrite" of "Node";
        /// The absolute path.
        path: String = "path" of "Node", always;
        /// The owning user.
        user: NodeUser = "user" of "Node";
        /// Fragments that are appended.
        append: Vec<Resource> = "append" of "FileEmbedded1";
        /// The contents.
        contents: Resource = "contents" of "FileEmbedded1";
        /// Permission bits; 0644 if unset.
        mode: Option<i64> = "mode" of "FileEmbedded1";
    }
    /// A link.
    pub Link {
        /// The owning group.
        group: NodeGroup = "group" of "Node";
        /// Whether something else at the path is removed.
        overwrite: Option<bool> = "overwrite" of "Node";
        /// The absolute path.
        path: String = "path" of "Node", always;
        /// The owning user.
        user: NodeUser = "user" of "Node";
        /// Whether it is a hard link.
        hard: Option<bool> = "hard" of "LinkEmbedded1";
        /// Where it leads.
        target: Option<String> = "target" of "LinkEmbedded1";
    }
    /// An owning user, by number or by name.
    pub NodeUser {
        /// The number.
        id: Option<i64> = "id";
        /// The name.
        name: Option<String> = "name";
    }
    /// An owning group, by number or by name.
    pub NodeGroup {
        /// The number.
        id: Option<i64> = "id";
        /// The name.
        name: Option<String> = "name";
    }
    /// A disk.
    pub Disk {
        /// The device path.
        device: String = "device", always;
        /// The partitions.
        partitions: Vec<Partition> = "partitions";
        /// Whether the partition table is erased first.
        wipe_table: Option<bool> = "wipeTable";
    }
    /// A partition.
    pub Partition {
        /// The GUID.
        guid: Option<String> = "guid";
        /// The label.
        label: Option<String> = "label";
        /// The number; 0 is the next free one.
        number: i64 = "number";
        /// Whether an existing partition may be resized.
        resize: Option<bool> = "resize" since 2;
        /// `false` deletes the partition.
        should_exist: Option<bool> = "shouldExist";
        /// The size; 0 is as large as possible.
        size_mib: Option<i64> = "sizeMiB";
        /// The start; 0 is as early as possible.
        start_mib: Option<i64> = "startMiB";
        /// The GUID of the type.
        type_guid: Option<String> = "typeGuid";
        /// Whether an existing, different partition is replaced.
        wipe_partition_entry: Option<bool> = "wipePartitionEntry";
    }
    /// A file system.
    pub Filesystem {
        /// The device path.
        device: String = "device", always;
        /// The format.
        format: Option<String> = "format";
        /// The label.
        label: Option<String> = "label";
        /// Options of mount.
        mount_options: Vec<String> = "mountOptions" since 1 go "MountOption";
        /// Options of mkfs.
        options: Vec<String> = "options" go "FilesystemOption";
        /// Where it is mounted while Ignition writes files.
        path: Option<String> = "path";
        /// The UUID.
        uuid: Option<String> = "uuid";
        /// Whether an existing file system is erased.
        wipe_filesystem: Option<bool> = "wipeFilesystem";
    }
    /// An encrypted volume.
    pub Luks {
        /// Unlocking by an IBM CEX card.
        cex: Cex = "cex" since 5;
        /// Unlocking by Clevis.
        clevis: Clevis = "clevis";
        /// The device path.
        device: Option<String> = "device";
        /// Whether discards pass through.
        discard: Option<bool> = "discard" since 4;
        /// The key.
        key_file: Resource = "keyFile";
        /// The label.
        label: Option<String> = "label";
        /// The name of the opened device.
        name: String = "name", always;
        /// Options of opening.
        open_options: Vec<String> = "openOptions" since 4 go "OpenOption";
        /// Options of formatting.
        options: Vec<String> = "options" go "LuksOption";
        /// The UUID.
        uuid: Option<String> = "uuid";
        /// Whether an existing volume is erased.
        wipe_volume: Option<bool> = "wipeVolume";
    }
    /// Unlocking by an IBM CEX card.
    pub Cex {
        /// Whether it is used.
        enabled: Option<bool> = "enabled";
    }
    /// Unlocking by Clevis.
    pub Clevis {
        /// A pin of one's own.
        custom: ClevisCustom = "custom";
        /// Tang servers.
        tang: Vec<Tang> = "tang";
        /// How many pins are needed.
        threshold: Option<i64> = "threshold";
        /// Whether the TPM is a pin.
        tpm2: Option<bool> = "tpm2";
    }
    /// A Clevis pin of one's own.
    pub ClevisCustom {
        /// Its configuration, JSON text.
        config: Option<String> = "config";
        /// Whether it needs the network.
        needs_network: Option<bool> = "needsNetwork";
        /// Its name.
        pin: Option<String> = "pin";
    }
    /// A Tang server.
    pub Tang {
        /// The advertisement, JSON text.
        advertisement: Option<String> = "advertisement" since 4;
        /// The thumbprint of its key.
        thumbprint: Option<String> = "thumbprint";
        /// The URL.
        url: String = "url";
    }
    /// A software RAID array.
    pub Raid {
        /// The member devices.
        devices: Vec<String> = "devices" go "Device";
        /// The level.
        level: Option<String> = "level";
        /// The name.
        name: String = "name", always;
        /// Options of mdadm.
        options: Vec<String> = "options" go "RaidOption";
        /// How many members are spares.
        spares: Option<i64> = "spares";
    }
    /// Systemd units.
    pub Systemd {
        /// The units.
        units: Vec<Unit> = "units";
    }
    /// A systemd unit.
    pub Unit {
        /// The text of the unit.
        contents: Option<String> = "contents";
        /// Drop-ins.
        dropins: Vec<Dropin> = "dropins";
        /// Whether it is enabled; left as it is if unset.
        enabled: Option<bool> = "enabled";
        /// Whether it is masked.
        mask: Option<bool> = "mask";
        /// The name with its suffix.
        name: String = "name", always;
    }
    /// A drop-in of a unit.
    pub Dropin {
        /// The text.
        contents: Option<String> = "contents";
        /// The name, ending in `.conf`.
        name: String = "name", always;
    }
}
