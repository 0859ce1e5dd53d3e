//! What the bootstrap provider or the machine would refuse, at the user's line.
//!
//! Owns: the way back from a refusal to a place in the spec. Must not: have rules of its own about configs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use flatwright_bootstrap::budget::Usage;
use flatwright_bootstrap::{CapiVersion, Failure, Input, Renderer, preview};
use flatwright_capi::{Object, Subject};
use flatwright_diagnostic::{Anchor, Diagnostic, Report, Severity};
use flatwright_ignition::Entry;
use flatwright_ignition::translate::{self, Refusal};
use flatwright_node::{Failure as NodeFailure, FirstBoot};
use flatwright_plan::{NodeGroup, Plan, Role};

use super::first_boot::{Sources, System};
use super::rules::Version;
use super::{Boot, ClusterObjects, Stage, render, runtime, size};
use crate::calls::Call;
use crate::compose::Composed;
use crate::contents::release;
use crate::entry;
use crate::parallel;
use crate::places::{self, Found, Places};
use crate::refusal;

/// What findings about a rendering answer to.
const RENDERING: &str = "bootstrap-rendering";

/// What the machines of a cluster are made of.
pub(crate) struct Machines<'a> {
    objects: &'a [Object],
    plan: &'a Plan,
    /// By group and stage.
    inputs: Vec<Vec<Result<Input, Failure>>>,
    /// By group.
    systems: Vec<System>,
}

impl<'a> Machines<'a> {
    /// The machines that the objects make.
    pub(crate) fn new(objects: &'a [Object], plan: &'a Plan) -> Self {
        let shared = ClusterObjects::new(objects);
        let groups = plan.groups.iter().enumerate();
        let inputs = groups.map(|(index, group)| {
            let parts = shared.group(index);
            stages(group).iter().map(|stage| parts.input(plan, *stage)).collect()
        });
        let systems = plan.groups.iter().map(|group| System::of(group, release(group, plan))).collect();
        Self { objects, plan, inputs: inputs.collect(), systems }
    }

    /// Renders the bootstrap data of every group, translates it as the machine does, and applies it and the stand-alone configs. Meanwhile, where it `has_thread`, the
    /// caller does `own`. `threads` tells how many may work.
    pub(crate) fn boot(
        &self,
        composed: &[Composed],
        has_thread: bool,
        threads: &(dyn Fn() -> usize + Sync),
        own: impl FnOnce(),
    ) -> Booted<'_> {
        let alone: BTreeMap<_, _> = composed
            .iter()
            .zip(&self.systems)
            .map(|(composed, system)| (Alone::key(composed, system), composed))
            .collect();
        let distinct = distinct(self.systems.iter().zip(&self.inputs));
        let mut work: Vec<Work<'_, '_>> = shares(&distinct).into_iter().map(Work::Boot).collect();
        work.extend(alone.into_iter().map(|((_, system), composed)| Work::Alone(composed, system)));
        let further = match work.len() {
            _ if !has_thread => 0,
            ..=LEAST_SHARE => 1,
            _ => threads().saturating_sub(1).max(1),
        };
        let mut booted = Booted::default();
        for done in parallel::beside(&work, further, Work::done, own) {
            match done {
                Done::Boot(outcomes) => booted.outcomes.extend(outcomes),
                Done::Alone(key, failures) => {
                    booted.alone.0.insert(key, failures);
                }
            }
        }
        booted
    }

    /// Reports what fails and what is too large. `root` is where findings stand that come from no line of the spec.
    pub(crate) fn report(
        &self,
        booted: &Booted<'_>,
        composed: &[Composed],
        calls: &[Call],
        root: &Anchor,
        report: &mut Report,
    ) {
        let Self { objects, plan, inputs, systems } = self;
        let Booted { outcomes, alone } = booted;
        for (index, (group, inputs)) in plan.groups.iter().zip(inputs).enumerate() {
            let about = About { objects, plan, calls, index, group, root };
            let system = &systems[index];
            for input in inputs {
                about.stage(input.as_ref().and_then(|input| outcomes[input].as_ref()), system, report);
            }
            let own = composed.get(index).map(|composed| &*composed.config);
            for mut finding in runtime::check(group, plan, calls, own) {
                if finding.anchor.is_none() {
                    about.whole().put(&mut finding);
                }
                report.push(finding);
            }
            if let Some(composed) = composed.get(index) {
                about.stand_alone(composed, report);
                let boots =
                    inputs.iter().flatten().all(|input| outcomes[input].as_ref().is_ok_and(Outcome::is_translated));
                about.alone(alone.failures(composed, system), boots, report);
            }
        }
    }
}

