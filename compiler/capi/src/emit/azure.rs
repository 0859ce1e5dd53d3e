//! AzureClusterIdentity and AzureCluster.

use flatwright_diagnostic::Traced;
use flatwright_plan::{Plan, Subnet};

use super::{by_rule, labels, metadata};
use crate::object::{Object, Subject};
use crate::types::{
    AllowedNamespaces, AzureClusterIdentitySpec, AzureClusterSpec, IdentityRef, Metadata, NamedResource, NetworkSpec,
    SecretReference, SubnetSpec, VnetSpec, api,
};
use crate::wire::{Fixed, Keep, Labels};

const VERSION: &str = "v1beta1";

pub(super) fn identity(plan: &Plan) -> Option<Object> {
    let identity = &plan.azure.identity;
    let identity_type = identity.identity_type.clone()?;
    let spec = AzureClusterIdentitySpec {
        allowed_namespaces: Keep(AllowedNamespaces { list: identity.allowed_namespaces.clone() }),
        client_id: identity.client_id.clone(),
        client_secret: identity.client_secret.as_ref().map(|secret| SecretReference {
            name: secret.name.clone(),
            namespace: secret.namespace.clone().unwrap_or_else(|| plan.namespace.clone()),
        }),
        resource_id: identity.resource_id.clone(),
        tenant_id: identity.tenant_id.clone(),
        identity_type,
    };
    let moved = by_rule("true", "`clusterctl move` takes the identity along with the clusters that use it");
    let metadata = Metadata {
        labels: Labels(vec![("clusterctl.cluster.x-k8s.io/move-hierarchy".to_owned(), moved)]),
        ..metadata(plan, identity.name.clone())
    };
    Some(Object::new(api::INFRASTRUCTURE, VERSION, "AzureClusterIdentity", &metadata, &spec, Subject::Cluster))
}

pub(super) fn cluster(plan: &Plan) -> Object {
    let azure = &plan.azure;
    let spec = AzureClusterSpec {
        additional_tags: labels(&azure.additional_tags),
        azure_environment: azure.environment.clone(),
        identity_ref: IdentityRef {
            api_version: Fixed("infrastructure.cluster.x-k8s.io/v1beta1"),
            kind: Fixed("AzureClusterIdentity"),
            name: azure.identity.name.clone(),
            namespace: azure.identity.namespace.clone(),
        },
        location: azure.location.clone(),
        network_spec: NetworkSpec {
            subnets: azure.network.subnets.iter().map(subnet).collect(),
            vnet: VnetSpec {
                cidr_blocks: azure.network.vnet.cidr_blocks.clone(),
                name: azure.network.vnet.name.clone(),
                resource_group: azure.network.vnet.resource_group.clone(),
            },
        },
        resource_group: azure.resource_group.clone(),
        subscription_id: azure.subscription_id.clone(),
    };
    Object::new(
        api::INFRASTRUCTURE,
        VERSION,
        "AzureCluster",
        &metadata(plan, plan.name.clone()),
        &spec,
        Subject::Cluster,
    )
}

fn subnet(subnet: &Subnet) -> SubnetSpec {
    let named = |name: &Option<Traced<String>>| NamedResource { name: name.clone() };
    SubnetSpec {
        cidr_blocks: subnet.cidr_blocks.clone(),
        name: subnet.name.clone(),
        nat_gateway: named(&subnet.nat_gateway),
        role: subnet.role.clone(),
        route_table: named(&subnet.route_table),
        security_group: named(&subnet.security_group),
    }
}
