//! Cluster.

use flatwright_diagnostic::Traced;
use flatwright_plan::Plan;

use super::{labels, metadata, reference};
use crate::object::{Object, Subject};
use crate::types::{ClusterNetwork, ClusterSpec, Metadata, NetworkRanges, api};

pub(super) fn cluster(plan: &Plan) -> Object {
    let mut cluster_labels = labels(&plan.labels);
    for addon in plan.addons.iter().filter(|addon| addon.is_labelled) {
        let (key, value) = &addon.selector;
        if !cluster_labels.0.iter().any(|(own, _)| own == key) {
            cluster_labels.0.push((key.clone(), Traced::new(value.clone(), addon.origin)));
        }
    }
    let spec = ClusterSpec {
        cluster_network: ClusterNetwork {
            api_server_port: plan.api_server_port,
            services: NetworkRanges { cidr_blocks: plan.services.clone() },
            pods: NetworkRanges { cidr_blocks: plan.pods.clone() },
            service_domain: plan.service_domain.clone(),
        },
        control_plane_ref: reference(
            api::CONTROL_PLANE,
            "KubeadmControlPlane",
            plan.name.with(plan.group_name(plan.control_plane())),
        ),
        infrastructure_ref: reference(api::INFRASTRUCTURE, "AzureCluster", plan.name.clone()),
    };
    let metadata = Metadata {
        annotations: labels(&plan.annotations),
        labels: cluster_labels,
        ..metadata(plan, plan.name.clone())
    };
    Object::new(api::CORE, "v1beta2", "Cluster", &metadata, &spec, Subject::Cluster)
}
