//! What node groups have in common: what the call for the cluster is shown.

use std::collections::BTreeMap;

use flatwright_plugin_host::model::kubeadm::{NodeSettings, Registration};
use flatwright_plugin_law::path;

use super::commands;

/// The settings that are equal in all of the groups. A key that differs, or is missing in one, is left out.
pub(super) fn settings(groups: impl Iterator<Item = NodeSettings>) -> NodeSettings {
    groups.reduce(common).unwrap_or_default()
}

fn common(mut a: NodeSettings, b: NodeSettings) -> NodeSettings {
    if a == b {
        return a;
    }
    keep(&mut a.kubelet_arguments, &b.kubelet_arguments, |argument| argument.name.clone());
    keep(&mut a.files, &b.files, |file| file.path.clone());
    NodeSettings {
        pre_commands: commands::in_common(&a.pre_commands, &b.pre_commands),
        post_commands: commands::in_common(&a.post_commands, &b.post_commands),
        registration: registration(a.registration, b.registration),
        ..a
    }
}

fn registration(mut a: Registration, b: Registration) -> Registration {
    keep(&mut a.labels, &b.labels, |(key, _)| key.clone());
    // Where one group leaves its taints to kubeadm there is no taint that all have.
    let taints = a.taints.zip(b.taints).map(|(mut a, b)| {
        keep(&mut a, &b, path::of_taint);
        a
    });
    Registration { name: a.name.filter(|name| b.name.as_ref() == Some(name)), taints, ..a }
}

/// Keeps the items that the other list has too, whatever the order.
fn keep<T: PartialEq>(items: &mut Vec<T>, others: &[T], key: impl Fn(&T) -> String) {
    let others: BTreeMap<String, &T> = others.iter().map(|other| (key(other), other)).collect();
    items.retain(|item| others.get(&key(item)).is_some_and(|other| *other == item));
}
