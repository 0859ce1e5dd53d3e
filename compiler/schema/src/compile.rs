//! From the `openAPIV3Schema` of a CRD to compact nodes.
//!
//! A keyword of the wrong shape is reported and ignored: the server would not have stored such a CRD, and the rest of it still tells something.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Diagnostic, Path, Severity};
use serde_json::{Map, Value};

use crate::broken::Definition;
use crate::node::{Additional, Below, Bound, Checks, Kind, ListType, Node, NodeId, Nodes, Rule};
use crate::text::format::Format;
use flatwright_go::regexp::Pattern;
use flatwright_kubernetes::crds::Line;

/// The longest list of problems kept per CRD: they repeat.
const KEPT_PROBLEMS: usize = 50;
/// More nodes than any real CRD by far; the largest known have a few thousand.
const MOST_NODES: usize = 200_000;

/// Compiles a schema. Problems carry paths below the schema.
pub(crate) fn compile(schema: &Value) -> (Nodes, Vec<Diagnostic>) {
    let mut compiler = Compiler::default();
    compiler.node(schema);
    (compiler.nodes, compiler.problems)
}

/// Compiles a schema of the built-in table. What several fields share becomes one node.
pub(crate) fn compile_line(line: Line) -> Nodes {
    let mut compiler = Compiler { lines: Some(BTreeMap::new()), ..Compiler::default() };
    compiler.line(line);
    compiler.nodes
}

#[derive(Default)]
struct Compiler {
    nodes: Nodes,
    problems: Vec<Diagnostic>,
    patterns: BTreeMap<String, Pattern>,
    /// For the built-in table: the nodes of its lines so far. There, a number stands for a schema.
    lines: Option<BTreeMap<Line, NodeId>>,
    path: Path,
}

impl Compiler {
    /// Compiles one schema and everything below it. Depth is bounded by the loader.
    fn node(&mut self, schema: &Value) -> NodeId {
        if let Some(line) = Line::of(schema).filter(|_| self.lines.is_some()) {
            return self.line(line);
        }
        let id = NodeId(u32::try_from(self.nodes.nodes.len()).expect("invariant: the number of nodes is bounded"));
        self.nodes.nodes.push(Node::default());
        let Some(schema) = schema.as_object() else {
            self.problem("is not a mapping");
            return id;
        };
        if self.nodes.nodes.len() >= MOST_NODES {
            self.problem("is larger than any schema the server would store");
            return id;
        }
        let node = self.fill(schema);
        self.nodes.nodes[id.0 as usize] = node;
        id
    }

    /// Compiles a line of the table, once. Its references lead to lines above, so this ends.
    fn line(&mut self, line: Line) -> NodeId {
        if let Some(id) = self.lines.iter().find_map(|lines| lines.get(&line)) {
            return *id;
        }
        let id = self.node(&line.schema());
        self.lines.get_or_insert_default().insert(line, id);
        id
    }

    fn fill(&mut self, schema: &Map<String, Value>) -> Node {
        let mut node = Node {
            int_or_string: self.flag(schema, "x-kubernetes-int-or-string"),
            nullable: self.flag(schema, "nullable"),
            preserve_unknown: self.flag(schema, "x-kubernetes-preserve-unknown-fields"),
            embedded: self.flag(schema, "x-kubernetes-embedded-resource"),
            default: schema.get("default").filter(|value| !value.is_null()).cloned(),
            list: self.list_type(schema),
            ..Node::default()
        };
        if let Some(name) = self.text(schema, "type") {
            node.kind = Kind::of_name(name);
            if node.kind.is_none() {
                self.problem_at("type", &format!("has the unknown type `{name}`"));
            }
        }
        node.format = self.text(schema, "format").and_then(|name| match node.kind {
            None | Some(Kind::String) => Format::of_string(name),
            Some(Kind::Integer) if name == "int32" => Some(Format::Int32),
            Some(_) => None,
        });
        if let Some(properties) = self.mapping(schema, "properties") {
            node.properties = properties
                .iter()
                .map(|(name, schema)| (name.as_str().into(), self.at(&["properties", name], |this| this.node(schema))))
                .collect();
        }
        node.additional = match schema.get("additionalProperties") {
            None | Some(Value::Null) => Additional::Unset,
            Some(Value::Bool(allowed)) => Additional::Allowed(*allowed),
            Some(schema) => Additional::Each(self.at(&["additionalProperties"], |this| this.node(schema))),
        };
        node.items = schema.get("items").map(|schema| self.at(&["items"], |this| this.node(schema)));
        node.checks = self.checks(schema);
        node.rules = self.rules(schema);
        node.below = self.below(&node);
        node
    }

