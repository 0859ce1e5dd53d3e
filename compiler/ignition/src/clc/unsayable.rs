//! What of an Ignition config a Container Linux Config cannot say.

use flatwright_diagnostic::Rule;

use crate::problem::Problems;

/// Why a construct cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "bootstrap-route")]
pub enum Unsayable {
    /// A config of another version.
    #[rule("unsayable-version", "version `{version}` is not 2.3.0, which CLC becomes")]
    Version {
        /// The version.
        version: String,
    },
    /// A hash that has only one of its parts.
    #[rule("unsayable-hash", "hash `{hash}` has no function and sum")]
    Hash {
        /// The hash.
        hash: String,
    },
    /// A setting of a partition without a key.
    #[rule("unsayable-partition-setting", "{what} of a partition cannot be said in a Container Linux Config")]
    Partition {
        /// The setting.
        what: &'static str,
    },
    /// A mode that is left to Ignition.
    #[rule(
        "unsayable-missing-mode",
        "a missing mode cannot be said in a Container Linux Config: it would become the default"
    )]
    NoMode,
    /// A node on no file system.
    #[rule("unsayable-missing-filesystem", "a missing filesystem would become `root`")]
    NoFilesystem,
    /// A URL that the transpiler writes in another way.
    #[rule("rewritten-url", "`{source}` would be rewritten to `{url}`")]
    RewrittenUrl {
        /// The URL.
        source: String,
        /// What it becomes.
        url: String,
    },
    /// A URL that Go cannot read, in its words.
    #[rule("unsayable-url", "{words}")]
    Url {
        /// Its words.
        words: String,
    },
    /// A number below zero.
    #[rule("unsayable-negative-number", "`{number}` is negative, which cannot be said in a Container Linux Config")]
    Negative {
        /// The number.
        number: i64,
    },
    /// A text that the transpiler refuses, with its report.
    #[rule("refused-clc", "ct refuses the config: {report}")]
    Refused {
        /// The report.
        #[rule(skip)]
        report: String,
        /// What is in the report.
        problems: Problems,
    },
    /// A text that becomes something else.
    #[rule("lossy-clc", "the config does not survive being written as a Container Linux Config")]
    Lost,
}
