//! Parts of a machine config → the lines of its text. Looked up only for a finding or a preview, so a clean compile pays nothing for it.

use flatwright_diagnostic::{Anchor, NodeId, Path, Segment};
use flatwright_plan::UserConfig;
use flatwright_yaml::{Kind, Tree};

use super::Part;
use crate::contents::{Position, Written};

/// Where a config says what Ignition knows by a path such as `storage.files.0.mode`, or the deepest part of it that is there.
pub(crate) fn in_config_at(config: &UserConfig, path: &str) -> Option<Anchor> {
    let wanted = Path::parse(path);
    anchor(config, |tree, root| Some(tree.find(root, &wanted).0).filter(|node| *node != root))
}

/// Where a config says something about a path, unit or device.
pub(crate) fn in_config(config: &UserConfig, field: &str, name: &str) -> Option<Anchor> {
    in_config_at_part(config, &Part { field, name, below: None })
}

/// Where a config says something about a part: the field that is meant, if it is there, else the name.
pub(super) fn in_config_at_part(config: &UserConfig, part: &Part<'_>) -> Option<Anchor> {
    anchor(config, |tree, root| {
        let named = find(tree, root, part.field, part.name)?;
        let below = part.below.and_then(|field| tree.get(tree.parent(named)?, field));
        Some(below.unwrap_or(named))
    })
}

/// Where a config says something about a drop-in of a unit. Two units may have drop-ins of one name.
pub(super) fn drop_in_config(config: &UserConfig, unit: &str, name: &str) -> Option<Anchor> {
    anchor(config, |tree, root| find_drop_in(tree, root, unit, name))
}

fn find_drop_in(tree: &Tree, node: NodeId, unit: &str, name: &str) -> Option<NodeId> {
    match tree.kind(node) {
        Kind::Scalar(..) => None,
        Kind::Sequence(items) => items.iter().find_map(|item| find_drop_in(tree, *item, unit, name)),
        Kind::Mapping(entries) => {
            let own = tree.get(node, "name");
            let is_unit = own.and_then(|own| tree.scalar(own)) == Some(unit);
            entries.iter().filter(|entry| Some(entry.value) != own).find_map(|entry| {
                if is_unit {
                    find(tree, entry.value, "name", name)
                } else {
                    find_drop_in(tree, entry.value, unit, name)
                }
            })
        }
    }
}

/// Where a config has a key of this name, wherever it stands.
pub(super) fn key_in_config(config: &UserConfig, name: &str) -> Option<Anchor> {
    anchor(config, |tree, root| find_key(tree, root, name))
}

/// Where a text says a value of the part of that name, as deep as the value is there; else where it names the part. Ignition writes words together that other languages
/// part by `_`.
pub(crate) fn in_written(written: &Written<'_>, fields: &[&str], name: &str, value: &Path) -> Option<Position> {
    let tree = written.tree();
    let root = *tree.roots().first()?;
    let named = fields.iter().find_map(|field| find(tree, root, field, name))?;
    let part = tree.parent(named)?;
    let other = parted(value);
    let deepest = [&other, value].into_iter().map(|value| tree.find(part, value));
    let deepest = deepest.max_by_key(|(node, is_whole)| (*is_whole, *node != part)).map(|(node, _)| node);
    Some(written.start(deepest.filter(|node| *node != part).unwrap_or(named)))
}

/// `homeDir` → `home_dir`.
fn parted(path: &Path) -> Path {
    path.segments().iter().fold(Path::root(), |path, segment| match segment {
        Segment::Index(index) => path.index(*index),
        Segment::Key(key) => {
            let mut parted = String::new();
            for character in key.chars() {
                if character.is_ascii_uppercase() {
                    parted.push('_');
                }
                parted.push(character.to_ascii_lowercase());
            }
            path.key(&parted)
        }
    })
}

fn find_key(tree: &Tree, node: NodeId, name: &str) -> Option<NodeId> {
    match tree.kind(node) {
        Kind::Scalar(..) => None,
        Kind::Sequence(items) => items.iter().find_map(|item| find_key(tree, *item, name)),
        Kind::Mapping(entries) => entries.iter().find_map(|entry| {
            if tree.scalar(entry.key) == Some(name) { Some(entry.key) } else { find_key(tree, entry.value, name) }
        }),
    }
}

fn anchor(config: &UserConfig, find: impl FnOnce(&Tree, NodeId) -> Option<NodeId>) -> Option<Anchor> {
    let written = Written::new(&config.text);
    let tree = written.tree();
    let (line, column) = written.start(find(tree, *tree.roots().first()?)?);
    Some(Anchor::line_column(config.source, line, column))
}

/// The last value of a field of that name below a node that is this one: where something stands twice, that one is too much.
pub(crate) fn find_last(tree: &Tree, node: NodeId, field: &str, name: &str) -> Option<NodeId> {
    match tree.kind(node) {
        Kind::Scalar(..) => find(tree, node, field, name),
        Kind::Sequence(items) => items.iter().rev().find_map(|item| find_last(tree, *item, field, name)),
        Kind::Mapping(entries) => entries.iter().rev().find_map(|entry| find_last(tree, entry.value, field, name)),
    }
}

/// The value of a field of that name below a node, if it is this one.
pub(crate) fn find(tree: &Tree, node: NodeId, field: &str, name: &str) -> Option<NodeId> {
    match tree.kind(node) {
        Kind::Scalar(text, _) => {
            let is_field = tree.key_of(node).and_then(|key| tree.scalar(key)) == Some(field);
            (is_field && text == name).then_some(node)
        }
        Kind::Sequence(items) => items.iter().find_map(|item| find(tree, *item, field, name)),
        Kind::Mapping(entries) => entries.iter().find_map(|entry| find(tree, entry.value, field, name)),
    }
}
