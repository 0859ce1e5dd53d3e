//! Bringing an output directory to what is decided, so that a kill at any instant leaves the old files, the new ones, or a journal for the next run.
//!
//! Owns: which way is taken. An output directory with one cluster in it, or none, is exchanged as a whole; otherwise the directory of each cluster is; where that cannot be –
//! other people's files are in it, somebody works in it, it is a mount point – its files are replaced one by one. No way waits for the disk: after a loss of power, files
//! that are not what the inventory says are told as edited.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use anyhow::{Context, Result, anyhow};
use flatwright::directory::{Hash, INVENTORY, Journal, Judged, Section, Step, Wanted, Was};
use rustix::fs::{FlockOperation, Mode, flock};
use rustix::io::Errno;

use super::control::{Control, INSIDE, NEW, Trouble, beside, clear, is_inventory, remove_empty, staged};
use super::folder::Folder;
use super::root::Root;
use super::survey::Survey;

/// The layout of a cluster's own directory.
const OWN: [(&str, &str); 3] = [("ignition", "directory"), ("kustomization.yaml", "file"), ("manifests", "directory")];

/// What is done.
pub(super) struct Commit<'r> {
    pub(super) root: &'r Root,
    pub(super) wanted: &'r Wanted,
    pub(super) judged: &'r Judged,
    pub(super) survey: &'r Survey,
    pub(super) was_nested: bool,
}

/// Files that somebody changed while they were about to be replaced.
pub(super) type Changed = Vec<String>;

