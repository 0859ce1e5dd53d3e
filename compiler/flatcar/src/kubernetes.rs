//! Kubernetes versions as kubeadm and Cluster API read them, and what a kubelet takes.
//!
//! Owns: parsing, ordering and the normal form with `v`, what Flatcar is known to run, and which labels a kubelet may set. Must not: know a manifest.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A full semantic version, `v1.34.2` in its normal form. A missing `v` is added, as the webhooks of Cluster API do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KubernetesVersion {
    /// `1` in `v1.34.2`.
    pub major: u32,
    /// `34` in `v1.34.2`.
    pub minor: u32,
    /// `2` in `v1.34.2`.
    pub patch: u32,
    /// `rc.1` in `v1.34.2-rc.1`; empty for a release.
    pub pre_release: String,
    /// `abc` in `v1.34.2+abc`; empty if absent. Does not take part in the order.
    pub build: String,
}

/// Why a text is not a Kubernetes version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidVersion {
    /// Not three numbers: `v1.34`, `latest`, the empty text.
    NotThreeNumbers,
    /// A number with a leading zero, or one that does not fit 32 bits.
    BadNumber,
    /// A pre-release or build part that is empty, has an empty piece, a character outside `0-9A-Za-z-`, or a number with a leading zero.
    BadSuffix,
}

impl fmt::Display for InvalidVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotThreeNumbers => "a Kubernetes version has three numbers, such as `v1.34.2`",
            Self::BadNumber => "a number of a version has no leading zero and fits 32 bits",
            Self::BadSuffix => "the parts after `-` and `+` are letters, digits and `-`, separated by dots",
        })
    }
}

impl std::error::Error for InvalidVersion {}

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

impl KubernetesVersion {
    /// A release without suffixes.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch, pre_release: String::new(), build: String::new() }
    }

    /// Major and minor: what version skew is counted in.
    pub const fn minor_line(&self) -> (u32, u32) {
        (self.major, self.minor)
    }

    /// What is known about this version on current Flatcar (tested 1.34 to 1.36; 1.31 to 1.33 known to work).
    pub const fn support(&self) -> Support {
        match (self.major, self.minor) {
            (1, 34..=36) => Support::Tested,
            (1, 31..=33) => Support::KnownToWork,
            _ => Support::Unknown,
        }
    }
}

impl FromStr for KubernetesVersion {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, build) = split_suffix(text, '+')?;
        let (numbers, pre_release) = split_suffix(text, '-')?;
        let mut numbers = numbers.split('.');
        let (Some(major), Some(minor), Some(patch), None) =
            (numbers.next(), numbers.next(), numbers.next(), numbers.next())
        else {
            return Err(InvalidVersion::NotThreeNumbers);
        };
        let has_padded_number = |text: &str| text.split('.').any(|p| p.len() > 1 && p.starts_with('0') && is_digits(p));
        if has_padded_number(pre_release) {
            return Err(InvalidVersion::BadSuffix);
        }
        Ok(Self {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
            pre_release: pre_release.to_owned(),
            build: build.to_owned(),
        })
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre_release.is_empty() {
            write!(f, "-{}", self.pre_release)?;
        }
        if !self.build.is_empty() {
            write!(f, "+{}", self.build)?;
        }
        Ok(())
    }
}

impl Ord for KubernetesVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.major, self.minor, self.patch)
            .cmp(&(other.major, other.minor, other.patch))
            .then_with(|| compare_pre_releases(&self.pre_release, &other.pre_release))
            // Builds of one version have no order in semver; this one only keeps `Ord` and `Eq` in agreement.
            .then_with(|| self.build.cmp(&other.build))
    }
}

impl PartialOrd for KubernetesVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn split_suffix(text: &str, mark: char) -> Result<(&str, &str), InvalidVersion> {
    let Some((text, suffix)) = text.split_once(mark) else { return Ok((text, "")) };
    let is_piece = |piece: &str| !piece.is_empty() && piece.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if suffix.split('.').all(is_piece) { Ok((text, suffix)) } else { Err(InvalidVersion::BadSuffix) }
}

fn number(text: &str) -> Result<u32, InvalidVersion> {
    if !is_digits(text) {
        return Err(InvalidVersion::NotThreeNumbers);
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(InvalidVersion::BadNumber);
    }
    text.parse().map_err(|_| InvalidVersion::BadNumber)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn compare_pre_releases(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => match (is_digits(x), is_digits(y)) {
                // Without leading zeros the longer number is the greater one; no width limit.
                (true, true) => x.len().cmp(&y.len()).then_with(|| x.cmp(y)),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => x.cmp(y),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_form_has_the_v() {
        for (text, normal) in
            [("1.34.2", "v1.34.2"), ("v1.35.0-rc.1", "v1.35.0-rc.1"), ("1.30.0-a-b+c.01", "v1.30.0-a-b+c.01")]
        {
            assert_eq!(text.parse::<KubernetesVersion>().unwrap().to_string(), normal);
        }
    }

    #[test]
    fn what_is_not_a_full_version_is_refused_with_its_reason() {
        use InvalidVersion::{BadNumber, BadSuffix, NotThreeNumbers};
        for (text, reason) in [
            ("", NotThreeNumbers),
            ("v1.34", NotThreeNumbers),
            ("vv1.34.2", NotThreeNumbers),
            ("1.34.2.1", NotThreeNumbers),
            ("v01.34.2", BadNumber),
            ("v1.34.99999999999", BadNumber),
            ("v1.34.2-", BadSuffix),
            ("v1.34.2-rc.01", BadSuffix),
            ("v1.34.2+a_b", BadSuffix),
        ] {
            assert_eq!(text.parse::<KubernetesVersion>(), Err(reason), "{text}");
        }
    }

    #[test]
    fn versions_are_ordered_as_semver_says() {
        let ordered =
            ["v1.9.0", "v1.34.0-alpha.1", "v1.34.0-alpha.2", "v1.34.0-alpha.10", "v1.34.0-beta", "v1.34.0", "v1.34.1"];
        let versions: Vec<KubernetesVersion> = ordered.iter().map(|v| v.parse().unwrap()).collect();
        assert!(versions.is_sorted());
    }

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
        assert_eq!(KubernetesVersion::new(1, 36, 0).support(), Support::Tested);
        assert_eq!(KubernetesVersion::new(1, 31, 9).support(), Support::KnownToWork);
        assert_eq!(KubernetesVersion::new(1, 30, 9).support(), Support::Unknown);
    }
}
