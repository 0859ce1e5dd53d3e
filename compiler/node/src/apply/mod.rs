//! The stages of Ignition, in their order: disks, mounts, groups, users with their keys, directories with files and links, units.
//!
//! Owns: the order, and that a failure does not hide those that have nothing to do with it. Must not: validate a config (that comes before) or fetch anything.

mod brought;
mod disks;
mod exposed;
mod files;
mod homes;
mod mounts;
mod nodes;
mod passwd;
mod units;

use std::collections::BTreeMap;
use std::sync::Arc;

use flatwright_diagnostic::Path;
use flatwright_ignition::ignition3::{Config, PasswdUser, Resource, Version};

use crate::accounts::{Accounts, Group, User};
use crate::base::Base;
use crate::contents::MOST_BYTES;
use crate::failure::Failure;
use crate::item::Item;
use crate::rule::FirstBoot;
use crate::tree::{Errno, Tree};

pub use units::Unit;

/// So many failures are kept; whoever mends them sees the next ones.
const MOST_FAILURES: usize = 1_000;

/// So many users and groups, or disks and file systems, are held against each other.
const MOST_COMPARED: usize = 10_000;

/// A node after a config was applied to it.
#[derive(Clone, Debug)]
pub struct Node<'c> {
    /// The files.
    pub tree: Tree<'c>,
    /// What the config makes of units, by name.
    pub units: BTreeMap<String, Unit>,
    accounts: Arc<Accounts>,
    failures: Vec<Failure>,
}

impl Node<'_> {
    /// The steps that fail, the first one first; later ones are those that do not depend on it.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// The same, without the node.
    pub fn into_failures(self) -> Vec<Failure> {
        self.failures
    }

    /// The users, in the order of `/etc/passwd`, then those of the image.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        let local = self.accounts.users.iter().filter(|user| user.is_local);
        local.chain(self.accounts.users.iter().filter(|user| !user.is_local))
    }

    /// The groups, in the order of `/etc/group`, then those of the image.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        let local = self.accounts.groups.iter().filter(|group| group.is_local);
        local.chain(self.accounts.groups.iter().filter(|group| !group.is_local))
    }

    /// The name of the user with a number.
    pub fn user_name(&self, uid: u32) -> Option<&str> {
        self.accounts.users.numbered(uid).map(|user| &*user.name)
    }

    /// The name of the group with a number.
    pub fn group_name(&self, gid: u32) -> Option<&str> {
        self.accounts.groups.numbered(gid).map(|group| &*group.name)
    }
}

/// What a node has before anything is applied.
pub fn before(base: &Base) -> Node<'static> {
    Node {
        tree: base.root().tree.clone(),
        units: BTreeMap::new(),
        accounts: base.root().accounts.clone(),
        failures: Vec::new(),
    }
}

/// Applies a valid config of a version to a base system. Configs that it merges from elsewhere may add what is missing here, and one that replaces it leaves
/// nothing of it.
pub fn apply<'c>(config: &'c Config, version: Version, base: &Base) -> Node<'c> {
    let is_set = |resource: &Resource| resource.source.as_ref().is_some_and(|source| !source.is_empty());
    let others = &config.ignition.config;
    let mut run = Run {
        config,
        version,
        base,
        is_partial: others.merge.iter().any(is_set),
        tree: base.root().tree.clone(),
        accounts: base.root().accounts.clone(),
        units: BTreeMap::new(),
        failures: Vec::new(),
        room: MOST_BYTES,
        decompressed: BTreeMap::new(),
        made_for_mounts: Vec::new(),
        places: Vec::new(),
    };
    if !is_set(&others.replace) && !run.has_too_many() {
        run.merged();
        run.disks();
        run.mounts();
        run.groups();
        run.users();
        run.nodes();
        run.systemd();
        run.hidden();
        run.below_extensions();
        run.brought();
        run.exposed();
    }
    Node { tree: run.tree, units: run.units, accounts: run.accounts, failures: run.failures }
}

/// The state between two steps.
struct Run<'c, 'b> {
    config: &'c Config,
    version: Version,
    base: &'b Base,
    /// Whether other configs are merged that nobody has here.
    is_partial: bool,
    tree: Tree<'c>,
    accounts: Arc<Accounts>,
    units: BTreeMap<String, Unit>,
    failures: Vec<Failure>,
    /// How many bytes may still be decompressed.
    room: usize,
    /// Small contents that were compressed, by the address of their source.
    decompressed: BTreeMap<usize, Vec<u8>>,
    /// Directories that were made for mount points.
    made_for_mounts: Vec<String>,
    /// Where the files, directories and links of the config are.
    places: Vec<(Item, String)>,
}

/// A failure under construction.
struct Fault(Box<Details>);

/// Which value of the item is at fault, and what to type.
struct Details {
    rule: FirstBoot,
    field: Path,
    place: Option<String>,
    is_likely: bool,
    hints: Vec<String>,
    names: Option<(String, Vec<String>)>,
}

impl Fault {
    fn new(rule: FirstBoot) -> Self {
        let field = Path::root();
        Self(Box::new(Details { rule, field, place: None, is_likely: false, hints: Vec::new(), names: None }))
    }

    /// At a value of the item, as `contents.source`.
    fn at(mut self, field: &str) -> Self {
        self.0.field = Path::parse(field);
        self
    }

