//! Arguments in bootstrap settings that stop a component: what its Kubernetes version does not have, and labels that a kubelet may not set.

use flatwright_diagnostic::Rule;
use flatwright_flatcar::kubernetes::kubelet_may_set;

use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::Findings;
use crate::set::removed_flags::{FLAGS, GATES, LOGGING, LOGGING_MINOR, NO_IN_TREE_AZURE, PLUGINS, Program};
use flatwright_kubernetes::version::Release;

/// What a minor of Kubernetes (of v1) no longer has.
#[derive(Debug, PartialEq, Rule)]
#[rule(group = "manifest-removed-flag")]
pub(crate) enum Removed {
    /// A command-line flag.
    #[rule("removed-argument", "there is no flag `--{flag}` in Kubernetes v1.{minor}")]
    Flag { flag: String, minor: u64 },
    /// A cloud provider inside the components.
    #[rule("removed-cloud-provider", "there is no built-in cloud provider `{provider}` in Kubernetes v1.{minor}")]
    CloudProvider { provider: &'static str, minor: u64 },
    /// An admission plugin.
    #[rule("removed-admission-plugin", "there is no admission plugin `{plugin}` in Kubernetes v1.{minor}")]
    AdmissionPlugin { plugin: &'static str, minor: u64 },
    /// A feature gate.
    #[rule("removed-feature-gate", "there is no feature gate `{gate}` in Kubernetes v1.{minor}")]
    FeatureGate { gate: &'static str, minor: u64 },
}

/// What a kubelet refuses to call its node.
#[derive(Debug, Rule)]
pub(crate) enum NodeLabel {
    /// A label in the name of Kubernetes.
    #[rule("manifest-node-label", "a kubelet may not set the label `{key}`")]
    Reserved { key: String },
}

const PLACES: &[(&str, Program)] = &[
    ("clusterConfiguration.apiServer.extraArgs", Program::ApiServer),
    ("clusterConfiguration.controllerManager.extraArgs", Program::ControllerManager),
    ("clusterConfiguration.scheduler.extraArgs", Program::Scheduler),
    ("initConfiguration.nodeRegistration.kubeletExtraArgs", Program::Kubelet),
    ("joinConfiguration.nodeRegistration.kubeletExtraArgs", Program::Kubelet),
];

pub(crate) fn check(group: &Group<'_>, findings: &mut Findings<'_>) {
    let Some((index, spec)) = &group.bootstrap else { return };
    let Some(version) = Release::parse(group.version.text_or_empty()).filter(|version| version.major == 1) else {
        return;
    };
    for (path, program) in PLACES {
        for (name, place, value) in arguments(&spec.get(path)) {
            if *program == Program::Kubelet && name == "node-labels" {
                node_labels(*index, &value, findings);
            }
            if let Some((removed, hint)) = judge(*program, name, value.text_or_empty(), version.minor) {
                findings
                    .on(*index)
                    .refuse(&place, &removed)
                    .note("the component stops at the unknown flag or value, and the node never becomes ready")
                    .hint(hint);
            }
        }
    }
}

/// A kubelet stops at a label in the name of Kubernetes that is not among those it may set.
fn node_labels(index: usize, value: &Field<'_>, findings: &mut Findings<'_>) {
    let keys = value.text_or_empty().split(',').map(|label| label.split('=').next().unwrap_or_default().trim());
    for key in keys.filter(|key| !kubelet_may_set(key)) {
        findings
            .on(index)
            .refuse(value, &NodeLabel::Reserved { key: key.to_owned() })
            .note("the kubelet stops with `unknown 'kubernetes.io' or 'k8s.io' labels`, and the node never joins")
            .hint("use a prefix of your own; `node-role.kubernetes.io/…` among the labels of the Machine is set by Cluster API");
    }
}

/// The arguments of either contract: a map, or a list of names and values.
fn arguments<'a>(field: &Field<'a>) -> Vec<(&'a str, Field<'a>, Field<'a>)> {
    let map = field.entries().map(|(name, value)| (name, value.clone(), value));
    let list = field.items().filter_map(|item| Some((item.get("name").text()?, item.get("name"), item.get("value"))));
    map.chain(list).collect()
}

/// What an argument asks for in vain, and what to do.
fn judge(program: Program, name: &str, value: &str, minor: u64) -> Option<(Removed, &'static str)> {
    let name = name.trim_start_matches('-').replace('_', "-");
    let gone = |first: u64| minor >= first;
    if let Some((.., hint)) =
        FLAGS.iter().find(|(owner, flag, first, _)| *owner == program && *flag == name && gone(*first))
    {
        return Some((Removed::Flag { flag: name, minor }, hint));
    }
    if LOGGING.contains(&name.as_str()) && gone(LOGGING_MINOR) {
        return Some((Removed::Flag { flag: name, minor }, "remove it: components log to standard error"));
    }
    match name.as_str() {
        "cloud-provider" if value == "azure" && gone(NO_IN_TREE_AZURE) => {
            Some((Removed::CloudProvider { provider: "azure", minor }, "write `external`"))
        }
        "enable-admission-plugins" => value.split(',').find_map(|plugin| {
            let (plugin, _, hint) = PLUGINS.iter().find(|(known, first, _)| *known == plugin.trim() && gone(*first))?;
            Some((Removed::AdmissionPlugin { plugin, minor }, *hint))
        }),
        "feature-gates" => value.split(',').find_map(|entry| {
            let gate = entry.split('=').next().unwrap_or_default().trim();
            let (gate, _) = GATES.iter().find(|(known, first)| *known == gate && gone(*first))?;
            Some((Removed::FeatureGate { gate, minor }, "remove the gate"))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_disappear_with_their_minor() {
        let wrong = |program, name, value, minor| judge(program, name, value, minor).is_some();
        assert!(!wrong(Program::ApiServer, "cloud-provider", "external", 32));
        assert!(wrong(Program::ApiServer, "cloud-provider", "external", 33));
        assert!(!wrong(Program::Kubelet, "cloud-provider", "external", 36));
        assert!(wrong(Program::Kubelet, "cloud-provider", "azure", 30));
        assert!(wrong(Program::ApiServer, "enable-admission-plugins", "NodeRestriction,PodSecurityPolicy", 25));
        assert!(wrong(Program::Kubelet, "feature-gates", "A=true,PodSecurity=true", 28));
        assert!(wrong(Program::Scheduler, "logtostderr", "true", 26));
        assert!(!wrong(Program::Scheduler, "v", "2", 36));
    }
}
