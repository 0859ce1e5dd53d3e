//! Selectors of add-ons and health checks that take nothing of the set.

use std::collections::BTreeMap;

use flatwright_diagnostic::Rule;
use serde_json::{Value, json};

use crate::field::Field;
use crate::selector;
use crate::set::groups::Group;
use crate::set::manifests::{COMPARED, Findings, Set, namespace};

/// What a selector takes of the set.
#[derive(Debug, Rule)]
#[rule(group = "manifest-selector-match")]
pub(crate) enum SelectorMatch {
    /// An add-on for no cluster.
    #[rule("selects-no-cluster", "no Cluster among the manifests has the labels that this {kind} selects")]
    NoCluster { kind: &'static str },
    /// A health check of no machine.
    #[rule("selects-no-machines", "no machines of these manifests have the labels that this health check selects")]
    NoMachines,
}

pub(crate) fn check(set: &Set<'_>, groups: &[Group<'_>], findings: &mut Findings<'_>) {
    if (1..=COMPARED).contains(&set.of_kind("Cluster").count()) {
        clusters(set, findings);
    }
    if (1..=COMPARED).contains(&groups.len()) {
        machines(set, groups, findings);
    }
}

fn clusters(set: &Set<'_>, findings: &mut Findings<'_>) {
    for kind in ["HelmChartProxy", "ClusterResourceSet"] {
        for (index, object) in set.of_kind(kind) {
            let own = object.get("spec.clusterSelector");
            let fits = set.of_kind("Cluster").any(|(_, cluster)| {
                namespace(cluster) == namespace(object) && selector::matches(&own, &cluster.get("metadata.labels"))
            });
            if !fits && !selector::is_empty(&own) {
                findings
                    .on(index)
                    .warn(&own, &SelectorMatch::NoCluster { kind })
                    .note("nothing would be installed, and no error shown")
                    .hint(format!("give the cluster the labels: {}", wanted(&own)));
            }
        }
    }
}

fn machines(set: &Set<'_>, groups: &[Group<'_>], findings: &mut Findings<'_>) {
    let labels: Vec<Value> =
        groups.iter().map(|group| json!(group.labels.iter().cloned().collect::<BTreeMap<_, _>>())).collect();
    for (index, object) in set.of_kind("MachineHealthCheck") {
        let own = object.get("spec.selector");
        let fits = labels.iter().any(|labels| selector::matches(&own, &Field::root(labels)));
        if !fits && !selector::is_empty(&own) {
            findings
                .on(index)
                .warn(&own, &SelectorMatch::NoMachines)
                .note("it would never replace a machine, and no error is shown")
                .hint("select `cluster.x-k8s.io/deployment-name: NAME`, or set the labels in the pool's `spec.template.metadata.labels`");
        }
    }
}

fn wanted(selector: &Field<'_>) -> String {
    let labels: Vec<_> =
        selector.get("matchLabels").entries().map(|(key, value)| format!("`{key}: {}`", value.shown())).collect();
    if labels.is_empty() { "those of `matchExpressions`".to_owned() } else { labels.join(", ") }
}
