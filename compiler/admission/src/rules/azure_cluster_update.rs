//! What cannot change on an `AzureCluster` (CAPZ `internal/webhooks/azurecluster_webhook.go`).

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Check, last};
use crate::code::IMMUTABLE_FIELD;
use crate::field::{Field, same};
use crate::rules::azure_cluster;

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
    "networkSpec.apiServerLB.name",
    "networkSpec.apiServerLB.type",
    "networkSpec.apiServerLB.sku",
    "networkSpec.apiServerLB.idleTimeoutInMinutes",
    "networkSpec.apiServerLB.availabilityZones",
    "networkSpec.nodeOutboundLB.availabilityZones",
];

/// What the webhook fills in where a manifest says nothing.
fn default(path: &str, name: &str) -> Option<String> {
    Some(match path {
        "resourceGroup" => name.to_owned(),
        "azureEnvironment" => "AzurePublicCloud".to_owned(),
        "networkSpec.apiServerLB.type" => "Public".to_owned(),
        "networkSpec.apiServerLB.sku" => "Standard".to_owned(),
        "networkSpec.apiServerLB.idleTimeoutInMinutes" => "4".to_owned(),
        "networkSpec.apiServerLB.name" => format!("{name}-public-lb"),
        _ => return None,
    })
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    azure_cluster::create(check, new);
    let name = new.get("metadata.name").text_or_empty();
    for path in FIXED {
        let (before, after) = (old.get("spec").get(path), new.get("spec").get(path));
        let filled = default(path, name);
        let word = |field: &Field<'_>| if field.is_blank() { filled.clone() } else { field.text().map(str::to_owned) };
        let is_text = word(&before).is_some() || word(&after).is_some();
        let is_same = if is_text && !before.value().is_number() && !after.value().is_number() {
            word(&before) == word(&after)
        } else {
            same(before.value(), after.value())
                || [&before, &after].iter().all(|field| !field.is_set() || Some(field.shown()) == filled)
        };
        if !is_same {
            fixed(check, &before, &after);
        }
    }
    endpoint(check, old, new);
    frontend_address(check, old, new);
    subnets(check, old, new);
    renamed(check, old, new);
    let bastion = "spec.bastionSpec.azureBastion";
    if old.get(bastion).is_set() && !new.get(bastion).is_set() {
        check
            .error(IMMUTABLE_FIELD, &new.get(bastion), "an Azure bastion cannot be removed")
            .hint("put `bastionSpec.azureBastion` back");
    }
}

fn fixed(check: &mut Check<'_>, before: &Field<'_>, after: &Field<'_>) {
    let word = |field: &Field<'_>| if field.is_set() { format!("`{}`", field.shown()) } else { "nothing".to_owned() };
    check
        .error(
            IMMUTABLE_FIELD,
            after,
            format!("{} cannot change from {} to {}", last(after), word(before), word(after)),
        )
        .hint("keep the old value, or make a new cluster");
}

/// The endpoint may be filled in once.
fn endpoint(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    for key in ["host", "port"] {
        let [before, after] = [old, new].map(|object| object.get("spec.controlPlaneEndpoint").get(key));
        let was_set = !before.is_blank() && before.int() != Some(0);
        if was_set && before.value() != after.value() && after.is_set() {
            fixed(check, &before, &after);
        }
    }
}

fn frontend_address(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let [before, after] =
        [old, new].map(|object| object.get("spec.networkSpec.apiServerLB.frontendIPs").index(0).get("privateIP"));
    if !before.is_blank() && before.value() != after.value() {
        fixed(check, &before, &after);
    }
}

fn subnets(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let before: BTreeMap<_, _> = old
        .get("spec.networkSpec.subnets")
        .items()
        .map(|subnet| (subnet.get("name").text_or_empty(), subnet))
        .collect();
    for subnet in new.get("spec.networkSpec.subnets").items() {
        let Some(known) = before.get(subnet.get("name").text_or_empty()) else { continue };
        for path in ["routeTable.name", "natGateway.name", "securityGroup.name"] {
            let (was, is) = (known.get(path), subnet.get(path));
            if is.is_set() && was.value() != is.value() {
                fixed(check, &was, &is);
            }
        }
    }
}

/// Admitted, but everything that lives in the network stays where it is.
fn renamed(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    let [before, after] = [old, new].map(|object| object.get("spec.networkSpec.vnet.name"));
    if !before.is_blank() && before.value() != after.value() {
        moved(check, &after, "the virtual network", &before);
    }
    let list = new.get("spec.networkSpec.subnets");
    let names: BTreeSet<_> = list.items().map(|subnet| subnet.get("name").text_or_empty()).collect();
    for subnet in old.get("spec.networkSpec.subnets").items() {
        let name = subnet.get("name");
        if !name.is_blank() && !names.contains(name.text_or_empty()) {
            moved(check, &list, "the subnet", &name);
        }
    }
}

fn moved(check: &mut Check<'_>, place: &Field<'_>, what: &str, name: &Field<'_>) {
    check
        .warning(IMMUTABLE_FIELD, place, format!("{what} `{}` of a running cluster goes away", name.shown()))
        .note("admission lets it pass; machines stay in the old network, and new ones go to another")
        .hint(format!("keep `{}`", name.shown()));
}
