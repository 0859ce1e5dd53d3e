//! One version of one kind: the whole way of an object through the API server, in the server's order.

use flatwright_diagnostic::{Diagnostic, Path};
use flatwright_kubernetes::crds::Line;
use flatwright_kubernetes::holds_placeholder;
use serde_json::Value;

use crate::broken::{Content, Shape};
use crate::check::check;
use crate::compile::{compile, compile_line};
use crate::decode::{drop_nulls, prune, write_defaults};
use crate::findings::{Effect, Findings, Trail};
use crate::json::{describe, shown};
use crate::lists::check_lists;
use crate::meta::{Resource, check_embedded, check_meta};
use crate::node::Nodes;
use crate::rules::check_rules;

/// Deeper values are refused at once, so that every walk may recurse.
pub(crate) const DEEPEST: usize = 200;

/// The compiled schema of one version of one kind. Made and kept by [`crate::Crds`].
#[derive(Debug)]
pub struct Schema {
    nodes: Nodes,
    problems: Vec<Diagnostic>,
    facts: Facts,
}

/// What a CRD says of a version besides its schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) has_status: bool,
    pub(crate) scale: Option<Scale>,
}

/// The paths of the scale subresource.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scale {
    pub(crate) spec_replicas: Box<str>,
    pub(crate) status_replicas: Box<str>,
    pub(crate) label_selector: Option<Box<str>>,
}

impl Schema {
    pub(crate) fn new(schema: &Value, facts: Facts) -> Self {
        let (nodes, problems) = compile(schema);
        Self { nodes, problems, facts }
    }

    /// A schema of the built-in table.
    pub(crate) fn of_line(line: Line, facts: Facts) -> Self {
        Self { nodes: compile_line(line), problems: Vec::new(), facts }
    }

    /// The schema of one field apart from any kind, such as a variable of a ClusterClass; `None` if it is nested too deeply.
    ///
    /// ```
    /// use flatwright_schema::Schema;
    /// use serde_json::json;
    ///
    /// let schema = Schema::of_field("value", &json!({"type": "string", "pattern": "^Standard_"})).expect("is flat");
    /// let found = schema.validate_field(&json!({"value": "B2s"}));
    /// assert_eq!(found[0].object_path.as_ref().map(ToString::to_string).as_deref(), Some("value"));
    /// ```
    pub fn of_field(name: &str, schema: &Value) -> Option<Self> {
        let mapping = || serde_json::json!({ "type": "object", "properties": { name: schema } });
        (!is_deeper_than(schema, DEEPEST)).then(|| Self::new(&mapping(), Facts::default()))
    }

    /// What is wrong with the CRD itself: warnings with paths below its schema.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Every reason for which the API server refuses the object, as errors with paths below its root; warnings are admitted, but will surprise.
    ///
    /// With an old object of the same name, the object is an update: transition rules apply, and errors of unchanged parts are forgiven.
    pub fn validate(&self, object: &Value, old: Option<&Value>) -> Vec<Diagnostic> {
        let mut findings = Findings::default();
        if !object.is_object() {
            findings.refuse(&Trail::ROOT, Effect::Plain, || Shape::WrongType {
                expected: "a mapping",
                found: describe(object),
            });
        } else if is_deeper_than(object, DEEPEST) {
            findings.refuse(&Trail::ROOT, Effect::Plain, || Content::Nesting { limit: DEEPEST });
        } else {
            let old = old.filter(|old| is_same_object(object, old) && !is_deeper_than(old, DEEPEST));
            self.check_object(object, old, &mut findings);
        }
        findings.into_diagnostics()
    }

    /// Every reason for which a mapping with the field of [`Schema::of_field`] is refused, as errors with paths below the mapping. Defaults count as written.
    pub fn validate_field(&self, holder: &Value) -> Vec<Diagnostic> {
        let mut findings = Findings::default();
        if is_deeper_than(holder, DEEPEST) {
            findings.refuse(&Trail::ROOT, Effect::Plain, || Content::Nesting { limit: DEEPEST });
        } else {
            let mut holder = holder.clone();
            prune(&self.nodes, &mut holder, &mut findings);
            write_defaults(&self.nodes, &mut holder, Nodes::ROOT);
            self.check_content(&holder, None, &mut findings);
        }
        findings.into_diagnostics()
    }

    /// The object as the server stores it: unknown fields and nulls dropped, defaults written.
    #[must_use]
    pub fn defaulted(&self, object: &Value) -> Value {
        let mut object = object.clone();
        if !is_deeper_than(&object, DEEPEST) {
            self.decode(&mut object, &mut Findings::default());
        }
        object
    }

