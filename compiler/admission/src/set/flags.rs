//! Arguments in bootstrap settings that stop a component: what its Kubernetes version does not have, and labels that a kubelet may not set.

use flatwright_flatcar::kubernetes::kubelet_may_set;

use crate::code::{NODE_LABEL, REMOVED_FLAG};
use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::Findings;
use crate::set::removed_flags::{FLAGS, GATES, LOGGING, LOGGING_MINOR, NO_IN_TREE_AZURE, PLUGINS, Program};
use flatwright_kubernetes::version::Release;

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
            let finding = judge(*program, name, value.text_or_empty(), version.minor);
            if let Some((message, hint)) = finding {
                findings
                    .on(*index)
                    .error(
                        REMOVED_FLAG,
                        &place,
                        format!("{message} in Kubernetes v{}.{}", version.major, version.minor),
                    )
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
            .error(NODE_LABEL, value, format!("a kubelet may not set the label `{key}`"))
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

/// What is wrong with an argument, and what to do.
fn judge(program: Program, name: &str, value: &str, minor: u64) -> Option<(String, String)> {
    let name = name.trim_start_matches('-').replace('_', "-");
    let gone = |first: u64| minor >= first;
    if let Some((.., hint)) =
        FLAGS.iter().find(|(owner, flag, first, _)| *owner == program && *flag == name && gone(*first))
    {
        return Some((format!("there is no flag `--{name}`"), (*hint).to_owned()));
    }
    if LOGGING.contains(&name.as_str()) && gone(LOGGING_MINOR) {
        return Some((
            format!("there is no flag `--{name}`"),
            "remove it: components log to standard error".to_owned(),
        ));
    }
    match name.as_str() {
        "cloud-provider" if value == "azure" && gone(NO_IN_TREE_AZURE) => {
            Some(("there is no built-in cloud provider `azure`".to_owned(), "write `external`".to_owned()))
        }
        "enable-admission-plugins" => value.split(',').find_map(|plugin| {
            let (_, _, hint) = PLUGINS.iter().find(|(known, first, _)| *known == plugin.trim() && gone(*first))?;
            Some((format!("there is no admission plugin `{}`", plugin.trim()), (*hint).to_owned()))
        }),
        "feature-gates" => value.split(',').find_map(|entry| {
            let gate = entry.split('=').next().unwrap_or_default().trim();
            GATES.iter().find(|(known, first)| *known == gate && gone(*first))?;
            Some((format!("there is no feature gate `{gate}`"), "remove the gate".to_owned()))
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
