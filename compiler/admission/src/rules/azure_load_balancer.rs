//! Load balancers and private DNS of a cluster (CAPZ `internal/webhooks/azurecluster_validation.go`).

use crate::check::{Check, last};
use crate::code::{LOAD_BALANCER, NETWORK_SETTINGS};
use crate::field::Field;
use crate::rules::azure_network::{added_roles, bad, has_control_plane, subnets};
use crate::syntax::{is_placeholder, is_word};

/// What the rest of the rules ask of the API server's load balancer.
pub(crate) fn is_internal(network: &Field<'_>) -> bool {
    network.get("apiServerLB.type").holds("Internal")
}

/// The load balancers of a cluster. Without a control plane of its own it has none for the API server, and what is written is dropped.
pub(crate) fn check(check: &mut Check<'_>, spec: &Field<'_>) {
    let network = spec.get("networkSpec");
    if !has_control_plane(spec) {
        zone(check, &network);
        return;
    }
    let server = network.get("apiServerLB");
    common(check, &server);
    let name = server.get("name");
    if bad(&name, |text| is_word(text, "-.")) {
        check
            .error(LOAD_BALANCER, &name, format!("`{}` is not the name of a load balancer", name.shown()))
            .hint("use letters, digits, `-`, `_` and `.`");
    }
    if is_internal(&network) {
        internal(check, &network);
    } else {
        public(check, &network);
    }
    outbound(check, &network);
    private_dns(check, &network);
}

/// The load balancers of a cluster template.
pub(crate) fn check_template(check: &mut Check<'_>, network: &Field<'_>) {
    common(check, &network.get("apiServerLB"));
    outbound(check, network);
    private_dns(check, network);
}

fn common(check: &mut Check<'_>, balancer: &Field<'_>) {
    for (key, values) in [("sku", &["Standard"][..]), ("type", &["Public", "Internal"])] {
        let field = balancer.get(key);
        if !field.is_blank() && !field.text().is_some_and(is_placeholder) {
            check.coded_one_of(LOAD_BALANCER, &field, values);
        }
    }
    check.coded_range(LOAD_BALANCER, &balancer.get("idleTimeoutInMinutes"), 4, 30);
    let zones = balancer.get("availabilityZones");
    if zones.len() > 3 {
        check.error(LOAD_BALANCER, &zones, "more than three zones").hint("use some of \"1\", \"2\" and \"3\"");
    }
    for zone in zones.items() {
        check.coded_listed(LOAD_BALANCER, &zone, &["1", "2", "3"]);
    }
}

fn public(check: &mut Check<'_>, network: &Field<'_>) {
    let server = network.get("apiServerLB");
    let frontends = server.get("frontendIPs");
    let count = server.get("frontendIPsCount");
    let has_gate = check.options.gates.api_server_ilb;
    let public = frontends.items().filter(|frontend| frontend.get("publicIP").is_set()).count();
    if (frontends.len() > 0 && public != 1) || count.int().is_some_and(|count| count != 1) {
        let place = if frontends.len() > 0 { &frontends } else { &count };
        check.error(LOAD_BALANCER, place, "a public API server needs exactly one frontend with a `publicIP`").hint(
            "keep one entry `{name: NAME, publicIP: {name: NAME}}` in `frontendIPs`, and remove `frontendIPsCount`",
        );
    }
    let private = frontends.items().map(|frontend| frontend.get("privateIP")).filter(|address| !address.is_blank());
    for address in private {
        if has_gate {
            inside_subnet(check, network, &address, address.text_or_empty());
        } else {
            check
                .error(LOAD_BALANCER, &address, "a public load balancer cannot have a `privateIP`")
                .hint("remove it, set `type: Internal`, or enable the gate `APIServerILB`");
        }
    }
}

/// The address of an internal load balancer that names none.
pub(crate) const DEFAULT_ADDRESS: &str = "10.0.0.100";

fn internal(check: &mut Check<'_>, network: &Field<'_>) {
    let frontends = network.get("apiServerLB.frontendIPs");
    let mut private = 0;
    for frontend in frontends.items() {
        let (public, address) = (frontend.get("publicIP"), frontend.get("privateIP"));
        if public.is_set() {
            check
                .error(LOAD_BALANCER, &public, "an internal load balancer cannot have a `publicIP`")
                .hint("write `privateIP` instead");
        }
        if !address.is_blank() {
            private += 1;
            inside_subnet(check, network, &address, address.text_or_empty());
        }
    }
    if frontends.len() == 0 {
        inside_subnet(check, network, &network.get("apiServerLB.frontendIPs"), DEFAULT_ADDRESS);
    } else if private != 1 || frontends.index(0).get("privateIP").is_blank() {
        check
            .error(LOAD_BALANCER, &frontends, "an internal API server needs exactly one frontend with a `privateIP`")
            .hint("keep one entry, `{name: NAME, privateIP: ADDRESS}`");
    }
}

