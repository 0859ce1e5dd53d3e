//! From a path to what is there, as the kernel looks it up, and the way in which Ignition follows links before it does.
//!
//! Owns: lookups. Must not: change the tree.

use std::borrow::Cow;
use std::iter::Peekable;

use flatwright_go::path::clean;

use super::{Body, Ino, ROOT, Tree};

/// The longest name of one file.
const LONGEST_NAME: usize = 255;

/// The longest path, with the byte that ends it and the `/sysroot` that Ignition puts before it.
const LONGEST_PATH: usize = 4096 - 1 - "/sysroot".len();

/// The most links that one lookup follows.
const MOST_LINKS: usize = 40;

/// Why an operation on a path fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errno {
    Missing,
    NotADirectory,
    Exists,
    Loop,
    NameTooLong,
    Denied,
    ReadOnly,
    Busy,
    Invalid,
    /// Nobody can tell: the path leads through what an earlier failure left open.
    Unknown,
    /// The path leads out of the node into the initramfs, whose files are gone after it.
    Outside,
    /// The whole costs more than anybody should wait for.
    TooMuch,
}

/// From where a path is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// As a process that has the node as its root: absolute links stay inside.
    Node,
    /// As Ignition itself, which runs in the initramfs: absolute links lead out.
    Initramfs,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Inode(Ino),
    /// Nothing, in this directory.
    Missing(Ino),
}

impl<'c> Tree<'c> {
    /// What stands at the path; the last component is followed if it is a link and `follows`.
    pub(crate) fn walk(&self, path: &str, follows: bool, view: View) -> Result<Found, Errno> {
        self.walk_along(path, follows, view, &mut trail())
    }

    /// The directory on whose file system a path is, if it were there.
    pub(crate) fn mount_of(&self, path: &str) -> Ino {
        let mut trail = trail();
        // However far it comes: what is not there is where its directory is.
        let _ = self.walk_along(parent_of(path), true, View::Initramfs, &mut trail);
        let is_mounted = |ino: &&Ino| self.directory(**ino).is_some_and(|directory| directory.is_mounted);
        trail.iter().rev().find(is_mounted).copied().unwrap_or(ROOT)
    }

    /// Walks, and leaves the directories that lead there in `trail`.
    fn walk_along(&self, path: &str, follows: bool, view: View, trail: &mut Vec<Ino>) -> Result<Found, Errno> {
        if path.len() > LONGEST_PATH {
            return Err(Errno::NameTooLong);
        }
        // What links lead to comes before the rest of the path.
        let mut rest = components(path).peekable();
        let mut linked: Vec<&str> = Vec::new();
        let mut links = 0;
        while let Some(name) = linked.pop().or_else(|| rest.next()) {
            self.spend()?;
            let is_last = |rest: &mut Peekable<_>, linked: &[&str]| linked.is_empty() && rest.peek().is_none();
            if name == ".." {
                if trail.len() == 1 && view == View::Initramfs {
                    return Err(Errno::Outside);
                }
                trail.truncate((trail.len() - 1).max(1));
                continue;
            }
            let here = *trail.last().expect("invariant: the root stays");
            let Some(next) = self.child(here, name)? else {
                // In an open directory it may be there nonetheless; who needs it asks for that.
                return if is_last(&mut rest, &linked) { Ok(Found::Missing(here)) } else { Err(Errno::Missing) };
            };
            let Body::Link(target) = &self.inode(next).body else {
                trail.push(next);
                continue;
            };
            if !follows && is_last(&mut rest, &linked) {
                return Ok(Found::Inode(next));
            }
            links += 1;
            if links > MOST_LINKS {
                return Err(Errno::Loop);
            }
            if target.is_empty() {
                return Err(Errno::Missing);
            }
            if target.starts_with('/') {
                if view == View::Initramfs {
                    return Err(Errno::Outside);
                }
                trail.truncate(1);
            }
            linked.extend(components(target).rev());
        }
        Ok(Found::Inode(*trail.last().expect("invariant: the root stays")))
    }

