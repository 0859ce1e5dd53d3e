//! Whether a plugin's settings schema can be applied in bounded time and memory.
//!
//! Owns: following its references, without applying it. A validator follows a reference wherever it stands, so a few lines that refer to each other twice are
//! worth 2ⁿ, a schema that is part of itself never ends, and a long chain of references is a deep recursion. Fuel does not count that: the schema is data, and the host
//! applies it. What would make a validator follow a reference to another place than this does is refused.

use std::collections::BTreeMap;

use serde_json::Value;

/// A schema may stand for so many schemas once its references are followed. The largest that people write (whole CRDs) stay far below.
const MOST_SCHEMAS: u64 = 100_000;
/// A pattern may take a hundred thousand times the memory of a plain schema, and tens of milliseconds.
const PATTERN_SCHEMAS: u64 = 1_000;
/// Schemas in schemas, references followed. A validator calls itself for each.
const MOST_LEVELS: u32 = 256;

/// Keywords whose schemas apply to the same value, and those that apply to parts of it; in all drafts.
const IN_PLACE: [&str; 9] =
    ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"];
const OF_PARTS: [&str; 11] = [
    "properties",
    "patternProperties",
    "additionalProperties",
    "items",
    "additionalItems",
    "prefixItems",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// What a schema must not be.
///
/// # Errors
/// The reason, in words that follow `settings-schema`.
pub(crate) fn check(schema: &Value) -> Result<(), String> {
    let mut walk = Walk { root: schema, anchors: BTreeMap::new(), weights: BTreeMap::new() };
    walk.find_anchors(schema)?;
    match walk.weigh(schema, 0, 0)? {
        Weight { schemas, .. } if schemas > MOST_SCHEMAS => Err(format!(
            "stands for more than {MOST_SCHEMAS} schemas, with its references; a pattern counts as {PATTERN_SCHEMAS}"
        )),
        _ => Ok(()),
    }
}

struct Walk<'s> {
    root: &'s Value,
    anchors: BTreeMap<&'s str, &'s Value>,
    /// By the place of a schema in memory: what it weighs, or at which part of the value that is being found.
    weights: BTreeMap<*const Value, Found>,
}

#[derive(Clone, Copy)]
enum Found {
    Open(u32),
    Known(Weight),
}

/// How many schemas a schema stands for, and how many levels of them.
#[derive(Clone, Copy)]
struct Weight {
    schemas: u64,
    levels: u32,
}

impl<'s> Walk<'s> {
    /// Finds what references may name, wherever it stands: the validator may know fewer of these places, but no other.
    fn find_anchors(&mut self, value: &'s Value) -> Result<(), String> {
        let is_root = std::ptr::eq(value, self.root);
        let is_draft_4 = self.root["$schema"].as_str().is_some_and(|draft| draft.contains("draft-04"));
        let is_identifier = |keyword: &str| matches!(keyword, "$id" | "$schema") || is_draft_4 && keyword == "id";
        match value {
            Value::Object(keywords) => {
                for (keyword, operand) in keywords {
                    match (keyword.as_str(), operand) {
                        // A schema of its own, inside of which references begin elsewhere.
                        (_, Value::String(_)) if !is_root && is_identifier(keyword) => {
                            return Err(format!("has `{keyword}` below its root; name parts of it with `$anchor`"));
                        }
                        ("$anchor" | "$dynamicAnchor", Value::String(name)) => {
                            if self.anchors.insert(name, value).is_some() {
                                return Err(format!("has the anchor `{}` twice", crate::text::word(name)));
                            }
                        }
                        _ => self.find_anchors(operand)?,
                    }
                }
                Ok(())
            }
            Value::Array(items) => items.iter().try_for_each(|item| self.find_anchors(item)),
            _ => Ok(()),
        }
    }

