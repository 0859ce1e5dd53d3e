//! The limits of the CRDs that a hand-written manifest meets, one table per kind.

use super::limits::Limit::{Chars, Duration, Items, OneOf, Range, Required, Whole};
use super::limits::Row;

/// The bootstrap settings, in both contracts.
pub(crate) const KUBEADM_CONFIG: &[Row] = &[
    ("format", OneOf(&["cloud-config", "ignition"])),
    ("ignition.containerLinuxConfig.additionalConfig", Chars(1, 32_768)),
    ("files", Items(200)),
    ("files[*].path", Required),
    ("files[*].path", Chars(1, 512)),
    ("files[*].owner", Chars(1, 256)),
    ("files[*].permissions", Chars(1, 16)),
    ("files[*].encoding", OneOf(&["base64", "gzip", "gzip+base64"])),
    ("files[*].contentFormat", OneOf(&["Raw", "Template"])),
    ("files[*].content", Chars(1, 10_240)),
    ("files[*].contentFrom.secret", Required),
    ("files[*].contentFrom.secret.name", Required),
    ("files[*].contentFrom.secret.name", Chars(1, 253)),
    ("files[*].contentFrom.secret.key", Required),
    ("files[*].contentFrom.secret.key", Chars(1, 256)),
    ("preKubeadmCommands", Items(1_000)),
    ("preKubeadmCommands[*]", Chars(1, 10_240)),
    ("postKubeadmCommands", Items(1_000)),
    ("postKubeadmCommands[*]", Chars(1, 10_240)),
    ("bootCommands", Items(1_000)),
    ("bootCommands[*]", Chars(1, 10_240)),
    ("mounts", Items(100)),
    ("mounts[*][*]", Chars(1, 512)),
    ("users", Items(100)),
    ("users[*].name", Required),
    ("users[*].name", Chars(1, 256)),
    ("users[*].passwdFrom.secret", Required),
    ("users[*].passwdFrom.secret.name", Required),
    ("users[*].passwdFrom.secret.key", Required),
    ("users[*].sshAuthorizedKeys", Items(100)),
    ("users[*].sshAuthorizedKeys[*]", Chars(1, 2_048)),
    ("diskSetup.filesystems", Items(100)),
    ("diskSetup.filesystems[*].device", Required),
    ("diskSetup.filesystems[*].filesystem", Required),
    ("diskSetup.partitions", Items(100)),
    ("diskSetup.partitions[*].device", Required),
    ("diskSetup.partitions[*].tableType", OneOf(&["mbr", "gpt"])),
    ("diskSetup.partitions[*].diskLayout[*].percentage", Required),
    ("diskSetup.partitions[*].diskLayout[*].percentage", Range(1, 100)),
    ("ntp.servers", Items(100)),
    ("clusterConfiguration.certificateValidityPeriodDays", Range(1, 1_095)),
    ("clusterConfiguration.caCertificateValidityPeriodDays", Range(1, 36_500)),
    (
        "clusterConfiguration.encryptionAlgorithm",
        OneOf(&["ECDSA-P256", "ECDSA-P384", "RSA-2048", "RSA-3072", "RSA-4096"]),
    ),
    ("clusterConfiguration.apiServer.certSANs", Items(100)),
    ("clusterConfiguration.apiServer.timeoutForControlPlane", Duration),
    ("initConfiguration.bootstrapTokens[*].ttl", Duration),
    ("joinConfiguration.discovery.timeout", Duration),
    ("clusterConfiguration.imageRepository", Chars(1, 512)),
    ("clusterConfiguration.etcd.local.dataDir", Chars(1, 512)),
    ("clusterConfiguration.etcd.external.endpoints", Required),
    ("clusterConfiguration.etcd.external.caFile", Required),
    ("clusterConfiguration.etcd.external.certFile", Required),
    ("clusterConfiguration.etcd.external.keyFile", Required),
    ("initConfiguration.nodeRegistration.taints[*].key", Required),
    ("initConfiguration.nodeRegistration.taints[*].effect", Required),
    ("initConfiguration.nodeRegistration.imagePullPolicy", OneOf(&["Always", "IfNotPresent", "Never"])),
    ("initConfiguration.nodeRegistration.name", Chars(1, 253)),
    ("joinConfiguration.nodeRegistration.taints[*].key", Required),
    ("joinConfiguration.nodeRegistration.taints[*].effect", Required),
    ("joinConfiguration.nodeRegistration.imagePullPolicy", OneOf(&["Always", "IfNotPresent", "Never"])),
    ("joinConfiguration.nodeRegistration.name", Chars(1, 253)),
];

