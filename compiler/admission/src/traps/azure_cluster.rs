//! Azure clusters that are admitted and that Azure then refuses.

use std::collections::BTreeMap;

use crate::check::Check;
use crate::code::{ADDRESS_OVERLAP, AZURE_VALUE};
use crate::field::Field;
use crate::rules::azure_network::{Subnet, added_roles, has_control_plane, subnets, vnet_blocks};
use crate::syntax::{is_guid, is_placeholder, is_word};
use flatwright_kubernetes::network::Cidr;

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
    resource_group(check, &spec.get("resourceGroup"));
    let environment = spec.get("azureEnvironment");
    if environment.text().is_some_and(|text| !is_placeholder(text) && !ENVIRONMENTS.contains(&text)) {
        let finding =
            check.error(AZURE_VALUE, &environment, format!("`{}` is not an Azure environment", environment.shown()));
        let known = ENVIRONMENTS.iter().filter(|name| name.starts_with("Azure")).copied();
        if let Some(hint) = flatwright_diagnostic::suggest(environment.text_or_empty(), known) {
            finding.hint(hint);
        }
    }
    let network = spec.get("networkSpec");
    let name = network.get("vnet.name");
    if name.text().is_some_and(|text| !text.is_empty() && !is_placeholder(text) && !is_vnet_name(text)) {
        check
            .error(AZURE_VALUE, &name, format!("`{}` cannot name a virtual network", name.shown()))
            .note("admission lets it pass; Azure refuses it")
            .hint("use letters, digits, `-`, `_` and `.`; at most 64 characters");
    }
    addresses(check, &network, added_roles(has_control_plane(&spec)));
    priorities(check, &network);
}

fn subscription(check: &mut Check<'_>, id: &Field<'_>) {
    let Some(text) = id.text().filter(|text| !text.is_empty()) else {
        if !id.is_set() || id.holds("") {
            check
                .warning(AZURE_VALUE, id, "`subscriptionID` is missing")
                .note("the provider then uses its own environment variable, if it has one")
                .hint("set `subscriptionID`");
        }
        return;
    };
    if !is_placeholder(text) && !is_guid(text) {
        check
            .error(AZURE_VALUE, id, format!("`{}` is not a subscription id", id.shown()))
            .note("admission lets it pass; every Azure call then fails")
            .hint("write the id, as `az account show --query id` prints it");
    }
}

/// Azure's own names are lower-case words; display names are refused by part of its APIs.
pub(crate) fn location(check: &mut Check<'_>, location: &Field<'_>) {
    if location.is_blank() {
        check
            .error(AZURE_VALUE, location, "`location` is missing")
            .note("the webhook hides its absence from the CRD; every Azure call then fails")
            .hint("set a location such as `westeurope`");
    }
    let Some(text) = location.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    if !text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        let plain: String = text.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        check
            .warning(
                AZURE_VALUE,
                location,
                format!("`{}` is not the name of a location but its title", location.shown()),
            )
            .note("CAPZ asks for VM sizes by name and finds none for a title")
            .hint(format!("write `{plain}`"));
    }
}

fn resource_group(check: &mut Check<'_>, group: &Field<'_>) {
    let Some(text) = group.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    if text.chars().count() > 90 || text.ends_with('.') || !is_word(text, "-.()") {
        check
            .error(AZURE_VALUE, group, format!("`{}` cannot name a resource group", group.shown()))
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
                    .error(
                        ADDRESS_OVERLAP,
                        field,
                        format!("the subnet network `{text}` overlaps with that of `{}`", name.shown()),
                    )
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
    if block.has_host_bits() {
        check
            .error(ADDRESS_OVERLAP, field, format!("`{text}` has bits set behind its prefix"))
            .note("admission lets it pass; Azure answers `InvalidCIDRNotation`")
            .hint("write the first address of the network");
    }
    let is_inside = vnet.iter().any(|vnet| vnet.covers(block));
    if !is_inside && vnet.iter().any(|vnet| vnet.contains(block.masked().address())) {
        check
            .error(ADDRESS_OVERLAP, field, format!("the subnet network `{text}` is larger than the virtual network"))
            .note("the webhook looks at its first address only; Azure answers `NetcfgInvalidSubnet`")
            .hint("choose a part of the virtual network's `cidrBlocks`");
    }
    if !block.is_v6() && block.prefix() > 29 {
        check
            .error(ADDRESS_OVERLAP, field, format!("the subnet network `{text}` is too small"))
            .note("Azure keeps five addresses of each subnet, and takes nothing smaller than /29")
            .hint("choose /28 or larger");
    }
    if block.is_v6() && block.prefix() != 64 {
        check
            .warning(ADDRESS_OVERLAP, field, format!("the IPv6 subnet network `{text}` is not a /64"))
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
                    .error(AZURE_VALUE, &priority, format!("the rule `{other}` has the priority `{number}` too"))
                    .note("admission lets it pass; Azure answers `SecurityRuleConflict`")
                    .hint("give each rule of a direction its own priority");
            }
        }
    }
}
