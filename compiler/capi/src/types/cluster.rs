//! Cluster.

use flatwright_diagnostic::Traced;

use super::{Maybe, Reference};
use crate::wire::Object;

/// The desired state of a Cluster.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ClusterSpec {
    /// Pod and service networks.
    pub cluster_network: ClusterNetwork,
    /// The control plane.
    pub control_plane_ref: Reference,
    /// The infrastructure.
    pub infrastructure_ref: Reference,
}

/// Pod and service networks.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ClusterNetwork {
    /// The API server's port.
    pub api_server_port: Maybe<i64>,
    /// Service addresses.
    pub services: NetworkRanges,
    /// Pod addresses.
    pub pods: NetworkRanges,
    /// The DNS domain of services.
    pub service_domain: Maybe<String>,
}

/// A list of CIDR blocks.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct NetworkRanges {
    /// The blocks.
    pub cidr_blocks: Vec<Traced<String>>,
}
