//! Availability zones against the region of the cluster.

use flatwright_diagnostic::Rule;
use flatwright_flatcar::azure::{REGIONS, Region};

use crate::field::Field;
use crate::set::manifests::{Findings, Set};
use crate::traps::is_public_cloud;
use flatwright_kubernetes::is_placeholder;

/// Zones that a region does not have.
#[derive(Debug, Rule)]
pub(crate) enum Zone {
    /// A zone of another region, or of none.
    #[rule("unknown-zone", "region `{region}` has no availability zone `{zone}`")]
    Unknown { region: String, zone: String },
}

/// Where the kinds name zones.
const PLACES: &[(&str, &str)] = &[
    ("AzureMachineTemplate", "spec.template.spec.failureDomain"),
    ("MachineDeployment", "spec.template.spec.failureDomain"),
    ("MachinePool", "spec.template.spec.failureDomain"),
    ("Machine", "spec.failureDomain"),
];

pub(crate) fn check(set: &Set<'_>, findings: &mut Findings<'_>) {
    // Of several clusters nobody can say here which one a machine is of; mostly there is one.
    let mut clusters = set.of_kind("AzureCluster").map(|(_, cluster)| cluster);
    let (Some(cluster), None) = (clusters.next(), clusters.next()) else { return };
    let name = cluster.get("spec.location");
    let Some(region) = name.text().filter(|_| is_public_cloud(cluster)).and_then(Region::of) else { return };
    if region.is_logical() {
        return;
    }
    for (kind, path) in PLACES {
        for (index, object) in set.of_kind(kind) {
            zone(index, &object.get(path), &name, region, findings);
        }
    }
}

fn zone(index: usize, field: &Field<'_>, location: &Field<'_>, region: Region, findings: &mut Findings<'_>) {
    let Some(zone) = field.text().filter(|zone| !zone.is_empty() && !is_placeholder(zone)) else { return };
    if region.zones().any(|known| known == zone) {
        return;
    }
    let zones: Vec<_> = region.zones().collect();
    let finding = findings.on(index).warn(field, &Zone::Unknown { region: location.shown(), zone: field.shown() });
    finding.note(format!("the table of regions that was asked is of {}, and a newer one may know more", REGIONS.day()));
    if zones.is_empty() {
        finding.hint("the region has no zones: remove `failureDomain`");
    } else {
        finding.hint(format!("its zones are {}", zones.join(", ")));
    }
}
