//! Virtual networks and subnets (CAPZ `internal/webhooks/azurecluster_validation.go`), of clusters and of cluster templates.

use std::collections::BTreeSet;

use crate::check::Check;
use crate::code::{NETWORK_SETTINGS, VALUE_LIMIT};
use crate::field::Field;
use crate::syntax::{is_placeholder, is_word};
use flatwright_kubernetes::network::Cidr;

const DEFAULT_VNET: &str = "10.0.0.0/8";
const ROLES: &[&str] = &["node", "control-plane", "bastion", "cluster"];

/// A subnet as it is after defaulting.
pub(crate) struct Subnet<'a> {
    /// Where findings about it go: its own place, or the list for one that the webhook adds.
    pub(crate) field: Field<'a>,
    pub(crate) role: &'a str,
    /// Each network with the place it stands at.
    pub(crate) blocks: Vec<(Field<'a>, String)>,
}

impl Subnet<'_> {
    pub(crate) fn networks(&self) -> impl Iterator<Item = Cidr> {
        self.blocks.iter().filter_map(|(_, text)| Cidr::parse(text))
    }
}

/// The virtual network's address blocks, with the default where none are given.
pub(crate) fn vnet_blocks<'a>(network: &Field<'a>) -> Vec<(Field<'a>, String)> {
    let list = network.get("vnet.cidrBlocks");
    let blocks: Vec<_> = list.items().filter_map(|item| Some((item.clone(), item.text()?.to_owned()))).collect();
    if list.len() > 0 { blocks } else { vec![(list, DEFAULT_VNET.to_owned())] }
}

/// Whether the provider makes the control plane's network and load balancer; `controlPlaneEnabled` stands beside the network.
pub(crate) fn has_control_plane(spec: &Field<'_>) -> bool {
    spec.get("controlPlaneEnabled").value() != &serde_json::Value::Bool(false)
}

/// The roles of subnets that the webhook adds where a cluster has none.
pub(crate) fn added_roles(has_control_plane: bool) -> &'static [&'static str] {
    if has_control_plane { &["control-plane", "node"] } else { &["node"] }
}

/// The subnets with their default address blocks, and those that the webhook adds.
pub(crate) fn subnets<'a>(network: &Field<'a>, added: &[&'static str]) -> Vec<Subnet<'a>> {
    let list = network.get("subnets");
    let mut nodes = 0_usize;
    let mut found = Vec::new();
    let mut block = |role: &str| match role {
        "node" => {
            nodes += 1;
            Some(format!("10.{nodes}.0.0/16"))
        }
        "control-plane" | "cluster" => Some("10.0.0.0/16".to_owned()),
        _ => None,
    };
    for subnet in list.items() {
        let role = subnet.get("role").text_or_empty();
        let default = block(role);
        let own = subnet.get("cidrBlocks");
        let blocks = if own.len() > 0 {
            own.items().filter_map(|item| Some((item.clone(), item.text()?.to_owned()))).collect()
        } else {
            default.into_iter().map(|text| (own.clone(), text)).collect()
        };
        found.push(Subnet { field: subnet, role, blocks });
    }
    let has =
        |found: &[Subnet<'_>], role: &str| found.iter().any(|subnet| subnet.role == role || subnet.role == "cluster");
    for role in added {
        if !has(&found, role) {
            let blocks = block(role).into_iter().map(|text| (list.clone(), text)).collect();
            found.push(Subnet { field: list.clone(), role, blocks });
        }
    }
    found
}

/// The network of a cluster; `spec` is what it stands in.
pub(crate) fn check(check: &mut Check<'_>, spec: &Field<'_>) {
    let network = spec.get("networkSpec");
    let vnet = network.get("vnet");
    resource_group(check, spec, &vnet.get("resourceGroup"));
    let subnets = ranges(check, &network, added_roles(has_control_plane(spec)));
    for subnet in &subnets {
        unnamed(check, subnet, &subnets);
        service_endpoints(check, &subnet.field.get("serviceEndpoints"));
        private_endpoints(check, subnet);
    }
    peerings(check, &vnet, spec.get("resourceGroup").text_or_empty());
}

/// The network of a cluster template, of which the webhook looks at less.
pub(crate) fn check_template(check: &mut Check<'_>, network: &Field<'_>) {
    ranges(check, network, &[]);
    both_subnets(check, network);
}

/// The virtual network's group is the cluster's where it has none of its own.
fn resource_group(check: &mut Check<'_>, spec: &Field<'_>, own: &Field<'_>) {
    let is_own = !own.is_blank();
    let group = if is_own { own.clone() } else { spec.get("resourceGroup") };
    if bad(&group, |text| is_word(text, "-.()")) {
        let finding =
            check.error(NETWORK_SETTINGS, own, format!("`{}` is not the name of a resource group", group.shown()));
        if !is_own {
            finding.note(format!("it comes from `{}`", group.path()));
        }
        finding.hint("use letters, digits, `-`, `_`, `.` and parentheses");
    }
}

fn ranges<'a>(check: &mut Check<'_>, network: &Field<'a>, added: &[&'static str]) -> Vec<Subnet<'a>> {
    let blocks = vnet_blocks(network);
    for (field, text) in &blocks {
        cidr(check, field, text);
    }
    let vnet_networks: Vec<_> = blocks.iter().filter_map(|(_, text)| Cidr::parse(text)).collect();
    let subnets = subnets(network, added);
    for subnet in &subnets {
        one(check, subnet, &vnet_networks);
    }
    names(check, network);
    subnets
}

