//! The pipeline: parse → resolve → check → lower → customize → compose → emit → patch → name → verify → policy.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use flatwright_admission::KubernetesRelease;
use flatwright_capi::{Contract, Object, TemplateNames};
use flatwright_diagnostic::{Anchor, Diagnostic, NodeId, Report, Severity, SourceId};
use flatwright_flatcar::subscription::Subscription;
use flatwright_kubernetes::table::Day;
use flatwright_plan::{Plan, Profile};
use flatwright_render::Sources;
use flatwright_spec::rules::FlatcarRelease;
use flatwright_spec::{Decode, Decoder, FileText, Inputs, types::FlatcarCluster};
use flatwright_yaml::Tree;

use crate::boot::check::Machines;
use crate::boot::excess;
use crate::calls::Call;
use crate::compilation::{Cluster, Compilation};
use crate::compose::{Composed, Style, compose, compose_within};
use crate::parallel;
use crate::pins::{self, Locks, Pins};
use crate::plugins::{self, Stop, Trial};
use crate::secret::{Secrets, Written};
use crate::verify::{Surroundings, verify};
use crate::world::{SpecFile, Variables, World};

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The contract of the CAPI kinds.
    pub contract: Contract,
    /// How templates are named.
    pub template_names: TemplateNames,
    /// Which house style the output follows.
    pub profile: Profile,
    /// Whether machine configs in an experimental version of their language are taken.
    pub allows_experimental: bool,
    /// Whether references to objects outside of the output are only warnings.
    pub allows_unresolved: bool,
    /// Files of policies from outside of the specs, as `kind: FlatcarPolicies`.
    pub policies: Vec<SpecFile>,
    /// Today, if the caller was told: only then it is judged what is out of support.
    pub today: Option<Day>,
    /// What the subscription can have, if its lists were given.
    pub subscription: Option<&'static Subscription>,
    /// Whether there are clusters in spite of errors that keep no object from being made, for whoever compares: what an older release took need not be taken today.
    pub is_tolerant: bool,
    /// Whether everything that is fetched must be in the lock.
    pub is_locked: bool,
    /// A plugin to run besides those of the spec, or instead of the one of its name.
    pub trial: Option<Trial>,
}

/// Compiles every document of every file. All problems of all documents are in the report.
pub fn compile(files: &[SpecFile], world: &dyn World, options: &Options) -> Compilation {
    let mut compilation = compile_into(Sources::new(), files, world, options);
    // Only what is written together: files that are validated together may be for different management clusters.
    let plans = compilation.clusters.iter().map(|cluster| &cluster.plan);
    flatwright_spec::check_together(plans, &mut compilation.report);
    if compilation.report.has_errors() && !options.is_tolerant {
        compilation.lost.extend(compilation.clusters.drain(..).flat_map(|cluster| cluster.calls));
    }
    compilation
}

/// Compiles beside other texts of the run.
pub(crate) fn compile_into(
    mut sources: Sources,
    files: &[SpecFile],
    world: &dyn World,
    options: &Options,
) -> Compilation {
    let mut report = Report::new();
    let mut units = Vec::new();
    for file in files {
        let text = flatwright_yaml::decode(&file.bytes).map(|text| text.into_owned()).unwrap_or_default();
        let source = sources.add(file.name.as_str(), text, None);
        let (tree, documents) = flatwright_spec::read_documents(&file.bytes, source, &mut report);
        let Some(tree) = tree.map(Arc::new) else { continue };
        sources.set_tree(source, Arc::clone(&tree));
        units.extend(documents.into_iter().map(|document| Unit {
            name: &file.name,
            source,
            tree: Arc::clone(&tree),
            root: document.root,
        }));
    }
    let policies = plugins::read(&options.policies, &Variables(world), &mut sources, &mut report);
    let shared = Shared {
        policies: if report.has_errors() { Vec::new() } else { policies },
        sources: Mutex::new(sources),
        is_fleet: units.len() > 1,
        files: Mutex::default(),
        plugins: plugins::Memory::default(),
        locks: Locks::default(),
        world,
        options,
    };
    let results = run(&units, &shared);
    let mut built = Vec::with_capacity(results.len());
    let mut failure = None;
    for (unit_report, result) in results {
        report.extend(unit_report);
        built.push(result.map_err(|Unfinished { stop, calls }| {
            if let Stop::Environment(reason) = stop {
                failure.get_or_insert(reason);
            }
            calls
        }));
    }
    // One cache, said once.
    let mut is_said = false;
    report.retain(|finding| finding.code != plugins::Kept::NOWHERE || !std::mem::replace(&mut is_said, true));
    let (mut clusters, mut lost) = (Vec::new(), Vec::new());
    let is_lost =
        failure.is_some() || if options.is_tolerant { built.iter().any(Result::is_err) } else { report.has_errors() };
    for result in built {
        match result {
            Ok(cluster) if !is_lost => clusters.push(cluster),
            Ok(Cluster { calls, .. }) | Err(calls) => lost.extend(calls),
        }
    }
    let mut sources = shared.sources.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.secrets().iter().for_each(|secret| sources.hide(secret));
    Compilation { sources, report, clusters, failure, lost }
}

