//! What cannot be upgraded.

use flatwright_diagnostic::Rule;

/// Why a version stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "version-upgrade")]
pub enum Upgrade {
    /// An older version.
    #[rule("upgrade-goes-back", "{subject} would go back from {old} to {new}")]
    GoesBack {
        /// What has the version.
        subject: &'static str,
        /// The version that the spec has.
        old: String,
        /// The version that was asked for.
        new: String,
    },
    /// Too many minors at once.
    #[rule("upgrade-skips-minors", "{subject} goes up {most} at a time, and {new} is {minors} after {old}")]
    SkipsMinors {
        /// What has the version.
        subject: &'static str,
        /// How far it may go, in words.
        most: String,
        /// The version that the spec has.
        old: String,
        /// The version that was asked for.
        new: String,
        /// How many minors lie between.
        minors: u64,
    },
    /// A minor of which no patch is known.
    #[rule("upgrade-unknown-minor", "no patch of {subject} {minor} is known")]
    UnknownMinor {
        /// What has the version.
        subject: &'static str,
        /// The minor.
        minor: String,
    },
    /// A value that stands where only a person can change it.
    #[rule("upgrade-by-hand", "the version of {subject} is changed by hand: {reason}")]
    ByHand {
        /// What has the version.
        subject: &'static str,
        /// Where it stands.
        reason: String,
    },
    /// An image that has Kubernetes in it.
    #[rule(
        "in-place-of-baked-image",
        "Kubernetes {version} is part of the machines' image and cannot be exchanged in place"
    )]
    Baked {
        /// The version that the machines have.
        version: String,
    },
}
