//! Virtual networks and subnets (CAPZ `internal/webhooks/azurecluster_validation.go`), of clusters and of cluster templates.

use std::collections::BTreeSet;

use flatwright_diagnostic::Rule;
use flatwright_kubernetes::network::Cidr;

use crate::check::Check;
use crate::field::Field;
use crate::rules::azure_endpoints;
use crate::rules::limits::ValueLimit;
use crate::syntax::is_word;
use flatwright_kubernetes::is_placeholder;

/// What CAPZ refuses of virtual networks and subnets.
#[derive(Debug, Rule)]
#[rule(group = "admission-network-settings")]
pub(crate) enum Network {
    /// A word that a field does not take.
    #[rule("unknown-network-value", "`{value}` is not a value of `{field}`")]
    UnknownValue { field: String, value: String },
    /// A virtual network in a resource group whose name is not one.
    #[rule("network-resource-group-name", "`{name}` is not the name of a resource group")]
    ResourceGroupName { name: String },
    /// A text that is not a network.
    #[rule("network-syntax", "`{text}` is not a network")]
    Syntax { text: String },
    /// A subnet without a name, which nobody fills in.
    #[rule("unnamed-subnet", "a subnet of role `{role}` has no name")]
    Unnamed { role: String },
    /// A name that Azure does not take.
    #[rule("subnet-name", "`{name}` is not the name of a subnet")]
    Name { name: String },
    /// Subnets of one name.
    #[rule("duplicate-subnet-name", "two subnets have the name `{name}`")]
    DuplicateName { name: String },
    /// A subnet elsewhere.
    #[rule("subnet-outside-virtual-network", "the subnet network `{network}` is outside the virtual network")]
    Outside { network: String },
    /// A subnet that says nothing, and so gets a network elsewhere.
    #[rule(
        "default-subnet-outside-virtual-network",
        "the default subnet network `{network}` is outside the virtual network"
    )]
    DefaultOutside { network: String },
    /// Peerings with one network.
    #[rule("duplicate-peering", "the peering with `{name}` stands twice")]
    DuplicatePeering { name: String },
    /// A cluster template without one of the subnets that every cluster has.
    #[rule("missing-template-subnet", "a cluster template needs a subnet of role `{role}`")]
    MissingTemplateSubnet { role: &'static str },
    /// A priority that Azure does not have.
    #[rule("security-rule-priority", "`priority` `{priority}` is outside 100 to 4096")]
    Priority { priority: i64 },
    /// A rule that does not say when it applies.
    #[rule("security-rule-without-priority", "a security rule has no `priority`")]
    WithoutPriority,
    /// Sources in two ways.
    #[rule("security-rule-with-two-sources", "`sources` cannot be set together with `source`")]
    TwoSources,
    /// A rule without the text that the CRD asks for.
    #[rule("security-rule-without-description", "a security rule has no `description`")]
    WithoutDescription,
}

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
        azure_endpoints::check(check, subnet);
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
        let finding = check.refuse(own, &Network::ResourceGroupName { name: group.shown() });
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
        check.refuse(&name, &Network::Unnamed { role: subnet.role.to_owned() }).hint("set a `name`");
    }
}

fn one(check: &mut Check<'_>, subnet: &Subnet<'_>, vnet: &[Cidr]) {
    let name = subnet.field.get("name");
    if bad(&name, |text| is_word(text, "-.")) {
        check.refuse(&name, &Network::Name { name: name.shown() }).hint("use letters, digits, `-`, `_` and `.`");
    }
    check.listed(&subnet.field.get("role"), ROLES, unknown);
    for (field, text) in &subnet.blocks {
        let Some(network) = cidr(check, field, text) else { continue };
        if !vnet.is_empty() && !vnet.iter().any(|vnet| vnet.contains(network.masked().address())) {
            let network = text.clone();
            if field.text().is_none() {
                check
                    .refuse(field, &Network::DefaultOutside { network })
                    .note("subnets without `cidrBlocks` get networks of 10.0.0.0/8, whatever the virtual network has")
            } else {
                check.refuse(field, &Network::Outside { network })
            }
            .hint("set `cidrBlocks` of the subnet to a part of the virtual network's `cidrBlocks`");
        }
    }
    rules(check, &subnet.field.get("securityGroup.securityRules"));
}

pub(crate) fn unknown(field: String, value: String) -> Network {
    Network::UnknownValue { field, value }
}

fn cidr(check: &mut Check<'_>, field: &Field<'_>, text: &str) -> Option<Cidr> {
    let network = Cidr::parse(text);
    if network.is_none() && !is_placeholder(text) {
        check
            .refuse(field, &Network::Syntax { text: field.shown() })
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
            check.refuse(&subnet, &Network::DuplicateName { name: name.shown() }).hint("rename one of them");
        }
    }
}

fn peerings(check: &mut Check<'_>, vnet: &Field<'_>, default_group: &str) {
    let mut seen = BTreeSet::new();
    for peering in vnet.get("peerings").items() {
        let name = peering.get("remoteVnetName");
        if !name.is_set() {
            check.needs_text(&name, |field| ValueLimit::Missing { field });
        }
        let group = peering.get("resourceGroup");
        let group = if group.is_blank() { default_group } else { group.text_or_empty() };
        if !seen.insert((group, name.text_or_empty())) {
            check.refuse(&peering, &Network::DuplicatePeering { name: name.shown() }).hint("keep one of them");
        }
    }
}

/// A template's subnets are not filled in: both must be spelled out, with names.
fn both_subnets(check: &mut Check<'_>, network: &Field<'_>) {
    let list = network.get("subnets");
    for role in ["control-plane", "node"] {
        if !list.items().any(|subnet| subnet.get("role").holds(role)) {
            check
                .refuse(&list, &Network::MissingTemplateSubnet { role })
                .note("a subnet that is missing gets an empty name, which is refused")
                .hint(format!("add `{{role: {role}, name: {role}-subnet}}`"));
        }
    }
    for subnet in list.items() {
        check.needs_text(&subnet.get("name"), |_| Network::Unnamed { role: subnet.get("role").shown() });
    }
}

fn rules(check: &mut Check<'_>, rules: &Field<'_>) {
    for rule in rules.items() {
        let priority = rule.get("priority");
        check.range(&priority, 100..=4096, |priority| Network::Priority { priority });
        if !priority.is_set() {
            check
                .refuse(&priority, &Network::WithoutPriority)
                .hint("set a number from 100 to 4096 that no other rule of the group has");
        }
        check.listed(&rule.get("protocol"), &["Tcp", "Udp", "Icmp", "*"], unknown);
        check.listed(&rule.get("direction"), &["Inbound", "Outbound"], unknown);
        check.listed(&rule.get("action"), &["Allow", "Deny"], unknown);
        // An empty list is nothing to the webhook, an empty text is something.
        if rule.get("sources").len() > 0 {
            check.excludes(&rule.get("source"), &rule.get("sources"), |_, _| Network::TwoSources);
        }
        let description = rule.get("description");
        if !description.is_set() {
            check
                .warn(&description, &Network::WithoutDescription)
                .note("the CRD requires it; the webhook fills it in before the CRD is asked")
                .hint("add a `description`");
        }
    }
}

/// Whether a text is there, can be judged, and is not what the rule wants. `""` counts as absent.
pub(crate) fn bad(field: &Field<'_>, is_good: impl Fn(&str) -> bool) -> bool {
    field.text().is_some_and(|text| !text.is_empty() && !is_placeholder(text) && !is_good(text))
}
