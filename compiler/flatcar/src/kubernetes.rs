//! Kubernetes on Flatcar: which labels a kubelet may set. Must not know a manifest.

/// Whether a kubelet starts with this key among its `--node-labels`: of Kubernetes' own names it may set only a few, so that no machine claims a role.
pub fn kubelet_may_set(label: &str) -> bool {
    const NAMES: &[&str] = &[
        "beta.kubernetes.io/arch",
        "beta.kubernetes.io/instance-type",
        "beta.kubernetes.io/os",
        "failure-domain.beta.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone",
        "kubernetes.io/arch",
        "kubernetes.io/hostname",
        "kubernetes.io/os",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    ];
    let prefix = label.split_once('/').map_or("", |(prefix, _)| prefix);
    let is_below =
        |domain: &str| prefix.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let is_reserved = is_below("kubernetes.io") || is_below("k8s.io");
    !is_reserved || is_below("kubelet.kubernetes.io") || is_below("node.kubernetes.io") || NAMES.contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kubelet_sets_few_of_the_names_of_kubernetes() {
        for label in ["team", "example.com/team", "mykubernetes.io/a", "node.kubernetes.io/a", "a.node.kubernetes.io/a"]
        {
            assert!(kubelet_may_set(label), "{label}");
        }
        assert!(kubelet_may_set("topology.kubernetes.io/zone"));
        for label in ["node-role.kubernetes.io/worker", "kubernetes.io/team", "app.kubernetes.io/name", "x.k8s.io/a"] {
            assert!(!kubelet_may_set(label), "{label}");
        }
    }
}
