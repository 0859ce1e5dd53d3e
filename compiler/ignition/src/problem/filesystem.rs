//! Rules of file systems.

use std::fmt;

use flatwright_diagnostic::Rule;
use flatwright_go::quote::quote;

/// What Ignition says of file systems.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-config")]
pub enum Filesystem {
    /// A format that Ignition cannot make.
    #[rule("unknown-filesystem-format", "invalid filesystem format")]
    UnknownFormat,
    /// No format beside something that needs one.
    #[rule(
        "missing-filesystem-format",
        "format cannot be empty when path, label, uuid, wipeFilesystem, options, or mountOptions is specified"
    )]
    NoFormat,
    /// A label that is too long for the format.
    #[rule("long-filesystem-label", "filesystem labels cannot be longer than {limit} characters when using {format}")]
    LongLabel {
        /// The longest label.
        limit: usize,
        /// The format.
        format: &'static str,
    },
    /// A label without a format.
    #[rule("filesystem-label-without-format", "filesystem must specify format if label is specified")]
    LabelWithoutFormat,
    /// What virtiofs does not have.
    #[rule("invalid-virtiofs", "{_0}")]
    Virtiofs(#[rule(debug)] Virtiofs),
    /// A file system on a disk that has partitions.
    #[rule("filesystem-over-partitions", "filesystem overwrites partitioned device")]
    OverPartitions,
    /// A file system on a disk that is wiped.
    #[rule("filesystem-of-wiped-disk", "device matches disk with wipeTable enabled; filesystem will be wiped")]
    OfWipedDisk,
    /// Neither `mount` nor `path` (2.x).
    #[rule("filesystem-without-device", "filesystem is missing mount or path")]
    NoPlace,
    /// `mount` and `path` (2.x).
    #[rule("filesystem-mount-and-path", "filesystem has both mount and path defined")]
    TwoPlaces,
    /// A relative `path` (2.x).
    #[rule("relative-filesystem-path", "filesystem {}: path not absolute", quote(name))]
    RelativePath {
        /// The file system's name.
        name: String,
    },
    /// A second definition of a name (2.x).
    #[rule("shadowed-filesystem", "Filesystem {} shadows exising filesystem definition", quote(name))]
    Shadowed {
        /// The name.
        name: String,
    },
    /// A `create` object (2.x).
    #[rule("deprecated-mount-create", "the create object has been deprecated in favor of mount-level options")]
    CreateObject,
    /// A `create` object beside what replaces it (2.x).
    #[rule("mount-create-and-option", "cannot use both create object and {option} field")]
    CreateObjectAndOption {
        /// The option, in the original's words.
        option: &'static str,
    },
}

/// What does not fit a virtiofs mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Virtiofs {
    /// No tag.
    NoTag,
    /// A tag of more than 36 bytes.
    LongTag,
    /// A label.
    Label,
    /// An option that it does not have.
    Option(&'static str),
}

impl fmt::Display for Virtiofs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTag => f.write_str("device not specified"),
            Self::LongTag => f.write_str("virtiofs device tag must be 36 bytes or less"),
            Self::Label => f.write_str("virtiofs cannot have a label"),
            Self::Option(option) => write!(f, "{option} not supported for specified format"),
        }
    }
}
