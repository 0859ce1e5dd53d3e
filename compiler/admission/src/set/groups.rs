//! The groups of nodes in a set: a control plane or a pool, with its machine and its bootstrap settings.

use std::collections::BTreeMap;

use crate::field::Field;
use crate::set::manifests::{Set, kind};

/// Nodes that are made from one template.
pub(crate) struct Group<'a> {
    /// The control plane, MachineDeployment or MachinePool.
    pub(crate) owner: usize,
    pub(crate) is_control_plane: bool,
    /// The cluster's index, where the set has it.
    pub(crate) cluster: Option<usize>,
    pub(crate) version: Field<'a>,
    /// The machine's settings and the object they stand in.
    pub(crate) machine: Option<(usize, Field<'a>)>,
    /// The name of the machine template or pool, as the owner refers to it.
    pub(crate) machine_name: &'a str,
    /// The bootstrap settings and the object they stand in.
    pub(crate) bootstrap: Option<(usize, Field<'a>)>,
    /// Labels that its machines carry.
    pub(crate) labels: Vec<(String, String)>,
}

impl<'a> Group<'a> {
    /// The text of the machine config.
    pub(crate) fn config(&self) -> Option<(usize, Field<'a>)> {
        let (index, spec) = self.bootstrap.as_ref()?;
        let field = spec.get("ignition.containerLinuxConfig.additionalConfig");
        field.text().map(|_| (*index, field.clone()))
    }
}

pub(crate) fn groups<'a>(set: &Set<'a>) -> Vec<Group<'a>> {
    let mut found = Vec::new();
    let clusters: BTreeMap<usize, usize> = set
        .of_kind("Cluster")
        .filter_map(|(index, cluster)| Some((set.resolve(cluster, &cluster.get("spec.controlPlaneRef"))?, index)))
        .collect();
    for (index, object) in set.of_kind("KubeadmControlPlane") {
        found.push(control_plane(set, index, object, &clusters));
    }
    for pool in ["MachineDeployment", "MachinePool"] {
        for (index, object) in set.of_kind(pool) {
            found.push(workers(set, index, object));
        }
    }
    found
}

fn control_plane<'a>(set: &Set<'a>, owner: usize, object: &Field<'a>, clusters: &BTreeMap<usize, usize>) -> Group<'a> {
    let contract = crate::contract::Contract::of(object);
    let reference = object
        .get(contract.pick("spec.machineTemplate.infrastructureRef", "spec.machineTemplate.spec.infrastructureRef"));
    let cluster = clusters.get(&owner).copied();
    let mut labels = labels(&object.get("spec.machineTemplate.metadata"));
    labels.push(("cluster.x-k8s.io/control-plane".to_owned(), String::new()));
    labels.extend(cluster.map(|index| cluster_label(super::manifests::name(set.get(index)))));
    Group {
        owner,
        is_control_plane: true,
        cluster,
        version: object.get("spec.version"),
        machine: machine(set, object, &reference),
        machine_name: reference.get("name").text_or_empty(),
        bootstrap: Some((owner, object.get("spec.kubeadmConfigSpec"))),
        labels,
    }
}

fn workers<'a>(set: &Set<'a>, owner: usize, object: &Field<'a>) -> Group<'a> {
    let template = object.get("spec.template.spec");
    let reference = template.get("infrastructureRef");
    let config = set.resolve(object, &template.get("bootstrap.configRef")).map(|index| {
        let object = set.get(index);
        let path = if kind(object) == "KubeadmConfigTemplate" { "spec.template.spec" } else { "spec" };
        (index, object.get(path))
    });
    let cluster_name = object.get("spec.clusterName").text_or_empty();
    let mut labels = labels(&object.get("spec.template.metadata"));
    labels.push(cluster_label(cluster_name));
    let owner_label =
        if kind(object) == "MachinePool" { "cluster.x-k8s.io/pool-name" } else { "cluster.x-k8s.io/deployment-name" };
    labels.push((owner_label.to_owned(), super::manifests::name(object).to_owned()));
    Group {
        owner,
        is_control_plane: false,
        cluster: set.find("Cluster", super::manifests::namespace(object), cluster_name),
        version: template.get("version"),
        machine: machine(set, object, &reference),
        machine_name: reference.get("name").text_or_empty(),
        bootstrap: config,
        labels,
    }
}

fn machine<'a>(set: &Set<'a>, from: &Field<'a>, reference: &Field<'a>) -> Option<(usize, Field<'a>)> {
    let index = set.resolve(from, reference)?;
    let object = set.get(index);
    let path = match kind(object) {
        "AzureMachineTemplate" => "spec.template.spec",
        "AzureMachinePool" => "spec.template",
        _ => return None,
    };
    Some((index, object.get(path)))
}

fn labels(metadata: &Field<'_>) -> Vec<(String, String)> {
    metadata.get("labels").entries().map(|(key, value)| (key.to_owned(), value.text_or_empty().to_owned())).collect()
}

fn cluster_label(name: &str) -> (String, String) {
    ("cluster.x-k8s.io/cluster-name".to_owned(), name.to_owned())
}
