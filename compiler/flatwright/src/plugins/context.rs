//! The plan's facts as hooks are told them.

use flatwright_capi::Contract;
use flatwright_flatcar::arch::Architecture;
use flatwright_plan::{Flavor, Plan, Role};
use flatwright_plugin_host::model::cluster as model;

use super::Ready;

/// The context of a call about the whole cluster.
pub(super) fn of_cluster(plan: &Plan, contract: Contract, ready: &Ready) -> model::Context {
    model::Context {
        flavor: match plan.flavor.value {
            Flavor::Sysext => model::Flavor::FlatcarSysext,
            Flavor::ImageBuilder => model::Flavor::Flatcar,
        },
        contract: match contract {
            Contract::V1Beta1 => model::Contract::V1beta1,
            Contract::V1Beta2 => model::Contract::V1beta2,
        },
        cluster: model::ClusterFacts {
            name: plan.name.value.clone(),
            namespace: plan.namespace.value.clone(),
            kubernetes_version: plan.kubernetes_version.value.clone(),
            location: plan.azure.location.value.clone(),
            resource_group: plan.azure.resource_group.value.clone(),
            pod_networks: plan.pods.iter().map(|cidr| cidr.value.clone()).collect(),
            service_networks: plan.services.iter().map(|cidr| cidr.value.clone()).collect(),
            labels: plan.labels.iter().map(|(key, value)| (key.clone(), value.value.clone())).collect(),
            extra: Vec::new(),
        },
        groups: (0..plan.groups.len()).map(|index| group(plan, index)).collect(),
        target: model::Target::Cluster,
        settings: ready.settings.clone(),
    }
}

/// The target of a call about one group.
pub(super) fn group_target(index: usize) -> model::Target {
    model::Target::Group(u32::try_from(index).unwrap_or(u32::MAX))
}

/// One node group of the plan as it is now.
pub(super) fn group(plan: &Plan, index: usize) -> model::NodeGroup {
    let group = &plan.groups[index];
    model::NodeGroup {
        index: u32::try_from(index).unwrap_or(u32::MAX),
        name: group.name.value.clone(),
        role: match group.role {
            Role::ControlPlane => model::Role::ControlPlane,
            Role::Worker => model::Role::Worker,
        },
        architecture: match Architecture::from_name(group.architecture.value) {
            Some(Architecture::Arm64) => model::Architecture::Arm64,
            _ => model::Architecture::Amd64,
        },
        replicas: group.replicas.and_then(|replicas| u32::try_from(replicas.value).ok()),
        vm_size: group.vm.size.value.clone(),
        kubernetes_version: plan.kubernetes_version.value.clone(),
        flatcar: model::FlatcarRelease {
            channel: plan.flatcar.0.value.clone(),
            version: (plan.flatcar.1.value != "latest").then(|| plan.flatcar.1.value.clone()),
        },
        zones: group.failure_domain.iter().map(|zone| zone.value.clone()).collect(),
        labels: group.kubeadm.labels.iter().map(|label| (label.key.clone(), label.value.value.clone())).collect(),
        extra: Vec::new(),
    }
}
