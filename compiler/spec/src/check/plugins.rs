//! Plugins: which node groups they may change.

use flatwright_diagnostic::{Report, suggest};

use super::error;
use crate::code;
use crate::types::{PluginMatch, Role, Spec};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    for matching in spec.plugins.iter().filter_map(|plugin| plugin.matching.as_ref()) {
        check_roles(matching, report);
    }
    let pools = || spec.pools.iter().map(|pool| pool.name.as_str());
    let matched =
        spec.plugins.iter().filter_map(|plugin| plugin.matching.as_ref()).flat_map(|matching| &matching.pools);
    for wanted in matched.filter(|wanted| !pools().any(|pool| pool == wanted.as_str())) {
        let fact = format!("there is no pool `{}`", wanted.as_str());
        let diagnostic = error(report, code::UNKNOWN_VALUE, wanted.origin, fact);
        if wanted.as_str() == "control-plane" {
            diagnostic.hint("for the control plane write `roles: [control-plane]`");
        } else if let Some(hint) = suggest(wanted.as_str(), pools().collect::<Vec<_>>()) {
            diagnostic.hint(hint);
        }
    }
}

/// A group must have one of the roles and one of the pools; pools are workers.
fn check_roles(matching: &PluginMatch, report: &mut Report) {
    let (Some(pool), Some(role)) = (matching.pools.first(), matching.roles.first()) else { return };
    if matching.roles.iter().all(|role| role.value != Role::Worker) {
        let fact = format!("no node group is the pool `{}` and has the role `control-plane`", pool.as_str());
        error(report, code::CONFLICTING_FIELDS, role.origin, fact)
            .hint("for the control plane and some pools, list the plugin twice, each time with a name of its own");
    }
}
