//! `flatwright lock`: what specs leave open, chosen and kept.
//!
//! Owns: which entries a spec needs, and which of them stay as they are. Must not: fetch, or write the file; the shell hands in lists, and what can get more of them.

mod collect;
mod entries;
mod lists;
mod versions;

use std::collections::BTreeSet;
use std::sync::Arc;

use flatwright_diagnostic::{Anchor, Report};
use flatwright_kubernetes::table::Day;
use flatwright_lock::known::Known;
use flatwright_lock::rules::Listing;
use flatwright_lock::{Ask, Change, Kind, Lock, Pin};
use flatwright_plan::Plan;
use flatwright_render::Sources;
use flatwright_spec::types::FlatcarCluster;
use flatwright_spec::{Decode, Decoder, FileText, Inputs, Profile};

use crate::pins::{Pins, pin_versions};
use crate::world::{SpecFile, Variables, World};

pub use lists::{Fetch, Lists};

/// What may change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Update {
    /// Nothing that still is what was asked for.
    #[default]
    Nothing,
    /// Everything.
    All,
    /// Entries by name: `flatcar`, `kubernetes`, an extension, a chart, an image, a plugin's file.
    Names(BTreeSet<String>),
}

impl Update {
    fn has(&self, ask: &Ask) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Names(names) => names.contains(ask.name()),
        }
    }
}

/// What is to be locked.
pub struct Request<'a> {
    /// The specs.
    pub files: &'a [SpecFile],
    /// What they may name.
    pub world: &'a dyn World,
    /// The entries that there are.
    pub old: &'a Lock,
    /// The file, as it is named where specs are.
    pub name: &'a str,
    /// What may change.
    pub update: &'a Update,
    /// Whether entries that no spec asks for go.
    pub prunes: bool,
    /// The day of new entries.
    pub today: Day,
}

/// What came of it.
#[derive(Debug)]
pub struct Relocked {
    /// The texts that findings point into.
    pub sources: Sources,
    /// Every finding. After an error there is nothing to write.
    pub report: Report,
    /// The entries.
    pub lock: Lock,
    /// What is not as it was.
    pub changes: Vec<Change>,
    /// Entries that no spec asks for, and that stay.
    pub unused: Vec<Ask>,
}

/// A document on its way.
struct Document<'a> {
    file: &'a SpecFile,
    spec: FlatcarCluster,
}

/// Chooses what the specs leave open, from lists.
pub fn relock(request: &Request<'_>, lists: &mut Lists<'_>) -> Relocked {
    let mut run = Relocking { request, lists, report: Report::new(), new: Lock::default() };
    let mut sources = Sources::new();
    let mut documents = Vec::new();
    for file in request.files {
        documents.extend(run.read(file, &mut sources));
    }
    if !run.report.has_errors() {
        run.choose_versions(&documents);
    }
    if !run.report.has_errors() {
        for document in documents {
            run.choose_rest(document, &mut sources);
        }
    }
    run.judge_lists(&mut sources);
    let Relocking { report, mut new, .. } = run;
    let old = request.old;
    let unused: Vec<Ask> = unused(old, &new);
    if !request.prunes {
        for ask in &unused {
            new.insert(ask.clone(), old.pin(ask).cloned().unwrap_or_default());
        }
    }
    let changes = old.changes(&new);
    // The day moves with an entry and not by itself.
    new.day = if changes.is_empty() { old.day } else { Some(request.today) };
    report.secrets().iter().for_each(|secret| sources.hide(secret));
    let unused = if request.prunes { Vec::new() } else { unused };
    Relocked { sources, report, lock: new, changes, unused }
}

/// The entries that no spec of this run asks for, and that another one may. What followed from a version that is no longer locked is not among them.
fn unused(old: &Lock, new: &Lock) -> Vec<Ask> {
    let open: Vec<&Ask> = old.entries().map(|(ask, _)| ask).filter(|ask| new.pin(ask).is_none()).collect();
    let locked = |kind: Kind| {
        let of_old = open.iter().filter(move |ask| ask.kind() == kind).filter_map(|ask| old.pin(ask));
        let pins = new.of_kind(kind).map(|(_, pin)| pin).chain(of_old);
        pins.filter_map(|pin| pin.text("locked")).collect::<BTreeSet<&str>>()
    };
    let was = |kind: Kind, version: &str| old.of_kind(kind).any(|(_, pin)| pin.text("locked") == Some(version));
    let (kubernetes, releases) = (locked(Kind::Kubernetes), locked(Kind::Release));
    let follows = |ask: &&&Ask| match ask.kind() {
        Kind::Extension => {
            ask.name() == "kubernetes" && was(Kind::Kubernetes, ask.asked()) && !kubernetes.contains(ask.asked())
        }
        Kind::Image => was(Kind::Release, ask.asked()) && !releases.contains(ask.asked()),
        Kind::Chart | Kind::Kubernetes | Kind::Plugin | Kind::Release => false,
    };
    open.iter().filter(|ask| !follows(ask)).map(|ask| (*ask).clone()).collect()
}

