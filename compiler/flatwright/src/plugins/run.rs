//! A run of plugins over one cluster: who is asked in which order, and how a call is booked.

use std::sync::Arc;

use flatwright_capi::Contract;
use flatwright_diagnostic::{Origin, Path, Report, Severity};
use flatwright_flatcar::arch::Architecture;
use flatwright_plan::{Flavor, NodeGroup, Plan, Plugin as Entry};
use flatwright_plugin_host::model::findings::Place;
use flatwright_plugin_host::{Failure, Hook, LogLine, Outcome, Plugin};
use flatwright_plugin_law::{Facts, Judge, Sample, shortened};
use serde::Serialize;
use serde_json::Value;

use super::findings::Before;
use super::origins::Origins;
use super::pen::Pen;
use super::{diff, findings, images, kubeadm, sysupdate, told};
use crate::calls::{Call, Edit, Edits, lazy};
use crate::secret::{Secrets, Written};

/// Longer values are not repeated in a finding: they are contents, not settings.
const LONGEST_SHOWN: usize = 80;

/// Why a compile with plugins ends: a finding is reported, or the environment failed (exit code 2).
#[derive(Debug)]
pub(crate) enum Stop {
    /// Reported.
    Reported,
    /// The machine is to blame.
    Environment(String),
}

impl Stop {
    /// Goes on after what is reported.
    pub(super) fn unless_reported(self) -> Result<(), Self> {
        match self {
            Self::Reported => Ok(()),
            stop @ Self::Environment(_) => Err(stop),
        }
    }
}

/// The loaded plugins of one cluster and what they did so far.
pub(crate) struct Run<'a> {
    pub(crate) plugins: &'a [Ready],
    pub(crate) contract: Contract,
    pub(crate) calls: &'a mut Vec<Call>,
    /// What variables gave, which is quoted as it is written.
    pub(crate) written: Option<&'a Written<'a>>,
}

/// A plugin that may run: its settings are checked.
pub(crate) struct Ready {
    pub(super) plugin: Plugin,
    /// Its place in `spec.plugins`.
    pub(super) entry: usize,
    pub(super) settings: String,
    /// What of the settings nobody may read.
    pub(crate) secrets: Arc<Secrets>,
}

impl Ready {
    pub(crate) fn entry<'p>(&self, plan: &'p Plan) -> &'p Entry {
        &plan.plugins[self.entry]
    }
}

