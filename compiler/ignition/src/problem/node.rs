//! Rules of files, directories and links.

use flatwright_diagnostic::Rule;
use flatwright_go::quote::quote;

/// What Ignition says of files, directories and links.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "ignition-config")]
pub enum Node {
    /// A path that is empty.
    #[rule("empty-node-path", "path not specified")]
    Empty,
    /// A path that does not begin with a slash.
    #[rule("relative-node-path", "path not absolute")]
    Relative,
    /// A path with `..`, `//` or a slash at its end.
    #[rule("unclean-node-path", "path is not fully simplified")]
    Unclean,
    /// A mode outside of 0 to 07777.
    #[rule("illegal-node-mode", "illegal file mode")]
    IllegalMode,
    /// Bits for setuid, setgid or sticky in a version that drops them.
    #[rule(
        "special-mode-bits",
        "setuid/setgid/sticky bits are not supported or functional in spec versions older than 3.6.0"
    )]
    SpecialBits,
    /// No mode where that means 0000.
    #[rule("missing-node-mode", "permissions unset, defaulting to 0000")]
    MissingMode,
    /// An owner with number and name.
    #[rule("owner-id-and-name", "cannot set both id and name")]
    OwnerTwice,
    /// `overwrite` without contents.
    #[rule("overwrite-without-source", "overwrite must be false if source is unspecified")]
    OverwriteWithoutSource,
    /// `overwrite` and `append` together.
    #[rule("overwrite-and-append", "cannot set both append and overwrite to true")]
    OverwriteAndAppend,
    /// No file system (2.x).
    #[rule("node-without-filesystem", "no filesystem specified")]
    NoFilesystem,
    /// A file system that the config does not define (2.x).
    #[rule(
        "unknown-node-filesystem",
        "{kind} {} references nonexistent filesystem {}. (This is ok if it is defined in a referenced config)",
        quote(path),
        quote(filesystem)
    )]
    UnknownFilesystem {
        /// `File`, `Link` or `Directory`.
        kind: &'static str,
        /// Its path.
        path: String,
        /// The file system that it names.
        filesystem: String,
    },
    /// A path below a link of the same config.
    #[rule("node-below-own-link", "{kind} path includes link in config")]
    BelowLink {
        /// `file`, `link` or `directory`.
        kind: &'static str,
    },
    /// A link without a target.
    #[rule("missing-link-target", "link target is required")]
    NoTarget,
    /// A hard link to a directory.
    #[rule("hard-link-to-directory", "hard link target is a directory")]
    HardLinkToDirectory,
    /// A hard link with an owner.
    #[rule("owner-of-hard-link", "user/group ignored for hard link")]
    OwnerOfHardLink,
    /// A file where a unit of the config goes.
    #[rule("node-at-unit-path", "path conflicts with systemd unit or dropin")]
    AtUnitPath,
    /// Two entries of one list with the same key.
    #[rule("duplicate-config-entry", "duplicate entry defined")]
    Duplicate,
}
