//! Empty lists and objects, which contract v1beta2 refuses nearly everywhere. Left out where the caller checks the CRDs themselves.

use flatwright_diagnostic::{Fix, Rule, Segment};
use serde_json::Value;

use crate::check::{Check, name};
use crate::contract::Contract;
use crate::field::Field;

/// A container without anything in it.
#[derive(Debug, Rule)]
pub(crate) enum EmptyContainer {
    /// A list or an object.
    #[rule("admission-empty-container", "`{field}` is an empty {what}, which contract v1beta2 refuses")]
    Empty { field: String, what: &'static str },
}

/// Containers that may be empty in contract v1beta2, by their last key; everything else may not.
const MAY_BE_EMPTY: &[&str] = &[
    "annotations",
    "clusterSelector",
    "config",
    "extraOpts",
    "failureDomains",
    "featureGates",
    "filesystems",
    "labels",
    "matchExpressions",
    "matchLabels",
    "partitions",
    "providerIDList",
    "selector",
    "servers",
    "sshAuthorizedKeys",
    "value",
    "valueFrom",
    "values",
];

/// Some keys stand in several places, of which one may be empty.
fn may_be_empty(parent: &str, key: &str) -> bool {
    match key {
        "taints" => parent == "nodeRegistration",
        "controlPlane" => parent == "joinConfiguration",
        "bootstrap" => parent == "spec",
        key => MAY_BE_EMPTY.contains(&key),
    }
}

/// Nearly every list needs an item and nearly every object a field in contract v1beta2 (v1beta1 took them all).
pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>, contract: Contract) {
    let spec = object.get("spec");
    // Most objects have none, which is cheap to see without a path for every place.
    if contract == Contract::V1Beta2 && check.options.schema_limits && holds_empty(spec.value(), 0) {
        empties(check, &spec, 0);
    }
}

/// Deeper than any schema of these kinds.
const DEEPEST: usize = 24;

fn holds_empty(value: &Value, depth: usize) -> bool {
    let is_below = |value| depth < DEEPEST && holds_empty(value, depth + 1);
    match value {
        Value::Object(entries) => entries.is_empty() || entries.values().any(is_below),
        Value::Array(items) => items.is_empty() || items.iter().any(is_below),
        _ => false,
    }
}

fn empties(check: &mut Check<'_>, field: &Field<'_>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let is_container = field.value().is_array() || field.value().is_object();
    if is_container && field.len() == 0 {
        let what = if field.value().is_array() { "list" } else { "object" };
        check
            .refuse(field, &EmptyContainer::Empty { field: name(field), what })
            .hint(format!("remove `{}`", name(field)))
            .fix(Fix::remove_empty(&name(field)));
    }
    let path = field.path();
    let parent = match path.segments().last() {
        Some(Segment::Key(key)) => key,
        _ => "",
    };
    for (key, child) in field.entries() {
        let may_be_empty = may_be_empty(parent, key) && child.len() == 0;
        // The values of topology variables are the user's own and may be anything.
        if !may_be_empty && key != "variables" {
            empties(check, &child, depth + 1);
        }
    }
    for child in field.items() {
        empties(check, &child, depth + 1);
    }
}
