//! What is wrong with machine configs once they are put together.

use flatwright_diagnostic::Rule;

/// Two parts of one machine that do not go together.
#[derive(Debug, Rule)]
#[rule(group = "config-conflict")]
pub(crate) enum Conflict {
    /// Two configs that differ about one thing.
    #[rule("contradicting-configs", "two machine configs say different things about `{name}`")]
    Configs { name: String },
    /// A path below a link.
    #[rule("path-below-link", "`{path}` is below `{link}`, which is a link of the same config")]
    BelowLink { path: String, link: String },
    /// A file of the bootstrap provider.
    #[rule("bootstrap-file-in-config", "`{path}` is written by the bootstrap provider and by the machine config")]
    BootstrapFile { path: String },
}

/// What the bootstrap route cannot carry: Ignition 2.3 has nothing like it.
#[derive(Debug, Rule)]
#[rule(group = "bootstrap-route")]
pub(crate) enum Route {
    /// Kernel arguments.
    #[rule("uncarried-kernel-arguments", "kernel arguments cannot be carried to the machine")]
    KernelArguments,
    /// A proxy.
    #[rule("uncarried-proxy", "a proxy for Ignition cannot be carried to the machine")]
    Proxy,
    /// A config reference that is compressed.
    #[rule("uncarried-compressed-config", "a compressed config reference cannot be carried to the machine")]
    CompressedConfig,
    /// HTTP headers.
    #[rule("uncarried-http-headers", "HTTP headers of {what} cannot be carried to the machine")]
    Headers { what: String },
    /// A hash of another function.
    #[rule("uncarried-sha256", "the SHA-256 of {what} cannot be carried to the machine")]
    Sha256 { what: String },
    /// An encrypted volume.
    #[rule("uncarried-encrypted-volume", "the encrypted volume `{name}` cannot be carried to the machine")]
    Luks { name: String },
    /// A partition that grows.
    #[rule("uncarried-partition-resize", "resizing a partition of `{device}` cannot be carried to the machine")]
    Resize { device: String },
    /// A file of several parts.
    #[rule(
        "uncarried-appended-file",
        "`{path}` is appended to more than once, or written and appended to, which cannot be carried to the machine"
    )]
    Append { path: String },
    /// Options of a mount.
    #[rule("uncarried-mount-options", "mount options of `{device}` cannot be carried to the machine")]
    MountOptions { device: String },
    /// A node on a file system that is not mounted yet.
    #[rule(
        "uncarried-path-on-filesystem",
        "`{node}` lies on the file system of `{device}`, which is not mounted when the machine writes files"
    )]
    OnFilesystem { node: String, device: String },
    /// A file system that is not made.
    #[rule(
        "uncarried-filesystem-without-format",
        "the file system of `{device}` has no format, which cannot be carried to the machine"
    )]
    NoFormat { device: String },
    /// An account that is deleted.
    #[rule("uncarried-account-deletion", "deleting the {kind} `{name}` cannot be carried to the machine")]
    Deletion { kind: &'static str, name: String },
}

/// What is wrong with the language of a machine config.
#[derive(Debug, Rule)]
pub(crate) enum Language {
    /// A version that may change its meaning.
    #[rule("experimental-config", "{language} {version} is experimental")]
    Experimental { language: String, version: String },
}

impl Route {
    /// What to do instead.
    pub(crate) const fn way_out(&self) -> &'static str {
        match self {
            Self::KernelArguments => {
                "set them in the image, or append them to `/usr/share/oem/grub.cfg` in a command before kubeadm"
            }
            Self::Proxy => "mirror what the machine fetches to an address it can reach",
            Self::CompressedConfig => "give the referenced config without compression",
            Self::Headers { .. } => "use a URL that needs none, such as one with a signature in it",
            Self::Sha256 { .. } => "give its SHA-512: `sha512-<128 hexadecimal digits>`",
            Self::Luks { .. } => {
                "encrypt the disk in Azure (`managedDisk.diskEncryptionSet`) or at the host (`securityProfile.encryptionAtHost`)"
            }
            Self::Resize { .. } => "set `wipe_partition_entry` instead, or resize it in a unit",
            Self::Append { .. } => "write the whole content, or append one text",
            Self::MountOptions { .. } => "they only matter while Ignition writes files; set them in the mount unit",
            Self::OnFilesystem { .. } => "write it in a unit that runs after the mount",
            Self::NoFormat { .. } => "set `format`",
            Self::Deletion { .. } => "delete it in a command before kubeadm",
        }
    }
}
