//! The types of Butane. `since` counts the versions that the variants share: 1 is fcos 1.0.0, 4 flatcar 1.0.0, 5 flatcar 1.1.0, 8 the experimental ones.

use crate::goyaml::record;

record! {
    /// A Butane config for Flatcar.
    pub Config {
        /// The variant: `flatcar`.
        variant: String = "variant";
        /// The version of this format.
        version: String = "version";
        /// About Ignition itself.
        ignition: Ignition = "ignition";
        /// Kernel arguments.
        kernel_arguments: KernelArguments = "kernel_arguments" since 4;
        /// Users and groups.
        passwd: Passwd = "passwd";
        /// Disks, file systems, files.
        storage: Storage = "storage";
        /// Systemd units.
        systemd: Systemd = "systemd";
    }
    /// What Fedora CoreOS adds.
    pub FcosConfig {
        /// The variant: `fcos`.
        variant: String = "variant";
        /// The version of this format.
        version: String = "version";
        /// About Ignition itself.
        ignition: Ignition = "ignition";
        /// Kernel arguments.
        kernel_arguments: KernelArguments = "kernel_arguments" since 4;
        /// Users and groups.
        passwd: Passwd = "passwd";
        /// Disks, file systems, files.
        storage: Storage = "storage";
        /// Systemd units.
        systemd: Systemd = "systemd";
        /// Encryption and mirroring of the boot disk.
        boot_device: BootDevice = "boot_device";
        /// The boot loader.
        grub: Grub = "grub" since 5;
    }
    /// Encryption and mirroring of the boot disk.
    pub BootDevice {
        /// The layout of the disk.
        layout: Option<String> = "layout";
        /// Encryption of the root file system.
        luks: BootDeviceLuks = "luks";
        /// Mirroring.
        mirror: BootDeviceMirror = "mirror";
    }
    /// Encryption of the root file system.
    pub BootDeviceLuks {
        /// Unlocking by an IBM CEX card.
        cex: Cex = "cex" since 6;
        /// Whether discards pass through.
        discard: Option<bool> = "discard" since 5;
        /// The device, on s390x.
        device: Option<String> = "device" since 6;
        /// Tang servers.
        tang: Vec<Tang> = "tang";
        /// How many pins are needed.
        threshold: Option<i64> = "threshold";
        /// Whether the TPM is a pin.
        tpm2: Option<bool> = "tpm2";
    }
    /// Mirroring of the boot disk.
    pub BootDeviceMirror {
        /// The disks.
        devices: Vec<String> = "devices";
    }
    /// The boot loader.
    pub Grub {
        /// Users that may change boot entries.
        users: Vec<GrubUser> = "users";
    }
    /// A user of the boot loader.
    pub GrubUser {
        /// The name.
        name: String = "name";
        /// The hashed password.
        password_hash: Option<String> = "password_hash";
    }
    /// About Ignition itself.
    pub Ignition {
        /// Other configs to merge, or to use instead.
        config: IgnitionConfig = "config";
        /// HTTP proxies for fetching.
        proxy: Proxy = "proxy" since 2;
        /// Certificate authorities for fetching.
        security: Security = "security";
        /// How long fetching may take.
        timeouts: Timeouts = "timeouts";
    }
    /// Other configs.
    pub IgnitionConfig {
        /// Configs to merge into this one, in order.
        merge: Vec<Reference> = "merge" go "Resource";
        /// A config that replaces this one.
        replace: Reference = "replace";
    }
    /// HTTP proxies.
    pub Proxy {
        /// For `http:` URLs.
        http_proxy: Option<String> = "http_proxy";
        /// For `https:` URLs.
        https_proxy: Option<String> = "https_proxy";
        /// Hosts that are reached without a proxy.
        no_proxy: Vec<String> = "no_proxy";
    }
    /// Security of fetching.
    pub Security {
        /// TLS.
        tls: Tls = "tls";
    }
    /// TLS of fetching.
    pub Tls {
        /// Certificate authorities that are trusted in addition.
        certificate_authorities: Vec<Reference> = "certificate_authorities";
    }
    /// Timeouts of fetching, in seconds.
    pub Timeouts {
        /// Until the response headers arrive.
        http_response_headers: Option<i64> = "http_response_headers";
        /// For the whole request.
        http_total: Option<i64> = "http_total";
    }
    /// Another config or a certificate: like a resource, but fcos 1.0.0 only knows its source.
    pub Reference {
        /// `gzip`, or nothing.
        compression: Option<String> = "compression" since 2;
        /// Headers of the request.
        http_headers: Vec<HttpHeader> = "http_headers" since 2 go "HTTPHeader";
        /// The URL.
        source: Option<String> = "source";
        /// The content itself.
        inline: Option<String> = "inline" since 2;
        /// A file below the files directory.
        local: Option<String> = "local" since 2;
        /// What the content must hash to.
        verification: Verification = "verification";
    }
    /// Contents: fetched, written here, or read from a file. Only one of `source`, `inline` and `local` may be set.
    pub Resource {
        /// `gzip`, or nothing; chosen by size if unset.
        compression: Option<String> = "compression";
        /// Headers of the request.
        http_headers: Vec<HttpHeader> = "http_headers" since 2 go "HTTPHeader";
        /// The URL.
        source: Option<String> = "source";
        /// The content itself.
        inline: Option<String> = "inline";
        /// A file below the files directory.
        local: Option<String> = "local" since 2;
        /// What the content must hash to.
        verification: Verification = "verification";
    }
    /// A header of a request.
    pub HttpHeader {
        /// The name.
        name: String = "name";
        /// The value.
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
        should_exist: Vec<String> = "should_exist" go "KernelArgument";
        /// Arguments that are removed.
        should_not_exist: Vec<String> = "should_not_exist" go "KernelArgument";
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
        name: String = "name";
        /// The hashed password.
        password_hash: Option<String> = "password_hash";
        /// `false` deletes the group.
        should_exist: Option<bool> = "should_exist" since 3;
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
        home_dir: Option<String> = "home_dir";
        /// The name.
        name: String = "name";
        /// Whether the home directory is not created.
        no_create_home: Option<bool> = "no_create_home";
        /// Whether the user is left out of lastlog and faillog.
        no_log_init: Option<bool> = "no_log_init";
        /// Whether no group of the user's name is created.
        no_user_group: Option<bool> = "no_user_group";
        /// The hashed password.
        password_hash: Option<String> = "password_hash";
        /// The primary group.
        primary_group: Option<String> = "primary_group";
        /// `false` deletes the user.
        should_exist: Option<bool> = "should_exist" since 3;
        /// Public keys that may log in.
        ssh_authorized_keys: Vec<String> = "ssh_authorized_keys" go "SSHAuthorizedKey";
        /// Files below the files directory with public keys, one per line.
        ssh_authorized_keys_local: Vec<String> = "ssh_authorized_keys_local" since 5;
        /// The login shell.
        shell: Option<String> = "shell";
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
        luks: Vec<Luks> = "luks" since 3;
        /// Software RAID arrays.
        raid: Vec<Raid> = "raid";
        /// Directory trees below the files directory that are copied.
        trees: Vec<Tree> = "trees" since 2;
    }
    /// A directory.
    pub Directory {
        /// The owning group.
        group: NodeGroup = "group";
        /// Whether something else at the path is removed.
        overwrite: Option<bool> = "overwrite";
        /// The absolute path.
        path: String = "path";
        /// The owning user.
        user: NodeUser = "user";
        /// Permission bits, in octal with a leading zero.
        mode: Option<i64> = "mode";
    }
    /// A file.
    pub File {
        /// The owning group.
        group: NodeGroup = "group";
        /// Whether an existing file is replaced.
        overwrite: Option<bool> = "overwrite";
        /// The absolute path.
        path: String = "path";
        /// The owning user.
        user: NodeUser = "user";
        /// Fragments that are appended.
        append: Vec<Resource> = "append";
        /// The contents.
        contents: Resource = "contents";
        /// Permission bits, in octal with a leading zero.
        mode: Option<i64> = "mode";
    }
    /// A link.
    pub Link {
        /// The owning group.
        group: NodeGroup = "group";
        /// Whether something else at the path is removed.
        overwrite: Option<bool> = "overwrite";
        /// The absolute path.
        path: String = "path";
        /// The owning user.
        user: NodeUser = "user";
        /// Whether it is a hard link.
        hard: Option<bool> = "hard";
        /// Where it leads.
        target: Option<String> = "target";
    }
    /// A directory tree below the files directory that is copied.
    pub Tree {
        /// The owning group of everything in it.
        group: NodeGroup = "group" since 7;
        /// The tree's root below the files directory.
        local: String = "local";
        /// Where it is copied to; `/` if unset.
        path: Option<String> = "path";
        /// The owning user of everything in it.
        user: NodeUser = "user" since 7;
        /// Permission bits of the files.
        file_mode: Option<i64> = "file_mode" since 7;
        /// Permission bits of the directories.
        dir_mode: Option<i64> = "dir_mode" since 7;
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
        device: String = "device";
        /// The partitions.
        partitions: Vec<Partition> = "partitions";
        /// Whether the partition table is erased first.
        wipe_table: Option<bool> = "wipe_table";
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
        resize: Option<bool> = "resize" since 3;
        /// `false` deletes the partition.
        should_exist: Option<bool> = "should_exist";
        /// The size; 0 is as large as possible.
        size_mib: Option<i64> = "size_mib";
        /// The start; 0 is as early as possible.
        start_mib: Option<i64> = "start_mib";
        /// The GUID of the type.
        type_guid: Option<String> = "type_guid";
        /// Whether an existing, different partition is replaced.
        wipe_partition_entry: Option<bool> = "wipe_partition_entry";
    }
    /// A file system.
    pub Filesystem {
        /// The device path.
        device: String = "device";
        /// The format.
        format: Option<String> = "format";
        /// The label.
        label: Option<String> = "label";
        /// Options of mount.
        mount_options: Vec<String> = "mount_options" since 2;
        /// Options of mkfs.
        options: Vec<String> = "options";
        /// Where it is mounted.
        path: Option<String> = "path";
        /// The UUID.
        uuid: Option<String> = "uuid";
        /// Whether an existing file system is erased.
        wipe_filesystem: Option<bool> = "wipe_filesystem";
        /// Whether a mount (or swap) unit is generated.
        with_mount_unit: Option<bool> = "with_mount_unit" since 2;
    }
    /// An encrypted volume.
    pub Luks {
        /// Unlocking by an IBM CEX card.
        cex: Cex = "cex" since 6;
        /// Unlocking by Clevis.
        clevis: Clevis = "clevis";
        /// The device path.
        device: Option<String> = "device";
        /// Whether discards pass through.
        discard: Option<bool> = "discard" since 5;
        /// The key.
        key_file: Resource = "key_file";
        /// The label.
        label: Option<String> = "label";
        /// The name of the opened device.
        name: String = "name";
        /// Options of opening.
        open_options: Vec<String> = "open_options" since 5;
        /// Options of formatting.
        options: Vec<String> = "options";
        /// The UUID.
        uuid: Option<String> = "uuid";
        /// Whether an existing volume is erased.
        wipe_volume: Option<bool> = "wipe_volume";
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
        needs_network: Option<bool> = "needs_network";
        /// Its name.
        pin: Option<String> = "pin";
    }
    /// A Tang server.
    pub Tang {
        /// The thumbprint of its key.
        thumbprint: Option<String> = "thumbprint";
        /// The URL.
        url: String = "url";
        /// The advertisement, JSON text.
        advertisement: Option<String> = "advertisement" since 5;
    }
    /// A software RAID array.
    pub Raid {
        /// The member devices.
        devices: Vec<String> = "devices" go "Device";
        /// The level.
        level: Option<String> = "level";
        /// The name.
        name: String = "name";
        /// Options of mdadm.
        options: Vec<String> = "options";
        /// How many members are spares.
        spares: Option<i64> = "spares";
    }
    /// Systemd units.
    pub Systemd {
        /// The units.
        units: Vec<Unit> = "units";
        /// Podman's units.
        quadlets: Vec<Quadlet> = "quadlets" since 8;
    }
    /// A systemd unit.
    pub Unit {
        /// The text of the unit.
        contents: Option<String> = "contents";
        /// A file below the files directory with the text.
        contents_local: Option<String> = "contents_local" since 5;
        /// Drop-ins.
        dropins: Vec<Dropin> = "dropins";
        /// Whether it is enabled; left as it is if unset.
        enabled: Option<bool> = "enabled";
        /// Whether it is masked.
        mask: Option<bool> = "mask";
        /// The name with its suffix.
        name: String = "name";
    }
    /// A drop-in of a unit.
    pub Dropin {
        /// The text.
        contents: Option<String> = "contents";
        /// A file below the files directory with the text.
        contents_local: Option<String> = "contents_local" since 5;
        /// The name, ending in `.conf`.
        name: String = "name";
    }
    /// A unit of Podman.
    pub Quadlet {
        /// The text.
        contents: Option<String> = "contents";
        /// A file below the files directory with the text.
        contents_local: Option<String> = "contents_local";
        /// Drop-ins.
        dropins: Vec<Dropin> = "dropins";
        /// The name with its suffix.
        name: String = "name";
        /// Whether it runs as root.
        rootful: Option<bool> = "rootful";
    }
}

impl From<Reference> for Resource {
    fn from(from: Reference) -> Self {
        let Reference { compression, http_headers, source, inline, local, verification } = from;
        Self { compression, http_headers, source, inline, local, verification }
    }
}

impl From<Config> for FcosConfig {
    fn from(from: Config) -> Self {
        let Config { variant, version, ignition, kernel_arguments, passwd, storage, systemd } = from;
        Self { variant, version, ignition, kernel_arguments, passwd, storage, systemd, ..Self::default() }
    }
}
