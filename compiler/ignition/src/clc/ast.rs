//! The YAML tree as the validator walks it.
//!
//! Owns: the positions, and the two disguises in which the original shows CLC's tree to Ignition's validator: snake_case keys as camelCase, and a
//! file's `contents.remote` in the place of `contents`. Must not: know a rule.

use std::collections::{BTreeMap, BTreeSet};

use crate::ignition2::walk::{Ast, Member, NodeRef};
use flatwright_go::yaml3::{Kind, NodeId, Tree};

pub(crate) struct YamlAst<'t> {
    tree: &'t Tree,
    is_ignition: bool,
    /// The `contents` of a file → its `remote`.
    replaced: BTreeMap<NodeRef, NodeRef>,
    /// Mappings whose `url` reads as `source`.
    renamed: BTreeSet<NodeRef>,
}

impl<'t> YamlAst<'t> {
    pub(crate) fn new(tree: &'t Tree) -> Self {
        Self { tree, is_ignition: false, replaced: BTreeMap::new(), renamed: BTreeSet::new() }
    }

    /// Reads keys as Ignition's from now on.
    pub(crate) fn as_ignition(&mut self) {
        self.is_ignition = true;
    }

    /// Shows `remote` in the place of a file's `contents`, and its `url` as `source`.
    pub(crate) fn show_remote(&mut self, file: Option<NodeRef>) {
        let Some(contents) = self.child(file, "contents") else { return };
        let Some(remote) = self.child(Some(contents), "remote") else { return };
        self.replaced.insert(contents, remote);
        self.renamed.insert(remote);
    }

    /// A value by the key as it is read now.
    pub(crate) fn child(&self, node: Option<NodeRef>, key: &str) -> Option<NodeRef> {
        let members = self.members(node?)?;
        members.iter().rev().find(|member| member.name == key).map(|member| member.value)
    }

    /// An item of a list.
    pub(crate) fn at(&self, node: Option<NodeRef>, index: usize) -> Option<NodeRef> {
        self.item(node?, index)
    }

    fn shown(&self, node: NodeRef) -> NodeId {
        NodeId(self.replaced.get(&node).copied().unwrap_or(node))
    }
}

impl Ast for YamlAst<'_> {
    fn position(&self, node: NodeRef) -> (u32, u32) {
        let node = self.tree.node(self.shown(node));
        (node.line, node.column)
    }

    fn key_position(&self, member: &Member<'_>) -> (u32, u32) {
        let key = self.tree.node(NodeId(member.key));
        (key.line, key.column)
    }

    fn item(&self, node: NodeRef, index: usize) -> Option<NodeRef> {
        match self.tree.kind(self.shown(node)) {
            Kind::Sequence(items) => items.get(index).map(|item| item.0),
            _ => None,
        }
    }

    fn members(&self, node: NodeRef) -> Option<Vec<Member<'_>>> {
        let node = self.shown(node);
        let Kind::Mapping(items) = self.tree.kind(node) else { return None };
        let is_renamed = self.renamed.contains(&node.0);
        let members = items.as_chunks::<2>().0.iter().map(|[key, value]| {
            let name = self.tree.value(*key);
            let name = match name {
                "url" if is_renamed => "source".into(),
                name if self.is_ignition && name.contains('_') => camel_case(name).into(),
                name => name.into(),
            };
            Member { name, key: key.0, value: value.0 }
        });
        Some(members.collect())
    }
}

/// `wipe_table` → `wipeTable`.
fn camel_case(key: &str) -> String {
    let mut words = key.split('_');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut characters = word.chars();
        out.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(characters.as_str());
    }
    out
}
