//! Objects that stand twice: both are applied, and the later one wins.

use std::collections::BTreeMap;

use flatwright_diagnostic::Rule;
use flatwright_kubernetes::manifest;

use crate::set::manifests::{Findings, Set, kind, name, namespace};
use flatwright_kubernetes::is_placeholder;

/// What stands twice.
#[derive(Debug, Rule)]
pub(crate) enum Duplicate {
    /// The same object, whatever its version.
    #[rule("manifest-duplicate", "the {kind} `{name}` stands twice in namespace `{namespace}`")]
    Object { kind: String, name: String, namespace: String },
}

pub(crate) fn check(set: &Set<'_>, findings: &mut Findings<'_>) {
    let mut first = BTreeMap::new();
    for index in 0..set.len() {
        let object = set.get(index);
        let (own, kind, space) = (name(object), kind(object), namespace(object));
        // A name that is filled in later may be another each time.
        if own.is_empty() || is_placeholder(own) || is_placeholder(space) {
            continue;
        }
        let group = manifest::group(object.get("apiVersion").text_or_empty());
        if first.insert((group, kind, space, own), index).is_some() {
            let (name, namespace) = (own.to_owned(), space.to_owned());
            findings
                .on(index)
                .warn(&object.get("metadata.name"), &Duplicate::Object { kind: kind.to_owned(), name, namespace })
                .note("both are applied, and what the later one says is what the cluster has; a kustomization refuses them")
                .hint("remove one of them, or give one another name");
        }
    }
}