impl Commit<'_> {
    /// Does what is decided.
    ///
    /// # Errors
    /// What the operating system says; the directory is as it was, or is brought to its end by the next run.
    pub(super) fn run(&self) -> Result<Changed> {
        match self.whole() {
            Ok(Some(changed)) => Ok(changed),
            Ok(None) => self.parts(),
            Err(Trouble::Io(error)) => Err(error).with_context(|| self.failed()),
            Err(Trouble::Foreign(reason)) => Err(anyhow!("{reason}").context(self.failed())),
        }
    }

    fn failed(&self) -> String {
        format!("failed to write to `{}`", self.root.name.display())
    }

    /// Exchanges the output directory. `None` where that is not the way.
    fn whole(&self) -> Result<Option<Changed>, Trouble> {
        if !self.may_be_exchanged_whole()? {
            return Ok(None);
        }
        let Some((above, name)) = self.root.above() else { return Ok(None) };
        let Ok(control) = Control::make(&above, beside(name)) else { return Ok(None) };
        let staged = self
            .wanted
            .files
            .iter()
            .try_for_each(|(path, (text, _))| control.stage(path, text.as_bytes(), self.survey.mode(path)));
        let staged =
            staged.and_then(|()| control.stage(INVENTORY, self.inventory().as_bytes(), self.survey.mode(INVENTORY)));
        if let Err(error) = staged {
            // The first error is the one to report.
            let _ = control.clean(None);
            return Err(error.into());
        }
        let inventory = (INVENTORY, Hash::of(self.inventory().as_bytes()));
        let files = self.wanted.files.iter().map(|(path, (_, hash))| (path.as_str(), *hash));
        let keeps = files.chain([inventory]).collect();
        let journal = Journal { is_whole: true, steps: self.steps(&keeps) };
        let exchanged = control.commit(&journal).and_then(|()| self.exchange(&control, name, &above));
        match exchanged {
            Ok(()) => {}
            Err(error) if is_impossible(&error) => {
                control.clean(Some(&journal))?;
                return Ok(None);
            }
            Err(error) => {
                let _ = control.clean(Some(&journal));
                return Err(error.into());
            }
        }
        match control.clean(Some(&journal)) {
            Ok(()) => Ok(Some(Vec::new())),
            Err(Trouble::Foreign(reason)) => Err(Trouble::Foreign(format!("`{}`: {reason}", beside(name)))),
            Err(error) => Err(error),
        }
    }

    fn exchange(&self, control: &Control<'_>, name: &str, above: &Folder) -> io::Result<()> {
        let new = control.folder.below(NEW)?.ok_or(Errno::NOENT)?;
        let stat = self.root.folder.stat()?;
        if new.stat()?.st_mode != stat.st_mode {
            rustix::fs::fchmod(new.handle(), Mode::from_raw_mode(stat.st_mode & 0o7777))?;
        }
        // Who waits for the old one finds the new one locked, until this process ends.
        let _ = flock(new.handle(), FlockOperation::NonBlockingLockExclusive);
        control.folder.exchange(NEW, above, name)?;
        std::mem::forget(new);
        Ok(())
    }

    fn may_be_exchanged_whole(&self) -> io::Result<bool> {
        let names = self.root.folder.names("")?;
        let is_ours = |(name, what): &(String, &str)| {
            OWN.contains(&(name.as_str(), what)) || (name.as_str(), *what) == (INVENTORY, "file")
        };
        let is_flat = |section: &Section| section.place.is_empty();
        let is_one = self.wanted.inventory.clusters.values().all(is_flat) && !self.was_nested;
        let is_own = self.judged.clearances.is_empty() && self.judged.extras.is_empty() && names.iter().all(is_ours);
        let is_more_than_the_inventory = self.judged.writes.len() + self.judged.removals.len() > 1;
        let may = is_own && (is_one || names.is_empty()) && is_more_than_the_inventory && !self.root.is_worked_in("");
        Ok(may && self.is_of_this_user(&self.root.folder)?)
    }

    /// A new directory belongs to who makes it.
    fn is_of_this_user(&self, folder: &Folder) -> io::Result<bool> {
        Ok(folder.stat()?.st_uid == rustix::process::geteuid().as_raw())
    }

    /// Exchanges the directories of clusters, and replaces files.
    fn parts(&self) -> Result<Changed> {
        let out = &self.root.folder;
        let control = Control::make(out, INSIDE.to_owned()).with_context(|| self.failed())?;
        let trees = self.trees().with_context(|| self.failed())?;
        let in_tree = |path: &str| path.split_once('/').is_some_and(|(place, _)| trees.contains(place));
        let staged = self.wanted.files.iter().filter(|(path, _)| in_tree(path));
        let mut all: BTreeMap<&str, &str> = staged.map(|(path, (text, _))| (path.as_str(), text.as_str())).collect();
        let inventory = self.inventory();
        for write in &self.judged.writes {
            let text = self.wanted.files.get(&write.path).map_or(inventory.as_str(), |(text, _)| text);
            all.insert(&write.path, text);
        }
        let written =
            all.iter().try_for_each(|(path, text)| control.stage(path, text.as_bytes(), self.survey.mode(path)));
        let keeps = self.wanted.files.iter().filter(|(path, _)| in_tree(path));
        let keeps = keeps.map(|(path, (_, hash))| (path.as_str(), *hash)).collect();
        let journal = Journal { is_whole: false, steps: self.steps(&keeps) };
        if let Err(error) = written.and_then(|()| control.commit(&journal)) {
            // The first error is the one to report.
            let _ = control.clean(None);
            return Err(error).with_context(|| self.failed());
        }
        let changed = self.apply(&control, &trees).with_context(|| self.failed())?;
        match control.clean(Some(&journal)) {
            Ok(()) => Ok(changed),
            Err(Trouble::Io(error)) => Err(error).with_context(|| self.failed()),
            Err(Trouble::Foreign(reason)) => Err(anyhow!("`{INSIDE}`: {reason}").context(self.failed())),
        }
    }

    fn apply(&self, control: &Control<'_>, trees: &BTreeSet<&str>) -> io::Result<Changed> {
        let out = &self.root.folder;
        let mut changed = Vec::new();
        for path in &self.judged.clearances {
            clear(out, path)?;
        }
        let mut done: BTreeSet<&str> = BTreeSet::new();
        for place in trees {
            if self.tree(control, place)? {
                done.insert(place);
            }
        }
        out.forget();
        control.folder.forget();
        let is_done = |path: &str| path.split_once('/').is_some_and(|(place, _)| done.contains(place));
        let writes = self.judged.writes.iter().filter(|write| !is_done(&write.path));
        // The inventory is the last.
        let (last, writes): (Vec<_>, Vec<_>) = writes.partition(|write| is_inventory(&write.path));
        for write in writes {
            if write.was == Was::Absent || self.survey.is_untouched(out, &write.path)? {
                control.folder.rename(&staged(&write.path), out, &write.path)?;
            } else {
                changed.push(write.path.clone());
            }
        }
        for removal in self.judged.removals.iter().filter(|removal| !is_done(&removal.path)) {
            if self.survey.is_untouched(out, &removal.path)? {
                out.remove(&removal.path)?;
            } else {
                changed.push(removal.path.clone());
            }
        }
        for path in &self.judged.extras {
            out.remove(path)?;
        }
        let removed = self.judged.removals.iter().map(|removal| removal.path.as_str());
        remove_empty(out, removed.chain(self.judged.extras.iter().map(String::as_str)))?;
        for write in last {
            control.folder.rename(&staged(&write.path), out, &write.path)?;
        }
        Ok(changed)
    }

    /// Gives the directory of a cluster its place. Says whether that was possible.
    fn tree(&self, control: &Control<'_>, place: &str) -> io::Result<bool> {
        let out = &self.root.folder;
        let Some(new) = control.folder.below(NEW)? else { return Ok(false) };
        let exchanged = match out.stat_of(place)? {
            None => new.rename(place, out, place),
            Some(stat) => {
                if let Some(tree) = new.below(place)? {
                    rustix::fs::fchmod(tree.handle(), Mode::from_raw_mode(stat.st_mode & 0o7777))?;
                }
                new.exchange(place, out, place)
            }
        };
        match exchanged {
            Ok(()) => Ok(true),
            Err(error) if is_impossible(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The directories of clusters that are exchanged.
    fn trees(&self) -> io::Result<BTreeSet<&str>> {
        let out = &self.root.folder;
        let touched: BTreeSet<&str> =
            self.judged.writes.iter().filter_map(|write| Some(write.path.split_once('/')?.0)).collect();
        let sections =
            self.wanted.inventory.clusters.values().filter(|section| touched.contains(section.place.as_str()));
        let mut trees = BTreeSet::new();
        for Section { place, .. } in sections {
            let is_clear = !self.judged.clearances.iter().any(|path| path.starts_with(place.as_str()))
                && !self.judged.extras.iter().any(|path| path.starts_with(place.as_str()));
            let is_own = match out.below(place) {
                Ok(Some(folder)) => {
                    let names = folder.names("")?;
                    names.iter().all(|(name, what)| OWN.contains(&(name.as_str(), what)))
                        && self.is_of_this_user(&folder)?
                }
                Ok(None) => true,
                Err(_) => false,
            };
            if is_clear && is_own && !self.root.is_worked_in(place) {
                trees.insert(place.as_str());
            }
        }
        Ok(trees)
    }

    fn inventory(&self) -> String {
        self.wanted.inventory.text()
    }

    /// What the journal says: the inventory comes last.
    fn steps(&self, kept: &BTreeMap<&str, Hash>) -> Vec<Step> {
        let mut steps: Vec<Step> = self.judged.clearances.iter().cloned().map(Step::Clear).collect();
        let written: BTreeSet<&str> = self.judged.writes.iter().map(|write| write.path.as_str()).collect();
        let keeps = kept.iter().filter(|(path, _)| !written.contains(*path));
        steps.extend(keeps.map(|(path, hash)| Step::Keep { path: (*path).to_owned(), hash: *hash }));
        let write = |path: &str, was: Was| {
            let hash = self.wanted.files.get(path).map(|(_, hash)| *hash);
            let hash = hash.unwrap_or_else(|| Hash::of(self.inventory().as_bytes()));
            Step::Write { path: path.to_owned(), was, hash }
        };
        let (last, writes): (Vec<_>, Vec<_>) = self.judged.writes.iter().partition(|write| is_inventory(&write.path));
        steps.extend(writes.iter().map(|one| write(&one.path, one.was)));
        let removals = self.judged.removals.iter();
        steps.extend(removals.map(|removal| Step::Remove { path: removal.path.clone(), was: removal.was }));
        steps.extend(last.iter().map(|one| write(&one.path, one.was)));
        steps
    }
}

/// Whether two directories cannot change places here, where their files still can.
fn is_impossible(error: &io::Error) -> bool {
    let never = [
        Errno::XDEV,
        Errno::BUSY,
        Errno::NOSYS,
        Errno::INVAL,
        Errno::OPNOTSUPP,
        Errno::PERM,
        Errno::ACCESS,
        Errno::NOTEMPTY,
        Errno::EXIST,
    ];
    Errno::from_io_error(error).is_some_and(|errno| never.contains(&errno))
}
