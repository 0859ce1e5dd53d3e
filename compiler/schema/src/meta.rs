//! `apiVersion`, `kind` and `metadata`: their types (strict decoding) and the rules of ObjectMeta, at the root and in embedded resources.

use std::fmt::Display;

use flatwright_diagnostic::suggest;
use flatwright_kubernetes::name::{self, Flaw};
use serde_json::{Map, Value};

use crate::code;
use crate::findings::{Effect, Findings, Trail};
use crate::json::{describe, quoted};
use crate::node::{NodeId, Nodes};
use crate::text::time::Timestamp;

/// What a field of the metadata holds.
#[derive(Clone, Copy)]
enum Holds {
    Text,
    Time,
    Integer,
    Boolean,
    Texts,
    TextMap,
    Owners,
    Anything,
}

const META: [(&str, Holds); 15] = [
    ("annotations", Holds::TextMap),
    ("creationTimestamp", Holds::Time),
    ("deletionGracePeriodSeconds", Holds::Integer),
    ("deletionTimestamp", Holds::Time),
    ("finalizers", Holds::Texts),
    ("generateName", Holds::Text),
    ("generation", Holds::Integer),
    ("labels", Holds::TextMap),
    ("managedFields", Holds::Anything),
    ("name", Holds::Text),
    ("namespace", Holds::Text),
    ("ownerReferences", Holds::Owners),
    ("resourceVersion", Holds::Text),
    ("selfLink", Holds::Text),
    ("uid", Holds::Text),
];

const OWNER: [(&str, Holds); 6] = [
    ("apiVersion", Holds::Text),
    ("blockOwnerDeletion", Holds::Boolean),
    ("controller", Holds::Boolean),
    ("kind", Holds::Text),
    ("name", Holds::Text),
    ("uid", Holds::Text),
];

/// The most bytes of all annotations together.
const ANNOTATION_BYTES: usize = 256 << 10;

/// Which rules a resource's name follows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    /// The object itself: it must have a name, a DNS subdomain.
    Root,
    /// A template or embedded resource: the name may be absent.
    Embedded,
}

/// Checks the metadata of an object.
pub(crate) fn check_meta(fields: &Map<String, Value>, resource: Resource, trail: &Trail<'_>, findings: &mut Findings) {
    let trail = trail.key("metadata");
    let empty = Map::new();
    let meta = match fields.get("metadata") {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(meta)) => meta,
        Some(other) => {
            wrong_type("a mapping", other, &trail, findings);
            return;
        }
    };
    let mark = findings.mark();
    check_fields(meta, &META, &trail, findings);
    // A field of the wrong type makes the whole metadata unreadable; rules on it would repeat the same.
    if findings.found_since(mark) && !types_fit(meta) {
        return;
    }
    check_name(meta, resource, &trail, findings);
    check_labels(meta, &trail, findings);
    check_annotations(meta, &trail, findings);
    check_owners(meta, &trail, findings);
    check_finalizers(meta, &trail, findings);
}

fn types_fit(meta: &Map<String, Value>) -> bool {
    let mut probe = Findings::default();
    let known = meta.iter().filter(|(name, _)| META.iter().any(|(known, _)| known == name));
    let known: Map<String, Value> = known.map(|(name, value)| (name.clone(), value.clone())).collect();
    probe.probe(|probe| check_fields(&known, &META, &Trail::ROOT, probe)) == 0
}

fn check_fields(fields: &Map<String, Value>, known: &[(&str, Holds)], trail: &Trail<'_>, findings: &mut Findings) {
    for (name, value) in fields {
        let trail = trail.key(name);
        let Some((_, holds)) = known.iter().find(|(known, _)| known == name) else {
            let finding =
                findings.error(code::SCHEMA_UNKNOWN_FIELD, &trail, Effect::Plain, || format!("unknown field `{name}`"));
            if let (Some(finding), Some(hint)) = (finding, suggest(name, known.iter().map(|(name, _)| *name))) {
                finding.hint(hint);
            }
            continue;
        };
        check_type(value, *holds, &trail, findings);
    }
}

