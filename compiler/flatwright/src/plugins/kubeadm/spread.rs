//! The answer of the call for the cluster, brought to the node groups that the plugin's `match` covers.
//!
//! The answer is a difference to what was shown: a key with another value changes every group, a new key is added where a group has none, and what a group has of its
//! own stays. Nothing is removed: components of 0.1.0 were written when this call showed nothing, and removal is for the call per group.

use std::collections::BTreeMap;

use flatwright_diagnostic::Traced;
use flatwright_plan::{self as plan, GroupKubeadm, Plan, Role};
use flatwright_plugin_host::model::kubeadm::{NodeSettings, Taint};
use flatwright_plugin_law::{labels, path};

use super::super::pen::Pen;
use super::super::told::Kept;
use super::answer::{file, origin_of_content, taint};
use super::commands::Additions;
use super::question;

/// The taint that kubeadm gives a control plane node whose taints are left to it.
const CONTROL_PLANE_TAINT: (&str, &str) = ("node-role.kubernetes.io/control-plane", "NoSchedule");
const KUBEADM_RULE: &str = "kubeadm's own taint of a control plane node";

/// Brings an answer to the groups at the positions `covered`, and gives what it could not change.
pub(super) fn settings(
    plan: &mut Plan,
    covered: &[usize],
    shown: &NodeSettings,
    mut answer: NodeSettings,
    pen: &mut Pen<'_>,
) -> Kept {
    labels::join(&mut answer);
    let mut kept = Kept::default();
    let changes = Changes::new(shown, answer, &mut kept);
    for index in covered {
        let group = &mut plan.groups[*index];
        pen.group.clone_from(&group.name.value);
        changes.apply(&mut group.kubeadm, group.role, shown, pen, &mut kept);
    }
    kept
}

/// What differs from what was shown.
struct Changes {
    arguments: Vec<Change<flatwright_plugin_host::model::kubeadm::Argument>>,
    labels: Vec<Change<(String, String)>>,
    files: Vec<Change<flatwright_plugin_host::model::kubeadm::File>>,
    taints: Vec<Change<Taint>>,
    pre_commands: Additions,
    post_commands: Additions,
    name: Option<Change<String>>,
}

/// An item of the answer that is new or another than the shown one.
struct Change<T> {
    path: String,
    item: T,
    /// Whether all groups had the same under this key: then all change.
    was_shown: bool,
}

impl Changes {
    fn new(shown: &NodeSettings, answer: NodeSettings, kept: &mut Kept) -> Self {
        let (known, given) = (&shown.registration, answer.registration);
        let no_taints = Vec::new();
        let known_taints = known.taints.as_ref().unwrap_or(&no_taints);
        if known.taints.is_none() && given.taints.as_ref().is_some_and(Vec::is_empty) {
            kept.left_out.push("node.registration.taints".to_owned());
        }
        let label = |(key, _): &(String, String)| path::of_label(key);
        let argument = |name: &str| format!("node.kubelet-arguments[\"{name}\"]");
        let name = "node.registration.name";
        if known.name.is_some() && given.name.is_none() {
            kept.left_out.push(name.to_owned());
        }
        let pre_commands = Additions::of(&shown.pre_commands, answer.pre_commands);
        let post_commands = Additions::of(&shown.post_commands, answer.post_commands);
        for (path, additions) in [("node.pre-commands", &pre_commands), ("node.post-commands", &post_commands)] {
            kept.left_out.extend(additions.left_out.iter().map(|command| format!("{path}[{command:?}]")));
        }
        Self {
            arguments: changes(&shown.kubelet_arguments, answer.kubelet_arguments, |item| argument(&item.name), kept),
            labels: changes(&known.labels, given.labels, label, kept),
            files: changes(&shown.files, answer.files, |file| path::of_file(&file.path), kept),
            taints: changes(known_taints, given.taints.unwrap_or_default(), path::of_taint, kept),
            pre_commands,
            post_commands,
            name: given.name.filter(|given| known.name.as_ref() != Some(given)).map(|item| Change {
                path: name.to_owned(),
                item,
                was_shown: known.name.is_some(),
            }),
        }
    }

