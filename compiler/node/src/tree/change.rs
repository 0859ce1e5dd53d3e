//! What a process can do to the tree. Every operation fails as the kernel or Go's standard library would.
//!
//! Owns: making, replacing, removing, and whom the result belongs to. Must not: decide who may do what, but for [`Tree::make_directories_as`].

use std::borrow::Cow;

use super::walk::{Errno, Found, View, components, parent_of};
use super::{Body, Directory, Ino, Inode, ROOT, SET_GROUP_ID, Tree};
use crate::item::Item;

/// Who does something: the ids that decide about permission and own what is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    pub(crate) user: u32,
    pub(crate) group: u32,
}

impl<'c> Tree<'c> {
    /// Makes a directory and those above it that are missing, as root; gives the directory that the path leads to.
    pub(crate) fn make_directories(&mut self, path: &str, view: View, from: Option<Item>) -> Result<Ino, Errno> {
        let mut here = ROOT;
        let mut end = 0;
        for name in components(path) {
            self.spend()?;
            end = path[end..].find(name).map_or(path.len(), |at| end + at + name.len());
            let Some(next) = self.child(here, name)? else {
                here = self.put(here, name, Inode { from, ..Inode::directory(0o755) })?;
                continue;
            };
            here = match &self.inode(next).body {
                Body::Directory(_) => next,
                Body::Unknown => return Err(Errno::Unknown),
                Body::File(_) => return Err(Errno::NotADirectory),
                Body::Link(_) => match self.walk(&path[..end], true, view) {
                    Ok(Found::Inode(ino)) if self.inode(ino).is_directory() => ino,
                    Ok(Found::Inode(_)) => return Err(Errno::NotADirectory),
                    // A link to nothing is in the way of the directory.
                    Ok(Found::Missing(_)) | Err(Errno::Missing | Errno::Loop) => return Err(Errno::Exists),
                    Err(errno) => return Err(errno),
                },
            };
        }
        Ok(here)
    }

    /// Puts something new into a directory under a name that is free. It gets the directory's group if the directory hands it down.
    pub(crate) fn put(&mut self, directory: Ino, name: &str, mut inode: Inode<'c>) -> Result<Ino, Errno> {
        let parent = &self.inodes[directory];
        if parent.mode & SET_GROUP_ID != 0 {
            inode.group = parent.group;
            if inode.is_directory() {
                inode.mode |= SET_GROUP_ID;
            }
        }
        let ino = self.inodes.len();
        self.enter(directory, name, ino)?;
        self.inodes.push(inode);
        Ok(ino)
    }

    /// Gives something a name in a directory, in the place of what has it.
    pub(crate) fn enter(&mut self, directory: Ino, name: &str, ino: Ino) -> Result<(), Errno> {
        self.child(directory, name)?;
        let entries = self.writable(directory)?;
        entries.entries.insert(Cow::Owned(name.to_owned()), ino);
        Ok(())
    }

