//! The `policy` hook: findings about the result, at the end of a compile.
//!
//! Owns: the order of asking. [`select`] judges what a policy asks for, [`bundle`] gathers it without secrets, [`places`] finds the lines of its findings, [`waivers`] knows which errors
//! do not count.

mod bundle;
mod places;
mod select;
mod waivers;

use flatwright_capi::Object;
use flatwright_diagnostic::Report;
use flatwright_kubernetes::table::Day;
use flatwright_plan::Plan;
use flatwright_plugin_host::Hook;
use flatwright_yaml::Tree;

pub(super) use self::select::Select;
pub(super) use self::waivers::Misplaced;
use super::{CallSite, Run, Stop, applies, context, findings};
use crate::calls::lazy;
use crate::compose::Composed;

/// What a compile made.
pub(crate) struct Compiled<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) objects: &'a [Object],
    pub(crate) composed: &'a [Composed],
    /// The spec.
    pub(crate) tree: &'a Tree,
}

/// Asks every policy, also after one of them failed. Findings about objects point at the line of the spec that the value came from.
pub(crate) fn review(
    run: &mut Run<'_>,
    result: &Compiled<'_>,
    today: Option<Day>,
    report: &mut Report,
) -> Result<(), Stop> {
    let Compiled { plan, objects, composed, tree } = *result;
    let mut waivers = waivers::Waivers::new(plan, objects, today, report);
    for ready in run.plugins.iter().filter(|ready| ready.plugin.hooks().contains(&Hook::Policy)) {
        let entry = ready.entry(plan);
        let session = ready.plugin.session();
        let site = CallSite { ready, hook: "policy", target: "cluster", group: None };
        let told = context::of_cluster(plan, run.contract, ready);
        let interests = match session.select(&told) {
            Ok(outcome) => outcome.value,
            Err(failure) => {
                findings::failed(failure, &site, entry, report).unless_reported()?;
                continue;
            }
        };
        let Some(interests) = interests.filter(|interests| select::check(interests, entry, report)) else { continue };
        let covers = |index: usize| applies(ready, plan, index);
        let bundle = bundle::bundle(&interests, &covers, plan, objects, composed);
        let outcome = match session.review(&told, &bundle) {
            Ok(outcome) => outcome,
            Err(failure) => {
                findings::failed(failure, &site, entry, report).unless_reported()?;
                continue;
            }
        };
        run.record(site, entry, lazy(Vec::new), outcome.logs, outcome.fuel);
        waivers.answered(entry);
        let seen = places::Seen { plan, objects, tree, calls: run.calls };
        for finding in outcome.findings {
            let (place, code) = (finding.place.clone(), finding.code.clone());
            let mut diagnostic = findings::placed(finding, entry, &site, &|_| None);
            waivers.judge(entry, code.as_deref(), &place, &mut diagnostic);
            // Looking for the lines of what is only counted would take longer than the review.
            let found = report.has_room(diagnostic.severity).then(|| seen.find(&place)).flatten();
            if let Some((found, inside)) = found {
                if let Some(found) = found {
                    found.put(&mut diagnostic);
                }
                diagnostic.note(inside);
            }
            report.push(diagnostic);
        }
    }
    waivers.finish(report);
    if report.has_errors() { Err(Stop::Reported) } else { Ok(()) }
}
