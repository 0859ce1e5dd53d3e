//! `ClusterResourceSet` (CAPI `core/webhooks/admission/clusterresourceset.go`).

use flatwright_diagnostic::Rule;

use crate::check::{Check, name};
use crate::contract::Contract;
use crate::field::{Field, same};
use crate::rules::{limits, limits_table};
use crate::selector::{self, Selector, unreadable};

/// What a resource set must have.
#[derive(Debug, Rule)]
#[rule(group = "admission-value-limit")]
pub(crate) enum ResourceSet {
    /// Nothing to apply.
    #[rule("resource-set-without-resources", "`resources` is missing")]
    NoResources,
}

/// Changes that a resource set does not take.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedInResourceSet {
    /// Another strategy or selector.
    #[rule("resource-set-changed", "`{field}` of a ClusterResourceSet cannot change")]
    Changed { field: String },
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    limits::check(check, object, limits_table::CLUSTER_RESOURCE_SET);
    limits::empty_containers(check, object, contract);
    let resources = object.get("spec.resources");
    if contract == Contract::V1Beta2 && !resources.is_set() {
        check.refuse(&resources, &ResourceSet::NoResources).hint("list the ConfigMaps and Secrets to apply");
    }
    let own = object.get("spec.clusterSelector");
    unreadable(check, &own);
    if selector::is_empty(&own) {
        check
            .refuse(&own, &Selector::Empty { field: name(&own) })
            .hint("set `clusterSelector.matchLabels` to a label of the cluster");
    }
}

pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    let strategy = |object: &Field<'_>| object.get("spec.strategy").text().unwrap_or("ApplyOnce").to_owned();
    if strategy(old) != strategy(new) {
        changed(check, &new.get("spec.strategy"));
    }
    if !same(old.get("spec.clusterSelector").value(), new.get("spec.clusterSelector").value()) {
        changed(check, &new.get("spec.clusterSelector"));
    }
}

fn changed(check: &mut Check<'_>, field: &Field<'_>) {
    check.refuse(field, &FixedInResourceSet::Changed { field: name(field) }).hint("make a new object under a new name");
}
