//! Versions as coreos/go-semver v0.3 reads them, with its error texts.

use std::cmp::Ordering;
use std::fmt;

/// A version with its pre-release and metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) major: i64,
    pub(crate) minor: i64,
    pub(crate) patch: i64,
    pub(crate) pre_release: String,
    pub(crate) metadata: String,
}

impl Version {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (text, metadata) = text.split_once('+').unwrap_or((text, ""));
        let (text, pre_release) = text.split_once('-').unwrap_or((text, ""));
        let parts: Vec<&str> = text.splitn(3, '.').collect();
        let [major, minor, patch] = parts[..] else {
            return Err(format!("{text} is not in dotted-tri format"));
        };
        identifier(pre_release).map_err(|error| format!("failed to validate pre-release: {error}"))?;
        identifier(metadata).map_err(|error| format!("failed to validate metadata: {error}"))?;
        Ok(Self {
            major: parse_int(major)?,
            minor: parse_int(minor)?,
            patch: parse_int(patch)?,
            pre_release: pre_release.to_owned(),
            metadata: metadata.to_owned(),
        })
    }

    pub(crate) fn release(major: i64, minor: i64, patch: i64) -> Self {
        Self { major, minor, patch, ..Self::default() }
    }

    pub(crate) fn is_less_than(&self, other: &Self) -> bool {
        let numbers = (self.major, self.minor, self.patch).cmp(&(other.major, other.minor, other.patch));
        numbers.then_with(|| pre_release(&self.pre_release, &other.pre_release)) == Ordering::Less
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre_release.is_empty() {
            write!(f, "-{}", self.pre_release)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn identifier(id: &str) -> Result<(), String> {
    let is_valid = id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    if is_valid { Ok(()) } else { Err(format!("{id} is not a valid semver identifier")) }
}

fn parse_int(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let quoted = flatwright_go::quote::quote(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("strconv.ParseInt: parsing {quoted}: invalid syntax"));
    }
    text.parse().map_err(|_| format!("strconv.ParseInt: parsing {quoted}: value out of range"))
}

fn pre_release(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let (mut a, mut b) = (a.split('.'), b.split('.'));
            loop {
                let order = match (a.next(), b.next()) {
                    (None, None) => return Ordering::Equal,
                    (None, Some(_)) => Ordering::Less,
                    (Some(_), None) => Ordering::Greater,
                    (Some(a), Some(b)) => match (a.parse::<i64>(), b.parse::<i64>()) {
                        (Ok(a), Ok(b)) => a.cmp(&b),
                        (Ok(_), Err(_)) => Ordering::Less,
                        (Err(_), Ok(_)) => Ordering::Greater,
                        (Err(_), Err(_)) => a.cmp(b),
                    },
                };
                if order != Ordering::Equal {
                    return order;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered() {
        let ordered =
            ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-2.x", "1.0.0", "1.0.1", "1.2.0", "2.0.0"];
        let parse = |text: &str| Version::parse(text).expect("a version");
        assert!(parse("1.0.0-alpha").is_less_than(&parse("1.0.0")));
        assert!(parse("1.0.0-1").is_less_than(&parse("1.0.0-a")));
        for pair in ["1.0.0", "1.0.1", "1.2.0", "2.0.0"].windows(2) {
            assert!(parse(pair[0]).is_less_than(&parse(pair[1])) && !parse(pair[1]).is_less_than(&parse(pair[0])));
        }
        for text in ordered {
            assert_eq!(parse(text).to_string(), text);
        }
        assert_eq!(parse("1.2.3-a+b").to_string(), "1.2.3-a+b");
    }

    #[test]
    fn what_is_no_version_is_refused_in_the_originals_words() {
        for (text, error) in [
            ("1.2", "1.2 is not in dotted-tri format"),
            ("v1.2.3", "strconv.ParseInt: parsing \"v1\": invalid syntax"),
            ("1.2.3-a b", "failed to validate pre-release: a b is not a valid semver identifier"),
            ("1.2.99999999999999999999", "strconv.ParseInt: parsing \"99999999999999999999\": value out of range"),
        ] {
            assert_eq!(Version::parse(text), Err(error.to_owned()));
        }
    }
}