fn inside_subnet(check: &mut Check<'_>, network: &Field<'_>, place: &Field<'_>, text: &str) {
    let Some(address) = flatwright_kubernetes::network::address(text) else {
        if !is_placeholder(text) {
            check
                .error(LOAD_BALANCER, place, format!("`{text}` is not an IP address"))
                .hint("write an address of the control plane's subnet");
        }
        return;
    };
    let list = subnets(network, added_roles(true));
    let homes: Vec<_> = list.iter().filter(|subnet| matches!(subnet.role, "control-plane" | "cluster")).collect();
    let is_judged = homes.iter().all(|subnet| subnet.blocks.iter().all(|(_, text)| !is_placeholder(text)));
    if is_judged && !homes.iter().flat_map(|subnet| subnet.networks()).any(|network| network.contains(address)) {
        let finding = check.error(
            LOAD_BALANCER,
            place,
            format!("the API server's address `{text}` is not in the control plane's subnet"),
        );
        if place.text().is_none() {
            finding.note("this is the default address of an internal load balancer");
        }
        finding.hint("set `frontendIPs: [{name: NAME, privateIP: ADDRESS}]` with an address of that subnet");
    }
}

fn outbound(check: &mut Check<'_>, network: &Field<'_>) {
    let control_plane = network.get("controlPlaneOutboundLB");
    if control_plane.is_set() {
        if is_internal(network) {
            frontends(check, &control_plane);
            check.coded_range(LOAD_BALANCER, &control_plane.get("idleTimeoutInMinutes"), 4, 30);
        } else {
            check
                .error(
                    LOAD_BALANCER,
                    &control_plane,
                    "`controlPlaneOutboundLB` is for clusters with an internal API server",
                )
                .hint("remove it, or set `apiServerLB.type: Internal`");
        }
    }
    // CAPZ looks at the nodes' outbound load balancer only where a subnet has an IPv6 network.
    let has_v6 = subnets(network, added_roles(true))
        .iter()
        .filter(|subnet| matches!(subnet.role, "node" | "cluster"))
        .any(|subnet| subnet.networks().any(|network| network.is_v6()));
    let nodes = network.get("nodeOutboundLB");
    if has_v6 && nodes.is_set() {
        frontends(check, &nodes);
        check.coded_range(LOAD_BALANCER, &nodes.get("idleTimeoutInMinutes"), 4, 30);
    }
}

fn frontends(check: &mut Check<'_>, balancer: &Field<'_>) {
    let count = balancer.get("frontendIPsCount");
    if count.int().is_some_and(|count| count > 16) {
        check
            .error(LOAD_BALANCER, &count, format!("`{}` frontend addresses, 16 are allowed", count.shown()))
            .hint("set 16 or less");
    }
}

fn private_dns(check: &mut Check<'_>, network: &Field<'_>) {
    let name = network.get("privateDNSZoneName");
    if !name.is_blank() && !is_internal(network) {
        check
            .error(NETWORK_SETTINGS, &name, "`privateDNSZoneName` is for clusters with an internal API server")
            .hint("remove it, or set `apiServerLB.type: Internal`");
    }
    zone(check, network);
}

fn zone(check: &mut Check<'_>, network: &Field<'_>) {
    let (name, group) = (network.get("privateDNSZoneName"), network.get("privateDNSZoneResourceGroup"));
    check.coded_listed(NETWORK_SETTINGS, &network.get("privateDNSZone"), &["System", "None"]);
    if bad(&name, is_zone_name) {
        check
            .error(NETWORK_SETTINGS, &name, format!("`{}` is not a DNS zone name", name.shown()))
            .hint("use letters, digits, `-` and `_`, with `.` between the parts; no part starts with `-`");
    }
    if !group.is_blank() && name.is_blank() {
        check
            .error(NETWORK_SETTINGS, &group, format!("{} needs `privateDNSZoneName`", last(&group)))
            .hint("set `privateDNSZoneName` beside it, or remove it");
    }
    if bad(&group, |text| is_word(text, "-.()")) {
        check
            .error(NETWORK_SETTINGS, &group, format!("`{}` is not the name of a resource group", group.shown()))
            .hint("use letters, digits, `-`, `_`, `.` and parentheses");
    }
}

/// As the validator's library has it: one `.` or `_` may follow the last part, and a part may end with `-`.
fn is_zone_name(text: &str) -> bool {
    let is_name = |text: &str| {
        text.split('.').all(|label| (1..=63).contains(&label.len()) && is_word(label, "-") && !label.starts_with('-'))
    };
    let shorter = text.strip_suffix(['.', '_']).unwrap_or(text);
    text.bytes().filter(|b| *b != b'.').count() <= 255
        && flatwright_kubernetes::network::address(text).is_none()
        && (is_name(text) || is_name(shorter))
}
