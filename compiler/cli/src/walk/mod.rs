//! A directory → the files in it that are to be looked at, and what is not, with the reason.
//!
//! Owns: descending; what is hidden, ignored or a link. `validate`, `--crds` and `--old` walk alike.
//! Must not: read a file's content, or run anything of a repository: git's rules and index are read as files, its hooks and filters never run.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the world")]

mod index;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

/// Why a path below a directory is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// A directory whose name begins with a dot.
    Hidden,
    /// A file or directory that git's rules ignore; what git tracks in it is looked at all the same.
    Ignored,
    /// A link: what it leads to is looked at where it is, if that is below the directory.
    Link,
    /// Neither a file nor a directory: a pipe, a socket, a device.
    NotAFile,
}

impl Reason {
    /// How a report goes on from "because".
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Hidden => "it is a hidden directory",
            Self::Ignored => "git ignores it",
            Self::Link => "it is a link, and links are not followed",
            Self::NotAFile => "it is neither a file nor a directory",
        }
    }
}

/// What is below a directory.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The files, in the order of their paths.
    pub(crate) files: BTreeSet<PathBuf>,
    /// What is not looked at. Of a directory, only itself.
    pub(crate) left_out: BTreeMap<PathBuf, Reason>,
    /// Directories that cannot be read, with what the operating system says.
    pub(crate) unreadable: BTreeMap<PathBuf, String>,
}

/// Everything below a directory, links not followed. Left out are hidden directories, and what git ignores and does not track; without a repository nothing
/// counts as ignored.
pub(crate) fn walk(directory: &Path) -> Found {
    let mut found = Found::default();
    // Who names what git ignores means it.
    let heeds_git = !is_ignored(directory);
    let (mut seen, mut repositories) = (BTreeSet::new(), BTreeSet::from([directory.to_owned()]));
    for entry in walker(directory, heeds_git).build() {
        match entry {
            Ok(entry) => {
                if is_directory(&entry) && entry.path().join(".git").symlink_metadata().is_ok() {
                    repositories.insert(entry.path().to_owned());
                }
                seen.insert(entry.path().to_owned());
                found.take(&entry);
            }
            Err(error) => {
                let (path, reason) = unreadable(&error, directory);
                found.unreadable.insert(path, reason);
            }
        }
    }
    for repository in &repositories {
        for tracked in index::tracked_below(repository) {
            found.take_tracked(repository, &tracked, &seen);
        }
    }
    found.take_ignored(directory, &seen);
    found
}

/// The way below a directory, all of it but hidden directories, or what git does not ignore.
fn walker(directory: &Path, heeds_git: bool) -> WalkBuilder {
    let mut walker = WalkBuilder::new(directory);
    walker
        .follow_links(false)
        .hidden(false)
        .ignore(false)
        .git_global(heeds_git)
        .git_ignore(heeds_git)
        .git_exclude(heeds_git)
        .require_git(true)
        .parents(heeds_git);
    // Hidden directories are seen, to be counted; what is in them is not.
    walker.filter_entry(|entry| !is_in_hidden(entry));
    walker
}

/// Whether git ignores a directory or one above it.
fn is_ignored(directory: &Path) -> bool {
    let Ok(directory) = directory.canonicalize() else { return false };
    let Some((root, _)) = index::repository(&directory) else { return false };
    let inside = directory.ancestors().take_while(|ancestor| *ancestor != root);
    let mut inside = inside.filter_map(|ancestor| Some((ancestor, ancestor.parent()?)));
    inside.any(|(ancestor, parent)| {
        let beside = walker(parent, true).max_depth(Some(1)).build();
        !beside.flatten().any(|entry| entry.path() == ancestor)
    })
}

fn is_directory(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Whether the directory that an entry is in is hidden, where that is not the one that was named.
fn is_in_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 1 && entry.path().parent().is_some_and(is_hidden)
}

impl Found {
    fn take(&mut self, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        // The directory itself may be a link, and hidden: it was named.
        if entry.depth() == 0 || entry.file_name() == ".git" {
            return;
        }
        let path = entry.path().to_owned();
        if kind.is_file() {
            self.files.insert(path);
        } else if kind.is_symlink() {
            self.left_out.insert(path, Reason::Link);
        } else if !kind.is_dir() {
            self.left_out.insert(path, Reason::NotAFile);
        } else if is_hidden(&path) {
            self.left_out.insert(path, Reason::Hidden);
        }
    }

    /// A file that git tracks although its rules ignore it.
    fn take_tracked(&mut self, repository: &Path, below: &Path, seen: &BTreeSet<PathBuf>) {
        let is_hidden = |part: Component<'_>| part.as_os_str().as_encoded_bytes().starts_with(b".");
        let path = repository.join(below);
        let mut directories = below.parent().into_iter().flat_map(Path::components);
        if directories.any(is_hidden) || seen.contains(&path) || leads_through_a_link(repository, below) {
            return;
        }
        // What git tracks need not be on the disk.
        if path.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            self.files.insert(path);
        }
    }

    /// Counts what git ignores: at a directory that was not seen the way ends.
    fn take_ignored(&mut self, directory: &Path, seen: &BTreeSet<PathBuf>) {
        let all = seen.clone();
        let mut walker = walker(directory, false);
        walker.filter_entry(move |entry| {
            let parent = entry.path().parent();
            entry.depth() == 0 || !is_in_hidden(entry) && parent.is_some_and(|parent| all.contains(parent))
        });
        for entry in walker.build().flatten() {
            let path = entry.path();
            if !seen.contains(path) && !self.files.contains(path) {
                self.left_out.insert(path.to_owned(), Reason::Ignored);
            }
        }
    }
}

/// Whether a directory on the way is a link.
fn leads_through_a_link(directory: &Path, below: &Path) -> bool {
    let parents = below.ancestors().skip(1).filter(|parent| !parent.as_os_str().is_empty());
    parents.map(|parent| directory.join(parent)).any(|parent| parent.symlink_metadata().is_ok_and(|it| it.is_symlink()))
}

/// What cannot be read, and why in the words of the operating system.
fn unreadable(error: &ignore::Error, directory: &Path) -> (PathBuf, String) {
    let path = path_of(error).unwrap_or(directory).to_owned();
    let reason = std::fs::read_dir(&path).err().map_or_else(|| error.to_string(), |error| error.to_string());
    (path, reason)
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