fn check_type(value: &Value, holds: Holds, trail: &Trail<'_>, findings: &mut Findings) {
    match (holds, value) {
        (_, Value::Null)
        | (Holds::Anything, _)
        | (Holds::Text, Value::String(_))
        | (Holds::Boolean, Value::Bool(_)) => {}
        (Holds::Integer, Value::Number(number)) if number.is_i64() => {}
        (Holds::Texts, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                check_type(item, Holds::Text, &trail.index(index), findings);
            }
        }
        (Holds::TextMap, Value::Object(entries)) => {
            for (name, value) in entries {
                check_type(value, Holds::Text, &trail.key(name), findings);
            }
        }
        (Holds::Owners, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                match item {
                    Value::Object(fields) => check_fields(fields, &OWNER, &trail.index(index), findings),
                    other => wrong_type("a mapping", other, &trail.index(index), findings),
                }
            }
        }
        (Holds::Time, Value::String(text)) if Timestamp::parse(text).is_some() => {}
        (Holds::Time, _) => wrong_type("a time such as `2006-01-02T15:04:05Z`", value, trail, findings),
        (Holds::Text, _) => wrong_type("a string", value, trail, findings),
        (Holds::Integer, _) => wrong_type("an integer", value, trail, findings),
        (Holds::Boolean, _) => wrong_type("a boolean", value, trail, findings),
        (Holds::Texts | Holds::Owners, _) => wrong_type("a list", value, trail, findings),
        (Holds::TextMap, _) => wrong_type("a mapping of strings", value, trail, findings),
    }
}

fn wrong_type(expected: &str, value: &Value, trail: &Trail<'_>, findings: &mut Findings) {
    let finding = findings.error(code::SCHEMA_TYPE, trail, Effect::BlocksRules, || {
        format!("expected {expected}, found {}", describe(value))
    });
    if let Some(finding) = finding
        && expected == "a string"
        && (value.is_number() || value.is_boolean())
    {
        finding.hint(format!("write it in quotes: `\"{value}\"`"));
    }
}

fn check_name(meta: &Map<String, Value>, resource: Resource, trail: &Trail<'_>, findings: &mut Findings) {
    let text = |name: &str| meta.get(name).and_then(Value::as_str).unwrap_or_default();
    let (name, generate) = (text("name"), text("generateName"));
    if !generate.is_empty() && resource == Resource::Root {
        // A trailing dash is followed by generated characters.
        let prefix = match generate.strip_suffix('-') {
            Some(prefix) if !prefix.is_empty() => format!("{prefix}a"),
            _ => generate.to_owned(),
        };
        refuse(name::dns_subdomain(&prefix), "name prefix", generate, &trail.key("generateName"), findings);
    }
    match resource {
        Resource::Root if name.is_empty() && generate.is_empty() => {
            findings.error(code::SCHEMA_REQUIRED, &trail.key("name"), Effect::BlocksRules, || {
                "required field `name` is missing".into()
            });
        }
        Resource::Root if !name.is_empty() => {
            refuse(name::dns_subdomain(name), "name", name, &trail.key("name"), findings);
        }
        Resource::Embedded if matches!(name, "." | "..") || name.contains(['/', '%']) => {
            refuse(Err("may not be `.` or `..`, nor hold `/` or `%`"), "name", name, &trail.key("name"), findings);
        }
        _ => {}
    }
    let namespace = text("namespace");
    if !namespace.is_empty() {
        refuse(name::dns_label(namespace), "namespace", namespace, &trail.key("namespace"), findings);
    }
    if meta.get("generation").and_then(Value::as_i64).is_some_and(|generation| generation < 0) {
        findings
            .error(code::SCHEMA_METADATA, &trail.key("generation"), Effect::Plain, || "generation is negative".into());
    }
}

fn check_labels(meta: &Map<String, Value>, trail: &Trail<'_>, findings: &mut Findings) {
    let trail = trail.key("labels");
    for (key, value) in meta.get("labels").and_then(Value::as_object).into_iter().flatten() {
        let trail = trail.key(key);
        refuse(name::qualified(key), "label", key, &trail, findings);
        let value = value.as_str().unwrap_or_default();
        refuse(name::label_value(value), "label value", value, &trail, findings);
    }
}

