//! The keys of one mapping while a record reads them: merge keys applied, duplicates and unknown keys reported.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Anchor, NodeId, Part, nearest};
use flatwright_yaml::{Kind, Tree};

use super::{Decode, Decoder, advice};
use crate::rules::{Conflict, Decoding, MissingField};

/// A mapping being read.
pub struct Fields<'t> {
    /// The mapping.
    pub node: NodeId,
    entries: Vec<Slot<'t>>,
    seen: Seen<'t>,
    known: Vec<&'static str>,
    /// Required keys that are not there, and what to point at.
    missing: Vec<(&'static str, NodeId)>,
}

/// The keys of a mapping so far. Small mappings are searched one by one; large ones by an index, so that no mapping costs quadratic time.
#[derive(Default)]
pub(super) struct Seen<'t> {
    few: Vec<(&'t str, NodeId)>,
    many: BTreeMap<&'t str, NodeId>,
}

impl<'t> Seen<'t> {
    const FEW: usize = 32;

    /// The node of the same name that was there before; otherwise the name is noted.
    pub(super) fn insert(&mut self, name: &'t str, node: NodeId) -> Option<NodeId> {
        let before = self.few.iter().find(|(known, _)| *known == name).map(|(_, node)| *node);
        if let Some(before) = before.or_else(|| self.many.get(name).copied()) {
            return Some(before);
        }
        if self.few.len() < Self::FEW {
            self.few.push((name, node));
        } else {
            self.many.insert(name, node);
        }
        None
    }
}

struct Slot<'t> {
    name: &'t str,
    value: NodeId,
    is_used: bool,
    is_merged: bool,
}

impl<'t> Fields<'t> {
    /// Opens a mapping. Anything else is reported as `expected`.
    pub fn open(decoder: &mut Decoder<'t>, node: NodeId, expected: &str) -> Option<Self> {
        let Kind::Mapping(entries) = decoder.tree.kind(node) else {
            let tree = decoder.tree;
            advice::record(tree, node, decoder.wrong_type(node, expected));
            return None;
        };
        let mut fields = Self {
            node,
            entries: Vec::with_capacity(entries.len()),
            seen: Seen::default(),
            known: Vec::new(),
            missing: Vec::new(),
        };
        let mut merged = Vec::new();
        for entry in entries.iter() {
            match decoder.tree.kind(entry.key) {
                _ if is_merge(decoder.tree, entry.key) => merged.push(entry.value),
                Kind::Scalar(name, _) => fields.add(decoder, name, entry.key, entry.value),
                _ => drop(decoder.wrong_type(entry.key, "a plain name as key")),
            }
        }
        for source in merged {
            fields.merge(decoder, source);
        }
        Some(fields)
    }

    /// Takes the value of a key; an absent or null one is the type's own default, or an error if there is none.
    pub fn take<T: Decode>(&mut self, decoder: &mut Decoder<'_>, name: &'static str) -> Option<T> {
        self.known.push(name);
        let found = self.entries.iter_mut().find(|slot| slot.name == name).map(|slot| {
            slot.is_used = true;
            slot.value
        });
        match found.filter(|value| !decoder.is_null(*value)) {
            Some(value) => T::decode(decoder, value),
            None => T::absent()
                .inspect(|_| {
                    if let Some(value) =
                        found.filter(|value| T::is_empty_meaningful() && is_unwritten(decoder.tree, *value))
                    {
                        let rule = Decoding::Nothing { key: name.to_owned() };
                        decoder.report.warn(decoder.key_anchor(value), &rule).hint(format!(
                            "write `{name}: {{}}` if it is wanted as it is by default, otherwise remove the key"
                        ));
                    }
                })
                .or_else(|| {
                    self.missing.push((name, found.unwrap_or(self.node)));
                    None
                }),
        }
    }

    /// Reports that several of the keys are there.
    pub(super) fn check_one(&self, decoder: &mut Decoder<'_>) {
        let there: Vec<&str> = self.entries.iter().filter(|slot| slot.is_used).map(|slot| slot.name).collect();
        if there.len() > 1 {
            let hint = format!("keep one of `{}`", there.join("`, `"));
            decoder.refuse(self.node, &Conflict::ImageForms).hint(hint);
        }
    }

