//! What is wrong with what a machine boots with.

use flatwright_bootstrap::budget::Limited;
use flatwright_diagnostic::Rule;

/// How much room a machine config takes.
#[derive(Debug, Rule)]
pub(crate) enum Size {
    /// A text that is larger than what carries it, or nearly so. Both stages of a group have one limit, whatever each needs of it.
    #[rule("config-size", "{of} of `{group}` has {amount}, {percent} % of the limit of {limit}")]
    Limit {
        of: Limited,
        group: String,
        #[rule(skip)]
        amount: String,
        #[rule(skip)]
        percent: usize,
        #[rule(skip)]
        limit: usize,
    },
}

/// Whether the machine reads its config.
#[derive(Debug, Rule)]
pub(crate) enum Version {
    /// A config that is newer than the release.
    #[rule(
        "ignition-version",
        "the machine config of `{group}` needs Ignition {version}, which Flatcar {release} does not read"
    )]
    Unread { group: String, version: String, release: String },
    /// Nodes on which the kubelet does not start.
    #[rule(
        "cgroup-v1-with-kubernetes",
        "nodes of `{group}` have version 1 of control groups, on which the kubelet of Kubernetes {version} does not start"
    )]
    Cgroup { group: String, version: String },
}
