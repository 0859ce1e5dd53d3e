//! `x-kubernetes-validations`: which rules run where, with which old value, and what a broken one is called.

use flatwright_diagnostic::Path;
use flatwright_kubernetes::holds_placeholder;
use serde_json::Value;

use crate::broken::{Definition, Validation};
use crate::cel::ast::Program;
use crate::cel::{self, Fault, Val};
use crate::findings::{Effect, Findings, Trail};
use crate::node::{Compiled, NodeId, Nodes, Rule};
use crate::ratchet::{old_field, old_item_of_rule, unchanged_for_rule};

/// What all rules of one object may cost together, in the server's unit: about one step each.
const OBJECT_BUDGET: u64 = 10_000_000;
/// What one evaluation may cost.
const RULE_BUDGET: u64 = 1_000_000;
/// The longest text that a `messageExpression` may give, in bytes.
const LONGEST_MESSAGE: usize = 5 << 10;

/// Each rule is compiled once per schema, when a value first needs it.
fn compiled<'a>(program: &'a Compiled, text: &str) -> Result<&'a Program, &'a str> {
    program.get_or_init(|| cel::compile(text)).as_ref().map_err(String::as_str)
}

/// Evaluates every rule of an object.
pub(crate) fn check_rules(nodes: &Nodes, object: &Value, old: Option<&Value>, findings: &mut Findings) {
    let mut checker = Checker { nodes, findings, budget: OBJECT_BUDGET, stopped: false };
    let at = At { id: Nodes::ROOT, value: object, old, forgiven: Forgiven::At(old), is_resource: true };
    checker.walk(at, &Trail::ROOT);
}

/// A value with the old value that transition rules see.
#[derive(Clone, Copy)]
struct At<'a> {
    id: NodeId,
    value: &'a Value,
    old: Option<&'a Value>,
    forgiven: Forgiven<'a>,
    is_resource: bool,
}

/// Against what an error is forgiven: the value's own old value, or the nearest part around it that has one and whether that is unchanged.
#[derive(Clone, Copy)]
enum Forgiven<'a> {
    At(Option<&'a Value>),
    Around(bool),
}

struct Checker<'a, 'f> {
    nodes: &'a Nodes,
    findings: &'f mut Findings,
    budget: u64,
    stopped: bool,
}

