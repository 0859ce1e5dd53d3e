//! Plugins: which node groups they may change.

use flatwright_diagnostic::{Part, Report};

use super::refuse;
use crate::rules::{Conflict, UnknownValue};
use crate::types::{PluginMatch, Role, Spec};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    for matching in spec.plugins.iter().filter_map(|plugin| plugin.matching.as_ref()) {
        check_roles(matching, report);
    }
    let pools = || spec.pools.iter().map(|pool| pool.name.as_str());
    let matched =
        spec.plugins.iter().filter_map(|plugin| plugin.matching.as_ref()).flat_map(|matching| matching.pools.iter());
    for wanted in matched.filter(|wanted| !pools().any(|pool| pool == wanted.as_str())) {
        let finding = refuse(report, wanted.origin, &UnknownValue::Pool { pool: wanted.as_str().to_owned() });
        if wanted.as_str() == "control-plane" {
            finding.hint("for the control plane write `roles: [control-plane]`");
        } else {
            finding.did_you_mean(wanted.as_str(), Part::Value, pools());
        }
    }
}

/// A group must have one of the roles and one of the pools; pools are workers.
fn check_roles(matching: &PluginMatch, report: &mut Report) {
    let (Some(pool), Some(role)) = (matching.pools.first(), matching.roles.first()) else { return };
    if matching.roles.iter().all(|role| role.value != Role::Worker) {
        refuse(report, role.origin, &Conflict::PluginMatch { pool: pool.as_str().to_owned() })
            .hint("for the control plane and some pools, list the plugin twice, each time with a name of its own");
    }
}
