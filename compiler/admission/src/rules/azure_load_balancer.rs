//! Load balancers and private DNS of a cluster (CAPZ `internal/webhooks/azurecluster_validation.go`).

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::field::Field;
use crate::rules::azure_network::{added_roles, bad, has_control_plane, subnets};
use crate::syntax::is_word;
use flatwright_kubernetes::is_placeholder;

/// What CAPZ refuses of load balancers.
#[derive(Debug, Rule)]
#[rule(group = "admission-load-balancer")]
pub(crate) enum LoadBalancer {
    /// A word that a field does not take.
    #[rule("unknown-load-balancer-value", "`{value}` is not a value of `{field}`")]
    UnknownValue { field: String, value: String },
    /// An idle timeout that Azure does not have.
    #[rule("load-balancer-idle-timeout", "`idleTimeoutInMinutes` `{minutes}` is outside 4 to 30")]
    IdleTimeout { minutes: i64 },
    /// More zones than there are.
    #[rule("too-many-zones", "`availabilityZones` has {count} zones, 3 are allowed")]
    TooManyZones { count: usize },
    /// A name that Azure does not take.
    #[rule("load-balancer-name", "`{name}` is not the name of a load balancer")]
    Name { name: String },
    /// A public API server without exactly one public frontend.
    #[rule("public-api-server-frontends", "a public API server needs exactly one frontend with a `publicIP`")]
    PublicFrontends,
    /// A private address at a public load balancer.
    #[rule("private-ip-of-public-load-balancer", "a public load balancer cannot have a `privateIP`")]
    PrivateIp { address: String },
    /// A public address at an internal load balancer.
    #[rule("public-ip-of-internal-load-balancer", "an internal load balancer cannot have a `publicIP`")]
    PublicIp,
    /// An internal API server without exactly one private frontend.
    #[rule("internal-api-server-frontends", "an internal API server needs exactly one frontend with a `privateIP`")]
    InternalFrontends,
    /// An address that is not one.
    #[rule("api-server-address-syntax", "`{address}` is not an IP address")]
    AddressSyntax { address: String },
    /// An address that the control plane's subnet does not have.
    #[rule(
        "api-server-address-outside-subnet",
        "the API server's address `{address}` is not in the control plane's subnet"
    )]
    OutsideSubnet { address: String },
    /// A way out of its own, which a control plane with a public API server has already.
    #[rule(
        "control-plane-outbound-of-public-cluster",
        "`controlPlaneOutboundLB` is for clusters with an internal API server"
    )]
    OutboundOfPublic,
    /// More outbound addresses than CAPZ makes.
    #[rule("too-many-frontend-addresses", "`{count}` frontend addresses, 16 are allowed")]
    TooManyFrontends { count: i64 },
}

/// What CAPZ refuses of a private DNS zone.
#[derive(Debug, Rule)]
#[rule(group = "admission-network-settings")]
pub(crate) enum PrivateDns {
    /// A private zone for an API server that is public.
    #[rule("dns-zone-of-public-cluster", "`privateDNSZoneName` is for clusters with an internal API server")]
    OfPublic,
    /// A word that the field does not take.
    #[rule("unknown-dns-zone-mode", "`{value}` is not a value of `{field}`")]
    UnknownMode { field: String, value: String },
    /// A name that is not one of a zone.
    #[rule("dns-zone-name", "`{name}` is not a DNS zone name")]
    Name { name: String },
    /// A home for a zone that has no name.
    #[rule("dns-zone-group-without-name", "`privateDNSZoneResourceGroup` needs `privateDNSZoneName`")]
    GroupWithoutName,
    /// A name that is not one of a resource group.
    #[rule("dns-zone-resource-group-name", "`{name}` is not the name of a resource group")]
    GroupName { name: String },
}

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
        check.refuse(&name, &LoadBalancer::Name { name: name.shown() }).hint("use letters, digits, `-`, `_` and `.`");
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
            check.one_of(&field, values, unknown);
        }
    }
    idle_timeout(check, balancer);
    let zones = balancer.get("availabilityZones");
    if zones.len() > 3 {
        check
            .refuse(&zones, &LoadBalancer::TooManyZones { count: zones.len() })
            .hint("use some of \"1\", \"2\" and \"3\"");
    }
    for zone in zones.items() {
        check.listed(&zone, &["1", "2", "3"], unknown);
    }
}

