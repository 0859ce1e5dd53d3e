//! What cannot change on an `AzureCluster` (CAPZ `internal/webhooks/azurecluster_webhook.go`). Both objects are compared after the defaults, as the webhook does.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_diagnostic::Rule;
use flatwright_kubernetes::network::Cidr;

use crate::check::{Check, name};
use crate::defaults::defaulted;
use crate::field::{Field, deeply_equal, same};
use crate::rules::azure_cluster::{self, RefusedInCluster};
use crate::rules::azure_load_balancer::is_internal;

/// What an Azure cluster keeps.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedInCluster {
    /// A field with its first value.
    #[rule("immutable-azure-cluster-field", "`{field}` cannot change from {} to {}", word(from), word(to))]
    Field { field: String, from: String, to: String },
    /// A bastion.
    #[rule("immutable-azure-bastion", "an Azure bastion can neither change nor go away")]
    Bastion,
    /// The network that its machines are in.
    #[rule("renamed-virtual-network", "the virtual network `{name}` of a running cluster goes away")]
    VirtualNetwork { name: String },
    /// A subnet that machines are in.
    #[rule("removed-subnet", "the subnet `{name}` of a running cluster goes away")]
    Subnet { name: String },
}

/// A value of a field; `null` stands for an absent one.
fn word(value: &str) -> String {
    if value == "null" { "nothing".to_owned() } else { format!("`{value}`") }
}

/// Fields that keep their first value, also if that is nothing.
const FIXED: &[&str] = &[
    "resourceGroup",
    "subscriptionID",
    "location",
    "azureEnvironment",
    "networkSpec.privateDNSZoneName",
    "networkSpec.privateDNSZoneResourceGroup",
    "networkSpec.privateDNSZone",
    "networkSpec.controlPlaneOutboundLB",
];

/// Fields of the API server's load balancer that keep their first value.
const FIXED_SERVER: &[&str] = &["name", "type", "sku", "idleTimeoutInMinutes"];

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    azure_cluster::both(check, new);
    overrides(check, old, new);
    renamed(check, old, new);
    let (before, after) = (defaulted(old.value()), defaulted(new.value()));
    let (before, after) = (Field::root(&before).get("spec"), Field::root(&after).get("spec"));
    // A live object has what controllers filled in; a manifest that does not speak of it leaves it alone.
    let is_live = old.get("metadata.uid").is_set();
    for path in FIXED {
        let is_kept = is_live && !after.get(path).is_set();
        if !is_kept && !equal(&before.get(path), &after.get(path)) {
            fixed(check, &before.get(path), &after.get(path));
        }
    }
    endpoint(check, &before, &after, is_live);
    let cluster = new.get("metadata.name").text_or_empty();
    let [before_network, after_network] = [&before, &after].map(|spec| spec.get("networkSpec"));
    server(check, &before_network, &after_network);
    node_outbound(check, &before_network, &after_network);
    subnets(check, &before_network, &after_network, cluster);
    let [before, after] = [&before, &after].map(|spec| spec.get("bastionSpec.azureBastion"));
    if before.is_set() && !deeply_equal(before.value(), after.value()) {
        check.refuse(&after, &FixedInCluster::Bastion).hint("put `bastionSpec.azureBastion` back as it was");
    }
}

/// Go strings are `""` where they are absent.
fn equal(before: &Field<'_>, after: &Field<'_>) -> bool {
    (before.is_blank() && after.is_blank()) || same(before.value(), after.value())
}

fn fixed(check: &mut Check<'_>, before: &Field<'_>, after: &Field<'_>) {
    check
        .refuse(after, &FixedInCluster::Field { field: name(after), from: before.shown(), to: after.shown() })
        .hint("keep the old value, or make a new cluster");
}

fn overrides(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let [before, after] = [old, new].map(|object| object.get("spec.cloudProviderConfigOverrides"));
    if !same(before.value(), after.value()) || before.is_set() != after.is_set() {
        check
            .refuse(&after, &RefusedInCluster::ChangedOverrides)
            .hint("put rate limits into the cloud provider's own configuration");
    }
}

/// The endpoint may be filled in once.
fn endpoint(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>, is_live: bool) {
    for key in ["host", "port"] {
        let [before, after] = [old, new].map(|spec| spec.get("controlPlaneEndpoint").get(key));
        let was_set = !before.is_blank() && before.int() != Some(0);
        if was_set && before.value() != after.value() && (after.is_set() || !is_live) {
            fixed(check, &before, &after);
        }
    }
}

