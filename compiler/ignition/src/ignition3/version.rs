//! The versions of the specification.

/// A version of the Ignition 3 specification. Only these exact versions are accepted anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 3.0.0
    V3_0,
    /// 3.1.0: what Flatcar makes of 2.x configs.
    V3_1,
    /// 3.2.0
    V3_2,
    /// 3.3.0
    V3_3,
    /// 3.4.0
    V3_4,
    /// 3.5.0
    V3_5,
    /// 3.6.0
    V3_6,
    /// 3.7.0-experimental
    V3_7Experimental,
}

impl Version {
    /// All of them, oldest first.
    pub const ALL: [Self; 8] =
        [Self::V3_0, Self::V3_1, Self::V3_2, Self::V3_3, Self::V3_4, Self::V3_5, Self::V3_6, Self::V3_7Experimental];

    /// The text in `ignition.version`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0.0",
            Self::V3_1 => "3.1.0",
            Self::V3_2 => "3.2.0",
            Self::V3_3 => "3.3.0",
            Self::V3_4 => "3.4.0",
            Self::V3_5 => "3.5.0",
            Self::V3_6 => "3.6.0",
            Self::V3_7Experimental => "3.7.0-experimental",
        }
    }

    /// The minor number.
    pub const fn minor(self) -> u8 {
        match self {
            Self::V3_0 => 0,
            Self::V3_1 => 1,
            Self::V3_2 => 2,
            Self::V3_3 => 3,
            Self::V3_4 => 4,
            Self::V3_5 => 5,
            Self::V3_6 => 6,
            Self::V3_7Experimental => 7,
        }
    }

    /// The version of that text.
    pub fn parse(text: &str) -> Option<Self> {
        let core = Semver::parse(text)?;
        Self::ALL.into_iter().find(|version| Semver::parse(version.as_str()).as_ref() == Some(&core))
    }
}

/// A semantic version as Go's `go-semver` reads it: three parts, leading zeros allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Semver {
    pub(crate) numbers: [i64; 3],
    pub(crate) prerelease: String,
    pub(crate) metadata: String,
}

impl Semver {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (text, metadata) = text.split_once('+').unwrap_or((text, ""));
        let (text, prerelease) = text.split_once('-').unwrap_or((text, ""));
        let is_identifier = |text: &str| {
            text.split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
        };
        if [prerelease, metadata].iter().any(|part| !part.is_empty() && !is_identifier(part)) {
            return None;
        }
        let mut parts = text.splitn(3, '.').map(|part| {
            (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok()).flatten()
        });
        let numbers = [parts.next()??, parts.next()??, parts.next()??];
        Some(Self { numbers, prerelease: prerelease.to_owned(), metadata: metadata.to_owned() })
    }
}
