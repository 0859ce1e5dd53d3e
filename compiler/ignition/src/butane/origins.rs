//! Where the parts of the generated config come from, so that what is found in it is shown in the source.
//!
//! Only what is not in its place is noted: most configs need no entry at all.

use std::collections::BTreeMap;

use crate::codec::Segment;
use crate::ignition3::Step;
use flatwright_go::yaml3::{Kind, NodeId, Tree};

/// The lists whose items can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum List {
    Directories,
    Disks,
    Files,
    Filesystems,
    Links,
    Luks,
    Raid,
    Units,
}

/// Where an item comes from: an item of the source, generated from a place, or both merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) source: Option<u32>,
    pub(super) place: Option<u32>,
}

/// All origins of a config.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins {
    lists: BTreeMap<List, Vec<Origin>>,
    places: Vec<Vec<Step>>,
    exact: BTreeMap<String, Vec<Step>>,
}

/// The steps of a path.
pub(super) fn steps(segments: &[Segment<'_>]) -> Vec<Step> {
    segments
        .iter()
        .map(|segment| match segment {
            Segment::Key(key) => Step::Key((*key).into()),
            Segment::Index(index) => Step::Index(*index),
        })
        .collect()
}

impl List {
    fn of(path: &[Step]) -> Option<Self> {
        let [Step::Key(section), Step::Key(list), Step::Index(_), ..] = path else { return None };
        match (&**section, &**list) {
            ("storage", "directories") => Some(Self::Directories),
            ("storage", "disks") => Some(Self::Disks),
            ("storage", "files") => Some(Self::Files),
            ("storage", "filesystems") => Some(Self::Filesystems),
            ("storage", "links") => Some(Self::Links),
            ("storage", "luks") => Some(Self::Luks),
            ("storage", "raid") => Some(Self::Raid),
            ("systemd", "units") => Some(Self::Units),
            _ => None,
        }
    }
}

impl Origin {
    pub(super) fn source(index: usize) -> Self {
        Self { source: Some(number(index)), place: None }
    }
}

impl Origins {
    /// Notes a place of the source from which things are generated.
    pub(super) fn place(&mut self, path: Vec<Step>) -> Origin {
        self.places.push(path);
        Origin { source: None, place: Some(number(self.places.len() - 1)) }
    }

    /// The origin of an item.
    pub(super) fn get(&self, list: List, index: usize) -> Origin {
        self.lists.get(&list).and_then(|origins| origins.get(index)).copied().unwrap_or_else(|| Origin::source(index))
    }

    /// Notes the origin of an item that was appended.
    pub(super) fn append(&mut self, list: List, index: usize, origin: Origin) {
        let origins = self.lists.entry(list).or_default();
        for known in origins.len()..index {
            origins.push(Origin::source(known));
        }
        origins.push(origin);
    }

    /// Replaces the origins of a list.
    pub(super) fn set(&mut self, list: List, origins: Vec<Origin>) {
        self.lists.insert(list, origins);
    }

    /// Notes the origin of one path of the generated config.
    pub(super) fn exact(&mut self, generated: &str, source: Vec<Step>) {
        self.exact.insert(generated.to_owned(), source);
    }

    /// The path in the source of a path in the generated config.
    pub(super) fn trace(&self, path: &[Step], tree: &Tree) -> Vec<Step> {
        if !self.exact.is_empty()
            && let Some(source) = self.exact.get(&Step::write(path))
        {
            return source.clone();
        }
        let fallback = || path.iter().map(snake).collect::<Vec<_>>();
        let Some(list) = List::of(path) else { return leaf(fallback(), tree) };
        let Step::Index(index) = path[2] else { return fallback() };
        let origin = self.get(list, index);
        if let Some(source) = origin.source {
            let mut moved = fallback();
            moved[2] = Step::Index(source as usize);
            let moved = leaf(moved, tree);
            // What is unset in the source has no translation in the original either: the index is not mapped back.
            if source as usize == index || find(tree, &moved).is_some_and(|_| origin.place.is_none() || path.len() > 3)
            {
                return moved;
            }
        }
        let Some(place) = origin.place.and_then(|place| self.places.get(place as usize)) else { return fallback() };
        match (origin.source, &path[3..]) {
            (Some(_), []) => fallback(),
            // The pins of the boot device are copied field by field.
            (None, [Step::Key(clevis), rest @ ..])
                if list == List::Luks && matches!(&**clevis, "clevis" | "cex") && place.len() == 2 =>
            {
                let mut copied = place.clone();
                if &**clevis == "cex" {
                    copied.push(Step::Key("cex".into()));
                }
                copied.extend(rest.iter().map(snake));
                if find(tree, &copied).is_some() { copied } else { fallback() }
            }
            _ => place.clone(),
        }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// `sizeMiB` → `size_mib`, otherwise an underscore before each capital.
fn snake(step: &Step) -> Step {
    let Step::Key(key) = step else { return step.clone() };
    if let Some(stem) = key.strip_suffix("MiB") {
        return Step::Key(format!("{stem}_mib").into());
    }
    if !key.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return step.clone();
    }
    let mut out = String::with_capacity(key.len() + 2);
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(character.to_ascii_lowercase());
    }
    Step::Key(out.into())
}

/// Contents come from whichever key holds them.
fn leaf(mut path: Vec<Step>, tree: &Tree) -> Vec<Step> {
    let Some(Step::Key(last)) = path.last() else { return path };
    let others: &[&str] = match &**last {
        "source" => &["inline", "local"],
        "contents" if path.len() > 3 => &["contents_local"],
        _ => return path,
    };
    let Some(parent) = find(tree, &path[..path.len() - 1]) else { return path };
    let parent = target(tree, parent);
    for key in others {
        let is_set = tree.entry(parent, key).is_some_and(|(_, value)| {
            !matches!(tree.kind(value), Kind::Scalar("" | "~" | "null", flatwright_go::yaml3::Style::Plain))
        });
        if is_set {
            path.pop();
            path.push(Step::Key((*key).into()));
            break;
        }
    }
    path
}

fn target(tree: &Tree, node: NodeId) -> NodeId {
    match tree.kind(node) {
        Kind::Alias(target, _) => target,
        _ => node,
    }
}

/// The node at a path, through aliases.
fn find(tree: &Tree, path: &[Step]) -> Option<NodeId> {
    let mut at = tree.root()?;
    for step in path {
        at = target(tree, at);
        at = match step {
            Step::Key(key) => tree.entry(at, key)?.1,
            Step::Index(index) => match tree.kind(at) {
                Kind::Sequence(items) => *items.get(*index)?,
                _ => return None,
            },
        };
    }
    Some(at)
}
