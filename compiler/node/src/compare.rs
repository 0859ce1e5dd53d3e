//! Two nodes side by side: what one has that the other has not, or has otherwise.
//!
//! Owns: what counts as a difference. Must not: know which node is the newer one, or how a difference is shown.

use std::collections::BTreeMap;

use crate::accounts::{Group, User};
use crate::apply::{Node, Unit};
use crate::tree::{Entry, Kind};

/// Something that differs.
#[derive(Clone, Debug)]
pub struct Change<T> {
    /// The path or name.
    pub name: String,
    /// What the first node has.
    pub before: Option<T>,
    /// What the second node has.
    pub after: Option<T>,
}

/// Everything in which two nodes differ, by path or name.
#[derive(Clone, Debug)]
pub struct Changes<'n, 'c> {
    /// Files, directories and links.
    pub entries: Vec<Change<Entry<'n, 'c>>>,
    /// Users, in the order of their names.
    pub users: Vec<Change<&'n User>>,
    /// Groups, in the order of their names.
    pub groups: Vec<Change<&'n Group>>,
    /// Units, in the order of their names.
    pub units: Vec<Change<&'n Unit>>,
}

impl Changes<'_, '_> {
    /// Whether the nodes are the same, as far as anybody can know.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.users.is_empty() && self.groups.is_empty() && self.units.is_empty()
    }
}

/// Compares two nodes. Contents that are fetched from one place are the same, those of which nothing is known too, if no config touched them.
pub fn compare<'n, 'c>(before: &'n Node<'c>, after: &'n Node<'c>) -> Changes<'n, 'c> {
    let entries = |node: &'n Node<'c>| node.tree.entries().map(|entry| (entry.path.clone(), entry)).collect();
    let users =
        |node: &'n Node<'c>| node.users().filter(|user| user.is_local).map(|user| (user.name.clone(), user)).collect();
    let groups = |node: &'n Node<'c>| {
        node.groups().filter(|group| group.is_local).map(|group| (group.name.clone(), group)).collect()
    };
    let units = |node: &'n Node<'c>| node.units.iter().map(|(name, unit)| (name.clone(), unit)).collect();
    Changes {
        entries: differing(entries(before), entries(after), is_same),
        users: differing(users(before), users(after), |a, b| a == b),
        groups: differing(groups(before), groups(after), |a, b| a == b),
        units: differing(units(before), units(after), |a, b| a == b),
    }
}

fn differing<T>(
    before: BTreeMap<String, T>,
    mut after: BTreeMap<String, T>,
    is_same: impl Fn(&T, &T) -> bool,
) -> Vec<Change<T>> {
    let mut changes = Vec::new();
    for (name, before) in before {
        let after = after.remove(&name);
        if !after.as_ref().is_some_and(|after| is_same(&before, after)) {
            changes.push(Change { name, before: Some(before), after });
        }
    }
    changes.extend(after.into_iter().map(|(name, after)| Change { name, before: None, after: Some(after) }));
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    changes
}

fn is_same(before: &Entry<'_, '_>, after: &Entry<'_, '_>) -> bool {
    let is_same_kind = match (before.kind, after.kind) {
        (Kind::Directory { .. }, Kind::Directory { .. }) => true,
        (Kind::Link(before), Kind::Link(after)) => before == after,
        (Kind::File(old), Kind::File(new)) => {
            old.is_same(new).unwrap_or_else(|| before.from.is_none() && after.from.is_none())
        }
        _ => false,
    };
    // A link has no permissions of its own.
    let has_mode = !matches!(before.kind, Kind::Link(_));
    is_same_kind && (!has_mode || before.mode == after.mode) && (before.user, before.group) == (after.user, after.group)
}