    /// Where links lead the item to.
    fn in_place(mut self, place: &str) -> Self {
        self.0.place = Some(place.to_owned());
        self
    }

    fn likely(mut self, is_likely: bool) -> Self {
        self.0.is_likely = is_likely;
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    fn names(mut self, written: &str, names: Vec<String>) -> Self {
        self.0.names = Some((written.to_owned(), names));
        self
    }
}

impl Run<'_, '_> {
    /// The accounts, to be changed: until then they are those of the base system.
    fn accounts_mut(&mut self) -> &mut Accounts {
        Arc::make_mut(&mut self.accounts)
    }

    /// Whether there are more users or devices than anybody should wait for, as each is held against all others.
    fn has_too_many(&mut self) -> bool {
        let Config { passwd, storage, .. } = self.config;
        let members = |groups: usize, user: &PasswdUser| groups + user.groups.len();
        let accounts = passwd.users.iter().fold(passwd.users.len() + passwd.groups.len(), members);
        let partitions = storage.disks.iter().map(|disk| disk.partitions.len()).max().unwrap_or_default();
        let raid: usize = storage.raid.iter().map(|raid| raid.devices.len()).sum();
        let devices = storage.disks.len() + storage.filesystems.len() + storage.luks.len() + raid + partitions;
        let item = match (accounts > MOST_COMPARED, devices > MOST_COMPARED) {
            (true, _) => Item::User(0),
            (_, true) => Item::Disk(0),
            _ => return false,
        };
        let most = format!("{MOST_COMPARED} users and groups, and so many disks and file systems");
        self.fail(item, Fault::new(FirstBoot::TooMuch { most }));
        true
    }

    /// Ignition validates what it merged once more, by the newest specification that it knows: there, a link has a target.
    fn merged(&mut self) {
        for (index, link) in self.config.storage.links.iter().enumerate() {
            if link.target.as_ref().is_none_or(String::is_empty) {
                let rule = FirstBoot::LinkWithoutTarget { path: link.path.clone() };
                self.fail(Item::Link(index), Fault::new(rule).hint("give a `target`, or leave the link out"));
            }
        }
    }

    fn fail(&mut self, item: Item, fault: Fault) {
        if self.failures.len() >= MOST_FAILURES || self.is_partial && fault.0.rule.is_of_absence() {
            return;
        }
        let Details { rule, field, place, is_likely, hints, names } = *fault.0;
        let subject = item.name(self.config).unwrap_or_default().to_owned();
        let place = place.filter(|place| *place != subject);
        let path = item.path().join(&field);
        let is_likely = is_likely || self.is_partial;
        self.failures.push(Failure { rule, item, subject, place, path, field, is_likely, hints, names });
    }

    /// Whether nothing more is applied, which is told at the item that would be next.
    fn is_over(&mut self, item: Item) -> bool {
        let is_told = |failure: &Failure| matches!(failure.rule, FirstBoot::TooMuch { .. });
        if self.tree.is_exhausted() && !self.failures.last().is_some_and(is_told) {
            self.fail(item, Fault::new(FirstBoot::TooMuch { most: crate::tree::bounds() }));
        }
        self.failures.len() >= MOST_FAILURES || self.tree.is_exhausted()
    }

    /// How an operation on a path failed; `None` where nobody can tell whether it does.
    fn of_errno(&self, path: &str, errno: Errno) -> Option<FirstBoot> {
        let path = path.to_owned();
        let obstacle = || self.tree.obstacle(&path, crate::tree::View::Initramfs);
        Some(match errno {
            Errno::Unknown => return None,
            Errno::Outside => FirstBoot::LeadsOut { path },
            Errno::NotADirectory => FirstBoot::BelowFile { obstacle: obstacle(), path },
            Errno::Exists | Errno::Missing => FirstBoot::BelowDanglingLink { obstacle: obstacle(), path },
            Errno::Loop => FirstBoot::Circle { path },
            Errno::NameTooLong => FirstBoot::PathTooLong { why: too_long(&path), path },
            Errno::Busy | Errno::Invalid => FirstBoot::Mounted { path },
            Errno::ReadOnly | Errno::Denied => FirstBoot::ReadOnly { path },
            Errno::TooMuch => FirstBoot::TooMuch { most: crate::tree::bounds() },
        })
    }
}

/// What is too long about a path.
fn too_long(path: &str) -> String {
    let longest = path.split('/').max_by_key(|part| part.len()).unwrap_or_default();
    if longest.len() > 255 {
        format!("a name has {} bytes, and 255 are the most", longest.len())
    } else {
        format!("it has {} bytes, and 4087 are the most", path.len())
    }
}

/// An operation's failure in words.
fn words(errno: Errno) -> &'static str {
    match errno {
        Errno::Missing => "a directory on the way is missing",
        Errno::NotADirectory => "something on the way is not a directory",
        Errno::Exists => "something else is there",
        Errno::Loop => "links lead in a circle",
        Errno::NameTooLong => "a name is too long",
        Errno::Denied => "permission is denied",
        Errno::ReadOnly => "the file system is read-only",
        Errno::Busy => "a file system is mounted there",
        Errno::Invalid => "it would be inside of itself",
        Errno::Unknown | Errno::Outside => "nobody can tell",
        Errno::TooMuch => "it is too large",
    }
}
