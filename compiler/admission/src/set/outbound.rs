//! Machines that fetch something at their first boot, in a subnet from which nothing leads to the internet.
//!
//! The source is what CAPZ makes by itself: a NAT gateway for subnets of nodes with IPv4 alone, none in a virtual network that is somebody else's, and an outbound load
//! balancer only for nodes with IPv6 behind a public API server.

use flatwright_diagnostic::{Rule, Severity};

use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::{Findings, Set, kind, name};

/// A way to the internet that nobody makes.
#[derive(Debug, Rule)]
#[rule(group = "manifest-outbound-access")]
pub(crate) enum OutboundAccess {
    /// In a network that CAPZ makes.
    #[rule(
        "no-outbound-access",
        "machines of subnet `{subnet}` fetch files, and nothing leads from it to the internet"
    )]
    None { subnet: String },
    /// In a network that is there already.
    #[rule(
        "outbound-access-of-own-network",
        "machines of subnet `{subnet}` fetch files, and CAPZ makes no NAT gateway in a virtual network of your own"
    )]
    OwnNetwork { subnet: String },
}

/// What a machine config has where it fetches something.
const FETCHED: [&str; 2] = ["https://", "http://"];

pub(crate) fn check(set: &Set<'_>, group: &Group<'_>, findings: &mut Findings<'_>) {
    let is_fetching =
        |(_, config): (usize, Field<'_>)| FETCHED.iter().any(|scheme| config.text_or_empty().contains(scheme));
    if !group.config().is_some_and(is_fetching) {
        return;
    }
    let Some(index) = group.cluster.and_then(|cluster| {
        let cluster = set.get(cluster);
        set.resolve(cluster, &cluster.get("spec.infrastructureRef"))
    }) else {
        return;
    };
    let cluster = set.get(index);
    if kind(cluster) != "AzureCluster" {
        return;
    }
    let network = cluster.get("spec.networkSpec");
    let balancer = network.get("apiServerLB");
    let is_internal = balancer.get("type").text() == Some("Internal");
    let outbound = if group.is_control_plane { "controlPlaneOutboundLB" } else { "nodeOutboundLB" };
    // The machines of a public API server's backend pool go out through its load balancer.
    if (group.is_control_plane && !is_internal) || network.get(outbound).is_defined() {
        return;
    }
    let subnet = subnet(&network, group);
    let has_way = |subnet: &Field<'_>| {
        ["natGateway.name", "routeTable.name", "natGateway.id", "routeTable.id"]
            .iter()
            .any(|path| !subnet.get(path).is_blank())
    };
    if subnet.as_ref().is_some_and(has_way) {
        return;
    }
    let shown = subnet.as_ref().map(|subnet| subnet.get("name").shown()).filter(|name| !name.is_empty());
    let shown = shown.unwrap_or_else(|| if group.is_control_plane { "control-plane" } else { "node" }.to_owned());
    let hint = format!("set `networkSpec.{outbound}`, or the subnet's `natGateway` or `routeTable`");
    if is_own(cluster, &network) {
        findings
            .on(index)
            .add(Severity::Note, &network.get("vnet.resourceGroup"), &OutboundAccess::OwnNetwork { subnet: shown })
            .note("whether the subnet has a NAT gateway or a route of yours is not known here; without one Ignition cannot fetch anything, and the machine never joins")
            .hint(hint);
    } else if group.is_control_plane || subnet.is_some_and(|subnet| has_ipv6(&subnet)) && is_internal {
        findings
            .on(index)
            .warn(&balancer.get("type"), &OutboundAccess::None { subnet: shown })
            .note("Azure gives new virtual networks no way out by itself; Ignition cannot fetch anything then, and the machine never joins")
            .hint(hint);
    }
}

/// The subnet that a group's machines are in, where the cluster lists it.
fn subnet<'a>(network: &Field<'a>, group: &Group<'a>) -> Option<Field<'a>> {
    let wanted = group.machine.as_ref().map(|(_, machine)| {
        let interface = machine.get("networkInterfaces").items().next();
        let of_interface = interface.and_then(|interface| interface.get("subnetName").text());
        of_interface.unwrap_or_else(|| machine.get("subnetName").text_or_empty())
    });
    let role = if group.is_control_plane { "control-plane" } else { "node" };
    let is_it = |subnet: &Field<'_>| match wanted {
        Some(name) if !name.is_empty() => subnet.get("name").text() == Some(name),
        _ => [Some(role), Some("cluster")].contains(&subnet.get("role").text()),
    };
    network.get("subnets").items().find(is_it)
}

/// Whether the virtual network is in another resource group than the cluster, which then has not made it.
fn is_own(cluster: &Field<'_>, network: &Field<'_>) -> bool {
    let own = cluster.get("spec.resourceGroup").text().unwrap_or_else(|| name(cluster));
    network.get("vnet.resourceGroup").text().is_some_and(|group| !group.is_empty() && !group.eq_ignore_ascii_case(own))
}

fn has_ipv6(subnet: &Field<'_>) -> bool {
    subnet.get("cidrBlocks").items().any(|block| block.text_or_empty().contains(':'))
}
