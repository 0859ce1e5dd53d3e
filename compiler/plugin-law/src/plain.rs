//! Settings against schemas of the plain kind, which most plugins have.
//!
//! Owns: saying yes quickly. `jsonschema` decides what a schema means and words the findings, but it begins with building the meta-schema, which takes longer than
//! everything else that a warm plugin costs. So this says yes where every keyword of the schema is one of those below, each is well-formed, and the value keeps to them.
//! Must not: say no. Whatever is unusual, and whatever looks wrong, is left to `jsonschema`.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::{Regex, RegexBuilder};
use serde_json::{Map, Value};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "string", "integer"];
/// Longer schemas and settings than people write, and patterns that compile to more, are left alone: no fuel counts the work here.
const MOST_BYTES: usize = 64 << 10;
const MOST_PATTERN_BYTES: usize = 16 << 10;

/// Whether it is plain that the schema is one and the value is valid. Both are JSON texts.
pub(super) fn is_valid(schema: &str, settings: &str) -> bool {
    if schema.len().max(settings.len()) > MOST_BYTES {
        return false;
    }
    let (Ok(schema), Ok(value)) = (serde_json::from_str(schema), serde_json::from_str(settings)) else { return false };
    let mut plain = Plain::default();
    plain.knows(&schema, true) && plain.holds(&schema, &value)
}

#[derive(Default)]
struct Plain {
    /// The patterns of the schema, compiled once.
    patterns: BTreeMap<String, Regex>,
}

impl Plain {
    /// Whether the schema, with all of its parts, is one whose meaning is known here.
    fn knows(&mut self, schema: &Value, is_root: bool) -> bool {
        match schema {
            Value::Bool(_) => true,
            Value::Object(keywords) => {
                keywords.iter().all(|(keyword, operand)| self.knows_keyword(keyword, operand, is_root))
            }
            _ => false,
        }
    }

    fn knows_keyword(&mut self, keyword: &str, operand: &Value, is_root: bool) -> bool {
        match keyword {
            "$schema" => is_root && operand == DIALECT,
            "title" | "description" | "$comment" => operand.is_string(),
            "default" | "const" => true,
            "enum" | "examples" => operand.is_array(),
            "deprecated" => operand.is_boolean(),
            "type" => match operand {
                Value::Array(names) => !names.is_empty() && are_unique(names) && names.iter().all(is_type),
                name => is_type(name),
            },
            "required" => operand.as_array().is_some_and(|names| are_unique(names)),
            "properties" => operand.as_object().is_some_and(|parts| parts.values().all(|part| self.knows(part, false))),
            "additionalProperties" | "items" => self.knows(operand, false),
            "minimum" | "maximum" => operand.is_i64(),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => operand.is_u64(),
            "pattern" => operand.as_str().is_some_and(|text| self.knows_pattern(text)),
            _ => false,
        }
    }

    fn knows_pattern(&mut self, text: &str) -> bool {
        if !self.patterns.contains_key(text)
            && let Some(pattern) = pattern(text)
        {
            self.patterns.insert(text.to_owned(), pattern);
        }
        self.patterns.contains_key(text)
    }

    fn holds(&self, schema: &Value, value: &Value) -> bool {
        match schema {
            Value::Bool(verdict) => *verdict,
            Value::Object(keywords) => {
                keywords.iter().all(|(keyword, operand)| self.keyword_holds(keywords, keyword, operand, value))
            }
            _ => false,
        }
    }

    fn keyword_holds(&self, schema: &Map<String, Value>, keyword: &str, operand: &Value, value: &Value) -> bool {
        let bound = operand.as_u64().and_then(|bound| usize::try_from(bound).ok());
        match (keyword, value) {
            ("const", _) => operand == value,
            ("enum", _) => operand.as_array().is_some_and(|values| values.contains(value)),
            ("type", _) => match operand {
                Value::Array(names) => names.iter().any(|name| is_of_type(value, name)),
                name => is_of_type(value, name),
            },
            ("required", Value::Object(members)) => strings(operand).all(|name| members.contains_key(name)),
            ("properties", Value::Object(members)) => operand.as_object().is_some_and(|parts| {
                parts.iter().all(|(name, part)| members.get(name).is_none_or(|member| self.holds(part, member)))
            }),
            ("additionalProperties", Value::Object(members)) => {
                let named = schema.get("properties").and_then(Value::as_object);
                let is_named = |name: &str| named.is_some_and(|named| named.contains_key(name));
                members.iter().all(|(name, member)| is_named(name) || self.holds(operand, member))
            }
            ("items", Value::Array(items)) => items.iter().all(|item| self.holds(operand, item)),
            // A number that is no integer, or too large for one, is left alone.
            ("minimum", Value::Number(number)) => number.as_i64() >= operand.as_i64(),
            ("maximum", Value::Number(number)) => {
                number.as_i64().is_some_and(|number| Some(number) <= operand.as_i64())
            }
            ("minLength", Value::String(text)) => Some(text.chars().count()) >= bound,
            ("maxLength", Value::String(text)) => Some(text.chars().count()) <= bound,
            ("minItems", Value::Array(items)) => Some(items.len()) >= bound,
            ("maxItems", Value::Array(items)) => Some(items.len()) <= bound,
            ("minProperties", Value::Object(members)) => Some(members.len()) >= bound,
            ("maxProperties", Value::Object(members)) => Some(members.len()) <= bound,
            ("pattern", Value::String(text)) => {
                operand.as_str().and_then(|name| self.patterns.get(name)).is_some_and(|pattern| pattern.is_match(text))
            }
            // Annotations, and keywords about values of another type.
            _ => true,
        }
    }
}

fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn are_unique(names: &[Value]) -> bool {
    let mut seen = BTreeSet::new();
    names.iter().all(|name| name.as_str().is_some_and(|name| seen.insert(name)))
}

fn is_type(name: &Value) -> bool {
    TYPES.iter().any(|known| name == known)
}

fn is_of_type(value: &Value, name: &Value) -> bool {
    match name.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        // 1.0 is an integer too, but that is not plain.
        Some("integer") => value.is_i64() || value.is_u64(),
        _ => false,
    }
}

/// A pattern that means the same in JavaScript, in which schemas write it, and here: printable ASCII without flags, special groups, and letters with a backslash.
fn pattern(text: &str) -> Option<Regex> {
    let mut characters = text.bytes().peekable();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let is_plain = match (character, in_class) {
            (b'\\', _) => characters.next().is_some_and(|escaped| escaped.is_ascii_punctuation()),
            (b'(', false) => next != Some(b'?'),
            (b'[', false) => {
                in_class = true;
                // An empty class, or one that begins with a bracket: languages differ.
                characters.next_if_eq(&b'^');
                characters.peek() != Some(&b']')
            }
            (b']', true) => {
                in_class = false;
                true
            }
            // A class in a class, and operations on classes.
            (b'[', true) => false,
            (b'&' | b'-' | b'~', true) => next != Some(character),
            (other, _) => other == b' ' || other.is_ascii_graphic(),
        };
        if !is_plain {
            return None;
        }
    }
    RegexBuilder::new(text).size_limit(MOST_PATTERN_BYTES).build().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yes_is_what_the_validator_says_too() {
        let keywords = [
            json!({}),
            json!(true),
            json!(false),
            json!({"type": "integer", "minimum": -1, "maximum": 7}),
            json!({"type": ["string", "null"], "minLength": 2, "maxLength": 3}),
            json!({"type": "number"}),
            json!({"type": "boolean", "default": 1, "title": "t", "description": "d", "examples": [1], "deprecated": true}),
            json!({"enum": ["a", 1, null, [1], {"a": 1}]}),
            json!({"const": 1}),
            json!({"required": ["a", "b"]}),
            json!({"properties": {"a": {"type": "integer"}, "b": {"items": {"type": "string"}}}, "additionalProperties": false}),
            json!({"additionalProperties": {"type": "string", "pattern": "^[0-9]+\\.[0-9]+$"}, "minProperties": 1}),
            json!({"items": {"minimum": 2}, "minItems": 1, "maxItems": 2, "maxProperties": 1}),
            json!({"pattern": "^(a|b)*[^x-z_+/-]{1,3}$"}),
            json!({"pattern": "a.\\[\\]"}),
        ];
        let values = [
            json!(null),
            json!(true),
            json!(0),
            json!(1),
            json!(1.0),
            json!(7.5),
            json!(-2),
            json!(8),
            json!(u64::MAX),
            json!(""),
            json!("a"),
            json!("ab"),
            json!("äöü"),
            json!("abab"),
            json!("x a.[]"),
            json!("xab[]"),
            json!("ax"),
            json!([]),
            json!([1]),
            json!(["a", "b"]),
            json!([2, 3]),
            json!([1, 2, 3]),
            json!({}),
            json!({"a": 1}),
            json!({"a": 1, "b": ["c"]}),
            json!({"a": "1.2"}),
            json!({"a": "1.2x", "b": []}),
            json!({"b": [1]}),
            json!({"c": null}),
        ];
        let mut yes = 0;
        for schema in &keywords {
            let validator = jsonschema::validator_for(schema).unwrap();
            for value in &values {
                let is_plain = is_valid(&schema.to_string(), &value.to_string());
                assert!(!is_plain || validator.is_valid(value), "{schema} {value}");
                // What is left to the validator is only about numbers that are no integers, or equal to one.
                let is_special = value.is_f64() || value == u64::MAX;
                assert!(is_plain || is_special || !validator.is_valid(value), "{schema} {value}");
                yes += usize::from(is_plain);
            }
        }
        assert!(yes > 150, "{yes}");
    }

    #[test]
    fn what_is_unusual_or_wrong_anywhere_is_left_alone() {
        for part in [
            json!(1),
            json!({"type": "strnig"}),
            json!({"type": []}),
            json!({"required": ["a", "a"]}),
            json!({"required": "a"}),
            json!({"minLength": -1}),
            json!({"minimum": 1.5}),
            json!({"enum": 1}),
            json!({"$ref": "#"}),
            json!({"oneOf": []}),
            json!({"pattern": "("}),
            json!({"pattern": "\\d"}),
            json!({"pattern": "(?i)a"}),
            json!({"pattern": "[]a]"}),
            json!({"pattern": "[a-z--b]"}),
            json!({"pattern": "[a[b]]"}),
            json!({"pattern": "ä"}),
            json!({"pattern": "\\"}),
            json!({"pattern": "((a{100}){100}){100}"}),
            json!({"$schema": DIALECT}),
            json!({"title": 1}),
            json!({"format": "date"}),
        ] {
            let schema = json!({"type": "object", "properties": {"unused": part}});
            assert!(!is_valid(&schema.to_string(), "{}"), "{schema}");
        }
        let with = |dialect: &str| json!({"$schema": dialect, "type": "object"}).to_string();
        assert!(is_valid(&with(DIALECT), "{}"));
        assert!(!is_valid(&with("http://json-schema.org/draft-07/schema#"), "{}"));
    }
}
