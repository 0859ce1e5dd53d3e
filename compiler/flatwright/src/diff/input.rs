//! The two sides of a comparison, read: specs are compiled, manifests are parsed.

use std::collections::BTreeSet;

use flatwright_admission::Options as AdmissionOptions;
use flatwright_diagnostic::{Diagnostic, Report};
use flatwright_render::Sources;

use super::plan::{self, Plan};
use super::state::State;
use crate::compile::{Options, compile_into};
use crate::kinds::Releases;
use crate::updates;
use crate::validate::read_objects;
use crate::world::{SpecFile, World};

/// One side of a comparison.
pub enum Input<'a> {
    /// Specs, which are compiled.
    Specs {
        /// The files.
        files: &'a [SpecFile],
        /// What they may name.
        world: &'a dyn World,
        /// How they are compiled.
        options: &'a Options,
    },
    /// Manifests, as they were written or applied.
    Manifests(&'a [SpecFile]),
    /// What a management cluster has, as `kubectl get … -o yaml` gives it: with a status, and with what the server filled in.
    Live(&'a [SpecFile]),
}

/// What a comparison gives.
pub struct Compared {
    /// The texts that findings and places point into.
    pub sources: Sources,
    /// Every finding; what the server refuses is among the errors.
    pub report: Report,
    /// Why the environment failed, if it did.
    pub failure: Option<String>,
    /// What will happen; nothing if a side cannot be read.
    pub plan: Option<Plan>,
}

/// Compares two states.
pub fn diff(old: &Input<'_>, new: &Input<'_>) -> Compared {
    let mut compared = Compared { sources: Sources::new(), report: Report::new(), failure: None, plan: None };
    let mut of_old = Report::new();
    let Some(old_state) = state(old, &mut compared, &mut of_old) else {
        compared.report.extend(of_old);
        return compared;
    };
    // What is wrong with the old side is no longer of interest, as long as there is one.
    let mut of_new = Report::new();
    let new_state = state(new, &mut compared, &mut of_new);
    compared.report.extend(of_new);
    let Some(new_state) = new_state else { return compared };
    let mut plan = plan::plan(&old_state, &new_state, &compared.sources);
    for finding in refusals(&old_state, &new_state) {
        plan.refusals.push(finding.message.clone());
        compared.report.push(finding);
    }
    compared.plan = Some(plan);
    compared
}

/// Whether a text is a spec, and not manifests.
pub fn is_spec(bytes: &[u8]) -> bool {
    updates::is_spec(bytes)
}

/// A side; nothing if it cannot be read.
fn state(input: &Input<'_>, compared: &mut Compared, report: &mut Report) -> Option<State> {
    match input {
        Input::Specs { files, world, options } => {
            let options = Options { is_tolerant: true, ..(*options).clone() };
            let compilation = compile_into(std::mem::take(&mut compared.sources), files, *world, &options);
            compared.sources = compilation.sources;
            let is_lost = compilation.clusters.is_empty() && compilation.report.has_errors();
            report.extend(compilation.report);
            compared.failure = compared.failure.take().or(compilation.failure);
            (!is_lost && compared.failure.is_none()).then(|| State::of_clusters(compilation.clusters))
        }
        Input::Manifests(files) => {
            let objects = read_objects(files, &mut compared.sources, report);
            (!report.has_errors()).then(|| State::of_manifests(objects))
        }
        Input::Live(files) => {
            let objects = read_objects(files, &mut compared.sources, report);
            (!report.has_errors()).then(|| State::of_live(objects))
        }
    }
}

/// What the server refuses, at the lines of the new side.
fn refusals(old: &State, new: &State) -> Vec<Diagnostic> {
    let before = updates::by_identity(old.objects.iter().map(|object| &object.json));
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for object in &new.objects {
        let id = updates::identity(&object.json);
        let Some(previous) = before.get(&id).filter(|_| told.insert(id)) else { continue };
        for finding in updates::refused(previous, &object.json, &Releases::default(), &AdmissionOptions::default()) {
            found.push(object.place(finding));
        }
    }
    found
}
