//! Azure machine pools whose admission looks for a MachinePool.

use flatwright_diagnostic::Rule;

use crate::set::manifests::{Findings, Set, name, namespace};
use flatwright_kubernetes::version::Release;

/// What the webhook refuses when it finds no fitting MachinePool.
#[derive(Debug, Rule)]
#[rule(group = "admission-pool-order")]
pub(crate) enum PoolOrder {
    /// No MachinePool has the name.
    #[rule("machine-pool-of-another-name", "`{setting}` needs a MachinePool of the name `{pool}`")]
    NoMachinePool { setting: String, pool: String },
    /// The MachinePool is applied after it.
    #[rule("machine-pool-comes-later", "this AzureMachinePool stands before its MachinePool")]
    ComesLater,
    /// Flexible scale sets are refused for older versions, and where no version is said.
    #[rule(
        "flexible-pool-version",
        "flexible scale sets need Kubernetes v1.26 or newer, and the pool says no such version"
    )]
    Version,
}

pub(crate) fn check(set: &Set<'_>, findings: &mut Findings<'_>) {
    for (index, pool) in set.of_kind("AzureMachinePool") {
        let (mode, identity) = (pool.get("spec.orchestrationMode"), pool.get("spec.identity"));
        let is_flexible = mode.holds("Flexible");
        if !is_flexible && !identity.holds("SystemAssigned") {
            continue;
        }
        let place = if is_flexible { &mode } else { &identity };
        match set.find("MachinePool", namespace(pool), name(pool)) {
            None => {
                let severity = findings.absence();
                findings
                    .on(index)
                    .add(severity, place, &PoolOrder::NoMachinePool { setting: place.shown(), pool: name(pool).to_owned() })
                    .note("the webhook looks the MachinePool up by the AzureMachinePool's own name, and refuses without it")
                    .hint("give both the same name, and apply the MachinePool first");
            }
            Some(owner) => {
                if owner > index {
                    findings
                        .on(index)
                        .warn(place, &PoolOrder::ComesLater)
                        .note("the webhook looks for the MachinePool for a few seconds, and then refuses")
                        .hint("put the MachinePool first");
                }
                let version = set.get(owner).get("spec.template.spec.version");
                let is_old = Release::parse(version.text_or_empty()).is_none_or(|v| (v.major, v.minor) < (1, 26));
                if is_flexible && is_old {
                    findings.on(owner).refuse(&version, &PoolOrder::Version).hint("set `version` of the MachinePool");
                }
            }
        }
    }
}
