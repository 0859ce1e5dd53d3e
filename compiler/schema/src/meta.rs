//! `apiVersion`, `kind` and `metadata`: their types (strict decoding) and the rules of ObjectMeta, at the root and in embedded resources.

use flatwright_diagnostic::{Applicability, Diagnostic, Fix, Part};
use flatwright_kubernetes::is_placeholder;
use flatwright_kubernetes::name::{self, Flaw};
use serde_json::{Map, Value};

use crate::broken::{Metadata, Shape};
use crate::findings::{Effect, Findings, Trail};
use crate::json::{describe, quote_scalar};
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
            if is_placeholder(name) {
                continue;
            }
            let rule = || Shape::UnknownField { name: name.clone(), expected: None };
            if let Some(finding) = findings.refuse(&trail, Effect::Plain, rule) {
                finding.did_you_mean(name, Part::Key, known.iter().map(|(name, _)| *name));
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
        (_, Value::String(text)) if is_placeholder(text) => {}
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

fn wrong_type(expected: &'static str, value: &Value, trail: &Trail<'_>, findings: &mut Findings) {
    let rule = || Shape::WrongType { expected, found: describe(value) };
    if let Some(finding) = findings.refuse(trail, Effect::BlocksRules, rule)
        && expected == "a string"
    {
        quote_scalar(finding, value);
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
        let rule = |prefix, flaw| Metadata::NamePrefix { prefix, flaw };
        judge(name::dns_subdomain(&prefix), generate, rule, &trail.key("generateName"), findings);
    }
    let place = trail.key("name");
    match resource {
        Resource::Root if name.is_empty() && generate.is_empty() => {
            findings.refuse(&place, Effect::BlocksRules, || Shape::Missing { name: "name".to_owned() });
        }
        Resource::Root if !name.is_empty() => {
            let rule = |name, flaw| Metadata::Name { name, flaw };
            lower_case(judge(name::dns_subdomain(name), name, rule, &place, findings), name);
        }
        Resource::Embedded if !name.is_empty() && !name::is_path_segment(name) && !is_placeholder(name) => {
            findings.refuse(&place, Effect::Plain, || Metadata::EmbeddedName { name: name.to_owned() });
        }
        _ => {}
    }
    let namespace = text("namespace");
    if !namespace.is_empty() {
        let rule = |namespace, flaw| Metadata::Namespace { namespace, flaw };
        lower_case(judge(name::dns_label(namespace), namespace, rule, &trail.key("namespace"), findings), namespace);
    }
    if meta.get("generation").and_then(Value::as_i64).is_some_and(|generation| generation < 0) {
        findings.refuse(&trail.key("generation"), Effect::Plain, || Metadata::NegativeGeneration);
    }
}

/// Capitals are the usual flaw of a name. Others may refer to it, so a person decides.
fn lower_case(finding: Option<&mut Diagnostic>, name: &str) {
    let lower = name.to_lowercase();
    if let Some(finding) = finding
        && name::dns_subdomain(&lower).is_ok()
    {
        finding.hint(format!("write `{lower}`"));
        finding.fix(Fix { applicability: Applicability::Suggested, ..Fix::rewrite(name, lower) });
    }
}

fn check_labels(meta: &Map<String, Value>, trail: &Trail<'_>, findings: &mut Findings) {
    let trail = trail.key("labels");
    for (key, value) in meta.get("labels").and_then(Value::as_object).into_iter().flatten() {
        let trail = trail.key(key);
        judge(name::qualified(key), key, |key, flaw| Metadata::LabelKey { key, flaw }, &trail, findings);
        let value = value.as_str().unwrap_or_default();
        judge(name::label_value(value), value, |value, flaw| Metadata::LabelValue { value, flaw }, &trail, findings);
    }
}

fn check_annotations(meta: &Map<String, Value>, trail: &Trail<'_>, findings: &mut Findings) {
    let trail = trail.key("annotations");
    let mut bytes = 0;
    for (key, value) in meta.get("annotations").and_then(Value::as_object).into_iter().flatten() {
        bytes += key.len() + value.as_str().unwrap_or_default().len();
        let rule = |key, flaw| Metadata::AnnotationKey { key, flaw };
        judge(name::annotation_key(key), key, rule, &trail.key(key), findings);
    }
    if bytes > ANNOTATION_BYTES {
        findings
            .refuse(&trail, Effect::BlocksRules, || Metadata::AnnotationsTooLarge { bytes, most: ANNOTATION_BYTES });
    }
}

fn check_owners(meta: &Map<String, Value>, trail: &Trail<'_>, findings: &mut Findings) {
    let trail = trail.key("ownerReferences");
    let mut controllers = 0;
    for (index, owner) in meta.get("ownerReferences").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let trail = trail.index(index);
        for field in ["apiVersion", "kind", "name", "uid"] {
            if owner.get(field).and_then(Value::as_str).is_none_or(str::is_empty) {
                findings.refuse(&trail.key(field), Effect::Plain, || Metadata::OwnerReference { field });
            }
        }
        controllers += usize::from(owner.get("controller").and_then(Value::as_bool).unwrap_or_default());
    }
    if controllers > 1 {
        findings.refuse(&trail, Effect::Plain, || Metadata::SeveralControllers { count: controllers });
    }
}

fn check_finalizers(meta: &Map<String, Value>, trail: &Trail<'_>, findings: &mut Findings) {
    let trail = trail.key("finalizers");
    let finalizers: Vec<&str> =
        meta.get("finalizers").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (index, finalizer) in finalizers.iter().enumerate() {
        let rule = |finalizer, flaw| Metadata::Finalizer { finalizer, flaw };
        judge(name::qualified(finalizer), finalizer, rule, &trail.index(index), findings);
    }
    if finalizers.contains(&"orphan") && finalizers.contains(&"foregroundDeletion") {
        findings.refuse(&trail, Effect::Plain, || Metadata::ConflictingFinalizers);
    }
}

/// Refuses a final text with a flaw; the rule is made of both.
fn judge<'f>(
    verdict: Result<(), Flaw>,
    text: &str,
    rule: impl FnOnce(String, Flaw) -> Metadata,
    trail: &Trail<'_>,
    findings: &'f mut Findings,
) -> Option<&'f mut Diagnostic> {
    let flaw = verdict.err().filter(|_| !is_placeholder(text))?;
    findings.refuse(trail, Effect::Plain, || rule(text.to_owned(), flaw))
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
                if field == "kind" {
                    let verdict = name::dns_label_1035(&text.to_lowercase());
                    judge(verdict, text, |kind, flaw| Metadata::EmbeddedKind { kind, flaw }, &trail, findings);
                } else if text.matches('/').count() > 1 {
                    let rule = |version, flaw| Metadata::EmbeddedApiVersion { version, flaw };
                    judge(Err(Flaw::Slashes), text, rule, &trail, findings);
                }
            }
            None | Some(Value::String(_)) => {
                findings.refuse(&trail, Effect::BlocksRules, || Shape::Missing { name: field.to_owned() });
            }
            Some(other) => wrong_type("a string", other, &trail, findings),
        }
    }
}
