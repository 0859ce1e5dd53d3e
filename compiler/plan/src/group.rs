//! Node groups: a role, machines of one kind, and what runs on them.

use flatwright_diagnostic::{Origin, Traced};

use crate::{GroupKubeadm, Image, MachineConfig, Maybe, UserConfig};

/// The role of a node group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Control plane.
    ControlPlane,
    /// Workers.
    Worker,
}

/// One node group.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeGroup {
    /// `control-plane`, or the pool's name.
    pub name: Traced<String>,
    /// Its role.
    pub role: Role,
    /// Where it stands in the spec.
    pub origin: Origin,
    /// How many machines; absent if the autoscaler decides.
    pub replicas: Maybe<i64>,
    /// Bounds for the autoscaler.
    pub autoscaling: Option<Autoscaling>,
    /// `amd64` or `arm64`, as Go and Flatcar name it.
    pub architecture: Traced<&'static str>,
    /// The machines.
    pub vm: Vm,
    /// Their image.
    pub image: Image,
    /// What kubeadm does on them.
    pub kubeadm: GroupKubeadm,
    /// The flavor's own parts of the machine config.
    pub machine_config: MachineConfig,
    /// The user's own machine configs, the shared ones first.
    pub user_configs: Vec<UserConfig>,
    /// The availability zone.
    pub failure_domain: Maybe<String>,
    /// How changes roll out.
    pub rollout: Option<Rollout>,
    /// Remediation.
    pub health_check: Option<HealthCheck>,
    /// Deletion of machines.
    pub deletion: Option<Deletion>,
    /// Labels of the MachineDeployment.
    pub labels: Vec<(String, Traced<String>)>,
    /// Annotations of the MachineDeployment.
    pub annotations: Vec<(String, Traced<String>)>,
}

/// The virtual machines of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Vm {
    /// The VM size.
    pub size: Traced<String>,
    /// The OS disk.
    pub os_disk: OsDisk,
    /// Data disks, the etcd disk among them.
    pub data_disks: Vec<DataDisk>,
    /// `None`, `SystemAssigned` or `UserAssigned`.
    pub identity: Maybe<String>,
    /// User-assigned identities by provider id.
    pub user_assigned_identities: Vec<Traced<String>>,
    /// The subnet.
    pub subnet: Maybe<String>,
    /// Accelerated networking.
    pub accelerated_networking: Maybe<bool>,
    /// Spot machines.
    pub spot: Option<SpotVm>,
    /// Encryption at the host.
    pub encryption_at_host: Maybe<bool>,
    /// Tags.
    pub additional_tags: Vec<(String, Traced<String>)>,
}

/// Spot machines.
#[derive(Clone, Debug, PartialEq)]
pub struct SpotVm {
    /// The highest price of an hour.
    pub max_price: Maybe<String>,
    /// `Deallocate` or `Delete`.
    pub eviction_policy: Maybe<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// The OS disk.
#[derive(Clone, Debug, PartialEq)]
pub struct OsDisk {
    /// Its size in GiB.
    pub size_gb: Traced<i64>,
    /// Host caching.
    pub caching_type: Maybe<String>,
    /// The managed disk.
    pub managed_disk: Option<ManagedDisk>,
    /// An ephemeral disk.
    pub diff_disk: Option<DiffDisk>,
}

/// An ephemeral OS disk.
#[derive(Clone, Debug, PartialEq)]
pub struct DiffDisk {
    /// Always `Local`.
    pub option: Traced<String>,
    /// Where on the host.
    pub placement: Maybe<String>,
}

/// A managed disk.
#[derive(Clone, Debug, PartialEq)]
pub struct ManagedDisk {
    /// Its type.
    pub storage_account_type: Maybe<String>,
    /// The disk encryption set's id.
    pub disk_encryption_set: Maybe<String>,
}

/// A data disk.
#[derive(Clone, Debug, PartialEq)]
pub struct DataDisk {
    /// Appended to the machine's name.
    pub name_suffix: Traced<String>,
    /// Its size in GiB.
    pub size_gb: Traced<i64>,
    /// Its logical unit number.
    pub lun: Traced<i64>,
    /// Host caching.
    pub caching_type: Maybe<String>,
    /// The managed disk.
    pub managed_disk: Option<ManagedDisk>,
    /// Where it stands.
    pub origin: Origin,
}

/// Bounds for the autoscaler.
#[derive(Clone, Debug, PartialEq)]
pub struct Autoscaling {
    /// The least number of machines.
    pub min: Traced<i64>,
    /// The greatest number of machines.
    pub max: Traced<i64>,
}

/// How changes roll out.
#[derive(Clone, Debug, PartialEq)]
pub struct Rollout {
    /// `RollingUpdate` or `OnDelete`.
    pub rollout_type: Traced<String>,
    /// A number or a percentage.
    pub max_surge: Maybe<String>,
    /// A number or a percentage.
    pub max_unavailable: Maybe<String>,
}

/// Timeouts around the deletion of a machine, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Deletion {
    /// Draining the node.
    pub drain: Maybe<i64>,
    /// Detaching volumes.
    pub detach: Maybe<i64>,
    /// Deleting the node object.
    pub node: Maybe<i64>,
}

/// Remediation of unhealthy machines.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthCheck {
    /// How long a machine may take to become a node, in seconds.
    pub node_startup_timeout: Maybe<i64>,
    /// No remediation above this number or percentage.
    pub max_unhealthy: Maybe<String>,
    /// Conditions that make a machine unhealthy.
    pub conditions: Vec<UnhealthyCondition>,
    /// Where it stands.
    pub origin: Origin,
}

/// A node condition that makes a machine unhealthy.
#[derive(Clone, Debug, PartialEq)]
pub struct UnhealthyCondition {
    /// The condition.
    pub condition_type: Traced<String>,
    /// Its status.
    pub status: Traced<String>,
    /// For how many seconds.
    pub timeout: Traced<i64>,
}

/// A taint of the nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Taint {
    /// Its key.
    pub key: Traced<String>,
    /// Its value.
    pub value: Maybe<String>,
    /// Its effect.
    pub effect: Traced<String>,
}
