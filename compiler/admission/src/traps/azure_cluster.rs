//! Azure clusters that are admitted and that Azure then refuses.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Fix, Part, Rule};
use flatwright_flatcar::azure::{REGIONS, Region};
use flatwright_kubernetes::network::Cidr;

use crate::check::Check;
use crate::field::Field;
use crate::rules::azure_network::{Subnet, added_roles, has_control_plane, subnets, vnet_blocks};
use crate::syntax::{is_guid, is_word};
use flatwright_kubernetes::is_placeholder;

/// Values of a cluster that Azure refuses.
#[derive(Debug, Rule)]
#[rule(group = "manifest-azure-value")]
pub(crate) enum ClusterValue {
    /// A cloud that does not exist.
    #[rule("unknown-azure-environment", "`{environment}` is not an Azure environment")]
    Environment { environment: String },
    /// A name that Azure does not take.
    #[rule("virtual-network-name", "`{name}` cannot name a virtual network")]
    VirtualNetworkName { name: String },
    /// A cluster that nobody pays for.
    #[rule("missing-subscription-id", "`subscriptionID` is missing")]
    MissingSubscription,
    /// A subscription's name, or something else that is not its id.
    #[rule("subscription-id-syntax", "`{id}` is not a subscription id")]
    Subscription { id: String },
    /// A cluster or pool that is nowhere.
    #[rule("missing-location", "`location` is missing")]
    MissingLocation,
    /// What the portal calls a location.
    #[rule("location-title", "`{title}` is not the name of a location but its title")]
    LocationTitle { title: String },
    /// A name that Azure does not take.
    #[rule("resource-group-name", "`{name}` cannot name a resource group")]
    ResourceGroupName { name: String },
    /// Rules of which Azure cannot tell the first.
    #[rule("duplicate-security-rule-priority", "the rule `{other}` has the priority `{priority}` too")]
    DuplicatePriority { other: String, priority: i64 },
}

/// Networks that exist already, and what the provider makes for them.
#[derive(Debug, Rule)]
#[rule(group = "manifest-azure-value")]
pub(crate) enum ExistingNetwork {
    /// A subnet that nodes and control plane share.
    #[rule(
        "nat-gateway-of-existing-subnet",
        "the provider makes a NAT gateway for `{subnet}`, a subnet that exists already"
    )]
    NatGateway { subnet: String },
    /// A network whose subnets nobody names.
    #[rule(
        "existing-network-without-subnet",
        "the virtual network exists already, and no subnet of role `{role}` is named"
    )]
    NoSubnet { role: &'static str },
}

/// Regions in which nothing can be made.
#[derive(Debug, Rule)]
#[rule(group = "azure-region")]
pub(crate) enum AzureRegion {
    /// A name that is in no table.
    #[rule("unknown-region", "no Azure region `{region}` is known")]
    Unknown { region: String },
    /// A group of regions.
    #[rule("logical-region", "`{region}` is a group of Azure regions, and none in which something can be made")]
    Logical { region: String },
}

/// Networks of subnets that Azure refuses.
#[derive(Debug, Rule)]
#[rule(group = "manifest-address-overlap")]
pub(crate) enum SubnetNetwork {
    /// Addresses that two subnets claim.
    #[rule("overlapping-subnets", "the subnet network `{network}` overlaps with that of `{other}`")]
    Overlap { network: String, other: String },
    /// An address inside of the network instead of its first.
    #[rule("network-with-host-bits", "`{network}` has bits set behind its prefix")]
    HostBits { network: String },
    /// A subnet that has more addresses than what it is a part of.
    #[rule("subnet-larger-than-virtual-network", "the subnet network `{network}` is larger than the virtual network")]
    Larger { network: String },
    /// A subnet without room for Azure's own addresses.
    #[rule("subnet-too-small", "the subnet network `{network}` is too small")]
    Small { network: String },
    /// An IPv6 subnet of a size that Azure does not have.
    #[rule("ipv6-subnet-size", "the IPv6 subnet network `{network}` is not a /64")]
    V6Size { network: String },
}

const ENVIRONMENTS: &[&str] = &[
    "AzurePublicCloud",
    "AzureUSGovernmentCloud",
    "AzureChinaCloud",
    "AzureGermanCloud",
    "AzureStackCloud",
    "PublicCloud",
    "USGovernmentCloud",
    "ChinaCloud",
    "",
];

pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>) {
    let spec = object.get("spec");
    subscription(check, &spec.get("subscriptionID"));
    location(check, &spec.get("location"));
    if is_public_cloud(object) {
        region(check, &spec.get("location"));
    }
    resource_group(check, &spec.get("resourceGroup"));
    let environment = spec.get("azureEnvironment");
    if environment.text().is_some_and(|text| !is_placeholder(text) && !ENVIRONMENTS.contains(&text)) {
        let known = ENVIRONMENTS.iter().filter(|name| name.starts_with("Azure")).copied();
        check.refuse(&environment, &ClusterValue::Environment { environment: environment.shown() }).did_you_mean(
            environment.text_or_empty(),
            Part::Value,
            known,
        );
    }
    let network = spec.get("networkSpec");
    let name = network.get("vnet.name");
    if name.text().is_some_and(|text| !text.is_empty() && !is_placeholder(text) && !is_vnet_name(text)) {
        check
            .refuse(&name, &ClusterValue::VirtualNetworkName { name: name.shown() })
            .note("admission lets it pass; Azure refuses it")
            .hint("use letters, digits, `-`, `_` and `.`; at most 64 characters");
    }
    addresses(check, &network, added_roles(has_control_plane(&spec)));
    priorities(check, &network);
    existing(check, object, &network);
}

/// What was there before the cluster: the provider makes nothing of it, but for what it makes by default.
fn existing(check: &mut Check<'_>, object: &Field<'_>, network: &Field<'_>) {
    let subnets = network.get("subnets");
    for subnet in subnets.items() {
        let is_shared = subnet.get("role").holds("cluster") && !subnet.get("id").is_blank();
        if is_shared && subnet.get("natGateway.name").is_blank() {
            check
                .warn(&subnet.get("role"), &ExistingNetwork::NatGateway { subnet: subnet.get("name").shown() })
                .note("the webhook names one for every shared subnet, and its public address gets no name: the cluster is never ready")
                .note("releases of the provider from after August 2025 may leave existing subnets alone (cluster-api-provider-azure#5816)")
                .hint("give the control plane and the nodes a subnet each, or update the provider");
        }
    }
    if !is_elsewhere(object, network) {
        return;
    }
    for role in added_roles(has_control_plane(&object.get("spec"))) {
        let has = |subnet: Field<'_>| {
            let named = subnet.get("role");
            named.holds(role) || named.holds("cluster") || named.text().is_some_and(is_placeholder)
        };
        if !subnets.items().any(has) {
            let place = if subnets.is_set() { &subnets } else { &network.get("vnet.resourceGroup") };
            check
                .warn(place, &ExistingNetwork::NoSubnet { role })
                .note(
                    "the webhook adds one with a default name and default addresses, which need not be in that network",
                )
                .hint(format!("name the subnet that is there: `subnets: [{{name: NAME, role: {role}}}]`"));
        }
    }
}

/// Whether the virtual network is in another resource group than the cluster, which then has not made it.
pub(super) fn is_elsewhere(object: &Field<'_>, network: &Field<'_>) -> bool {
    let (group, own) = (network.get("vnet.resourceGroup"), object.get("spec.resourceGroup"));
    let own = if own.is_blank() { object.get("metadata.name") } else { own };
    group.text().is_some_and(|text| !text.is_empty() && !own.text_or_empty().eq_ignore_ascii_case(text))
}

fn subscription(check: &mut Check<'_>, id: &Field<'_>) {
    let Some(text) = id.text().filter(|text| !text.is_empty()) else {
        if !id.is_set() || id.holds("") {
            check
                .warn(id, &ClusterValue::MissingSubscription)
                .note("the provider then uses its own environment variable, if it has one")
                .hint("set `subscriptionID`");
        }
        return;
    };
    if !is_placeholder(text) && !is_guid(text) {
        check
            .refuse(id, &ClusterValue::Subscription { id: id.shown() })
            .note("admission lets it pass; every Azure call then fails")
            .hint("write the id, as `az account show --query id` prints it");
    }
}

/// Azure's own names are lower-case words; display names are refused by part of its APIs.
pub(crate) fn location(check: &mut Check<'_>, location: &Field<'_>) {
    if location.is_blank() {
        check
            .refuse(location, &ClusterValue::MissingLocation)
            .note("the webhook hides its absence from the CRD; every Azure call then fails")
            .hint("set a location such as `westeurope`");
    }
    let Some(text) = location.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    if !text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        let plain: String = text.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let is_title = text.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
        let finding = check.warn(location, &ClusterValue::LocationTitle { title: location.shown() });
        finding.note("CAPZ asks for VM sizes by name and finds none for a title").hint(format!("write `{plain}`"));
        if is_title && !plain.is_empty() {
            finding.fix(Fix::rewrite(text, plain));
        }
    }
}

/// Whether the cluster is in the public cloud, whose regions are known.
pub(crate) fn is_public_cloud(object: &Field<'_>) -> bool {
    let environment = object.get("spec.azureEnvironment");
    environment.is_blank() || environment.holds("AzurePublicCloud") || environment.holds("PublicCloud")
}

