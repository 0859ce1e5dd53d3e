//! The room of a run that writes: new files are complete in it before any gets its place, and a journal says what is about to happen. It is gone when the run has ended;
//! what a killed run left of it is finished or cleaned up by the next.
//!
//! Owns: its layout (`new/` as the output directory will be, `journal`), and what of it may be removed. Must not: decide what is written.

use std::collections::BTreeMap;
use std::io;

use flatwright::directory::{Hash, INVENTORY, Journal, Standing, Step, Was, is_directory, is_file};
use rustix::fs::Mode;
use rustix::io::Errno;

use super::folder::Folder;

/// The room inside of an output directory.
pub(super) const INSIDE: &str = ".flatwright";

/// The new files.
pub(super) const NEW: &str = "new";

const JOURNAL: &str = "journal";
const UNFINISHED_JOURNAL: &str = "journal.new";

/// The room beside an output directory that is exchanged as a whole.
pub(super) fn beside(name: &str) -> String {
    format!(".{name}.flatwright")
}

/// A room.
pub(super) struct Control<'f> {
    base: &'f Folder,
    name: String,
    pub(super) folder: Folder,
}

/// Why the room of an earlier run cannot be used.
pub(super) enum Trouble {
    Io(io::Error),
    /// What is in it is not what a run leaves.
    Foreign(String),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl<'f> Control<'f> {
    /// A room that is not there yet.
    pub(super) fn make(base: &'f Folder, name: String) -> io::Result<Self> {
        rustix::fs::mkdirat(base.handle(), name.as_str(), Mode::from_raw_mode(0o777))?;
        base.forget();
        let folder = base.below(&name)?.ok_or(Errno::NOENT)?;
        folder.make_directory(NEW)?;
        Ok(Self { base, name, folder })
    }

    /// What an earlier run left.
    pub(super) fn left(base: &'f Folder, name: String) -> Result<Option<Self>, Trouble> {
        match base.below(&name) {
            Ok(Some(folder)) => Ok(Some(Self { base, name, folder })),
            Ok(None) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                Err(Trouble::Foreign("it is no directory".to_owned()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a new file into it.
    pub(super) fn stage(&self, path: &str, bytes: &[u8], mode: Option<Mode>) -> io::Result<()> {
        self.folder.make(&staged(path), bytes, mode)
    }

    /// Writes down what is about to happen. From here on the run is finished, by this process or another.
    pub(super) fn commit(&self, journal: &Journal) -> io::Result<()> {
        self.folder.make(UNFINISHED_JOURNAL, journal.text().as_bytes(), None)?;
        self.folder.rename(UNFINISHED_JOURNAL, &self.folder, JOURNAL)
    }

    /// What was about to happen; `None` if nothing was.
    pub(super) fn journal(&self) -> Result<Option<Journal>, Trouble> {
        match self.folder.read(JOURNAL) {
            Ok(None) => Ok(None),
            Ok(Some(bytes)) => Journal::parse(&bytes)
                .map(Some)
                .map_err(|line| Trouble::Foreign(format!("line {line} of its `{JOURNAL}` is none of a journal"))),
            Err(error) if error.raw_os_error().is_none() => {
                Err(Trouble::Foreign(format!("its `{JOURNAL}` is no file of ours: {error}")))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Does what is left of the steps. What somebody changed since is left as it is.
    pub(super) fn finish(&self, out: &Folder, journal: &Journal) -> io::Result<()> {
        for step in &journal.steps {
            match step {
                Step::Clear(path) => clear(out, path)?,
                Step::Keep { .. } => {}
                Step::Write { path, was, hash } => {
                    let here = standing(out, path)?;
                    let new = standing(&self.folder, &staged(path))?;
                    let is_ready = new == Standing::File(Some(*hash));
                    if here != new && is_ready && (here == Standing::Absent || matches(&here, *was)) {
                        self.folder.rename(&staged(path), out, path)?;
                    }
                }
                Step::Remove { path, was } => {
                    if matches(&standing(out, path)?, *was) {
                        out.remove(path)?;
                    }
                }
            }
        }
        remove_empty(out, removed(journal))
    }

    /// Removes the room with everything that a run put or moved there. `journal` says which bytes these are; without one, nothing of anybody else's was moved there.
    ///
    /// # Errors
    /// What the operating system says. Whatever else is in it stays, with the room, and is named.
    pub(super) fn clean(self, journal: Option<&Journal>) -> Result<(), Trouble> {
        let known = journal.map(hashes);
        let may_remove = |path: &str| -> io::Result<bool> {
            let Some(known) = &known else { return Ok(true) };
            let Some(hashes) = known.get(path) else { return Ok(false) };
            Ok(match standing(&self.folder, &staged(path))? {
                Standing::File(Some(hash)) => hashes.contains(&Some(hash)),
                Standing::File(None) | Standing::Other(_) => hashes.contains(&None),
                Standing::Absent | Standing::Blocked { .. } => true,
            })
        };
        self.clean_directory("", &may_remove)?;
        for name in [UNFINISHED_JOURNAL, JOURNAL] {
            self.folder.remove(name)?;
        }
        if self.base.remove_directory(&self.name)? {
            return Ok(());
        }
        let foreign = self.folder.names("")?.into_iter().next().map_or_else(String::new, |(name, _)| name);
        Err(Trouble::Foreign(format!("flatwright did not put `{foreign}` there")))
    }

    fn clean_directory(&self, path: &str, may_remove: &dyn Fn(&str) -> io::Result<bool>) -> Result<(), Trouble> {
        let directory = staged(path);
        for (name, what) in self.folder.names(&directory)? {
            let path = if path.is_empty() { name } else { format!("{path}/{name}") };
            if what == "directory" && is_directory(&path) {
                self.clean_directory(&path, may_remove)?;
            } else if is_file(&path) && what != "directory" && may_remove(&path)? {
                self.folder.remove(&staged(&path))?;
            } else {
                return Err(Trouble::Foreign(format!("`{}` is not what flatwright put there", staged(&path))));
            }
        }
        self.folder.remove_directory(&directory)?;
        Ok(())
    }
}

/// The path of a new file in the room.
pub(super) fn staged(path: &str) -> String {
    if path.is_empty() { NEW.to_owned() } else { format!("{NEW}/{path}") }
}

/// Removes what is no directory where one is needed.
pub(super) fn clear(out: &Folder, path: &str) -> io::Result<()> {
    match standing(out, path)? {
        Standing::File(_) => out.remove(path),
        Standing::Other(what) if what != "directory" => out.remove(path),
        _ => Ok(()),
    }
}

/// Removes the directories in which a removed file was the last.
pub(super) fn remove_empty<'p>(out: &Folder, removed: impl Iterator<Item = &'p str>) -> io::Result<()> {
    let mut directories: Vec<&str> = Vec::new();
    for path in removed {
        let above = std::iter::successors(Some(path), |path| Some(path.rsplit_once('/')?.0)).skip(1);
        directories.extend(above);
    }
    directories.sort_unstable_by(|a, b| b.cmp(a));
    directories.dedup();
    for directory in directories {
        out.remove_directory(directory)?;
    }
    Ok(())
}

fn removed(journal: &Journal) -> impl Iterator<Item = &str> {
    journal.steps.iter().filter_map(|step| match step {
        Step::Remove { path, .. } => Some(path.as_str()),
        Step::Clear(_) | Step::Write { .. } | Step::Keep { .. } => None,
    })
}

/// The bytes that each path has before and after; `None` for what is no file.
fn hashes(journal: &Journal) -> BTreeMap<&str, Vec<Option<Hash>>> {
    let mut known: BTreeMap<&str, Vec<Option<Hash>>> = BTreeMap::new();
    let of = |was: &Was| match was {
        Was::Absent => Vec::new(),
        Was::File(hash) => vec![Some(*hash)],
        Was::Other => vec![None],
    };
    for step in &journal.steps {
        match step {
            Step::Clear(_) => {}
            Step::Keep { path, hash } => known.entry(path).or_default().push(Some(*hash)),
            Step::Write { path, was, hash } => {
                let hashes = known.entry(path).or_default();
                hashes.push(Some(*hash));
                hashes.extend(of(was));
            }
            Step::Remove { path, was } => known.entry(path).or_default().extend(of(was)),
        }
    }
    known
}

fn matches(standing: &Standing, was: Was) -> bool {
    match was {
        Was::Absent => *standing == Standing::Absent,
        Was::File(hash) => *standing == Standing::File(Some(hash)),
        Was::Other => {
            matches!(standing, Standing::File(None) | Standing::Other(_)) && *standing != Standing::Other("directory")
        }
    }
}

fn standing(folder: &Folder, path: &str) -> io::Result<Standing> {
    Ok(folder.look(path, &|_| None)?.standing)
}

/// Whether a run that was killed has left something: a room with a journal, or one that was not yet to count.
pub(super) fn is_left(base: &Folder, name: &str) -> Result<bool, Trouble> {
    let Some(control) = Control::left(base, name.to_owned())? else { return Ok(false) };
    control.journal()?;
    Ok(true)
}

/// The inventory is the last to get its place: what it lists is there.
pub(super) fn is_inventory(path: &str) -> bool {
    path == INVENTORY
}
