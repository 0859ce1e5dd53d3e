//! Labels that an answer gives twice: in `registration.labels`, and in the kubelet's argument, which carries them on the node.

use flatwright_diagnostic::Origin;
use flatwright_plan::NodeLabels;
use flatwright_plugin_host::model::cluster::Pair;
use flatwright_plugin_host::model::kubeadm::NodeSettings;

/// The labels of the argument, if the answer has it.
pub fn of_argument(settings: &NodeSettings) -> Vec<Pair> {
    let argument = settings.kubelet_arguments.iter().find(|argument| argument.name == NodeLabels::ARGUMENT);
    let labels = argument.map(|argument| NodeLabels::parse(&argument.value, Origin::Unknown)).unwrap_or_default();
    labels.iter().map(|label| (label.key.clone(), label.value.value.clone())).collect()
}

/// Moves the labels of the argument to the others; two values for one key have been refused.
pub fn join(settings: &mut NodeSettings) {
    for (key, value) in of_argument(settings) {
        if !settings.registration.labels.iter().any(|(known, _)| *known == key) {
            settings.registration.labels.push((key, value));
        }
    }
    settings.kubelet_arguments.retain(|argument| argument.name != NodeLabels::ARGUMENT);
}
