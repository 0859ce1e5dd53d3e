//! MachineDeployment and MachineHealthCheck.

use flatwright_diagnostic::Traced;

use super::{MachineDeletion, Maybe, Reference};
use crate::wire::{IntOrString, Keep, Labels, Object};

/// The desired state of a MachineDeployment.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MachineDeploymentSpec {
    /// The cluster.
    pub cluster_name: Traced<String>,
    /// How many machines.
    pub replicas: Maybe<i64>,
    /// How changes roll out.
    pub rollout: Rollout,
    /// Which machines; the webhook fills it in.
    pub selector: Keep<Labels>,
    /// The machines.
    pub template: MachineTemplate,
}

/// How changes roll out.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Rollout {
    /// The strategy.
    pub strategy: RolloutStrategy,
}

/// The strategy of a rollout.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RolloutStrategy {
    /// Bounds of a rolling update.
    pub rolling_update: RollingUpdate,
    /// `RollingUpdate` or `OnDelete`.
    #[key("type")]
    pub strategy_type: Maybe<String>,
}

/// Bounds of a rolling update.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RollingUpdate {
    /// How many machines more there may be.
    pub max_surge: Maybe<IntOrString>,
    /// How many machines less there may be.
    pub max_unavailable: Maybe<IntOrString>,
}

/// The machines of a deployment.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MachineTemplate {
    /// What each is made of.
    pub spec: MachineSpec,
}

/// What each machine is made of.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MachineSpec {
    /// Its bootstrap data.
    pub bootstrap: Bootstrap,
    /// The cluster.
    pub cluster_name: Traced<String>,
    /// Timeouts around deletion.
    pub deletion: Option<MachineDeletion>,
    /// The availability zone.
    pub failure_domain: Maybe<String>,
    /// Its infrastructure.
    pub infrastructure_ref: Reference,
    /// The Kubernetes version.
    pub version: Traced<String>,
}

/// Bootstrap data.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Bootstrap {
    /// Where they come from.
    pub config_ref: Reference,
}

/// The desired state of a MachineHealthCheck.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MachineHealthCheckSpec {
    /// What is checked.
    pub checks: Checks,
    /// The cluster.
    pub cluster_name: Traced<String>,
    /// When machines are replaced.
    pub remediation: Remediation,
    /// Which machines.
    pub selector: Selector,
}

/// What is checked.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Checks {
    /// How long a machine may take to become a node.
    pub node_startup_timeout_seconds: Maybe<i64>,
    /// Conditions that make a machine unhealthy.
    pub unhealthy_node_conditions: Vec<UnhealthyNodeCondition>,
}

/// A condition that makes a machine unhealthy.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct UnhealthyNodeCondition {
    /// Its status.
    pub status: Traced<String>,
    /// For how long.
    pub timeout_seconds: Traced<i64>,
    /// The condition.
    #[key("type")]
    pub condition_type: Traced<String>,
}

/// When machines are replaced.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Remediation {
    /// Only while this holds.
    pub trigger_if: TriggerIf,
}

/// A bound on remediation.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TriggerIf {
    /// Not more unhealthy machines than this.
    pub unhealthy_less_than_or_equal_to: Maybe<IntOrString>,
}

/// A label selector.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Selector {
    /// Labels that must match.
    pub match_labels: Labels,
}
