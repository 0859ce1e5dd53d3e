//! Fields that only the other contract has. The server decodes strictly and refuses them by name; here the name of the field that is meant comes with it.

use crate::check::Check;
use crate::contract::Contract;
use crate::field::Field;
use crate::rules::limits::Limit::{Gone, List, Mapping};
use crate::rules::limits::{self, Row};

/// Judges a part of an object by the pairs of tables that hold for it.
pub(crate) fn check(check: &mut Check<'_>, part: &Field<'_>, contract: Contract, tables: [&'static [Row]; 2]) {
    let [in_v1beta1, in_v1beta2] = tables;
    limits::check(check, part, contract.pick(in_v1beta1, in_v1beta2));
}

/// A reference to an object of the same namespace.
pub(crate) const REFERENCE: [&[Row]; 2] = [
    &[("apiGroup", Gone("apiVersion"))],
    &[
        ("apiVersion", Gone("apiGroup")),
        ("namespace", Gone("")),
        ("uid", Gone("")),
        ("fieldPath", Gone("")),
        ("resourceVersion", Gone("")),
    ],
];

/// The bootstrap settings.
pub(crate) const KUBEADM_CONFIG: [&[Row]; 2] = [
    &[
        ("initConfiguration.timeouts", Gone("clusterConfiguration.apiServer.timeoutForControlPlane")),
        ("joinConfiguration.timeouts", Gone("clusterConfiguration.apiServer.timeoutForControlPlane")),
        ("initConfiguration.bootstrapTokens[*].ttlSeconds", Gone("ttl")),
        ("clusterConfiguration.apiServer.extraArgs", Mapping),
        ("clusterConfiguration.controllerManager.extraArgs", Mapping),
        ("clusterConfiguration.scheduler.extraArgs", Mapping),
        ("clusterConfiguration.etcd.local.extraArgs", Mapping),
        ("initConfiguration.nodeRegistration.kubeletExtraArgs", Mapping),
        ("joinConfiguration.nodeRegistration.kubeletExtraArgs", Mapping),
    ],
    &[
        ("useExperimentalRetryJoin", Gone("")),
        ("clusterConfiguration.apiVersion", Gone("")),
        ("clusterConfiguration.kind", Gone("")),
        ("clusterConfiguration.clusterName", Gone("")),
        ("clusterConfiguration.kubernetesVersion", Gone("")),
        ("clusterConfiguration.networking", Gone("")),
        (
            "clusterConfiguration.apiServer.timeoutForControlPlane",
            Gone("timeouts.controlPlaneComponentHealthCheckSeconds of initConfiguration and joinConfiguration"),
        ),
        ("initConfiguration.apiVersion", Gone("")),
        ("initConfiguration.kind", Gone("")),
        ("initConfiguration.bootstrapTokens[*].ttl", Gone("ttlSeconds")),
        ("joinConfiguration.apiVersion", Gone("")),
        ("joinConfiguration.kind", Gone("")),
        ("joinConfiguration.discovery.timeout", Gone("joinConfiguration.timeouts.tlsBootstrapSeconds")),
        ("clusterConfiguration.apiServer.extraArgs", List),
        ("clusterConfiguration.controllerManager.extraArgs", List),
        ("clusterConfiguration.scheduler.extraArgs", List),
        ("clusterConfiguration.etcd.local.extraArgs", List),
        ("initConfiguration.nodeRegistration.kubeletExtraArgs", List),
        ("joinConfiguration.nodeRegistration.kubeletExtraArgs", List),
    ],
];

/// Machines, wherever they are described: timeouts, and health checks of topologies and classes.
pub(crate) const MACHINE: [&[Row]; 2] = [
    &[("deletion", Gone("nodeDrainTimeout")), ("healthCheck", Gone("machineHealthCheck"))],
    &[
        ("nodeDrainTimeout", Gone("deletion.nodeDrainTimeoutSeconds")),
        ("nodeVolumeDetachTimeout", Gone("deletion.nodeVolumeDetachTimeoutSeconds")),
        ("nodeDeletionTimeout", Gone("deletion.nodeDeletionTimeoutSeconds")),
        ("machineHealthCheck", Gone("healthCheck")),
    ],
];

/// The spec of a control plane and of its template.
pub(crate) const CONTROL_PLANE: [&[Row]; 2] = [
    &[
        ("rollout", Gone("rolloutStrategy")),
        ("remediation", Gone("remediationStrategy")),
        ("machineNaming", Gone("machineNamingStrategy")),
        ("machineTemplate.spec", Gone("machineTemplate.infrastructureRef")),
    ],
    &[
        ("rolloutStrategy", Gone("rollout.strategy")),
        ("rolloutBefore", Gone("rollout.before")),
        ("rolloutAfter", Gone("rollout.after")),
        ("remediationStrategy", Gone("remediation")),
        ("machineNamingStrategy", Gone("machineNaming")),
        ("machineTemplate.infrastructureRef", Gone("machineTemplate.spec.infrastructureRef")),
        ("machineTemplate.nodeDrainTimeout", Gone("machineTemplate.spec.deletion.nodeDrainTimeoutSeconds")),
        (
            "machineTemplate.nodeVolumeDetachTimeout",
            Gone("machineTemplate.spec.deletion.nodeVolumeDetachTimeoutSeconds"),
        ),
        ("machineTemplate.nodeDeletionTimeout", Gone("machineTemplate.spec.deletion.nodeDeletionTimeoutSeconds")),
        ("machineTemplate.readinessGates", Gone("machineTemplate.spec.readinessGates")),
        ("machineTemplate.taints", Gone("machineTemplate.spec.taints")),
    ],
];

/// The spec of a MachineDeployment. A MachinePool has none of these but `minReadySeconds`.
pub(crate) const MACHINE_DEPLOYMENT: [&[Row]; 2] = [
    &[
        ("rollout", Gone("strategy")),
        ("remediation", Gone("strategy.remediation")),
        ("machineNaming", Gone("machineNamingStrategy")),
        ("deletion", Gone("strategy.rollingUpdate.deletePolicy")),
        ("template.spec.minReadySeconds", Gone("minReadySeconds")),
    ],
    &[
        ("strategy", Gone("rollout.strategy")),
        ("minReadySeconds", Gone("template.spec.minReadySeconds")),
        ("progressDeadlineSeconds", Gone("")),
        ("revisionHistoryLimit", Gone("")),
        ("rolloutAfter", Gone("rollout.after")),
        ("machineNamingStrategy", Gone("machineNaming")),
    ],
];

pub(crate) const MACHINE_HEALTH_CHECK: [&[Row]; 2] = [
    &[("checks", Gone("unhealthyConditions")), ("remediation", Gone("remediationTemplate"))],
    &[
        ("maxUnhealthy", Gone("remediation.triggerIf.unhealthyLessThanOrEqualTo")),
        ("unhealthyRange", Gone("remediation.triggerIf.unhealthyInRange")),
        ("nodeStartupTimeout", Gone("checks.nodeStartupTimeoutSeconds")),
        ("remediationTemplate", Gone("remediation.templateRef")),
        ("unhealthyConditions", Gone("checks.unhealthyNodeConditions")),
        ("unhealthyMachineConditions", Gone("checks.unhealthyMachineConditions")),
    ],
];

/// The topology of a cluster.
pub(crate) const TOPOLOGY: [&[Row]; 2] = [
    &[("classRef", Gone("class"))],
    &[
        ("class", Gone("classRef.name")),
        ("classNamespace", Gone("classRef.namespace")),
        ("rolloutAfter", Gone("")),
        ("variables[*].definitionFrom", Gone("")),
        ("workers.machineDeployments[*].strategy", Gone("rollout.strategy")),
    ],
];

/// The spec of a ClusterClass.
pub(crate) const CLUSTER_CLASS: [&[Row]; 2] = [
    &[
        ("infrastructure.templateRef", Gone("ref")),
        ("infrastructure.naming", Gone("infrastructureNamingStrategy")),
        ("controlPlane.templateRef", Gone("ref")),
        ("controlPlane.naming", Gone("namingStrategy")),
        ("controlPlane.machineInfrastructure.templateRef", Gone("ref")),
        ("workers.machineDeployments[*].bootstrap", Gone("template.bootstrap")),
        ("workers.machineDeployments[*].infrastructure", Gone("template.infrastructure")),
        ("workers.machineDeployments[*].metadata", Gone("template.metadata")),
        ("workers.machineDeployments[*].naming", Gone("namingStrategy")),
        ("workers.machineDeployments[*].rollout", Gone("strategy")),
        ("workers.machinePools[*].bootstrap", Gone("template.bootstrap")),
        ("workers.machinePools[*].infrastructure", Gone("template.infrastructure")),
        ("workers.machinePools[*].metadata", Gone("template.metadata")),
        ("workers.machinePools[*].naming", Gone("namingStrategy")),
        ("patches[*].external.generatePatchesExtension", Gone("generateExtension")),
        ("patches[*].external.validateTopologyExtension", Gone("validateExtension")),
    ],
    &[
        ("infrastructure.ref", Gone("templateRef")),
        ("infrastructureNamingStrategy", Gone("infrastructure.naming")),
        ("controlPlane.ref", Gone("templateRef")),
        ("controlPlane.namingStrategy", Gone("naming")),
        ("controlPlane.machineInfrastructure.ref", Gone("templateRef")),
        ("workers.machineDeployments[*].template", Gone("bootstrap, infrastructure and metadata beside it")),
        ("workers.machineDeployments[*].namingStrategy", Gone("naming")),
        ("workers.machineDeployments[*].strategy", Gone("rollout.strategy")),
        ("workers.machinePools[*].template", Gone("bootstrap, infrastructure and metadata beside it")),
        ("workers.machinePools[*].namingStrategy", Gone("naming")),
        ("variables[*].metadata", Gone("deprecatedV1Beta1Metadata")),
        ("patches[*].external.generateExtension", Gone("generatePatchesExtension")),
        ("patches[*].external.validateExtension", Gone("validateTopologyExtension")),
    ],
];
