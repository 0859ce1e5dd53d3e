//! What plugins answered, by the rules for what users write into a spec.
//!
//! Owns: which rule holds for which field, and the field's name in a finding. Must not: have rules of its own (the spec's types and `flatcar` have them), or judge what
//! the plugin left as it was.

mod images;
mod kubeadm;
mod sysupdate;

use std::collections::BTreeMap;

use flatwright_diagnostic::{Anchor, Code, Diagnostic, Place, Report, Severity, SourceId};
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::release::Release;
use flatwright_flatcar::settings::{Locate, Position};
use flatwright_plan::Plugin;
use flatwright_plugin_host::escape_line;
use flatwright_plugin_host::model::cluster::Pair;
use flatwright_spec::decode::{FromScalar, form_problem};

use super::{CallSite, code};
use crate::places;

/// An answer that can be judged against its question.
pub(super) trait Judge {
    /// Reports what could not stand in a spec either.
    fn judge(&self, question: &Self, judged: &mut Judged<'_>);
}

/// The answer that is being judged.
pub(super) struct Judged<'a> {
    pub(super) call: CallSite<'a>,
    pub(super) entry: &'a Plugin,
    /// The architecture of the node group that the call is about.
    pub(super) architecture: Option<Architecture>,
    /// The Flatcar release, where the spec names one.
    pub(super) release: Option<Release>,
    pub(super) report: &'a mut Report,
}

impl Judged<'_> {
    /// A text that must have the form of one of the spec's types.
    fn form<T: FromScalar>(&mut self, field: &str, text: &str) {
        if let Some(problem) = form_problem::<T>(text) {
            self.error(field, &problem.to_string());
        }
    }

    fn error(&mut self, field: &str, fact: &str) {
        self.finding(code::PLUGIN_VALUE, Severity::Error, field, fact);
    }

    fn finding(&mut self, code: Code, severity: Severity, field: &str, fact: &str) -> &mut Diagnostic {
        let CallSite { hook, target, .. } = self.call;
        let message = format!(
            "plugin `{}`, hook `{hook}`, field `{}`: {}",
            self.entry.name.value,
            escape_line(field),
            escape_line(fact)
        );
        let mut diagnostic = Diagnostic::new(code, severity, message);
        diagnostic.at(places::of_entry(self.entry)).note(format!("called for `{target}`"));
        diagnostic.hint("`--trace-plugins` shows what each plugin changed");
        self.report.push(diagnostic)
    }

    /// What `check` says about a systemd text of the answer.
    fn systemd(&mut self, field: &str, check: impl FnOnce(Locate<'_>, &mut Report)) {
        let mut found = Report::new();
        let place = |at: Position| Anchor::line_column(SourceId(0), at.line, at.column);
        check(&place, &mut found);
        for told in found.diagnostics() {
            let mut fact = told.message.clone();
            if let Some(Place::LineColumn(line, _)) = told.anchor.as_ref().map(|anchor| &anchor.place) {
                fact.push_str(&format!(" (line {line} of the text)"));
            }
            let finding = self.finding(told.code, told.severity, field, &fact);
            finding.notes.extend(told.notes.iter().map(|note| escape_line(note)));
            finding.hints.splice(..0, told.hints.iter().map(|hint| escape_line(hint)));
        }
    }

    /// Settings that this version of the compiler knows nothing of would be lost.
    fn extra(&mut self, field: &str, question: &[Pair], answer: &[Pair]) {
        for (name, _) in answer.iter().filter(|pair| !question.contains(pair)) {
            self.error(&format!("{field}[{name:?}]"), "this version has no such setting");
        }
    }
}

/// The items of a list that are new or differ, with what was there before under the same name.
fn changed<'a, T: PartialEq>(
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
