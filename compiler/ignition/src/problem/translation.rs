//! Rules of the step from Ignition 2.x to 3.1 in the initramfs.

use std::fmt;

use flatwright_diagnostic::Rule;

/// What that step refuses by rules of its own.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-translation")]
pub enum Translation {
    /// A file system without `mount`, on which the original crashes.
    #[rule(
        "filesystem-without-mount",
        "panic: runtime error: invalid memory address or nil pointer dereference (a file system that has `path` instead of `mount`)"
    )]
    Unmounted {
        /// The file system's index.
        filesystem: usize,
    },
    /// `mount.create` without `force`.
    #[rule(
        "unforced-filesystem-creation",
        "Config must force filesystem creation in case `mount.create` object is defined."
    )]
    UnforcedCreate {
        /// The file system's index.
        filesystem: usize,
    },
    /// Two files, directories or links of one path.
    #[rule(
        "conflicting-inodes",
        "Config has conflicting inodes: \"{first}\" and \"{second}\".  All files, directories and links must specify a unique `path`."
    )]
    ConflictingInodes {
        /// The first.
        first: Inode,
        /// The second.
        second: Inode,
    },
    /// A path that begins with a link of the same config.
    #[rule(
        "inode-below-own-link",
        "{inode} uses link defined in config \"{link}\". Please use a link not defined in Storage:Links"
    )]
    UsesOwnLink {
        /// The entry.
        inode: Inode,
        /// The link's path.
        link: String,
    },
    /// Two drop-ins of one name in one entry of a unit.
    #[rule(
        "duplicate-drop-in",
        "Config has duplicate dropin name \"{drop_in}\" in unit \"{unit}\".  All dropins must specify a unique `name`."
    )]
    DuplicateDropIn {
        /// The unit.
        unit: String,
        /// The drop-in.
        drop_in: String,
    },
}

/// An entry with a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inode {
    /// `File`, `Directory` or `Link`.
    pub kind: &'static str,
    /// The path in 3.x.
    pub path: String,
}

impl fmt::Display for Inode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.path)
    }
}
