//! The value validations of a schema, as kube-openapi's validator applies them: every kind of check that fits the value, each reporting its first failure.

use std::collections::BTreeSet;

use flatwright_diagnostic::{Diagnostic, Fix, Part, nearest};
use flatwright_kubernetes::{certain_length, holds_placeholder, is_placeholder};
use serde_json::{Map, Number, Value};

use crate::broken::{Content, Definition, Shape};
use crate::findings::{Effect, Findings, Trail};
use crate::json::{describe, equal, quote_scalar, quoted, shown};
use crate::node::{Additional, Bound, Checks, Kind, Node, NodeId, Nodes};
use crate::ratchet::{old_field, old_item, unchanged};
use crate::text::format::Format;

/// More values of an enumeration are not listed in a finding.
const LISTED: usize = 64;

/// Checks a value. On an update, errors of an unchanged part are forgiven (ratcheting), so the old value comes along where it can be found.
pub(crate) fn check(
    nodes: &Nodes,
    id: NodeId,
    value: &Value,
    old: Option<&Value>,
    trail: &Trail<'_>,
    findings: &mut Findings,
) {
    let mark = findings.mark();
    Checker { nodes, findings }.node(id, value, old, trail);
    if let Some(old) = old
        && findings.found_since(mark)
        && unchanged(nodes, id, old, value)
    {
        findings.roll_back(mark);
    }
}

struct Checker<'a> {
    nodes: &'a Nodes,
    findings: &'a mut Findings,
}