/// The region is one of the public cloud. A name that is not written like one is told by [`location`].
fn region(check: &mut Check<'_>, location: &Field<'_>) {
    let Some(name) = location.text().filter(|text| !is_placeholder(text)) else { return };
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return;
    }
    match Region::of(name) {
        Some(region) if region.is_logical() => {
            check
                .refuse(location, &AzureRegion::Logical { region: location.shown() })
                .note("admission lets it pass; Azure refuses it")
                .hint("write a region such as `westeurope`");
        }
        Some(_) => {}
        None => {
            check
                .warn(location, &AzureRegion::Unknown { region: location.shown() })
                .note(format!(
                    "the table of regions that was asked is of {}, and a newer one may know it",
                    REGIONS.day()
                ))
                .did_you_mean(name, Part::Value, Region::names());
        }
    }
}

fn resource_group(check: &mut Check<'_>, group: &Field<'_>) {
    let Some(text) = group.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    if text.chars().count() > 90 || text.ends_with('.') || !is_word(text, "-.()") {
        check
            .refuse(group, &ClusterValue::ResourceGroupName { name: group.shown() })
            .note("admission lets it pass; Azure refuses it")
            .hint("use at most 90 letters, digits, `-`, `_`, `.` and parentheses, not ending with `.`");
    }
}

fn is_vnet_name(text: &str) -> bool {
    text.len() <= 64
        && is_word(text, "-.")
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

fn addresses(check: &mut Check<'_>, network: &Field<'_>, added: &[&'static str]) {
    let vnet: Vec<Cidr> = vnet_blocks(network).iter().filter_map(|(_, text)| Cidr::parse(text)).collect();
    let subnets = subnets(network, added);
    let mut seen: Vec<(&Subnet<'_>, Cidr)> = Vec::new();
    for subnet in &subnets {
        for (field, text) in &subnet.blocks {
            let Some(block) = Cidr::parse(text) else { continue };
            size(check, field, text, block, &vnet);
            if let Some((other, _)) = seen.iter().find(|(_, known)| known.overlaps(block)) {
                let name = other.field.get("name");
                check
                    .refuse(field, &SubnetNetwork::Overlap { network: text.clone(), other: name.shown() })
                    .note("admission lets it pass; Azure answers `NetcfgSubnetRangesOverlap`")
                    .hint("give each subnet its own part of the virtual network");
            }
            // The comparison is quadratic; Azure allows 3000 subnets, a cluster has a handful.
            if seen.len() < 256 {
                seen.push((subnet, block));
            }
        }
    }
}

fn size(check: &mut Check<'_>, field: &Field<'_>, text: &str, block: Cidr, vnet: &[Cidr]) {
    let network = || text.to_owned();
    if block.has_host_bits() {
        check
            .refuse(field, &SubnetNetwork::HostBits { network: network() })
            .note("admission lets it pass; Azure answers `InvalidCIDRNotation`")
            .hint("write the first address of the network")
            .fix(Fix::rewrite(text, block.masked().to_string()));
    }
    let is_inside = vnet.iter().any(|vnet| vnet.covers(block));
    if !is_inside && vnet.iter().any(|vnet| vnet.contains(block.masked().address())) {
        check
            .refuse(field, &SubnetNetwork::Larger { network: network() })
            .note("the webhook looks at its first address only; Azure answers `NetcfgInvalidSubnet`")
            .hint("choose a part of the virtual network's `cidrBlocks`");
    }
    if !block.is_v6() && block.prefix() > 29 {
        check
            .refuse(field, &SubnetNetwork::Small { network: network() })
            .note("Azure keeps five addresses of each subnet, and takes nothing smaller than /29")
            .hint("choose /28 or larger");
    }
    if block.is_v6() && block.prefix() != 64 {
        check
            .warn(field, &SubnetNetwork::V6Size { network: network() })
            .note("Azure takes IPv6 subnets of exactly /64")
            .hint("choose a /64 of the virtual network");
    }
}

/// One priority per direction and security group.
fn priorities(check: &mut Check<'_>, network: &Field<'_>) {
    for subnet in network.get("subnets").items() {
        let mut seen = BTreeMap::new();
        for rule in subnet.get("securityGroup.securityRules").items() {
            let priority = rule.get("priority");
            let Some(number) = priority.int() else { continue };
            let key = (rule.get("direction").text_or_empty(), number);
            if let Some(other) = seen.insert(key, rule.get("name").shown()) {
                check
                    .refuse(&priority, &ClusterValue::DuplicatePriority { other, priority: number })
                    .note("admission lets it pass; Azure answers `SecurityRuleConflict`")
                    .hint("give each rule of a direction its own priority");
            }
        }
    }
}
