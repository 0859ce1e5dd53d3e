//! Nearest-name suggestions for unknown keys and names.

/// The candidate that was most probably meant: the smallest edit distance (insert, delete, replace, swap of neighbours), case ignored, and at most a third of
/// the name's length. `None` if nothing is near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer than any key of any format here; the distance is quadratic, and the name is the user's.
    const LONGEST: usize = 100;
    if name.len() > LONGEST {
        return None;
    }
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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

fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            row[j + 1] = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                row[j + 1] = row[j + 1].min(before_last[j - 1] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_whatever_the_case() {
        assert_eq!(nearest("vmsize", ["vmSize", "name"]), Some("vmSize"));
        assert_eq!(nearest("repilcas", ["replicas", "name"]), Some("replicas"));
        assert_eq!(nearest("zzz", ["replicas", "name"]), None);
    }

    #[test]
    fn a_short_list_is_shown_when_nothing_is_near() {
        assert_eq!(suggest("zzz", ["a1", "b2"]).as_deref(), Some("known here: `a1`, `b2`"));
    }
}