impl Checker<'_> {
    fn node(&mut self, id: NodeId, value: &Value, old: Option<&Value>, trail: &Trail<'_>) {
        let mark = self.findings.mark();
        self.known(id, value, old, trail);
        // What is filled in later may be of any type and form; only what stands around it is certain.
        if let Value::String(text) = value
            && self.findings.found_since(mark)
            && is_placeholder(text)
        {
            self.findings.roll_back(mark);
            self.certain_length(id, text, trail);
        }
    }

    fn certain_length(&mut self, id: NodeId, text: &str, trail: &Trail<'_>) {
        let Some(most) = self.nodes.get(id).checks.as_ref().and_then(|checks| checks.max_length) else { return };
        let length = certain_length(text) as u64;
        if length > most {
            self.findings.refuse(trail, Effect::BlocksRules, || Content::TextTooLong { length, most });
        }
    }

    /// Judges a value as one that is final.
    fn known(&mut self, id: NodeId, value: &Value, old: Option<&Value>, trail: &Trail<'_>) {
        let node = self.nodes.get(id);
        self.kind(node, value, trail);
        let checks = node.checks.as_deref();
        if value.is_null() {
            if let Some(checks) = checks {
                self.allowed(checks, value, trail);
            }
            return;
        }
        if let Some(checks) = checks {
            self.alternatives(checks, value, trail);
        }
        match value {
            Value::String(text) => self.text(node, checks, text, trail),
            Value::Number(number) => self.number(node, checks, number, trail),
            Value::Array(items) => self.list(node, checks, items, old, trail),
            _ => {}
        }
        if let Some(checks) = checks {
            self.allowed(checks, value, trail);
        }
        if let Value::Object(fields) = value {
            self.mapping(node, checks, fields, old, trail);
        }
    }

    fn kind(&mut self, node: &Node, value: &Value, trail: &Trail<'_>) {
        if !node.is_typed() {
            return;
        }
        let fits = match value {
            Value::Null => node.nullable,
            Value::Bool(_) => node.asks_for(Kind::Boolean),
            Value::Number(number) => node.asks_for(Kind::Number) || (is_whole(number) && node.asks_for(Kind::Integer)),
            Value::String(_) => node.asks_for(Kind::String),
            // The server's type check passes lists where a string with a format is asked for.
            Value::Array(_) => node.asks_for(Kind::Array) || (node.kind == Some(Kind::String) && node.format.is_some()),
            Value::Object(_) => node.asks_for(Kind::Object),
        };
        if fits {
            return;
        }
        let finding = self.findings.refuse(trail, Effect::BlocksRules, || {
            let expected = if node.int_or_string {
                "an integer or a string"
            } else {
                node.kind.map_or("something else", Kind::words)
            };
            Shape::WrongType { expected, found: describe(value) }
        });
        if let Some(finding) = finding {
            match (node.kind, value) {
                (Some(Kind::String), value) => quote_scalar(finding, value),
                (Some(kind @ (Kind::Integer | Kind::Number)), Value::String(text)) => {
                    if let Some(number) = number_in(text, kind, trail) {
                        finding.hint(format!("write it as a number: `{number}`")).fix(Fix::rewrite(text, number));
                    }
                }
                (Some(Kind::Array), _) if !value.is_null() => {
                    finding.hint("write it as a list: one entry per line, each after `- `");
                }
                _ => {}
            }
        }
    }

    fn alternatives(&mut self, checks: &Checks, value: &Value, trail: &Trail<'_>) {
        let mark = self.findings.mark();
        self.choices(checks, value, trail);
        if self.findings.found_since(mark) && holds_placeholder(value) {
            self.findings.roll_back(mark);
        }
        for id in &checks.all_of {
            self.node(*id, value, None, trail);
        }
    }

    fn choices(&mut self, checks: &Checks, value: &Value, trail: &Trail<'_>) {
        if !checks.any_of.is_empty() {
            self.some_of(&checks.any_of, value, trail);
        }
        if !checks.one_of.is_empty() {
            let fitting = checks.one_of.iter().filter(|id| self.failures(**id, value, trail) == 0).count();
            match fitting {
                1 => {}
                0 => self.none_fits(&checks.one_of, "exactly one", value, trail),
                _ => {
                    self.refuse(trail, || Content::SeveralAlternatives { value: describe(value), fitting });
                }
            }
        }
        if let Some(id) = checks.not
            && self.failures(id, value, trail) == 0
        {
            self.refuse(trail, || Content::Excluded { value: describe(value) });
        }
    }

    fn some_of(&mut self, any_of: &[NodeId], value: &Value, trail: &Trail<'_>) {
        if !any_of.iter().any(|id| self.failures(*id, value, trail) == 0) {
            self.none_fits(any_of, "at least one", value, trail);
        }
    }

    /// Reports that no alternative fits, and why the nearest one does not.
    fn none_fits(&mut self, alternatives: &[NodeId], wanted: &'static str, value: &Value, trail: &Trail<'_>) {
        let count = alternatives.len();
        self.refuse(trail, || Content::NoAlternative { value: describe(value), count, wanted });
        if let Some(nearest) = alternatives.iter().copied().min_by_key(|id| self.failures(*id, value, trail)) {
            self.node(nearest, value, None, trail);
        }
    }

    fn failures(&mut self, id: NodeId, value: &Value, trail: &Trail<'_>) -> usize {
        let nodes = self.nodes;
        self.findings.probe(|findings| Checker { nodes, findings }.node(id, value, None, trail))
    }

    fn allowed(&mut self, checks: &Checks, value: &Value, trail: &Trail<'_>) {
        if checks.allowed.is_empty() || checks.allowed.iter().any(|allowed| equal(allowed, value) && !value.is_null()) {
            return;
        }
        let may_suggest = self.findings.may_suggest();
        let finding = self.findings.refuse(trail, Effect::BlocksRules, || {
            let allowed: Vec<_> = checks.allowed.iter().take(LISTED).map(shown).collect();
            let others = match checks.allowed.len().saturating_sub(LISTED) {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            Content::Unlisted { value: shown(value), allowed: allowed.join(", ") + &others }
        });
        if let (Some(finding), Some(text), true) = (finding, value.as_str(), may_suggest) {
            let texts = checks.allowed.iter().filter_map(Value::as_str);
            // Where none is near, the fact lists them all.
            if nearest(text, texts.clone()).is_some() {
                finding.did_you_mean(text, Part::Value, texts);
            }
        }
    }

    fn text(&mut self, node: &Node, checks: Option<&Checks>, text: &str, trail: &Trail<'_>) {
        if let Some(checks) = checks {
            self.text_bounds(checks, text, trail);
        }
        if let Some(format) = node.format
            && !format.accepts(text)
        {
            let rule = || Content::Format { value: quoted(text), format: format.words() };
            self.findings.refuse(trail, Effect::BlocksRules, rule);
        }
    }

    fn text_bounds(&mut self, checks: &Checks, text: &str, trail: &Trail<'_>) {
        // The server counts code points, whatever its message says of bytes.
        let length = || text.chars().count() as u64;
        if let Some(most) = checks.max_length
            && text.len() as u64 > most
            && length() > most
        {
            let length = length();
            self.findings.refuse(trail, Effect::BlocksRules, || Content::TextTooLong { length, most });
        } else if let Some(least) = checks.min_length
            && (text.len() as u64) < least.saturating_mul(4)
            && length() < least
        {
            self.refuse(trail, || Content::TextTooShort { text: text.to_owned(), least });
        } else if let Some(pattern) = &checks.pattern {
            match pattern.matches(text) {
                Some(true) => {}
                Some(false) => {
                    let rule = || Content::Pattern { value: quoted(text), pattern: pattern.text().to_owned() };
                    self.refuse(trail, rule);
                }
                None => {
                    self.findings.warn(trail, || Definition::UncheckedPattern { pattern: pattern.text().to_owned() });
                }
            }
        }
    }

    fn number(&mut self, node: &Node, checks: Option<&Checks>, number: &Number, trail: &Trail<'_>) {
        if (node.format == Some(Format::Int32) || node.int_or_string)
            && number.as_f64().is_some_and(|n| n > f64::from(i32::MAX) || n < f64::from(i32::MIN))
        {
            let rule = || Content::Beyond32Bits { number: number.to_string() };
            if let Some(warning) = self.findings.warn(trail, rule) {
                warning.note("the API server stores it, but its controllers and webhooks cannot read it");
            }
        }
        let Some(checks) = checks else { return };
        if let Some(factor) = checks.multiple_of
            && !is_multiple(number, factor)
        {
            self.refuse(trail, || Content::NotAMultiple { number: number.to_string(), factor });
        }
        if let Some(bound) = checks.maximum
            && breaks_maximum(number, bound)
        {
            let relation = if bound.exclusive { "less than" } else { "at most" };
            self.refuse(trail, || Content::TooLarge { number: number.to_string(), relation, limit: bound.limit });
        }
        if let Some(bound) = checks.minimum
            && breaks_minimum(number, bound)
        {
            let relation = if bound.exclusive { "more than" } else { "at least" };
            self.refuse(trail, || Content::TooSmall { number: number.to_string(), relation, limit: bound.limit });
        }
    }

    fn list(&mut self, node: &Node, checks: Option<&Checks>, items: &[Value], old: Option<&Value>, trail: &Trail<'_>) {
        if let Some(of_items) = node.items {
            for (index, item) in items.iter().enumerate() {
                let old = old.and_then(|old| old_item(node, old, index, item));
                check(self.nodes, of_items, item, old, &trail.index(index), self.findings);
            }
        }
        let Some(checks) = checks else { return };
        let count = items.len() as u64;
        if let Some(least) = checks.min_items
            && count < least
        {
            let finding = self.refuse(trail, || Content::ListTooShort { count, least });
            remove_if_empty(finding, count);
        }
        if let Some(most) = checks.max_items
            && count > most
        {
            self.findings.refuse(trail, Effect::BlocksRules, || Content::ListTooLong { count, most });
        }
        if checks.unique_items {
            let mut seen = BTreeSet::new();
            if !items.iter().all(|item| seen.insert(item.to_string())) {
                self.refuse(trail, || Content::EqualEntries);
            }
        }
    }

    fn mapping(
        &mut self,
        node: &Node,
        checks: Option<&Checks>,
        fields: &Map<String, Value>,
        old: Option<&Value>,
        trail: &Trail<'_>,
    ) {
        let count = fields.len() as u64;
        if let Some(least) = checks.and_then(|checks| checks.min_properties)
            && count < least
        {
            let finding = self.refuse(trail, || Content::MappingTooSmall { count, least });
            remove_if_empty(finding, count);
            return;
        }
        if let Some(most) = checks.and_then(|checks| checks.max_properties)
            && count > most
        {
            self.findings.refuse(trail, Effect::BlocksRules, || Content::MappingTooLarge { count, most });
            return;
        }
        for (name, value) in fields {
            let trail = trail.key(name);
            match node.field(name) {
                Some(child) => {
                    let old = old.and_then(|old| old_field(old, name));
                    check(self.nodes, child, value, old, &trail, self.findings);
                }
                None if node.additional == Additional::Allowed(false) && !is_placeholder(name) => {
                    let rule = || Shape::UnknownField { name: name.clone(), expected: None };
                    self.findings.refuse(&trail, Effect::Plain, rule);
                }
                None => {}
            }
        }
        for name in checks.iter().flat_map(|checks| &checks.required) {
            if !fields.contains_key(&**name) && !fields.keys().any(|name| is_placeholder(name)) {
                let rule = || Shape::Missing { name: name.to_string() };
                self.findings.refuse(&trail.key(name), Effect::BlocksRules, rule);
            }
        }
    }

    fn refuse(&mut self, trail: &Trail<'_>, rule: impl FnOnce() -> Content) -> Option<&mut Diagnostic> {
        self.findings.refuse(trail, Effect::Plain, rule)
    }
}

