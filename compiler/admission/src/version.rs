//! Kubernetes versions, read as the webhooks read them (semver 2.0 without leniency).

use std::fmt;

/// A full semantic version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u64,
    pub(crate) minor: u64,
    pub(crate) patch: u64,
}

impl Version {
    /// Reads `1.34.2`, `1.34.2-rc.0`, `1.34.2+build`; `None` for everything else, also a leading `v` and leading zeros.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (rest, build) = split(text, '+');
        let (core, pre) = split(rest, '-');
        if !build.is_none_or(|ids| identifiers(ids, false)) || !pre.is_none_or(|ids| identifiers(ids, true)) {
            return None;
        }
        let mut parts = core.split('.').map(number);
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }

    /// Reads a version as CAPI does after its defaulting: one leading `v` is allowed, and added where it is missing.
    pub(crate) fn parse_kubernetes(text: &str) -> Option<Self> {
        Self::parse(text.strip_prefix('v').unwrap_or(text))
    }

    /// Reads an image tag as CAPI reads CoreDNS': `_` is `+`, parts may be missing, leading zeros are dropped.
    pub(crate) fn parse_tolerant(tag: &str) -> Option<Self> {
        let text = tag.replace('_', "+");
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut parts: Vec<String> = text.splitn(3, '.').map(trim_zeros).collect();
        if parts.len() < 3 {
            if parts.last()?.contains(['+', '-']) {
                return None;
            }
            parts.resize(3, "0".to_owned());
        }
        Self::parse(&parts.join("."))
    }

    /// `1.34`.
    pub(crate) fn minor_text(self) -> String {
        format!("{}.{}", self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}.{}", self.major, self.minor, self.patch)
    }
}

fn split(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(head, tail)| (head, Some(tail)))
}

fn number(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

fn identifiers(text: &str, zeros_matter: bool) -> bool {
    text.split('.').all(|id| {
        let digits = id.bytes().all(|b| b.is_ascii_digit());
        !id.is_empty()
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !(zeros_matter && digits && id.len() > 1 && id.starts_with('0'))
    })
}

fn trim_zeros(part: &str) -> String {
    let trimmed = part.trim_start_matches('0');
    if part.len() > 1 && !trimmed.starts_with(|c: char| c.is_ascii_digit()) {
        format!("0{trimmed}")
    } else if part.len() > 1 {
        trimmed.to_owned()
    } else {
        part.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_full_versions_are_versions() {
        for good in ["1.34.2", "v1.34.2", "1.34.2-rc.0", "v1.2.3+build.1", "1.2.3-a-b.c"] {
            assert!(Version::parse_kubernetes(good).is_some(), "{good}");
        }
        for bad in
            ["", "v", "1.34", "v01.34.2", "vv1.2.3", "V1.2.3", "1.2.3.4", "1.2.3-", "1.2.3-01", "1.2.3+", "latest"]
        {
            assert!(Version::parse_kubernetes(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn image_tags_are_read_with_leniency() {
        for good in ["v1.12.1", "1.8.0_foo", "1.12", "v1.08.1"] {
            assert!(Version::parse_tolerant(good).is_some(), "{good}");
        }
        for bad in ["latest", "foo!", "", "1.2-rc"] {
            assert!(Version::parse_tolerant(bad).is_none(), "{bad}");
        }
    }
}
