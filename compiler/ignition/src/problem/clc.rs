//! The Container Linux Config transpiler's own rules.

use flatwright_diagnostic::Rule;
use flatwright_go::quote::quote;

/// What the transpiler says of a config.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "clc-config")]
pub enum ContainerLinux {
    /// A version other than 0.
    #[rule("unknown-clc-version", "Invalid version. Only version 0 is supported")]
    Version,
    /// Nothing.
    #[rule("empty-clc", "Configuration is empty")]
    Empty,
    /// A file or directory without a mode.
    #[rule("missing-clc-mode", "mode unspecified for {node}, defaulting to {mode}")]
    NoMode {
        /// `file` or `directory`.
        node: &'static str,
        /// The mode that it gets.
        mode: &'static str,
    },
    /// Several contents of one file.
    #[rule("several-clc-contents", "only one of the following can be set: local, inline, remote.url")]
    SeveralContents,
    /// A URL that Go cannot read, in its words.
    #[rule("unparsable-clc-url", "{words}")]
    Url {
        /// Its words.
        words: String,
    },
    /// A size or start that is not one.
    #[rule("unreadable-partition-size", "units: invalid {text}")]
    Size {
        /// What is written.
        text: String,
    },
    /// A size in a unit that does not exist.
    #[rule("unknown-size-unit", "units: unknown unit {unit} in {text}")]
    SizeUnit {
        /// The unit.
        unit: String,
        /// What is written.
        text: String,
    },
    /// A size below zero.
    #[rule("negative-partition-size", "invalid dimension (negative): {}", quote(text))]
    NegativeSize {
        /// What is written.
        text: String,
    },
    /// A size of less than whole MiB.
    #[rule("fractional-partition-size", "invalid dimension (finest granularity is 1MiB)")]
    FractionalSize,
}

/// What the transpiler says of updates and reboots.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "clc-config")]
pub enum Locksmith {
    /// A group that update servers do not have.
    #[rule("unknown-update-group", "unknown update group")]
    Group,
    /// A strategy that locksmith does not have.
    #[rule("unknown-reboot-strategy", "unknown reboot strategy")]
    Strategy,
    /// Only one end of the window.
    #[rule("incomplete-reboot-window", "window-start and window-length must both be specified")]
    Window,
    /// A day that does not exist.
    #[rule("unknown-reboot-day", "unknown day in window start")]
    Day,
    /// A start that is not a time.
    #[rule("unreadable-reboot-start", "couldn't parse window start")]
    Start,
    /// A length that is not a duration.
    #[rule("unreadable-reboot-length", "couldn't parse window length")]
    Length,
}

/// What the transpiler says of etcd, flannel, and variables of platforms.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
#[rule(group = "clc-config")]
pub enum Service {
    /// A platform that the transpiler does not have.
    #[rule("unsupported-clc-platform", "unsupported platform")]
    Platform,
    /// A variable without a platform.
    #[rule("clc-variable-without-platform", "platform must be specified to use templating")]
    NoPlatform,
    /// A variable that the platform does not have.
    #[rule("unknown-clc-variable", "unknown field")]
    Variable,
    /// etcd before 2.3.
    #[rule("old-etcd-version", "Etcd version specified is not valid (too old)")]
    OldEtcd,
    /// etcd after 3.
    #[rule("new-etcd-version", "Etcd version is not valid (too new)")]
    NewEtcd,
    /// A minor version of etcd whose options are not known.
    #[rule(
        "new-etcd-minor-version",
        "Etcd minor version specified is too new, only options available in the previous minor version will be accepted"
    )]
    NewEtcdMinor,
    /// flannel before 0.5.
    #[rule("old-flannel-version", "invalid flannel version (too old)")]
    OldFlannel,
    /// A minor version of flannel whose options are not known.
    #[rule(
        "new-flannel-minor-version",
        "flannel minor version too new. Only options available in the previous minor version will be supported"
    )]
    NewFlannelMinor,
    /// A network config that flannel does not read.
    #[rule("unused-flannel-network", "flannel network config cannot be provided if kube_subnet_mgr is set")]
    UnusedNetwork,
    /// A network config that is not JSON.
    #[rule("invalid-flannel-network", "flannel network config doesn't appear to be valid JSON")]
    Network,
}
