//! What stands in an output directory: every file that a compile is about, and what is among them.

use std::collections::BTreeMap;
use std::io;

use anyhow::{Context, Result};
use flatwright::directory::{Extra, INVENTORY, Standing, Wanted};
use rustix::fs::{Mode, Stat};

use super::folder::{Folder, Looked, is_file};
use super::known::Known;

/// So many files are worth a thread more.
const PER_THREAD: usize = 2_000;

/// What was found.
#[derive(Default)]
pub(super) struct Survey {
    found: BTreeMap<String, Looked>,
    /// What is in our own folders and was not written by us.
    pub(super) extras: Vec<Extra>,
}

impl Survey {
    /// Looks at everything that a compile is about.
    ///
    /// # Errors
    /// What the operating system says, with the path.
    pub(super) fn of(folder: &Folder, wanted: &Wanted, known: &Known) -> Result<Self> {
        let paths: Vec<&str> =
            wanted.files.keys().chain(wanted.dropped.keys()).map(String::as_str).chain([INVENTORY]).collect();
        let mut survey = Self { found: look(folder, &paths, known)?, extras: Vec::new() };
        survey.extras = extras(folder, wanted)?;
        Ok(survey)
    }

    pub(super) fn standing(&self, path: &str) -> Standing {
        self.found.get(path).map_or(Standing::Absent, |looked| looked.standing.clone())
    }

    /// The rights of a file that stays as it is or is replaced.
    pub(super) fn mode(&self, path: &str) -> Option<Mode> {
        let stat = self.found.get(path)?.stat.as_ref().filter(|stat| is_file(stat))?;
        Some(Mode::from_raw_mode(stat.st_mode & 0o777))
    }

    /// The metadata of a file as it was looked at.
    pub(super) fn stat(&self, path: &str) -> Option<&Stat> {
        self.found.get(path)?.stat.as_ref()
    }

    /// Whether nobody touched what stands at a path since it was looked at.
    pub(super) fn is_untouched(&self, folder: &Folder, path: &str) -> io::Result<bool> {
        let now = folder.stat_of(path)?;
        Ok(match (self.stat(path), &now) {
            (None, None) => true,
            (Some(then), Some(now)) => Known::is_same(then, now),
            _ => false,
        })
    }
}

/// Looks at many files with several threads, at few with none.
fn look(folder: &Folder, paths: &[&str], known: &Known) -> Result<BTreeMap<String, Looked>> {
    let one = |folder: &Folder, paths: &[&str]| -> Result<Vec<(String, Looked)>> {
        let looked = paths.iter().map(|path| {
            let looked = folder.look(path, &|stat| known.hash(path, stat));
            Ok(((*path).to_owned(), looked.with_context(|| format!("failed to read `{path}`"))?))
        });
        looked.collect()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(paths.len() / PER_THREAD + 1);
    if threads == 1 {
        return Ok(one(folder, paths)?.into_iter().collect());
    }
    let folders = (0..threads).map(|_| folder.again()).collect::<io::Result<Vec<_>>>()?;
    let results = std::thread::scope(|scope| {
        let chunks = paths.chunks(paths.len().div_ceil(threads));
        let one = &one;
        let workers: Vec<_> =
            chunks.zip(folders).map(|(chunk, folder)| scope.spawn(move || one(&folder, chunk))).collect();
        workers.into_iter().map(|worker| worker.join().expect("invariant: looking does not panic")).collect::<Vec<_>>()
    });
    let mut found = BTreeMap::new();
    for result in results {
        found.extend(result?);
    }
    Ok(found)
}

/// What is in the folders that we fill alone.
fn extras(folder: &Folder, wanted: &Wanted) -> Result<Vec<Extra>> {
    let mut extras = Vec::new();
    for own in &wanted.folders {
        let names = folder.names(own).with_context(|| format!("failed to read `{own}`"))?;
        let paths = names.into_iter().map(|(name, what)| (format!("{own}/{name}"), what));
        let others = paths.filter(|(path, _)| !wanted.files.contains_key(path) && !wanted.dropped.contains_key(path));
        extras.extend(others.map(|(path, what)| Extra { path, is_directory: what == "directory" }));
    }
    Ok(extras)
}
