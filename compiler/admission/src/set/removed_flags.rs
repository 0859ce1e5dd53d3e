//! Command-line flags that Kubernetes components no longer have, with the minor (of v1) that dropped them. Source: the changelogs of Kubernetes.

/// The programs that a bootstrap setting passes arguments to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    ApiServer,
    ControllerManager,
    Scheduler,
    Kubelet,
}

use Program::{ApiServer, ControllerManager, Kubelet, Scheduler};

/// Program, flag, the first minor without it, and what to do.
pub(crate) const FLAGS: &[(Program, &str, u64, &str)] = &[
    (Kubelet, "network-plugin", 24, "remove it: the container runtime loads CNI plugins"),
    (Kubelet, "cni-bin-dir", 24, "set it in the container runtime's configuration"),
    (Kubelet, "cni-conf-dir", 24, "set it in the container runtime's configuration"),
    (Kubelet, "cni-cache-dir", 24, "set it in the container runtime's configuration"),
    (Kubelet, "network-plugin-mtu", 24, "set it in the CNI configuration"),
    (Kubelet, "docker-endpoint", 24, "remove it: there is no dockershim"),
    (Kubelet, "image-pull-progress-deadline", 24, "set it in the container runtime's configuration"),
    (Kubelet, "experimental-dockershim-root-directory", 24, "remove it: there is no dockershim"),
    (Kubelet, "dynamic-config-dir", 24, "remove it: dynamic configuration is gone"),
    (Kubelet, "container-runtime", 27, "remove it: `remote` was its only value"),
    (Kubelet, "keep-terminated-pod-volumes", 31, "remove it: it had no effect"),
    (Kubelet, "cloud-config", 34, "remove it: the external cloud provider reads its own configuration"),
    (Kubelet, "pod-infra-container-image", 35, "set the sandbox image in containerd's configuration"),
    (ApiServer, "insecure-port", 24, "remove it: there is only the secure port"),
    (ApiServer, "service-account-api-audiences", 25, "use `api-audiences`"),
    (ApiServer, "cloud-provider", 33, "remove it: the API server needs no cloud provider"),
    (ApiServer, "cloud-config", 33, "remove it: the API server needs no cloud provider"),
    (ControllerManager, "port", 24, "use `secure-port`"),
    (ControllerManager, "address", 24, "use `bind-address`"),
    (ControllerManager, "pod-eviction-timeout", 27, "set `default-unreachable-toleration-seconds` on the API server"),
    (ControllerManager, "enable-taint-manager", 27, "remove it: the taint manager is always on"),
    (Scheduler, "port", 24, "use `secure-port`"),
    (Scheduler, "address", 24, "use `bind-address`"),
];

/// Logging flags that every component lost in v1.26.
pub(crate) const LOGGING: &[&str] = &[
    "add-dir-header",
    "alsologtostderr",
    "log-backtrace-at",
    "log-dir",
    "log-file",
    "log-file-max-size",
    "logtostderr",
    "one-output",
    "skip-headers",
    "skip-log-headers",
    "stderrthreshold",
];
pub(crate) const LOGGING_MINOR: u64 = 26;

/// Admission plugins, the first minor without them, and what to do.
pub(crate) const PLUGINS: &[(&str, u64, &str)] = &[
    ("PodSecurityPolicy", 25, "use Pod Security admission: label the namespaces"),
    ("SecurityContextDeny", 30, "use Pod Security admission: label the namespaces"),
];

/// Feature gates and the first minor that does not know them: the component stops at an unknown gate.
pub(crate) const GATES: &[(&str, u64)] = &[
    ("PodSecurity", 28),
    ("DisableAcceleratorUsageMetrics", 28),
    ("DisableCloudProviders", 33),
    ("DisableKubeletCloudCredentialProviders", 33),
];

/// The first minor in which `cloud-provider` takes no in-tree value for Azure any more.
pub(crate) const NO_IN_TREE_AZURE: u64 = 30;
