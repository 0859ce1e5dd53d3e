//! Plugins in the compile: loading, the customizing hooks between `lower` and `compose`, the policy hook at the end.
//!
//! Owns: the conversion between the plan and the host's records, the diff of every answer, and the origin of every changed value.
//! Must not: trust an answer (the host checks its form, `recheck` its content), or run anything that the spec does not name.

mod context;
mod diff;
mod findings;
mod images;
mod kubeadm;
mod load;
mod origin;
mod plain;
mod policy;
mod recheck;
mod schema;
mod settings;
mod sysupdate;
mod texts;
mod trace;
mod trial;

use flatwright_capi::Contract;
use flatwright_diagnostic::{Origin, Report};
use flatwright_flatcar::arch::Architecture;
use flatwright_plan::Plan;
use flatwright_plugin_host::{Failure, Hook, Outcome, Plugin, Session};
use serde::Serialize;
use serde_json::Value;

pub use diff::Edits;
pub(crate) use load::{Memory, load};
pub(crate) use origin::describe_origin;
pub(crate) use policy::review;
use recheck::{Judge, Judged};
pub use schema::add_plugin_settings;
pub(crate) use settings::{json_schema, pointer};
pub use trial::Trial;

/// One call of a hook, for `--trace-plugins` and `explain`.
#[derive(Clone, Debug)]
pub struct Call {
    /// The plugin's name in the spec.
    pub plugin: String,
    /// What its file hashes to.
    pub digest: String,
    /// `images`, `sysupdate`, `kubeadm` or `policy`.
    pub hook: &'static str,
    /// `cluster`, or the node group's name.
    pub target: String,
    /// What changed.
    pub edits: Edits,
    /// What the plugin logged: level and text.
    pub logs: Vec<String>,
    /// Instructions used.
    pub fuel: u64,
}

/// One change that a plugin made, in its own version's terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Where, such as `node.files["/etc/motd"].permissions`.
    pub path: String,
    /// What was there.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
}

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
    plugin: Plugin,
    /// Its place in `spec.plugins`.
    entry: usize,
    settings: String,
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
    fn book<T: Serialize + Clone + PartialEq + Send + Judge + 'static>(
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
                    diff::lazy(move || diff::between(&before, &after))
                }
                None => diff::lazy(Vec::new),
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
    ready: &'a Ready,
    hook: &'static str,
    target: &'a str,
}

/// Whether a plugin may change a group (`match` in the spec).
fn applies(ready: &Ready, plan: &Plan, index: usize) -> bool {
    let entry = &plan.plugins[ready.entry];
    let group = &plan.groups[index];
    let by_role = entry.roles.is_empty() || entry.roles.contains(&group.role);
    let by_pool = entry.pools.is_empty() || entry.pools.iter().any(|pool| pool.value == group.name.value);
    by_role && by_pool
}

fn session_of<'a>(ready: &'a Ready) -> Session<'a> {
    ready.plugin.session()
}