fn unknown(field: String, value: String) -> LoadBalancer {
    LoadBalancer::UnknownValue { field, value }
}

fn idle_timeout(check: &mut Check<'_>, balancer: &Field<'_>) {
    check.range(&balancer.get("idleTimeoutInMinutes"), 4..=30, |minutes| LoadBalancer::IdleTimeout { minutes });
}

fn public(check: &mut Check<'_>, network: &Field<'_>) {
    let server = network.get("apiServerLB");
    let frontends = server.get("frontendIPs");
    let count = server.get("frontendIPsCount");
    let has_gate = check.options.gates.api_server_ilb;
    let public = frontends.items().filter(|frontend| frontend.get("publicIP").is_set()).count();
    if (frontends.len() > 0 && public != 1) || count.int().is_some_and(|count| count != 1) {
        let place = if frontends.len() > 0 { &frontends } else { &count };
        check.refuse(place, &LoadBalancer::PublicFrontends).hint(
            "keep one entry `{name: NAME, publicIP: {name: NAME}}` in `frontendIPs`, and remove `frontendIPsCount`",
        );
    }
    let private = frontends.items().map(|frontend| frontend.get("privateIP")).filter(|address| !address.is_blank());
    for address in private {
        if has_gate {
            inside_subnet(check, network, &address, address.text_or_empty());
        } else {
            check
                .refuse(&address, &LoadBalancer::PrivateIp { address: address.shown() })
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
            check.refuse(&public, &LoadBalancer::PublicIp).hint("write `privateIP` instead");
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
            .refuse(&frontends, &LoadBalancer::InternalFrontends)
            .hint("keep one entry, `{name: NAME, privateIP: ADDRESS}`");
    }
}

fn inside_subnet(check: &mut Check<'_>, network: &Field<'_>, place: &Field<'_>, text: &str) {
    let Some(address) = flatwright_kubernetes::network::address(text) else {
        if !is_placeholder(text) {
            check
                .refuse(place, &LoadBalancer::AddressSyntax { address: text.to_owned() })
                .hint("write an address of the control plane's subnet");
        }
        return;
    };
    let list = subnets(network, added_roles(true));
    let homes: Vec<_> = list.iter().filter(|subnet| matches!(subnet.role, "control-plane" | "cluster")).collect();
    let is_judged = homes.iter().all(|subnet| subnet.blocks.iter().all(|(_, text)| !is_placeholder(text)));
    if is_judged && !homes.iter().flat_map(|subnet| subnet.networks()).any(|network| network.contains(address)) {
        let finding = check.refuse(place, &LoadBalancer::OutsideSubnet { address: text.to_owned() });
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
            idle_timeout(check, &control_plane);
        } else {
            check
                .refuse(&control_plane, &LoadBalancer::OutboundOfPublic)
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
        idle_timeout(check, &nodes);
    }
}

fn frontends(check: &mut Check<'_>, balancer: &Field<'_>) {
    let count = balancer.get("frontendIPsCount");
    if let Some(number) = count.int()
        && number > 16
    {
        check.refuse(&count, &LoadBalancer::TooManyFrontends { count: number }).hint("set 16 or less");
    }
}

fn private_dns(check: &mut Check<'_>, network: &Field<'_>) {
    let name = network.get("privateDNSZoneName");
    if !name.is_blank() && !is_internal(network) {
        check.refuse(&name, &PrivateDns::OfPublic).hint("remove it, or set `apiServerLB.type: Internal`");
    }
    zone(check, network);
}

fn zone(check: &mut Check<'_>, network: &Field<'_>) {
    let (name, group) = (network.get("privateDNSZoneName"), network.get("privateDNSZoneResourceGroup"));
    check.listed(&network.get("privateDNSZone"), &["System", "None"], |field, value| PrivateDns::UnknownMode {
        field,
        value,
    });
    if bad(&name, is_zone_name) {
        check
            .refuse(&name, &PrivateDns::Name { name: name.shown() })
            .hint("use letters, digits, `-` and `_`, with `.` between the parts; no part starts with `-`");
    }
    if !group.is_blank() && name.is_blank() {
        check.refuse(&group, &PrivateDns::GroupWithoutName).hint("set `privateDNSZoneName` beside it, or remove it");
    }
    if bad(&group, |text| is_word(text, "-.()")) {
        check
            .refuse(&group, &PrivateDns::GroupName { name: group.shown() })
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
