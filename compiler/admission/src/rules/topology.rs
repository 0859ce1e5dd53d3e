//! The topology of a `Cluster` that is made from a ClusterClass.

use std::collections::BTreeSet;

use crate::check::Check;
use crate::code::{CLUSTER_CLASS, FEATURE_GATE, ROLLOUT_SETTINGS};
use crate::contract::Contract;
use crate::field::Field;
use crate::rules::kubeadm_control_plane::taints;
use crate::rules::kubernetes_version::version;
use crate::rules::machine_deployment::{MAX_SIZE, MIN_SIZE, rolling_update};
use crate::rules::{contract_fields, limits, limits_table, metadata};

const CONCURRENCY: &str = "topology.cluster.x-k8s.io/upgrade-concurrency";

pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>, contract: Contract) {
    let topology = object.get("spec.topology");
    if !topology.is_defined() {
        return;
    }
    if !check.options.gates.cluster_topology {
        check
            .error(FEATURE_GATE, &topology, "`topology` is switched off in the management cluster")
            .hint("run `clusterctl init` with `CLUSTER_TOPOLOGY=true`");
        return;
    }
    let class = topology.get(contract.pick("class", "classRef.name"));
    if class.is_blank() {
        check
            .error(CLUSTER_CLASS, &class, "the topology names no ClusterClass")
            .hint(format!("set `{}`", class.path()));
    }
    version(check, &topology.get("version"), true);
    metadata::labels(check, &topology.get("controlPlane.metadata"));
    contract_fields::check(check, &topology, contract, contract_fields::TOPOLOGY);
    let workers = ["machineDeployments", "machinePools"].map(|list| topology.get("workers").get(list));
    for machines in workers.iter().flat_map(Field::items).chain([topology.get("controlPlane")]) {
        contract_fields::check(check, &machines, contract, contract_fields::MACHINE);
    }
    taints(check, &topology.get("controlPlane.taints"));
    limits::check(check, &topology.get("controlPlane"), limits_table::MACHINE_DURATIONS);
    for list in ["machineDeployments", "machinePools"] {
        pools(check, &topology.get("workers").get(list));
    }
    for pool in topology.get("workers.machineDeployments").items() {
        let strategy = pool.get(contract.pick("strategy", "rollout.strategy"));
        rolling_update(check, &strategy.get("rollingUpdate"), false);
        autoscaler(check, &pool);
    }
    concurrency(check, &object.get("metadata.annotations").key(CONCURRENCY));
    names(check, &topology.get("variables"), "variable");
}

fn pools(check: &mut Check<'_>, list: &Field<'_>) {
    names(check, list, "pool");
    for pool in list.items() {
        metadata::labels(check, &pool.get("metadata"));
        taints(check, &pool.get("taints"));
        limits::check(check, &pool, limits_table::MACHINE_DURATIONS);
    }
}

fn autoscaler(check: &mut Check<'_>, pool: &Field<'_>) {
    let (annotations, replicas) = (pool.get("metadata.annotations"), pool.get("replicas"));
    if replicas.is_set() && [MIN_SIZE, MAX_SIZE].iter().any(|key| annotations.key(key).is_set()) {
        check
            .error(ROLLOUT_SETTINGS, &replicas, "`replicas` is set although the autoscaler scales this pool")
            .hint("remove `replicas`, or both autoscaler annotations");
    }
}

fn concurrency(check: &mut Check<'_>, annotation: &Field<'_>) {
    let Some(text) = annotation.text() else { return };
    if !text.parse::<i64>().is_ok_and(|number| number >= 1) {
        check
            .error(
                ROLLOUT_SETTINGS,
                annotation,
                format!("the upgrade concurrency `{}` is not a number from 1", annotation.shown()),
            )
            .hint("write a number in quotes, such as `\"2\"`");
    }
}

fn names(check: &mut Check<'_>, list: &Field<'_>, what: &str) {
    let mut names = BTreeSet::new();
    for item in list.items() {
        let name = item.get("name");
        if let Some(text) = name.text()
            && !names.insert(text)
        {
            check
                .error(CLUSTER_CLASS, &name, format!("two {what}s have the name `{}`", name.shown()))
                .hint("rename one of them");
        }
    }
}
