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
        /// Replica counts and rollout limits that are refused.
        ROLLOUT_SETTINGS = "admission-rollout-settings";
        /// A Helm repository address that the add-on provider refuses.
        CHART_SOURCE = "admission-chart-source";
        /// A value outside the list, range or length that the CRD allows.
        VALUE_LIMIT = "admission-value-limit";
        /// An empty list or object, which contract v1beta2 refuses.
        EMPTY_CONTAINER = "admission-empty-container";
        /// A change of a field that cannot change.
        IMMUTABLE_FIELD = "admission-immutable-field";

        /// Networks of one cluster that overlap or cannot hold what is in them.
        ADDRESS_OVERLAP = "manifest-address-overlap";
        /// Image, VM size and system extensions of a machine are for different architectures.
        ARCHITECTURE_MISMATCH = "manifest-architecture-mismatch";
        /// A Flatcar image that cannot start this machine.
        FLATCAR_IMAGE = "manifest-flatcar-image";
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
    }
}