/// A piece of work.
enum Work<'a, 'c> {
    /// Inputs with the systems that they are for. Their users' configs are mostly the same.
    Boot(Vec<Wanted<'a>>),
    Alone(&'c Composed, &'a System),
}

/// What comes of it.
enum Done<'a> {
    Boot(Outcomes<'a>),
    Alone((usize, &'a System), Vec<NodeFailure>),
}

impl<'a> Work<'a, '_> {
    fn done(&self) -> Done<'a> {
        match self {
            Self::Boot(inputs) => Done::Boot(rendered(inputs)),
            Self::Alone(composed, system) => {
                Done::Alone(Alone::key(composed, system), system.failures(&composed.config))
            }
        }
    }
}

/// What became of the machines.
#[derive(Default)]
pub(crate) struct Booted<'a> {
    outcomes: Outcomes<'a>,
    alone: Alone<'a>,
}

/// What fails of stand-alone configs, by the address of the config: groups whose machine configs are alike share one.
#[derive(Default)]
struct Alone<'a>(BTreeMap<(usize, &'a System), Vec<NodeFailure>>);

impl<'a> Alone<'a> {
    fn key(composed: &Composed, system: &'a System) -> (usize, &'a System) {
        (Arc::as_ptr(&composed.config).addr(), system)
    }

    fn failures(&self, composed: &Composed, system: &'a System) -> &[NodeFailure] {
        self.0.get(&Alone::key(composed, system)).map(Vec::as_slice).unwrap_or_default()
    }
}

fn stages(group: &NodeGroup) -> &'static [Stage] {
    if group.role == Role::ControlPlane { &[Stage::Init, Stage::Join] } else { &[Stage::Join] }
}

/// What becomes of an input.
struct Outcome<'i> {
    boot: Boot,
    /// Why a machine would not boot with it.
    refusal: Option<Refusal>,
    /// What fails when it is applied, on each system that it is for.
    failures: BTreeMap<&'i System, Vec<NodeFailure>>,
    /// The limits that it comes near.
    near: Vec<Usage>,
}

impl Outcome<'_> {
    fn is_translated(&self) -> bool {
        self.refusal.is_none()
    }
}

/// What becomes of each distinct input.
type Outcomes<'i> = BTreeMap<&'i Input, Result<Outcome<'i>, Failure>>;

/// An input with the systems that it is for.
type Wanted<'i> = (&'i Input, BTreeSet<&'i System>);

/// To start a thread costs as much as rendering some machines; and the user's config, which several share, is translated once for so many.
const LEAST_SHARE: usize = 8;

/// Pools are often alike, and then their machines are: each is rendered once, and applied once to each system.
fn distinct<'i>(groups: impl Iterator<Item = (&'i System, &'i Vec<Result<Input, Failure>>)>) -> Vec<Wanted<'i>> {
    let mut distinct: BTreeMap<&Input, BTreeSet<&System>> = BTreeMap::new();
    for (system, inputs) in groups {
        for input in inputs.iter().flatten() {
            distinct.entry(input).or_default().insert(system);
        }
    }
    distinct.into_iter().collect()
}

/// Inputs with one user's config stay together, unless they are many.
fn shares<'i>(distinct: &[Wanted<'i>]) -> Vec<Vec<Wanted<'i>>> {
    let mut by_config: BTreeMap<&str, Vec<Wanted<'i>>> = BTreeMap::new();
    for wanted in distinct {
        by_config.entry(&wanted.0.additional_config).or_default().push(wanted.clone());
    }
    by_config
        .into_values()
        .flat_map(|wanted| wanted.chunks(LEAST_SHARE).map(<[_]>::to_vec).collect::<Vec<_>>())
        .collect()
}

fn rendered<'i>(inputs: &[Wanted<'i>]) -> Outcomes<'i> {
    let mut renderer = Renderer::default();
    let mut outcome = |(input, systems): &Wanted<'i>| {
        let boot = render(&mut renderer, (*input).clone(), CapiVersion::default())?;
        let near = size::near(&boot);
        let (failures, refusal) = match translate::to_3_1(&boot.config) {
            Ok(config) => (systems.iter().map(|system| (*system, system.failures(&config))).collect(), None),
            Err(refusal) => (BTreeMap::new(), Some(refusal)),
        };
        Ok(Outcome { boot, refusal, failures, near })
    };
    inputs.iter().map(|wanted| (wanted.0, outcome(wanted))).collect()
}

/// The group that is checked.
struct About<'a> {
    objects: &'a [Object],
    plan: &'a Plan,
    calls: &'a [Call],
    index: usize,
    group: &'a NodeGroup,
    root: &'a Anchor,
}

impl Places for About<'_> {
    fn named(&self, field: &str, name: &str) -> Option<Found> {
        places::part(self.group, self.plan, self.calls, field, name)
    }

    /// What is translated here is joined from several configs, whose paths are others.
    fn at(&self, _: &str) -> Option<Found> {
        None
    }

    fn whole(&self) -> Found {
        places::of_group(self.group, self.root).into()
    }
}