impl Run<'_> {
    /// Runs the customizing hooks on the plan: plugin by plugin in spec order, each seeing what the one before left.
    pub(crate) fn customize(&mut self, plan: &mut Plan, report: &mut Report) -> Result<(), Stop> {
        for ready in self.plugins {
            if ready.entry(plan).outside.is_some() {
                continue;
            }
            let session = ready.plugin.session();
            let first = self.calls.len();
            for hook in ready.plugin.hooks() {
                match hook {
                    Hook::Images => images::customize(self, ready, &session, plan, report)?,
                    Hook::Sysupdate => sysupdate::customize(self, ready, &session, plan, report)?,
                    Hook::Kubeadm => kubeadm::customize(self, ready, &session, plan, report)?,
                    _ => {}
                }
            }
            told::replaced(ready.entry(plan), first, self.calls, plan, report);
        }
        if report.has_errors() { Err(Stop::Reported) } else { Ok(()) }
    }

    /// Books a call: its findings go to the report, its edits to the trace, and its answer is judged. Gives the answer if it changed anything; [`Run::pen`] then writes it.
    pub(super) fn book<T: Serialize + Clone + PartialEq + Send + Judge + Origins + Sample + 'static>(
        &mut self,
        call: CallSite<'_>,
        question: &T,
        outcome: Result<Outcome<T>, Failure>,
        plan: &Plan,
        report: &mut Report,
    ) -> Result<Option<T>, Stop> {
        let entry = &plan.plugins[call.ready.entry];
        let secrets = &call.ready.secrets;
        let outcome = outcome.map_err(|failure| findings::failed(failure, &call, entry, report))?;
        let groups = &call.group.map_or_else(|| covered(call.ready, plan), |group| vec![group]);
        let mut told = outcome.findings;
        for finding in &mut told {
            if matches!(finding.place, Place::Value(_)) {
                let path = finding.diagnostic.object_path.take();
                finding.diagnostic.object_path = path.map(|path| shortened::<T>(&path)).filter(|path| !path.is_root());
            }
        }
        let line_of = |path: &str| origin_of(path, question, groups, plan)?.anchor();
        findings::report_all(told, entry, &call, &line_of, report);
        let changed = outcome.value.filter(|after| after != question);
        let known = report.diagnostics().len();
        if let Some(after) = &changed {
            for refusal in flatwright_plugin_law::judge(question, after, &facts(plan, call.group, groups)) {
                let before = stood(&refusal.field, question, groups, self.calls, plan);
                report.push(findings::refused(refusal, before, entry, &call));
            }
        }
        let edits = match &changed {
            Some(after) => {
                let (before, after) = (question.clone(), after.clone());
                let masks = Masks { secrets: Arc::clone(secrets), shown: self.variables_in(question, groups, plan) };
                lazy(move || masks.masked(diff::between(&before, &after)))
            }
            None => lazy(Vec::new),
        };
        self.record(call, entry, edits, outcome.logs, outcome.fuel);
        // An answer with a refused value changes nothing: what follows is about the plan that stands.
        Ok(changed.filter(|_| !report.diagnostics()[known..].iter().any(|finding| finding.severity == Severity::Error)))
    }

    /// Puts a call into the record, for `--trace-plugins` and `explain`.
    pub(super) fn record(
        &mut self,
        call: CallSite<'_>,
        entry: &Entry,
        edits: Edits,
        mut logs: Vec<LogLine>,
        fuel: u64,
    ) {
        for line in &mut logs {
            line.message = call.ready.secrets.masked(&line.message).into_owned();
        }
        self.calls.push(Call {
            plugin: entry.name.value.clone(),
            digest: call.ready.plugin.digest().short(),
            hook: call.hook,
            target: call.target.to_owned(),
            edits,
            replaced: Vec::new(),
            logs,
            fuel,
        });
    }

    /// The values of a question that variables gave, by path, and what is shown of them.
    fn variables_in<T: Origins>(&self, question: &T, groups: &[usize], plan: &Plan) -> Vec<(String, Shown)> {
        let Some(written) = self.written else { return Vec::new() };
        let values = question.origins(plan, groups).into_iter();
        values.map(|(path, origin)| (path, written.values(origin).to_vec())).filter(|(_, it)| !it.is_empty()).collect()
    }

    /// Writes what the last call answered, into a node group or the cluster.
    pub(super) fn pen(&mut self, group: &str) -> Pen<'_> {
        let index = self.calls.len().saturating_sub(1);
        let origin = Origin::Plugin(u32::try_from(index).unwrap_or(u32::MAX));
        let call = self.calls.last_mut().expect("invariant: an answer is written after its call was booked");
        Pen { origin, group: group.to_owned(), replaced: &mut call.replaced }
    }
}

/// Texts, and what is shown in their place.
type Shown = Vec<(String, String)>;

/// What nobody may read in the edits of a call.
struct Masks {
    secrets: Arc<Secrets>,
    /// By the path in the question.
    shown: Vec<(String, Shown)>,
}

impl Masks {
    fn masked(&self, edits: Vec<Edit>) -> Vec<Edit> {
        let hides_changes = self.secrets.hides_changes();
        edits.into_iter().map(|edit| self.edit(edit, hides_changes)).collect()
    }

    fn edit(&self, edit: Edit, hides_changes: bool) -> Edit {
        let (before, after) = if hides_changes {
            (edit.before.map(|_| Value::Null), edit.after.map(|_| Value::Null))
        } else {
            let is_about = |path: &str| path.starts_with(&edit.path) || edit.path.starts_with(path);
            let shown: Vec<&Shown> = self.shown.iter().filter(|(path, _)| is_about(path)).map(|(_, it)| it).collect();
            let mask =
                |value: Value| shown.iter().fold(self.secrets.masked_value(value), |value, it| as_written(value, it));
            (edit.before.map(mask), edit.after.map(mask))
        };
        Edit { path: self.secrets.masked(&edit.path).into_owned(), before, after, is_hidden: hides_changes }
    }
}

