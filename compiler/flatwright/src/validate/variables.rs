//! The variables of ClusterClasses: what their schemas give (defaults, examples, listed values), and what clusters set.
//!
//! Owns: where schemas and values stand (CAPI `internal/topology/variables`). Must not: say which variables there must be; that is a rule of `admission`.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Diagnostic, Path, Report};
use flatwright_kubernetes::holds_placeholder;
use flatwright_schema::Schema;
use serde_json::{Value as Json, json};

use super::manifests::Manifest;

/// Deeper schemas are not looked into: each level is compiled with all below it.
const DEEPEST: usize = 20;
/// Where a Cluster sets variables besides its own list; `[]` stands for each entry.
const OVERRIDES: [&str; 3] = [
    "spec.topology.controlPlane.variables.overrides",
    "spec.topology.workers.machineDeployments[].variables.overrides",
    "spec.topology.workers.machinePools[].variables.overrides",
];

/// A class by namespace and name.
type Classes<'a> = BTreeMap<(&'a str, &'a str), BTreeMap<&'a str, Schema>>;

/// Checks the classes among the manifests, and the clusters whose class is among them.
pub(super) fn check(manifests: &[Manifest], report: &mut Report) {
    let mut classes = Classes::new();
    for manifest in of_kind(manifests, "ClusterClass") {
        let mut schemas = BTreeMap::new();
        for (path, variable) in entries(&manifest.value, "spec.variables") {
            let Some(schema) = variable.pointer("/schema/openAPIV3Schema") else { continue };
            let before = report.diagnostics().len();
            given(manifest, schema, &path.key("schema").key("openAPIV3Schema"), DEEPEST, report);
            // A default that does not fit would be told once more for each value.
            let is_fit = report.diagnostics().len() == before;
            if let (Some(name), Some(schema)) = (text(variable, "/name"), Schema::of_field("value", schema)) {
                schemas.extend(is_fit.then_some((name, schema)));
            }
        }
        classes.insert((manifest.namespace(), manifest.metadata("name")), schemas);
    }
    for manifest in of_kind(manifests, "Cluster") {
        values(manifest, &classes, report);
    }
}

fn of_kind<'a>(manifests: &'a [Manifest], kind: &'a str) -> impl Iterator<Item = &'a Manifest> {
    let is_cluster_api = |manifest: &&Manifest| manifest.text("apiVersion").starts_with("cluster.x-k8s.io/");
    manifests.iter().filter(is_cluster_api).filter(move |manifest| manifest.text("kind") == kind)
}

/// The values that a schema itself gives, which the webhook holds against it.
fn given(manifest: &Manifest, schema: &Json, path: &Path, depth: usize, report: &mut Report) {
    let Some(keywords) = schema.as_object().filter(|_| depth > 0) else { return };
    for keyword in ["default", "example", "enum"] {
        let Some(value) = keywords.get(keyword) else { continue };
        let schema = match keyword {
            "enum" => Schema::of_field(keyword, &json!({ "type": "array", "items": schema })),
            _ => Schema::of_field(keyword, schema),
        };
        if let Some(schema) = schema {
            place(manifest, schema.validate_field(&json!({ keyword: value })), path, None, report);
        }
    }
    let mut below = |schema: &Json, path: Path| given(manifest, schema, &path, depth - 1, report);
    for (name, schema) in keywords.get("properties").and_then(Json::as_object).into_iter().flatten() {
        below(schema, path.key("properties").key(name));
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(schema) = keywords.get(keyword) {
            below(schema, path.key(keyword));
        }
    }
}

/// The values that a cluster sets, if its class is known.
fn values(manifest: &Manifest, classes: &Classes<'_>, report: &mut Report) {
    let topology = |pointer| text(&manifest.value, pointer);
    let Some(class) = topology("/spec/topology/classRef/name").or_else(|| topology("/spec/topology/class")) else {
        return;
    };
    let namespace = topology("/spec/topology/classRef/namespace").or_else(|| topology("/spec/topology/classNamespace"));
    let Some(schemas) = classes.get(&(namespace.unwrap_or(manifest.namespace()), class)) else { return };
    for list in ["spec.topology.variables"].into_iter().chain(OVERRIDES) {
        for (path, variable) in entries(&manifest.value, list) {
            // One that a runtime extension defines has the name of its patch here.
            let is_own = text(variable, "/definitionFrom").is_none_or(|from| matches!(from, "" | "inline"));
            let Some((name, value)) = text(variable, "/name").zip(variable.get("value")).filter(|_| is_own) else {
                continue;
            };
            if let Some(schema) = schemas.get(name).filter(|_| !holds_placeholder(value)) {
                let note = format!("the ClusterClass `{class}` says which values the variable `{name}` may have");
                place(manifest, schema.validate_field(&json!({ "value": value })), &path, Some(&note), report);
            }
        }
    }
}

fn place(manifest: &Manifest, found: Vec<Diagnostic>, path: &Path, note: Option<&str>, report: &mut Report) {
    for mut finding in found {
        let below = finding.object_path.take().unwrap_or_default();
        finding.within(path.join(&below));
        if let Some(note) = note {
            finding.note(note);
        }
        report.push(manifest.place(finding));
    }
}

fn text<'a>(value: &'a Json, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Json::as_str)
}

/// The entries of the lists at a path, with their places.
fn entries<'a>(root: &'a Json, path: &str) -> Vec<(Path, &'a Json)> {
    let mut found = vec![(Path::root(), root)];
    for step in path.split('.') {
        let (key, is_list) = step.strip_suffix("[]").map_or((step, false), |key| (key, true));
        let fields = found.into_iter().filter_map(|(path, value)| Some((path.key(key), value.get(key)?)));
        found = if is_list { fields.flat_map(items).collect() } else { fields.collect() };
    }
    found.into_iter().flat_map(items).collect()
}

fn items((path, list): (Path, &Json)) -> Vec<(Path, &Json)> {
    list.as_array().into_iter().flatten().enumerate().map(|(index, item)| (path.index(index), item)).collect()
}
