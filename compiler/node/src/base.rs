//! What a node has before the config is applied: users, groups, files, and the settings of the programs that make users.
//!
//! Owns: the type and its table format, which is plain text so that a new fact is a new line. Must not: know which table is used when.

use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::accounts::{Accounts, Group, User};
use crate::disks::{Disk, Disks};
use crate::settings::Settings;
use crate::tree::{Body, Errno, Ino, Inode, Tree, View};

/// The system that a config is applied to.
#[derive(Clone, Debug)]
pub struct Base {
    /// What the table says of the root, which all systems made from it share.
    root: Arc<Root>,
    disks: Disks,
    /// The version of Ignition; `None` if it is not known.
    ignition: Option<(u32, u32)>,
    /// The release line; `None` if it is not known.
    line: Option<u32>,
    /// Whether the image may have more or other users and files than are known.
    is_guess: bool,
}

/// The root file system and who is known there.
#[derive(Debug)]
pub(crate) struct Root {
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) tree: Tree<'static>,
    pub(crate) settings: Settings,
    /// Directories over which something is mounted when the node boots.
    covered: Vec<String>,
    sources: Vec<String>,
    /// The release lines that the facts are of.
    lines: Option<(u32, u32)>,
}

/// A line that is not one of a base system's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotABase {
    /// The number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: &'static str,
}

impl fmt::Display for NotABase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for NotABase {}

/// What Flatcar has. Another kind of fact has a file of its own beside it.
const FLATCAR: [&str; 2] =
    [include_str!("../../../facts/flatcar-root.txt"), include_str!("../../../facts/flatcar-root-disk.txt")];

impl Base {
    /// A Flatcar node of a release line with a version of Ignition, as far as they are known.
    pub fn flatcar(line: Option<u32>, ignition: Option<(u32, u32)>) -> Self {
        static TABLE: LazyLock<Base> =
            LazyLock::new(|| Base::read(&FLATCAR.concat()).expect("invariant: a test reads the table"));
        let base = TABLE.clone();
        // Where nobody says which line it is, what all of the table have counts.
        let is_guess = line.is_some_and(|line| !base.covers(line));
        Self { is_guess, ignition, line, ..base }
    }

    /// Reads a table. Its lines begin with a word:
    ///
    /// - `source`: where the facts come from, with the day; `lines FIRST LAST`: the release lines that they are of.
    /// - `user`, `group`: a line of `/etc/passwd` or `/etc/group`; `image-user`, `image-group`: one that only name lookup finds.
    /// - `setting NAME VALUE`: of `login.defs`, or `GROUP`, `HOME`, `SHELL` of `/etc/default/useradd`; `NAMES relaxed` if any characters but a few may be in names.
    /// - `covered PATH`: a directory over which something is mounted when the node boots; `partition DEVICE NUMBER LABEL`: a partition of a disk.
    /// - `directory PATH [MODE [UID GID]] [open] [read-only] [mounted]`, `file PATH [MODE [UID GID]]`, `link PATH TARGET`.
    ///
    /// # Errors
    /// The first line that is not one of these.
    pub fn read(table: &str) -> Result<Self, NotABase> {
        let mut root = Root {
            accounts: Arc::default(),
            tree: Tree::new(),
            settings: Settings::default(),
            covered: Vec::new(),
            sources: Vec::new(),
            lines: None,
        };
        let mut disks = Disks::default();
        let mut read_only = Vec::new();
        for (index, line) in table.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            root.line(word, rest.trim(), &mut disks, &mut read_only)
                .map_err(|why| NotABase { line: index + 1, why })?;
        }
        for ino in read_only {
            if let Body::Directory(directory) = &mut root.tree.inode_mut(ino).body {
                directory.is_read_only = true;
            }
        }
        Ok(Self { root: Arc::new(root), disks, ignition: None, line: None, is_guess: false })
    }

    /// The same system with another version of Ignition; `None` if it is not known.
    #[must_use]
    pub fn with_ignition(self, version: Option<(u32, u32)>) -> Self {
        Self { ignition: version, ..self }
    }

    /// The same system, of which the image may have more or other users and files than are known.
    #[must_use]
    pub fn as_guess(self) -> Self {
        Self { is_guess: true, ..self }
    }

    /// The same system, of which something is known about a disk.
    #[must_use]
    pub fn with_disk(mut self, device: impl Into<String>, disk: Disk) -> Self {
        self.disks.add(device, disk);
        self
    }

    pub(crate) fn disks(&self) -> &Disks {
        &self.disks
    }

    pub(crate) fn root(&self) -> &Root {
        &self.root
    }

    pub(crate) fn covered(&self) -> &[String] {
        &self.root.covered
    }

    /// Where the facts come from.
    pub fn sources(&self) -> &[String] {
        &self.root.sources
    }

    /// Whether the facts are of this release line.
    pub fn covers(&self, line: u32) -> bool {
        self.root.lines.is_some_and(|(first, last)| (first..=last).contains(&line))
    }

    /// The version of Ignition.
    pub fn ignition(&self) -> Option<(u32, u32)> {
        self.ignition
    }

    pub(crate) fn line(&self) -> Option<u32> {
        self.line
    }

    /// Whether the image may have more or other users and files than are known.
    pub fn is_guess(&self) -> bool {
        self.is_guess
    }

    /// Whether the image may have users and groups that are not known: also where nobody says which release it is.
    pub(crate) fn may_have_more(&self) -> bool {
        self.is_guess || self.line.is_none()
    }
}

