//! The walk of ignition 2.x's validator over a model and, beside it, the tree it was read from.
//!
//! Owns: the order of entries, which place an entry gets, and the report of keys that no field read. Must not: know a rule.

use std::borrow::Cow;
use std::collections::BTreeMap;

pub(crate) use flatwright_go::json::NodeRef;

use crate::entry::{Entry, EntryKind};
use crate::problem::{Config, Problem};

/// What a rule found; the walk adds the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) kind: EntryKind,
    pub(crate) problem: Problem,
}

impl Finding {
    pub(crate) fn error(problem: impl Into<Problem>) -> Self {
        Self { kind: EntryKind::Error, problem: problem.into() }
    }

    pub(crate) fn warning(problem: impl Into<Problem>) -> Self {
        Self { kind: EntryKind::Warning, problem: problem.into() }
    }
}

/// The tree a model was read from.
pub(crate) trait Ast {
    /// Line and column reported for a value.
    fn position(&self, node: NodeRef) -> (u32, u32);
    /// Line and column reported for the key of a member.
    fn key_position(&self, member: &Member<'_>) -> (u32, u32);
    /// An item of a list; `None` where the node is no list or has no such item.
    fn item(&self, node: NodeRef, index: usize) -> Option<NodeRef>;
    /// The members of a mapping; `None` where the node is none.
    fn members(&self, node: NodeRef) -> Option<Vec<Member<'_>>>;
}

/// A key and its value.
pub(crate) struct Member<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) key: NodeRef,
    pub(crate) value: NodeRef,
}

/// Where the walk is: the node itself, if the source has it, and the nearest node that exists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    node: Option<NodeRef>,
    nearest: Option<NodeRef>,
}

impl Place {
    pub(crate) const fn at(node: NodeRef) -> Self {
        Self { node: Some(node), nearest: Some(node) }
    }

    pub(crate) const fn nowhere() -> Self {
        Self { node: None, nearest: None }
    }
}

/// The members of the mapping the walk is in.
pub(crate) struct Members<'a>(Option<Vec<Member<'a>>>);

impl Members<'_> {
    /// The place of a field.
    pub(crate) fn get(&self, key: &str, parent: Place) -> Place {
        // The last of several equal keys wins, as in a Go map.
        let member = self.0.iter().flatten().rev().find(|member| member.name == key);
        match member {
            Some(member) => Place::at(member.value),
            None => Place { node: None, nearest: parent.nearest },
        }
    }
}

/// One walk.
pub(crate) struct Walker<'a> {
    ast: Option<&'a dyn Ast>,
    is_unused_reported: bool,
    entries: Vec<Entry>,
}

impl<'a> Walker<'a> {
    pub(crate) fn new(ast: Option<&'a dyn Ast>, is_unused_reported: bool) -> Self {
        Self { ast, is_unused_reported, entries: Vec::new() }
    }

    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// Runs rules and reports what they find; true if the walk must not go deeper.
    pub(crate) fn run(&mut self, place: Place, rules: impl FnOnce(&mut Vec<Finding>)) -> bool {
        let mut found = Vec::new();
        rules(&mut found);
        let is_fatal = found.iter().any(|finding| finding.kind == EntryKind::Error);
        if !found.is_empty() {
            let position = self.ast.zip(place.nearest).map(|(ast, node)| ast.position(node));
            self.entries.extend(found.into_iter().map(|finding| Entry {
                kind: finding.kind,
                path: String::new(),
                position,
                problem: finding.problem,
            }));
        }
        is_fatal
    }

    /// The place of a list item. Where the source's list is shorter, the list itself stands for it.
    pub(crate) fn item(&self, place: Place, index: usize) -> Place {
        let item = self.ast.zip(place.node).and_then(|(ast, node)| ast.item(node, index));
        item.map_or(place, Place::at)
    }

    pub(crate) fn members(&self, place: Place) -> Members<'a> {
        Members(self.ast.zip(place.node).and_then(|(ast, node)| ast.members(node)))
    }

    /// Reports members that are no field. A key that only differs by case gets a suggestion.
    pub(crate) fn unused(&mut self, members: &Members<'_>, keys: &[&'static str]) {
        let (Some(ast), Some(members), true) = (self.ast, &members.0, self.is_unused_reported) else { return };
        if members.iter().all(|member| keys.contains(&&*member.name)) {
            return;
        }
        let last: BTreeMap<&str, usize> = members.iter().enumerate().map(|(i, member)| (&*member.name, i)).collect();
        for (index, member) in members.iter().enumerate() {
            if keys.contains(&&*member.name) || last.get(&*member.name) != Some(&index) {
                continue;
            }
            let position = Some(ast.key_position(member));
            let key = &*member.name;
            let mut push = |kind, problem: Config| {
                self.entries.push(Entry { kind, path: String::new(), position, problem: problem.into() });
            };
            push(EntryKind::Warning, Config::UnusedKey { key: key.to_owned(), is_old: true, meant: None });
            if let Some(similar) = keys.iter().find(|known| fold(known) == fold(key)) {
                push(EntryKind::Info, Config::SimilarKey { key: key.to_owned(), similar });
            }
        }
    }
}

/// Go's `EqualFold` for the ASCII keys there are: two characters outside ASCII fold into it.
fn fold(key: &str) -> String {
    key.chars()
        .map(|c| match c {
            'ſ' => 's',
            '\u{212a}' => 'k',
            _ => c.to_ascii_lowercase(),
        })
        .collect()
}
