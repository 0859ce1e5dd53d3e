//! Two values → the leaves that differ.
//!
//! Owns: how items of lists belong together, and what of a machine config is different. Must not: know which changes roll machines.

use std::collections::BTreeMap;

use flatwright_diagnostic::Path;
use flatwright_ignition::clc;
use serde::Serialize;
use serde_json::Value as Json;

use super::plan::Place;

/// A value that is not what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The object: `KubeadmControlPlane/demo-control-plane`.
    pub object: String,
    /// The field in it; of a machine config, the part behind it, such as `file /etc/motd`.
    pub path: String,
    /// What it was, where that may be shown.
    pub old: Option<String>,
    /// What it is, where that may be shown.
    pub new: Option<String>,
    /// The line that it comes from.
    pub place: Option<Place>,
}

/// A leaf that differs.
pub(super) struct Leaf<'j> {
    pub(super) path: Path,
    pub(super) old: Option<&'j Json>,
    pub(super) new: Option<&'j Json>,
}

/// The leaves that differ. Where a server filled in the old side, what only that one has is no difference.
pub(super) fn leaves<'j>(old: &'j Json, new: &'j Json, is_live: bool) -> Vec<Leaf<'j>> {
    let mut found = Vec::new();
    collect(Some(old), Some(new), &Path::root(), is_live, &mut found);
    found
}

fn collect<'j>(old: Option<&'j Json>, new: Option<&'j Json>, path: &Path, is_live: bool, found: &mut Vec<Leaf<'j>>) {
    if old == new || (is_live && new.is_none()) {
        return;
    }
    match (old, new) {
        (Some(Json::Object(old)), Some(Json::Object(new))) => {
            for (key, value) in new {
                collect(old.get(key), Some(value), &path.key(key), is_live, found);
            }
            for (key, value) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
                collect(Some(value), None, &path.key(key), is_live, found);
            }
        }
        (Some(Json::Array(old)), Some(Json::Array(new))) => {
            let counterparts = |items: &'j [Json], item: &Json, index: usize| match key_of(item) {
                Some(_) => items.iter().find(|other| key_of(other) == key_of(item)),
                None => items.get(index).filter(|other| key_of(other).is_none()),
            };
            for (index, item) in new.iter().enumerate() {
                collect(counterparts(old, item, index), Some(item), &path.index(index), is_live, found);
            }
            for (index, item) in old.iter().enumerate() {
                if counterparts(new, item, index).is_none() {
                    found.push(Leaf { path: path.index(index), old: Some(item), new: None });
                }
            }
        }
        _ => found.push(Leaf { path: path.clone(), old, new }),
    }
}

/// What names an item of a list.
fn key_of(item: &Json) -> Option<&str> {
    ["name", "path", "nameSuffix", "key", "device"].iter().find_map(|key| item.get(key)?.as_str())
}

/// The parts of two machine configs that differ, such as `unit a.service`; nothing if one cannot be read.
pub(super) fn parts(old: &str, new: &str) -> Vec<(char, String)> {
    let read = |text: &str| clc::translate(text.as_bytes(), &clc::Options::default()).config;
    let (Some(old), Some(new)) = (read(old), read(new)) else { return Vec::new() };
    let (old, new) = (named(&old), named(&new));
    let mut parts = Vec::new();
    for (name, value) in &new {
        match old.get(name) {
            None => parts.push(('+', name.clone())),
            Some(before) if before != value => parts.push(('~', name.clone())),
            Some(_) => {}
        }
    }
    parts.extend(old.keys().filter(|name| !new.contains_key(*name)).map(|name| ('-', name.clone())));
    parts
}

fn named(config: &flatwright_ignition::ignition2::Config) -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    let storage = &config.storage;
    add(&mut named, "file", &storage.files, |item| &item.path);
    add(&mut named, "directory", &storage.directories, |item| &item.path);
    add(&mut named, "link", &storage.links, |item| &item.path);
    add(&mut named, "disk", &storage.disks, |item| &item.device);
    add(&mut named, "filesystem", &storage.filesystems, |item| &item.name);
    add(&mut named, "raid", &storage.raid, |item| &item.name);
    add(&mut named, "unit", &config.systemd.units, |item| &item.name);
    add(&mut named, "networkd unit", &config.networkd.units, |item| &item.name);
    add(&mut named, "user", &config.passwd.users, |item| &item.name);
    add(&mut named, "group", &config.passwd.groups, |item| &item.name);
    named.insert("Ignition's own settings".to_owned(), written(&config.ignition));
    named
}

fn add<T: Serialize>(named: &mut BTreeMap<String, String>, kind: &str, items: &[T], name: impl Fn(&T) -> &String) {
    for item in items {
        named.entry(format!("{kind} {}", name(item))).or_default().push_str(&written(item));
    }
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_of_lists_belong_together_by_name() {
        let old = json!({"a": [{"name": "x", "v": 1}, {"name": "y", "v": 1}]});
        let new = json!({"a": [{"name": "z"}, {"name": "x", "v": 2}]});
        let found = leaves(&old, &new, false);
        let paths: Vec<String> = found.iter().map(|leaf| leaf.path.to_string()).collect();
        assert_eq!(paths, ["a[0]", "a[1].v", "a[1]"]);
    }

    #[test]
    fn what_a_server_filled_in_is_no_difference() {
        let (old, new) = (json!({"a": 1, "filled": {"b": 2}}), json!({"a": 1}));
        assert_eq!(leaves(&old, &new, false).len(), 1);
        assert!(leaves(&old, &new, true).is_empty());
    }
}
