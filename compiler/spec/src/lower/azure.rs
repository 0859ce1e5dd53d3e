//! The Azure side.

use flatwright_diagnostic::{Origin, Traced};
use flatwright_plan as plan;

use super::{Context, named, optional, text, texts};
use crate::types;

pub(super) fn lower(context: &Context<'_>) -> plan::Azure {
    let azure = &context.spec.azure;
    plan::Azure {
        subscription_id: text(&azure.subscription_id),
        location: text(&azure.location),
        resource_group: optional(&azure.resource_group).unwrap_or_else(|| {
            Traced::default_by(context.cluster.value.clone(), "the resource group is named after the cluster")
        }),
        environment: optional(&azure.environment),
        identity: identity(&azure.identity),
        ssh_public_key: azure.ssh_public_key.as_ref().map(|key| key.as_ref().map(|key| encoded(key.as_str()))),
        network: network(context),
        additional_tags: named(&azure.additional_tags),
    }
}

fn identity(identity: &types::Identity) -> plan::Identity {
    plan::Identity {
        name: text(&identity.name),
        namespace: optional(&identity.namespace),
        identity_type: optional(&identity.identity_type),
        client_id: optional(&identity.client_id),
        tenant_id: optional(&identity.tenant_id),
        client_secret: identity
            .client_secret
            .as_ref()
            .map(|secret| plan::SecretName { name: text(&secret.name), namespace: optional(&secret.namespace) }),
        resource_id: optional(&identity.resource_id),
        allowed_namespaces: texts(&identity.allowed_namespaces),
    }
}

/// CAPZ wants base64 of an `authorized_keys` line.
fn encoded(key: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(format!("{}\n", key.trim()))
}

fn network(context: &Context<'_>) -> plan::NetworkPlan {
    let network = context.spec.azure.network.as_ref();
    let vnet = network.and_then(|network| network.vnet.as_ref());
    let subnets: Vec<plan::Subnet> =
        network.map(|network| network.subnets.iter().map(subnet).collect()).unwrap_or_default();
    plan::NetworkPlan {
        vnet: plan::Vnet {
            name: vnet.and_then(|vnet| optional(&vnet.name)).unwrap_or_else(|| {
                Traced::default_by(
                    format!("{}-vnet", context.cluster.value),
                    "the virtual network is named after the cluster",
                )
            }),
            resource_group: vnet.and_then(|vnet| optional(&vnet.resource_group)),
            cidr_blocks: vnet.map(|vnet| texts(&vnet.cidr_blocks)).unwrap_or_default(),
        },
        subnets: if subnets.is_empty() { default_subnets() } else { subnets },
    }
}

fn subnet(subnet: &types::Subnet) -> plan::Subnet {
    plan::Subnet {
        name: text(&subnet.name),
        role: text(&subnet.role),
        cidr_blocks: texts(&subnet.cidr_blocks),
        security_group: optional(&subnet.security_group),
        route_table: optional(&subnet.route_table),
        nat_gateway: optional(&subnet.nat_gateway),
        origin: subnet.origin,
    }
}

/// The subnets of a network that lists none: name and role.
pub(crate) const DEFAULT_SUBNETS: [(&str, &str); 2] =
    [("control-plane-subnet", "control-plane"), ("node-subnet", "node")];

fn default_subnets() -> Vec<plan::Subnet> {
    const RULE: &str = "one subnet for the control plane and one for nodes, with CAPZ's addresses";
    DEFAULT_SUBNETS
        .map(|(name, role)| plan::Subnet {
            name: Traced::default_by(name.to_owned(), RULE),
            role: Traced::default_by(role.to_owned(), RULE),
            cidr_blocks: Vec::new(),
            security_group: None,
            route_table: None,
            nat_gateway: None,
            origin: Origin::Default(RULE),
        })
        .into()
}
