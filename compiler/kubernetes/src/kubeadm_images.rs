//! The images that kubeadm pulls.
//!
//! Owns: reading `facts/kubeadm-images.txt`. Must not: guess a tag that nobody saw.

use crate::table::Table;
use crate::version::Release;

/// The tags.
pub static KUBEADM_IMAGES: Table = Table::new(include_str!("../../../facts/kubeadm-images.txt"));

/// Where kubeadm's images come from unless somebody says otherwise.
pub const REGISTRY: &str = "registry.k8s.io";

/// The tag of `coredns`, `pause` or `etcd` for a version of Kubernetes.
pub fn tag(image: &str, version: Release) -> Option<&'static str> {
    let row = KUBEADM_IMAGES.section("images").row(&format!("{}.{}", version.major, version.minor))?;
    if image != "etcd" {
        return row.value(image);
    }
    row.words().filter_map(|word| word.strip_prefix("etcd=")?.split_once(':')).find_map(|(patches, tag)| {
        let (first, last) = patches.split_once('-').unwrap_or((patches, patches));
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        (first..=last).contains(&version.patch).then_some(tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_those_that_were_seen() {
        let of = |image: &str, version: &str| tag(image, Release::parse(version).unwrap());
        assert_eq!(of("etcd", "v1.35.1"), Some("3.6.6-0"));
        assert_eq!((of("etcd", "v1.35.9"), of("pause", "v1.37.0"), of("etcd", "v1.20.0")), (None, None, None));
        assert_eq!((of("coredns", "v1.36.4"), of("pause", "v1.34.2")), (Some("v1.14.2"), Some("3.10.1")));
    }
}
