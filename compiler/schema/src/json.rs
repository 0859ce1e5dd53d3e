//! JSON values: when they are equal, and how findings show them.

use flatwright_diagnostic::{Diagnostic, Fix};
use serde_json::Value;

/// Longer values are shortened in messages.
const SHOWN: usize = 60;

/// Equality of JSON values, with numbers compared as numbers.
pub(crate) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

/// The kind of a value, with the value where it is short.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => format!("the boolean `{value}`"),
        Value::Number(_) => format!("the number `{value}`"),
        Value::String(text) => format!("the string {}", quoted(text)),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "a mapping".into(),
    }
}

/// The value as a finding shows it: scalars in backticks, others by their kind.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(_) | Value::Object(_) => describe(value),
        _ => format!("`{value}`"),
    }
}

/// A text in backticks, shortened, on one line.
pub(crate) fn quoted(text: &str) -> String {
    if text.is_empty() {
        return "`\"\"`".into();
    }
    let mut short: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}

/// What to do with a number or a boolean where a string is asked for: it was written as meant, but without quotes.
pub(crate) fn quote_scalar(finding: &mut Diagnostic, value: &Value) {
    if value.is_number() || value.is_boolean() {
        finding.hint("write it in quotes").fix(Fix::quote());
    }
}
