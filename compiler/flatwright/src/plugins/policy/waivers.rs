//! Errors of policies that do not count: what `spec.waivers` says, as far as the policy's entry allows it.
//!
//! Owns: the names of places, which waiver is meant for which finding, and what is wrong with a waiver. Must not: hide anything; a waived error is a note with its reason.

use flatwright_capi::Object;
use flatwright_diagnostic::{Anchor, Diagnostic, Part, Path, Report, Rule, Severity, Waiver as Waived};
use flatwright_kubernetes::table::Day;
use flatwright_plan::{Plan, Plugin, Waiver};
use flatwright_plugin_host::model::findings::{ObjectReference, Place};
use serde_json::Value as Json;

use super::places::is_meant;
use crate::places::of_entry;

/// A waiver that does not do what it says.
#[derive(Debug, Rule)]
#[rule(group = "plugin-waiver")]
pub(in super::super) enum Misplaced {
    /// For a code that the policy's entry does not list.
    #[rule("waiver-not-allowed", "plugin `{plugin}` does not let its errors `{code}` be waived")]
    NotAllowed { plugin: String, code: String },
    /// For a plugin that is not there.
    #[rule("waiver-of-unknown-plugin", "there is no plugin `{plugin}`")]
    UnknownPlugin { plugin: String },
    /// After its last day.
    #[rule("expired-waiver", "the waiver ended on {until}")]
    Expired { until: String },
    /// For what is not found.
    #[rule("idle-waiver", "nothing at `{place}` gives the error `{code}` of plugin `{plugin}`")]
    Idle { plugin: String, code: String, place: String },
}

/// The waivers of a spec, and which of them met an error.
pub(super) struct Waivers<'p> {
    plan: &'p Plan,
    objects: &'p [Object],
    /// How each waiver stands.
    met: Vec<Met>,
}

#[derive(Clone, Copy, PartialEq)]
enum Met {
    /// Nothing is known, because its policy gave no answer, or nothing more is to be said.
    Unasked,
    /// Its last day has passed.
    Over,
    /// Its policy answered, without an error at that place.
    Nothing,
    Error,
}

impl<'p> Waivers<'p> {
    /// Refuses what may not be waived.
    pub(super) fn new(plan: &'p Plan, objects: &'p [Object], today: Option<Day>, report: &mut Report) -> Self {
        let is_over = |waiver: &Waiver| {
            let until = waiver.until.as_ref();
            until.is_some_and(|until| today.is_some_and(|today| today.is_after(&until.value)))
        };
        let over: Vec<bool> = plan.waivers.iter().map(is_over).collect();
        for (waiver, _) in plan.waivers.iter().zip(&over).filter(|(_, over)| **over) {
            let until = waiver.until.as_ref().map(|until| until.value.clone()).unwrap_or_default();
            report
                .warn(place_of(waiver), &Misplaced::Expired { until })
                .hint("correct what the policy refuses, or agree on another day");
        }
        for waiver in &plan.waivers {
            let (plugin, code) = (waiver.plugin.clone(), waiver.code.clone());
            match plan.plugins.iter().find(|entry| entry.name.value == waiver.plugin) {
                None => {
                    let names = plan.plugins.iter().map(|entry| entry.name.value.as_str());
                    report.warn(place_of(waiver), &Misplaced::UnknownPlugin { plugin }).did_you_mean(
                        &waiver.plugin,
                        Part::Value,
                        names,
                    );
                }
                Some(entry) if !is_waivable(entry, &waiver.code) => {
                    report
                        .refuse(place_of(waiver), &Misplaced::NotAllowed { plugin, code })
                        .label(of_entry(entry), "the entry says what may be waived")
                        .hint("correct what the policy refuses, or list the code in the entry's `waivable`");
                }
                Some(_) => {}
            }
        }
        let met = over.into_iter().map(|over| if over { Met::Over } else { Met::Unasked }).collect();
        Self { plan, objects, met }
    }

