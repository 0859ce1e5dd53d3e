//! The Azure side: subscription, region, identity, networks.

use flatwright_diagnostic::{Origin, Traced};

use super::*;
use crate::decode::{AnyText, Keywords, Named, Record};

/// The Azure side (AzureCluster, AzureClusterIdentity).
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Azure {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The subscription that pays.
    #[key("subscriptionID")]
    pub subscription_id: Traced<Guid>,
    /// The region in its short spelling, such as `westeurope`.
    pub location: Traced<Location>,
    /// The resource group. Default: the cluster's name. CAPZ creates it if it does not exist.
    pub resource_group: Maybe<ResourceGroup>,
    /// The cloud. Default: `AzurePublicCloud`.
    #[key("azureEnvironment")]
    pub environment: Maybe<AzureEnvironment>,
    /// Who CAPZ is towards Azure.
    pub identity: Identity,
    /// The administrator's SSH key in plain text; the compiler encodes it. Without one, CAPZ makes a random key that nobody has.
    pub ssh_public_key: Maybe<SshPublicKey>,
    /// Virtual network and subnets. Default: CAPZ's own, `10.0.0.0/8` with one subnet each for control plane and nodes.
    pub network: Option<Network>,
    /// Tags of every Azure resource of the cluster.
    pub additional_tags: Named<Traced<AnyText>>,
}

/// Azure's clouds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum AzureEnvironment {
    /// The public cloud.
    #[word("AzurePublicCloud")]
    Public,
    /// China.
    #[word("AzureChinaCloud")]
    China,
    /// Germany.
    #[word("AzureGermanCloud")]
    German,
    /// United States government.
    #[word("AzureUSGovernmentCloud")]
    UsGovernment,
}

/// The types of an AzureClusterIdentity that this compiler makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum IdentityType {
    /// Federated token of the CAPZ service account. Recommended.
    WorkloadIdentity,
    /// A service principal; its secret is in a Secret.
    ServicePrincipal,
    /// A service principal with a certificate in a Secret.
    ServicePrincipalCertificate,
    /// A user-assigned managed identity on the management cluster's machines.
    #[word("UserAssignedMSI")]
    UserAssignedMsi,
}

/// Who CAPZ is towards Azure. With `type`, the AzureClusterIdentity is emitted; without, one of this name must exist.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Identity {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The name of the AzureClusterIdentity.
    pub name: Traced<Subdomain>,
    /// The namespace of an existing AzureClusterIdentity. Default: the cluster's.
    pub namespace: Maybe<Label>,
    /// Its type.
    #[key("type")]
    pub identity_type: Maybe<IdentityType>,
    /// The client (application) id. Needed with `type`.
    #[key("clientID")]
    pub client_id: Maybe<Guid>,
    /// The tenant id. Needed with `type`.
    #[key("tenantID")]
    pub tenant_id: Maybe<Guid>,
    /// The Secret with the client secret or certificate. Needed for `ServicePrincipal` and `ServicePrincipalCertificate`.
    pub client_secret: Option<SecretName>,
    /// The resource id of the managed identity. Needed for `UserAssignedMSI`.
    #[key("resourceID")]
    pub resource_id: Maybe<ResourceId>,
    /// The namespaces whose clusters may use it, this cluster's among them. Default: all.
    pub allowed_namespaces: Vec<Traced<Label>>,
}

/// A Secret by name and namespace.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct SecretName {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its name.
    pub name: Traced<Subdomain>,
    /// Its namespace. Default: the cluster's.
    pub namespace: Maybe<Label>,
}

/// Virtual network and subnets (AzureCluster `spec.networkSpec`).
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Network {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The virtual network.
    pub vnet: Option<Vnet>,
    /// The subnets. Default: `control-plane-subnet` and `node-subnet`.
    pub subnets: Vec<Subnet>,
}

/// The virtual network. One that exists is used, one that does not is created.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Vnet {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its name. Default: `<cluster>-vnet`.
    pub name: Maybe<ResourceName>,
    /// Its resource group. Default: the cluster's.
    pub resource_group: Maybe<ResourceGroup>,
    /// Its address space. Default: `10.0.0.0/8`.
    pub cidr_blocks: Vec<Traced<AddressBlock>>,
}

/// What runs in a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum SubnetRole {
    /// Control-plane machines.
    #[word("control-plane")]
    ControlPlane,
    /// Workers.
    #[word("node")]
    Node,
    /// Both.
    #[word("cluster")]
    Cluster,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Subnet {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its name.
    pub name: Traced<ResourceName>,
    /// What runs in it.
    pub role: Traced<SubnetRole>,
    /// Its addresses, inside the virtual network's. Needed if the virtual network is not `10.0.0.0/8`.
    pub cidr_blocks: Vec<Traced<AddressBlock>>,
    /// The name of its network security group.
    pub security_group: Maybe<ResourceName>,
    /// The name of its route table.
    pub route_table: Maybe<ResourceName>,
    /// The name of its NAT gateway.
    pub nat_gateway: Maybe<ResourceName>,
}
