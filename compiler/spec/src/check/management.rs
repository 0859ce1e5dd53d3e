//! The management cluster: what it must serve, and clusters that it would take for one.

use std::collections::BTreeMap;

use flatwright_diagnostic::Report;
use flatwright_plan::{Contract, Plan};

use super::error;
use crate::code;
use crate::types::Spec;

/// The contract must be served, if the spec says which release there is.
pub(super) fn check(spec: &Spec, contract: Contract, report: &mut Report) {
    let Some(release) = spec.management.as_ref().and_then(|management| management.capi.as_ref()) else { return };
    if !contract.is_served_by(release.line()) {
        let message = format!("Cluster API {} does not serve contract {}", release.as_str(), contract.name());
        error(report, code::CONFLICTING_FIELDS, release.origin, message)
            .hint(format!("compile with `--contract {}`", contract.other().name()));
    }
}

/// Checks clusters that are written together: two of one name would be one to the API server, and one directory on the disk.
pub fn check_together<'p>(plans: impl IntoIterator<Item = &'p Plan>, report: &mut Report) {
    let mut seen = BTreeMap::new();
    for plan in plans {
        let name = (&plan.namespace.value, &plan.name.value);
        let Some(first) = seen.insert(name, plan.name.origin) else { continue };
        let message = format!("two clusters are named `{}` in namespace `{}`", name.1, name.0);
        let finding = error(report, code::DUPLICATE_NAME, plan.name.origin, message);
        finding.hint("give each its own `metadata.name`, or its own `metadata.namespace`");
        if let Some(first) = first.anchor() {
            finding.label(first, "the other is here");
        }
    }
}
