//! Which kubeadm API each Kubernetes version gets.

use flatwright_kubernetes::Version;

use crate::rules::Refused;

/// A version of kubeadm's configuration API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KubeadmApi {
    /// Kubernetes 1.22 to 1.30.
    V1Beta3,
    /// Kubernetes 1.31 and later.
    V1Beta4,
}

impl KubeadmApi {
    /// The one that the provider writes for a version, whatever its pre-release: 1.31.0-alpha.1 counts as 1.31.
    ///
    /// # Errors
    /// If the provider no longer supports the version.
    pub fn of(version: &Version) -> Result<Self, Refused> {
        match version.line() {
            line if line < (1, 22) => Err(Refused::OldVersion),
            line if line < (1, 31) => Ok(Self::V1Beta3),
            _ => Ok(Self::V1Beta4),
        }
    }

    /// The `apiVersion` of its documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1Beta3 => "kubeadm.k8s.io/v1beta3",
            Self::V1Beta4 => "kubeadm.k8s.io/v1beta4",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pre_release_counts_as_its_release() {
        let api = |text| KubeadmApi::of(&Version::parse_tolerant(text).expect("invariant: written here"));
        assert!(api("v1.21.9").is_err());
        assert_eq!(api("v1.22.0"), Ok(KubeadmApi::V1Beta3));
        assert_eq!(api("v1.30.9"), Ok(KubeadmApi::V1Beta3));
        assert_eq!(api("v1.31.0-alpha.1"), Ok(KubeadmApi::V1Beta4));
    }
}
