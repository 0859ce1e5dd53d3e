//! References to objects that are not in the set.

use std::collections::BTreeSet;

use flatwright_diagnostic::{Part, Rule};

use crate::contract::Contract;
use crate::field::Field;
use crate::set::manifests::{COMPARED, Findings, Set, name, namespace};
use flatwright_kubernetes::is_placeholder;

/// What is referred to and not there.
#[derive(Debug, Rule)]
#[rule(group = "manifest-unresolved-reference")]
pub enum UnresolvedReference {
    /// An object that is not in the set.
    #[rule("missing-object", "there is no {kind} `{name}` in namespace `{namespace}` among the manifests")]
    MissingObject {
        /// Of the object.
        kind: String,
        /// Of the object.
        name: String,
        /// Where it was looked for.
        namespace: String,
    },
    /// A topology's pool of a class that its ClusterClass does not have.
    #[rule("unknown-worker-class", "the ClusterClass `{class}` has no worker class `{worker}`")]
    WorkerClass {
        /// The ClusterClass.
        class: String,
        /// What the pool says.
        worker: String,
    },
    /// A variable that the ClusterClass asks for.
    #[rule("missing-class-variable", "the ClusterClass `{class}` needs the variable `{variable}`, which is not set")]
    MissingVariable {
        /// The ClusterClass.
        class: String,
        /// The variable.
        variable: String,
    },
    /// A variable that the ClusterClass does not have.
    #[rule("unknown-class-variable", "the ClusterClass `{class}` has no variable `{variable}`")]
    UnknownVariable {
        /// The ClusterClass.
        class: String,
        /// The variable.
        variable: String,
    },
}

/// Where each kind refers to others; both contracts' paths are tried.
const REFERENCES: &[(&str, &[&str])] = &[
    ("Cluster", &["spec.controlPlaneRef", "spec.infrastructureRef"]),
    ("MachineDeployment", &["spec.template.spec.bootstrap.configRef", "spec.template.spec.infrastructureRef"]),
    ("MachinePool", &["spec.template.spec.bootstrap.configRef", "spec.template.spec.infrastructureRef"]),
    ("KubeadmControlPlane", &["spec.machineTemplate.infrastructureRef", "spec.machineTemplate.spec.infrastructureRef"]),
    ("AzureCluster", &["spec.identityRef"]),
];

/// Fields that hold the name of a cluster.
const CLUSTER_NAMES: &[&str] = &["MachineDeployment", "MachinePool", "MachineHealthCheck"];

pub(crate) fn check(set: &Set<'_>, findings: &mut Findings<'_>) {
    for (kind, paths) in REFERENCES {
        for (index, object) in set.of_kind(kind) {
            for reference in paths.iter().map(|path| object.get(path)) {
                resolve(set, findings, index, object, &reference);
            }
        }
    }
    for kind in CLUSTER_NAMES {
        for (index, object) in set.of_kind(kind) {
            let field = object.get("spec.clusterName");
            named(set, findings, index, object, &field, "Cluster");
        }
    }
    classes(set, findings);
    resources(set, findings);
}

fn resolve(set: &Set<'_>, findings: &mut Findings<'_>, index: usize, object: &Field<'_>, reference: &Field<'_>) {
    let (kind, target) = (reference.get("kind").text_or_empty(), reference.get("name"));
    if !reference.is_set() || kind.is_empty() || target.is_blank() || is_placeholder(target.text_or_empty()) {
        return;
    }
    if set.resolve(object, reference).is_none() {
        let space = reference.get("namespace").text().filter(|text| !text.is_empty()).unwrap_or(namespace(object));
        missing(set, findings, index, &target, kind, space);
    }
}

fn named(set: &Set<'_>, findings: &mut Findings<'_>, index: usize, object: &Field<'_>, field: &Field<'_>, kind: &str) {
    let Some(text) = field.text().filter(|text| !text.is_empty() && !is_placeholder(text)) else { return };
    if set.find(kind, namespace(object), text).is_none() {
        missing(set, findings, index, field, kind, namespace(object));
    }
}

fn missing(set: &Set<'_>, findings: &mut Findings<'_>, index: usize, field: &Field<'_>, kind: &str, space: &str) {
    let severity = findings.absence();
    let rule =
        UnresolvedReference::MissingObject { kind: kind.to_owned(), name: field.shown(), namespace: space.to_owned() };
    let finding = findings.on(index).add(severity, field, &rule);
    finding.note("names are not resolved at admission; the controller waits for the object without end");
    let is_small = set.of_kind(kind).count() <= COMPARED;
    let candidates: Vec<_> = set.of_kind(kind).filter(|_| is_small).map(|(_, object)| object).collect();
    let elsewhere = candidates.iter().find(|object| name(object) == field.text_or_empty());
    let known = candidates.iter().filter(|object| namespace(object) == space).map(|object| name(object));
    let known: Vec<_> = known.collect();
    if let Some(object) = elsewhere {
        finding.hint(format!("there is one in namespace `{}`; references stay in their own", namespace(object)));
    } else if known.is_empty() {
        finding.hint(format!("add the {kind}, or correct the name"));
    } else {
        finding.did_you_mean(field.text_or_empty(), Part::Value, known.iter().copied());
    }
}

