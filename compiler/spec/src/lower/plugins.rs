//! Plugins, carried to the facade, which loads and runs them.

use flatwright_diagnostic::Traced;
use flatwright_plan as plan;

use super::{optional, text};
use crate::decode::Unit;
use crate::types::{self, Amount, FlatcarPolicies, Maybe, Plugin, PluginLimits, Sha256, Spec, Waiver};

/// The entries of a spec.
pub fn lower_plugins(spec: &Spec) -> Vec<plan::Plugin> {
    spec.plugins.iter().map(|entry| plugin(entry, None)).collect()
}

/// The entries of a file of policies, which bears this name.
pub fn lower_policies(policies: &FlatcarPolicies, file: &str) -> Vec<plan::Plugin> {
    policies.plugins.iter().map(|entry| plugin(entry, Some(file.to_owned()))).collect()
}

pub(super) fn waivers(spec: &Spec) -> Vec<plan::Waiver> {
    let waiver = |waiver: &Waiver| {
        let (plugin, code) = waiver.code.parts();
        plan::Waiver {
            plugin: plugin.to_owned(),
            code: code.to_owned(),
            place: waiver.place.as_ref().map(|place| place.0.clone()),
            reason: waiver.reason.as_ref().map(|reason| reason.as_str().to_owned()),
            until: optional(&waiver.until),
            origin: waiver.code.origin,
        }
    };
    spec.waivers.iter().map(waiver).collect()
}

fn plugin(plugin: &Plugin, outside: Option<String>) -> plan::Plugin {
    let matching = plugin.matching.as_ref();
    plan::Plugin {
        name: text(&plugin.name),
        source: text(&plugin.source),
        sha256: plugin.sha256.as_ref().map(|hash| hash.as_ref().map(Sha256::digits)),
        settings: plugin.settings.as_ref().map(|settings| settings.0.clone()),
        roles: matching
            .map(|matching| matching.roles.iter().map(|role| role_of(role.value)).collect())
            .unwrap_or_default(),
        pools: matching.map(|matching| super::texts(&matching.pools)).unwrap_or_default(),
        limits: plugin.limits.as_ref().map(limits).unwrap_or_default(),
        waivable: super::texts(&plugin.waivable),
        outside,
        origin: plugin.origin,
    }
}

pub(super) fn role_of(role: types::Role) -> plan::Role {
    match role {
        types::Role::ControlPlane => plan::Role::ControlPlane,
        types::Role::Worker => plan::Role::Worker,
    }
}

fn limits(limits: &PluginLimits) -> Vec<(&'static str, Traced<i64>)> {
    let all = [
        ("fuel", amount(limits.fuel)),
        ("totalFuel", amount(limits.total_fuel)),
        ("memoryMiB", amount(limits.memory)),
        ("tableElements", amount(limits.table_elements)),
        ("answerMiB", amount(limits.answer)),
        ("logLines", amount(limits.log_lines)),
        ("findings", amount(limits.findings)),
        ("logKiB", amount(limits.log)),
        ("seconds", amount(limits.seconds)),
        ("compileMemoryMiB", amount(limits.compile_memory)),
        ("compileSeconds", amount(limits.compile_seconds)),
    ];
    all.into_iter().filter_map(|(key, limit)| Some((key, limit?))).collect()
}

fn amount<const MOST: i64, U: Unit>(limit: Maybe<Amount<MOST, U>>) -> Option<Traced<i64>> {
    limit.map(|limit| limit.map(Amount::get))
}
