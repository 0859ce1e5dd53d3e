//! A unified diff of two versions of a text, for dry runs.

/// Lines around a change.
const CONTEXT: usize = 3;

/// The changes from `before` to `after` as a unified diff of `name`; empty if there are none.
///
/// Lines that occur once on both sides are matched first (patience), so that a moved or added entry reads as one.
pub fn diff(before: &str, after: &str, name: &str) -> String {
    if before == after {
        return String::new();
    }
    let mut out = format!("--- a/{name}\n+++ b/{name}\n");
    let (old, new) = (lines(before), lines(after));
    for hunk in hunks(&changes(&old, &new), old.len()) {
        hunk.write(&old, &new, &mut out);
    }
    out
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// `old` lines replaced by `new` lines.
#[derive(Clone, Debug)]
struct Change {
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
}

/// The differing stretches, found by matching lines that occur once on both sides (patience), recursively between matches.
fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let mut out = Vec::new();
    let mut pending = vec![(0..old.len(), 0..new.len())];
    while let Some((mut o, mut n)) = pending.pop() {
        while !o.is_empty() && !n.is_empty() && old[o.start] == new[n.start] {
            o.start += 1;
            n.start += 1;
        }
        while !o.is_empty() && !n.is_empty() && old[o.end - 1] == new[n.end - 1] {
            o.end -= 1;
            n.end -= 1;
        }
        let matched = if o.is_empty() || n.is_empty() { Vec::new() } else { unique_matches(old, new, &o, &n) };
        if matched.is_empty() {
            if !o.is_empty() || !n.is_empty() {
                out.push(Change { old: o, new: n });
            }
            continue;
        }
        let mut from = (o.start, n.start);
        for (i, j) in matched {
            pending.push((from.0..i, from.1..j));
            from = (i + 1, j + 1);
        }
        pending.push((from.0..o.end, from.1..n.end));
    }
    out.sort_by_key(|change| (change.old.start, change.new.start));
    out
}

/// Pairs of equal lines that occur once in each range, increasing on both sides.
fn unique_matches(
    old: &[&str],
    new: &[&str],
    o: &std::ops::Range<usize>,
    n: &std::ops::Range<usize>,
) -> Vec<(usize, usize)> {
    let mut seen: std::collections::BTreeMap<&str, (usize, usize, usize, usize)> = std::collections::BTreeMap::new();
    for i in o.clone() {
        let entry = seen.entry(old[i]).or_default();
        (entry.0, entry.1) = (entry.0 + 1, i);
    }
    for j in n.clone() {
        let entry = seen.entry(new[j]).or_default();
        (entry.2, entry.3) = (entry.2 + 1, j);
    }
    let mut pairs: Vec<_> = seen.values().filter(|e| e.0 == 1 && e.2 == 1).map(|e| (e.1, e.3)).collect();
    pairs.sort_unstable();
    longest_increasing(&pairs)
}

/// The longest run of pairs (sorted by their first number) whose second numbers increase.
fn longest_increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut previous = vec![None; pairs.len()];
    for (index, pair) in pairs.iter().enumerate() {
        let at = tails.partition_point(|tail| pairs[*tail].1 < pair.1);
        previous[index] = at.checked_sub(1).map(|before| tails[before]);
        if at == tails.len() {
            tails.push(index);
        } else {
            tails[at] = index;
        }
    }
    let mut out = Vec::new();
    let mut at = tails.last().copied();
    while let Some(index) = at {
        out.push(pairs[index]);
        at = previous[index];
    }
    out.reverse();
    out
}

struct Hunk {
    changes: Vec<Change>,
    old_lines: usize,
}

fn hunks(changes: &[Change], old_lines: usize) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for change in changes {
        match hunks.last_mut() {
            Some(hunk) if hunk.changes.last().is_some_and(|last| change.old.start <= last.old.end + 2 * CONTEXT) => {
                hunk.changes.push(change.clone());
            }
            _ => hunks.push(Hunk { changes: vec![change.clone()], old_lines }),
        }
    }
    hunks
}

impl Hunk {
    fn write(&self, old: &[&str], new: &[&str], out: &mut String) {
        let (Some(first), Some(last)) = (self.changes.first(), self.changes.last()) else { return };
        let lead = first.old.start.min(CONTEXT);
        let tail = (self.old_lines - last.old.end).min(CONTEXT);
        let old_range = first.old.start - lead..last.old.end + tail;
        let new_range = first.new.start - lead..last.new.end + tail;
        out.push_str(&format!("@@ -{} +{} @@\n", place(&old_range), place(&new_range)));
        let mut at = old_range.start;
        for change in &self.changes {
            push(' ', &old[at..change.old.start], out);
            push('-', &old[change.old.clone()], out);
            push('+', &new[change.new.clone()], out);
            at = change.old.end;
        }
        push(' ', &old[at..old_range.end], out);
    }
}

fn place(range: &std::ops::Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        length => format!("{},{length}", range.start + 1),
    }
}

fn push(sign: char, lines: &[&str], out: &mut String) {
    for line in lines {
        out.push(sign);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_with_three_lines_around() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n13";
        let expected = "--- a/x\n+++ b/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -10,3 +10,4 @@\n 10\n 11\n 12\n+13\n\\ No newline at end of file\n";
        assert_eq!(diff(before, after, "x"), expected);
        assert_eq!(diff(before, before, "x"), "");
        assert_eq!(diff("", "a\n", "x"), "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n");
    }

    #[test]
    fn a_large_change_is_fast() {
        let before: String = (0..100_000).map(|i| format!("{}\n", i % 7)).collect();
        let after: String = (0..100_000).map(|i| format!("{}\n", i % 5)).collect();
        assert!(diff(&before, &after, "x").len() > before.len());
    }
}
