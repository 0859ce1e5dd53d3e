//! Output directories: what a compile writes into one, and what `--check` sees in it.
//!
//! Owns: the disk's side of `flatwright::directory` – looking, locking, writing so that a kill harms nothing. Must not: decide what is flatwright's; the facade does.

mod commit;
mod control;
mod folder;
mod known;
mod root;
mod survey;

use std::path::Path;

use anyhow::{Context, Result, bail};
use flatwright::Cluster;
use flatwright::directory::{
    About, Asked, Hash, INVENTORY, Inventory, Judged, Output, Problem, Shown, Standing, Wanted, adopted, judge, show,
    wanted,
};
use flatwright_diagnostic::{Report, Severity};
use flatwright_render::Sources;

use commit::Commit;
use control::{Control, INSIDE, Trouble, beside, is_left};
use folder::Folder;
use known::Known;
use root::{Root, Use};
use survey::Survey;

/// A compile into a directory.
pub(crate) struct Job<'a> {
    /// The directory.
    pub(crate) directory: &'a Path,
    /// What was compiled.
    pub(crate) clusters: &'a [Cluster],
    /// How it is laid out.
    pub(crate) asked: Asked,
    /// Whether other people's files are replaced.
    pub(crate) overwrites: bool,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// The files of the specs, the inventory not counted.
    pub(crate) files: usize,
    /// How many of them are new or other than before.
    pub(crate) written: usize,
    /// How many others are gone.
    pub(crate) removed: usize,
    /// How many of all these were edited or somebody else's.
    pub(crate) overwritten: usize,
}

/// Texts of a report that shows 1,000 findings; nobody reads more.
const MOST_TEXTS: usize = 1_000;

/// Brings a directory to what was compiled. Nothing is written where a finding is an error.
///
/// # Errors
/// What the operating system says.
pub(crate) fn write(job: &Job<'_>, sources: &mut Sources, report: &mut Report) -> Result<Option<Written>> {
    let Some(root) = Root::open(job.directory, Use::Write)? else { bail!("`{}` is gone", job.directory.display()) };
    let mut teller = Teller { root: Some(&root), directory: job.directory, sources, report };
    if !recover(&root, &mut teller)? {
        return Ok(None);
    }
    let Some(old) = inventory(&root.folder, job, &mut teller)? else { return Ok(None) };
    let Seen { wanted, judged, survey, known } = see(&root, job, &old)?;
    if !judged.problems.is_empty() {
        teller.problems(&judged.problems, &wanted)?;
        return Ok(None);
    }
    let was_nested = old.clusters.values().any(|section| !section.place.is_empty());
    if !judged.is_done() {
        let commit = Commit { root: &root, wanted: &wanted, judged: &judged, survey: &survey, was_nested };
        let changed = commit.run()?;
        if !changed.is_empty() {
            let edited = changed.into_iter().map(|path| Problem {
                rule: Output::Edited { path: path.clone() },
                path,
                has_texts: true,
            });
            teller.problems(&edited.collect::<Vec<_>>(), &wanted)?;
            return Ok(None);
        }
    }
    if !job.asked.prunes {
        teller.absent(&wanted, Severity::Note);
    }
    known.keep(&root, &wanted.inventory, &survey);
    let written = judged.writes.iter().filter(|write| write.path != INVENTORY).count();
    Ok(Some(Written {
        files: wanted.files.len(),
        written,
        removed: judged.removals.len() + judged.extras.len(),
        overwritten: judged.overwritten,
    }))
}

/// Tells every difference between a directory and what was compiled.
///
/// # Errors
/// What the operating system says.
pub(crate) fn check(job: &Job<'_>, sources: &mut Sources, report: &mut Report) -> Result<()> {
    let Some(root) = Root::open(job.directory, Use::Read)? else {
        let wanted = wanted(job.clusters, job.asked, &Inventory::default(), &|_| true);
        let judged = judge(&wanted, &Inventory::default(), &|_| Standing::Absent, &[], false);
        return Teller { root: None, directory: job.directory, sources, report }.problems(&judged.differences, &wanted);
    };
    let mut teller = Teller { root: Some(&root), directory: job.directory, sources, report };
    if !unfinished(&root, &mut teller)? {
        return Ok(());
    }
    let Some(old) = inventory(&root.folder, job, &mut teller)? else { return Ok(()) };
    let Seen { wanted, judged, survey, known } = see(&root, job, &old)?;
    teller.problems(&judged.problems, &wanted)?;
    teller.problems(&judged.differences, &wanted)?;
    teller.absent(&wanted, if job.asked.prunes { Severity::Error } else { Severity::Note });
    known.keep(&root, &old, &survey);
    Ok(())
}

/// What a directory holds and what it should.
struct Seen {
    wanted: Wanted,
    judged: Judged,
    survey: Survey,
    known: Known,
}

fn see(root: &Root, job: &Job<'_>, old: &Inventory) -> Result<Seen> {
    let folder = &root.folder;
    let is_gone = |path: &str| matches!(folder.stat_of(path), Ok(None));
    let wanted = wanted(job.clusters, job.asked, old, &is_gone);
    let known = Known::of(root, wanted.files.len());
    let survey = Survey::of(folder, &wanted, &known)?;
    let judged = judge(&wanted, old, &|path| survey.standing(path), &survey.extras, job.overwrites);
    Ok(Seen { wanted, judged, survey, known })
}