/// Every node subnet gets a name; of the other roles only the first one does, and a bastion's never.
fn unnamed(check: &mut Check<'_>, subnet: &Subnet<'_>, all: &[Subnet<'_>]) {
    let name = subnet.field.get("name");
    let is_first =
        all.iter().find(|other| other.role == subnet.role).is_some_and(|it| it.field.path() == subnet.field.path());
    let is_filled = subnet.role == "node" || (is_first && matches!(subnet.role, "control-plane" | "cluster"));
    if subnet.field.value().is_object() && name.is_blank() && !is_filled {
        check
            .error(NETWORK_SETTINGS, &name, format!("a subnet of role `{}` has no name", subnet.role))
            .hint("set a `name`");
    }
}

fn one(check: &mut Check<'_>, subnet: &Subnet<'_>, vnet: &[Cidr]) {
    let name = subnet.field.get("name");
    if bad(&name, |text| is_word(text, "-.")) {
        check
            .error(NETWORK_SETTINGS, &name, format!("`{}` is not the name of a subnet", name.shown()))
            .hint("use letters, digits, `-`, `_` and `.`");
    }
    check.coded_listed(NETWORK_SETTINGS, &subnet.field.get("role"), ROLES);
    for (field, text) in &subnet.blocks {
        let Some(network) = cidr(check, field, text) else { continue };
        if !vnet.is_empty() && !vnet.iter().any(|vnet| vnet.contains(network.masked().address())) {
            let is_default = field.text().is_none();
            let finding = check.error(
                NETWORK_SETTINGS,
                field,
                format!(
                    "the {}subnet network `{text}` is outside the virtual network",
                    if is_default { "default " } else { "" }
                ),
            );
            finding.hint("set `cidrBlocks` of the subnet to a part of the virtual network's `cidrBlocks`");
            if is_default {
                finding
                    .note("subnets without `cidrBlocks` get networks of 10.0.0.0/8, whatever the virtual network has");
            }
        }
    }
    rules(check, &subnet.field.get("securityGroup.securityRules"));
}

fn cidr(check: &mut Check<'_>, field: &Field<'_>, text: &str) -> Option<Cidr> {
    let network = Cidr::parse(text);
    if network.is_none() && !is_placeholder(text) {
        check
            .error(NETWORK_SETTINGS, field, format!("`{}` is not a network", field.shown()))
            .hint("write an address and a length, such as `10.0.0.0/16`");
    }
    network
}

fn names(check: &mut Check<'_>, network: &Field<'_>) {
    let mut names = BTreeSet::new();
    for subnet in network.get("subnets").items() {
        let name = subnet.get("name");
        if let Some(text) = name.text()
            && !names.insert(text)
        {
            check
                .error(NETWORK_SETTINGS, &subnet, format!("two subnets have the name `{}`", name.shown()))
                .hint("rename one of them");
        }
    }
}

fn peerings(check: &mut Check<'_>, vnet: &Field<'_>, default_group: &str) {
    let mut seen = BTreeSet::new();
    for peering in vnet.get("peerings").items() {
        let name = peering.get("remoteVnetName");
        if !name.is_set() {
            check.coded_needs_text(VALUE_LIMIT, &name);
        }
        let group = peering.get("resourceGroup");
        let group = if group.is_blank() { default_group } else { group.text_or_empty() };
        if !seen.insert((group, name.text_or_empty())) {
            check
                .error(NETWORK_SETTINGS, &peering, format!("the peering with `{}` stands twice", name.shown()))
                .hint("keep one of them");
        }
    }
}

/// A template's subnets are not filled in: both must be spelled out, with names.
fn both_subnets(check: &mut Check<'_>, network: &Field<'_>) {
    let list = network.get("subnets");
    for role in ["control-plane", "node"] {
        if !list.items().any(|subnet| subnet.get("role").holds(role)) {
            check
                .error(NETWORK_SETTINGS, &list, format!("a cluster template needs a subnet of role `{role}`"))
                .note("a subnet that is missing gets an empty name, which is refused")
                .hint(format!("add `{{role: {role}, name: {role}-subnet}}`"));
        }
    }
    for subnet in list.items() {
        let name = subnet.get("name");
        if name.is_blank() {
            check.coded_needs_text(NETWORK_SETTINGS, &name);
        }
    }
}

fn rules(check: &mut Check<'_>, rules: &Field<'_>) {
    for rule in rules.items() {
        let priority = rule.get("priority");
        check.coded_range(NETWORK_SETTINGS, &priority, 100, 4096);
        if !priority.is_set() {
            check
                .error(NETWORK_SETTINGS, &priority, "a security rule has no `priority`")
                .hint("set a number from 100 to 4096 that no other rule of the group has");
        }
        check.coded_listed(NETWORK_SETTINGS, &rule.get("protocol"), &["Tcp", "Udp", "Icmp", "*"]);
        check.coded_listed(NETWORK_SETTINGS, &rule.get("direction"), &["Inbound", "Outbound"]);
        check.coded_listed(NETWORK_SETTINGS, &rule.get("action"), &["Allow", "Deny"]);
        // An empty list is nothing to the webhook, an empty text is something.
        if rule.get("sources").len() > 0 {
            check.coded_excludes(NETWORK_SETTINGS, &rule.get("source"), &rule.get("sources"));
        }
        let description = rule.get("description");
        if !description.is_set() {
            check
                .warning(NETWORK_SETTINGS, &description, "a security rule has no `description`")
                .note("the CRD requires it; the webhook fills it in before the CRD is asked")
                .hint("add a `description`");
        }
    }
}

fn service_endpoints(check: &mut Check<'_>, endpoints: &Field<'_>) {
    let mut seen = BTreeSet::new();
    for endpoint in endpoints.items() {
        let (service, locations) = (endpoint.get("service"), endpoint.get("locations"));
        if bad(&service, is_service) || service.is_blank() {
            check
                .error(
                    NETWORK_SETTINGS,
                    &service,
                    format!("`{}` is not the name of an endpoint service", service.shown()),
                )
                .hint("write a name such as `Microsoft.Storage`");
        } else if !seen.insert(service.text_or_empty()) {
            check
                .error(NETWORK_SETTINGS, &endpoint, format!("the service endpoint `{}` stands twice", service.shown()))
                .hint("keep one of them");
        }
        if locations.len() == 0 {
            check
                .error(NETWORK_SETTINGS, &locations, "a service endpoint has no `locations`")
                .hint("write `locations: [\"*\"]`");
        }
        let mut listed = BTreeSet::new();
        for location in locations.items() {
            if let Some(text) = location.text()
                && !listed.insert(text)
            {
                check
                    .error(NETWORK_SETTINGS, &location, format!("the location `{}` stands twice", location.shown()))
                    .hint("keep one of them");
            } else if location.holds("") || bad(&location, is_location) {
                check
                    .error(NETWORK_SETTINGS, &location, format!("`{}` is not the name of a location", location.shown()))
                    .hint("write it in lower case without blanks, such as `westeurope`, or `\"*\"`");
            }
        }
    }
}

fn is_service(text: &str) -> bool {
    text.strip_prefix("Microsoft.").is_some_and(|name| {
        let digits_at = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
        (1..=85).contains(&name.len())
            && (1..=84).contains(&digits_at)
            && name.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

fn is_location(text: &str) -> bool {
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    text == "*"
        || ((1..=42).contains(&letters.len())
            && letters.bytes().all(|b| b.is_ascii_lowercase())
            && text.len() - letters.len() <= 5)
}

fn private_endpoints(check: &mut Check<'_>, subnet: &Subnet<'_>) {
    for endpoint in subnet.field.get("privateEndpoints").items() {
        let name = endpoint.get("name");
        check.coded_needs_text(NETWORK_SETTINGS, &name);
        is_named(check, &name, "a private endpoint");
        let connections = endpoint.get("privateLinkServiceConnections");
        if connections.len() == 0 {
            check
                .error(NETWORK_SETTINGS, &connections, "a private endpoint has no `privateLinkServiceConnections`")
                .hint("add `{privateLinkServiceID: /subscriptions/…}`");
        }
        for connection in connections.items() {
            let id = connection.get("privateLinkServiceID");
            if id.is_blank() || bad(&id, is_linked_service) {
                check
                    .error(NETWORK_SETTINGS, &id, format!("`{}` is not the id of a private link service", id.shown()))
                    .hint("write `/subscriptions/…/resourceGroups/…/providers/…`");
            }
            is_named(check, &connection.get("name"), "a connection");
        }
        for address in endpoint.get("privateIPAddresses").items() {
            if address.text().is_some_and(is_placeholder) {
                continue;
            }
            let parsed = address.text().and_then(flatwright_kubernetes::network::address);
            if !parsed.is_some_and(|parsed| subnet.networks().any(|network| network.contains(parsed))) {
                check
                    .error(
                        NETWORK_SETTINGS,
                        &address,
                        format!("the address `{}` is not in the subnet", address.shown()),
                    )
                    .hint("choose an address inside the subnet's `cidrBlocks`");
            }
        }
    }
}

fn is_named(check: &mut Check<'_>, name: &Field<'_>, what: &str) {
    if bad(name, |text| is_word(text, "-.")) {
        check
            .error(NETWORK_SETTINGS, name, format!("`{}` is not the name of {what}", name.shown()))
            .hint("use letters, digits, `-`, `_` and `.`");
    }
}

/// `subscriptions/…/resourceGroups/…/providers/…/…/…`, in any case.
fn is_linked_service(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let after = |text: &str, key: &str| text.split_once(key).map(|(_, rest)| rest.to_owned());
    after(&text, "subscriptions/")
        .and_then(|rest| after(&rest, "/resourcegroups/"))
        .and_then(|rest| after(&rest, "/providers/"))
        .is_some_and(|rest| rest.split('/').filter(|part| !part.is_empty()).count() >= 3)
}

/// Whether a text is there, can be judged, and is not what the rule wants. `""` counts as absent.
pub(crate) fn bad(field: &Field<'_>, is_good: impl Fn(&str) -> bool) -> bool {
    field.text().is_some_and(|text| !text.is_empty() && !is_placeholder(text) && !is_good(text))
}
