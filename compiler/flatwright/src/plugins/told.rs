//! What users are told of changes that they may not expect: a value replaced, or a change that was not made.
//!
//! Owns: these notes, one per plugin and key. Must not: show values; `--trace-plugins` and `explain` do.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_diagnostic::{Anchor, Diagnostic, Origin, Report, Rule};
use flatwright_plan::{Plan, Plugin};
use flatwright_plugin_host::escape_line;

use crate::calls::Call;
use crate::places::of_entry;

/// More groups, paths and lines than this are counted.
const MOST_NAMES: usize = 5;

/// What a plugin did to values of others, or could not do.
#[derive(Debug, Rule)]
#[rule(group = "plugin-change")]
pub(super) enum Change {
    /// A value of the user's or of another plugin's is another now, or gone.
    #[rule("plugin-replaces-value", "plugin `{plugin}`, hook `{hook}`, changes `{path}` of {groups}")]
    Replaces { plugin: String, hook: &'static str, path: String, groups: String },
    /// The call for the cluster gave a value to all groups, and some have one of their own.
    #[rule(
        "plugin-own-value-stays",
        "plugin `{plugin}` gives `{path}` to all of its groups; the value that is there already stays in {groups}"
    )]
    OwnStays { plugin: String, path: String, groups: String },
    /// The answer of the call for the cluster lacks something that it was shown.
    #[rule(
        "plugin-omitted-value-stays",
        "plugin `{plugin}` leaves {paths} out of its answer for the cluster; it stays"
    )]
    OmittedStays { plugin: String, paths: String },
    /// The answer of the call for the cluster has a second value beside the one that it was shown.
    #[rule(
        "plugin-value-given-twice",
        "plugin `{plugin}` gives {paths} beside the value that it was shown; the new one is taken"
    )]
    GivenTwice { plugin: String, paths: String },
}

/// What an answer about the cluster did not change.
#[derive(Default)]
pub(super) struct Kept {
    /// Shown values that the answer does not have.
    pub(super) left_out: Vec<String>,
    /// Values that stand beside the shown one.
    pub(super) beside: Vec<String>,
    /// New values, by path, with the groups that have one of their own.
    own: BTreeMap<String, Vec<(String, Origin)>>,
}

impl Kept {
    /// A group has a value of its own.
    pub(super) fn own(&mut self, path: &str, group: &str, origin: Origin) {
        self.own.entry(path.to_owned()).or_default().push((group.to_owned(), origin));
    }

    pub(super) fn report(self, entry: &Plugin, calls: &[Call], plan: &Plan, report: &mut Report) {
        let plugin = || entry.name.value.clone();
        for (path, groups) in self.own {
            let names = names(groups.iter().map(|(group, _)| format!("`{group}`")));
            let rule = Change::OwnStays { plugin: plugin(), path: escape_line(&path), groups: names };
            let finding = report.mention(of_entry(entry), &rule);
            finding.hint("a group's own value is changed in the call for that group");
            label(finding, groups.into_iter().map(|(_, origin)| origin), calls, plan);
        }
        if !self.left_out.is_empty() {
            let rule = Change::OmittedStays { plugin: plugin(), paths: quoted(&self.left_out) };
            report.mention(of_entry(entry), &rule).hint("what a group has is removed in the call for that group");
        }
        if !self.beside.is_empty() {
            let rule = Change::GivenTwice { plugin: plugin(), paths: quoted(&self.beside) };
            report.mention(of_entry(entry), &rule);
        }
    }
}

/// Tells which values of the user's and of other plugins' the calls of one plugin replaced. What the flavor gives by default is replaced without a word.
pub(super) fn replaced(entry: &Plugin, first: usize, calls: &[Call], plan: &Plan, report: &mut Report) {
    let is_others = |origin: Origin| match origin {
        Origin::Plugin(index) => place(index, calls).is_some_and(|call| call.plugin != entry.name.value),
        other => other.anchor().is_some(),
    };
    /// The groups whose value it was, and where the values came from.
    type Whose = (Vec<String>, Vec<Origin>, Vec<Anchor>);
    let mut keys: BTreeMap<(&'static str, &str), Whose> = BTreeMap::new();
    for call in calls.iter().skip(first) {
        for replaced in call.replaced.iter().filter(|replaced| is_others(replaced.before)) {
            let (groups, origins, lines) = keys.entry((call.hook, &replaced.path)).or_default();
            if !groups.contains(&replaced.group) {
                groups.push(replaced.group.clone());
            }
            match &replaced.line {
                Some(line) => lines.push(line.clone()),
                None => origins.push(replaced.before),
            }
        }
    }
    for ((hook, path), (groups, origins, mut lines)) in keys {
        let groups = match groups.as_slice() {
            [only] if only == "cluster" => "the cluster".to_owned(),
            _ => names(groups.iter().map(|group| format!("`{group}`"))),
        };
        let rule = Change::Replaces { plugin: entry.name.value.clone(), hook, path: escape_line(path), groups };
        let finding = report.mention(of_entry(entry), &rule);
        label(finding, origins.into_iter(), calls, plan);
        lines.sort_unstable();
        lines.dedup();
        for line in lines.into_iter().take(MOST_NAMES) {
            finding.label(line, "given here");
        }
    }
}

/// Marks each place that gave a value: the user's line, or another plugin's entry.
fn label(finding: &mut Diagnostic, origins: impl Iterator<Item = Origin>, calls: &[Call], plan: &Plan) {
    let lines: BTreeSet<(Anchor, String)> = origins.filter_map(|origin| whose(origin, calls, plan)).collect();
    for (anchor, message) in lines.into_iter().take(MOST_NAMES) {
        finding.label(anchor, message);
    }
}

/// The place that gave a value – the user's line, or the entry of a plugin – and what to say of it there. Defaults have none.
pub(super) fn whose(origin: Origin, calls: &[Call], plan: &Plan) -> Option<(Anchor, String)> {
    let Origin::Plugin(index) = origin else { return Some((origin.anchor()?, "given here".to_owned())) };
    let call = place(index, calls)?;
    let entry = plan.plugins.iter().find(|entry| entry.name.value == call.plugin)?;
    Some((of_entry(entry), format!("plugin `{}` gave it", call.plugin)))
}

fn place(index: u32, calls: &[Call]) -> Option<&Call> {
    calls.get(usize::try_from(index).ok()?)
}

fn quoted(paths: &[String]) -> String {
    names(paths.iter().map(|path| format!("`{}`", escape_line(path))))
}

/// Names in a row, the first few in words.
fn names(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    let more = names.len().saturating_sub(MOST_NAMES);
    names.truncate(MOST_NAMES);
    match more {
        0 => {}
        1 => names.push("1 more".to_owned()),
        many => names.push(format!("{many} more")),
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}
