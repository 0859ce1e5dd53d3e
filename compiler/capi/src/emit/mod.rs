//! Plan → objects in contract v1beta2, in an order in which `kubectl apply` succeeds: what is referred to comes before what refers.
//!
//! Owns: which objects there are and what each says. Names of templates are plain here; `name` makes them.

mod addons;
mod azure;
mod bootstrap;
mod cluster;
mod machine_template;
mod workers;

pub use bootstrap::survives_as_content;
use flatwright_diagnostic::{Origin, Traced};
use flatwright_plan::{Plan, Profile};

use crate::object::Object;
use crate::types::{Metadata, Reference};
use crate::wire::{Fixed, Labels};

/// The composed texts of one node group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupTexts {
    /// The Container Linux Config for `additionalConfig`.
    pub additional_config: Traced<String>,
    /// Which of the group's kubeadm files that config has, so that they are not in `files`.
    pub files_in_config: Vec<usize>,
}

/// Emits every object of a cluster. `texts` has one entry per node group, in the plan's order.
pub fn emit(plan: &Plan, texts: &[GroupTexts]) -> Vec<Object> {
    let mut objects = Vec::with_capacity(4 + 4 * plan.groups.len() + plan.addons.len());
    objects.extend(azure::identity(plan));
    objects.push(azure::cluster(plan));
    for (index, group) in plan.groups.iter().enumerate() {
        objects.push(machine_template::machine_template(plan, index, group));
    }
    for (index, (group, texts)) in plan.groups.iter().zip(texts).enumerate().skip(1) {
        objects.push(bootstrap::config_template(plan, index, group, texts));
    }
    if let Some(texts) = texts.first() {
        objects.push(bootstrap::control_plane(plan, texts));
    }
    objects.push(cluster::cluster(plan));
    for (index, group) in plan.groups.iter().enumerate().skip(1) {
        objects.push(workers::deployment(plan, index, group));
    }
    for (index, group) in plan.groups.iter().enumerate() {
        objects.extend(workers::health_check(plan, index, group));
    }
    objects.extend(plan.addons.iter().map(|addon| addons::chart_proxy(plan, addon)));
    objects
}

fn metadata(plan: &Plan, name: Traced<String>) -> Metadata {
    Metadata { name, namespace: plan.namespace.clone(), ..Metadata::default() }
}

fn reference(group: &'static str, kind: &'static str, name: Traced<String>) -> Reference {
    Reference { api_group: Fixed(group), kind: Fixed(kind), name }
}

fn labels(pairs: &[(String, Traced<String>)]) -> Labels {
    Labels(pairs.to_vec())
}

fn is_compat(plan: &Plan) -> bool {
    plan.profile == Profile::Capz
}

fn by_rule(text: &str, rule: &'static str) -> Traced<String> {
    Traced::new(text.to_owned(), Origin::Default(rule))
}