impl Root {
    /// Reads a line; directories that are read-only become so when all is read.
    fn line(
        &mut self,
        word: &str,
        rest: &str,
        disks: &mut Disks,
        read_only: &mut Vec<Ino>,
    ) -> Result<(), &'static str> {
        match word {
            "source" => self.sources.push(rest.to_owned()),
            "lines" => {
                let (first, last) = rest.split_once(' ').ok_or("two release lines are given")?;
                let number = |text: &str| text.parse().map_err(|_| "not the number of a release line");
                self.lines = Some((number(first)?, number(last)?));
            }
            "covered" => self.covered.push(rest.to_owned()),
            "partition" => {
                let words: Vec<&str> = rest.split_whitespace().collect();
                let [device, number, label] = words[..] else {
                    return Err("a partition has a device, a number and a label");
                };
                let number = number.parse().map_err(|_| "not the number of a partition")?;
                disks.add_partition(device, number, label);
            }
            "user" | "image-user" => {
                let user = User::read(rest, word == "user").ok_or("not a line of passwd")?;
                Arc::make_mut(&mut self.accounts).add_user(user);
            }
            "group" | "image-group" => {
                let group = Group::read(rest, word == "group").ok_or("not a line of group")?;
                Arc::make_mut(&mut self.accounts).add_group(group);
            }
            "setting" => {
                let (name, value) = rest.split_once(' ').ok_or("a setting has a name and a value")?;
                self.settings.insert(name, value.trim());
            }
            "directory" | "file" | "link" => {
                let (ino, is_read_only) = self.node(word, rest)?;
                read_only.extend(is_read_only.then_some(ino));
            }
            _ => return Err("no such kind of line"),
        }
        Ok(())
    }

    fn node(&mut self, word: &str, rest: &str) -> Result<(Ino, bool), &'static str> {
        let mut words = rest.split_whitespace();
        let path = words.next().filter(|path| path.starts_with('/')).ok_or("an absolute path is missing")?;
        if word == "link" {
            let target = words.next().ok_or("the target is missing")?;
            let link = Inode::new(Body::Link(target.to_owned().into()), 0o777);
            return Ok((self.put(path, link)?, false));
        }
        let mut numbers = Vec::new();
        let mut flags = Vec::new();
        for word in words {
            if word.starts_with(|c: char| c.is_ascii_digit()) { numbers.push(word) } else { flags.push(word) }
        }
        let (mode, ids) = numbers.split_first().unwrap_or((&"", &[]));
        let id = |at: usize| ids.get(at).map_or(Ok(0), |id| id.parse()).map_err(|_| "not a number of a user or group");
        let is_directory = word == "directory";
        let default = if is_directory { 0o755 } else { 0o644 };
        let mode = if mode.is_empty() { Ok(default) } else { u32::from_str_radix(mode, 8) };
        let mode = mode.map_err(|_| "not an octal mode")?;
        let mut inode = if is_directory {
            Inode::directory(mode)
        } else {
            Inode::new(Body::File(crate::contents::Contents::unknown()), mode)
        };
        (inode.user, inode.group) = (Some(id(0)?), Some(id(1)?));
        let mut is_read_only = false;
        if let Body::Directory(directory) = &mut inode.body {
            for flag in flags {
                match flag {
                    "open" => directory.is_open = true,
                    "read-only" => is_read_only = true,
                    "mounted" => directory.is_mounted = true,
                    _ => return Err("a directory may be `open`, `read-only` and `mounted`"),
                }
            }
        }
        Ok((self.put(path, inode)?, is_read_only))
    }

    fn put(&mut self, path: &str, inode: Inode<'static>) -> Result<Ino, &'static str> {
        let put = || -> Result<Ino, Errno> {
            let (directory, name) = self.tree.place(path, View::Node, None)?;
            let (mode, group) = (inode.mode, inode.group);
            let made = self.tree.put(directory, name, inode)?;
            // The table says all; nothing is inherited.
            (self.tree.inode_mut(made).mode, self.tree.inode_mut(made).group) = (mode, group);
            Ok(made)
        };
        put().map_err(|_| "a path that nothing can have")
    }
}
