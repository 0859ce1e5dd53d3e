//! What the API server and the webhooks refuse, one file per kind or shared part. Must not look at other objects: that is `set`.

pub(crate) mod azure_cluster;
pub(crate) mod azure_cluster_identity;
pub(crate) mod azure_cluster_update;
pub(crate) mod azure_endpoints;
pub(crate) mod azure_load_balancer;
pub(crate) mod azure_machine;
pub(crate) mod azure_machine_pool;
pub(crate) mod azure_machine_security;
pub(crate) mod azure_machine_template;
pub(crate) mod azure_network;
pub(crate) mod cluster;
pub(crate) mod cluster_class;
pub(crate) mod cluster_class_parts;
pub(crate) mod cluster_class_patches;
pub(crate) mod cluster_resource_set;
pub(crate) mod contract_fields;
pub(crate) mod conversion;
pub(crate) mod disks;
pub(crate) mod empty_containers;
pub(crate) mod gates;
pub(crate) mod helm_chart_proxy;
pub(crate) mod image;
pub(crate) mod kubeadm_config;
pub(crate) mod kubeadm_control_plane;
pub(crate) mod kubernetes_version;
pub(crate) mod limits;
pub(crate) mod limits_table;
pub(crate) mod machine_deployment;
pub(crate) mod machine_health_check;
pub(crate) mod metadata;
pub(crate) mod naming;
pub(crate) mod references;
pub(crate) mod size;
pub(crate) mod topology;

use flatwright_diagnostic::{Code, Rule};

/// The codes of the rules of this module.
pub(crate) fn codes() -> Vec<Code> {
    [
        azure_cluster::Bastion::codes(),
        azure_cluster::ClusterName::codes(),
        azure_cluster::IdentityReference::codes(),
        azure_cluster::RefusedInCluster::codes(),
        azure_cluster_identity::FixedInIdentity::codes(),
        azure_cluster_identity::Identity::codes(),
        azure_cluster_update::FixedInCluster::codes(),
        azure_endpoints::Endpoint::codes(),
        azure_load_balancer::LoadBalancer::codes(),
        azure_load_balancer::PrivateDns::codes(),
        azure_machine::Identity::codes(),
        azure_machine::Machine::codes(),
        azure_machine_pool::FixedInPool::codes(),
        azure_machine_pool::PoolRollout::codes(),
        azure_machine_security::Security::codes(),
        azure_machine_template::FixedInTemplate::codes(),
        azure_machine_template::RefusedInTemplate::codes(),
        azure_network::Network::codes(),
        cluster::ClusterNetwork::codes(),
        cluster::FixedInCluster::codes(),
        cluster_class::ClusterClass::codes(),
        cluster_class::FixedInClass::codes(),
        cluster_class_patches::Patch::codes(),
        cluster_resource_set::FixedInResourceSet::codes(),
        cluster_resource_set::ResourceSet::codes(),
        conversion::UnknownReference::codes(),
        disks::Disk::codes(),
        empty_containers::EmptyContainer::codes(),
        gates::SwitchedOff::codes(),
        helm_chart_proxy::ChartRepository::codes(),
        helm_chart_proxy::FixedInChartProxy::codes(),
        image::Image::codes(),
        kubeadm_config::BootstrapSettings::codes(),
        kubeadm_config::IgnitionFormat::codes(),
        kubeadm_control_plane::Components::codes(),
        kubeadm_control_plane::ControlPlane::codes(),
        kubeadm_control_plane::FixedInControlPlane::codes(),
        kubeadm_control_plane::MachineTaint::codes(),
        kubernetes_version::KubernetesVersion::codes(),
        limits::OtherContract::codes(),
        limits::ValueLimit::codes(),
        machine_deployment::FixedCluster::codes(),
        machine_deployment::PoolLabels::codes(),
        machine_deployment::PoolTaints::codes(),
        machine_deployment::Preflight::codes(),
        machine_deployment::Rollout::codes(),
        machine_health_check::CheckedCluster::codes(),
        machine_health_check::HealthCheck::codes(),
        metadata::LabelSyntax::codes(),
        metadata::ObjectName::codes(),
        naming::NamingTemplate::codes(),
        references::MissingReference::codes(),
        size::ObjectSize::codes(),
        size::ClientSideApply::codes(),
        topology::Topology::codes(),
        topology::TopologyRollout::codes(),
        crate::selector::Selector::codes(),
        crate::ssh::PublicKey::codes(),
    ]
    .concat()
}
