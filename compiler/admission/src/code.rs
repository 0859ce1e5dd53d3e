//! The codes of this crate: `admission-…` is refused by the API server or a webhook, `manifest-…` is admitted and wrong anyway.

use flatwright_diagnostic::Code;

pub use coarse::*;

/// Every code of this crate.
pub fn all() -> Vec<Code> {
    [coarse::all(), crate::rules::codes(), crate::traps::codes(), crate::set::codes()].concat()
}

/// Codes of findings whose rule has no type.
mod coarse {
    flatwright_diagnostic::codes! {
        /// The SSH key is not the base64 text of a public key line.
        SSH_PUBLIC_KEY = "admission-ssh-public-key";
        /// Managed identities and role assignments of a machine that do not fit together.
        MACHINE_IDENTITY = "admission-machine-identity";
        /// Other machine settings that exclude or need each other.
        MACHINE_SETTINGS = "admission-machine-settings";
        /// A name that the object's kind does not allow.
        OBJECT_NAME = "admission-object-name";
        /// A label or annotation that Kubernetes refuses.
        LABEL_SYNTAX = "admission-label-syntax";
        /// The cluster's Azure identity is missing, of the wrong kind, or has fields of another type.
        CLUSTER_IDENTITY = "admission-cluster-identity";
        /// Networks, subnets, endpoints and security rules that CAPZ refuses.
        NETWORK_SETTINGS = "admission-network-settings";
        /// A load balancer that CAPZ refuses.
        LOAD_BALANCER = "admission-load-balancer";
        /// A field that can never be set on this kind.
        REFUSED_FIELD = "admission-refused-field";
        /// A field behind a feature gate that is off in the management cluster.
        FEATURE_GATE = "admission-feature-gate";
        /// Bootstrap settings that the Ignition format does not have.
        IGNITION_FORMAT = "admission-ignition-format";
        /// Files, users, discovery and timeouts of the bootstrap settings that exclude or need each other.
        BOOTSTRAP_SETTINGS = "admission-bootstrap-settings";
        /// A version that is not a full semantic version, or an upgrade step that is refused.
        KUBERNETES_VERSION = "admission-kubernetes-version";
        /// Replica counts and rollout limits that are refused.
        ROLLOUT_SETTINGS = "admission-rollout-settings";
        /// etcd and CoreDNS settings of the control plane that are refused.
        CONTROL_PLANE_COMPONENTS = "admission-control-plane-components";
        /// A template for machine names that cannot work.
        NAMING_TEMPLATE = "admission-naming-template";
        /// A reference that the object needs and does not have.
        MISSING_REFERENCE = "admission-missing-reference";
        /// Selectors and cluster names inside one object that contradict each other.
        LABEL_SELECTOR = "admission-label-selector";
        /// Health check settings that are refused.
        HEALTH_CHECK = "admission-health-check";
        /// A Helm repository address that the add-on provider refuses.
        CHART_SOURCE = "admission-chart-source";
        /// A ClusterClass or a topology that is refused.
        CLUSTER_CLASS = "admission-cluster-class";
        /// A value outside the list, range or length that the CRD allows.
        VALUE_LIMIT = "admission-value-limit";
        /// An empty list or object, which contract v1beta2 refuses.
        EMPTY_CONTAINER = "admission-empty-container";
        /// A change of a field that cannot change.
        IMMUTABLE_FIELD = "admission-immutable-field";
        /// An Azure pool whose admission looks for a MachinePool that is not there yet.
        POOL_ORDER = "admission-pool-order";

        /// Networks of one cluster that overlap or cannot hold what is in them.
        ADDRESS_OVERLAP = "manifest-address-overlap";
        /// A reference to an object that is not among the manifests.
        UNRESOLVED_REFERENCE = "manifest-unresolved-reference";
        /// Image, VM size and system extensions of a machine are for different architectures.
        ARCHITECTURE_MISMATCH = "manifest-architecture-mismatch";
        /// A Flatcar image that cannot start this machine.
        FLATCAR_IMAGE = "manifest-flatcar-image";
        /// A command-line flag or feature gate that this Kubernetes version no longer has.
        REMOVED_FLAG = "manifest-removed-flag";
        /// A label that a kubelet may not give its node.
        NODE_LABEL = "manifest-node-label";
        /// Kubernetes versions of one cluster that do not run together.
        VERSION_SKEW = "manifest-version-skew";
        /// Two programs that both reboot the nodes.
        REBOOT_MANAGERS = "manifest-reboot-managers";
        /// A cloud-config secret that nobody will create.
        CLOUD_CONFIG_SECRET = "manifest-cloud-config-secret";
        /// A selector that matches no object of the set, or all of them.
        SELECTOR_MATCH = "manifest-selector-match";
        /// The values of a chart, as a template that does not parse.
        VALUES_TEMPLATE = "manifest-values-template";
        /// A manifest that can be applied once only.
        SECOND_APPLY = "manifest-second-apply";
        /// A bootstrap file whose mode or owner will not be what is written.
        FILE_MODE = "manifest-file-mode";
        /// A bootstrap setting that is admitted and then ignored or misread.
        BOOTSTRAP_TRAP = "manifest-bootstrap-trap";
        /// An Azure value that no Azure API accepts.
        AZURE_VALUE = "manifest-azure-value";
        /// An etcd disk whose parts do not fit together.
        ETCD_DISK = "manifest-etcd-disk";
    }
}
