//! One node group → what happens to its machines.
//!
//! Owns: which changes Cluster API rolls out, and which it makes in place. Sources: KubeadmControlPlane's and MachineDeployment's rollouts go by the names of templates, the version and the
//! bootstrap settings; what only the controllers read (timeouts, labels of machines, strategy, number) changes in place.

use flatwright_render::Sources;
use serde_json::Value as Json;

use super::change::{self, Change};
use super::plan::Place;
use super::shown::shown;
use super::state::{Known, State};
use crate::updates::alike;

/// What happens to a node group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Its objects change, its machines stay.
    InPlace,
    /// Every machine is replaced by a new one.
    Rolled,
    /// It is new.
    Created,
    /// Its machines are deleted.
    Removed,
}

impl Action {
    /// The word in texts and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::InPlace => "in place",
            Self::Rolled => "rolled",
            Self::Created => "new",
            Self::Removed => "removed",
        }
    }
}

/// What happens to one node group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPlan {
    /// `control-plane`, or the pool's name.
    pub name: String,
    /// The object: `MachineDeployment/demo-md-0`.
    pub object: String,
    /// What happens.
    pub action: Action,
    /// How many machines it has, before and after; nothing where the autoscaler decides.
    pub machines: (Option<i64>, Option<i64>),
    /// How machines are exchanged, in words, if they are.
    pub surge: Option<String>,
    /// Groups of a lower number are rolled first; 0 for groups that are not rolled.
    pub order: usize,
    /// What changes, the causes of a rollout first.
    pub changes: Vec<Change>,
    /// What is worth knowing beside it.
    pub notes: Vec<String>,
    /// Templates that its machines used so far, and that nothing names any more.
    pub left_behind: Vec<String>,
}

/// What a group is made of: where in its object the references stand.
pub(super) struct Shape {
    pub(super) kind: &'static str,
    /// Where the machine template is named, in both contracts.
    infrastructure: &'static [&'static str],
    bootstrap: Option<&'static str>,
    /// Below which fields a change rolls machines.
    rolls: &'static [&'static str],
    /// Where the strategy stands, in both contracts.
    strategy: &'static [&'static str],
}

pub(super) const SHAPES: [Shape; 3] = [
    Shape {
        kind: "KubeadmControlPlane",
        infrastructure: &[
            "spec.machineTemplate.spec.infrastructureRef.name",
            "spec.machineTemplate.infrastructureRef.name",
        ],
        bootstrap: None,
        rolls: &["spec.version", "spec.kubeadmConfigSpec"],
        strategy: &["spec.rollout.strategy", "spec.rolloutStrategy"],
    },
    Shape {
        kind: "MachineDeployment",
        infrastructure: &["spec.template.spec.infrastructureRef.name"],
        bootstrap: Some("spec.template.spec.bootstrap.configRef.name"),
        rolls: &["spec.template.spec.version", "spec.template.spec.failureDomain"],
        strategy: &["spec.rollout.strategy", "spec.strategy"],
    },
    Shape {
        kind: "MachinePool",
        infrastructure: &["spec.template.spec.infrastructureRef.name"],
        bootstrap: Some("spec.template.spec.bootstrap.configRef.name"),
        rolls: &["spec.template.spec.version"],
        strategy: &[],
    },
];

/// The templates of a group: kind and name.
fn templates<'o>(shape: &Shape, object: &'o Known) -> Vec<(&'static str, &'o str)> {
    let machine = shape.infrastructure.iter().find_map(|path| object.text(path));
    let bootstrap = shape.bootstrap.and_then(|path| object.text(path));
    let machine = machine.map(|name| ("AzureMachineTemplate", name));
    machine.into_iter().chain(bootstrap.map(|name| ("KubeadmConfigTemplate", name))).collect()
}