/// What only contract v1beta2 limits: argument lists, and the parts of a mount.
pub(crate) const ARGUMENT_LISTS: &[Row] = &[
    ("mounts[*]", Items(100)),
    ("clusterConfiguration.apiServer.extraArgs", Items(100)),
    ("clusterConfiguration.apiServer.extraArgs[*].name", Required),
    ("clusterConfiguration.apiServer.extraArgs[*].value", Required),
    ("clusterConfiguration.controllerManager.extraArgs", Items(100)),
    ("clusterConfiguration.controllerManager.extraArgs[*].name", Required),
    ("clusterConfiguration.controllerManager.extraArgs[*].value", Required),
    ("clusterConfiguration.scheduler.extraArgs", Items(100)),
    ("clusterConfiguration.scheduler.extraArgs[*].name", Required),
    ("clusterConfiguration.scheduler.extraArgs[*].value", Required),
    ("clusterConfiguration.etcd.local.extraArgs", Items(100)),
    ("clusterConfiguration.etcd.local.extraArgs[*].name", Required),
    ("clusterConfiguration.etcd.local.extraArgs[*].value", Required),
    ("initConfiguration.nodeRegistration.kubeletExtraArgs", Items(100)),
    ("initConfiguration.nodeRegistration.kubeletExtraArgs[*].name", Required),
    ("initConfiguration.nodeRegistration.kubeletExtraArgs[*].value", Required),
    ("joinConfiguration.nodeRegistration.kubeletExtraArgs", Items(100)),
    ("joinConfiguration.nodeRegistration.kubeletExtraArgs[*].name", Required),
    ("joinConfiguration.nodeRegistration.kubeletExtraArgs[*].value", Required),
];

/// Durations of contract v1beta1 that stand wherever machines of a kind are described: in topologies, classes and machine templates.
pub(crate) const MACHINE_DURATIONS: &[Row] = &[
    ("nodeDrainTimeout", Duration),
    ("nodeVolumeDetachTimeout", Duration),
    ("nodeDeletionTimeout", Duration),
    ("machineHealthCheck.nodeStartupTimeout", Duration),
    ("machineHealthCheck.unhealthyConditions[*].timeout", Duration),
    ("machineHealthCheck.unhealthyMachineConditions[*].timeout", Duration),
];

pub(crate) const CLUSTER: &[Row] = &[
    ("spec.clusterNetwork.pods.cidrBlocks", Required),
    ("spec.clusterNetwork.pods.cidrBlocks", Items(100)),
    ("spec.clusterNetwork.services.cidrBlocks", Required),
    ("spec.clusterNetwork.services.cidrBlocks", Items(100)),
    ("spec.clusterNetwork.serviceDomain", Chars(1, 253)),
    ("spec.topology.workers.machineDeployments[*].class", Required),
    ("spec.topology.workers.machineDeployments[*].name", Required),
    ("spec.topology.workers.machineDeployments[*].name", Chars(1, 63)),
    ("spec.topology.workers.machinePools[*].class", Required),
    ("spec.topology.workers.machinePools[*].name", Required),
    ("spec.topology.workers.machinePools[*].name", Chars(1, 63)),
    ("spec.topology.controlPlane.replicas", Whole),
    ("spec.topology.workers.machineDeployments[*].replicas", Whole),
    ("spec.topology.workers.machinePools[*].replicas", Whole),
    ("spec.topology.variables[*].name", Required),
    ("spec.topology.variables[*].value", Required),
];

