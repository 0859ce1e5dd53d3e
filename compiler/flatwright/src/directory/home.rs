//! Where a cluster lies in an output directory, and what the `kustomization.yaml` above all of them lists.

use std::collections::BTreeMap;

use super::hash::Hash;
use super::inventory::{ClusterName, Section};

pub(super) const KUSTOMIZATION: &str = "kustomization.yaml";
pub(super) const MANIFESTS: &str = "manifests";
pub(super) const IGNITION: &str = "ignition";

/// The directory of a cluster beside others: `NAMESPACE.NAME`.
pub(super) fn place(cluster: &ClusterName) -> String {
    let place = format!("{}.{}", cluster.namespace, cluster.name);
    // The only such name that stands for something else already.
    if place == KUSTOMIZATION { format!("{place}.d") } else { place }
}

/// A path in the directory of a cluster, as it is below the output directory.
pub(super) fn below(place: &str, path: &str) -> String {
    if place.is_empty() { path.to_owned() } else { format!("{place}/{path}") }
}

/// What the topmost kustomization lists: the manifests of a cluster that lies at the top, and the directory of every other one. An object that several clusters have –
/// an identity that they share – is listed once, because kustomize refuses it twice.
pub(super) fn resources(clusters: &BTreeMap<ClusterName, Section>) -> Vec<String> {
    let mut resources = Vec::new();
    let mut seen: BTreeMap<(&str, &str), &Hash> = BTreeMap::new();
    for (cluster, section) in clusters {
        let prefix = below(&section.place, MANIFESTS) + "/";
        let manifests = section.files.iter().filter_map(|(path, hash)| Some((path, path.strip_prefix(&prefix)?, hash)));
        let mut listed = Vec::new();
        let mut shares = false;
        for (path, name, hash) in manifests {
            let known = *seen.entry((cluster.namespace.as_str(), name)).or_insert(hash);
            if std::ptr::eq(known, hash) || known != hash {
                listed.push(path.clone());
            } else {
                shares = true;
            }
        }
        if section.place.is_empty() || shares {
            resources.append(&mut listed);
        } else {
            resources.push(section.place.clone());
        }
    }
    resources
}
