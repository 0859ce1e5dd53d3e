//! The tree as a list: what stands at which path.
//!
//! Owns: the order (by path, a directory before what is in it). Must not: look anything up.

use super::{Body, Directory, ROOT, Tree};
use crate::contents::Contents;
use crate::item::Item;

/// What stands at a path.
#[derive(Clone, Debug)]
pub struct Entry<'t, 'c> {
    /// The absolute path.
    pub path: String,
    /// What it is.
    pub kind: Kind<'t, 'c>,
    /// The permission bits.
    pub mode: u32,
    /// The owner's number; `None` where a step that fails decides it.
    pub user: Option<u32>,
    /// The owning group's number.
    pub group: Option<u32>,
    /// The part of the config that made it; none if it was there before.
    pub from: Option<Item>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'t, 'c> {
    /// A directory; it may have more in it than is known if it is `open`.
    Directory {
        /// Whether there may be more in it.
        open: bool,
    },
    /// A file.
    File(&'t Contents<'c>),
    /// A symbolic link.
    Link(&'t str),
    /// Unknown, as the step that would make it fails.
    Unknown,
}

impl<'c> Tree<'c> {
    /// Everything below the root, in the order of the paths' names.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_, 'c>> {
        let mut rest = Vec::new();
        if let Some(root) = self.directory(ROOT) {
            push(&mut rest, "", root);
        }
        std::iter::from_fn(move || {
            let (path, ino) = rest.pop()?;
            let inode = self.inode(ino);
            let kind = match &inode.body {
                Body::Directory(directory) => {
                    push(&mut rest, &path, directory);
                    Kind::Directory { open: directory.is_open }
                }
                Body::File(contents) => Kind::File(contents),
                Body::Link(target) => Kind::Link(target),
                Body::Unknown => Kind::Unknown,
            };
            let (mode, user, group, from) = (inode.mode, inode.user, inode.group, inode.from);
            Some(Entry { path, kind, mode, user, group, from })
        })
    }
}

fn push(rest: &mut Vec<(String, usize)>, path: &str, directory: &Directory<'_>) {
    rest.extend(directory.entries.iter().rev().map(|(name, ino)| (format!("{path}/{name}"), *ino)));
}