    /// What a schema weighs. `part` counts the steps into parts of the value, `level` the schemas around it.
    fn weigh(&mut self, schema: &'s Value, part: u32, level: u32) -> Result<Weight, String> {
        let mut weight = Weight { schemas: 1, levels: 1 };
        let too_deep = || format!("is more than {MOST_LEVELS} schemas deep, with its references");
        let Value::Object(keywords) = schema else { return Ok(weight) };
        match self.weights.get(&std::ptr::from_ref(schema)) {
            Some(Found::Known(known)) if level + known.levels > MOST_LEVELS => return Err(too_deep()),
            Some(Found::Known(known)) => return Ok(*known),
            // A tree of trees is as deep as the value; without a step into it there is no end.
            Some(Found::Open(before)) if *before < part => return Ok(weight),
            Some(Found::Open(_)) => return Err("refers to itself without end".to_owned()),
            None if level == MOST_LEVELS => return Err(too_deep()),
            None => {}
        }
        self.weights.insert(schema, Found::Open(part));
        for (keyword, value) in keywords {
            weight.schemas = weight.schemas.saturating_add(patterns(keyword, value).saturating_mul(PATTERN_SCHEMAS));
            let (schemas, part) = match keyword.as_str() {
                name if REFERENCES.contains(&name) => (vec![self.target(value)?], part),
                name if IN_PLACE.contains(&name) => (schemas_of(name, value), part),
                name if OF_PARTS.contains(&name) => (schemas_of(name, value), part + 1),
                _ => continue,
            };
            for schema in schemas {
                let inner = self.weigh(schema, part, level + 1)?;
                weight.schemas = weight.schemas.saturating_add(inner.schemas);
                weight.levels = weight.levels.max(inner.levels + 1);
            }
        }
        self.weights.insert(schema, Found::Known(weight));
        Ok(weight)
    }

    fn target(&self, reference: &Value) -> Result<&'s Value, String> {
        let text = reference.as_str().unwrap_or_default();
        let shown = || crate::text::word(text);
        let found = match text.strip_prefix('#') {
            _ if text.contains('%') => return Err(format!("refers to `{}`; escapes with `%` are not known", shown())),
            Some("") => Some(self.root),
            Some(pointer) if pointer.starts_with('/') => self.root.pointer(pointer),
            Some(name) => self.anchors.get(name).copied(),
            None => return Err(format!("refers to `{}`; only `#…` is known", shown())),
        };
        found.ok_or_else(|| format!("refers to `{}`, which it does not have", shown()))
    }
}

/// How many regular expressions a keyword brings.
fn patterns(keyword: &str, value: &Value) -> u64 {
    match (keyword, value) {
        ("pattern", _) => 1,
        ("patternProperties", Value::Object(schemas)) => schemas.len() as u64,
        _ => 0,
    }
}

