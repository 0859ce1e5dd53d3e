//! YAML as JSON values, typed by the rules of a reader.

use flatwright_yaml::scalar::{Scalar, core};
use flatwright_yaml::{Kind, Limits, Style, Tree, Value as YamlValue, emit_json, parse};
use serde_json::{Map, Value, json};

/// How a reader types plain scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// The core schema of YAML 1.2.
    Core,
    /// The types of YAML 1.1, as the older libraries have them: `yes`, `0644`, `1_000`, `1:30`, dates.
    Yaml11,
}

/// Every document of a stream that is not empty, by the core schema.
///
/// # Panics
/// If the text is not YAML.
pub fn documents(text: &str) -> Vec<Value> {
    documents_as(text, Rules::Core)
}

/// Every document of a stream that is not empty.
///
/// # Panics
/// If the text is not YAML.
pub fn documents_as(text: &str, rules: Rules) -> Vec<Value> {
    let (tree, error) = parse(text, &Limits::default());
    assert!(error.is_none(), "not YAML: {error:?}");
    tree.roots().iter().map(|root| value(&tree, *root, rules)).filter(|value| !value.is_null()).collect()
}

/// One document, by the core schema.
///
/// # Panics
/// If the text is not exactly one document.
pub fn parsed(text: &str) -> Value {
    parsed_as(text, Rules::Core)
}

/// One document.
///
/// # Panics
/// If the text is not exactly one document.
pub fn parsed_as(text: &str, rules: Rules) -> Value {
    let mut documents = documents_as(text, rules);
    assert_eq!(documents.len(), 1, "expected one document");
    documents.remove(0)
}

/// An emitted value as JSON.
///
/// # Panics
/// Never: emitted JSON is JSON.
pub fn to_json(value: &YamlValue) -> Value {
    serde_json::from_str(&emit_json(value)).expect("invariant: emitted JSON is JSON")
}

fn value(tree: &Tree, id: flatwright_diagnostic::NodeId, rules: Rules) -> Value {
    match tree.kind(id) {
        Kind::Scalar(text, Style::Plain) if rules == Rules::Yaml11 && tree.tag(id).is_none() => yaml_1_1(text),
        Kind::Scalar(text, style) => match core(text, style, tree.tag(id)) {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => json!(value),
            Scalar::Int(value) => json!(value),
            Scalar::Unsigned(value) => json!(value),
            Scalar::Float(value) => json!(value),
            Scalar::Str(text) => json!(text),
        },
        Kind::Sequence(items) => items.iter().map(|item| value(tree, *item, rules)).collect(),
        Kind::Mapping(entries) => {
            let entries = entries.iter().map(|entry| {
                // A key that a reader takes for something else than a string is shown as that.
                let key = match value(tree, entry.key, rules) {
                    Value::String(key) => key,
                    other => format!("<{other}>"),
                };
                (key, value(tree, entry.value, rules))
            });
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// The types repository of YAML 1.1 (<https://yaml.org/type/>). What is neither null, boolean nor a number that JSON has is marked with its type.
fn yaml_1_1(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "=" | "<<" => return json!(format!("<special {text}>")),
        _ => {}
    }
    match text.to_ascii_lowercase().as_str() {
        word @ ("y" | "yes" | "true" | "on" | "n" | "no" | "false" | "off") if is_cased(text) => {
            return json!(["y", "yes", "true", "on"].contains(&word));
        }
        _ => {}
    }
    if let Some(number) = integer_1_1(text) {
        return number;
    }
    if is_float_1_1(text) {
        return text
            .replace('_', "")
            .parse::<f64>()
            .map_or_else(|_| json!(format!("<float {text}>")), |float| json!(float));
    }
    let is_date = text.len() >= 8
        && text.bytes().take(4).all(|byte| byte.is_ascii_digit())
        && text.as_bytes()[4] == b'-'
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.TtZz+ ".contains(&byte));
    if is_date { json!(format!("<timestamp {text}>")) } else { json!(text) }
}

/// `yes`, `Yes` and `YES`, but not `yEs`.
fn is_cased(text: &str) -> bool {
    let rest = &text[1..];
    rest.bytes().all(|b| b.is_ascii_lowercase()) || text.bytes().all(|b| b.is_ascii_uppercase())
}

fn integer_1_1(text: &str) -> Option<Value> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (if text.starts_with('-') { -1 } else { 1 }, rest),
        None => (1, text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if digits.contains(':') {
        let parts: Option<Vec<i128>> = digits.split(':').map(|part| part.replace('_', "").parse().ok()).collect();
        return parts.map(|parts| json!((sign * parts.iter().fold(0, |sum, part| sum * 60 + part)) as i64));
    }
    let plain = digits.replace('_', "");
    let (radix, body) = match plain.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &plain[2..]),
        [b'0', b'b' | b'B', ..] => (2, &plain[2..]),
        // Some readers know `0o17` as well.
        [b'0', b'o' | b'O', ..] => (8, &plain[2..]),
        [b'0', _, ..] => (8, &plain[1..]),
        _ => (10, plain.as_str()),
    };
    if body.is_empty() || !body.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    match i128::from_str_radix(body, radix).ok().and_then(|value| i64::try_from(sign * value).ok()) {
        Some(value) => Some(json!(value)),
        None => Some(json!(plain.parse::<f64>().unwrap_or(f64::MAX) * sign as f64)),
    }
}

fn is_float_1_1(text: &str) -> bool {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&body) {
        return true;
    }
    let has_digit = body.bytes().any(|b| b.is_ascii_digit());
    let starts = body.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    has_digit
        && starts
        && body.bytes().all(|b| b.is_ascii_digit() || b"._eE+-:".contains(&b))
        && (body.contains('.') || body.contains(['e', 'E']))
        && body.matches('.').count() <= 1
}
