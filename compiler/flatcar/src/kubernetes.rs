//! Kubernetes on Flatcar: which versions are known to run, and which labels a kubelet may set. Must not know a manifest.

use flatwright_kubernetes::version::Release;

/// How well a Kubernetes version is known to run on current Flatcar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Among the versions that Flatcar tests with its current releases.
    Tested,
    /// Not tested any more, but known to work.
    KnownToWork,
    /// Nothing is known: older or newer than the table.
    Unknown,
}

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

/// What is known about this version on current Flatcar (tested 1.34 to 1.36; 1.31 to 1.33 known to work).
pub const fn support(version: Release) -> Support {
    match version.line() {
        (1, 34..=36) => Support::Tested,
        (1, 31..=33) => Support::KnownToWork,
        _ => Support::Unknown,
    }
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

    #[test]
    fn support_follows_the_minor() {
        let support = |text: &str| support(Release::parse(text).unwrap());
        assert_eq!(support("v1.36.0"), Support::Tested);
        assert_eq!(support("v1.31.9"), Support::KnownToWork);
        assert_eq!(support("v1.30.9"), Support::Unknown);
    }
}