/// A value in which the texts of variables are as the spec has them.
fn as_written(value: Value, shown: &Shown) -> Value {
    match value {
        Value::String(text) => shown.iter().fold(text, |text, (value, written)| text.replace(value, written)).into(),
        Value::Array(items) => items.into_iter().map(|item| as_written(item, shown)).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, as_written(value, shown))).collect(),
        other => other,
    }
}

/// Where the value at a path of a question came from, or what is around it. Both may be written as plugins do: `a["b"]` and `a.b` are one path.
fn origin_of<T: Origins>(path: &str, question: &T, groups: &[usize], plan: &Plan) -> Option<Origin> {
    let path = Path::parse(path);
    let begins = |known: &Path| path.segments().starts_with(known.segments());
    let origins = question.origins(plan, groups).into_iter().map(|(known, origin)| (Path::parse(&known), origin));
    origins.filter(|(known, _)| begins(known)).max_by_key(|(known, _)| known.segments().len()).map(|(_, origin)| origin)
}

/// Whether the flavor has a file, link or unit at a path of the node.
fn is_flavors(group: &NodeGroup, path: &str) -> bool {
    let parts = &group.machine_config;
    let units = parts.units.iter().map(|unit| (format!("/etc/systemd/system/{}", unit.name.value), unit.name.origin));
    let files = parts.files.iter().map(|file| (file.path.value.clone(), file.path.origin));
    let links = parts.links.iter().map(|link| (link.path.value.clone(), link.path.origin));
    let is_made = |origin| matches!(origin, Origin::Default(_) | Origin::Unknown);
    units.chain(files).chain(links).any(|(known, origin)| known == path && is_made(origin))
}

/// What the rules for answers need to know of the plan.
fn facts<'a>(plan: &'a Plan, group: Option<usize>, groups: &'a [usize]) -> Facts<'a> {
    let architecture = group.map(|group| plan.groups[group].architecture.value);
    Facts {
        architecture: architecture.and_then(Architecture::from_name),
        release: plan.flatcar.1.value.parse().ok(),
        has_extension: plan.flavor.value == Flavor::Sysext,
        is_rebooted: plan.has_reboot_manager,
        owned: Box::new(move |path| groups.iter().any(|group| is_flavors(&plan.groups[*group], path))),
    }
}

/// What stood at a path of a question, and whose it was. Asked of what is refused only.
fn stood<T: Serialize + Origins>(path: &str, question: &T, groups: &[usize], calls: &[Call], plan: &Plan) -> Before {
    let json = serde_json::to_value(question).expect("invariant: the host's records are JSON");
    let value = diff::at(&json, path).and_then(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    });
    let origin = origin_of(path, question, groups, plan);
    let place = origin.and_then(|origin| told::whose(origin, calls, plan));
    Before { value: value.filter(|value| value.chars().count() <= LONGEST_SHOWN), place }
}

/// Which call is being booked.
#[derive(Clone, Copy)]
pub(crate) struct CallSite<'a> {
    pub(super) ready: &'a Ready,
    pub(super) hook: &'static str,
    pub(super) target: &'a str,
    /// The node group that the call is about; a pool may be called `cluster`.
    pub(super) group: Option<usize>,
}

/// The node groups that a plugin may change, by their positions.
pub(super) fn covered(ready: &Ready, plan: &Plan) -> Vec<usize> {
    (0..plan.groups.len()).filter(|index| applies(ready, plan, *index)).collect()
}

/// Whether a plugin may change a group (`match` in the spec).
pub(super) fn applies(ready: &Ready, plan: &Plan, index: usize) -> bool {
    let entry = &plan.plugins[ready.entry];
    let group = &plan.groups[index];
    let by_role = entry.roles.is_empty() || entry.roles.contains(&group.role);
    let by_pool = entry.pools.is_empty() || entry.pools.iter().any(|pool| pool.value == group.name.value);
    by_role && by_pool
}
