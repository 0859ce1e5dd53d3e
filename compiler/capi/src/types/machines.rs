//! MachineDeployment and MachineHealthCheck.

use flatwright_diagnostic::Traced;

use super::{MachineDeletion, Maybe, Reference};
use crate::wire::{IntOrString, Keep, Labels, object};

object! {
    /// The desired state of a MachineDeployment.
    pub struct MachineDeploymentSpec {
        /// The cluster.
        "clusterName" cluster_name: Traced<String>,
        /// How many machines.
        "replicas" replicas: Maybe<i64>,
        /// How changes roll out.
        "rollout" rollout: Rollout,
        /// Which machines; the webhook fills it in.
        "selector" selector: Keep<Labels>,
        /// The machines.
        "template" template: MachineTemplate,
    }
}

object! {
    /// How changes roll out.
    pub struct Rollout {
        /// The strategy.
        "strategy" strategy: RolloutStrategy,
    }
}

object! {
    /// The strategy of a rollout.
    pub struct RolloutStrategy {
        /// Bounds of a rolling update.
        "rollingUpdate" rolling_update: RollingUpdate,
        /// `RollingUpdate` or `OnDelete`.
        "type" strategy_type: Maybe<String>,
    }
}

object! {
    /// Bounds of a rolling update.
    pub struct RollingUpdate {
        /// How many machines more there may be.
        "maxSurge" max_surge: Maybe<IntOrString>,
        /// How many machines less there may be.
        "maxUnavailable" max_unavailable: Maybe<IntOrString>,
    }
}

object! {
    /// The machines of a deployment.
    pub struct MachineTemplate {
        /// What each is made of.
        "spec" spec: MachineSpec,
    }
}

object! {
    /// What each machine is made of.
    pub struct MachineSpec {
        /// Its bootstrap data.
        "bootstrap" bootstrap: Bootstrap,
        /// The cluster.
        "clusterName" cluster_name: Traced<String>,
        /// Timeouts around deletion.
        "deletion" deletion: Option<MachineDeletion>,
        /// The availability zone.
        "failureDomain" failure_domain: Maybe<String>,
        /// Its infrastructure.
        "infrastructureRef" infrastructure_ref: Reference,
        /// The Kubernetes version.
        "version" version: Traced<String>,
    }
}

object! {
    /// Bootstrap data.
    pub struct Bootstrap {
        /// Where they come from.
        "configRef" config_ref: Reference,
    }
}

object! {
    /// The desired state of a MachineHealthCheck.
    pub struct MachineHealthCheckSpec {
        /// What is checked.
        "checks" checks: Checks,
        /// The cluster.
        "clusterName" cluster_name: Traced<String>,
        /// When machines are replaced.
        "remediation" remediation: Remediation,
        /// Which machines.
        "selector" selector: Selector,
    }
}

object! {
    /// What is checked.
    pub struct Checks {
        /// How long a machine may take to become a node.
        "nodeStartupTimeoutSeconds" node_startup_timeout_seconds: Maybe<i64>,
        /// Conditions that make a machine unhealthy.
        "unhealthyNodeConditions" unhealthy_node_conditions: Vec<UnhealthyNodeCondition>,
    }
}

object! {
    /// A condition that makes a machine unhealthy.
    pub struct UnhealthyNodeCondition {
        /// Its status.
        "status" status: Traced<String>,
        /// For how long.
        "timeoutSeconds" timeout_seconds: Traced<i64>,
        /// The condition.
        "type" condition_type: Traced<String>,
    }
}

object! {
    /// When machines are replaced.
    pub struct Remediation {
        /// Only while this holds.
        "triggerIf" trigger_if: TriggerIf,
    }
}

object! {
    /// A bound on remediation.
    pub struct TriggerIf {
        /// Not more unhealthy machines than this.
        "unhealthyLessThanOrEqualTo" unhealthy_less_than_or_equal_to: Maybe<IntOrString>,
    }
}

object! {
    /// A label selector.
    pub struct Selector {
        /// Labels that must match.
        "matchLabels" match_labels: Labels,
    }
}
