//! What the tests share: our verdict in the form in which those of the real Ignition are recorded.
#![expect(clippy::unwrap_used, reason = "tests")]
#![allow(dead_code, reason = "not every test that shares this uses all of it")]

pub(crate) mod judge;
pub(crate) mod random;

use std::collections::BTreeMap;

use flatwright_ignition::{Entry, EntryKind, ignition3};
use flatwright_node::{Base, FirstBoot, Item, Kind, Node, apply, before};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const LEADS_OUT: &str = "leads-out";

/// What Ignition refuses from 2.15 on.
const CONFLICT: &str = "path conflicts with systemd unit or dropin";

/// The subject of every failure of a unit.
pub(crate) const UNITS: &str = "units";

/// What becomes of a config.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    /// `ok`, or the kind of the first failure.
    pub(crate) first: String,
    /// What the first failure is about.
    pub(crate) subject: Option<String>,
    /// What is new or changed.
    pub(crate) tree: BTreeMap<String, Value>,
    /// New or changed lines.
    pub(crate) users: Vec<String>,
    /// New or changed lines.
    pub(crate) groups: Vec<String>,
}

const PRESETS: &str = "/etc/systemd/system-preset/20-ignition.preset";

/// Ignition's own file about itself, which is no part of the record.
const REPORT: &str = "/etc/.ignition-result.json";

pub(crate) fn root() -> Base {
    Base::read(include_str!("../recorded.root")).unwrap().with_ignition(Some((2, 14)))
}

/// Our verdict about a config on the recorded root.
pub(crate) fn of_model(config: &Value) -> Verdict {
    let text = serde_json::to_vec(config).unwrap();
    let parsed = ignition3::validate(&text);
    let is_error = |entry: &&Entry| entry.kind == EntryKind::Error && entry.problem.to_string() != CONFLICT;
    let is_valid = !parsed.entries.iter().any(|entry| is_error(&entry));
    let Some((config, version)) = parsed.config.filter(|_| is_valid) else {
        return Verdict { first: "config-invalid".to_owned(), ..Verdict::default() };
    };
    let base = root();
    let node = apply(&config, version, &base);
    if let Some(failure) = node.failures().iter().find(|failure| failure.rule.stops()) {
        return Verdict {
            first: kind(&failure.rule).to_owned(),
            subject: Some(match failure.item {
                Item::Unit(_) | Item::Dropin(..) => UNITS.to_owned(),
                _ => failure.place.as_ref().unwrap_or(&failure.subject).clone(),
            }),
            ..Verdict::default()
        };
    }
    let old = before(&base);
    let known: Vec<String> =
        old.users().map(ToString::to_string).chain(old.groups().map(ToString::to_string)).collect();
    let new = |line: &String| !known.contains(line);
    Verdict {
        first: "ok".to_owned(),
        subject: None,
        tree: changed(&old, &node),
        users: node.users().map(ToString::to_string).filter(new).collect(),
        groups: node.groups().map(ToString::to_string).filter(new).collect(),
    }
}

fn changed(old: &Node<'_>, new: &Node<'_>) -> BTreeMap<String, Value> {
    let old: BTreeMap<String, Value> = old.tree.entries().map(|entry| (entry.path.clone(), form(&entry))).collect();
    let new = new.tree.entries().map(|entry| (entry.path.clone(), form(&entry)));
    new.filter(|(path, form)| old.get(path) != Some(form) && path != REPORT).collect()
}

fn form(entry: &flatwright_node::Entry<'_, '_>) -> Value {
    let mode = format!("0o{:o}", entry.mode);
    match entry.kind {
        Kind::Directory { .. } => json!(["dir", mode, entry.user, entry.group]),
        Kind::File(contents) => {
            let bytes = contents.bytes();
            let hash = bytes.as_deref().map(hash);
            if entry.path == PRESETS {
                let hashes = bytes.as_deref().map(hashes_of_presets);
                return json!(["file", mode, entry.user, entry.group, hashes]);
            }
            json!(["file", mode, entry.user, entry.group, hash])
        }
        Kind::Link(target) => json!(["link", target]),
        Kind::Unknown => json!(["unknown"]),
    }
}

/// The hashes that the file of presets may have: Ignition 2.14 writes its lines in any order.
fn hashes_of_presets(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut orders = vec![Vec::new()];
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate().take(6) {
        let insert = |order: &Vec<&str>, at: usize| {
            let mut order: Vec<String> = order.iter().map(ToString::to_string).collect();
            order.insert(at, (*line).to_owned());
            order
        };
        let longer: Vec<Vec<String>> = orders
            .iter()
            .flat_map(|order: &Vec<String>| {
                let order: Vec<&str> = order.iter().map(String::as_str).collect();
                (0..=index).map(|at| insert(&order, at)).collect::<Vec<_>>()
            })
            .collect();
        orders = longer;
    }
    orders
        .iter()
        .map(|order| hash(order.iter().map(|line| format!("{line}\n")).collect::<String>().as_bytes()))
        .collect()
}

