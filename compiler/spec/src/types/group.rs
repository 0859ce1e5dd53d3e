//! Node groups: the control plane and worker pools.

use flatwright_diagnostic::{Origin, Traced};

use super::*;
use crate::decode::{AnyText, Keywords, Named, Record};

/// The control plane.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct ControlPlane {
    /// Where the mapping stands.
    pub origin: Origin,
    /// How many machines; odd, because etcd is stacked.
    pub replicas: Traced<Count>,
    /// The VM size.
    pub vm_size: Traced<VmSize>,
    /// etcd on a disk of its own. Recommended.
    pub etcd_disk: Option<EtcdDisk>,
    /// Updates of Kubernetes on these machines, over those of `spec.sysupdate`.
    pub sysupdate: Option<GroupSysupdate>,
    /// Remediation of unhealthy machines.
    pub health_check: Option<HealthCheck>,
    /// Deletion of machines.
    pub deletion: Option<Deletion>,
    /// The keys that this mapping shares with others.
    #[shared]
    pub profile: MachineProfile,
}

/// A pool of workers (MachineDeployment).
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Pool {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its name, unique; the objects are named `<cluster>-<pool>`.
    pub name: Traced<Label>,
    /// How many machines. Default: 1, or the autoscaler's least.
    pub replicas: Maybe<Count>,
    /// The VM size.
    pub vm_size: Traced<VmSize>,
    /// The availability zone of its machines, such as `"1"`. Default: Azure chooses.
    pub failure_domain: Maybe<Zone>,
    /// How changes roll out.
    pub rollout: Option<Rollout>,
    /// Bounds for the cluster autoscaler; `replicas` must be absent then.
    pub autoscaling: Option<Autoscaling>,
    /// Updates of Kubernetes on these machines, over those of `spec.sysupdate`.
    pub sysupdate: Option<GroupSysupdate>,
    /// Remediation of unhealthy machines.
    pub health_check: Option<HealthCheck>,
    /// Deletion of machines.
    pub deletion: Option<Deletion>,
    /// Labels of the MachineDeployment.
    pub labels: Named<Traced<LabelValue>>,
    /// Annotations of the MachineDeployment.
    pub annotations: Named<Traced<AnyText>>,
    /// The keys that this mapping shares with others.
    #[shared]
    pub profile: MachineProfile,
}

/// How changes roll out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum RolloutType {
    /// One after the other, by the controller.
    RollingUpdate,
    /// When machines are deleted by someone.
    OnDelete,
}

/// How changes roll out.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Rollout {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The strategy. Default: `RollingUpdate`.
    #[key("type")]
    pub rollout_type: Maybe<RolloutType>,
    /// How many machines more than `replicas` there may be. Default: 1.
    pub max_surge: Maybe<IntOrPercent>,
    /// How many machines less than `replicas` there may be. Default: 0.
    pub max_unavailable: Maybe<IntOrPercent>,
}

/// Bounds for the cluster autoscaler.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Autoscaling {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The least number of machines.
    pub min_replicas: Traced<Count>,
    /// The greatest number of machines.
    pub max_replicas: Traced<Count>,
}

/// Deletion of machines.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Deletion {
    /// Where the mapping stands.
    pub origin: Origin,
    /// How long a node may take to drain, in seconds. Default: no limit.
    pub node_drain_timeout_seconds: Maybe<Seconds>,
    /// How long volumes may take to detach, in seconds. Default: no limit.
    pub node_volume_detach_timeout_seconds: Maybe<Seconds>,
    /// How long the node object may take to disappear, in seconds. Default: 10.
    pub node_deletion_timeout_seconds: Maybe<Seconds>,
}

/// Remediation of unhealthy machines (MachineHealthCheck).
#[derive(Clone, Debug, PartialEq, Record)]
pub struct HealthCheck {
    /// Where the mapping stands.
    pub origin: Origin,
    /// How long a machine may take to become a node, in seconds: 0 for never, else at least 30. Default: 600.
    pub node_startup_timeout_seconds: Maybe<Seconds>,
    /// No remediation while more than this many machines are unhealthy.
    pub max_unhealthy: Maybe<IntOrPercent>,
    /// Node conditions that make a machine unhealthy. Default: `Ready` not `True` for 300 seconds.
    pub unhealthy_node_conditions: Vec<UnhealthyCondition>,
}

/// A node condition that makes a machine unhealthy.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct UnhealthyCondition {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The condition, such as `Ready`.
    #[key("type")]
    pub condition_type: Traced<String>,
    /// Its status.
    pub status: Traced<ConditionStatus>,
    /// For how long, in seconds.
    pub timeout_seconds: Traced<Seconds>,
}

/// The status of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum ConditionStatus {
    /// It holds. Quote it in YAML.
    True,
    /// It does not hold. Quote it in YAML.
    False,
    /// Nobody knows.
    Unknown,
}
