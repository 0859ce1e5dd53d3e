//! `ClusterResourceSet` (CAPI `core/webhooks/admission/clusterresourceset.go`).

use crate::check::Check;
use crate::code::{IMMUTABLE_FIELD, LABEL_SELECTOR, VALUE_LIMIT};
use crate::contract::Contract;
use crate::field::{Field, same};
use crate::rules::machine_deployment::unreadable;
use crate::rules::{limits, limits_table};
use crate::selector;

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    limits::check(check, object, limits_table::CLUSTER_RESOURCE_SET);
    limits::empty_containers(check, object, contract);
    let resources = object.get("spec.resources");
    if contract == Contract::V1Beta2 && !resources.is_set() {
        check.error(VALUE_LIMIT, &resources, "`resources` is missing").hint("list the ConfigMaps and Secrets to apply");
    }
    let own = object.get("spec.clusterSelector");
    unreadable(check, &own);
    if selector::is_empty(&own) {
        check
            .error(LABEL_SELECTOR, &own, "`clusterSelector` is empty")
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
    check
        .error(IMMUTABLE_FIELD, field, format!("{} of a ClusterResourceSet cannot change", crate::check::last(field)))
        .hint("make a new object under a new name");
}
