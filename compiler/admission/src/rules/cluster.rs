//! `Cluster` (CAPI `core/webhooks/admission/cluster.go`); its topology is in `topology`.

use flatwright_diagnostic::{Rule, Severity};

use crate::check::{Check, name};
use crate::contract::Contract;
use crate::field::Field;
use crate::rules::kubernetes_version::step;
use crate::rules::references::{self, MissingReference};
use crate::rules::{contract_fields, limits, limits_table, metadata, topology};
use flatwright_kubernetes::is_placeholder;
use flatwright_kubernetes::network::Cidr;

const UNSAFE_CLASS_CHANGE: &str = "unsafe.topology.cluster.x-k8s.io/disable-update-class-name-check";

/// Networks of pods and services.
#[derive(Debug, Rule)]
#[rule(group = "admission-network-settings")]
pub(crate) enum ClusterNetwork {
    /// A text that is not a network.
    #[rule("cluster-network-syntax", "`{network}` is not a network")]
    Syntax { network: String },
}

/// Changes that a cluster does not take.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedInCluster {
    /// A reference or the topology goes away.
    #[rule("cluster-reference-removed", "`{field}` cannot be removed from a cluster")]
    Removed { field: String },
    /// A cluster that was made by hand gets a topology.
    #[rule("topology-added", "a topology cannot be added to an existing cluster")]
    TopologyAdded,
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    let spec = object.get("spec");
    limits::check(check, object, limits_table::CLUSTER);
    if contract == Contract::V1Beta2 {
        limits::check(check, object, limits_table::CLUSTER_V1BETA2);
    }
    for path in ["controlPlaneRef", "infrastructureRef"] {
        contract_fields::check(check, &spec.get(path), contract, contract_fields::REFERENCE);
    }
    limits::empty_containers(check, object, contract);
    metadata::label_sized_name(check, object);
    own_references(check, &spec, contract);
    for network in ["pods", "services"] {
        for block in spec.get("clusterNetwork").get(network).get("cidrBlocks").items() {
            if let Some(text) = block.text().filter(|text| !is_placeholder(text))
                && Cidr::parse(text).is_none()
            {
                check
                    .refuse(&block, &ClusterNetwork::Syntax { network: block.shown() })
                    .hint("write an address and a length, such as `192.168.0.0/16`");
            }
        }
    }
    topology::check(check, object, contract);
}

fn own_references(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let references = ["controlPlaneRef", "infrastructureRef"].map(|key| spec.get(key));
    if references.iter().all(|reference| !reference.is_defined()) && !spec.get("topology").is_defined() {
        check
            .refuse(spec, &MissingReference::Cluster)
            .hint("set `controlPlaneRef` and `infrastructureRef`, or `topology`");
    }
    for reference in references.iter().filter(|reference| reference.is_defined() && contract == Contract::V1Beta2) {
        references::complete(check, reference, contract);
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    for path in ["spec.controlPlaneRef", "spec.infrastructureRef", "spec.topology"] {
        let (before, after) = (old.get(path), new.get(path));
        // A topology fills the references in; the manifest does not carry them.
        let is_filled = !path.ends_with("topology") && [old, new].iter().all(|it| it.get("spec.topology").is_defined());
        if before.is_defined() && !after.is_defined() && !is_filled {
            check.refuse(&after, &FixedInCluster::Removed { field: name(&after) }).hint("put it back");
        }
    }
    let [before, after] = [old, new].map(|object| object.get("spec.topology"));
    let is_allowed = new.get("metadata.annotations").key(UNSAFE_CLASS_CHANGE).is_set();
    if !before.is_defined() && after.is_defined() && !is_allowed {
        check.refuse(&after, &FixedInCluster::TopologyAdded).hint("make a new cluster from the ClusterClass");
    }
    let [before, after] = [old, new].map(|object| object.get("spec.topology.version"));
    step(check, &before, &after, Severity::Error);
}
