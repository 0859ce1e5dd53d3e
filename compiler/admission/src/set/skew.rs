//! Kubernetes versions of the control plane, of the pools and of what their machine configs fetch.

use std::collections::BTreeMap;

use flatwright_diagnostic::Rule;

use crate::set::groups::Group;
use crate::set::manifests::Findings;
use flatwright_kubernetes::version::Release;

/// Versions of one cluster that do not run together.
#[derive(Debug, Rule)]
#[rule(group = "manifest-version-skew")]
pub(crate) enum VersionSkew {
    /// A kubelet that is newer than the API server.
    #[rule("pool-newer-than-control-plane", "the pool runs {pool}, newer than the control plane's {control_plane}")]
    Newer { pool: Release, control_plane: Release },
    /// A kubelet that is older than the API server supports.
    #[rule("pool-too-old", "the pool runs {pool}, more than {oldest} minors older than {control_plane}")]
    TooOld { pool: Release, control_plane: Release, oldest: u64 },
    /// A minor whose machines can no longer join.
    #[rule("pool-of-an-older-minor", "the pool runs {pool}, the control plane {control_plane}")]
    OlderMinor { pool: Release, control_plane: Release },
    /// A machine config that fetches another version.
    #[rule("extension-of-another-version", "the machine config fetches Kubernetes {fetched}, the group says {version}")]
    Extension { fetched: Release, version: Release },
    /// An image that holds another version.
    #[rule("image-of-another-version", "the image holds Kubernetes {image}, the group says {version}")]
    Image { image: Release, version: Release },
}

pub(crate) fn check(groups: &[Group<'_>], findings: &mut Findings<'_>) {
    let planes: BTreeMap<usize, Release> = groups
        .iter()
        .filter(|group| group.is_control_plane)
        .filter_map(|group| Some((group.cluster?, Release::parse(group.version.text_or_empty())?)))
        .collect();
    for group in groups {
        if let Some(version) = Release::parse(group.version.text_or_empty()) {
            fetched(group, version, findings);
            if !group.is_control_plane {
                let control = group.cluster.and_then(|cluster| planes.get(&cluster));
                if let Some(control) = control {
                    against_control_plane(group, version, *control, findings);
                }
            }
        }
    }
}

fn against_control_plane(group: &Group<'_>, pool: Release, control_plane: Release, findings: &mut Findings<'_>) {
    // The kubelet may be three minors older since v1.28, two before.
    let oldest = if control_plane.minor >= 28 { 3 } else { 2 };
    let check = findings.on(group.owner);
    if (pool.major, pool.minor) > (control_plane.major, control_plane.minor) {
        check
            .refuse(&group.version, &VersionSkew::Newer { pool, control_plane })
            .note("a kubelet must not be newer than the API server; Cluster API makes no machines then")
            .hint(format!("set {control_plane} or older"));
    } else if pool.minor.saturating_add(oldest) < control_plane.minor {
        check
            .refuse(&group.version, &VersionSkew::TooOld { pool, control_plane, oldest })
            .hint(format!("set v1.{} or newer", control_plane.minor - oldest));
    } else if pool.minor < control_plane.minor {
        check
            .warn(&group.version, &VersionSkew::OlderMinor { pool, control_plane })
            .note("running nodes keep working, but no new machine of the pool can join: kubeadm must be of the control plane's minor")
            .hint(format!("set {control_plane}"));
    }
}

/// Compares the version with the system extensions that the machine config names.
fn fetched(group: &Group<'_>, version: Release, findings: &mut Findings<'_>) {
    let Some((index, config)) = group.config() else { return };
    let named = extensions(config.text_or_empty());
    if !named.is_empty() && !named.iter().any(|(known, _)| *known == version) {
        let (fetched, _) = named[0];
        findings
            .on(index)
            .warn(&config, &VersionSkew::Extension { fetched, version })
            .note("the node runs what the extension holds; kubeadm then refuses or joins with another version")
            .hint(format!("fetch `kubernetes-{version}-…`"));
    }
}

/// Kubernetes extensions in a text: `kubernetes-v1.34.2-x86-64.raw`.
pub(crate) fn extensions(text: &str) -> Vec<(Release, &str)> {
    const PREFIX: &str = "kubernetes-v";
    let mut found = Vec::new();
    for (start, _) in text.match_indices(PREFIX) {
        let rest = &text[start + PREFIX.len()..];
        let Some(end) = rest.find(".raw") else { continue };
        let Some((version, architecture)) = rest[..end].split_once('-') else { continue };
        if let (Some(version), "x86-64" | "arm64") = (Release::parse_strict(version), architecture) {
            found.push((version, architecture));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_found_in_text() {
        let text = "target: /opt/kubernetes-v1.34.2-x86-64.raw\nurl: https://e/kubernetes-v1.33.1-arm64.raw\nkubernetes-v1.2.raw kubernetes-v";
        let found: Vec<_> = extensions(text).into_iter().map(|(version, arch)| (version.to_string(), arch)).collect();
        assert_eq!(found, [("v1.34.2".to_owned(), "x86-64"), ("v1.33.1".to_owned(), "arm64")]);
    }
}
