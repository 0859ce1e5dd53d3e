//! Versions that do not exist, do not go together, or are out of support.

use flatwright_diagnostic::Rule;
use flatwright_flatcar::release::{Channel, Release};
use flatwright_kubernetes::version::Release as Version;

/// Versions of Kubernetes and of the providers that do not go together.
#[derive(Debug, Rule)]
#[rule(group = "version-pair")]
pub enum VersionPair {
    /// A version of Kubernetes that breaks older releases of Cluster API.
    #[rule(
        "kubernetes-needs-cluster-api",
        "Kubernetes {kubernetes} needs Cluster API {least} or newer, and there is {capi}"
    )]
    ClusterApi {
        /// The version of Kubernetes.
        kubernetes: String,
        /// The oldest release that will do.
        least: Version,
        /// The release that there is.
        capi: String,
    },
    /// A minor of Kubernetes outside of those that a release supports.
    #[rule(
        "kubernetes-outside-of-cluster-api",
        "Cluster API {capi} supports Kubernetes {first} to {last}, not {kubernetes}"
    )]
    Range {
        /// The version of Kubernetes.
        kubernetes: String,
        /// The release that there is.
        capi: String,
        /// The first minor.
        first: String,
        /// The last one.
        last: String,
    },
    /// A contract of the add-on provider that is not served.
    #[rule(
        "contract-of-helm-provider",
        "the add-on provider for Helm {caaph} speaks contract {contract}, which Cluster API {capi} does not serve"
    )]
    Helm {
        /// The release of the add-on provider.
        caaph: String,
        /// Its contract.
        contract: &'static str,
        /// The release of Cluster API.
        capi: String,
    },
}

/// Releases of providers that are unknown or out of support.
#[derive(Debug, Rule)]
#[rule(group = "provider-release")]
pub enum ProviderSupport {
    /// A release that is in no table.
    #[rule("unknown-provider-release", "no release {version} of {provider} is known")]
    Unknown {
        /// The provider.
        provider: &'static str,
        /// The version.
        version: String,
    },
    /// A release whose support has ended.
    #[rule("provider-out-of-support", "{provider} {version} is out of support since {end}")]
    Ended {
        /// The provider.
        provider: &'static str,
        /// The version.
        version: String,
        /// The day.
        end: &'static str,
    },
    /// A release that is older than all that are listed.
    #[rule("provider-long-out-of-support", "{provider} {version} is older than every release that is listed")]
    Old {
        /// The provider.
        provider: &'static str,
        /// The version.
        version: String,
    },
}

/// Releases of Flatcar that do not exist, or do not fit the spec.
#[derive(Debug, Rule)]
#[rule(group = "flatcar-release")]
pub enum FlatcarRelease {
    /// A release that there is not.
    #[rule("unknown-flatcar-release", "no Flatcar release `{release}` is known")]
    Unknown {
        /// The release.
        release: Release,
    },
    /// A release of another channel.
    #[rule("flatcar-channel", "Flatcar `{release}` is a release of channel `{released_on}`, not of `{channel}`")]
    Channel {
        /// The release.
        release: Release,
        /// Where it was released.
        released_on: Channel,
        /// The channel of the spec.
        channel: Channel,
    },
    /// A release without what the flavor needs.
    #[rule("flatcar-too-old", "Flatcar `{release}` has systemd {systemd}; `{needed}` came with {since}")]
    TooOld {
        /// The release.
        release: Release,
        /// Its systemd.
        systemd: u32,
        /// The program that is missing.
        needed: &'static str,
        /// The first systemd that has it.
        since: u32,
    },
    /// A release without images for the processors of a group.
    #[rule("flatcar-architecture", "Flatcar `{release}` has no `arm64` images")]
    Architecture {
        /// The release.
        release: Release,
    },
    /// A release whose containerd is too old for the kubelet.
    #[rule(
        "flatcar-containerd",
        "Flatcar `{release}` has containerd {containerd}, and Kubernetes {kubernetes} wants containerd 2"
    )]
    Containerd {
        /// The release.
        release: Release,
        /// Its containerd.
        containerd: String,
        /// The minor of Kubernetes.
        kubernetes: String,
    },
}

/// What updates of Kubernetes on the machines leave as it is.
#[derive(Debug, Rule)]
pub enum PatchUpdates {
    /// The pods that kubeadm wrote.
    #[rule("static-pods-not-updated", "patch updates leave the static pods of the control plane at `{version}`")]
    StaticPods {
        /// The version of the spec.
        version: String,
    },
}
