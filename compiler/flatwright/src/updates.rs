//! Objects that were applied before, and the objects that take their place: which belong together, and what the API server refuses of the change.
//!
//! Owns: when two objects are one, across the contracts of Cluster API. Must not: have rules of its own (`kinds` asks those who have), or plan a rollout (`diff` does).

use std::collections::BTreeMap;

use flatwright_admission::Options;
use flatwright_capi::{Object, Subject, to_v1beta1};
use flatwright_diagnostic::{Anchor, Diagnostic, Severity};
use flatwright_kubernetes::manifest;
use flatwright_plan::Profile;
use flatwright_yaml::Limits;
use serde_json::Value as Json;

use crate::compilation::Cluster;
use crate::json::{from_json, to_json};
use crate::kinds::{self, Known, Releases};

/// What makes two objects one: group, kind, namespace and name. The version is how an object is written.
pub(crate) type Identity<'a> = (&'a str, &'a str, &'a str, &'a str);

pub(crate) fn identity(object: &Json) -> Identity<'_> {
    let text = |key: &str| object.get(key).and_then(Json::as_str).unwrap_or_default();
    let group = text("apiVersion").split_once('/').map_or("", |(group, _)| group);
    (group, text("kind"), manifest::namespace(object), manifest::metadata(object, "name"))
}

/// The objects by their identity. Of two that are one, the last counts, as for whoever applies them.
pub(crate) fn by_identity<'a>(objects: impl IntoIterator<Item = &'a Json>) -> BTreeMap<Identity<'a>, &'a Json> {
    objects.into_iter().map(|object| (identity(object), object)).collect()
}

/// Two versions of an object in one contract; what is written in the newer one is turned into the older one.
pub(crate) fn alike(old: &Json, new: &Json) -> (Json, Json) {
    let version = |object: &Json| object.get("apiVersion").and_then(Json::as_str).map(str::to_owned);
    if version(old) == version(new) { (old.clone(), new.clone()) } else { (in_v1beta1(old), in_v1beta1(new)) }
}

fn in_v1beta1(object: &Json) -> Json {
    let mut object = Object { value: from_json(object), subject: Subject::Cluster };
    if object.api_version().ends_with("/v1beta2") {
        to_v1beta1(&mut object, Profile::Flatwright);
    }
    to_json(&object.value)
}

/// What the API server refuses of an update that it would not refuse of a new object, as paths in the new object.
pub(crate) fn refused(old: &Json, new: &Json, releases: &Releases, options: &Options) -> Vec<Diagnostic> {
    let (old, new) = alike(old, new);
    if old == new {
        return Vec::new();
    }
    let text = |key: &str| new.get(key).and_then(Json::as_str).unwrap_or_default();
    let known = Known::built_in(text("apiVersion"), text("kind"));
    let errors = |old: Option<&Json>| {
        let found = kinds::findings(&new, old, known, releases, options);
        found.into_iter().filter(|finding| finding.severity == Severity::Error)
    };
    let alone: Vec<Diagnostic> = errors(None).collect();
    let is_told = |finding: &Diagnostic| {
        alone.iter().any(|told| told.code == finding.code && told.object_path == finding.object_path)
    };
    errors(Some(&old)).filter(|finding| !is_told(finding)).collect()
}

/// What the API server refuses of a compiled cluster, at the lines of its spec.
pub(crate) fn of_cluster(
    old: &BTreeMap<Identity<'_>, &Json>,
    cluster: &Cluster,
    releases: &Releases,
    options: &Options,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for object in &cluster.objects {
        let value = to_json(&object.value);
        let Some(before) = old.get(&identity(&value)) else { continue };
        let around = object.group().and_then(|index| cluster.plan.groups.get(index)).map(|group| group.origin);
        let around = around.unwrap_or(cluster.plan.name.origin);
        for finding in refused(before, &value, releases, options) {
            let path = finding.object_path.clone().unwrap_or_default();
            let anchor = object.value.origin_at(&path).anchor().or_else(|| around.anchor());
            found.push(placed(finding, anchor, object.kind(), object.name()));
        }
    }
    found
}

/// A finding at its place, and which object it is about.
pub(crate) fn placed(mut finding: Diagnostic, anchor: Option<Anchor>, kind: &str, name: &str) -> Diagnostic {
    let path = finding.object_path.take().unwrap_or_default();
    if let Some(anchor) = anchor {
        finding.at(anchor);
    }
    finding.note(format!("in {kind} `{name}`, field `{path}`"));
    finding
}

/// Whether a text is a spec, and not manifests.
pub(crate) fn is_spec(bytes: &[u8]) -> bool {
    let Ok(text) = flatwright_yaml::decode(bytes) else { return false };
    let (tree, _) = flatwright_yaml::parse(&text, &Limits::default());
    tree.roots().iter().any(|root| tree.get(*root, "kind").and_then(|kind| tree.scalar(kind)) == Some("FlatcarCluster"))
}
