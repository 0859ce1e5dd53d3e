//! Paths that differ: v1beta2 → v1beta1, below `spec`.

use super::change::Change;
use Change::{ArgumentMap, Conditions, Duration, Reference, Same};

type Move = (&'static str, &'static str, Change);

/// The moves of a kind.
pub(super) fn moves(kind: &str) -> &'static [Move] {
    match kind {
        "Cluster" => CLUSTER,
        "MachineDeployment" => MACHINE_DEPLOYMENT,
        "KubeadmControlPlane" => CONTROL_PLANE,
        "MachineHealthCheck" => HEALTH_CHECK,
        _ => &[],
    }
}

/// Where a kind has its bootstrap spec.
pub(super) fn bootstrap_prefix(kind: &str) -> Option<&'static str> {
    match kind {
        "KubeadmControlPlane" => Some("kubeadmConfigSpec"),
        "KubeadmConfigTemplate" => Some("template.spec"),
        _ => None,
    }
}

const CLUSTER: &[Move] =
    &[("controlPlaneRef", "controlPlaneRef", Reference), ("infrastructureRef", "infrastructureRef", Reference)];

const MACHINE_DEPLOYMENT: &[Move] = &[
    ("rollout.strategy.rollingUpdate.maxSurge", "strategy.rollingUpdate.maxSurge", Same),
    ("rollout.strategy.rollingUpdate.maxUnavailable", "strategy.rollingUpdate.maxUnavailable", Same),
    ("rollout.strategy.type", "strategy.type", Same),
    ("template.spec.bootstrap.configRef", "template.spec.bootstrap.configRef", Reference),
    ("template.spec.infrastructureRef", "template.spec.infrastructureRef", Reference),
    ("template.spec.deletion.nodeDrainTimeoutSeconds", "template.spec.nodeDrainTimeout", Duration),
    ("template.spec.deletion.nodeVolumeDetachTimeoutSeconds", "template.spec.nodeVolumeDetachTimeout", Duration),
    ("template.spec.deletion.nodeDeletionTimeoutSeconds", "template.spec.nodeDeletionTimeout", Duration),
];

const CONTROL_PLANE: &[Move] = &[
    ("machineTemplate.spec.infrastructureRef", "machineTemplate.infrastructureRef", Reference),
    ("machineTemplate.spec.deletion.nodeDrainTimeoutSeconds", "machineTemplate.nodeDrainTimeout", Duration),
    (
        "machineTemplate.spec.deletion.nodeVolumeDetachTimeoutSeconds",
        "machineTemplate.nodeVolumeDetachTimeout",
        Duration,
    ),
    ("machineTemplate.spec.deletion.nodeDeletionTimeoutSeconds", "machineTemplate.nodeDeletionTimeout", Duration),
];

const HEALTH_CHECK: &[Move] = &[
    ("checks.nodeStartupTimeoutSeconds", "nodeStartupTimeout", Duration),
    ("checks.unhealthyNodeConditions", "unhealthyConditions", Conditions),
    ("remediation.triggerIf.unhealthyLessThanOrEqualTo", "maxUnhealthy", Same),
];

/// The bootstrap spec's own.
pub(super) const BOOTSTRAP: &[Move] = &[
    ("clusterConfiguration.apiServer.extraArgs", "clusterConfiguration.apiServer.extraArgs", ArgumentMap),
    (
        "clusterConfiguration.controllerManager.extraArgs",
        "clusterConfiguration.controllerManager.extraArgs",
        ArgumentMap,
    ),
    ("clusterConfiguration.etcd.local.extraArgs", "clusterConfiguration.etcd.local.extraArgs", ArgumentMap),
    ("clusterConfiguration.scheduler.extraArgs", "clusterConfiguration.scheduler.extraArgs", ArgumentMap),
    (
        "initConfiguration.timeouts.controlPlaneComponentHealthCheckSeconds",
        "clusterConfiguration.apiServer.timeoutForControlPlane",
        Duration,
    ),
    (
        "initConfiguration.nodeRegistration.kubeletExtraArgs",
        "initConfiguration.nodeRegistration.kubeletExtraArgs",
        ArgumentMap,
    ),
    (
        "joinConfiguration.nodeRegistration.kubeletExtraArgs",
        "joinConfiguration.nodeRegistration.kubeletExtraArgs",
        ArgumentMap,
    ),
];