impl About<'_> {
    fn stage(&self, outcome: Result<&Outcome<'_>, &Failure>, system: &System, report: &mut Report) {
        match outcome {
            Err(failure) if failure.entries.is_empty() => self.push(self.failure(failure), report),
            Err(failure) => failure.entries.iter().for_each(|entry| self.raise(entry, report)),
            Ok(outcome) => {
                if let Some(refusal) = &outcome.refusal {
                    self.push(self.refusal(refusal), report);
                }
                let failures = outcome.failures.get(system).map(Vec::as_slice).unwrap_or_default();
                self.failures(failures).for_each(|finding| self.push(finding, report));
                size::report(&outcome.near, &outcome.boot, &self.group.name.value, self, report);
            }
        }
    }

    fn failures<'f>(&self, failures: &'f [NodeFailure]) -> impl Iterator<Item = Diagnostic> + use<'_, 'f> {
        let sources = (!failures.is_empty()).then(|| Sources::new(self.group, self.plan, self.calls, self.root));
        failures.iter().filter_map(move |failure| Some(sources.as_ref()?.finding(failure)))
    }

    /// What fails of the stand-alone config only is no reason to refuse a cluster whose machines boot with another one.
    fn alone(&self, failures: &[NodeFailure], boots: bool, report: &mut Report) {
        for mut finding in self.failures(failures) {
            let is_told = |told: &Diagnostic| told.is_same_fact(&finding) && told.anchor == finding.anchor;
            if report.diagnostics().iter().any(is_told) {
                continue;
            }
            if boots {
                finding.severity = finding.severity.min(Severity::Warning);
                finding.note(format!(
                    "this is about `ignition/{}.ign`, which has nothing of kubeadm's settings",
                    self.group.name.value
                ));
            }
            self.push(finding, report);
        }
    }

    /// Both stages of a group share most of their data: what is wrong with it is told once.
    fn push(&self, finding: Diagnostic, report: &mut Report) {
        let told = report.diagnostics().iter();
        if !told.into_iter().any(|told| told.is_same_fact(&finding) && told.anchor == finding.anchor) {
            if finding.code == FirstBoot::PLAIN_PASSWORD {
                finding.anchor.iter().for_each(|password| report.hide(password.clone()));
            }
            report.push(finding);
        }
    }

    fn failure(&self, failure: &Failure) -> Diagnostic {
        let mut finding = *preview::refused(failure);
        let place = failure.place.as_ref().and_then(|(kind, path)| {
            let is_it = |object: &&Object| object.kind() == *kind && object.subject == Subject::Group(self.index);
            let origin = self.objects.iter().find(is_it)?.value.origin_at(path);
            places::of_plugin(origin, self.calls, self.plan).or_else(|| origin.anchor().map(Found::from))
        });
        place.unwrap_or_else(|| self.whole()).put(&mut finding);
        finding.note(format!("machines of `{}` would wait for their bootstrap data forever", self.group.name.value));
        finding
    }

    fn refusal(&self, refusal: &Refusal) -> Diagnostic {
        let mut finding = refusal::finding(refusal, self);
        finding.note(format!("machines of `{}` stop in the initramfs with these words", self.group.name.value));
        finding
    }

    /// A strict rendering fails for what only is a warning elsewhere. The user's own finding of it becomes the error.
    fn raise(&self, entry: &Entry, report: &mut Report) {
        let is_it = |told: &&mut Diagnostic| told.is_of(&entry.problem);
        let mut told = report.diagnostics_mut().iter_mut().filter(is_it).peekable();
        if told.peek().is_none() {
            let mut finding = Diagnostic::of(&entry.problem, Severity::Error);
            finding.code = finding.code.found_in(RENDERING);
            let place = refusal::of_entries(std::slice::from_ref(entry), self);
            place.unwrap_or_else(|| self.whole()).put(&mut finding);
            self.explain(&mut finding);
            return self.push(finding, report);
        }
        told.filter(|told| told.severity != Severity::Error).for_each(|told| {
            told.severity = Severity::Error;
            self.explain(told);
        });
    }

    fn explain(&self, finding: &mut Diagnostic) {
        finding.note(format!(
            "the bootstrap provider refuses a strict config with any finding: machines of `{}` would wait for their bootstrap data forever",
            self.group.name.value
        ));
        entry::hint_install(finding);
    }

    /// The stand-alone config must be one that the group's release reads.
    fn stand_alone(&self, composed: &Composed, report: &mut Report) {
        let version = composed.config.ignition.version.as_str();
        let (Some(release), Some(spec)) = (release(self.group, self.plan), spec_of(version)) else { return };
        if release.reads_ignition_spec(spec) != Some(false) {
            return;
        }
        let config = self.group.user_configs.last();
        let anchor = config.and_then(|config| config.origin.anchor());
        let rule = Version::Unread {
            group: self.group.name.value.clone(),
            version: version.to_owned(),
            release: release.to_string(),
        };
        let anchor = anchor.unwrap_or_else(|| places::of_group(self.group, self.root));
        let finding = report.refuse(anchor, &rule);
        if let Some((major, minor)) = release.max_ignition_spec() {
            finding.note(format!("Flatcar {release} reads Ignition up to {major}.{minor}.0"));
        }
        finding.hint("use an older version of the config's language, or a newer Flatcar release");
    }
}

/// `3.4.0` → (3, 4).
fn spec_of(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}
