//! Lists whose entries must differ.

use std::collections::BTreeSet;
use std::fmt;

use crate::codec::Path;
use crate::problem::Node;

use super::report::Findings;

/// The keys seen so far in lists that share them.
pub(super) struct Seen<'a> {
    keys: BTreeSet<&'a str>,
}

impl<'a> Seen<'a> {
    pub(super) fn new() -> Self {
        Self { keys: BTreeSet::new() }
    }

    /// Reports the items of one list that were seen before.
    pub(super) fn check<T>(&mut self, findings: &mut Findings, list: &Path<'_>, items: &'a [T], key: fn(&T) -> &str) {
        for (i, item) in items.iter().enumerate() {
            if !self.keys.insert(key(item)) {
                findings.error(&list.index(i), Node::Duplicate);
            }
        }
    }
}

/// Reports the items of a list that stand on its own.
pub(super) fn check<T>(findings: &mut Findings, list: &Path<'_>, items: &[T], key: fn(&T) -> &str) {
    if items.len() > 1 {
        Seen::new().check(findings, list, items, key);
    }
}

/// Like [`check`], for keys that have to be made.
pub(super) fn check_made<T, K: Ord + fmt::Debug>(
    findings: &mut Findings,
    list: &Path<'_>,
    items: &[T],
    key: fn(&T) -> K,
) {
    let mut seen = BTreeSet::new();
    for (i, item) in items.iter().enumerate() {
        if !seen.insert(key(item)) {
            findings.error(&list.index(i), Node::Duplicate);
        }
    }
}