/// What is flatwright's in the directory. `None` after a finding.
fn inventory(folder: &Folder, job: &Job<'_>, teller: &mut Teller<'_>) -> Result<Option<Inventory>> {
    let bytes = match folder.read(INVENTORY) {
        Ok(bytes) => bytes,
        Err(error) if error.raw_os_error().is_none() => {
            let rule = Output::Inventory { reason: error.to_string() };
            teller.tell(&rule, INVENTORY, Severity::Error, About::Whole);
            return Ok(None);
        }
        Err(error) => return Err(error).with_context(|| format!("failed to read `{}`", teller.name(INVENTORY))),
    };
    let Some(bytes) = bytes else {
        let hash = |path: &str| -> Option<Hash> {
            match folder.look(path, &|_| None).ok()?.standing {
                Standing::File(hash) => hash,
                _ => None,
            }
        };
        // What was written before there were inventories had a kustomization in every case.
        let is_empty = folder.names("")?.is_empty();
        return Ok(Some(if is_empty { Inventory::default() } else { adopted(job.clusters, job.asked.format, &hash) }));
    };
    match Inventory::parse(&bytes) {
        Ok(inventory) => Ok(Some(inventory)),
        Err(flaw) => {
            let rule = Output::Inventory { reason: flaw.reason.to_owned() };
            teller.tell(&rule, INVENTORY, Severity::Error, About::Line(&bytes, flaw.line));
            Ok(None)
        }
    }
}

/// Where a killed run may have left something: inside of the directory, and beside it.
fn rooms(root: &Root) -> (Option<(Folder, String)>, String) {
    let above = root.above().map(|(above, name)| (above, beside(name)));
    (above, INSIDE.to_owned())
}

/// Finishes or undoes what a killed run left. Says whether that was possible.
fn recover(root: &Root, teller: &mut Teller<'_>) -> Result<bool> {
    let (above, inside) = rooms(root);
    let above = above.as_ref().map(|(above, name)| (above, name.clone(), format!("../{name}")));
    for (base, name, path) in above.into_iter().chain([(&root.folder, inside, INSIDE.to_owned())]) {
        let done = Control::left(base, name).and_then(|left| {
            let Some(control) = left else { return Ok(()) };
            let journal = control.journal()?;
            if let Some(journal) = journal.as_ref().filter(|journal| !journal.is_whole) {
                control.finish(&root.folder, journal)?;
            }
            control.clean(journal.as_ref())
        });
        root.folder.forget();
        if !teller.usable(done, &path)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tells whether a killed run has left something. Says whether the rest can be looked at.
fn unfinished(root: &Root, teller: &mut Teller<'_>) -> Result<bool> {
    let (above, inside) = rooms(root);
    let above = above.as_ref().map(|(above, name)| (above, name.clone(), format!("../{name}")));
    for (base, name, path) in above.into_iter().chain([(&root.folder, inside, INSIDE.to_owned())]) {
        let left = is_left(base, &name);
        let is_unfinished = matches!(left, Ok(true));
        if !teller.usable(left.map(|_| ()), &path)? {
            return Ok(false);
        }
        if is_unfinished {
            teller.tell(&Output::Interrupted, &path, Severity::Error, About::Whole);
        }
    }
    Ok(true)
}

/// Makes findings of what is wrong.
struct Teller<'a> {
    root: Option<&'a Root>,
    directory: &'a Path,
    sources: &'a mut Sources,
    report: &'a mut Report,
}

impl Teller<'_> {
    /// A path below the directory, or beside it, as the user would write it.
    fn name(&self, path: &str) -> String {
        let name = match path.strip_prefix("../") {
            Some(sibling) if self.directory.file_name().is_some() => self.directory.with_file_name(sibling),
            _ if self.directory == Path::new(".") => return path.to_owned(),
            _ => self.directory.join(path),
        };
        name.to_string_lossy().into_owned()
    }

    fn tell(&mut self, rule: &Output, path: &str, severity: Severity, about: About<'_>) {
        let name = self.name(path);
        self.report.push(show(Shown { rule, severity, name: &name, about }, self.sources));
    }

    fn problems(&mut self, problems: &[Problem], wanted: &Wanted) -> Result<()> {
        let inventory = problems.iter().any(|problem| problem.path == INVENTORY).then(|| wanted.inventory.text());
        for (position, problem) in problems.iter().enumerate() {
            let compiled = wanted.files.get(&problem.path).map(|(text, _)| text.as_str());
            let compiled = compiled.or(inventory.as_deref()).filter(|_| problem.has_texts && position < MOST_TEXTS);
            let disk = match (&self.root, compiled) {
                (Some(root), Some(_)) => root.folder.read(&problem.path).unwrap_or_default(),
                _ => None,
            };
            let about = match (&disk, compiled) {
                (Some(disk), Some(compiled)) => About::Texts(disk, compiled),
                _ => About::Whole,
            };
            self.tell(&problem.rule, &problem.path, Severity::Error, about);
        }
        Ok(())
    }

    /// Clusters that are in none of the specs.
    fn absent(&mut self, wanted: &Wanted, severity: Severity) {
        for cluster in &wanted.absent {
            let rule = Output::AbsentCluster { cluster: cluster.to_string() };
            self.tell(&rule, INVENTORY, severity, About::Whole);
        }
    }

    /// Whether what a killed run left could be used.
    fn usable(&mut self, result: Result<(), Trouble>, path: &str) -> Result<bool> {
        match result {
            Ok(()) => Ok(true),
            Err(Trouble::Io(error)) => Err(error)
                .with_context(|| format!("failed to finish what an earlier run left in `{}`", self.name(path))),
            Err(Trouble::Foreign(reason)) => {
                let rule = Output::Journal { path: self.name(path), reason };
                self.tell(&rule, path, Severity::Error, About::Whole);
                Ok(false)
            }
        }
    }
}
