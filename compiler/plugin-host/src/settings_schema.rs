//! Whether a plugin's settings schema can be applied in bounded time.
//!
//! Owns: following its references, without applying it. A validator follows a reference wherever it stands, so a few lines that refer to each other twice are
//! worth 2ⁿ, and a schema that is part of itself never ends. Fuel does not count that: the schema is data, and the host applies it.

use std::collections::BTreeMap;

use serde_json::Value;

/// A schema may stand for so many schemas once its references are followed. The largest that people write (whole CRDs) stay far below.
const MOST_SCHEMAS: u64 = 100_000;

/// Keywords whose schemas apply to the same value, and those that apply to parts of it.
const IN_PLACE: [&str; 8] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"];
const OF_PARTS: [&str; 10] = [
    "properties",
    "patternProperties",
    "additionalProperties",
    "items",
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
    let mut walk = Walk { root: schema, costs: BTreeMap::new() };
    match walk.cost(schema, 0)? {
        cost if cost > MOST_SCHEMAS => Err(format!("stands for more than {MOST_SCHEMAS} schemas, with its references")),
        _ => Ok(()),
    }
}

struct Walk<'s> {
    root: &'s Value,
    /// By the place of a schema in memory: what it costs, or at which part of the value its cost is being found.
    costs: BTreeMap<*const Value, Cost>,
}

#[derive(Clone, Copy)]
enum Cost {
    Open(u32),
    Known(u64),
}

impl<'s> Walk<'s> {
    /// How many schemas a schema stands for. `part` counts the steps into parts of the value.
    fn cost(&mut self, schema: &'s Value, part: u32) -> Result<u64, String> {
        let Value::Object(keywords) = schema else { return Ok(1) };
        match self.costs.get(&std::ptr::from_ref(schema)) {
            Some(Cost::Known(cost)) => return Ok(*cost),
            // A tree of trees is as deep as the value; without a step into it there is no end.
            Some(Cost::Open(before)) if *before < part => return Ok(1),
            Some(Cost::Open(_)) => return Err("refers to itself without end".to_owned()),
            None => {}
        }
        self.costs.insert(schema, Cost::Open(part));
        let mut cost = 1_u64;
        for (keyword, value) in keywords {
            let (schemas, part) = match keyword.as_str() {
                name if REFERENCES.contains(&name) => (vec![self.target(value)?], part),
                name if IN_PLACE.contains(&name) => (schemas_of(name, value), part),
                name if OF_PARTS.contains(&name) => (schemas_of(name, value), part + 1),
                _ => continue,
            };
            for schema in schemas {
                cost = cost.saturating_add(self.cost(schema, part)?);
            }
        }
        self.costs.insert(schema, Cost::Known(cost));
        Ok(cost)
    }

    fn target(&self, reference: &Value) -> Result<&'s Value, String> {
        let text = reference.as_str().unwrap_or_default();
        let found = match text.strip_prefix('#') {
            Some("") => Some(self.root),
            Some(pointer) if pointer.starts_with('/') => self.root.pointer(pointer),
            Some(name) => anchored(self.root, name),
            None => return Err(format!("refers to `{}`; only `#…` is known", crate::text::word(text))),
        };
        found.ok_or_else(|| format!("refers to `{}`, which it does not have", crate::text::word(text)))
    }
}

/// The schemas in a keyword's value: one, a list, or a mapping from names.
fn schemas_of<'s>(keyword: &str, value: &'s Value) -> Vec<&'s Value> {
    let is_mapping = matches!(keyword, "properties" | "patternProperties" | "dependentSchemas");
    match value {
        Value::Array(schemas) => schemas.iter().collect(),
        Value::Object(schemas) if is_mapping => schemas.values().collect(),
        schema => vec![schema],
    }
}

fn anchored<'s>(value: &'s Value, name: &str) -> Option<&'s Value> {
    match value {
        Value::Object(keywords) => {
            let is_it = |keyword: &str| keywords.get(keyword).and_then(Value::as_str) == Some(name);
            if is_it("$anchor") || is_it("$dynamicAnchor") {
                return Some(value);
            }
            keywords.values().find_map(|inner| anchored(inner, name))
        }
        Value::Array(items) => items.iter().find_map(|inner| anchored(inner, name)),
        _ => None,
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

    #[test]
    fn references_stay_inside() {
        assert!(check(&json!({"$ref": "https://example.com/x"})).is_err());
        assert!(check(&json!({"$ref": "#/$defs/missing"})).is_err());
        // What is not applied is not followed: an enumeration may hold anything.
        assert_eq!(check(&json!({"enum": [{"$ref": "#/x"}], "default": {"$ref": 1}})), Ok(()));
    }
}