/// What is done so far.
struct Relocking<'r, 'a, 'l> {
    request: &'r Request<'a>,
    lists: &'r mut Lists<'l>,
    report: Report,
    new: Lock,
}

impl<'a> Relocking<'_, 'a, '_> {
    /// The documents of a file.
    fn read(&mut self, file: &'a SpecFile, sources: &mut Sources) -> Vec<Document<'a>> {
        let text = flatwright_yaml::decode(&file.bytes).map(|text| text.into_owned()).unwrap_or_default();
        let source = sources.add(file.name.as_str(), text, None);
        let (tree, documents) = flatwright_spec::read_documents(&file.bytes, source, &mut self.report);
        let Some(tree) = tree.map(Arc::new) else { return Vec::new() };
        sources.set_tree(source, Arc::clone(&tree));
        let environment = Variables(self.request.world);
        let mut decoded = |document: &flatwright_spec::Document| {
            let mut decoder = Decoder { tree: &tree, source, environment: &environment, report: &mut self.report };
            Some(Document { file, spec: FlatcarCluster::decode(&mut decoder, document.root)? })
        };
        documents.iter().filter_map(&mut decoded).collect()
    }

    /// The entries of a document whose versions were chosen.
    fn choose_rest(&mut self, document: Document<'_>, sources: &mut Sources) {
        let Document { file, mut spec } = document;
        let pins = Pins::becoming(self.new.clone(), self.request.name, &file.name);
        let mut report = Report::new();
        pin_versions(&mut spec, &pins, &mut Report::new(), &mut report);
        if !report.has_errors() {
            flatwright_spec::check(&spec, flatwright_plan::Contract::default(), Some(self.request.today), &mut report);
        }
        let plan = if report.has_errors() { None } else { self.lower(&spec, file, sources, &mut report) };
        // Warnings are for whoever compiles.
        report.retain(|finding| finding.severity == flatwright_diagnostic::Severity::Error);
        self.report.extend(report);
        let Some(plan) = plan else { return };
        for group in &plan.groups {
            self.extensions(group);
            self.image(group);
        }
        for addon in &plan.addons {
            self.chart(addon);
        }
        for plugin in &plan.plugins {
            self.plugin(plugin, file);
        }
    }

    fn lower(
        &self,
        spec: &FlatcarCluster,
        file: &SpecFile,
        sources: &mut Sources,
        report: &mut Report,
    ) -> Option<Plan> {
        let sources = std::sync::Mutex::new(sources);
        let read_file = |relative: &str| {
            let bytes = self.request.world.read_file(&file.name, relative)?;
            let mut sources = sources.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let source = match std::str::from_utf8(&bytes) {
                Ok(text) => sources.add(relative, text, None),
                Err(_) => sources.add_binary(relative),
            };
            Ok(FileText { source, bytes })
        };
        let inputs = Inputs { read_file: &read_file, profile: Profile::default() };
        flatwright_spec::lower(spec, &inputs, report)
    }

    /// The entry that there is, unless it may change.
    fn kept(&self, ask: &Ask) -> Option<Pin> {
        self.request.old.pin(ask).filter(|_| !self.request.update.has(ask)).cloned()
    }

    fn known(&self) -> &Known {
        &self.lists.known
    }

    /// What is wrong with lists that were read, at their own lines.
    fn judge_lists(&mut self, sources: &mut Sources) {
        let known = &self.lists.known;
        for contradiction in known.contradictions().iter().take(10) {
            let source = sources.add(contradiction.other.as_str(), String::new(), None);
            let rule = Listing::Contradiction {
                file: contradiction.file.clone(),
                one: format!("`{}`", contradiction.one),
                other: format!("`{}`", contradiction.other),
            };
            self.report
                .refuse(Anchor::whole(source), &rule)
                .note("the bakery builds images of a version again, and they have other bytes then")
                .hint("give the newer list only");
        }
        for (name, day) in known.stale(self.request.today) {
            let source = sources.add(name, String::new(), None);
            self.report
                .refuse(Anchor::whole(source), &Listing::Stale { day: day.to_owned() })
                .note("systemd refuses such a list: somebody may keep newer versions back")
                .hint("get the list again");
        }
    }
}
