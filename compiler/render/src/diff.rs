//! A unified diff of two versions of a text, for dry runs.

use similar::TextDiff;

/// Lines around a change.
const CONTEXT: usize = 3;

/// The changes from `before` to `after` as a unified diff of `name`; empty if there are none.
pub fn diff(before: &str, after: &str, name: &str) -> String {
    let (old, new) = (lines(before), lines(after));
    let diff = TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
    diff.unified_diff().context_radius(CONTEXT).header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

/// Lines as `patch` counts them; the library also ends one at a carriage return.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
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
