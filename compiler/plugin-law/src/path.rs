//! How parts of the hooks' values are written in findings and edits: one spelling, by name and never by position.

use flatwright_plugin_host::model::kubeadm::{Taint, TaintEffect};
use flatwright_plugin_host::model::sysupdate::Transfer;

/// A file of the bootstrap provider.
pub fn of_file(path: &str) -> String {
    format!("node.files[\"{path}\"]")
}

/// A label of a node.
pub fn of_label(key: &str) -> String {
    format!("node.registration.labels[\"{key}\"]")
}

/// A taint: its key with its effect.
pub fn of_taint(taint: &Taint) -> String {
    format!("node.registration.taints[\"{}:{}\"]", taint.key, effect(&taint.effect))
}

/// How kubeadm writes an effect.
pub fn effect(effect: &TaintEffect) -> &str {
    match effect {
        TaintEffect::NoSchedule => "NoSchedule",
        TaintEffect::PreferNoSchedule => "PreferNoSchedule",
        TaintEffect::NoExecute => "NoExecute",
        TaintEffect::Other(other) => other,
    }
}

/// A transfer, with its component: two components may have files of one name.
pub fn of_transfer(transfer: &Transfer) -> String {
    let component = transfer.component.as_ref().map(|component| format!("{component}/")).unwrap_or_default();
    format!("transfers[\"{component}{}\"]", transfer.file_name)
}
