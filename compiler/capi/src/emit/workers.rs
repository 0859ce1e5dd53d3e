//! MachineDeployment and MachineHealthCheck.

use flatwright_diagnostic::Traced;
use flatwright_plan::{self as plan, NodeGroup, Plan, Role};

use super::{by_rule, labels, metadata, reference};
use crate::object::{Object, Subject};
use crate::types::{
    Bootstrap, Checks, MachineDeploymentSpec, MachineHealthCheckSpec, MachineSpec, MachineTemplate, Metadata,
    Remediation, RollingUpdate, Rollout, RolloutStrategy, Selector, TriggerIf, UnhealthyNodeCondition, api,
};
use crate::wire::{IntOrString, Labels};

pub(super) fn deployment(plan: &Plan, index: usize, group: &NodeGroup) -> Object {
    let name = group.name.with(plan.group_name(group));
    let spec = MachineDeploymentSpec {
        cluster_name: plan.name.clone(),
        replicas: group.replicas,
        rollout: group.rollout.as_ref().map(rollout).unwrap_or_default(),
        template: MachineTemplate {
            spec: MachineSpec {
                bootstrap: Bootstrap { config_ref: reference(api::BOOTSTRAP, "KubeadmConfigTemplate", name.clone()) },
                cluster_name: plan.name.clone(),
                deletion: group.deletion.as_ref().map(super::bootstrap::deletion),
                failure_domain: group.failure_domain.clone(),
                infrastructure_ref: reference(api::INFRASTRUCTURE, "AzureMachineTemplate", name.clone()),
                version: plan.kubernetes_version.clone(),
            },
        },
        ..MachineDeploymentSpec::default()
    };
    let metadata = Metadata { annotations: annotations(group), labels: labels(&group.labels), ..metadata(plan, name) };
    Object::new(api::CORE, "v1beta2", "MachineDeployment", &metadata, &spec, Subject::Group(index))
}

fn annotations(group: &NodeGroup) -> Labels {
    let mut annotations = labels(&group.annotations);
    if let Some(bounds) = &group.autoscaling {
        for (end, bound) in [("min-size", bounds.min), ("max-size", bounds.max)] {
            let key = format!("cluster.x-k8s.io/cluster-api-autoscaler-node-group-{end}");
            annotations.0.push((key, bound.map(|bound| bound.to_string())));
        }
    }
    annotations
}

fn rollout(rollout: &plan::Rollout) -> Rollout {
    let bound = |value: &plan::Maybe<String>| value.clone().map(|value| value.map(IntOrString));
    Rollout {
        strategy: RolloutStrategy {
            rolling_update: RollingUpdate {
                max_surge: bound(&rollout.max_surge),
                max_unavailable: bound(&rollout.max_unavailable),
            },
            strategy_type: Some(rollout.rollout_type.clone()),
        },
    }
}

pub(super) fn health_check(plan: &Plan, index: usize, group: &NodeGroup) -> Option<Object> {
    const RULE: &str = "Cluster API labels the machines of a group";
    let check = group.health_check.as_ref()?;
    let label = match group.role {
        Role::ControlPlane => ("cluster.x-k8s.io/control-plane".to_owned(), by_rule("", RULE)),
        Role::Worker => ("cluster.x-k8s.io/deployment-name".to_owned(), by_rule(&plan.group_name(group), RULE)),
    };
    let spec = MachineHealthCheckSpec {
        checks: Checks {
            node_startup_timeout_seconds: check.node_startup_timeout,
            unhealthy_node_conditions: check.conditions.iter().map(condition).collect(),
        },
        cluster_name: plan.name.clone(),
        remediation: Remediation {
            trigger_if: TriggerIf {
                unhealthy_less_than_or_equal_to: check.max_unhealthy.clone().map(|bound| bound.map(IntOrString)),
            },
        },
        selector: Selector { match_labels: Labels(vec![label]) },
    };
    let name = Traced::new(plan.group_name(group), check.origin);
    Some(Object::new(api::CORE, "v1beta2", "MachineHealthCheck", &metadata(plan, name), &spec, Subject::Group(index)))
}

fn condition(condition: &plan::UnhealthyCondition) -> UnhealthyNodeCondition {
    UnhealthyNodeCondition {
        status: condition.status.clone(),
        timeout_seconds: condition.timeout,
        condition_type: condition.condition_type.clone(),
    }
}
