//! Nearest-name suggestions for unknown keys and names.

use crate::diagnostic::Applicability;

/// Longer than any key of any format here; the distance is quadratic, and the name is the user's.
const LONGEST: usize = 100;

/// The candidate that was most probably meant: the smallest edit distance (insert, delete, replace, swap of neighbours), case ignored, and at most a third of
/// the name's length; otherwise the only one that the name begins. `None` if nothing is near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
    meant(name, candidates).map(|(name, _)| name)
}

/// The nearest candidate, and whether it is certain: no other one is as near or begins with the name, which has three letters for each that is wrong, and all digits are right
/// (`md-1` is another pool than `md-0`).
pub(crate) fn meant<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<(&'a str, Applicability)> {
    if name.len() > LONGEST {
        return None;
    }
    let begins = |other: &str| other.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let closest = closest(name, candidates.clone()).map(|(nearest, applicability)| {
        // Half a word may have been meant for the whole as well.
        let is_rival = |other: &str| other != nearest && begins(other);
        let has_rival = !nearest.eq_ignore_ascii_case(name) && candidates.clone().into_iter().any(is_rival);
        (nearest, if has_rival { Applicability::Suggested } else { applicability })
    });
    closest.or_else(|| completed(name, candidates).map(|candidate| (candidate, Applicability::Suggested)))
}

fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, Applicability)> {
    let (written, length) = (name, name.chars().count());
    let limit = (length / 3).max(1);
    let name = folded(name);
    let mut best: Option<(usize, &str, Applicability)> = None;
    for candidate in candidates.into_iter().filter(|candidate| candidate.len() <= LONGEST) {
        let Some(distance) = distance(&name, &folded(candidate), limit) else { continue };
        match &mut best {
            Some((least, known, applicability)) if *least == distance => {
                if *known != candidate {
                    *applicability = Applicability::Suggested;
                }
            }
            Some((least, ..)) if *least < distance => {}
            _ if 3 * distance <= length && digits(candidate).eq(digits(written)) => {
                best = Some((distance, candidate, Applicability::Certain));
            }
            _ => best = Some((distance, candidate, Applicability::Suggested)),
        }
    }
    best.map(|(_, candidate, applicability)| (candidate, applicability))
}

/// The candidate with the smallest edit distance of at most `limit`, case ignored.
pub fn nearest_within<'a>(name: &str, limit: usize, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let name = folded(name);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .filter_map(|candidate| Some((distance(&name, &folded(candidate), limit)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The only candidate that the name begins, as `spot` begins `spotVMOptions`.
fn completed<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const SHORTEST: usize = 3;
    let begins =
        |candidate: &&str| candidate.get(..name.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(name));
    let mut found = candidates.into_iter().filter(begins);
    let first = found.next().filter(|_| name.len() >= SHORTEST)?;
    found.next().is_none().then_some(first)
}

/// The hint for an unknown name: the nearest candidate, or else the whole list when it is short.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    const LISTED: usize = 16;
    if let Some(candidate) = nearest(name, candidates.clone()) {
        return Some(format!("did you mean `{candidate}`?"));
    }
    let known: Vec<_> = candidates.into_iter().collect();
    match known.as_slice() {
        [] => None,
        known if known.len() > LISTED => None,
        known => Some(format!("known here: {}", known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", "))),
    }
}

fn digits(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(char::is_ascii_digit)
}

fn folded(name: &str) -> Vec<char> {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// The distance, if it is at most the limit. Thousands of names may have to be compared with thousands, so most are ruled out early.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let width = b.len() + 1;
    let mut rows = vec![0; 3 * width];
    let (mut before_last, rest) = rows.split_at_mut(width);
    let (mut last, mut row) = rest.split_at_mut(width);
    last.iter_mut().enumerate().for_each(|(j, cell)| *cell = j);
    let mut least_of_last = 0;
    for (i, x) in a.iter().enumerate() {
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            row[j + 1] = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                row[j + 1] = row[j + 1].min(before_last[j - 1] + 1);
            }
        }
        // Every later cell comes from these two rows and is no less.
        let least = row.iter().copied().min().unwrap_or_default();
        if least.min(least_of_last) > limit {
            return None;
        }
        least_of_last = least;
        (before_last, last, row) = (last, row, before_last);
    }
    Some(last[b.len()]).filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_whatever_the_case() {
        assert_eq!(nearest("vmsize", ["vmSize", "name"]), Some("vmSize"));
        assert_eq!(nearest("repilcas", ["replicas", "name"]), Some("replicas"));
        assert_eq!(nearest("zzz", ["replicas", "name"]), None);
        assert_eq!(nearest("abcd", ["abdc", "abcx"]), Some("abdc"));
        assert_eq!(nearest("abcdef", ["bacdfe", "bacdfex"]), Some("bacdfe"));
        assert_eq!(nearest("abcdef", ["cabdfex", ""]), None);
        assert_eq!(nearest("", ["a", "bb"]), Some("a"));
    }

    #[test]
    fn a_name_is_certain_if_no_other_is_as_near() {
        use Applicability::{Certain, Suggested};
        assert_eq!(meant("vmsize", ["vmSize", "vmSizes"]), Some(("vmSize", Certain)));
        assert_eq!(meant("repilcas", ["replicas", "name"]), Some(("replicas", Certain)));
        assert_eq!(meant("abcd", ["abcx", "abcy"]), Some(("abcx", Suggested)));
        assert_eq!(meant("abcd", ["abcx", "abcx"]), Some(("abcx", Certain)));
        assert_eq!(meant("ab", ["ax"]), Some(("ax", Suggested)));
        assert_eq!(meant("unhealthy", ["maxUnhealthy", "unhealthyNodeConditions"]), Some(("maxUnhealthy", Suggested)));
        assert_eq!(meant("spot", ["spotVMOptions"]), Some(("spotVMOptions", Suggested)));
    }

    #[test]
    fn names_without_a_near_one_are_ruled_out() {
        let known: Vec<String> = (0..2_000).map(|n| format!("known-name-{n}")).collect();
        for n in 0..50 {
            assert_eq!(nearest(&format!("other-field-{n}"), known.iter().map(String::as_str)), None);
        }
    }

    #[test]
    fn a_name_is_completed_if_that_is_unambiguous() {
        let known = ["spotVMOptions", "minReplicas", "maxReplicas", "maxSurge"];
        assert_eq!(suggest("spot", known).as_deref(), Some("did you mean `spotVMOptions`?"));
        assert_eq!(suggest("min", known).as_deref(), Some("did you mean `minReplicas`?"));
        for vague in ["max", "mi", "é"] {
            assert!(suggest(vague, known).is_some_and(|hint| hint.starts_with("known here")), "{vague}");
        }
    }

    #[test]
    fn a_short_list_is_shown_when_nothing_is_near() {
        assert_eq!(suggest("zzz", ["a1", "b2"]).as_deref(), Some("known here: `a1`, `b2`"));
    }
}
