//! Kubernetes versions as the provider reads them, and which kubeadm API each one gets.

use std::fmt;

/// A Kubernetes version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The first three numbers. Comparisons ignore the pre-release: 1.31.0-alpha.1 counts as 1.31.
    pub release: (u64, u64, u64),
    /// What follows the numbers, with its `-` or `+`.
    pub suffix: String,
}

/// A version of kubeadm's configuration API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KubeadmApi {
    /// Kubernetes 1.22 to 1.30.
    V1Beta3,
    /// Kubernetes 1.31 and later.
    V1Beta4,
}

impl Version {
    /// Reads a version tolerantly: with or without `v`, with one to three numbers, leading zeros dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let (numbers, suffix) = text.split_at(text.find(['-', '+']).unwrap_or(text.len()));
        let mut parts = numbers.split('.');
        let mut number = || -> Option<u64> { parts.next().map_or(Some(0), |part| digits(part)?.parse().ok()) };
        let release = (number()?, number()?, number()?);
        let is_full = numbers.bytes().filter(|b| *b == b'.').count() == 2;
        // Only a full version may carry a suffix, and a suffix is dot-separated identifiers.
        let is_suffix_good = suffix.is_empty() || (is_full && is_suffix(suffix));
        (parts.next().is_none() && is_suffix_good).then(|| Self { release, suffix: suffix.to_owned() })
    }

    /// Whether it is at least this minor release, whatever its pre-release.
    pub fn is_at_least(&self, major: u64, minor: u64) -> bool {
        (self.release.0, self.release.1) >= (major, minor)
    }

    /// The kubeadm API the provider writes for it.
    ///
    /// # Errors
    /// The provider's message for versions it no longer supports.
    pub fn kubeadm_api(&self) -> Result<KubeadmApi, String> {
        if !self.is_at_least(1, 22) {
            return Err(
                "the bootstrap provider for kubeadm doesn't support Kubernetes version lower than v1.22.0".into()
            );
        }
        Ok(if self.is_at_least(1, 31) { KubeadmApi::V1Beta4 } else { KubeadmApi::V1Beta3 })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.release;
        write!(f, "{major}.{minor}.{patch}{}", self.suffix)
    }
}

impl KubeadmApi {
    /// The `apiVersion` of its documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1Beta3 => "kubeadm.k8s.io/v1beta3",
            Self::V1Beta4 => "kubeadm.k8s.io/v1beta4",
        }
    }
}

fn digits(part: &str) -> Option<&str> {
    (!part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())).then(|| {
        let significant = part.trim_start_matches('0');
        if significant.is_empty() { "0" } else { significant }
    })
}

fn is_suffix(suffix: &str) -> bool {
    let (pre, build) = suffix.split_once('+').map_or((suffix, None), |(pre, build)| (pre, Some(build)));
    let is_identifiers = |text: &str| {
        text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
    };
    let is_numeric_sound =
        |part: &str| part.len() < 2 || !part.starts_with('0') || !part.bytes().all(|b| b.is_ascii_digit());
    let is_pre_good =
        pre.strip_prefix('-').map_or(pre.is_empty(), |pre| is_identifiers(pre) && pre.split('.').all(is_numeric_sound));
    is_pre_good && build.is_none_or(is_identifiers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_tolerantly() {
        for (text, shown) in [
            ("v1.33.3", "1.33.3"),
            (" 1.33 ", "1.33.0"),
            ("1", "1.0.0"),
            ("v01.02.3", "1.2.3"),
            ("v1.31.0-alpha.1+x", "1.31.0-alpha.1+x"),
        ] {
            assert_eq!(Version::parse(text).map(|version| version.to_string()), Some(shown.to_owned()), "{text}");
        }
        for text in ["", "v", "1.x", "1.2.3.4", "1.31-alpha", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "latest"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_pre_release_counts_as_its_release() {
        let api = |text| Version::parse(text).expect("invariant: written here").kubeadm_api();
        assert!(api("v1.21.9").is_err());
        assert_eq!(api("v1.22.0"), Ok(KubeadmApi::V1Beta3));
        assert_eq!(api("v1.30.9"), Ok(KubeadmApi::V1Beta3));
        assert_eq!(api("v1.31.0-alpha.1"), Ok(KubeadmApi::V1Beta4));
    }
}
