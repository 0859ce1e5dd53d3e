//! Values that are not what their key needs: by form, by range, by the words that there are.

use flatwright_diagnostic::Rule;

/// A text without the form that its key needs.
#[derive(Debug, Rule)]
#[rule(group = "invalid-value")]
pub enum InvalidValue {
    /// The form of a single text: a name, an address, a version.
    #[rule("malformed-value", "`{value}` is not {expected}")]
    Malformed {
        /// The text, shortened.
        value: String,
        /// What is expected, with its article.
        expected: &'static str,
    },
    /// A label that is too long for its file system.
    #[rule("filesystem-label-too-long", "`{label}` is longer than the {longest} characters of a label of {format}")]
    FilesystemLabel {
        /// The label.
        label: String,
        /// How many characters there may be.
        longest: usize,
        /// The file system.
        format: &'static str,
    },
    /// A mount by a label that no file system has.
    #[rule("mount-without-filesystem", "no file system of this group has the label `{label}`")]
    MountLabel {
        /// The label.
        label: String,
    },
    /// A version that cannot be part of a file name.
    #[rule("extension-version", "`{version}` is not a version in a file name")]
    ExtensionVersion {
        /// The version.
        version: String,
    },
    /// The decimal form of a mode, which is read as octal.
    #[rule("decimal-file-mode", "`420` is read as octal: the owner may read, the group may only write")]
    DecimalMode,
    /// A node name that all machines of a group would have.
    #[rule("shared-node-name", "`{name}` would be the name of every machine of the group")]
    SharedNodeName {
        /// The name.
        name: String,
    },
    /// A node name that the API server refuses.
    #[rule("malformed-node-name", "`{name}` is not the name of a node")]
    NodeName {
        /// The name, with the placeholder.
        name: String,
    },
    /// Nothing puts the VM's name in the place of the placeholder.
    #[rule("unfilled-node-name", "no command puts the name of the VM in the place of `@@HOSTNAME@@`")]
    UnfilledNodeName,
    /// A choice of nothing, where an absent key means all.
    #[rule("empty-choice", "the list chooses nothing")]
    EmptyChoice,
    /// The root directory in the place of a file.
    #[rule("root-as-file", "`/` is a directory, not a file")]
    RootAsFile,
    /// A VM size that CAPZ finds too small.
    #[rule("single-processor-size", "VM size `{size}` has one processor: CAPZ wants two at least")]
    SingleProcessor {
        /// The size.
        size: String,
    },
    /// The path of a JSON Patch.
    #[rule("json-pointer", "`{pointer}` is not a JSON Pointer")]
    JsonPointer {
        /// The path.
        pointer: String,
    },
    /// The name of a tag that Azure refuses.
    #[rule("tag-name", "`{name}` is not the name of an Azure tag")]
    TagName {
        /// The name, shortened.
        name: String,
    },
    /// The value of a tag that Azure refuses.
    #[rule("tag-value-too-long", "the value of tag `{name}` has {length} characters; an Azure tag may have 256")]
    TagValue {
        /// The name of the tag, shortened.
        name: String,
        /// How many characters the value has.
        length: usize,
    },
}

/// A number outside its bounds.
#[derive(Debug, Rule)]
#[rule(group = "out-of-range")]
pub enum OutOfRange {
    /// The bounds of the key.
    #[rule("number-out-of-range", "`{number}` is outside {least} to {most}")]
    Number {
        /// The number, as written.
        number: String,
        /// The least.
        least: i64,
        /// The greatest.
        most: i64,
    },
    /// A number in a free-form value that JSON would round or refuse.
    #[rule("inexact-number", "`{number}` is not a number that JSON can carry unchanged")]
    Inexact {
        /// The number, as written.
        number: String,
    },
    /// A time-out that the API server refuses.
    #[rule(
        "startup-timeout-too-short",
        "`{seconds}` seconds are too few: the API server wants 0 (never) or at least 30"
    )]
    StartupTimeout {
        /// The seconds.
        seconds: i64,
    },
    /// The autoscaler's bounds, the wrong way round.
    #[rule("autoscaling-bounds", "the greatest number `{greatest}` is below the least, `{least}`")]
    AutoscalingBounds {
        /// The greatest number.
        greatest: i64,
        /// The least.
        least: i64,
    },
    /// More address blocks than anybody could mean.
    #[rule("too-many-blocks", "{network} has more than {most} blocks")]
    Blocks {
        /// Which network.
        network: &'static str,
        /// The bound.
        most: usize,
    },
}

/// A value that is not one of those that there are.
#[derive(Debug, Rule)]
#[rule(group = "unknown-value")]
pub enum UnknownValue {
    /// A word that the key does not have.
    #[rule("unknown-word", "`{value}` is not {expected}")]
    Word {
        /// What is written, shortened.
        value: String,
        /// The words that there are.
        expected: &'static str,
    },
    /// A pool that the spec does not have.
    #[rule("unknown-pool", "there is no pool `{pool}`")]
    Pool {
        /// Its name.
        pool: String,
    },
}