/// A document whose compile ended before its cluster was there.
struct Unfinished {
    stop: Stop,
    /// What its plugins did so far.
    calls: Vec<Call>,
}

/// One document to compile.
struct Unit<'a> {
    name: &'a str,
    source: SourceId,
    tree: Arc<Tree>,
    root: NodeId,
}

/// What the documents of a run share.
struct Shared<'a> {
    sources: Mutex<Sources>,
    /// Policies from outside.
    policies: Vec<flatwright_plan::Plugin>,
    /// Files that were read, so that a file named twice is one source.
    files: Mutex<BTreeMap<(String, String), SourceId>>,
    /// Plugins that were loaded, so that a fleet loads each once.
    plugins: plugins::Memory,
    /// Locks that were read.
    locks: Locks,
    /// Whether the threads are shared among several documents.
    is_fleet: bool,
    world: &'a dyn World,
    options: &'a Options,
}

/// Documents are independent, so a fleet uses every core it is given; results are joined in the order of the documents.
fn run(units: &[Unit<'_>], shared: &Shared<'_>) -> Vec<(Report, Result<Cluster, Unfinished>)> {
    let threads = if shared.is_fleet { shared.world.parallelism().max(1) } else { 1 };
    let compiled = |units: &[Unit<'_>]| units.iter().map(|unit| compile_unit(unit, shared)).collect::<Vec<_>>();
    parallel::shares(units, units.len().div_ceil(threads), compiled).into_iter().flatten().collect()
}

fn compile_unit(unit: &Unit<'_>, shared: &Shared<'_>) -> (Report, Result<Cluster, Unfinished>) {
    let (mut report, mut calls, mut secrets) = (Report::new(), Vec::new(), Secrets::default());
    let written = Written::of(unit.source, &unit.tree, &Variables(shared.world));
    let result = build(unit, shared, written.as_ref(), &mut secrets, &mut calls, &mut report);
    if let Some(written) = written {
        written.quote(&mut report);
    }
    report.change(|finding| secrets.mask(finding), |severity, _| Some(severity));
    let result = match result {
        Ok((plan, objects, composed)) => Ok(Cluster { plan, objects, composed, calls, secrets }),
        Err(stop) => Err(Unfinished { stop, calls }),
    };
    (report, result)
}

fn build(
    unit: &Unit<'_>,
    shared: &Shared<'_>,
    written: Option<&Written<'_>>,
    secrets: &mut Secrets,
    calls: &mut Vec<Call>,
    report: &mut Report,
) -> Result<(Plan, Vec<Object>, Vec<Composed>), Stop> {
    let options = shared.options;
    let pins = shared.locks.of(unit.name, options.is_locked, shared.world, &shared.sources, report);
    let pins = pins.map_err(|_| Stop::Reported)?;
    let today = options.today.or_else(|| pins.day());
    let mut plan = plan(unit, shared, &pins, today, report).ok_or(Stop::Reported)?;
    let host = || shared.world.plugin_host();
    let trial = options.trial.as_ref();
    if let Some(trial) = trial {
        trial.join(&mut plan);
    }
    plugins::join(&shared.policies, &mut plan, report);
    gate(report, options)?;
    let open = |entry: &flatwright_plan::Plugin| match trial.filter(|trial| trial.name == entry.name.value) {
        Some(trial) => Ok(Box::new(trial.component.as_slice()) as Box<dyn Read>),
        None => shared.world.open_plugin(entry.outside.as_deref().unwrap_or(unit.name), &entry.source.value),
    };
    let load = |report: &mut Report| plugins::load(&plan, &host, &shared.plugins, &open, written, report);
    let ready = apart(report, load)?;
    ready.iter().for_each(|ready| secrets.extend(&ready.secrets));
    let mut run = plugins::Run { plugins: &ready, contract: options.contract, calls, written };
    apart(report, |report| run.customize(&mut plan, report))?;
    pins::check_images(&plan, &pins, report);
    gate(report, options)?;
    let style = Style { profile: options.profile, allows_experimental: options.allows_experimental };
    let files = |directory: &str| shared.world.files_dir(unit.name, directory);
    let mut composed = compose(&plan, style, &files, report).ok_or(Stop::Reported)?;
    let mut objects = emit(&plan, &composed);
    if let Some(excess) = excess(&plan, &objects, &composed) {
        // What is to be said of the parts was said.
        composed = compose_within(&plan, style, &files, &excess, &mut Report::new()).ok_or(Stop::Reported)?;
        objects = emit(&plan, &composed);
    }
    if options.contract == Contract::V1Beta1 {
        for object in &mut objects {
            flatwright_capi::to_v1beta1(object, options.profile);
        }
    }
    flatwright_capi::patch(&mut objects, &plan, report);
    flatwright_capi::name(&mut objects, options.template_names);
    gate(report, options)?;
    let told: Vec<_> = ready.iter().map(|ready| (ready.entry(&plan), &*ready.secrets)).collect();
    plugins::leaked(&told, &objects, &composed, report);
    // Both run before the gate, so that one run tells what the webhooks and the machine would refuse.
    let around = Surroundings {
        is_complete: !options.allows_unresolved,
        today,
        subscription: options.subscription,
        calls: run.calls,
    };
    let root = Anchor::node(unit.source, unit.root);
    let threads = || if shared.is_fleet { 1 } else { shared.world.parallelism() };
    let machines = Machines::new(&objects, &plan);
    let own = || verify(&objects, &plan, &root, around, report);
    let booted = machines.boot(&composed, !shared.is_fleet, &threads, own);
    machines.report(&booted, &composed, run.calls, &root, report);
    if pins.knows_kubernetes(&plan.kubernetes_version.value) {
        report.retain(|finding| finding.code != KubernetesRelease::UNKNOWN);
    }
    if options.is_tolerant {
        return Ok((plan, objects, composed));
    }
    gate(report, options)?;
    let result = plugins::Compiled { plan: &plan, objects: &objects, composed: &composed, tree: &unit.tree };
    plugins::review(&mut run, &result, today, report)?;
    Ok((plan, objects, composed))
}

/// A step that stops at errors of its own, and at no others.
fn apart<T>(report: &mut Report, step: impl FnOnce(&mut Report) -> T) -> T {
    let mut found = Report::new();
    let done = step(&mut found);
    report.extend(found);
    done
}

fn emit(plan: &Plan, composed: &[Composed]) -> Vec<Object> {
    let texts: Vec<_> = composed.iter().map(|composed| composed.texts.clone()).collect();
    flatwright_capi::emit(plan, &texts)
}

/// Text → checked and lowered.
fn plan(unit: &Unit<'_>, shared: &Shared<'_>, pins: &Pins, today: Option<Day>, report: &mut Report) -> Option<Plan> {
    // What is only missing in the lock stops nothing before all of it is told.
    let mut unlocked = Report::new();
    let plan = checked(unit, shared, pins, today, &mut unlocked, report);
    report.extend(unlocked);
    gate(report, shared.options).ok().and(plan)
}

fn checked(
    unit: &Unit<'_>,
    shared: &Shared<'_>,
    pins: &Pins,
    today: Option<Day>,
    unlocked: &mut Report,
    report: &mut Report,
) -> Option<Plan> {
    let environment = Variables(shared.world);
    let mut decoder = Decoder { tree: &unit.tree, source: unit.source, environment: &environment, report };
    let mut spec = FlatcarCluster::decode(&mut decoder, unit.root)?;
    report.gate().ok()?;
    pins::pin_versions(&mut spec, pins, unlocked, report);
    gate(report, shared.options).ok()?;
    flatwright_spec::check(&spec, shared.options.contract, today, report);
    if pins::knows_release(&spec, pins) {
        // The tables of this program may be older than the lock.
        report.retain(|finding| finding.code != FlatcarRelease::UNKNOWN || finding.severity == Severity::Error);
    }
    gate(report, shared.options).ok()?;
    let read_file = |relative: &str| shared.read_file(unit.name, relative);
    let mut plan =
        flatwright_spec::lower(&spec, &Inputs { read_file: &read_file, profile: shared.options.profile }, report)?;
    pins::pin_plan(&mut plan, pins, unit.name, unlocked, report);
    gate(report, shared.options).ok().map(|()| plan)
}

/// Families of rules about values that are lowered like any other: tables of releases, sizes and regions.
const TOLERABLE: &[&str] = &[
    "azure-region",
    "azure-vm-size",
    "control-plane-replicas",
    "flatcar-release",
    "kubernetes-release",
    "provider-release",
    "reboot-manager",
    "version-pair",
];

fn gate(report: &Report, options: &Options) -> Result<(), Stop> {
    let is_tolerable = |finding: &Diagnostic| {
        finding.severity != Severity::Error || (options.is_tolerant && TOLERABLE.contains(&finding.code.family()))
    };
    if report.diagnostics().iter().all(is_tolerable) { Ok(()) } else { Err(Stop::Reported) }
}

impl Shared<'_> {
    fn read_file(&self, base: &str, relative: &str) -> Result<FileText, String> {
        let bytes = self.world.read_file(base, relative)?;
        let key = (base.to_owned(), relative.to_owned());
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let source = *files.entry(key).or_insert_with(|| {
            let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            match std::str::from_utf8(&bytes) {
                Ok(text) => sources.add(relative, text, None),
                Err(_) => sources.add_binary(relative),
            }
        });
        Ok(FileText { source, bytes })
    }
}
