//! Cluster.

use flatwright_diagnostic::Traced;

use super::{Maybe, Reference};
use crate::wire::object;

object! {
    /// The desired state of a Cluster.
    pub struct ClusterSpec {
        /// Pod and service networks.
        "clusterNetwork" cluster_network: ClusterNetwork,
        /// The control plane.
        "controlPlaneRef" control_plane_ref: Reference,
        /// The infrastructure.
        "infrastructureRef" infrastructure_ref: Reference,
    }
}

object! {
    /// Pod and service networks.
    pub struct ClusterNetwork {
        /// The API server's port.
        "apiServerPort" api_server_port: Maybe<i64>,
        /// Service addresses.
        "services" services: NetworkRanges,
        /// Pod addresses.
        "pods" pods: NetworkRanges,
        /// The DNS domain of services.
        "serviceDomain" service_domain: Maybe<String>,
    }
}

object! {
    /// A list of CIDR blocks.
    pub struct NetworkRanges {
        /// The blocks.
        "cidrBlocks" cidr_blocks: Vec<Traced<String>>,
    }
}
