//! What CAPZ's mutating webhooks write into clusters and their templates (`internal/api/v1beta1/azurecluster_default.go`). Owns names and numbers only; which of
//! them matter is for the rules to know.

use serde_json::{Map, Value, json};

use super::fill::{at, fill, objects};
use crate::rules::azure_load_balancer::DEFAULT_ADDRESS;

pub(super) fn cluster(object: &mut Value, name: &str) {
    fill(object, &["spec", "resourceGroup"], json!(name));
    fill(object, &["spec", "azureEnvironment"], json!("AzurePublicCloud"));
    let has_control_plane = object.pointer("/spec/controlPlaneEnabled") != Some(&Value::Bool(false));
    if has_control_plane {
        fill(object, &["spec", "networkSpec", "apiServerLB"], json!({}));
    }
    if let Some(Value::Object(bastion)) = at(object, &["spec", "bastionSpec", "azureBastion"]) {
        self::bastion(bastion, name);
    }
    let Some(Value::Object(network)) = at(object, &["spec", "networkSpec"]) else { return };
    if let Some(Value::Object(vnet)) = network.get_mut("vnet") {
        text(vnet, "name", format!("{name}-vnet"));
        for peering in objects(vnet.get_mut("peerings")) {
            text(peering, "remoteVnetName", "");
        }
    }
    if let (true, Some(Value::Object(balancer))) = (has_control_plane, network.get_mut("apiServerLB")) {
        server(balancer, name);
    }
    for (key, own, address) in [
        ("controlPlaneOutboundLB", format!("{name}-outbound-lb"), format!("pip-{name}-controlplane-outbound")),
        ("nodeOutboundLB", name.to_owned(), format!("pip-{name}-node-outbound")),
    ] {
        if let Some(Value::Object(balancer)) = network.get_mut(key) {
            outbound(balancer, &own, &address);
        }
    }
    let mut nodes = 0_usize;
    for subnet in objects(network.get_mut("subnets")) {
        self::subnet(subnet, name, &mut nodes);
    }
}

/// A template has no names to make up.
pub(super) fn template(object: &mut Value) {
    let home = ["spec", "template", "spec"];
    fill(object, &[&home[..], &["azureEnvironment"]].concat(), json!("AzurePublicCloud"));
    fill(object, &[&home[..], &["networkSpec", "apiServerLB"]].concat(), json!({}));
    let Some(Value::Object(network)) = at(object, &[&home[..], &["networkSpec"]].concat()) else { return };
    if let Some(Value::Object(balancer)) = network.get_mut("apiServerLB") {
        text(balancer, "type", "Public");
        common(balancer);
    }
    for key in ["controlPlaneOutboundLB", "nodeOutboundLB"] {
        if let Some(Value::Object(balancer)) = network.get_mut(key) {
            balancer.insert("type".to_owned(), json!("Public"));
            common(balancer);
        }
    }
    let mut nodes = 0_usize;
    for subnet in objects(network.get_mut("subnets")) {
        networks(subnet, &mut nodes);
        rules(subnet);
    }
}

/// A Go string is empty where it is absent, so an empty one is filled too.
fn text(object: &mut Map<String, Value>, key: &str, value: impl Into<String>) {
    if object.get(key).is_none_or(|old| old.is_null() || old == "") {
        object.insert(key.to_owned(), json!(value.into()));
    }
}

fn named(object: &mut Map<String, Value>, part: &str, name: String) {
    if let Value::Object(part) = object.entry(part).or_insert_with(|| json!({})) {
        text(part, "name", name);
    }
}

fn common(balancer: &mut Map<String, Value>) {
    text(balancer, "sku", "Standard");
    let minutes = balancer.entry("idleTimeoutInMinutes").or_insert(Value::Null);
    if minutes.is_null() {
        *minutes = json!(4);
    }
}

fn server(balancer: &mut Map<String, Value>, cluster: &str) {
    text(balancer, "type", "Public");
    common(balancer);
    let is_internal = balancer.get("type") == Some(&json!("Internal"));
    text(balancer, "name", format!("{cluster}-{}-lb", if is_internal { "internal" } else { "public" }));
    let name = balancer.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let has_frontends = balancer.get("frontendIPs").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if !has_frontends {
        let mut frontend = json!({"name": format!("{name}-frontEnd")});
        if is_internal {
            frontend["privateIP"] = json!(DEFAULT_ADDRESS);
        } else {
            frontend["publicIP"] = json!({"name": format!("pip-{cluster}-apiserver")});
        }
        balancer.insert("frontendIPs".to_owned(), json!([frontend]));
    }
    for frontend in objects(balancer.get_mut("frontendIPs")) {
        text(frontend, "name", "");
    }
    named(balancer, "backendPool", format!("{name}-backendPool"));
}

