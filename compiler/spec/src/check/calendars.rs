//! Times: the time zones of what reboots nodes.

use flatwright_diagnostic::{Fix, Report};
use flatwright_flatcar::unit::zone_finding;
use flatwright_yaml::ValueKind;

use super::place;
use crate::types::Spec;

pub(super) fn check(spec: &Spec, report: &mut Report) {
    // The chart's values become kured's flags; its image carries the same database.
    let kured = spec.addons.as_ref().and_then(|addons| addons.kured.as_ref()).and_then(|kured| kured.values.as_ref());
    if let Some(zone) = kured.and_then(|values| values.0.get("configuration")).and_then(|value| value.get("timeZone"))
        && let ValueKind::Str(name) = &zone.kind
        // `Local` is Go's word for the machine's own; a template says nothing yet.
        && name != "Local"
        && !name.contains("{{")
        && let Some(mut finding) = zone_finding(name, |near| Fix::rewrite(name.clone(), near))
    {
        finding.at(place(zone.origin)).note("kured ends at once with an unknown time zone");
        report.push(finding);
    }
}
