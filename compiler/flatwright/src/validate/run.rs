//! Files → findings: each looked at, those that belong together checked together, on all threads of the world.
//!
//! Owns: the order of a run, and what it keeps. A file's text is dropped as soon as nothing needs it, and read again for the findings that are shown: memory does
//! not grow with the number of files.

use std::collections::BTreeMap;

use flatwright_admission::{Gates, Options as AdmissionOptions};
use flatwright_capi::{Contract, TemplateNames};
use flatwright_diagnostic::{Diagnostic, Edit, Report, SourceId, Target};
use flatwright_flatcar::subscription::Subscription;
use flatwright_kubernetes::table::Day;
use flatwright_plan::Profile;
use flatwright_render::{Checked, Sources};
use serde_json::Value as Json;

use super::file::{Look, Looked, Outcome, source_of, text_of};
use super::inputs::Inputs;
use super::manifests::Manifest;
use super::rendered::Provider;
use super::scopes::{Scope, Scopes};
use super::template::Variables;
use super::{Kind, Schemas, found, manifests, objects, old, schemas};
use crate::compile::{self, compile_into};
use crate::kinds::Releases;
use crate::parallel;
use crate::updates::{self, is_spec};
use crate::world::{SpecFile, World};

/// Up to this number of files all texts are kept. Beyond it a text that is needed again is read again.
const KEPT_TEXTS: usize = 1_000;
/// Scopes of more files are shared out among threads themselves.
const SMALL_SCOPE: usize = 64;
/// Of more files for each thread, a thread has whole files to itself.
const FEW_FILES: usize = 4;
/// So many specs are compiled together: each leaves a whole cluster in the memory until all of them are done.
const SPECS: usize = 64;
/// What a suppression comment has; a text with one is kept, for it may be unused.
const SUPPRESSION: &str = "flatwright:";

/// How specs are compiled while they are validated.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpecStyle {
    /// The contract of the CAPI kinds.
    pub contract: Contract,
    /// How templates are named.
    pub template_names: TemplateNames,
    /// Which house style the output follows.
    pub profile: Profile,
}

/// How to validate.
#[derive(Clone, Copy, Default)]
pub struct ValidateOptions<'a> {
    /// The kind of every file; detected where absent.
    pub kind: Option<Kind>,
    /// The CRDs that manifests must fit. They replace the built-in ones of the same kinds.
    pub schemas: Option<&'a Schemas>,
    /// What was applied before: objects of the same kind, namespace and name are judged as updates.
    pub old: &'a [SpecFile],
    /// How specs are compiled, the old ones as well.
    pub specs: SpecStyle,
    /// Whether the files hold every object of their clusters: a reference to another object is an error then, else a warning.
    pub is_complete: bool,
    /// The feature gates of the management cluster.
    pub gates: Gates,
    /// Policies from outside of the specs.
    pub policies: &'a [SpecFile],
    /// Today, if the caller was told: only then it is judged what is out of support.
    pub today: Option<Day>,
    /// Whether everything that specs fetch must be in their locks.
    pub is_locked: bool,
    /// What the subscription can have, if its lists were given.
    pub subscription: Option<&'static Subscription>,
    /// The values of the variables of clusterctl templates, by name; others have their defaults, or are not judged.
    pub variables: Option<&'a BTreeMap<String, String>>,
    /// The releases of its providers, where they are not those of the built-in CRDs.
    pub releases: Option<&'a Releases>,
}

/// What a validation gives.
#[derive(Debug)]
pub struct Validation {
    /// The texts that findings point into.
    pub sources: Sources,
    /// Every finding.
    pub report: Report,
    /// Why the environment failed, if it did (exit code 2).
    pub failure: Option<String>,
    /// What was looked at.
    pub checked: Checked,
}