fn remove_if_empty(finding: Option<&mut Diagnostic>, count: u64) {
    if let Some(finding) = finding.filter(|_| count == 0) {
        finding.hint("remove the field, or fill it");
    }
}

/// The number that a text was meant as: one in quotes, or a count of gigabytes with its unit where the field's name already says it.
fn number_in(text: &str, kind: Kind, trail: &Trail<'_>) -> Option<String> {
    const GIGABYTES: [&str; 4] = ["GiB", "GB", "Gi", "G"];
    let counts_gigabytes = trail.last_key().is_some_and(|key| key.ends_with("GB") || key.ends_with("GiB"));
    let unit = GIGABYTES.iter().filter(|_| counts_gigabytes).find_map(|unit| text.strip_suffix(unit));
    let number = unit.map_or(text, str::trim_end);
    let number: Number = serde_json::from_str(number).ok()?;
    (kind == Kind::Number || number.as_i64().is_some()).then(|| number.to_string())
}

fn is_whole(number: &Number) -> bool {
    number.as_i64().is_some() || number.as_f64().is_some_and(|n| n.is_finite() && n.fract() == 0.0)
}

/// Integers are compared with the truncated bound, as the server does.
#[expect(clippy::cast_possible_truncation, reason = "the server truncates the bound in the same way")]
fn breaks_maximum(number: &Number, bound: Bound) -> bool {
    match number.as_i64() {
        Some(n) if bound.exclusive => n >= bound.limit as i64,
        Some(n) => n > bound.limit as i64,
        None => number.as_f64().is_some_and(|n| if bound.exclusive { n >= bound.limit } else { n > bound.limit }),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the server truncates the bound in the same way")]
fn breaks_minimum(number: &Number, bound: Bound) -> bool {
    match number.as_i64() {
        Some(n) if bound.exclusive => n <= bound.limit as i64,
        Some(n) => n < bound.limit as i64,
        None => number.as_f64().is_some_and(|n| if bound.exclusive { n <= bound.limit } else { n < bound.limit }),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the server truncates the factor in the same way")]
fn is_multiple(number: &Number, factor: f64) -> bool {
    if let (Some(n), whole @ 1..) = (number.as_i64(), factor as i64) {
        return n % whole == 0;
    }
    let Some(n) = number.as_f64().filter(|_| factor > 0.0) else { return true };
    let quotient = if factor < 1.0 { 1.0 / factor * n } else { n / factor };
    (quotient - quotient.round()).abs() <= f64::EPSILON * quotient.abs().max(1.0)
}
