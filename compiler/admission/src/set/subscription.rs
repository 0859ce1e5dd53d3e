//! Machines against what the subscription can have in the cluster's region, where its list of SKUs or its usage was given.

use std::collections::BTreeMap;

use flatwright_diagnostic::Rule;
use flatwright_flatcar::arch::VmSize;
use flatwright_flatcar::subscription::Subscription;
use flatwright_kubernetes::is_placeholder;

use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::{Findings, Set};

/// What a subscription does not give.
#[derive(Debug, Rule)]
#[rule(group = "azure-subscription")]
pub(crate) enum InSubscription {
    /// A size of other regions.
    #[rule("size-not-in-region", "region `{region}` does not have VM size `{size}`")]
    NotInRegion { size: String, region: String },
    /// A size that the subscription may not use.
    #[rule("size-refused-to-subscription", "the subscription cannot use VM size `{size}` in `{region}`: {reason}")]
    Refused { size: String, region: String, reason: String },
    /// A size that a zone does not have, or that the subscription may not use there.
    #[rule("size-not-in-zone", "zone `{zone}` of `{region}` does not have VM size `{size}` for the subscription")]
    NotInZone { size: String, region: String, zone: String },
    /// A type of disks of other regions.
    #[rule("disk-type-not-in-region", "region `{region}` does not have `{disk}` disks")]
    Disk { disk: String, region: String },
    /// More machines than there may be.
    #[rule(
        "quota-too-small",
        "the groups need {needed} processors of `{what}`, and {free} of the quota of {limit} are free"
    )]
    Quota { what: String, needed: u64, free: u64, limit: u64 },
}

pub(crate) fn check(set: &Set<'_>, groups: &[Group<'_>], findings: &mut Findings<'_>) {
    let Some(subscription) = findings.options().subscription else { return };
    // Of several clusters nobody can say here which one a machine is of; mostly there is one.
    let mut clusters = set.of_kind("AzureCluster").map(|(_, cluster)| cluster.get("spec.location"));
    let (Some(location), None) = (clusters.next(), clusters.next()) else { return };
    let Some(region) = location.text().filter(|region| !region.is_empty() && !is_placeholder(region)) else { return };
    let is_known = subscription.covers(region);
    let mut needed: BTreeMap<String, (u64, &Group<'_>)> = BTreeMap::new();
    for group in groups {
        let Some((index, machine)) = &group.machine else { continue };
        if is_known {
            size(group, *index, machine, region, subscription, set, findings);
        }
        disks(*index, machine, region, subscription, findings);
        let replicas = set.get(group.owner).get("spec.replicas").int().unwrap_or(1);
        let Some((family, vcpus)) = processors(&machine.get("vmSize"), subscription) else { continue };
        let count = vcpus.saturating_mul(u64::try_from(replicas).unwrap_or_default());
        for what in [family, "cores".to_owned()].into_iter().filter(|what| !what.is_empty()) {
            let entry = needed.entry(what).or_insert((0, group));
            *entry = (entry.0.saturating_add(count), group);
        }
    }
    for (what, (needed, group)) in needed {
        quota(&what, needed, group, subscription, findings);
    }
}

fn size(
    group: &Group<'_>,
    index: usize,
    machine: &Field<'_>,
    region: &str,
    subscription: &Subscription,
    set: &Set<'_>,
    findings: &mut Findings<'_>,
) {
    const NOTE: &str = "admission lets it pass; Azure refuses to create the machine";
    let field = machine.get("vmSize");
    let Some(sku) = field.text().and_then(|name| subscription.sku(name)) else { return };
    let (name, own) = (sku.name().to_owned(), region.to_owned());
    let Some(offered) = sku.offered(region) else {
        findings
            .on(index)
            .refuse(&field, &InSubscription::NotInRegion { size: name, region: own })
            .note(NOTE)
            .hint("choose a size that the list has for the region");
        return;
    };
    if let Some(reason) = &offered.refused {
        let rule = InSubscription::Refused { size: name, region: own, reason: reason.clone() };
        findings.on(index).refuse(&field, &rule).note(NOTE).hint("choose another size, or ask Azure's support for it");
        return;
    }
    let object = set.get(group.owner);
    for (at, zone) in
        [(index, machine.get("failureDomain")), (group.owner, object.get("spec.template.spec.failureDomain"))]
    {
        let Some(text) = zone.text().filter(|zone| !zone.is_empty() && !is_placeholder(zone)) else { continue };
        if offered.zones.contains(text) && !offered.refused_zones.contains(text) {
            continue;
        }
        let left: Vec<&str> = offered.zones.difference(&offered.refused_zones).map(String::as_str).collect();
        let rule = InSubscription::NotInZone { size: name.clone(), region: own.clone(), zone: text.to_owned() };
        let finding = findings.on(at).refuse(&zone, &rule);
        finding.note(NOTE);
        if left.is_empty() {
            finding.hint("remove `failureDomain`, or choose another size");
        } else {
            finding.hint(format!("zones that have it: {}", left.join(", ")));
        }
    }
}

fn disks(index: usize, machine: &Field<'_>, region: &str, subscription: &Subscription, findings: &mut Findings<'_>) {
    let managed =
        machine.get("dataDisks").items().map(|disk| disk.get("managedDisk")).chain([machine.get("osDisk.managedDisk")]);
    for kind in managed.map(|disk| disk.get("storageAccountType")) {
        let Some(text) = kind.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { continue };
        if subscription.has_disk(text, region) == Some(false) {
            findings
                .on(index)
                .refuse(&kind, &InSubscription::Disk { disk: text.to_owned(), region: region.to_owned() })
                .note("admission lets it pass; Azure refuses to create the disk")
                .hint("choose `Premium_LRS` or `StandardSSD_LRS`");
        }
    }
}

/// The family and the processors of a size: of the list, else of its name.
fn processors(size: &Field<'_>, subscription: &Subscription) -> Option<(String, u64)> {
    let name = size.text()?;
    match subscription.sku(name) {
        Some(sku) => Some((sku.family().to_owned(), sku.vcpus()?)),
        None => Some((String::new(), u64::from(VmSize::parse(name)?.vcpus()?))),
    }
}

fn quota(what: &str, needed: u64, group: &Group<'_>, subscription: &Subscription, findings: &mut Findings<'_>) {
    let (Some(quota), Some((index, machine))) = (subscription.quota(what), &group.machine) else { return };
    let free = quota.limit.saturating_sub(quota.used);
    if needed <= free {
        return;
    }
    let what = if quota.title.is_empty() { what } else { &quota.title };
    let rule = InSubscription::Quota { what: what.to_owned(), needed, free, limit: quota.limit };
    findings
        .on(*index)
        .warn(&machine.get("vmSize"), &rule)
        .note("machines of this cluster that run already are counted as used")
        .hint("ask for a larger quota, choose sizes of another family, or fewer replicas");
}