/// Checks files. All problems of all files are in the report.
pub fn validate<I: Inputs + ?Sized>(inputs: &I, world: &dyn World, options: &ValidateOptions<'_>) -> Validation {
    let mut run = Run {
        sources: Sources::new(),
        report: Report::new(),
        checked: Checked::default(),
        failure: None,
        specs: Vec::new(),
        keeps_texts: keeps_texts(inputs),
    };
    for index in 0..inputs.len() {
        run.sources.add_binary(inputs.name(index));
    }
    let old_objects = run.read_old(options, world);
    let old = old_objects.iter().map(|object| (objects::identity_of(object), object)).collect();
    let scopes = Scopes::of(inputs);
    for (index, reason) in &scopes.left_out {
        run.checked.leave_out(inputs.name(*index), reason);
        run.sources.leave_out(source_of(*index));
    }
    let none = Schemas::default();
    let crds = &options.schemas.unwrap_or(&none).crds;
    let (unnamed, unset) = (Releases::default(), Variables::new());
    let variables = options.variables.unwrap_or(&unset);
    let releases = options.releases.unwrap_or(&unnamed);
    let threads = world.parallelism().max(1);
    let check = |scope: &Scope, threads: usize, provider: &mut Provider| {
        let look = Look { kind: options.kind, world, variables, threads };
        let is_complete = options.is_complete && !scope.is_open;
        let (gates, today, subscription) = (options.gates, options.today, options.subscription);
        let against = objects::Against { crds, old: &old, is_complete, gates, today, subscription, releases };
        check_scope(inputs, scope, look, &against, provider)
    };
    for alike in scopes.list.chunk_by(|one, other| is_small(one) && is_small(other)) {
        match alike {
            [scope] => run.take(inputs, check(scope, threads, &mut Provider::default())),
            scopes => {
                let one = |provider: &mut Provider, at: usize| check(&scopes[at], 1, provider);
                parallel::queue(scopes.len(), threads, Provider::default, one, |done| run.take(inputs, done));
            }
        }
    }
    if let Some(schemas) = options.schemas {
        schemas.report(&mut run.sources, &mut run.report);
    }
    run.compile(world, options, &old_objects);
    run.read_again(inputs);
    let Run { mut sources, report, checked, failure, .. } = run;
    report.secrets().iter().for_each(|secret| sources.hide(secret));
    Validation { sources, report, failure, checked }
}

fn compile_options(options: &ValidateOptions<'_>) -> compile::Options {
    let SpecStyle { contract, template_names, profile } = options.specs;
    compile::Options {
        contract,
        template_names,
        profile,
        allows_unresolved: !options.is_complete,
        policies: options.policies.to_vec(),
        today: options.today,
        is_locked: options.is_locked,
        subscription: options.subscription,
        ..compile::Options::default()
    }
}

fn is_small(scope: &Scope) -> bool {
    scope.files.len() <= SMALL_SCOPE
}

/// Whether all texts of a run are kept.
fn keeps_texts<I: Inputs + ?Sized>(inputs: &I) -> bool {
    inputs.len() <= KEPT_TEXTS
}

/// What a scope gives.
struct Done {
    files: Vec<(usize, Looked)>,
    /// Findings about its objects.
    report: Report,
    checked: Checked,
}

fn check_scope<I: Inputs + ?Sized>(
    inputs: &I,
    scope: &Scope,
    look: Look<'_>,
    against: &objects::Against<'_>,
    provider: &mut Provider,
) -> Done {
    let mut files = Vec::with_capacity(scope.files.len());
    let mut objects: Vec<Manifest> = Vec::new();
    let mut take = |at: usize, mut looked: Looked| {
        objects.append(&mut looked.manifests);
        files.push((scope.files[at], looked));
    };
    let look_at = |at: usize, look: Look<'_>| {
        let mut looked = look.at(inputs, scope.files[at]);
        let has_comments = looked.text.as_ref().is_some_and(|text| text.contains(SUPPRESSION));
        if !keeps_texts(inputs) && looked.report.diagnostics().is_empty() && !has_comments {
            (looked.text, looked.tree) = (None, None);
        }
        (at, looked)
    };
    // Few files may be large ones, which are shared out themselves.
    if scope.files.len() <= FEW_FILES * look.threads {
        (0..scope.files.len()).map(|at| look_at(at, look)).for_each(|(at, looked)| take(at, looked));
    } else {
        let each = Look { threads: 1, ..look };
        let one = |(): &mut (), at: usize| look_at(at, each);
        parallel::queue(scope.files.len(), look.threads, || (), one, |(at, looked)| take(at, looked));
    }
    let (mut report, mut checked) = (Report::new(), Checked::default());
    if !objects.is_empty() {
        let own = schemas::of_stream(&objects, &mut report);
        objects::check(&objects, &own, against, look.threads, provider, &mut checked, &mut report);
        parallel::discard(objects, look.threads);
    }
    Done { files, report, checked }
}

struct Run {
    sources: Sources,
    report: Report,
    checked: Checked,
    failure: Option<String>,
    specs: Vec<SpecFile>,
    keeps_texts: bool,
}

