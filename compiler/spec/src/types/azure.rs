//! The Azure side: subscription, region, identity, networks.

use flatwright_diagnostic::Traced;

use super::*;
use crate::decode::{AnyText, Named, keywords, record};

record! {
    /// The Azure side (AzureCluster, AzureClusterIdentity).
    pub struct Azure {
        /// The subscription that pays.
        "subscriptionID" subscription_id: Traced<Guid>,
        /// The region in its short spelling, such as `westeurope`.
        "location" location: Traced<Location>,
        /// The resource group. Default: the cluster's name. CAPZ creates it if it does not exist.
        "resourceGroup" resource_group: Maybe<ResourceGroup>,
        /// The cloud. Default: `AzurePublicCloud`.
        "azureEnvironment" environment: Maybe<AzureEnvironment>,
        /// Who CAPZ is towards Azure.
        "identity" identity: Identity,
        /// The administrator's SSH key in plain text; the compiler encodes it. Without one, CAPZ makes a random key that nobody has.
        "sshPublicKey" ssh_public_key: Maybe<SshPublicKey>,
        /// Virtual network and subnets. Default: CAPZ's own, `10.0.0.0/8` with one subnet each for control plane and nodes.
        "network" network: Option<Network>,
        /// Tags of every Azure resource of the cluster.
        "additionalTags" additional_tags: Named<Traced<AnyText>>,
    }
}

keywords! {
    /// Azure's clouds.
    pub enum AzureEnvironment {
        /// The public cloud.
        "AzurePublicCloud" Public,
        /// China.
        "AzureChinaCloud" China,
        /// Germany.
        "AzureGermanCloud" German,
        /// United States government.
        "AzureUSGovernmentCloud" UsGovernment,
    }
}

keywords! {
    /// The types of an AzureClusterIdentity that this compiler makes.
    pub enum IdentityType {
        /// Federated token of the CAPZ service account. Recommended.
        "WorkloadIdentity" WorkloadIdentity,
        /// A service principal; its secret is in a Secret.
        "ServicePrincipal" ServicePrincipal,
        /// A service principal with a certificate in a Secret.
        "ServicePrincipalCertificate" ServicePrincipalCertificate,
        /// A user-assigned managed identity on the management cluster's machines.
        "UserAssignedMSI" UserAssignedMsi,
    }
}

record! {
    /// Who CAPZ is towards Azure. With `type`, the AzureClusterIdentity is emitted; without, one of this name must exist.
    pub struct Identity {
        /// The name of the AzureClusterIdentity.
        "name" name: Traced<Subdomain>,
        /// The namespace of an existing AzureClusterIdentity. Default: the cluster's.
        "namespace" namespace: Maybe<Label>,
        /// Its type.
        "type" identity_type: Maybe<IdentityType>,
        /// The client (application) id. Needed with `type`.
        "clientID" client_id: Maybe<Guid>,
        /// The tenant id. Needed with `type`.
        "tenantID" tenant_id: Maybe<Guid>,
        /// The Secret with the client secret or certificate. Needed for `ServicePrincipal` and `ServicePrincipalCertificate`.
        "clientSecret" client_secret: Option<SecretName>,
        /// The resource id of the managed identity. Needed for `UserAssignedMSI`.
        "resourceID" resource_id: Maybe<ResourceId>,
    }
}

record! {
    /// A Secret by name and namespace.
    pub struct SecretName {
        /// Its name.
        "name" name: Traced<Subdomain>,
        /// Its namespace. Default: the cluster's.
        "namespace" namespace: Maybe<Label>,
    }
}

record! {
    /// Virtual network and subnets (AzureCluster `spec.networkSpec`).
    pub struct Network {
        /// The virtual network.
        "vnet" vnet: Option<Vnet>,
        /// The subnets. Default: `control-plane-subnet` and `node-subnet`.
        "subnets" subnets: Vec<Subnet>,
    }
}

record! {
    /// The virtual network. One that exists is used, one that does not is created.
    pub struct Vnet {
        /// Its name. Default: `<cluster>-vnet`.
        "name" name: Maybe<ResourceName>,
        /// Its resource group. Default: the cluster's.
        "resourceGroup" resource_group: Maybe<ResourceGroup>,
        /// Its address space. Default: `10.0.0.0/8`.
        "cidrBlocks" cidr_blocks: Vec<Traced<Cidr>>,
    }
}

keywords! {
    /// What runs in a subnet.
    pub enum SubnetRole {
        /// Control-plane machines.
        "control-plane" ControlPlane,
        /// Workers.
        "node" Node,
        /// Both.
        "cluster" Cluster,
    }
}

record! {
    /// A subnet.
    pub struct Subnet {
        /// Its name.
        "name" name: Traced<ResourceName>,
        /// What runs in it.
        "role" role: Traced<SubnetRole>,
        /// Its addresses, inside the virtual network's. Needed if the virtual network is not `10.0.0.0/8`.
        "cidrBlocks" cidr_blocks: Vec<Traced<Cidr>>,
        /// The name of its network security group.
        "securityGroup" security_group: Maybe<ResourceName>,
        /// The name of its route table.
        "routeTable" route_table: Maybe<ResourceName>,
        /// The name of its NAT gateway.
        "natGateway" nat_gateway: Maybe<ResourceName>,
    }
}