/// The schemas in a keyword's value: one, a list, or a mapping from names.
fn schemas_of<'s>(keyword: &str, value: &'s Value) -> Vec<&'s Value> {
    let is_mapping = matches!(keyword, "properties" | "patternProperties" | "dependentSchemas" | "dependencies");
    match value {
        Value::Array(schemas) => schemas.iter().collect(),
        Value::Object(schemas) if is_mapping => schemas.values().collect(),
        schema => vec![schema],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn doubled(levels: usize) -> Value {
        let level = |n: usize| json!({"allOf": [{"$ref": format!("#/$defs/{}", n + 1)}, {"$ref": format!("#/$defs/{}", n + 1)}]});
        let mut definitions: serde_json::Map<_, _> = (0..levels).map(|n| (n.to_string(), level(n))).collect();
        definitions.insert(levels.to_string(), json!({"type": "object"}));
        json!({"$ref": "#/$defs/0", "$defs": definitions})
    }

    #[test]
    fn references_count_as_often_as_they_stand() {
        assert_eq!(check(&doubled(10)), Ok(()));
        assert!(check(&doubled(30)).is_err_and(|reason| reason.contains("stands for more than")));
        assert!(check(&doubled(100)).is_err());
    }

    #[test]
    fn a_tree_may_refer_to_itself_but_not_in_place() {
        let tree = json!({"properties": {"children": {"items": {"$ref": "#"}}}, "$anchor": "tree"});
        assert_eq!(check(&tree), Ok(()));
        let anchored = json!({"properties": {"child": {"$ref": "#tree"}}, "$anchor": "tree"});
        assert_eq!(check(&anchored), Ok(()));
        for endless in
            [json!({"$ref": "#"}), json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}})]
        {
            assert_eq!(check(&endless), Err("refers to itself without end".to_owned()), "{endless}");
        }
    }

    /// `count` schemas, each of which refers to the next.
    fn chain(count: usize) -> Value {
        let mut definitions: serde_json::Map<_, _> =
            (0..count).map(|n| (n.to_string(), json!({"$ref": format!("#/$defs/{}", n + 1)}))).collect();
        definitions.insert(count.to_string(), json!({}));
        // The far end is met first, so that most of the chain is known when its beginning is.
        let every_tenth: Vec<_> =
            (0..=count).rev().step_by(10).map(|n| json!({"$ref": format!("#/$defs/{n}")})).collect();
        json!({"allOf": every_tenth, "$defs": definitions})
    }

    #[test]
    fn a_chain_of_references_ends_before_the_stack() {
        assert_eq!(check(&chain(200)), Ok(()));
        for count in [260, 30_000] {
            assert!(check(&chain(count)).is_err_and(|reason| reason.contains("256 schemas deep")), "{count}");
        }
    }

    #[test]
    fn keywords_of_older_drafts_count_too() {
        let twice = |n: usize| json!({"a": {"$ref": format!("#/$defs/{n}")}, "b": {"$ref": format!("#/$defs/{n}")}});
        let mut definitions: serde_json::Map<_, _> =
            (1..30).map(|n| ((n - 1).to_string(), json!({"dependencies": twice(n)}))).collect();
        definitions.insert("29".to_owned(), json!({}));
        assert!(check(&json!({"$ref": "#/$defs/0", "$defs": definitions})).is_err());
    }

    #[test]
    fn patterns_are_few() {
        let with = |count: usize| {
            let alternatives: Vec<_> =
                (0..count).map(|n| json!({"pattern": format!("^(?!x)\\w{{150}}{n}$")})).collect();
            json!({"properties": {"a": {"anyOf": alternatives}}})
        };
        assert_eq!(check(&with(90)), Ok(()));
        assert!(check(&with(100)).is_err_and(|reason| reason.contains("a pattern counts as 1000")));
    }

    #[test]
    fn references_lead_to_one_place() {
        let embedded = json!({"$id": "https://x/a", "$defs": {"in": {"$id": "https://x/b", "$ref": "#/$defs/0"}}});
        assert!(check(&embedded).is_err_and(|reason| reason.contains("`$id` below its root")));
        let draft_4 = json!({"$schema": "http://json-schema.org/draft-04/schema#", "items": {"id": "https://x/b"}});
        assert!(check(&draft_4).is_err_and(|reason| reason.contains("`id` below its root")));
        let twice = json!({"$ref": "#a", "$defs": {"x": {"$anchor": "a"}, "y": {"$dynamicAnchor": "a"}}});
        assert!(check(&twice).is_err_and(|reason| reason.contains("anchor `a` twice")));
        let escaped = json!({"$ref": "#/$defs/%61", "$defs": {"%61": {}, "a": {}}});
        assert!(check(&escaped).is_err_and(|reason| reason.contains("escapes")));
        let with_names = json!({"$id": "https://x/a", "properties": {"$id": {"type": "string"}, "id": {"$ref": "#n"}}, "$defs": {"n": {"$anchor": "n"}}});
        assert_eq!(check(&with_names), Ok(()));
    }

    #[test]
    fn references_stay_inside() {
        assert!(check(&json!({"$ref": "https://example.com/x"})).is_err());
        assert!(check(&json!({"$ref": "#/$defs/missing"})).is_err());
        // What is not applied is not followed: an enumeration may hold anything.
        assert_eq!(check(&json!({"enum": [{"$ref": "#/x"}], "default": {"$ref": 1}})), Ok(()));
    }
}
