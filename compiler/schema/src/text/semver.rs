//! Semantic versions.

use std::cmp::Ordering;

/// A version: three numbers and a pre-release. Build metadata does not count.
#[derive(Clone, Debug)]
pub(crate) struct Semver {
    numbers: [u64; 3],
    pre: Vec<Box<str>>,
}

impl Semver {
    /// Reads a version. Loosely, a `v` in front and leading zeros are dropped, and missing numbers are 0.
    pub(crate) fn parse(text: &str, loose: bool) -> Option<Self> {
        let text = if loose { text.trim().strip_prefix('v').unwrap_or(text.trim()) } else { text };
        let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
        let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
        let parts: Vec<&str> = core.split('.').collect();
        if parts.len() > 3 || (parts.len() < 3 && !loose) {
            return None;
        }
        let mut numbers = [0; 3];
        for (number, part) in numbers.iter_mut().zip(&parts) {
            let plain = part.len() == 1 || !part.starts_with('0') || loose;
            *number = part.parse().ok().filter(|_| plain && part.bytes().all(|b| b.is_ascii_digit()))?;
        }
        let identifiers = |text: &str, numeric: bool| -> Option<Vec<Box<str>>> {
            let fits = |part: &str| {
                let number = part.bytes().all(|b| b.is_ascii_digit());
                !part.is_empty()
                    && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && !(numeric && number && part.len() > 1 && part.starts_with('0'))
            };
            text.split('.').map(|part| fits(part).then(|| part.into())).collect()
        };
        if let Some(build) = build {
            identifiers(build, false)?;
        }
        let pre = pre.map_or(Some(Vec::new()), |pre| identifiers(pre, true))?;
        Some(Self { numbers, pre })
    }

    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let pairs = self.pre.iter().zip(&other.pre);
                let first = pairs.map(|(a, b)| order_identifiers(a, b)).find(|order| order.is_ne());
                first.unwrap_or_else(|| self.pre.len().cmp(&other.pre.len()))
            }
        })
    }

    /// Major, minor and patch.
    pub(crate) fn numbers(&self) -> [u64; 3] {
        self.numbers
    }
}

/// Numbers are lower than words and compare as numbers.
fn order_identifiers(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}
