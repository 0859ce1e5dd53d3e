//! Paths of a node that do not do what their author expects.

use flatwright_diagnostic::Rule;

/// What is wrong with a path, or with a file at a path that says what it is.
#[derive(Debug, Rule)]
#[rule(group = "node-path")]
pub enum NodePath {
    /// A file that nothing reads any more.
    #[rule("unread-node-path", "nothing reads `{path}` on Flatcar")]
    Unread {
        /// The path.
        path: String,
    },
    /// A switch to control groups of the old kind.
    #[rule("cgroup-v1", "the file puts the node on version 1 of control groups")]
    CgroupV1,
    /// An image below `/etc/extensions` under another name than its own.
    #[rule("extension-file-name", "`{path}` is not named like the extension `{extension}` in it")]
    ExtensionName {
        /// The path.
        path: String,
        /// The name in the image.
        extension: String,
    },
    /// An image that the bakery does not build.
    #[rule("unknown-bakery-extension", "the bakery is not known to build an extension `{extension}`")]
    UnknownExtension {
        /// The name of the image.
        extension: String,
    },
    /// A unit that is enabled by a link.
    #[rule("unit-enabled-by-link", "`{path}` enables a unit by a link")]
    EnabledByLink {
        /// The path.
        path: String,
    },
    /// A file of networkd or udevd that matches nothing in particular.
    #[rule("network-file-without-match", "the file has no `[Match]` section")]
    NoMatch,
    /// A text that is not what its file name says.
    #[rule("malformed-node-file", "the content of `{path}` is not {format}: {problem}")]
    Malformed {
        /// The path.
        path: String,
        /// JSON or YAML.
        format: &'static str,
        /// In the reader's words.
        problem: String,
    },
}
