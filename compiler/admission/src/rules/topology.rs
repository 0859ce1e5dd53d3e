//! The topology of a `Cluster` that is made from a ClusterClass.

use std::collections::BTreeSet;

use flatwright_diagnostic::Rule;

use crate::check::Check;
use crate::contract::Contract;
use crate::field::Field;
use crate::rules::gates::SwitchedOff;
use crate::rules::kubeadm_control_plane::taints;
use crate::rules::kubernetes_version::version;
use crate::rules::machine_deployment::{MAX_SIZE, MIN_SIZE, rolling_update};
use crate::rules::{contract_fields, metadata};

const CONCURRENCY: &str = "topology.cluster.x-k8s.io/upgrade-concurrency";

/// What the webhook refuses of a topology.
#[derive(Debug, Rule)]
#[rule(group = "admission-cluster-class")]
pub(crate) enum Topology {
    /// A topology of no class.
    #[rule("topology-without-class", "the topology names no ClusterClass")]
    NoClass,
    /// Two pools or variables of one name.
    #[rule("duplicate-name-in-topology", "two {what}s have the name `{name}`")]
    Duplicate { what: &'static str, name: String },
}

/// Who scales the pools of a topology, and how many are upgraded at once.
#[derive(Debug, Rule)]
#[rule(group = "admission-rollout-settings")]
pub(crate) enum TopologyRollout {
    /// A count beside the autoscaler.
    #[rule("replicas-beside-autoscaler", "`replicas` is set although the autoscaler scales this pool")]
    Autoscaler,
    /// An annotation that is not a number.
    #[rule("upgrade-concurrency", "the upgrade concurrency `{value}` is not a number from 1")]
    Concurrency { value: String },
}

pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>, contract: Contract) {
    let topology = object.get("spec.topology");
    if !topology.is_defined() {
        return;
    }
    if !check.options.gates.cluster_topology {
        check
            .refuse(&topology, &SwitchedOff::ClusterTopology { what: "`topology`" })
            .hint("run `clusterctl init` with `CLUSTER_TOPOLOGY=true`");
        return;
    }
    let class = topology.get(contract.pick("class", "classRef.name"));
    if class.is_blank() {
        check.refuse(&class, &Topology::NoClass).hint(format!("set `{}`", class.path()));
    }
    version(check, &topology.get("version"), true);
    metadata::labels(check, &topology.get("controlPlane.metadata"));
    contract_fields::check(check, &topology, contract, contract_fields::TOPOLOGY);
    let workers = ["machineDeployments", "machinePools"].map(|list| topology.get("workers").get(list));
    for machines in workers.iter().flat_map(Field::items).chain([topology.get("controlPlane")]) {
        contract_fields::check(check, &machines, contract, contract_fields::MACHINE);
    }
    taints(check, &topology.get("controlPlane.taints"));
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
    }
}

fn autoscaler(check: &mut Check<'_>, pool: &Field<'_>) {
    let (annotations, replicas) = (pool.get("metadata.annotations"), pool.get("replicas"));
    if replicas.is_set() && [MIN_SIZE, MAX_SIZE].iter().any(|key| annotations.key(key).is_set()) {
        check.refuse(&replicas, &TopologyRollout::Autoscaler).hint("remove `replicas`, or both autoscaler annotations");
    }
}

fn concurrency(check: &mut Check<'_>, annotation: &Field<'_>) {
    let Some(text) = annotation.text() else { return };
    if !text.parse::<i64>().is_ok_and(|number| number >= 1) {
        check
            .refuse(annotation, &TopologyRollout::Concurrency { value: annotation.shown() })
            .hint("write a number in quotes, such as `\"2\"`");
    }
}

fn names(check: &mut Check<'_>, list: &Field<'_>, what: &'static str) {
    let mut names = BTreeSet::new();
    for item in list.items() {
        let name = item.get("name");
        if let Some(text) = name.text()
            && !names.insert(text)
        {
            check.refuse(&name, &Topology::Duplicate { what, name: name.shown() }).hint("rename one of them");
        }
    }
}