fn server(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let [before, after] = [old, new].map(|network| network.get("apiServerLB"));
    if !before.is_set() || !after.is_set() {
        return;
    }
    for key in FIXED_SERVER {
        if !equal(&before.get(key), &after.get(key)) {
            fixed(check, &before.get(key), &after.get(key));
        }
    }
    zones(check, &before, &after);
    let [was, is] = [&before, &after].map(|balancer| balancer.get("frontendIPs").index(0).get("privateIP"));
    let is_judged = if is_internal(new) { !is.is_blank() } else { !was.is_blank() && !is.is_blank() };
    if is_judged && was.value() != is.value() {
        fixed(check, &was, &is);
    }
}

/// The order of zones says nothing.
fn zones(check: &mut Check<'_>, before: &Field<'_>, after: &Field<'_>) {
    let [was, is] = [before, after].map(|balancer| balancer.get("availabilityZones"));
    let set = |list: &Field<'_>| list.items().map(|zone| zone.shown()).collect::<BTreeSet<_>>();
    if set(&was) != set(&is) {
        fixed(check, &was, &is);
    }
}

/// Looked at only where a node subnet has an IPv6 network, but for its zones.
fn node_outbound(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let [before, after] = [old, new].map(|network| network.get("nodeOutboundLB"));
    if !before.is_set() || !after.is_set() {
        return;
    }
    zones(check, &before, &after);
    let has_v6 = new.get("subnets").items().any(|subnet| {
        let is_for_nodes = matches!(subnet.get("role").text_or_empty(), "node" | "cluster");
        is_for_nodes
            && subnet.get("cidrBlocks").items().any(|it| Cidr::parse(it.text_or_empty()).is_some_and(Cidr::is_v6))
    });
    for key in ["id", "name", "idleTimeoutInMinutes"] {
        if has_v6 && !equal(&before.get(key), &after.get(key)) {
            fixed(check, &before.get(key), &after.get(key));
        }
    }
}

fn subnets(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>, cluster: &str) {
    let list = old.get("subnets");
    let before: BTreeMap<_, _> = list.items().map(|subnet| (subnet.get("name").text_or_empty(), subnet)).collect();
    let owned = format!("sigs.k8s.io_cluster-api-provider-azure_cluster_{cluster}");
    let is_owned = old.get("vnet.tags").key(&owned).holds("owned");
    let node_table = new.get("subnets").items().find(|subnet| subnet.get("role").holds("node"));
    let node_table = node_table.map(|subnet| subnet.get("routeTable.name").shown()).unwrap_or_default();
    for subnet in new.get("subnets").items() {
        let Some(known) = before.get(subnet.get("name").text_or_empty()) else { continue };
        for path in ["routeTable.name", "natGateway.name", "securityGroup.name"] {
            let (was, is) = (known.get(path), subnet.get(path));
            // Newer providers give the control plane the nodes' route table.
            let is_shared = path.starts_with("route")
                && [&was, &is].iter().any(|field| field.is_blank())
                && [&was, &is].iter().any(|field| field.shown() == node_table);
            let is_free = (path.starts_with("nat") && was.is_blank()) || is_shared;
            if !is_free && !equal(&was, &is) {
                fixed(check, &was, &is);
            }
        }
        let (was, is) = (known.get("cidrBlocks"), subnet.get("cidrBlocks"));
        if is_owned && !same(was.value(), is.value()) {
            fixed(check, &was, &is);
        }
    }
}

/// Admitted, but everything that lives in the network stays where it is.
fn renamed(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let [before, after] = [old, new].map(|object| object.get("spec.networkSpec.vnet.name"));
    if !before.is_blank() && before.value() != after.value() {
        moved(check, &after, &before, |name| FixedInCluster::VirtualNetwork { name });
    }
    let list = new.get("spec.networkSpec.subnets");
    let names: BTreeSet<_> = list.items().map(|subnet| subnet.get("name").text_or_empty()).collect();
    for subnet in old.get("spec.networkSpec.subnets").items() {
        let name = subnet.get("name");
        if !name.is_blank() && !names.contains(name.text_or_empty()) {
            moved(check, &list, &name, |name| FixedInCluster::Subnet { name });
        }
    }
}

fn moved(check: &mut Check<'_>, place: &Field<'_>, name: &Field<'_>, rule: fn(String) -> FixedInCluster) {
    check
        .warn(place, &rule(name.shown()))
        .note("admission lets it pass; machines stay in the old network, and new ones go to another")
        .hint(format!("keep `{}`", name.shown()));
}