    fn decode(&self, object: &mut Value, findings: &mut Findings) {
        prune(&self.nodes, object, findings);
        drop_nulls(&self.nodes, object, Nodes::ROOT);
        write_defaults(&self.nodes, object, Nodes::ROOT);
    }

    fn check_object(&self, object: &Value, old: Option<&Value>, findings: &mut Findings) {
        let mut object = object.clone();
        self.decode(&mut object, findings);
        let old = old.map(|old| self.defaulted(old));
        let old = old.as_ref();
        if let (true, Some(fields)) = (self.facts.has_status, object.as_object_mut()) {
            // Writes to the object keep the status that is there; a new object has none.
            match old.and_then(|old| old.get("status")) {
                Some(status) => fields.insert("status".into(), status.clone()),
                None => fields.shift_remove("status"),
            };
        }
        let root = Trail::ROOT;
        if let Some(fields) = object.as_object() {
            check_meta(fields, Resource::Root, &root, findings);
        }
        if let Some(scale) = &self.facts.scale {
            check_scale(scale, &object, findings);
        }
        self.check_content(&object, old, findings);
    }

    /// What the schema says of a value that was decoded.
    fn check_content(&self, object: &Value, old: Option<&Value>, findings: &mut Findings) {
        let root = Trail::ROOT;
        check(&self.nodes, Nodes::ROOT, object, old, &root, findings);
        check_embedded(&self.nodes, Nodes::ROOT, object, &root, findings);
        let had_duplicates = old.is_some_and(|old| {
            Findings::default().probe(|probe| check_lists(&self.nodes, Nodes::ROOT, old, &root, probe)) > 0
        });
        if !had_duplicates {
            check_lists(&self.nodes, Nodes::ROOT, object, &root, findings);
        }
        if !self.nodes.get(Nodes::ROOT).below.rules {
            return;
        }
        if !findings.blocks_rules() {
            check_rules(&self.nodes, object, old, findings);
        } else if let Some(last) = findings.last_mut() {
            last.note("the validation rules of this kind are checked once the object fits its schema");
        }
    }
}

/// Whether the old object is the one that the new one replaces.
fn is_same_object(new: &Value, old: &Value) -> bool {
    let text = |value: &Value, path: &str| value.pointer(path).and_then(Value::as_str).map(str::to_owned);
    ["/apiVersion", "/kind", "/metadata/name", "/metadata/namespace"].into_iter().all(|path| {
        match (text(new, path), text(old, path)) {
            (Some(new), Some(old)) => new == old,
            _ => true,
        }
    })
}

/// The replica counts and the selector of the scale subresource.
fn check_scale(scale: &Scale, object: &Value, findings: &mut Findings) {
    for path in [&scale.spec_replicas, &scale.status_replicas] {
        let Some((path, value)) = look_up(object, path) else { continue };
        let is_count = value.as_i64().is_some_and(|count| (0..=i64::from(i32::MAX)).contains(&count));
        if !is_count && !value.is_null() && !holds_placeholder(value) {
            report_at(path, || Content::ReplicaCount { value: shown(value) }, findings);
        }
    }
    if let Some((path, value)) = scale.label_selector.as_deref().and_then(|path| look_up(object, path))
        && !value.is_string()
    {
        report_at(path, || Content::ScaleSelector { value: describe(value) }, findings);
    }
}

fn look_up<'a>(object: &'a Value, path: &str) -> Option<(Path, &'a Value)> {
    let steps = path.strip_prefix('.').unwrap_or(path).split('.');
    let mut found = object;
    let mut at = Path::root();
    for step in steps {
        found = found.as_object()?.get(step)?;
        at.push_key(step);
    }
    Some((at, found))
}

fn report_at(path: Path, rule: impl FnOnce() -> Content, findings: &mut Findings) {
    if let Some(finding) = findings.refuse(&Trail::ROOT, Effect::Plain, rule) {
        finding.within(path);
    }
}

/// Whether containers are nested deeper than a limit, found without recursion.
pub(crate) fn is_deeper_than(value: &Value, limit: usize) -> bool {
    let mut open = vec![(value, 0)];
    while let Some((value, depth)) = open.pop() {
        if depth > limit {
            return true;
        }
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(fields) => open.extend(fields.values().map(|value| (value, depth + 1))),
            _ => {}
        }
    }
    false
}
