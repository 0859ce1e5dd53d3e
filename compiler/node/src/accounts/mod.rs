//! Users and groups, and what the programs of shadow do to them.
//!
//! Owns: lookups – some in `/etc` alone, some in the image too –, free numbers ([`ids`]), and `useradd`, `usermod`, `userdel` ([`users`]), `groupadd`, `groupmod`,
//! `groupdel` ([`groups`]) as far as they need no file. Must not: know a config.

mod groups;
mod ids;
mod names;
mod users;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub(crate) use groups::GroupRefused;
pub(crate) use names::{is_good_group_name, is_good_user_name};
pub(crate) use users::{Change, UserRefused};

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// The number; `None` if it depends on what fails.
    pub uid: Option<u32>,
    /// The number of the primary group.
    pub gid: Option<u32>,
    /// The comment.
    pub comment: String,
    /// The home directory.
    pub home: String,
    /// The login shell.
    pub shell: String,
    /// Whether `/etc/passwd` has the user; all others are found by name lookup only.
    pub is_local: bool,
    /// Whether the number is one that the program chose.
    pub is_allocated: bool,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The name.
    pub name: String,
    /// The number; `None` if it depends on what fails.
    pub gid: Option<u32>,
    /// Users that have it as a further group.
    pub members: Vec<String>,
    /// Whether `/etc/group` has the group; all others are found by name lookup only.
    pub is_local: bool,
    /// Whether the number is one that the program chose.
    pub is_allocated: bool,
}

/// The users and groups of a node, in the order of the files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accounts {
    pub(crate) users: Table<User>,
    pub(crate) groups: Table<Group>,
}

/// Users or groups, found by name and by number.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    rows: Vec<Option<T>>,
    by_name: BTreeMap<String, usize>,
    by_id: BTreeMap<u32, BTreeSet<usize>>,
    /// Names whose entries fail: what they would be is not known.
    open: BTreeSet<String>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_name: BTreeMap::new(), by_id: BTreeMap::new(), open: BTreeSet::new() }
    }
}

pub(crate) trait Row {
    fn name(&self) -> &str;
    fn id(&self) -> Option<u32>;
    fn is_local(&self) -> bool;
}

impl Row for User {
    fn name(&self) -> &str {
        &self.name
    }
    fn id(&self) -> Option<u32> {
        self.uid
    }
    fn is_local(&self) -> bool {
        self.is_local
    }
}

impl Row for Group {
    fn name(&self) -> &str {
        &self.name
    }
    fn id(&self) -> Option<u32> {
        self.gid
    }
    fn is_local(&self) -> bool {
        self.is_local
    }
}

impl<T: Row> Table<T> {
    /// The row of that name; one of `/etc` comes first.
    pub(crate) fn named(&self, name: &str) -> Option<&T> {
        self.by_name.get(name).and_then(|at| self.rows[*at].as_ref())
    }

    pub(crate) fn local(&self, name: &str) -> Option<&T> {
        self.named(name).filter(|row| row.is_local())
    }

    /// The row of that number; one of `/etc` comes first.
    pub(crate) fn numbered(&self, id: u32) -> Option<&T> {
        let rows = || self.by_id.get(&id).into_iter().flatten().filter_map(|at| self.rows[*at].as_ref());
        rows().find(|row| row.is_local()).or_else(|| rows().next())
    }

    /// All rows in the order of the files.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().flatten()
    }

    /// The numbers in use.
    fn ids(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.by_id.iter().filter(|(_, rows)| !rows.is_empty()).map(|(id, _)| *id)
    }

    /// Whether an entry of that name fails.
    pub(crate) fn is_open(&self, name: &str) -> bool {
        self.open.contains(name)
    }

    /// Says that an entry of that name fails.
    pub(crate) fn leave_open(&mut self, name: &str) {
        self.open.insert(name.to_owned());
    }

    fn add(&mut self, row: T) {
        let at = self.rows.len();
        let hides = |other: &usize| self.rows[*other].as_ref().is_some_and(|other| other.is_local() || !row.is_local());
        if !self.by_name.get(row.name()).is_some_and(hides) {
            self.by_name.insert(row.name().to_owned(), at);
        }
        if let Some(id) = row.id() {
            self.by_id.entry(id).or_default().insert(at);
        }
        self.rows.push(Some(row));
    }

    /// Changes a row of `/etc`.
    fn update(&mut self, name: &str, change: impl FnOnce(&mut T)) {
        let Some(at) = self.by_name.get(name).copied() else { return };
        let Some(row) = &mut self.rows[at] else { return };
        let old = row.id();
        change(row);
        let new = row.id();
        if old != new {
            old.and_then(|old| self.by_id.get_mut(&old)).map(|rows| rows.remove(&at));
            new.map(|new| self.by_id.entry(new).or_default().insert(at));
        }
    }

    /// Removes a row of `/etc`; one of the image with that name comes back to light.
    fn remove(&mut self, name: &str) {
        let Some(at) = self.by_name.remove(name) else { return };
        if let Some(row) = self.rows[at].take() {
            row.id().and_then(|id| self.by_id.get_mut(&id)).map(|rows| rows.remove(&at));
        }
        let hidden = self.rows.iter().position(|row| row.as_ref().is_some_and(|row| row.name() == name));
        hidden.map(|at| self.by_name.insert(name.to_owned(), at));
    }
}

impl Accounts {
    pub(crate) fn add_user(&mut self, user: User) {
        self.users.add(user);
    }

    pub(crate) fn add_group(&mut self, group: Group) {
        self.groups.add(group);
    }
}

impl User {
    /// Reads a line of `passwd`.
    pub(crate) fn read(line: &str, is_local: bool) -> Option<Self> {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, _, uid, gid, comment, home, shell] = fields[..] else { return None };
        Some(Self {
            name: name.to_owned(),
            uid: Some(uid.parse().ok()?),
            gid: Some(gid.parse().ok()?),
            comment: comment.to_owned(),
            home: home.to_owned(),
            shell: shell.to_owned(),
            is_local,
            is_allocated: false,
        })
    }
}

impl Group {
    /// Reads a line of `group`; the list of members may be missing, as in Flatcar's line of root, and the number may be `?`.
    pub(crate) fn read(line: &str, is_local: bool) -> Option<Self> {
        let fields: Vec<&str> = line.split(':').collect();
        let (name, gid, members) = match fields[..] {
            [name, _, gid, members] => (name, gid, members),
            [name, _, gid] => (name, gid, ""),
            _ => return None,
        };
        let members = members.split(',').filter(|member| !member.is_empty()).map(str::to_owned).collect();
        let gid = if gid == "?" { None } else { Some(gid.parse().ok()?) };
        Some(Self { name: name.to_owned(), gid, members, is_local, is_allocated: false })
    }
}

fn number(id: Option<u32>) -> String {
    id.map_or_else(|| "?".to_owned(), |id| id.to_string())
}

/// The line of `/etc/passwd`.
impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, comment, home, shell, .. } = self;
        write!(f, "{name}:x:{}:{}:{comment}:{home}:{shell}", number(self.uid), number(self.gid))
    }
}

/// The line of `/etc/group`.
impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:x:{}:{}", self.name, number(self.gid), self.members.join(","))
    }
}