pub(crate) const CLUSTER_V1BETA2: &[Row] = &[
    ("spec.controlPlaneEndpoint.host", Chars(1, 512)),
    ("spec.controlPlaneEndpoint.port", Range(1, 65_535)),
    ("spec.clusterNetwork.apiServerPort", Range(1, 65_535)),
];

/// What a control plane and its template have in common, below their `spec`.
pub(crate) const REMEDIATION_DURATIONS: &[Row] =
    &[("remediationStrategy.retryPeriod", Duration), ("remediationStrategy.minHealthyPeriod", Duration)];

pub(crate) const KUBEADM_CONTROL_PLANE: &[Row] = &[
    ("spec.replicas", Whole),
    ("spec.replicas", Range(0, i64::MAX)),
    ("spec.rollout.before.certificatesExpiryDays", Range(7, i64::MAX)),
    ("spec.machineNamingStrategy.template", Chars(1, 256)),
    ("spec.machineNaming.template", Chars(1, 256)),
];

pub(crate) const MACHINE_DEPLOYMENT: &[Row] = &[
    ("spec.clusterName", Required),
    ("spec.clusterName", Chars(1, 63)),
    ("spec.replicas", Whole),
    ("spec.replicas", Range(0, i64::MAX)),
    ("spec.template.spec.infrastructureRef", Required),
    ("spec.strategy.type", OneOf(&["RollingUpdate", "OnDelete"])),
    ("spec.strategy.rollingUpdate.deletePolicy", OneOf(&["Random", "Newest", "Oldest"])),
    ("spec.rollout.strategy.type", OneOf(&["RollingUpdate", "OnDelete"])),
    ("spec.deletion.order", OneOf(&["Random", "Newest", "Oldest"])),
];

pub(crate) const MACHINE_HEALTH_CHECK: &[Row] = &[
    ("spec.clusterName", Required),
    ("spec.clusterName", Chars(1, 63)),
    ("spec.unhealthyConditions", Items(100)),
    ("spec.unhealthyConditions[*].timeout", Duration),
    ("spec.nodeStartupTimeout", Duration),
    ("spec.unhealthyMachineConditions[*].timeout", Duration),
    ("spec.unhealthyMachineConditions", Items(100)),
    ("spec.checks.unhealthyNodeConditions", Items(100)),
    ("spec.checks.unhealthyMachineConditions", Items(100)),
    ("spec.unhealthyConditions[*].type", Required),
    ("spec.unhealthyConditions[*].status", Required),
    ("spec.unhealthyConditions[*].timeout", Required),
    ("spec.checks.unhealthyNodeConditions[*].type", Required),
    ("spec.checks.unhealthyNodeConditions[*].status", Required),
    ("spec.checks.unhealthyNodeConditions[*].timeoutSeconds", Required),
];

pub(crate) const CLUSTER_RESOURCE_SET: &[Row] = &[
    ("spec.strategy", OneOf(&["ApplyOnce", "Reconcile"])),
    ("spec.resources", Items(100)),
    ("spec.resources[*].kind", Required),
    ("spec.resources[*].kind", OneOf(&["Secret", "ConfigMap"])),
    ("spec.resources[*].name", Required),
    ("spec.resources[*].name", Chars(1, 253)),
];

pub(crate) const HELM_CHART_PROXY: &[Row] = &[("spec.reconcileStrategy", OneOf(&["", "InstallOnce", "Continuous"]))];

pub(crate) const AZURE_CLUSTER_IDENTITY: &[Row] = &[
    ("spec.type", Required),
    (
        "spec.type",
        OneOf(&[
            "ServicePrincipal",
            "UserAssignedMSI",
            "ManualServicePrincipal",
            "ServicePrincipalCertificate",
            "WorkloadIdentity",
            "UserAssignedIdentityCredential",
        ]),
    ),
    ("spec.clientID", Required),
    ("spec.tenantID", Required),
];