    fn checks(&mut self, schema: &Map<String, Value>) -> Option<Box<Checks>> {
        const KEYWORDS: [&str; 17] = [
            "enum",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "multipleOf",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
            "required",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
        ];
        if !KEYWORDS.iter().any(|keyword| schema.contains_key(*keyword)) {
            return None;
        }
        let mut checks = Checks {
            allowed: self.list(schema, "enum").cloned().unwrap_or_default(),
            min_length: self.count(schema, "minLength"),
            max_length: self.count(schema, "maxLength"),
            minimum: self.bound(schema, "minimum", "exclusiveMinimum"),
            maximum: self.bound(schema, "maximum", "exclusiveMaximum"),
            multiple_of: schema.get("multipleOf").and_then(Value::as_f64),
            min_items: self.count(schema, "minItems"),
            max_items: self.count(schema, "maxItems"),
            unique_items: self.flag(schema, "uniqueItems"),
            min_properties: self.count(schema, "minProperties"),
            max_properties: self.count(schema, "maxProperties"),
            all_of: self.nodes_of(schema, "allOf"),
            any_of: self.nodes_of(schema, "anyOf"),
            one_of: self.nodes_of(schema, "oneOf"),
            not: schema.get("not").map(|schema| self.at(&["not"], |this| this.node(schema))),
            ..Checks::default()
        };
        if let Some(pattern) = self.text(schema, "pattern").filter(|pattern| !pattern.is_empty()) {
            let known = self.patterns.entry(pattern.to_owned()).or_insert_with(|| Pattern::new(pattern));
            checks.pattern = Some(known.clone());
        }
        if let Some(required) = self.list(schema, "required") {
            checks.required = required.iter().filter_map(Value::as_str).map(Into::into).collect();
        }
        Some(Box::new(checks))
    }

    fn list_type(&mut self, schema: &Map<String, Value>) -> ListType {
        match self.text(schema, "x-kubernetes-list-type") {
            Some("atomic") => ListType::Atomic,
            Some("set") => ListType::Set,
            Some("map") => {
                let keys = self.list(schema, "x-kubernetes-list-map-keys").map(Vec::as_slice).unwrap_or_default();
                ListType::Map(keys.iter().filter_map(Value::as_str).map(Into::into).collect())
            }
            Some(other) => {
                self.problem_at("x-kubernetes-list-type", &format!("has the unknown list type `{other}`"));
                ListType::Unset
            }
            None => ListType::Unset,
        }
    }

    fn rules(&mut self, schema: &Map<String, Value>) -> Vec<Rule> {
        let Some(entries) = self.list(schema, "x-kubernetes-validations") else { return Vec::new() };
        let mut rules = Vec::with_capacity(entries.len());
        for entry in entries {
            let field = |name: &str| entry.get(name).and_then(Value::as_str).map(Box::from);
            let Some(text) = field("rule") else {
                self.problem_at("x-kubernetes-validations", "has an entry without a `rule`");
                continue;
            };
            rules.push(Rule {
                text,
                message: field("message").filter(|message| !message.is_empty()),
                message_expression: field("messageExpression").filter(|message| !message.is_empty()),
                reason: field("reason"),
                field_path: field("fieldPath").filter(|path| !path.is_empty()),
                optional_old_self: entry.get("optionalOldSelf").and_then(Value::as_bool).unwrap_or_default(),
                ..Rule::default()
            });
        }
        rules
    }