fn check_annotations(meta: &Map<String, Value>, trail: &Trail<'_>, findings: &mut Findings) {
    let trail = trail.key("annotations");
    let mut bytes = 0;
    for (key, value) in meta.get("annotations").and_then(Value::as_object).into_iter().flatten() {
        bytes += key.len() + value.as_str().unwrap_or_default().len();
        refuse(name::annotation_key(key), "annotation", key, &trail.key(key), findings);
    }
    if bytes > ANNOTATION_BYTES {
        findings.error(code::SCHEMA_METADATA, &trail, Effect::BlocksRules, || {
            format!("annotations have {bytes} bytes together, at most {ANNOTATION_BYTES} are allowed")
        });
    }
}

fn check_owners(meta: &Map<String, Value>, trail: &Trail<'_>, findings: &mut Findings) {
    let trail = trail.key("ownerReferences");
    let mut controllers = 0;
    for (index, owner) in meta.get("ownerReferences").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let trail = trail.index(index);
        for field in ["apiVersion", "kind", "name", "uid"] {
            if owner.get(field).and_then(Value::as_str).is_none_or(str::is_empty) {
                findings.error(code::SCHEMA_METADATA, &trail.key(field), Effect::Plain, || {
                    format!("owner reference has no `{field}`")
                });
            }
        }
        controllers += usize::from(owner.get("controller").and_then(Value::as_bool).unwrap_or_default());
    }
    if controllers > 1 {
        findings.error(code::SCHEMA_METADATA, &trail, Effect::Plain, || {
            format!("{controllers} owner references have `controller: true`, at most one may")
        });
    }
}

fn check_finalizers(meta: &Map<String, Value>, trail: &Trail<'_>, findings: &mut Findings) {
    let trail = trail.key("finalizers");
    let finalizers: Vec<&str> =
        meta.get("finalizers").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (index, finalizer) in finalizers.iter().enumerate() {
        refuse(name::qualified(finalizer), "finalizer", finalizer, &trail.index(index), findings);
    }
    if finalizers.contains(&"orphan") && finalizers.contains(&"foregroundDeletion") {
        findings.error(code::SCHEMA_METADATA, &trail, Effect::Plain, || {
            "finalizers `orphan` and `foregroundDeletion` exclude each other".into()
        });
    }
}

fn refuse(verdict: Result<(), impl Display>, what: &str, text: &str, trail: &Trail<'_>, findings: &mut Findings) {
    if let Err(reason) = verdict {
        let finding =
            findings.error(code::SCHEMA_METADATA, trail, Effect::Plain, || format!("{what} {} {reason}", quoted(text)));
        let lower = text.to_lowercase();
        if let Some(finding) = finding
            && matches!(what, "name" | "namespace")
            && name::dns_subdomain(&lower).is_ok()
        {
            finding.hint(format!("write `{lower}`"));
        }
    }
}

/// Checks the embedded resources at and below a value (`x-kubernetes-embedded-resource`).
pub(crate) fn check_embedded(nodes: &Nodes, id: NodeId, value: &Value, trail: &Trail<'_>, findings: &mut Findings) {
    let node = nodes.get(id);
    if !node.below.embedded {
        return;
    }
    match value {
        Value::Object(fields) => {
            if node.embedded {
                check_type_meta(fields, trail, findings);
                check_meta(fields, Resource::Embedded, trail, findings);
            }
            for (name, value) in fields {
                if let Some(child) = node.field(name) {
                    check_embedded(nodes, child, value, &trail.key(name), findings);
                }
            }
        }
        Value::Array(items) => {
            if let Some(child) = node.items {
                for (index, item) in items.iter().enumerate() {
                    check_embedded(nodes, child, item, &trail.index(index), findings);
                }
            }
        }
        _ => {}
    }
}

fn check_type_meta(fields: &Map<String, Value>, trail: &Trail<'_>, findings: &mut Findings) {
    for field in ["apiVersion", "kind"] {
        let trail = trail.key(field);
        match fields.get(field) {
            Some(Value::String(text)) if !text.is_empty() => {
                let verdict = match field {
                    "kind" => name::dns_label_1035(&text.to_lowercase()),
                    _ if text.matches('/').count() > 1 => Err(Flaw::Slashes),
                    _ => Ok(()),
                };
                refuse(verdict, field, text, &trail, findings);
            }
            None | Some(Value::String(_)) => {
                findings.error(code::SCHEMA_REQUIRED, &trail, Effect::BlocksRules, || {
                    format!("required field `{field}` is missing")
                });
            }
            Some(other) => wrong_type("a string", other, &trail, findings),
        }
    }
}