impl<'a> Checker<'a, '_> {
    fn walk(&mut self, at: At<'a>, trail: &Trail<'_>) {
        let node = self.nodes.get(at.id);
        if self.stopped || !node.below.rules || at.value.is_null() {
            return;
        }
        for rule in &node.rules {
            if self.stopped {
                return;
            }
            self.rule(rule, at, trail);
        }
        // Rules of `allOf` see the value through the schema around them, and are not forgiven on their own.
        for id in node.checks.iter().flat_map(|checks| &checks.all_of) {
            self.walk_all_of(*id, at, trail);
        }
        match at.value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let Some(id) = node.field(name) else { continue };
                    let old = at.old.and_then(|old| old_field(old, name));
                    let is_type = at.id == Nodes::ROOT && matches!(name.as_str(), "apiVersion" | "kind");
                    let forgiven = if is_type { Forgiven::Around(false) } else { self.below(at, old) };
                    self.walk(
                        At { id, value, old, forgiven, is_resource: self.nodes.get(id).embedded },
                        &trail.key(name),
                    );
                }
            }
            Value::Array(items) => {
                let Some(id) = node.items else { return };
                for (index, value) in items.iter().enumerate() {
                    let old = at.old.and_then(|old| old_item_of_rule(node, old, value));
                    let correlated = at.old.and_then(|old| crate::ratchet::old_item(node, old, index, value));
                    let forgiven = self.below(at, correlated);
                    self.walk(
                        At { id, value, old, forgiven, is_resource: self.nodes.get(id).embedded },
                        &trail.index(index),
                    );
                }
            }
            _ => {}
        }
    }

    /// Only the rules directly in an `allOf` entry and in its fields: the value keeps the schema that gives it its types.
    fn walk_all_of(&mut self, id: NodeId, at: At<'a>, trail: &Trail<'_>) {
        let node = self.nodes.get(id);
        if !node.below.rules {
            return;
        }
        let forgiven = match at.forgiven {
            Forgiven::At(_) => Forgiven::Around(false),
            around @ Forgiven::Around(_) => around,
        };
        for rule in &node.rules {
            self.rule(rule, At { forgiven, ..at }, trail);
        }
        let Value::Object(fields) = at.value else { return };
        for (name, value) in fields {
            let (Some(rules), Some(shape)) = (node.properties.get(name.as_str()), self.nodes.get(at.id).field(name))
            else {
                continue;
            };
            let old = at.old.and_then(|old| old_field(old, name));
            self.walk_all_of(*rules, At { id: shape, value, old, forgiven, is_resource: false }, &trail.key(name));
        }
    }

    fn below(&self, at: At<'a>, old: Option<&'a Value>) -> Forgiven<'a> {
        match (old, at.forgiven) {
            (Some(old), Forgiven::At(Some(_))) => Forgiven::At(Some(old)),
            (_, Forgiven::At(Some(around))) => {
                Forgiven::Around(unchanged_for_rule(self.nodes, Some(at.id), around, at.value))
            }
            (_, Forgiven::At(None)) => Forgiven::Around(false),
            (_, around @ Forgiven::Around(_)) => around,
        }
    }

    fn rule(&mut self, rule: &'a Rule, at: At<'a>, trail: &Trail<'_>) {
        if rule.text.trim().is_empty() {
            return;
        }
        let program = match compiled(&rule.program, &rule.text) {
            Ok(program) => program,
            Err(reason) => {
                let finding = self.findings.warn(trail, || Definition::UncheckedRule {
                    rule: one_line(&rule.text),
                    reason: reason.to_owned(),
                });
                if let Some(finding) = finding {
                    finding.note(format!("the rule is `{}`", rule.text.trim()));
                }
                return;
            }
        };
        if program.uses_old_self() && at.old.is_none() && !rule.optional_old_self {
            return;
        }
        match self.evaluate(program, rule, at) {
            Ok(Val::Bool(true)) => {}
            Ok(Val::Bool(false)) => self.broken(program, rule, at, trail),
            Ok(_) => self.error(rule, trail, "it gives no boolean"),
            // A rule fails on a text that stands for a number, for one.
            Err(Fault::Rule(_)) if holds_placeholder(at.value) => {}
            Err(Fault::Rule(reason)) => self.error(rule, trail, &reason),
            Err(Fault::OutOfBudget) => {
                self.stopped = true;
                self.error(rule, trail, "it costs more than the server allows; no further rules are run");
            }
        }
    }

    fn evaluate(&mut self, program: &'a Program, rule: &'a Rule, at: At<'a>) -> Result<Val<'a>, Fault> {
        let value = Val::of(self.nodes, at.id, at.value, at.is_resource)?;
        let old = at.old.map(|old| Val::of(self.nodes, at.id, old, at.is_resource)).transpose()?;
        let old = if rule.optional_old_self { Some(Val::Optional(old.map(std::rc::Rc::new))) } else { old };
        let mut budget = self.budget.min(RULE_BUDGET);
        let given = budget;
        let result = cel::run(program, value, old, &mut budget);
        self.budget -= given - budget;
        result
    }

    fn broken(&mut self, program: &Program, rule: &'a Rule, at: At<'a>, trail: &Trail<'_>) {
        let is_forgiven = !program.uses_old_self()
            && match at.forgiven {
                Forgiven::At(Some(old)) => unchanged_for_rule(self.nodes, Some(at.id), old, at.value),
                Forgiven::At(None) => false,
                Forgiven::Around(unchanged) => unchanged,
            };
        if is_forgiven || holds_placeholder(at.value) {
            return;
        }
        let message = self.message(rule, at).or_else(|| rule.message.as_deref().map(|text| text.trim().to_owned()));
        let path = match rule.field_path.as_deref() {
            Some(field) => trail.path().join(&field_path(field)),
            None => trail.path(),
        };
        let effect =
            if rule.reason.as_deref() == Some("FieldValueRequired") { Effect::BlocksRules } else { Effect::Plain };
        let finding = self.findings.refuse(trail, effect, || Validation::Broken {
            rule: one_line(&rule.text),
            message: message.as_deref().map(one_line),
        });
        if let Some(finding) = finding {
            finding.within(path);
            if message.is_some() {
                finding.note(format!("the rule is `{}`", one_line(&rule.text)));
            }
            if program.uses_old_self() {
                finding.note("the rule compares with the object that is there already");
            }
        }
    }

    /// What the rule's `messageExpression` says, if it gives a usable text.
    fn message(&mut self, rule: &'a Rule, at: At<'a>) -> Option<String> {
        let program = compiled(&rule.message_program, rule.message_expression.as_deref()?).ok()?;
        match self.evaluate(program, rule, at) {
            Ok(Val::Text(text)) => {
                let text = text.as_str().trim();
                (!text.is_empty() && text.len() <= LONGEST_MESSAGE && !text.contains('\n')).then(|| text.to_owned())
            }
            Ok(_) | Err(Fault::Rule(_)) => None,
            Err(Fault::OutOfBudget) => {
                self.stopped = true;
                None
            }
        }
    }

    fn error(&mut self, rule: &Rule, trail: &Trail<'_>, reason: &str) {
        let finding = self.findings.refuse(trail, Effect::Plain, || Validation::Failed {
            rule: one_line(&rule.text),
            message: rule.message.as_deref().map(one_line),
        });
        if let Some(finding) = finding {
            finding.note(format!("the evaluation ended with: {reason}"));
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The server's field paths: `.spec.field`, `.map['key']`.
fn field_path(text: &str) -> Path {
    let mut path = Path::root();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("['")
            && let Some(end) = quoted.find("']")
        {
            path.push_key(&quoted[..end].replace("\\'", "'").replace("\\\\", "\\"));
            rest = &quoted[end + 2..];
            continue;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let end = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '.' | '[')).map_or(rest.len(), |(at, _)| at);
        path.push_key(&rest[..end]);
        rest = &rest[end..];
    }
    path
}
