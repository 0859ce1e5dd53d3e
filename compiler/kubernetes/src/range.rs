//! Versions that are asked for without saying which: `latest`, `v1.35`, `4593.2`, `>=4593.2.5 <4628`.
//!
//! Owns: the grammar of such a text, and whether a version of three numbers is meant by it. Must not: know which versions there are.

use std::fmt;
use std::str::FromStr;

use crate::version::Release;

/// The grammar for editors: `latest`, or words with blanks between them, each a version of one to three numbers or a comparison with one; all of them hold.
pub const PATTERN: &str = "^(latest|(>=|<=|>|<)?v?(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*)){0,2}( +(>=|<=|>|<)?v?(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*)){0,2})*)$";

/// What asks for the newest version of all.
pub const LATEST: &str = "latest";

/// More words than anybody needs.
const MOST_WORDS: usize = 8;

/// Versions from one on, and before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    from: Release,
    until: Option<Release>,
}

/// Why a text asks for no versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotARange {
    /// A word is neither a version nor a comparison with one.
    Malformed,
    /// No version satisfies all words.
    Empty,
}

impl fmt::Display for NotARange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "one to three numbers, or comparisons with such, are written with blanks between them",
            Self::Empty => "no version is in this range",
        })
    }
}

impl std::error::Error for NotARange {}

impl Range {
    /// Every version.
    pub const ALL: Self = Self { from: ZERO, until: None };

    /// Whether a version is meant.
    pub fn has(&self, version: Release) -> bool {
        self.from <= version && self.until.is_none_or(|until| version < until)
    }

    fn and(self, other: Self) -> Self {
        let until = match (self.until, other.until) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self { from: self.from.max(other.from), until }
    }
}

const ZERO: Release = Release { major: 0, minor: 0, patch: 0 };

impl FromStr for Range {
    type Err = NotARange;

    fn from_str(text: &str) -> Result<Self, NotARange> {
        if text == LATEST {
            return Ok(Self::ALL);
        }
        let mut range = None::<Self>;
        for (index, word) in text.split(' ').filter(|word| !word.is_empty()).enumerate() {
            if index == MOST_WORDS {
                return Err(NotARange::Malformed);
            }
            let word = word_range(word).ok_or(NotARange::Malformed)?;
            range = Some(range.map_or(word, |range| range.and(word)));
        }
        let range = range.filter(|_| !text.starts_with(' ') && !text.ends_with(' ')).ok_or(NotARange::Malformed)?;
        if range.until.is_some_and(|until| until <= range.from) { Err(NotARange::Empty) } else { Ok(range) }
    }
}

/// The versions of one word. A version of fewer than three numbers stands for all that begin with them.
fn word_range(word: &str) -> Option<Range> {
    let (sign, version) =
        ["<=", ">=", "<", ">"].iter().find_map(|sign| Some((*sign, word.strip_prefix(sign)?))).unwrap_or(("", word));
    let (first, next) = span(version.strip_prefix('v').unwrap_or(version))?;
    Some(match sign {
        "<" => Range { from: ZERO, until: Some(first) },
        "<=" => Range { from: ZERO, until: Some(next) },
        ">=" => Range { from: first, until: None },
        ">" => Range { from: next, until: None },
        _ => Range { from: first, until: Some(next) },
    })
}

/// The first version that begins with these numbers, and the first one after all of them.
fn span(text: &str) -> Option<(Release, Release)> {
    let number = |part: &str| {
        let is_plain = part.bytes().all(|b| b.is_ascii_digit()) && (part.len() == 1 || !part.starts_with('0'));
        // Small enough that the next one is a number too.
        if is_plain { part.parse::<u64>().ok().filter(|number| *number < u64::MAX) } else { None }
    };
    let numbers = text.split('.').map(number).collect::<Option<Vec<_>>>()?;
    let release = |major, minor, patch| Release { major, minor, patch };
    match numbers[..] {
        [major] => Some((release(major, 0, 0), release(major + 1, 0, 0))),
        [major, minor] => Some((release(major, minor, 0), release(major, minor + 1, 0))),
        [major, minor, patch] => Some((release(major, minor, patch), release(major, minor, patch + 1))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(range: &str, version: &str) -> bool {
        range.parse::<Range>().unwrap().has(Release::parse(version).unwrap())
    }

    #[test]
    fn versions_of_fewer_numbers_stand_for_all_that_begin_with_them() {
        assert!(has("4593.2", "4593.2.0") && has("4593.2", "4593.2.99") && !has("4593.2", "4593.3.0"));
        assert!(has("v1.35", "v1.35.9") && has("1", "v1.99.0") && !has("v1.35", "v1.3.5"));
        assert!(has("latest", "0.0.0") && has("4593.2.5", "4593.2.5") && !has("4593.2.5", "4593.2.6"));
    }

    #[test]
    fn comparisons_hold_together() {
        assert!(has(">=4593.2.5 <4628", "4593.2.5") && has(">=4593.2.5 <4628", "4627.0.0"));
        assert!(!has(">=4593.2.5 <4628", "4628.0.0") && !has(">=4593.2.5 <4628", "4593.2.4"));
        assert!(has("<=4593.2", "4593.2.9") && !has("<=4593.2", "4593.3.0"));
        assert!(has(">v1.34", "v1.35.0") && !has(">v1.34", "v1.34.9") && has("v1.35  >=v1.35.4", "1.35.4"));
    }

    #[test]
    fn other_texts_ask_for_nothing() {
        for text in [
            "",
            " ",
            " 1",
            "1 ",
            "newest",
            "1.2.3.4",
            "=1",
            "^1.2",
            "~1",
            "1.x",
            "01",
            "1.2.3-rc.1",
            "> 1",
            "1,2",
            "vv1",
            "latest 1",
        ] {
            assert_eq!(text.parse::<Range>(), Err(NotARange::Malformed), "{text:?}");
        }
        let endless = ["1"; 9].join(" ");
        assert_eq!(endless.parse::<Range>(), Err(NotARange::Malformed));
        for text in ["<1 >2", "4593.2 4593.3", ">=2 <2", "<0"] {
            assert_eq!(text.parse::<Range>(), Err(NotARange::Empty), "{text:?}");
        }
        assert!(format!(">={}", u64::MAX).parse::<Range>().is_err());
    }
}
