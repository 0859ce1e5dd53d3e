//! Azure machine pools whose admission looks for a MachinePool.

use crate::code::POOL_ORDER;
use crate::set::manifests::{Findings, Set, name, namespace};
use flatwright_kubernetes::version::Release;

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
                    .push(POOL_ORDER, severity, place, format!("`{}` needs a MachinePool of the name `{}`", place.shown(), name(pool)))
                    .note("the webhook looks the MachinePool up by the AzureMachinePool's own name, and refuses without it")
                    .hint("give both the same name, and apply the MachinePool first");
            }
            Some(owner) => {
                if owner > index {
                    findings
                        .on(index)
                        .warning(POOL_ORDER, place, "this AzureMachinePool stands before its MachinePool")
                        .note("the webhook looks for the MachinePool for a few seconds, and then refuses")
                        .hint("put the MachinePool first");
                }
                let version = set.get(owner).get("spec.template.spec.version");
                let is_old = Release::parse(version.text_or_empty()).is_none_or(|v| (v.major, v.minor) < (1, 26));
                if is_flexible && is_old {
                    findings
                        .on(owner)
                        .error(
                            POOL_ORDER,
                            &version,
                            "flexible scale sets need Kubernetes v1.26 or newer, and the pool says no such version",
                        )
                        .hint("set `version` of the MachinePool");
                }
            }
        }
    }
}