    fn below(&self, node: &Node) -> Below {
        let mut below = Below {
            rules: !node.rules.is_empty(),
            unique_lists: matches!(node.list, ListType::Set | ListType::Map(_)),
            embedded: node.embedded,
            defaults: node.default.is_some(),
        };
        let each = match node.additional {
            Additional::Each(id) => Some(id),
            _ => None,
        };
        let all_of = node.checks.iter().flat_map(|checks| &checks.all_of).copied();
        for id in node.properties.values().copied().chain(each).chain(node.items).chain(all_of) {
            let child = self.nodes.get(id).below;
            below.rules |= child.rules;
            below.unique_lists |= child.unique_lists;
            below.embedded |= child.embedded;
            below.defaults |= child.defaults;
        }
        below
    }

    fn nodes_of(&mut self, schema: &Map<String, Value>, keyword: &'static str) -> Vec<NodeId> {
        let Some(schemas) = self.list(schema, keyword) else { return Vec::new() };
        schemas.iter().map(|schema| self.at(&[keyword], |this| this.node(schema))).collect()
    }

    fn bound(&mut self, schema: &Map<String, Value>, keyword: &'static str, exclusive: &'static str) -> Option<Bound> {
        let limit = schema.get(keyword)?.as_f64();
        if limit.is_none() {
            self.problem_at(keyword, "is not a number");
        }
        Some(Bound { limit: limit?, exclusive: self.flag(schema, exclusive) })
    }

    fn count(&mut self, schema: &Map<String, Value>, keyword: &'static str) -> Option<u64> {
        let value = schema.get(keyword)?;
        // The server keeps an int64, which a JSON number such as `1.0` does not fill; a negative one never binds.
        let count = value.as_u64().or_else(|| value.as_i64().map(|_| 0));
        if count.is_none() {
            self.problem_at(keyword, "is not a whole number");
        }
        count
    }

    fn flag(&mut self, schema: &Map<String, Value>, keyword: &'static str) -> bool {
        let Some(value) = schema.get(keyword) else { return false };
        if !value.is_boolean() && !value.is_null() {
            self.problem_at(keyword, "is not a boolean");
        }
        value.as_bool().unwrap_or_default()
    }

    fn text<'s>(&mut self, schema: &'s Map<String, Value>, keyword: &'static str) -> Option<&'s str> {
        let value = schema.get(keyword)?;
        if !value.is_string() && !value.is_null() {
            self.problem_at(keyword, "is not a string");
        }
        value.as_str()
    }

    fn list<'s>(&mut self, schema: &'s Map<String, Value>, keyword: &'static str) -> Option<&'s Vec<Value>> {
        let value = schema.get(keyword)?;
        if !value.is_array() && !value.is_null() {
            self.problem_at(keyword, "is not a list");
        }
        value.as_array()
    }

    fn mapping<'s>(&mut self, schema: &'s Map<String, Value>, keyword: &'static str) -> Option<&'s Map<String, Value>> {
        let value = schema.get(keyword)?;
        if !value.is_object() && !value.is_null() {
            self.problem_at(keyword, "is not a mapping");
        }
        value.as_object()
    }

    fn at<T>(&mut self, steps: &[&str], work: impl FnOnce(&mut Self) -> T) -> T {
        for step in steps {
            self.path.push_key(step);
        }
        let result = work(self);
        for _ in steps {
            self.path.pop();
        }
        result
    }

    fn problem_at(&mut self, keyword: &str, fact: &str) {
        self.at(&[keyword], |this| this.problem(fact));
    }

    fn problem(&mut self, fact: &str) {
        if self.problems.len() < KEPT_PROBLEMS {
            let rule = Definition::Keyword { path: self.path.clone(), fact: fact.to_owned() };
            let mut problem = Diagnostic::of(&rule, Severity::Warning);
            problem.within(self.path.clone());
            self.problems.push(problem);
        }
    }
}