    /// What a directory has under a name.
    pub(crate) fn child(&self, directory: Ino, name: &str) -> Result<Option<Ino>, Errno> {
        match &self.inode(directory).body {
            Body::Directory(_) if name.len() > LONGEST_NAME => Err(Errno::NameTooLong),
            Body::Directory(directory) => Ok(directory.entries.get(name).copied()),
            Body::Unknown => Err(Errno::Unknown),
            _ => Err(Errno::NotADirectory),
        }
    }

    /// What stands at the path itself, as Ignition sees it; `None` if nothing does.
    pub(crate) fn lstat(&self, path: &str) -> Result<Option<Ino>, Errno> {
        self.stat_at(path, false, View::Initramfs)
    }

    /// What stands at the path or where its links lead.
    pub(crate) fn stat(&self, path: &str, view: View) -> Result<Option<Ino>, Errno> {
        self.stat_at(path, true, view)
    }

    fn stat_at(&self, path: &str, follows: bool, view: View) -> Result<Option<Ino>, Errno> {
        match self.walk(path, follows, view) {
            Ok(Found::Inode(ino)) if matches!(self.inode(ino).body, Body::Unknown) => Err(Errno::Unknown),
            Ok(Found::Inode(ino)) => Ok(Some(ino)),
            Ok(Found::Missing(_)) | Err(Errno::Missing) => Ok(None),
            Err(errno) => Err(errno),
        }
    }

    /// The path that Ignition uses for a path of the config: every component but the last is replaced if it is a link, once.
    pub(crate) fn join<'p>(&self, path: &'p str) -> Result<Cow<'p, str>, Errno> {
        let Some((before, last)) = path.rsplit_once('/') else { return Ok(joined("/", path)) };
        let mut real = String::with_capacity(path.len() + 1);
        real.push('/');
        let mut changed = false;
        // Where nothing is, nothing below is a link.
        let mut place = Some(ROOT);
        for name in components(before) {
            self.spend()?;
            push(&mut real, name);
            place = match place {
                Some(here) if name != ".." && self.directory(here).is_some() => self.child(here, name)?,
                None if name != ".." => None,
                _ => self.lstat(&real)?,
            };
            let Some(Body::Link(target)) = place.map(|ino| &self.inode(ino).body) else { continue };
            real = joined(parent_of(&real), target).into_owned();
            place = self.lstat(&real)?;
            changed = true;
        }
        let whole = joined(&real, last);
        Ok(if !changed && whole == path { Cow::Borrowed(path) } else { Cow::Owned(whole.into_owned()) })
    }

    /// The first part of the path that is there and not a directory.
    pub(crate) fn obstacle(&self, path: &str, view: View) -> String {
        let ends = path.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at).skip(1).chain([path.len()]);
        let mut prefixes = ends.filter_map(|end| path.get(..end));
        let is_obstacle = |prefix: &&str| match self.walk(prefix, true, view) {
            Ok(Found::Inode(ino)) => !self.inode(ino).is_directory(),
            Ok(Found::Missing(_)) => self.lstat(prefix).is_ok_and(|found| found.is_some()),
            Err(_) => true,
        };
        prefixes.find(is_obstacle).unwrap_or(path).to_owned()
    }
}

/// The way to the root, with room for what most paths go on.
fn trail() -> Vec<Ino> {
    let mut trail = Vec::with_capacity(12);
    trail.push(ROOT);
    trail
}

/// The names of a path. What stays where it is is left out.
pub(super) fn components(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|part| !matches!(*part, "" | "."))
}

/// Goes on from a simplified path.
fn push(path: &mut String, name: &str) {
    if name == ".." {
        path.truncate(parent_of(path).len());
        return;
    }
    if path != "/" {
        path.push('/');
    }
    path.push_str(name);
}

/// Two paths joined and simplified; an absolute second one stands alone.
fn joined<'p>(base: &str, path: &'p str) -> Cow<'p, str> {
    if path.starts_with('/') {
        return clean(path);
    }
    Cow::Owned(clean(&format!("{base}/{path}")).into_owned())
}

/// The directory of a simplified absolute path.
pub(crate) fn parent_of(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((parent, _)) => parent,
    }
}
