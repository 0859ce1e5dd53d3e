//! The management cluster: what it must serve, and clusters that it would take for one.

use std::collections::BTreeMap;

use flatwright_diagnostic::Report;
use flatwright_plan::{Contract, Plan};

use super::refuse;
use crate::rules::{Conflict, DuplicateName};
use crate::types::Spec;

/// The contract must be served, if the spec says which release there is.
pub(super) fn check(spec: &Spec, contract: Contract, report: &mut Report) {
    let Some(release) = spec.management.as_ref().and_then(|management| management.capi.as_ref()) else { return };
    if !contract.is_served_by(release.line()) {
        let rule = Conflict::Contract { release: release.as_str().to_owned(), contract: contract.name() };
        refuse(report, release.origin, &rule).hint(format!("compile with `--contract {}`", contract.other().name()));
    }
}

/// Checks clusters that are written together: two of one name would be one to the API server, and one directory on the disk.
pub fn check_together<'p>(plans: impl IntoIterator<Item = &'p Plan>, report: &mut Report) {
    let mut seen = BTreeMap::new();
    for plan in plans {
        let name = (&plan.namespace.value, &plan.name.value);
        let Some(first) = seen.insert(name, plan.name.origin) else { continue };
        let rule = DuplicateName::Cluster { name: name.1.clone(), namespace: name.0.clone() };
        let finding = refuse(report, plan.name.origin, &rule);
        finding.hint("give each its own `metadata.name`, or its own `metadata.namespace`");
        if let Some(first) = first.anchor() {
            finding.label(first, "the other is here");
        }
    }
}
