//! The kinds that are known, and which rules judge them.

use serde_json::Value;

use crate::check::Check;
use crate::field::Field;
use crate::rules::{
    azure_cluster, azure_cluster_identity, azure_cluster_update, azure_machine_pool, azure_machine_template, cluster,
    cluster_class, cluster_resource_set, helm_chart_proxy, kubeadm_config, kubeadm_control_plane, limits,
    machine_deployment, machine_health_check, metadata,
};

type Create = fn(&mut Check<'_>, &Field<'_>);
type Update = fn(&mut Check<'_>, &Field<'_>, &Field<'_>);

/// One kind of object whose rules are known.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The API group.
    pub group: &'static str,
    /// The kind's name.
    pub name: &'static str,
    /// The served versions.
    pub versions: &'static [&'static str],
    pub(crate) create: Create,
    pub(crate) update: Update,
}

const CAPI: &[&str] = &["v1beta1", "v1beta2"];
const CAPZ: &[&str] = &["v1beta1"];

const fn kind(
    group: &'static str,
    name: &'static str,
    versions: &'static [&'static str],
    create: Create,
    update: Update,
) -> Kind {
    Kind { group, name, versions, create, update }
}

/// Every kind whose rules are known. Other objects are only asked for a proper name and labels.
#[rustfmt::skip]
pub const KINDS: &[Kind] = &[
    kind("cluster.x-k8s.io", "Cluster", CAPI, cluster::create, cluster::update),
    kind("cluster.x-k8s.io", "ClusterClass", CAPI, cluster_class::create, cluster_class::update),
    kind("cluster.x-k8s.io", "MachineDeployment", CAPI, machine_deployment::create, machine_deployment::update),
    kind("cluster.x-k8s.io", "MachinePool", CAPI, machine_deployment::create_pool, machine_deployment::update_pool),
    kind("cluster.x-k8s.io", "Machine", CAPI, machine_deployment::create_machine, machine_deployment::update_machine),
    kind("cluster.x-k8s.io", "MachineSet", CAPI, machine_deployment::create_set, machine_deployment::update_set),
    kind("cluster.x-k8s.io", "MachineHealthCheck", CAPI, machine_health_check::create, machine_health_check::update),
    kind("addons.cluster.x-k8s.io", "ClusterResourceSet", CAPI, cluster_resource_set::create, cluster_resource_set::update),
    kind("addons.cluster.x-k8s.io", "HelmChartProxy", &["v1alpha1"], helm_chart_proxy::create, helm_chart_proxy::update),
    kind("controlplane.cluster.x-k8s.io", "KubeadmControlPlane", CAPI, kubeadm_control_plane::create, kubeadm_control_plane::update),
    kind("controlplane.cluster.x-k8s.io", "KubeadmControlPlaneTemplate", CAPI, kubeadm_control_plane::create_template, kubeadm_control_plane::update_template),
    kind("bootstrap.cluster.x-k8s.io", "KubeadmConfig", CAPI, config, |check, _, new| config(check, new)),
    kind("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate", CAPI, config_template, |check, _, new| config_template(check, new)),
    kind("infrastructure.cluster.x-k8s.io", "AzureCluster", CAPZ, azure_cluster::create, azure_cluster_update::update),
    kind("infrastructure.cluster.x-k8s.io", "AzureClusterTemplate", CAPZ, azure_cluster::create_template, azure_cluster::update_template),
    kind("infrastructure.cluster.x-k8s.io", "AzureClusterIdentity", CAPZ, azure_cluster_identity::create, azure_cluster_identity::update),
    kind("infrastructure.cluster.x-k8s.io", "AzureMachineTemplate", CAPZ, azure_machine_template::create, azure_machine_template::update),
    kind("infrastructure.cluster.x-k8s.io", "AzureMachinePool", CAPZ, azure_machine_pool::create, azure_machine_pool::update),
];

/// The kind of an object, if its rules are known.
pub fn kind_of(object: &Value) -> Option<&'static Kind> {
    let name = object.get("kind")?.as_str()?;
    let (group, _) = object.get("apiVersion")?.as_str()?.split_once('/')?;
    KINDS.iter().find(|kind| kind.name == name && kind.group == group)
}

fn config(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = crate::contract::Contract::of(object);
    limits::empty_containers(check, object, contract);
    kubeadm_config::check(check, &object.get("spec"), contract);
}

fn config_template(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = crate::contract::Contract::of(object);
    limits::empty_containers(check, object, contract);
    metadata::labels(check, &object.get("spec.template.metadata"));
    kubeadm_config::check(check, &object.get("spec.template.spec"), contract);
}
