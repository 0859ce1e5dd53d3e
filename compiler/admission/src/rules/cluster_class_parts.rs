//! The control plane and the worker classes of a `ClusterClass`: what will be made from them must pass as well.

use crate::check::Check;
use crate::contract::Contract;
use crate::field::Field;
use crate::rules::kubeadm_control_plane::taints;
use crate::rules::machine_deployment::{int_or_percentage, rolling_update};
use crate::rules::machine_health_check::{HealthCheck, startup_timeout, unhealthy};
use crate::rules::naming::generated;
use crate::rules::{contract_fields, metadata};

pub(crate) fn check(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    contract_fields::check(check, spec, contract, contract_fields::CLUSTER_CLASS);
    let naming = contract.pick("namingStrategy.template", "naming.template");
    let infrastructure =
        spec.get(contract.pick("infrastructureNamingStrategy.template", "infrastructure.naming.template"));
    generated(check, &infrastructure, &["cluster.name"]);
    control_plane(check, &spec.get("controlPlane"), naming, contract);
    let workers = ["machineDeployments", "machinePools"].map(|list| spec.get("workers").get(list));
    for class in workers.iter().flat_map(Field::items).chain([spec.get("controlPlane")]) {
        contract_fields::check(check, &class, contract, contract_fields::MACHINE);
    }
    for class in spec.get("workers.machineDeployments").items() {
        metadata::labels(check, &class.get(contract.pick("template.metadata", "metadata")));
        generated(check, &class.get(naming), &["cluster.name", "machineDeployment.topologyName"]);
        let strategy = class.get(contract.pick("strategy", "rollout.strategy"));
        rolling_update(check, &strategy.get("rollingUpdate"), false);
        let in_flight = contract.pick("strategy.remediation.maxInFlight", "healthCheck.remediation.maxInFlight");
        int_or_percentage(check, &class.get(in_flight));
        taints(check, &class.get("taints"));
        health(check, &class, contract);
    }
    for class in spec.get("workers.machinePools").items() {
        metadata::labels(check, &class.get(contract.pick("template.metadata", "metadata")));
        generated(check, &class.get(naming), &["cluster.name", "machinePool.topologyName"]);
        taints(check, &class.get("taints"));
    }
}

fn control_plane(check: &mut Check<'_>, class: &Field<'_>, naming: &str, contract: Contract) {
    metadata::labels(check, &class.get("metadata"));
    generated(check, &class.get(naming), &["cluster.name"]);
    taints(check, &class.get("taints"));
    let own = health(check, class, contract);
    if own.is_defined() && !class.get("machineInfrastructure").is_defined() {
        check
            .refuse(&own, &HealthCheck::NoMachines)
            .hint("set `controlPlane.machineInfrastructure`, or remove the health check");
    }
}

fn health<'a>(check: &mut Check<'_>, class: &Field<'a>, contract: Contract) -> Field<'a> {
    let own = class.get(contract.pick("machineHealthCheck", "healthCheck"));
    startup_timeout(check, &own, contract);
    unhealthy(check, &own, contract);
    own
}