/// Addresses of an outbound load balancer are made from their number, whatever is written.
fn outbound(balancer: &mut Map<String, Value>, own: &str, address: &str) {
    balancer.insert("type".to_owned(), json!("Public"));
    balancer.insert("sku".to_owned(), json!("Standard"));
    common(balancer);
    text(balancer, "name", own);
    let count = balancer.entry("frontendIPsCount").or_insert(Value::Null);
    if count.is_null() {
        *count = json!(1);
    }
    // More than the webhook admits are not worth making.
    let count = count.as_u64().unwrap_or(1).min(17);
    let name = balancer.get("name").and_then(Value::as_str).unwrap_or_default();
    let frontends: Vec<Value> = (1..=count)
        .map(|number| {
            let suffix = if count == 1 { String::new() } else { format!("-{number}") };
            json!({"name": format!("{name}-frontEnd{suffix}"), "publicIP": {"name": format!("{address}{suffix}")}})
        })
        .collect();
    balancer.insert("frontendIPs".to_owned(), json!(frontends));
    named(balancer, "backendPool", format!("{own}-outboundBackendPool"));
}

fn bastion(bastion: &mut Map<String, Value>, cluster: &str) {
    text(bastion, "name", format!("{cluster}-azure-bastion"));
    text(bastion, "sku", "Basic");
    bastion.entry("enableTunneling").or_insert(Value::Bool(false));
    named(bastion, "publicIP", format!("{cluster}-azure-bastion-pip"));
    named(bastion, "subnet", "AzureBastionSubnet".to_owned());
    if let Some(Value::Object(subnet)) = bastion.get_mut("subnet") {
        text(subnet, "role", "bastion");
        blocks(subnet, "10.255.255.224/27");
    }
}

fn blocks(subnet: &mut Map<String, Value>, block: &str) {
    if subnet.get("cidrBlocks").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        subnet.insert("cidrBlocks".to_owned(), json!([block]));
    }
}

/// Fills the networks, and counts the node subnets.
fn networks(subnet: &mut Map<String, Value>, nodes: &mut usize) {
    match subnet.get("role").and_then(Value::as_str) {
        Some("node") => {
            *nodes += 1;
            blocks(subnet, &format!("10.{nodes}.0.0/16"));
        }
        Some("control-plane" | "cluster") => blocks(subnet, "10.0.0.0/16"),
        _ => {}
    }
}

fn rules(subnet: &mut Map<String, Value>) {
    for rule in objects(subnet.get_mut("securityGroup").and_then(|group| group.get_mut("securityRules"))) {
        text(rule, "direction", "Inbound");
        for key in ["name", "description"] {
            text(rule, key, "");
        }
    }
}

fn subnet(subnet: &mut Map<String, Value>, cluster: &str, nodes: &mut usize) {
    networks(subnet, nodes);
    let role = subnet.get("role").and_then(Value::as_str).unwrap_or_default().to_owned();
    let prefix = match role.as_str() {
        "node" => format!("{cluster}-node"),
        "control-plane" => format!("{cluster}-controlplane"),
        _ => cluster.to_owned(),
    };
    let index = if role == "node" { format!("-{nodes}") } else { String::new() };
    if matches!(role.as_str(), "node" | "control-plane" | "cluster") {
        text(subnet, "name", format!("{prefix}-subnet{index}"));
        named(subnet, "securityGroup", format!("{prefix}-nsg"));
    } else {
        text(subnet, "name", "");
    }
    if matches!(role.as_str(), "node" | "cluster") {
        named(subnet, "routeTable", format!("{prefix}-routetable"));
        let is_v6 = subnet
            .get("cidrBlocks")
            .and_then(Value::as_array)
            .is_some_and(|blocks| blocks.iter().any(|block| block.as_str().is_some_and(|text| text.contains(':'))));
        let is_own = subnet.get("id").is_none_or(|id| id.is_null() || id == "");
        if is_own && (!is_v6 || role == "cluster") {
            named(subnet, "natGateway", format!("{prefix}-natgw{index}"));
        }
    }
    for part in ["securityGroup", "routeTable", "natGateway"] {
        if let Some(Value::Object(part)) = subnet.get_mut(part) {
            text(part, "name", "");
        }
    }
    rules(subnet);
}