/// As much of the SHA-256 as is recorded.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The recorded name of a kind of failure.
fn kind(rule: &FirstBoot) -> &'static str {
    match rule {
        FirstBoot::GroupExists { .. } => "group-exists",
        FirstBoot::GroupIdTaken { .. } => "gid-in-use",
        FirstBoot::PrimaryGroupMissing { .. }
        | FirstBoot::FurtherGroupMissing { .. }
        | FirstBoot::ImageGroupJoined { .. } => "group-missing",
        FirstBoot::UserGroupExists { .. } => "user-group-exists",
        FirstBoot::UserIdTaken { .. } => "uid-in-use",
        FirstBoot::HomeNotMade { .. } | FirstBoot::HomeNotMoved { .. } | FirstBoot::HomeNotRemoved { .. } => "home",
        FirstBoot::SshKeys { .. } => "ssh-keys",
        FirstBoot::OwnerUnknown { .. } => "user-unknown",
        FirstBoot::OwningGroupUnknown { .. } => "group-unknown",
        FirstBoot::Hash { .. } => "hash",
        FirstBoot::Gzip { .. } => "gzip",
        FirstBoot::BelowFile { .. } => "not-a-directory",
        FirstBoot::HardLinkTarget { .. } => "link-target-missing",
        FirstBoot::HardLinkOfDirectory { .. } => "hard-link-of-directory",
        FirstBoot::Exists { .. } | FirstBoot::UnitExists { .. } | FirstBoot::BelowDanglingLink { .. } => "exists",
        FirstBoot::GroupName { .. }
        | FirstBoot::GroupId { .. }
        | FirstBoot::UserName { .. }
        | FirstBoot::UserField { .. }
        | FirstBoot::UserId { .. } => "bad-argument",
        FirstBoot::PrimaryGroupDeleted { .. } => "group-busy",
        FirstBoot::HashText { .. } => "hash",
        FirstBoot::PathTooLong { .. } => "too-long",
        FirstBoot::LinkWithoutTarget { .. } => "config-invalid",
        FirstBoot::AppendWithoutSource { .. } => judge::CRASH,
        FirstBoot::Circle { .. } => "circle",
        FirstBoot::SamePlace { .. } => "same-place",
        FirstBoot::LeadsOut { .. } => LEADS_OUT,
        _ => "other",
    }
}

/// Whether two nodes are the same; ours may leave several hashes open.
fn is_same(real: &Value, ours: &Value) -> bool {
    match (real.as_array(), ours.as_array()) {
        (Some(real), Some(ours)) if real.len() == ours.len() => real.iter().zip(ours).all(|(real, ours)| match ours {
            Value::Array(open) => open.contains(real),
            // A file that was there before, of which the table says only that it is.
            Value::Null => true,
            ours => ours == real,
        }),
        _ => false,
    }
}

/// Where two verdicts differ.
pub(crate) fn difference(real: &Verdict, ours: &Verdict) -> Option<String> {
    // What comes of it is up to the system that Ignition runs on.
    if ours.first == LEADS_OUT {
        return None;
    }
    // Ignition does not always say which entry it is about.
    let is_same_subject = real.subject.is_none() || real.subject == ours.subject;
    if real.first != ours.first || !is_same_subject {
        return Some(format!("{} {:?}, ours {} {:?}", real.first, real.subject, ours.first, ours.subject));
    }
    if real.first != "ok" {
        return None;
    }
    let mut lines = Vec::new();
    for (path, form) in &real.tree {
        let ours = ours.tree.get(path);
        if !ours.is_some_and(|ours| is_same(form, ours)) {
            lines.push(format!("{path}: {form}, ours {}", ours.unwrap_or(&Value::Null)));
        }
    }
    lines.extend(
        ours.tree
            .iter()
            .filter(|(path, _)| !real.tree.contains_key(*path))
            .map(|(path, form)| format!("{path}: nothing, ours {form}")),
    );
    if real.users != ours.users {
        lines.push(format!("users {:?}, ours {:?}", real.users, ours.users));
    }
    if real.groups != ours.groups {
        lines.push(format!("groups {:?}, ours {:?}", real.groups, ours.groups));
    }
    (!lines.is_empty()).then(|| lines.join("; "))
}
