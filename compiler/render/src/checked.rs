//! What a run looked at and what it did not: said at the end of every report, so that nothing passes unseen.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// Names shown for one reason; more are counted.
const SHOWN: usize = 5;

/// What was checked, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Files by kind, such as `butane`.
    pub files: BTreeMap<&'static str, usize>,
    /// Kubernetes objects by kind.
    pub objects: BTreeMap<String, usize>,
    /// Paths that were not checked, by the reason.
    pub left_out: BTreeMap<&'static str, BTreeSet<String>>,
    /// Objects of which only the metadata were checked, by kind: nothing is known about these kinds.
    pub metadata_only: BTreeMap<String, usize>,
}

impl Checked {
    /// Counts a checked file.
    pub fn file(&mut self, kind: &'static str) {
        *self.files.entry(kind).or_default() += 1;
    }

    /// Counts an object, of whose kind more is known than that it is one or not.
    pub fn object(&mut self, kind: &str, is_known: bool) {
        let counts = if is_known { &mut self.objects } else { &mut self.metadata_only };
        match counts.get_mut(kind) {
            Some(count) => *count += 1,
            None => *counts.entry(kind.to_owned()).or_default() += 1,
        }
    }

    /// Counts a file or a directory that was not checked. The reason goes on from "because".
    pub fn leave_out(&mut self, path: &str, reason: &'static str) {
        self.left_out.entry(reason).or_default().insert(path.to_owned());
    }

    /// Takes over what another part of the run counted.
    pub fn extend(&mut self, other: Self) {
        for (kind, count) in other.files {
            *self.files.entry(kind).or_default() += count;
        }
        for (kind, count) in other.objects {
            *self.objects.entry(kind).or_default() += count;
        }
        for (kind, count) in other.metadata_only {
            *self.metadata_only.entry(kind).or_default() += count;
        }
        for (reason, paths) in other.left_out {
            self.left_out.entry(reason).or_default().extend(paths);
        }
    }

    /// Whether nothing at all was checked.
    pub fn is_nothing(&self) -> bool {
        self.files.is_empty()
    }

    /// One line for what was checked, and one for each reason why something was not.
    pub fn lines(&self) -> Vec<String> {
        let mut first = format!("checked {}", listed(&self.files, "file"));
        if !self.objects.is_empty() {
            first.push_str(&format!("; {}", listed(&self.objects, "object")));
        }
        let metadata = (!self.metadata_only.is_empty())
            .then(|| format!("checked only the metadata of {}", listed(&self.metadata_only, "object")));
        let left_out = self.left_out.iter().map(|(reason, paths)| {
            let shown: Vec<_> = paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
            let more = paths.len().saturating_sub(SHOWN);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("not checked because {reason}: {} ({}{more})", paths.len(), shown.join(", "))
        });
        [first].into_iter().chain(metadata).chain(left_out).collect()
    }

    /// The same for programs; here every path is named.
    pub(crate) fn json(&self) -> Value {
        json!({
            "files": self.files,
            "objects": self.objects,
            "metadataOnly": self.metadata_only,
            "notChecked": self.left_out,
        })
    }
}

/// `3 objects: 1 Cluster, 2 Machine`.
fn listed<K: AsRef<str>>(counts: &BTreeMap<K, usize>, noun: &str) -> String {
    let total: usize = counts.values().sum();
    let plural = if total == 1 { "" } else { "s" };
    let kinds: Vec<_> = counts.iter().map(|(kind, count)| format!("{count} {}", kind.as_ref())).collect();
    let colon = if kinds.is_empty() { "" } else { ": " };
    format!("{total} {noun}{plural}{colon}{}", kinds.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_counts_kinds_and_reasons() {
        let mut checked = Checked::default();
        assert!(checked.is_nothing());
        assert_eq!(checked.lines(), ["checked 0 files"]);
        checked.file("manifests");
        checked.object("AzureCluster", true);
        checked.object("AzureCluster", true);
        checked.object("Service", false);
        let mut other = Checked::default();
        for name in ["a", "b", "c", "d", "e", "f"] {
            other.leave_out(name, "it is a link");
        }
        other.file("manifests");
        checked.extend(other);
        assert_eq!(
            checked.lines(),
            [
                "checked 2 files: 2 manifests; 2 objects: 2 AzureCluster",
                "checked only the metadata of 1 object: 1 Service",
                "not checked because it is a link: 6 (`a`, `b`, `c`, `d`, `e` and 1 more)",
            ]
        );
    }
}