/// Classes live apart from the clusters that use them, so their absence is an error only where the set is complete.
fn classes(set: &Set<'_>, findings: &mut Findings<'_>) {
    for (index, object) in set.of_kind("Cluster") {
        let contract = Contract::of(object);
        let class = object.get(contract.pick("spec.topology.class", "spec.topology.classRef.name"));
        let space = object.get(contract.pick("spec.topology.classNamespace", "spec.topology.classRef.namespace"));
        let space = space.text().unwrap_or(namespace(object));
        let Some(text) = class.text().filter(|text| !is_placeholder(text)) else { continue };
        match set.find("ClusterClass", space, text) {
            Some(definition) => {
                worker_classes(set.get(definition), findings, index, object);
                variables(set.get(definition), findings, index, object);
            }
            None => missing(set, findings, index, &class, "ClusterClass", space),
        }
    }
    for (index, object) in set.of_kind("ClusterClass") {
        let key = Contract::of(object).pick("ref", "templateRef");
        for path in ["spec.infrastructure", "spec.controlPlane", "spec.controlPlane.machineInfrastructure"] {
            resolve(set, findings, index, object, &object.get(path).get(key));
        }
    }
}

fn worker_classes(class: &Field<'_>, findings: &mut Findings<'_>, index: usize, object: &Field<'_>) {
    for list in ["machineDeployments", "machinePools"] {
        let known: Vec<_> =
            class.get("spec.workers").get(list).items().map(|worker| worker.get("class").text_or_empty()).collect();
        for pool in object.get("spec.topology.workers").get(list).items() {
            let wanted = pool.get("class");
            if wanted.text().is_some_and(|text| !known.contains(&text)) {
                let rule = UnresolvedReference::WorkerClass { class: name(class).to_owned(), worker: wanted.shown() };
                findings
                    .on(index)
                    .refuse(&wanted, &rule)
                    .note("the webhook refuses this as soon as the ClusterClass exists")
                    .did_you_mean(wanted.text_or_empty(), Part::Value, known.iter().copied());
            }
        }
    }
}

/// The webhook that fills in variables refuses the cluster as soon as the class exists.
fn variables(class: &Field<'_>, findings: &mut Findings<'_>, index: usize, object: &Field<'_>) {
    let list = object.get("spec.topology.variables");
    let given: BTreeSet<_> = list.items().filter_map(|variable| variable.get("name").text()).collect();
    let known: BTreeSet<_> =
        class.get("spec.variables").items().filter_map(|variable| variable.get("name").text()).collect();
    for variable in class.get("spec.variables").items() {
        let own = variable.get("name").text_or_empty();
        let has_default = variable.get("schema.openAPIV3Schema.default").is_set();
        if variable.get("required").is_true() && !has_default && !given.contains(own) {
            let rule = UnresolvedReference::MissingVariable { class: name(class).to_owned(), variable: own.to_owned() };
            findings
                .on(index)
                .refuse(&list, &rule)
                .hint(format!("add `{{name: {own}, value: …}}` to `spec.topology.variables`"));
        }
    }
    // A runtime extension may define more of them.
    if class.get("spec.patches").items().any(|patch| patch.get("external").is_set()) {
        return;
    }
    let topology = object.get("spec.topology");
    let pools = ["machineDeployments", "machinePools"].map(|list| topology.get("workers").get(list));
    let machines = pools.iter().flat_map(Field::items).chain([topology.get("controlPlane")]);
    let overrides: Vec<_> = machines.map(|machines| machines.get("variables.overrides")).collect();
    for variable in list.items().chain(overrides.iter().flat_map(Field::items)) {
        let own = variable.get("name");
        if own.text().is_some_and(|text| !known.contains(text)) {
            let rule = UnresolvedReference::UnknownVariable { class: name(class).to_owned(), variable: own.shown() };
            findings.on(index).refuse(&own, &rule).did_you_mean(
                own.text_or_empty(),
                Part::Value,
                known.iter().copied(),
            );
        }
    }
}

fn resources(set: &Set<'_>, findings: &mut Findings<'_>) {
    for (index, object) in set.of_kind("ClusterResourceSet") {
        for resource in object.get("spec.resources").items() {
            let kind = resource.get("kind").text_or_empty();
            named(set, findings, index, object, &resource.get("name"), kind);
        }
    }
}
