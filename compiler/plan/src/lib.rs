//! The plan: the one resolved, target-neutral model of a cluster.
//!
//! Owns: plain types. Every value knows its origin; nothing after lowering looks at the spec again.
//! Must not: do I/O, know YAML, an API version or a machine-config format, or decide anything.

mod addon;
mod azure;
mod config;
mod contract;
mod group;
mod image;
mod kubeadm;
mod labels;
mod machine;
mod mirror;
mod patch;
mod plugin;

use flatwright_diagnostic::Traced;

pub use addon::{Addon, ChartValues, kebab};
pub use azure::{Azure, Identity, NetworkPlan, SecretName, Subnet, Vnet};
pub use config::{ConfigFormat, UserConfig};
pub use contract::Contract;
pub use group::{
    Autoscaling, DataDisk, Deletion, DiffDisk, HealthCheck, ManagedDisk, NodeGroup, OsDisk, Role, Rollout, SpotVm,
    Taint, UnhealthyCondition, Vm,
};
pub use image::{Image, ImagePlan};
pub use kubeadm::{
    Args, ClusterKubeadm, Component, EnvironmentVariable, Etcd, Filesystem, GroupKubeadm, HostPath, ImageOverride,
    KubeadmFile, KubeadmFileContent, Mount, User,
};
pub use labels::{NodeLabel, NodeLabels};
pub use machine::{Contents, DropIn, File, Link, MachineConfig, Partition, PartitionedDisk, Unit};
pub use mirror::{below, joined};
pub use patch::{Patch, PatchChange, PatchOperation, PatchTarget};
pub use plugin::{Plugin, Waiver};

/// An optional value with its origin.
pub type Maybe<T> = Option<Traced<T>>;

/// A whole cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Which house style the output follows.
    pub profile: Profile,
    /// The cluster's name: the prefix of every generated name.
    pub name: Traced<String>,
    /// The namespace of every object.
    pub namespace: Traced<String>,
    /// Labels of the Cluster object.
    pub labels: Vec<(String, Traced<String>)>,
    /// Annotations of the Cluster object.
    pub annotations: Vec<(String, Traced<String>)>,
    /// How Kubernetes gets onto the machines.
    pub flavor: Traced<Flavor>,
    /// The Kubernetes version with its `v`.
    pub kubernetes_version: Traced<String>,
    /// Pod CIDR blocks.
    pub pods: Vec<Traced<String>>,
    /// Service CIDR blocks; empty for kubeadm's default.
    pub services: Vec<Traced<String>>,
    /// The DNS domain of services.
    pub service_domain: Maybe<String>,
    /// The API server's port.
    pub api_server_port: Maybe<i64>,
    /// The Azure side.
    pub azure: Azure,
    /// Cluster-wide kubeadm settings.
    pub kubeadm: ClusterKubeadm,
    /// Node groups, the control plane first.
    pub groups: Vec<NodeGroup>,
    /// Add-ons.
    pub addons: Vec<Addon>,
    /// Plugins, in the order in which they run.
    pub plugins: Vec<Plugin>,
    /// Errors of policies that do not count.
    pub waivers: Vec<Waiver>,
    /// Changes to emitted objects.
    pub patches: Vec<Patch>,
    /// The releases of the providers that will read the objects, by their short names, where the spec says them.
    pub releases: Vec<(&'static str, String)>,
    /// Places that are asked instead of others: what URLs begin with, and what stands there instead.
    pub mirrors: Vec<(Traced<String>, Traced<String>)>,
    /// Whether something acts on a reboot that updates ask for.
    pub has_reboot_manager: bool,
    /// Facts about the Flatcar release that plugins are told: channel and version.
    pub flatcar: (Traced<String>, Traced<String>),
}

/// Which house style the output follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Safer than upstream where upstream is known to fail.
    #[default]
    Flatwright,
    /// What CAPZ's own templates say, their known problems included.
    Capz,
}

/// How Kubernetes gets onto the machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// As a systemd-sysext image on a stock Flatcar image.
    Sysext,
    /// Baked into an image-builder image.
    ImageBuilder,
}

impl Plan {
    /// The control plane's group.
    pub fn control_plane(&self) -> &NodeGroup {
        self.groups.first().expect("invariant: lowering puts the control plane first")
    }

    /// The worker groups.
    pub fn workers(&self) -> &[NodeGroup] {
        self.groups.get(1..).unwrap_or_default()
    }

    /// `<cluster>-<group>`: the base of the names of a group's objects.
    pub fn group_name(&self, group: &NodeGroup) -> String {
        format!("{}-{}", self.name.value, group.name.value)
    }
}
