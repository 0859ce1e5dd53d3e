//! Versions of Kubernetes and of its images, read as Cluster API's providers and the API server do (`blang/semver`).

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// The three numbers of a version, for comparisons that do not care for pre-releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    /// `1` in `v1.34.2`.
    pub major: u64,
    /// `34` in `v1.34.2`.
    pub minor: u64,
    /// `2` in `v1.34.2`.
    pub patch: u64,
}

impl Release {
    /// The numbers of what [`Version::parse`] reads.
    pub fn parse(text: &str) -> Option<Self> {
        Version::parse(text).ok().map(|version| version.release())
    }

    /// The numbers of what [`Version::parse_strict`] reads.
    pub fn parse_strict(text: &str) -> Option<Self> {
        Version::parse_strict(text).ok().map(|version| version.release())
    }

    /// Major and minor: what version skew is counted in.
    pub const fn line(self) -> (u64, u64) {
        (self.major, self.minor)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A full semantic version, `1.34.2-rc.1+abc`. Shown without a `v`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(semver::Version);

/// Why a text is not a full version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidVersion {
    /// Not three numbers: `v1.34`, `latest`, the empty text.
    NotThreeNumbers,
    /// A number with a leading zero, or one that does not fit 64 bits.
    BadNumber,
    /// A pre-release or build part that is empty, has an empty piece, a character outside `0-9A-Za-z-`, or a number with a leading zero.
    BadSuffix,
}

impl fmt::Display for InvalidVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotThreeNumbers => "a Kubernetes version has three numbers, such as `v1.34.2`",
            Self::BadNumber => "a number of a version has no leading zero and fits 64 bits",
            Self::BadSuffix => "the parts after `-` and `+` are letters, digits and `-`, separated by dots",
        })
    }
}

impl std::error::Error for InvalidVersion {}

impl Version {
    /// Reads `1.34.2`, `1.34.2-rc.0`, `1.34.2+build` and nothing more lenient.
    ///
    /// # Errors
    /// Why the text is not a version.
    pub fn parse_strict(text: &str) -> Result<Self, InvalidVersion> {
        let version = semver::Version::parse(text).map_err(|_| reason(text))?;
        // A number in the pre-release is a number to the original too.
        let fits = |piece: &str| piece.bytes().any(|b| !b.is_ascii_digit()) || piece.parse::<u64>().is_ok();
        if version.pre.is_empty() || version.pre.split('.').all(fits) {
            Ok(Self(version))
        } else {
            Err(InvalidVersion::BadSuffix)
        }
    }

    /// Reads a version as Cluster API does after its defaulting: one leading `v` is allowed, and added where it is missing.
    ///
    /// # Errors
    /// Why the text is not a version.
    pub fn parse(text: &str) -> Result<Self, InvalidVersion> {
        Self::parse_strict(text.strip_prefix('v').unwrap_or(text))
    }

    /// Reads a version with leniency: a leading `v`, missing numbers and leading zeros. With blanks around, it is none.
    pub fn parse_normalized(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut parts: Vec<String> = text.splitn(3, '.').map(without_zeros).collect();
        if parts.len() < 3 {
            // Only a full version may have a suffix.
            if parts.last()?.contains(['+', '-']) {
                return None;
            }
            parts.resize(3, "0".to_owned());
        }
        Self::parse_strict(&parts.join(".")).ok()
    }

    /// As [`Self::parse_normalized`], with blanks around: `ParseTolerant` of the original.
    pub fn parse_tolerant(text: &str) -> Option<Self> {
        Self::parse_normalized(text.trim())
    }

    /// Reads an image tag, where `_` stands for the `+` that tags cannot have.
    pub fn parse_tag(tag: &str) -> Option<Self> {
        Self::parse_tolerant(&tag.replace('_', "+"))
    }

    /// A release without suffixes.
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self(semver::Version::new(major, minor, patch))
    }

    /// Its three numbers.
    pub const fn release(&self) -> Release {
        Release { major: self.0.major, minor: self.0.minor, patch: self.0.patch }
    }

    /// Major and minor: what version skew is counted in.
    pub const fn line(&self) -> (u64, u64) {
        self.release().line()
    }

    /// The order that semver defines: builds do not count.
    pub fn precedence(&self, other: &Self) -> Ordering {
        self.0.cmp_precedence(&other.0)
    }
}

impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        Self::parse(text)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn reason(text: &str) -> InvalidVersion {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_canonical = |part: &str| (part == "0" || !part.starts_with('0')) && part.parse::<u64>().is_ok();
    if core.split('.').count() != 3 || !core.split('.').all(is_number) {
        InvalidVersion::NotThreeNumbers
    } else if core.split('.').all(is_canonical) {
        InvalidVersion::BadSuffix
    } else {
        InvalidVersion::BadNumber
    }
}

/// A part without leading zeros; what begins with no digit then gets one back.
fn without_zeros(part: &str) -> String {
    let trimmed = part.trim_start_matches('0');
    match part.len() {
        0 | 1 => part.to_owned(),
        _ if trimmed.starts_with(|c: char| c.is_ascii_digit()) => trimmed.to_owned(),
        _ => format!("0{trimmed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_full_versions_are_versions() {
        for (text, shown) in [
            ("1.34.2", "1.34.2"),
            ("v1.34.2", "1.34.2"),
            ("1.34.2-rc.0", "1.34.2-rc.0"),
            ("v1.2.3+build.01", "1.2.3+build.01"),
            ("1.2.3-a-b.c", "1.2.3-a-b.c"),
        ] {
            assert_eq!(Version::parse(text).map(|version| version.to_string()), Ok(shown.to_owned()), "{text}");
        }
        use InvalidVersion::{BadNumber, BadSuffix, NotThreeNumbers};
        for (text, reason) in [
            ("", NotThreeNumbers),
            ("v", NotThreeNumbers),
            ("v1.34", NotThreeNumbers),
            ("vv1.34.2", NotThreeNumbers),
            ("V1.34.2", NotThreeNumbers),
            ("1.34.2.1", NotThreeNumbers),
            ("latest", NotThreeNumbers),
            ("v01.34.2", BadNumber),
            ("v1.34.99999999999999999999", BadNumber),
            ("v1.34.2-", BadSuffix),
            ("v1.34.2+", BadSuffix),
            ("v1.34.2-rc.01", BadSuffix),
            ("v1.34.2-99999999999999999999", BadSuffix),
            ("v1.34.2+a_b", BadSuffix),
        ] {
            assert_eq!(Version::parse(text), Err(reason), "{text}");
        }
        assert!(Version::parse_strict("v1.34.2").is_err());
    }

    #[test]
    fn tolerant_readers_fill_and_trim() {
        for (text, shown) in [
            ("v1.33.3", "1.33.3"),
            ("1.33", "1.33.0"),
            ("1", "1.0.0"),
            ("v01.02.3", "1.2.3"),
            ("1.2.03-rc", "1.2.3-rc"),
            ("v1.31.0-alpha.1+x", "1.31.0-alpha.1+x"),
        ] {
            assert_eq!(Version::parse_normalized(text).map(|it| it.to_string()).as_deref(), Some(shown), "{text}");
        }
        for text in ["", "v", "1.x", "1.2.3.4", "1.31-alpha", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "latest", " 1.2.3"] {
            assert_eq!(Version::parse_normalized(text), None, "{text}");
        }
        assert_eq!(Version::parse_tolerant(" 1.33 "), Some(Version::new(1, 33, 0)));
        assert_eq!(Version::parse_tag("1.8.0_foo").map(|it| it.to_string()).as_deref(), Some("1.8.0+foo"));
    }

    #[test]
    fn versions_are_ordered_as_semver_says() {
        let ordered =
            ["v1.9.0", "v1.34.0-alpha.1", "v1.34.0-alpha.2", "v1.34.0-alpha.10", "v1.34.0-beta", "v1.34.0", "v1.34.1"];
        let versions: Vec<Version> = ordered.iter().map(|text| text.parse().unwrap()).collect();
        assert!(versions.is_sorted());
        let build: Version = "1.34.0+b".parse().unwrap();
        assert_eq!(build.precedence(&Version::new(1, 34, 0)), Ordering::Equal);
    }
}
