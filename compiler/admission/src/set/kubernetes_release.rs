//! Versions of Kubernetes that were never released, or are out of support. Must not: know today, unless it is told.

use std::collections::BTreeSet;

use flatwright_diagnostic::Rule;
use flatwright_kubernetes::releases::{RELEASES, minor, minors};
use flatwright_kubernetes::version::Release;

use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::{Findings, Set};

/// Versions that nobody can or should run.
#[derive(Debug, Rule)]
#[rule(group = "kubernetes-release")]
pub enum KubernetesRelease {
    /// A patch beyond the last one of its minor.
    #[rule("unreleased-kubernetes", "there is no Kubernetes {version}: the last patch of its minor is {last}")]
    Unreleased {
        /// The version.
        version: Release,
        /// The last patch of its minor.
        last: Release,
    },
    /// A version that is newer than the table.
    #[rule("unknown-kubernetes", "no Kubernetes {version} is known")]
    Unknown {
        /// The version.
        version: Release,
    },
    /// A minor whose support has ended.
    #[rule("kubernetes-out-of-support", "Kubernetes v{}.{} is out of support since {end}", version.major, version.minor)]
    Ended {
        /// The version.
        version: Release,
        /// The day.
        end: &'static str,
    },
}

pub(crate) fn check(set: &Set<'_>, groups: &[Group<'_>], findings: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    let versions = groups.iter().map(|group| (group.owner, group.version.clone()));
    let topologies = set.of_kind("Cluster").map(|(index, cluster)| (index, cluster.get("spec.topology.version")));
    for (index, field) in versions.chain(topologies) {
        if seen.insert(index) {
            version(index, &field, findings);
        }
    }
}

fn version(index: usize, field: &Field<'_>, findings: &mut Findings<'_>) {
    let Some(version) = Release::parse(field.text_or_empty()) else { return };
    let newest = minors().last().map(|minor| minor.newest);
    let today = findings.options().today;
    let check = findings.on(index);
    match minor(version) {
        Some(minor) if minor.is_final && minor.newest < version => {
            let rule = KubernetesRelease::Unreleased { version, last: minor.newest };
            check.refuse(field, &rule).hint(format!("write `{}`, or a newer minor", minor.newest));
        }
        Some(minor) if minor.newest < version => {
            check
                .warn(field, &KubernetesRelease::Unknown { version })
                .note(format!(
                    "the table of releases that was asked is of {}, and a newer one may know it",
                    RELEASES.day()
                ))
                .hint(format!("the newest patch of its minor that is known is `{}`", minor.newest));
        }
        None if newest.is_some_and(|newest| newest < version) => {
            let finding = check.warn(field, &KubernetesRelease::Unknown { version });
            finding.note(format!(
                "the table of releases that was asked is of {}, and a newer one may know it",
                RELEASES.day()
            ));
            if let Some(newest) = newest {
                finding.hint(format!("the newest one that is known is `{newest}`"));
            }
        }
        _ => {}
    }
    if let (Some(minor), Some(today)) = (minor(version), today)
        && today.is_after(minor.end)
    {
        let supported = minors().filter(|minor| !today.is_after(minor.end)).last();
        let finding = check.warn(field, &KubernetesRelease::Ended { version, end: minor.end });
        if let Some(newest) = supported {
            finding.hint(format!(
                "choose a minor that is supported; the newest one that is known is `v{}.{}`",
                newest.release.major, newest.release.minor
            ));
        }
    }
}
