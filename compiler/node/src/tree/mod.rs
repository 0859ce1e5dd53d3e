//! A node's files in memory: directories, files, links, and places of which nothing is known.
//!
//! Owns: the shape, and how the kernel walks a path ([`walk`]) and changes the tree ([`change`]). Must not: know a config or an account.

mod change;
mod entries;
mod walk;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use change::Who;
pub use entries::{Entry, Kind};
pub(crate) use walk::{Errno, Found, View, parent_of};

use crate::contents::Contents;
use crate::item::Item;

/// What applying one config may cost, in components of paths that are looked up. A config of 10,000 files costs about 300,000.
const MOST_STEPS: u64 = 100_000_000;

/// The most files, directories and links.
const MOST_INODES: usize = 3_000_000;

/// The bounds in words.
pub(crate) fn bounds() -> String {
    format!("{MOST_INODES} files, directories and links, {MOST_STEPS} parts of paths")
}

/// The mode bit that hands a directory's group to what is made in it.
pub(crate) const SET_GROUP_ID: u32 = 0o2000;

/// An index into [`Tree::inodes`].
pub(crate) type Ino = usize;

/// Where every walk begins.
pub(crate) const ROOT: Ino = 0;

/// A node's files.
#[derive(Clone, Debug)]
pub struct Tree<'c> {
    inodes: Vec<Inode<'c>>,
    steps: Steps,
}

/// How much was looked up in a tree, also by those who only look. A tree that is changed has one thread, so nothing is lost by adding in two steps.
#[derive(Debug, Default)]
struct Steps(AtomicU64);

impl Steps {
    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self) {
        self.0.store(self.count() + 1, Ordering::Relaxed);
    }
}

impl Clone for Steps {
    fn clone(&self) -> Self {
        Self(AtomicU64::new(self.count()))
    }
}

/// One file, directory or link, whatever its names are.
#[derive(Clone, Debug)]
pub(crate) struct Inode<'c> {
    pub(crate) body: Body<'c>,
    pub(crate) mode: u32,
    /// The owner; `None` where it depends on what failed before.
    pub(crate) user: Option<u32>,
    pub(crate) group: Option<u32>,
    /// The part of the config that made it.
    pub(crate) from: Option<Item>,
}

#[derive(Clone, Debug)]
pub(crate) enum Body<'c> {
    Directory(Directory<'c>),
    File(Contents<'c>),
    Link(Cow<'c, str>),
    /// Something that may be anything, as the step that would make it fails.
    Unknown,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Directory<'c> {
    pub(crate) entries: BTreeMap<Cow<'c, str>, Ino>,
    /// Whether there may be more entries than are known.
    pub(crate) is_open: bool,
    pub(crate) is_read_only: bool,
    /// Whether something is mounted here, so that it cannot be removed.
    pub(crate) is_mounted: bool,
}

impl<'c> Tree<'c> {
    /// An empty directory of root's.
    pub(crate) fn new() -> Self {
        Self { inodes: vec![Inode::directory(0o755)], steps: Steps::default() }
    }

    pub(crate) fn inode(&self, ino: Ino) -> &Inode<'c> {
        &self.inodes[ino]
    }

    pub(crate) fn inode_mut(&mut self, ino: Ino) -> &mut Inode<'c> {
        &mut self.inodes[ino]
    }

    /// Whether so much was looked up that nobody should wait for the rest.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.steps.count() > MOST_STEPS || self.inodes.len() > MOST_INODES
    }

    fn spend(&self) -> Result<(), Errno> {
        self.steps.add();
        if self.is_exhausted() { Err(Errno::TooMuch) } else { Ok(()) }
    }

    pub(crate) fn directory(&self, ino: Ino) -> Option<&Directory<'c>> {
        match &self.inodes[ino].body {
            Body::Directory(directory) => Some(directory),
            _ => None,
        }
    }
}

impl<'c> Inode<'c> {
    /// Something of root's.
    pub(crate) fn new(body: Body<'c>, mode: u32) -> Self {
        Self { body, mode, user: Some(0), group: Some(0), from: None }
    }

    pub(crate) fn directory(mode: u32) -> Self {
        Self::new(Body::Directory(Directory::default()), mode)
    }

    pub(crate) fn is_directory(&self) -> bool {
        matches!(self.body, Body::Directory(_))
    }
}