    fn writable(&mut self, directory: Ino) -> Result<&mut Directory<'c>, Errno> {
        match &mut self.inodes[directory].body {
            Body::Directory(Directory { is_read_only: true, .. }) => Err(Errno::ReadOnly),
            Body::Directory(directory) => Ok(directory),
            Body::Unknown => Err(Errno::Unknown),
            _ => Err(Errno::NotADirectory),
        }
    }

    /// Where a new file of that path belongs: the directories above it are made.
    pub(crate) fn place<'p>(&mut self, path: &'p str, view: View, from: Option<Item>) -> Result<(Ino, &'p str), Errno> {
        let name = path.rsplit('/').next().unwrap_or_default();
        Ok((self.make_directories(parent_of(path), view, from)?, name))
    }

    /// Writes a file beside the path and renames it, as Ignition does with whatever it fetches.
    pub(crate) fn replace(&mut self, path: &str, file: Inode<'c>, view: View) -> Result<Ino, Errno> {
        let from = file.from;
        let (directory, name) = self.place(path, view, from)?;
        match self.child(directory, name)? {
            Some(there) if self.inode(there).is_directory() => Err(Errno::Exists),
            _ => self.put(directory, name, file),
        }
    }

    /// Removes what is at the path with everything below it; that nothing is there is fine.
    pub(crate) fn remove(&mut self, path: &str) -> Result<(), Errno> {
        let parent = match self.stat(parent_of(path), View::Initramfs)? {
            Some(parent) if path != "/" => parent,
            Some(_) => return Err(Errno::Busy),
            None => return Ok(()),
        };
        let name = path.rsplit('/').next().unwrap_or_default();
        let Some(ino) = self.child(parent, name)? else { return Ok(()) };
        if self.is_held(ino) {
            return Err(Errno::Busy);
        }
        self.writable(parent)?.entries.remove(name);
        Ok(())
    }

    /// Whether something is mounted at or below a place.
    fn is_held(&self, ino: Ino) -> bool {
        let mut rest = vec![ino];
        while let Some(ino) = rest.pop() {
            let Body::Directory(directory) = &self.inode(ino).body else { continue };
            if directory.is_mounted || directory.is_read_only {
                return true;
            }
            rest.extend(directory.entries.values());
        }
        false
    }

    /// Moves a directory, as `rename` does.
    pub(crate) fn rename(&mut self, from: &str, to: &str) -> Result<Ino, Errno> {
        let Found::Inode(ino) = self.walk(from, false, View::Node)? else { return Err(Errno::Missing) };
        if to.strip_prefix(from).is_some_and(|rest| rest.starts_with('/')) {
            return Err(Errno::Invalid);
        }
        if self.is_held(ino) {
            return Err(Errno::Busy);
        }
        let parent = |tree: &Self, path: &str| match tree.walk(parent_of(path), true, View::Node)? {
            Found::Inode(parent) => Ok(parent),
            Found::Missing(_) => Err(Errno::Missing),
        };
        let (old, new) = (parent(self, from)?, parent(self, to)?);
        let name = to.rsplit('/').next().unwrap_or_default();
        if self.child(new, name)?.is_some() {
            return Err(Errno::Exists);
        }
        self.enter(new, name, ino)?;
        self.writable(old)?.entries.remove(from.rsplit('/').next().unwrap_or_default());
        Ok(ino)
    }

    /// Gives everything below a place that belongs to an id to another one, as `usermod` does with a home.
    pub(crate) fn hand_over(&mut self, ino: Ino, user: (Option<u32>, Option<u32>), group: (Option<u32>, Option<u32>)) {
        let mut rest = vec![ino];
        while let Some(ino) = rest.pop() {
            let inode = &mut self.inodes[ino];
            if inode.user == user.0 {
                inode.user = user.1;
            }
            if inode.group == group.0 {
                inode.group = group.1;
            }
            if let Body::Directory(directory) = &inode.body {
                rest.extend(directory.entries.values());
            }
        }
    }

    /// Makes a directory and those above it as somebody else than root, who may not be allowed to.
    pub(crate) fn make_directories_as(&mut self, path: &str, who: Who, from: Option<Item>) -> Result<(), Errno> {
        let mut end = 0;
        for name in components(path) {
            self.spend()?;
            end = path[end..].find(name).map_or(path.len(), |at| end + at + name.len());
            let prefix = &path[..end];
            let parent = match self.walk(parent_of(prefix), true, View::Initramfs)? {
                Found::Inode(parent) => parent,
                Found::Missing(_) => return Err(Errno::Missing),
            };
            self.check(parent, who, 1)?;
            if self.child(parent, name)?.is_some() {
                continue;
            }
            self.check(parent, who, 2)?;
            let made = Inode { user: Some(who.user), group: Some(who.group), from, ..Inode::directory(0o700) };
            self.put(parent, name, made)?;
        }
        Ok(())
    }

    /// Whether somebody may search (1), write (2) or read (4) here.
    pub(crate) fn check(&self, ino: Ino, who: Who, right: u32) -> Result<(), Errno> {
        let inode = self.inode(ino);
        let (Some(user), Some(group)) = (inode.user, inode.group) else { return Err(Errno::Unknown) };
        let shift = if user == who.user {
            6
        } else if group == who.group {
            3
        } else {
            0
        };
        if who.user == 0 || inode.mode >> shift & right == right { Ok(()) } else { Err(Errno::Denied) }
    }
}
