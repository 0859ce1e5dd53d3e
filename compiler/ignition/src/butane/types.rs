//! The types of Butane. `since` counts the versions that the variants share: 1 is fcos 1.0.0, 4 flatcar 1.0.0, 5 flatcar 1.1.0, 8 the experimental ones.

mod storage;

use crate::codec::record;

pub use storage::*;

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
