//! Node groups: the control plane and worker pools.

use flatwright_diagnostic::Traced;

use super::*;
use crate::decode::{AnyText, Named, keywords, record};

record! {
    /// The control plane.
    pub struct ControlPlane {
        /// How many machines; odd, because etcd is stacked.
        "replicas" replicas: Traced<Count>,
        /// The VM size.
        "vmSize" vm_size: Traced<VmSize>,
        /// etcd on a disk of its own. Recommended.
        "etcdDisk" etcd_disk: Option<EtcdDisk>,
        /// Remediation of unhealthy machines.
        "healthCheck" health_check: Option<HealthCheck>,
        /// Deletion of machines.
        "deletion" deletion: Option<Deletion>
        ; ..profile: MachineProfile
    }
}

record! {
    /// A pool of workers (MachineDeployment).
    pub struct Pool {
        /// Its name, unique; the objects are named `<cluster>-<pool>`.
        "name" name: Traced<Label>,
        /// How many machines. Default: 1, or the autoscaler's least.
        "replicas" replicas: Maybe<Count>,
        /// The VM size.
        "vmSize" vm_size: Traced<VmSize>,
        /// The availability zone of its machines, such as `"1"`. Default: Azure chooses.
        "failureDomain" failure_domain: Maybe<Zone>,
        /// How changes roll out.
        "rollout" rollout: Option<Rollout>,
        /// Bounds for the cluster autoscaler; `replicas` must be absent then.
        "autoscaling" autoscaling: Option<Autoscaling>,
        /// Remediation of unhealthy machines.
        "healthCheck" health_check: Option<HealthCheck>,
        /// Deletion of machines.
        "deletion" deletion: Option<Deletion>,
        /// Labels of the MachineDeployment.
        "labels" labels: Named<Traced<LabelValue>>,
        /// Annotations of the MachineDeployment.
        "annotations" annotations: Named<Traced<AnyText>>
        ; ..profile: MachineProfile
    }
}

keywords! {
    /// How changes roll out.
    pub enum RolloutType {
        /// One after the other, by the controller.
        "RollingUpdate" RollingUpdate,
        /// When machines are deleted by someone.
        "OnDelete" OnDelete,
    }
}

record! {
    /// How changes roll out.
    pub struct Rollout {
        /// The strategy. Default: `RollingUpdate`.
        "type" rollout_type: Maybe<RolloutType>,
        /// How many machines more than `replicas` there may be. Default: 1.
        "maxSurge" max_surge: Maybe<IntOrPercent>,
        /// How many machines less than `replicas` there may be. Default: 0.
        "maxUnavailable" max_unavailable: Maybe<IntOrPercent>,
    }
}

record! {
    /// Bounds for the cluster autoscaler.
    pub struct Autoscaling {
        /// The least number of machines.
        "minReplicas" min_replicas: Traced<Count>,
        /// The greatest number of machines.
        "maxReplicas" max_replicas: Traced<Count>,
    }
}

record! {
    /// Deletion of machines.
    pub struct Deletion {
        /// How long a node may take to drain, in seconds. Default: no limit.
        "nodeDrainTimeoutSeconds" node_drain_timeout_seconds: Maybe<Seconds>,
        /// How long volumes may take to detach, in seconds. Default: no limit.
        "nodeVolumeDetachTimeoutSeconds" node_volume_detach_timeout_seconds: Maybe<Seconds>,
        /// How long the node object may take to disappear, in seconds. Default: 10.
        "nodeDeletionTimeoutSeconds" node_deletion_timeout_seconds: Maybe<Seconds>,
    }
}

record! {
    /// Remediation of unhealthy machines (MachineHealthCheck).
    pub struct HealthCheck {
        /// How long a machine may take to become a node, in seconds: 0 for never, else at least 30. Default: 600.
        "nodeStartupTimeoutSeconds" node_startup_timeout_seconds: Maybe<Seconds>,
        /// No remediation while more than this many machines are unhealthy.
        "maxUnhealthy" max_unhealthy: Maybe<IntOrPercent>,
        /// Node conditions that make a machine unhealthy. Default: `Ready` not `True` for 300 seconds.
        "unhealthyNodeConditions" unhealthy_node_conditions: Vec<UnhealthyCondition>,
    }
}

record! {
    /// A node condition that makes a machine unhealthy.
    pub struct UnhealthyCondition {
        /// The condition, such as `Ready`.
        "type" condition_type: Traced<String>,
        /// Its status.
        "status" status: Traced<ConditionStatus>,
        /// For how long, in seconds.
        "timeoutSeconds" timeout_seconds: Traced<Seconds>,
    }
}

keywords! {
    /// The status of a condition.
    pub enum ConditionStatus {
        /// It holds. Quote it in YAML.
        "True" True,
        /// It does not hold. Quote it in YAML.
        "False" False,
        /// Nobody knows.
        "Unknown" Unknown,
    }
}
