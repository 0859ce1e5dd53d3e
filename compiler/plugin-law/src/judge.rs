//! One answer held against its question.
//!
//! Owns: how a refusal is recorded. Must not: know which rule holds for which field; the modules of the hooks do.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Anchor, Code, Diagnostic, Place, Report, Rule, Severity, SourceId};
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::release::Release;
use flatwright_flatcar::settings::{Locate, Position};
use flatwright_plugin_host::escape_line;
use flatwright_plugin_host::model::cluster::Pair;
use flatwright_spec::decode::{FromScalar, form_problem};
use flatwright_spec::law::Broken;

use crate::rule::PluginValue;

/// What the rules need to know of the cluster.
pub struct Facts<'a> {
    /// The architecture of the node group that the call is about.
    pub architecture: Option<Architecture>,
    /// The Flatcar release, where it is known.
    pub release: Option<Release>,
    /// Whether Kubernetes comes as a system extension.
    pub has_extension: bool,
    /// Whether something acts on a reboot that updates ask for.
    pub is_rebooted: bool,
    /// Whether the flavor has something at a path of the node.
    pub owned: Box<dyn Fn(&str) -> bool + 'a>,
}

/// What could not stand in a spec either.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The field, such as `node.files["/etc/motd"].permissions`.
    pub field: String,
    /// The fact, without a place and without the plugin's name.
    pub finding: Diagnostic,
}

/// An answer that can be judged against its question.
pub trait Judge {
    /// Records what could not stand in a spec either.
    fn judge(&self, question: &Self, judged: &mut Judged<'_>);
}

/// Holds an answer against its question. What the plugin left as it was is not judged.
pub fn judge<T: Judge>(question: &T, answer: &T, facts: &Facts<'_>) -> Vec<Refusal> {
    let mut judged = Judged { facts, refusals: Vec::new() };
    answer.judge(question, &mut judged);
    judged.refusals
}

/// The answer that is being judged.
pub struct Judged<'a> {
    pub(crate) facts: &'a Facts<'a>,
    refusals: Vec<Refusal>,
}

impl Judged<'_> {
    /// What `check` refuses, without recording it.
    pub(crate) fn of(&self, check: impl FnOnce(&mut Judged<'_>)) -> Vec<Refusal> {
        let mut other = Judged { facts: self.facts, refusals: Vec::new() };
        check(&mut other);
        other.refusals
    }

    /// Takes back what is among these.
    pub(crate) fn forget(&mut self, known: &[Refusal]) {
        self.refusals.retain(|refusal| !known.contains(refusal));
    }

    /// A text that must have the form of one of the spec's types.
    pub(crate) fn form<T: FromScalar>(&mut self, field: &str, text: &str) {
        if let Some(problem) = form_problem::<T>(text) {
            self.malformed(field, problem.to_string());
        }
    }

    /// A value without the form that its field has.
    pub(crate) fn malformed(&mut self, field: &str, problem: String) {
        self.error(field, &PluginValue::Malformed { problem });
    }

    /// A value that would be lost.
    pub(crate) fn not_taken(&mut self, field: &str, why: &'static str) {
        self.error(field, &PluginValue::NotTaken { why });
    }

    pub(crate) fn error(&mut self, field: &str, rule: &PluginValue) -> &mut Diagnostic {
        self.rule(Severity::Error, field, rule)
    }

    /// A broken rule, whoever has it.
    pub(crate) fn rule(&mut self, severity: Severity, field: &str, rule: &impl Rule) -> &mut Diagnostic {
        let told = Diagnostic::of(rule, severity);
        let finding = self.finding(told.code, severity, field, &told.message);
        finding.data = told.data;
        finding
    }

    /// What the law says of a part of the answer.
    pub(crate) fn broken<F>(&mut self, field: &str, broken: Broken<F>) {
        let told = broken.finding;
        let finding = self.finding(told.code, told.severity, field, &told.message);
        finding.data = told.data;
        finding.notes = told.notes;
        finding.hints = told.hints;
    }

    fn finding(&mut self, code: Code, severity: Severity, field: &str, fact: &str) -> &mut Diagnostic {
        let finding = Diagnostic::new(code, severity, escape_line(fact));
        self.refusals.push(Refusal { field: escape_line(field), finding });
        &mut self.refusals.last_mut().expect("invariant: it was pushed").finding
    }

    /// What `check` says about a systemd text of the answer.
    pub(crate) fn systemd(&mut self, field: &str, check: impl FnOnce(Locate<'_>, &mut Report)) {
        let mut found = Report::new();
        let place = |at: Position| Anchor::line_column(SourceId(0), at.line, at.column);
        check(&place, &mut found);
        for told in found.diagnostics() {
            let mut fact = told.message.clone();
            if let Some(Place::LineColumn(line, _)) = told.anchor.as_ref().map(|anchor| &anchor.place) {
                fact.push_str(&format!(" (line {line} of the text)"));
            }
            let finding = self.finding(told.code, told.severity, field, &fact);
            finding.data.clone_from(&told.data);
            finding.notes = told.notes.iter().map(|note| escape_line(note)).collect();
            finding.hints = told.hints.iter().map(|hint| escape_line(hint)).collect();
        }
    }

    /// Settings that this version of the compiler knows nothing of would be lost.
    pub(crate) fn extra(&mut self, field: &str, question: &[Pair], answer: &[Pair]) {
        for (name, _) in answer.iter().filter(|pair| !question.contains(pair)) {
            self.error(&format!("{field}[{name:?}]"), &PluginValue::UnknownSetting);
        }
    }
}

/// The items of a list that are new or differ, with what was there before under the same name.
pub(crate) fn changed<'a, T: PartialEq>(
    question: &'a [T],
    answer: &'a [T],
    name: impl Fn(&'a T) -> String,
) -> impl Iterator<Item = (String, &'a T, Option<&'a T>)> {
    let known: BTreeMap<String, &T> = question.iter().map(|item| (name(item), item)).collect();
    answer.iter().filter_map(move |item| {
        let name = name(item);
        let before = known.get(&name).copied();
        (before != Some(item)).then_some((name, item, before))
    })
}
