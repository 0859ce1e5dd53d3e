//! A run of plugins over one cluster: who is asked in which order, and how a call is booked.

use flatwright_capi::Contract;
use flatwright_diagnostic::{Origin, Report};
use flatwright_flatcar::arch::Architecture;
use flatwright_plan::Plan;
use flatwright_plugin_host::{Failure, Hook, Outcome, Plugin};
use serde::Serialize;

use super::recheck::{Judge, Judged};
use super::{diff, findings, images, kubeadm, sysupdate};
use crate::calls::{Call, lazy};

/// Why a compile with plugins ends: a finding is reported, or the environment failed (exit code 2).
#[derive(Debug)]
pub(crate) enum Stop {
    /// Reported.
    Reported,
    /// The machine is to blame.
    Environment(String),
}

/// The loaded plugins of one cluster and what they did so far.
pub(crate) struct Run<'a> {
    pub(crate) plugins: &'a [Ready],
    pub(crate) contract: Contract,
    pub(crate) calls: &'a mut Vec<Call>,
}

/// A plugin that may run: its settings are checked.
pub(crate) struct Ready {
    pub(super) plugin: Plugin,
    /// Its place in `spec.plugins`.
    pub(super) entry: usize,
    pub(super) settings: String,
}

impl Run<'_> {
    /// Runs the customizing hooks on the plan: plugin by plugin in spec order, each seeing what the one before left.
    pub(crate) fn customize(&mut self, plan: &mut Plan, report: &mut Report) -> Result<(), Stop> {
        for ready in self.plugins {
            let session = ready.plugin.session();
            for hook in ready.plugin.hooks() {
                match hook {
                    Hook::Images => images::customize(self, ready, &session, plan, report)?,
                    Hook::Sysupdate => sysupdate::customize(self, ready, &session, plan, report)?,
                    Hook::Kubeadm => kubeadm::customize(self, ready, &session, plan, report)?,
                    _ => {}
                }
            }
        }
        if report.has_errors() { Err(Stop::Reported) } else { Ok(()) }
    }

    /// Books a call: its findings go to the report, its edits to the trace, and its answer is judged. Gives the answer and the origin of what it changed, if it changed anything.
    pub(super) fn book<T: Serialize + Clone + PartialEq + Send + Judge + 'static>(
        &mut self,
        call: CallSite<'_>,
        before: &T,
        outcome: Result<Outcome<T>, Failure>,
        plan: &Plan,
        report: &mut Report,
    ) -> Result<Option<(T, Origin)>, Stop> {
        let entry = &plan.plugins[call.ready.entry];
        let outcome = outcome.map_err(|failure| findings::failed(failure, entry, report))?;
        findings::report_all(outcome.findings, entry, &call, report);
        let changed = outcome.value.filter(|after| after != before);
        if let Some(after) = &changed {
            let group = plan.groups.iter().find(|group| group.name.value == call.target);
            let architecture = group.and_then(|group| Architecture::from_name(group.architecture.value));
            let release = plan.flatcar.1.value.parse().ok();
            after.judge(before, &mut Judged { call, entry, architecture, release, report });
        }
        let origin = Origin::Plugin(u32::try_from(self.calls.len()).unwrap_or(u32::MAX));
        self.calls.push(Call {
            plugin: entry.name.value.clone(),
            digest: call.ready.plugin.digest().short(),
            hook: call.hook,
            target: call.target.to_owned(),
            edits: match &changed {
                Some(after) => {
                    let (before, after) = (before.clone(), after.clone());
                    lazy(move || diff::between(&before, &after))
                }
                None => lazy(Vec::new),
            },
            logs: outcome
                .logs
                .iter()
                .map(|line| format!("{:?}: {}", line.level, line.message).to_lowercase())
                .collect(),
            fuel: outcome.fuel,
        });
        Ok(changed.map(|value| (value, origin)))
    }
}

/// Which call is being booked.
#[derive(Clone, Copy)]
pub(crate) struct CallSite<'a> {
    pub(super) ready: &'a Ready,
    pub(super) hook: &'static str,
    pub(super) target: &'a str,
}

/// Whether a plugin may change a group (`match` in the spec).
pub(super) fn applies(ready: &Ready, plan: &Plan, index: usize) -> bool {
    let entry = &plan.plugins[ready.entry];
    let group = &plan.groups[index];
    let by_role = entry.roles.is_empty() || entry.roles.contains(&group.role);
    let by_pool = entry.pools.is_empty() || entry.pools.iter().any(|pool| pool.value == group.name.value);
    by_role && by_pool
}
