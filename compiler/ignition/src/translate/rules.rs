//! The rules of 3.1 that a config which passed the rules of 2.x can still break.
//!
//! What 2.x checks alike (modes, owners, hashes, unit texts, sizes) is not repeated here: nothing in between changes it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::entry::{Entry, EntryKind};

const DUPLICATE: &str = "duplicate entry defined";

/// Lists whose items must differ, and the field that tells them apart (none: the item itself).
const UNIQUE: &[(&[&str], Option<&str>)] = &[
    (&["ignition", "config", "merge"], Some("source")),
    (&["ignition", "security", "tls", "certificateAuthorities"], Some("source")),
    (&["passwd", "groups"], Some("name")),
    (&["passwd", "users"], Some("name")),
    (&["passwd", "users", "*", "groups"], None),
    (&["passwd", "users", "*", "sshAuthorizedKeys"], None),
    (&["storage", "disks"], Some("device")),
    (&["storage", "filesystems"], Some("device")),
    (&["storage", "raid"], Some("name")),
    (&["storage", "raid", "*", "devices"], None),
];

/// The errors of 3.1 in a translated config, in the original's order: rules first, duplicates after.
pub(super) fn check(config: &Value) -> Vec<Entry> {
    let mut found = Vec::new();
    systemd_conflicts(config, &mut found);
    let storage = &config["storage"];
    for (index, disk) in items(&storage["disks"]) {
        disk_rules(disk, &format!("storage.disks.{index}"), &mut found);
    }
    for (index, filesystem) in items(&storage["filesystems"]) {
        filesystem_rules(filesystem, &format!("storage.filesystems.{index}"), &mut found);
    }
    for (index, array) in items(&storage["raid"]) {
        if array["devices"].as_array().is_none_or(Vec::is_empty) {
            error(format!("storage.raid.{index}.devices"), "raid devices required", &mut found);
        }
    }
    for (path, key) in UNIQUE {
        duplicates(config, path, *key, "", &mut found);
    }
    found
}

fn disk_rules(disk: &Value, path: &str, found: &mut Vec<Entry>) {
    let partitions = || items(&disk["partitions"]).map(|(_, partition)| partition);
    if has_duplicate(partitions().filter_map(|partition| partition["number"].as_i64())) {
        error(format!("{path}.partitions"), "partition numbers collide", found);
    }
    if has_duplicate(partitions().filter_map(|partition| partition["label"].as_str().filter(|label| !label.is_empty())))
    {
        error(format!("{path}.partitions"), "cannot use the same partition label twice", found);
    }
    for (index, partition) in items(&disk["partitions"]) {
        let path = format!("{path}.partitions.{index}");
        let is_set = |field: &str| !partition[field].is_null();
        let says_more = ["label", "typeGuid", "guid", "startMiB", "sizeMiB"].into_iter().any(is_set);
        if partition["shouldExist"] == false && says_more {
            error(path.clone(), "shouldExist specified false with other options also specified", found);
        }
        if !is_set("number") && !is_set("label") {
            error(path.clone(), "a partition number >= 1 or a label must be specified", found);
        }
        if partition["label"].as_str().is_some_and(|label| label.contains(':')) {
            error(format!("{path}.label"), "partition label will be truncated to text before the colon", found);
        }
    }
}

fn filesystem_rules(filesystem: &Value, path: &str, found: &mut Vec<Entry>) {
    let is_set = |field: &str| !filesystem[field].is_null();
    let says_more = ["path", "label", "uuid", "wipeFilesystem", "options"].into_iter().any(is_set);
    if !is_set("format") && says_more {
        let message =
            "format cannot be empty when path, label, uuid, wipeFilesystem, options, or mountOptions is specified";
        error(path.to_owned(), message, found);
    }
    match filesystem["device"].as_str().unwrap_or_default() {
        "" => error(format!("{path}.device"), "path not specified", found),
        device if !device.starts_with('/') => error(format!("{path}.device"), "path not absolute", found),
        device if !is_clean(device) => error(format!("{path}.device"), "path is not fully simplified", found),
        _ => {}
    }
    if filesystem["path"].as_str().is_some_and(|path| !is_clean(path)) {
        error(format!("{path}.path"), "path is not fully simplified", found);
    }
}

/// A file, directory or link may not stand where a unit with contents, or a drop-in, will be written.
fn systemd_conflicts(config: &Value, found: &mut Vec<Entry>) {
    let mut written = BTreeSet::new();
    for (_, unit) in items(&config["systemd"]["units"]) {
        let name = unit["name"].as_str().unwrap_or_default();
        if !unit["contents"].is_null() {
            written.insert(format!("/etc/systemd/system/{name}"));
        }
        for (_, dropin) in items(&unit["dropins"]) {
            if !dropin["contents"].is_null() {
                written.insert(format!("/etc/systemd/system/{name}.d/{}", dropin["name"].as_str().unwrap_or_default()));
            }
        }
    }
    for list in ["files", "directories", "links"] {
        for (index, node) in items(&config["storage"][list]) {
            if node["path"].as_str().is_some_and(|path| written.contains(path)) {
                error(format!("storage.{list}.{index}.path"), "path conflicts with systemd unit or dropin", found);
            }
        }
    }
}

fn duplicates(value: &Value, path: &[&str], key: Option<&str>, at: &str, found: &mut Vec<Entry>) {
    let below = |step: &str| if at.is_empty() { step.to_owned() } else { format!("{at}.{step}") };
    match path {
        [] => {
            let mut seen = BTreeSet::new();
            for (index, item) in items(value) {
                let name = key.map_or(item, |key| &item[key]).as_str().unwrap_or_default();
                if !seen.insert(name) {
                    error(below(&index.to_string()), DUPLICATE, found);
                }
            }
        }
        ["*", rest @ ..] => {
            for (index, item) in items(value) {
                duplicates(item, rest, key, &below(&index.to_string()), found);
            }
        }
        [step, rest @ ..] => duplicates(&value[*step], rest, key, &below(step), found),
    }
}

fn items(value: &Value) -> impl Iterator<Item = (usize, &Value)> {
    value.as_array().into_iter().flatten().enumerate()
}

fn has_duplicate<T: Ord>(values: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    values.into_iter().any(|value| !seen.insert(value))
}

fn is_clean(path: &str) -> bool {
    path == "/"
        || path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(|part| !matches!(part, "" | "." | "..")))
}

fn error(path: String, message: &str, found: &mut Vec<Entry>) {
    found.push(Entry { kind: EntryKind::Error, path, position: None, message: message.to_owned() });
}
