//! What must not be removed yet: templates of a rollout in progress.

use super::plan::ClusterPlan;

/// Templates that machines of a rollout still use. A MachineSet of the old machines makes new ones of them until the rollout is done.
pub(super) fn kept(cluster: &ClusterPlan) -> Vec<String> {
    let mut kept: Vec<String> = cluster.groups.iter().flat_map(|group| group.left_behind.iter().cloned()).collect();
    kept.sort();
    kept.dedup();
    kept
}

/// How tools that prune keep them.
pub(super) const RECIPES: [&str; 3] = [
    "kubectl apply -k, and kustomize: nothing is removed unless `--prune` is given",
    "Argo CD: the annotation `argocd.argoproj.io/sync-options: Prune=false` on the templates",
    "Flux: the annotation `kustomize.toolkit.fluxcd.io/prune: disabled` on the templates",
];