/// What happens to the group that is this object on the two sides.
pub(super) fn plan(
    shape: &Shape,
    name: String,
    (old_state, old): (&State, Option<&Known>),
    (new_state, new): (&State, Option<&Known>),
    sources: &Sources,
) -> GroupPlan {
    let any = new.or(old).expect("invariant: a group is on one side at least");
    let mut plan = GroupPlan {
        name,
        object: format!("{}/{}", any.kind(), any.name()),
        action: Action::Nothing,
        machines: (old.and_then(replicas), new.and_then(replicas)),
        surge: None,
        order: 0,
        changes: Vec::new(),
        notes: Vec::new(),
        left_behind: Vec::new(),
    };
    let (old, new) = match (old, new) {
        (Some(old), Some(new)) => (old, new),
        (None, _) => {
            plan.action = Action::Created;
            return plan;
        }
        (Some(_), None) => {
            plan.action = Action::Removed;
            plan.notes
                .push("who applies the objects must delete it: applying the new ones leaves it as it is".to_owned());
            return plan;
        }
    };
    let mut rolling = Vec::new();
    let mut quiet = Vec::new();
    let references = || shape.infrastructure.iter().copied().chain(shape.bootstrap);
    for change in differences(old, new, sources) {
        if references().any(|path| change.path == path) {
            continue;
        }
        let is_rolling = shape.rolls.iter().any(|path| is_below(&change.path, path));
        if is_rolling { rolling.push(change) } else { quiet.push(change) }
    }
    let (before, after) = (templates(shape, old), templates(shape, new));
    let mut is_rolled = !rolling.is_empty();
    for (kind, name) in &after {
        let previous = before.iter().find(|(other, _)| other == kind).map(|(_, name)| *name);
        let pair = previous.and_then(|previous| {
            Some((old_state.find(kind, old.namespace(), previous)?, new_state.find(kind, new.namespace(), name)?))
        });
        let changes = pair.map(|(old, new)| differences(old, new, sources)).unwrap_or_default();
        let changes: Vec<Change> = changes.into_iter().filter(|change| is_below(&change.path, "spec")).collect();
        if previous != Some(*name) {
            is_rolled = true;
            if changes.is_empty() {
                plan.notes.push(format!("{kind} has another name, `{name}`, and nothing else that is known to differ"));
            }
            rolling.extend(changes);
            plan.left_behind.extend(previous.map(|previous| format!("{kind}/{previous}")));
        } else if !changes.is_empty() {
            if *kind == "KubeadmConfigTemplate" {
                plan.notes.push(format!("{kind} `{name}` is edited in place: machines that exist keep what they have, new ones get the change"));
            }
            quiet.extend(changes);
        }
    }
    plan.action = match (is_rolled, quiet.is_empty()) {
        (true, _) => Action::Rolled,
        (false, false) => Action::InPlace,
        (false, true) => Action::Nothing,
    };
    if is_rolled {
        plan.surge = Some(surge(shape, new));
    }
    plan.changes = rolling;
    plan.changes.extend(quiet);
    plan
}

/// The number of machines; nothing where an autoscaler decides.
fn replicas(object: &Known) -> Option<i64> {
    object.at("spec.replicas").and_then(Json::as_i64)
}

/// Whether a path is this one or below it.
fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ' ']))
}

fn surge(shape: &Shape, object: &Known) -> String {
    let at = |key: &str| shape.strategy.iter().find_map(|path| object.at(&format!("{path}.{key}")));
    if at("type").and_then(Json::as_str) == Some("OnDelete") {
        return "when one is deleted".to_owned();
    }
    let amount = |key: &str, default: &str| match at(&format!("rollingUpdate.{key}")) {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => default.to_owned(),
    };
    let (more, less) = (amount("maxSurge", "1"), amount("maxUnavailable", "0"));
    match (more.as_str(), less.as_str()) {
        ("0" | "0%", "0" | "0%") => "one by one".to_owned(),
        (_, "0" | "0%") => format!("{more} more"),
        ("0" | "0%", _) => format!("{less} less"),
        _ => format!("{more} more, {less} less"),
    }
}

/// What differs between two versions of an object, without its name, with lines of the new side, or of the old one for what is gone.
pub(super) fn differences(old: &Known, new: &Known, sources: &Sources) -> Vec<Change> {
    let (before, after) = alike(&old.json, &new.json);
    let object = format!("{}/{}", new.kind(), new.name());
    let mut changes = Vec::new();
    for leaf in change::leaves(&before, &after, old.is_filled) {
        let path = leaf.path.to_string();
        if matches!(path.as_str(), "metadata.name" | "apiVersion") {
            continue;
        }
        let anchor = leaf.new.and(new.anchor(&leaf.path)).or_else(|| old.anchor(&leaf.path));
        let place = anchor.map(|(anchor, is_exact)| Place::of(&anchor, is_exact, sources));
        let texts = (leaf.old.and_then(Json::as_str), leaf.new.and_then(Json::as_str));
        if let (Some(before), Some(after)) = texts
            && path.ends_with("additionalConfig")
        {
            let parts = change::parts(before, after);
            if !parts.is_empty() {
                let part = |(sign, part): (char, String)| {
                    let own = if sign == '-' { old.part(&part) } else { new.part(&part) };
                    let place = own.map(|anchor| Place::of(&anchor, true, sources)).or_else(|| place.clone());
                    let path = format!("{path} {sign} {part}");
                    Change { object: object.clone(), path, old: None, new: None, place }
                };
                changes.extend(parts.into_iter().map(part));
                continue;
            }
        }
        let (old, new) = (shown(&leaf.path, leaf.old), shown(&leaf.path, leaf.new));
        changes.push(Change { object: object.clone(), path, old, new, place });
    }
    changes
}
