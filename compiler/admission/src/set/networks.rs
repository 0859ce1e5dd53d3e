//! Pod and service networks against each other and against the virtual network.

use flatwright_diagnostic::Rule;

use crate::field::Field;
use crate::rules::azure_network::vnet_blocks;
use crate::set::manifests::{Findings, Set, kind};
use flatwright_kubernetes::network::Cidr;

/// Networks of one cluster that overlap.
#[derive(Debug, Rule)]
#[rule(group = "manifest-address-overlap")]
pub(crate) enum Overlap {
    /// Services and pods.
    #[rule("services-overlap-pods", "the service network `{services}` overlaps the pod network `{pods}`")]
    ServicesAndPods { services: String, pods: String },
    /// Pods or services, and the virtual network.
    #[rule(
        "cluster-network-overlaps-virtual-network",
        "the network `{network}` overlaps the virtual network `{block}`"
    )]
    VirtualNetwork { network: String, block: String },
}

pub(crate) fn check(set: &Set<'_>, findings: &mut Findings<'_>) {
    for (index, cluster) in set.of_kind("Cluster") {
        let blocks = |path: &'static str| -> Vec<(Field<'_>, Cidr)> {
            let list = cluster.get("spec.clusterNetwork").get(path).get("cidrBlocks");
            list.items().filter_map(|item| Some((item.clone(), Cidr::parse(item.text()?)?))).take(100).collect()
        };
        let (pods, services) = (blocks("pods"), blocks("services"));
        for (field, service) in &services {
            if let Some((other, _)) = pods.iter().find(|(_, pod)| pod.overlaps(*service)) {
                findings
                    .on(index)
                    .warn(field, &Overlap::ServicesAndPods { services: field.shown(), pods: other.shown() })
                    .note("a pod may get the address of a service, and one of them is then unreachable")
                    .hint("choose networks that do not overlap");
            }
        }
        let Some(vnet) = vnet(set, cluster) else { continue };
        for (field, block) in pods.iter().chain(&services) {
            if let Some((_, text)) = vnet.iter().find(|(other, _)| other.overlaps(*block)) {
                findings
                    .on(index)
                    .warn(field, &Overlap::VirtualNetwork { network: field.shown(), block: text.clone() })
                    .note("packets to nodes or Azure services with such an address stay inside the cluster")
                    .hint("choose a network outside of the virtual network's `cidrBlocks`");
            }
        }
    }
}

/// The virtual network's blocks, where the manifest says them.
fn vnet(set: &Set<'_>, cluster: &Field<'_>) -> Option<Vec<(Cidr, String)>> {
    let index = set.resolve(cluster, &cluster.get("spec.infrastructureRef"))?;
    let object = set.get(index);
    if kind(object) != "AzureCluster" {
        return None;
    }
    let blocks = vnet_blocks(&object.get("spec.networkSpec"));
    Some(blocks.into_iter().filter_map(|(_, text)| Some((Cidr::parse(&text)?, text))).collect())
}