    fn apply(&self, kubeadm: &mut GroupKubeadm, role: Role, shown: &NodeSettings, pen: &mut Pen<'_>, kept: &mut Kept) {
        for Change { path, item, was_shown } in &self.arguments {
            let old = kubeadm.kubelet_args.get(&item.name);
            if let Some(value) = value(path, old, &item.value, *was_shown, pen, kept) {
                kubeadm.kubelet_args.insert(item.name.clone(), value);
            }
        }
        for Change { path, item: (key, new), was_shown } in &self.labels {
            if let Some(value) = value(path, kubeadm.labels.get(key), new, *was_shown, pen, kept) {
                kubeadm.labels.set(key, value);
            }
        }
        for Change { path, item, was_shown } in &self.files {
            let position = kubeadm.files.iter().position(|file| file.path.value == item.path);
            match position.map(|index| &mut kubeadm.files[index]) {
                None => kubeadm.files.push(file(None, item.clone(), pen)),
                Some(own) if *was_shown => *own = file(Some(own), item.clone(), pen),
                Some(own) => kept.own(path, &pen.group, origin_of_content(own)),
            }
        }
        self.taints(kubeadm, role, pen, kept);
        for (additions, shown, commands) in [
            (&self.pre_commands, &shown.pre_commands, &mut kubeadm.pre_commands),
            (&self.post_commands, &shown.post_commands, &mut kubeadm.post_commands),
        ] {
            let own: Vec<&str> = commands.iter().map(|command| command.value.as_str()).collect();
            for (place, command) in additions.places(shown, &own) {
                commands.insert(place, pen.write(command.clone()));
            }
        }
        if let Some(Change { path, item, was_shown }) = &self.name
            && let Some(name) = value(path, Some(&kubeadm.node_name), item, *was_shown, pen, kept)
        {
            kubeadm.node_name = name;
        }
    }

    fn taints(&self, kubeadm: &mut GroupKubeadm, role: Role, pen: &mut Pen<'_>, kept: &mut Kept) {
        if self.taints.is_empty() {
            return;
        }
        let taints = kubeadm.taints.get_or_insert_with(|| own_taints(role));
        for Change { path, item, was_shown } in &self.taints {
            let is_it = |known: &&mut plan::Taint| {
                known.key.value == item.key && known.effect.value == path::effect(&item.effect)
            };
            match taints.iter_mut().find(is_it) {
                None => taints.push(taint(item.clone(), pen)),
                Some(own) if question::taint(own) == *item => {}
                Some(own) if *was_shown => {
                    pen.replace(path, own.key.origin);
                    own.value = pen.put_maybe(path, own.value.as_ref(), item.value.clone());
                }
                Some(own) => kept.own(path, &pen.group, own.key.origin),
            }
        }
    }
}

/// What kubeadm would give a node whose taints are left to it.
fn own_taints(role: Role) -> Vec<plan::Taint> {
    let (key, effect) = CONTROL_PLANE_TAINT;
    let text = |text: &str| Traced::default_by(text.to_owned(), KUBEADM_RULE);
    match role {
        Role::ControlPlane => vec![plan::Taint { key: text(key), value: None, effect: text(effect) }],
        Role::Worker => Vec::new(),
    }
}

/// The value that a group gets; `None` if it has it already, or keeps one of its own.
fn value(
    path: &str,
    old: Option<&Traced<String>>,
    new: &str,
    was_shown: bool,
    pen: &mut Pen<'_>,
    kept: &mut Kept,
) -> Option<Traced<String>> {
    match old {
        None => Some(pen.write(new.to_owned())),
        Some(old) if old.value == new => None,
        Some(old) if was_shown => Some(pen.put(path, old, new.to_owned())),
        Some(old) => {
            kept.own(path, &pen.group, old.origin);
            None
        }
    }
}

/// The items of an answer that are new or changed. The paths are the keys.
fn changes<T: PartialEq>(shown: &[T], answer: Vec<T>, path: impl Fn(&T) -> String, kept: &mut Kept) -> Vec<Change<T>> {
    let known: BTreeMap<String, &T> = shown.iter().map(|item| (path(item), item)).collect();
    let mut is_met: BTreeMap<&str, bool> = known.keys().map(|path| (path.as_str(), false)).collect();
    let mut changes: Vec<Change<T>> = Vec::new();
    for item in answer {
        let path = path(&item);
        let was_shown = known.get(&path);
        let is_beside = is_met.get_mut(path.as_str()).is_some_and(|is_met| std::mem::replace(is_met, true));
        if is_beside {
            kept.beside.push(path.clone());
        }
        if was_shown.is_none_or(|shown| **shown != item) {
            changes.push(Change { path, item, was_shown: was_shown.is_some() });
        }
    }
    kept.left_out.extend(is_met.into_iter().filter(|(_, is_met)| !is_met).map(|(path, _)| path.to_owned()));
    changes
}
