//! Rules that need nothing but the spec. Every check goes on after a finding, so that one run tells all.

mod azure;
mod calendars;
mod disks;
mod extensions;
mod groups;
mod management;
mod names;
mod networks;
mod patches;
mod plugins;
mod sizes;
mod texts;
mod updates;
mod versions;

use flatwright_diagnostic::{Anchor, Diagnostic, Origin, Report, Rule};
use flatwright_kubernetes::table::Day;
use flatwright_plan::Contract;

pub use management::check_together;

use crate::types::FlatcarCluster;

/// Checks a decoded spec whose objects will follow a contract. What is out of support is judged where the caller was told what today is.
pub fn check(document: &FlatcarCluster, contract: Contract, today: Option<Day>, report: &mut Report) {
    names::check(document, report);
    networks::check(&document.spec, report);
    azure::check(document, report);
    groups::check(&document.spec, report);
    disks::check(&document.spec, report);
    patches::check(&document.spec, report);
    plugins::check(&document.spec, report);
    texts::check(&document.spec, report);
    updates::check(&document.spec, report);
    calendars::check(&document.spec, report);
    management::check(&document.spec, contract, report);
    versions::check(&document.spec, today, report);
}

/// Reports at an origin.
fn refuse<'r>(report: &'r mut Report, origin: Origin, rule: &impl Rule) -> &'r mut Diagnostic {
    report.refuse(place(origin), rule)
}

/// The place of an origin, which in a decoded spec there always is.
fn place(origin: Origin) -> Anchor {
    origin.anchor().expect("invariant: decoded values have a place")
}
