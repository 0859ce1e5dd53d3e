//! The Azure side of a cluster.

use flatwright_diagnostic::{Origin, Traced};

use crate::Maybe;

/// Subscription, region, identity, networks.
#[derive(Clone, Debug, PartialEq)]
pub struct Azure {
    /// The subscription's GUID.
    pub subscription_id: Traced<String>,
    /// The region.
    pub location: Traced<String>,
    /// The resource group.
    pub resource_group: Traced<String>,
    /// The cloud; absent for the public one.
    pub environment: Maybe<String>,
    /// Who CAPZ is towards Azure.
    pub identity: Identity,
    /// The administrator's key, base64 of an `authorized_keys` line.
    pub ssh_public_key: Maybe<String>,
    /// Virtual network and subnets.
    pub network: NetworkPlan,
    /// Tags of every resource.
    pub additional_tags: Vec<(String, Traced<String>)>,
}

/// An AzureClusterIdentity, made or only referred to.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Its name.
    pub name: Traced<String>,
    /// Its namespace, where it is not the cluster's.
    pub namespace: Maybe<String>,
    /// Its type; absent if it exists already.
    pub identity_type: Maybe<String>,
    /// The client id.
    pub client_id: Maybe<String>,
    /// The tenant id.
    pub tenant_id: Maybe<String>,
    /// The namespaces that may use it; empty for all.
    pub allowed_namespaces: Vec<Traced<String>>,
    /// The Secret with the client secret.
    pub client_secret: Option<SecretName>,
    /// The managed identity's resource id.
    pub resource_id: Maybe<String>,
}

/// A Secret by name and namespace.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretName {
    /// Its name.
    pub name: Traced<String>,
    /// Its namespace.
    pub namespace: Maybe<String>,
}

/// Virtual network and subnets.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkPlan {
    /// The virtual network.
    pub vnet: Vnet,
    /// The subnets, in order.
    pub subnets: Vec<Subnet>,
}

/// The virtual network.
#[derive(Clone, Debug, PartialEq)]
pub struct Vnet {
    /// Its name.
    pub name: Traced<String>,
    /// Its resource group.
    pub resource_group: Maybe<String>,
    /// Its address space.
    pub cidr_blocks: Vec<Traced<String>>,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq)]
pub struct Subnet {
    /// Its name.
    pub name: Traced<String>,
    /// `control-plane`, `node` or `cluster`.
    pub role: Traced<String>,
    /// Its addresses.
    pub cidr_blocks: Vec<Traced<String>>,
    /// Its security group's name.
    pub security_group: Maybe<String>,
    /// Its route table's name.
    pub route_table: Maybe<String>,
    /// Its NAT gateway's name.
    pub nat_gateway: Maybe<String>,
    /// Where it stands.
    pub origin: Origin,
}