impl Run {
    fn take<I: Inputs + ?Sized>(&mut self, inputs: &I, done: Done) {
        for (index, looked) in done.files {
            let source = source_of(index);
            let before = self.report.diagnostics().len();
            self.report.extend(looked.report);
            let has_findings = self.report.diagnostics().len() > before;
            match looked.outcome {
                Outcome::Checked(kind) => self.checked.file(kind.word()),
                Outcome::Refused => {}
                Outcome::LeftOut(reason) => {
                    self.checked.leave_out(inputs.name(index), reason);
                    if !has_findings {
                        self.sources.leave_out(source);
                    }
                }
                Outcome::Failed(reason) => {
                    self.failure.get_or_insert(reason);
                }
                Outcome::Spec(file) => {
                    // It is a source of its own when it is compiled.
                    self.sources.leave_out(source);
                    self.specs.push(file);
                    self.checked.file(Kind::Spec.word());
                }
            }
            for document in looked.foreign {
                let name = format!("{}, document {}", inputs.name(index), document + 1);
                self.checked.leave_out(&name, found::UNKNOWN);
            }
            let Some(text) = looked.text else { continue };
            if self.keeps_texts || has_findings || text.contains(SUPPRESSION) {
                self.sources.set_text(source, text);
                if let Some(tree) = looked.tree {
                    self.sources.set_tree(source, tree);
                }
            }
        }
        self.report.extend(done.report);
        self.checked.extend(done.checked);
    }

    /// The objects that were applied before: of manifests, and of specs.
    fn read_old(&mut self, options: &ValidateOptions<'_>, world: &dyn World) -> Vec<Json> {
        let (specs, manifests): (Vec<SpecFile>, Vec<SpecFile>) =
            options.old.iter().cloned().partition(|file| is_spec(&file.bytes));
        let mut objects: Vec<Json> = old::read_objects(&manifests, &mut self.sources, &mut self.report)
            .into_iter()
            .map(|(object, _)| object)
            .collect();
        if !specs.is_empty() {
            let style = compile::Options { is_tolerant: true, ..compile_options(options) };
            let (compiled, failure) = old::compiled(&specs, world, &style, &mut self.sources, &mut self.report);
            objects.extend(compiled);
            self.failure = self.failure.take().or(failure);
        }
        objects
    }

    fn compile(&mut self, world: &dyn World, options: &ValidateOptions<'_>, old: &[Json]) {
        let before = updates::by_identity(old);
        let style = compile::Options { is_tolerant: !before.is_empty(), ..compile_options(options) };
        let unnamed = Releases::default();
        let releases = options.releases.unwrap_or(&unnamed);
        let rules = AdmissionOptions { gates: options.gates, ..AdmissionOptions::default() };
        for specs in std::mem::take(&mut self.specs).chunks(SPECS) {
            let compilation = compile_into(std::mem::take(&mut self.sources), specs, world, &style);
            self.sources = compilation.sources;
            self.report.extend(compilation.report);
            let clusters = if before.is_empty() { Vec::new() } else { compilation.clusters };
            for cluster in &clusters {
                for finding in updates::of_cluster(&before, cluster, releases, &rules) {
                    self.report.push(finding);
                }
            }
            if let Some(reason) = compilation.failure {
                self.failure.get_or_insert(reason);
            }
        }
    }

    /// Reads again what findings point into and nobody kept.
    fn read_again<I: Inputs + ?Sized>(&mut self, inputs: &I) {
        for source in self.report.diagnostics().iter().flat_map(sources_of) {
            let index = source.0 as usize;
            if index >= inputs.len() || self.sources.text(source).is_some() {
                continue;
            }
            let Ok(bytes) = inputs.read(index) else { continue };
            let mut report = Report::new();
            let Some(text) = text_of(&bytes, source, &mut report) else { continue };
            let tree = manifests::parse(&text, source, &mut report);
            self.sources.set_text(source, tree.shared_text());
            self.sources.set_tree(source, tree);
        }
    }
}

/// The sources that a finding points into.
fn sources_of(finding: &Diagnostic) -> impl Iterator<Item = SourceId> {
    let labels = finding.labels.iter().map(|label| &label.anchor);
    let edits = finding.fixes.iter().flat_map(|fix| &fix.edits).filter_map(|edit: &Edit| match edit.target() {
        Target::At(anchor) => Some(anchor),
        Target::Here(_) => None,
    });
    finding.anchor.iter().chain(labels).chain(edits).map(|anchor| anchor.source)
}