    /// Reports the required keys that are missing and the keys that no record asked for. A misspelt required key is one mistake, told where it stands.
    pub fn finish(self, decoder: &mut Decoder<'_>) {
        // More suggestions than that help nobody, and each costs time.
        const MOST_SUGGESTIONS: usize = 50;
        let unknown = || self.entries.iter().filter(|slot| !slot.is_used && !slot.is_merged);
        if self.missing.is_empty() && unknown().next().is_none() {
            return;
        }
        let is_free = |name: &&'static str| !self.entries.iter().any(|slot| slot.name == *name);
        let mut unused: Vec<&'static str> = self.known.iter().copied().filter(is_free).collect();
        for (name, node) in &self.missing {
            let is_meant = |slot: &Slot<'_>| nearest(slot.name, unused.iter().copied()) == Some(name);
            if !unknown().take(MOST_SUGGESTIONS).any(is_meant) {
                let anchor = decoder.key_anchor(*node);
                let rule = MissingField::Key { key: (*name).to_owned() };
                let words = advice::words(decoder.tree, self.node, name).unwrap_or_else(|| format!("`{name}: …`"));
                decoder.report.refuse(anchor, &rule).hint(format!("add {words} here"));
            }
        }
        for (position, slot) in unknown().enumerate() {
            let rule = Decoding::UnknownField { key: super::shortened(slot.name) };
            let finding = decoder.report.refuse(Anchor::key(decoder.source, slot.value), &rule);
            if position < MOST_SUGGESTIONS {
                let is_near = nearest(slot.name, unused.iter().copied()).is_some();
                if is_near || !advice::unknown_key(decoder.tree, self.node, slot.name, finding) {
                    finding.did_you_mean(slot.name, Part::Key, unused.iter().copied());
                }
                // Two keys cannot both have been meant to be the same one.
                if let Some(meant) = nearest(slot.name, unused.iter().copied()) {
                    unused.retain(|name| *name != meant);
                }
            }
        }
    }

    fn add(&mut self, decoder: &mut Decoder<'t>, name: &'t str, key: NodeId, value: NodeId) {
        if let Some(first) = self.seen.insert(name, key) {
            let label = decoder.anchor(first);
            decoder
                .refuse(key, &Decoding::DuplicateKey { key: super::shortened(name) })
                .label(label, "it is set here first")
                .hint("remove one of the two");
            return;
        }
        self.entries.push(Slot { name, value, is_used: false, is_merged: false });
    }

    /// Keys written in the mapping itself win. A shared base may hold keys for several kinds of mappings, so those that are unknown here are no mistake.
    fn merge(&mut self, decoder: &mut Decoder<'t>, source: NodeId) {
        let Self { seen, entries, .. } = self;
        each_merged(decoder, source, &mut |name, key, value| {
            if seen.insert(name, key).is_none() {
                entries.push(Slot { name, value, is_used: false, is_merged: true });
            }
        });
    }
}

/// Whether nothing is written behind a key: neither a value nor `null`.
fn is_unwritten(tree: &Tree, value: NodeId) -> bool {
    !tree.is_alias(value)
        && tree.tag(value).is_none()
        && matches!(tree.kind(value), Kind::Scalar("", flatwright_yaml::Style::Plain))
}

/// Whether a key is the merge key.
pub(super) fn is_merge(tree: &Tree, key: NodeId) -> bool {
    matches!(tree.kind(key), Kind::Scalar("<<", flatwright_yaml::Style::Plain))
}

/// The entries that a merge key brings along, as name, key and value: `<<: *base` or `<<: [*a, *b]`, of which the first wins.
pub(super) fn each_merged<'t>(
    decoder: &mut Decoder<'t>,
    source: NodeId,
    found: &mut dyn FnMut(&'t str, NodeId, NodeId),
) {
    let tree: &'t Tree = decoder.tree;
    match tree.kind(source) {
        Kind::Mapping(entries) => {
            for entry in entries.iter() {
                if let Some(name) = tree.scalar(entry.key) {
                    found(name, entry.key, entry.value);
                }
            }
        }
        Kind::Sequence(items) => {
            for item in items {
                if matches!(tree.kind(*item), Kind::Mapping(_)) {
                    each_merged(decoder, *item, found);
                } else {
                    decoder.wrong_type(*item, "a mapping to merge");
                }
            }
        }
        Kind::Scalar(..) => {
            decoder.wrong_type(source, "a mapping to merge, or a list of them");
        }
    }
}