    /// Marks that a policy gave its answer.
    pub(super) fn answered(&mut self, entry: &Plugin) {
        for (met, waiver) in self.met.iter_mut().zip(&self.plan.waivers) {
            if *met == Met::Unasked && waiver.plugin == entry.name.value && is_waivable(entry, &waiver.code) {
                *met = Met::Nothing;
            }
        }
    }

    /// Waives an error if the spec says so; otherwise says how it could be waived, where the entry allows it.
    pub(super) fn judge(&mut self, entry: &Plugin, code: Option<&str>, place: &Place, finding: &mut Diagnostic) {
        let Some(code) = code.filter(|code| finding.severity == Severity::Error && is_waivable(entry, code)) else {
            return;
        };
        let place = self.name(place);
        let is_meant = |waiver: &Waiver| {
            waiver.plugin == entry.name.value && waiver.code == code && normal(&waiver.place.value) == place
        };
        let mut meant = self.plan.waivers.iter().zip(&self.met);
        match meant.position(|(waiver, met)| *met != Met::Over && is_meant(waiver)) {
            Some(index) => {
                self.met[index] = Met::Error;
                let waiver = &self.plan.waivers[index];
                let until = waiver.until.as_ref().map(|day| day.value.clone());
                finding.waive(Waived { reason: waiver.reason.value.clone(), until });
                finding.label(place_of(waiver), "the waiver stands here");
            }
            None => {
                let place = Json::from(place);
                let name = finding.name().into_owned();
                finding.hint(format!(
                    "if it has to be so, add to `spec.waivers`: `{{code: {name}, place: {place}, reason: …}}`"
                ));
            }
        }
    }

    /// Reports waivers that met nothing.
    pub(super) fn finish(self, report: &mut Report) {
        for (waiver, met) in self.plan.waivers.iter().zip(self.met) {
            if met == Met::Nothing {
                let (plugin, code) = (waiver.plugin.clone(), waiver.code.clone());
                let rule = Misplaced::Idle { plugin, code, place: waiver.place.value.clone() };
                report
                    .warn(place_of(waiver), &rule)
                    .hint("remove the waiver, or correct its place: the finding's hint has it");
            }
        }
    }

    /// A place in one line: the object, machine config or settings, and the path in it. A template's hash is no part of its name: it changes with every value.
    fn name(&self, place: &Place) -> String {
        match place {
            Place::Object(place) => with_path(&self.object(&place.object), &place.path),
            Place::MachineConfig(place) => with_path(&format!("machine-config/{}", place.group), &place.path),
            Place::Settings(path) => with_path("settings", path),
            Place::Plugin | Place::Value(_) | Place::Other(_) => "plugin".to_owned(),
        }
    }

    fn object(&self, reference: &ObjectReference) -> String {
        let group = self.objects.iter().find(|object| is_meant(object, reference)).and_then(Object::group);
        let plain = group.and_then(|index| self.plan.groups.get(index));
        let plain = plain.map(|group| format!("{}-{}", self.plan.name.value, group.name.value));
        let is_hash = |rest: &str| {
            rest.strip_prefix('-').is_some_and(|hash| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        let name = plain.filter(|plain| reference.name.strip_prefix(plain.as_str()).is_some_and(is_hash));
        format!("{}/{}", reference.kind, name.as_ref().unwrap_or(&reference.name))
    }
}

fn is_waivable(entry: &Plugin, code: &str) -> bool {
    entry.waivable.iter().any(|waivable| waivable.value == code)
}

/// Where a waiver says what it waives.
fn place_of(waiver: &Waiver) -> Anchor {
    waiver.origin.anchor().expect("invariant: waivers stand in the spec")
}

/// What separates a thing from the path in it: a `#` within a word begins no comment.
const PATH: char = '#';

fn with_path(thing: &str, path: &str) -> String {
    let path = Path::parse(path);
    if path.is_root() { thing.to_owned() } else { format!("{thing}{PATH}{path}") }
}

/// A place as it was written, with its path in our spelling.
fn normal(written: &str) -> String {
    match written.split_once(PATH) {
        Some((thing, path)) => with_path(thing, path),
        None => written.to_owned(),
    }
}
