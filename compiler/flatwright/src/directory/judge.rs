//! What is done where something stands already: written, left, removed, or told.

use std::collections::BTreeSet;

use super::hash::Hash;
use super::inventory::{INVENTORY, Inventory};
use super::journal::Was;
use super::rules::Output;
use super::wanted::Wanted;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Absent,
    /// A regular file; without a hash where it is larger than any of ours.
    File(Option<Hash>),
    /// A link, a directory, a pipe: what it is.
    Other(&'static str),
    /// A directory on the way is none.
    Blocked {
        /// What is none.
        at: String,
        /// What it is.
        what: &'static str,
    },
}

/// A directory, as [`Standing::Other`] calls it.
pub(super) const DIRECTORY: &str = "directory";

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Its path.
    pub path: String,
    /// What it replaces.
    pub was: Was,
}

/// A file to remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Its path.
    pub path: String,
    /// What is removed.
    pub was: Was,
}

/// What is no directory where one is needed.
pub type Clearance = String;

/// What somebody else put among our files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// Its path.
    pub path: String,
    /// Whether it is a directory.
    pub is_directory: bool,
}

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The rule.
    pub rule: Output,
    /// The file that it is about, below the output directory.
    pub path: String,
    /// Whether there are two texts to compare.
    pub has_texts: bool,
}

/// What is to do, and what is in the way of doing it.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Removed first.
    pub clearances: BTreeSet<Clearance>,
    /// Written, the inventory last.
    pub writes: Vec<Write>,
    /// Removed last.
    pub removals: Vec<Removal>,
    /// Somebody else's files that are removed.
    pub extras: Vec<String>,
    /// Why nothing is done.
    pub problems: Vec<Problem>,
    /// What a compile would change.
    pub differences: Vec<Problem>,
    /// How many files of others are replaced or removed because the user says so.
    pub overwritten: usize,
}

impl Judged {
    /// Whether there is nothing to do.
    pub fn is_done(&self) -> bool {
        self.writes.is_empty() && self.removals.is_empty() && self.clearances.is_empty() && self.extras.is_empty()
    }

    fn problem(&mut self, rule: Output, path: &str, has_texts: bool, overwrites: bool) {
        if overwrites {
            self.overwritten += 1;
        } else {
            self.problems.push(Problem { rule, path: path.to_owned(), has_texts });
        }
    }

    fn difference(&mut self, rule: Output, path: &str, has_texts: bool) {
        self.differences.push(Problem { rule, path: path.to_owned(), has_texts });
    }
}

/// Judges a directory. `standing` says what stands at each wanted and each dropped path, and at the inventory's.
pub fn judge(
    wanted: &Wanted,
    old: &Inventory,
    standing: &dyn Fn(&str) -> Standing,
    extras: &[Extra],
    overwrites: bool,
) -> Judged {
    let mut judged = Judged::default();
    for (path, (_, hash)) in &wanted.files {
        let path = path.as_str();
        let owned = path.to_owned();
        let was = match standing(path) {
            Standing::File(Some(found)) if found == *hash => continue,
            Standing::Absent => {
                judged.difference(Output::Missing { path: owned }, path, false);
                Was::Absent
            }
            Standing::File(found) => {
                match old.get(path) {
                    Some(listed) if found == Some(*listed) => {
                        judged.difference(Output::Outdated { path: owned }, path, true);
                    }
                    Some(_) => judged.problem(Output::Edited { path: owned }, path, true, overwrites),
                    None => judged.problem(Output::Foreign { path: owned }, path, true, overwrites),
                }
                found.map_or(Was::Other, Was::File)
            }
            Standing::Other(what) => {
                let is_overwritten = overwrites && what != DIRECTORY;
                judged.problem(Output::Occupied { path: owned, what, wanted: "file" }, path, false, is_overwritten);
                Was::Other
            }
            Standing::Blocked { at, what } => {
                blocked(&mut judged, &at, what, overwrites);
                Was::Absent
            }
        };
        judged.writes.push(Write { path: path.to_owned(), was });
    }
    for (path, hash) in &wanted.dropped {
        let owned = path.clone();
        let was = match standing(path) {
            Standing::Absent => continue,
            Standing::File(found) if found == Some(*hash) => {
                judged.difference(Output::Stale { path: owned }, path, false);
                Was::File(*hash)
            }
            Standing::File(found) => {
                judged.problem(Output::Edited { path: owned }, path, false, overwrites);
                found.map_or(Was::Other, Was::File)
            }
            Standing::Other(what) => {
                let rule =
                    if what == DIRECTORY { Output::Extra { path: owned } } else { Output::Edited { path: owned } };
                judged.problem(rule, path, false, overwrites && what != DIRECTORY);
                Was::Other
            }
            Standing::Blocked { at, what } => {
                blocked(&mut judged, &at, what, overwrites);
                continue;
            }
        };
        judged.removals.push(Removal { path: path.clone(), was });
    }
    for Extra { path, is_directory } in extras {
        let is_overwritten = overwrites && !is_directory;
        judged.problem(Output::Extra { path: path.clone() }, path, false, is_overwritten);
        if is_overwritten {
            judged.extras.push(path.clone());
        }
    }
    inventory(&mut judged, wanted, standing);
    judged
}

/// A directory that is none is told once, however many files go there.
fn blocked(judged: &mut Judged, at: &str, what: &'static str, overwrites: bool) {
    if judged.clearances.insert(at.to_owned()) {
        let rule = Output::Occupied { path: at.to_owned(), what, wanted: DIRECTORY };
        judged.problem(rule, at, false, overwrites);
    }
}

/// The inventory is written last. That it is another than before goes without saying where files are.
fn inventory(judged: &mut Judged, wanted: &Wanted, standing: &dyn Fn(&str) -> Standing) {
    let hash = Hash::of(wanted.inventory.text().as_bytes());
    let path = INVENTORY.to_owned();
    let says_nothing = !judged.differences.is_empty() || !judged.problems.is_empty();
    let (rule, was) = match standing(INVENTORY) {
        Standing::File(Some(found)) if found == hash => return,
        Standing::File(found) => (Output::Outdated { path }, found.map_or(Was::Other, Was::File)),
        _ => (Output::Missing { path }, Was::Absent),
    };
    if !says_nothing {
        let has_texts = was != Was::Absent;
        judged.difference(rule, INVENTORY, has_texts);
    }
    judged.writes.push(Write { path: INVENTORY.to_owned(), was });
}
