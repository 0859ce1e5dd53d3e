//! Which settings a plugin's schema calls secret: `writeOnly: true`, or `format: password`.
//!
//! Owns: the way through a schema beside a value. Must not: be strict: where it cannot be known whether a part of the schema holds for a value, what it says of secrets does.

use flatwright_diagnostic::Path;
use serde_json::Value;

/// Schemas refer to themselves; a value is never as deep as that.
const DEEPEST: usize = 64;

/// So many steps through a schema are taken for one plugin's settings; a schema of more is refused elsewhere for what it costs.
const MOST_STEPS: usize = 100_000;

/// The places of settings that are secret, with everything below them. Both are JSON, the schema as its text.
pub fn secret_settings(schema: &str, settings: &Value) -> Vec<Path> {
    // Most schemas have none, and then they are not read here.
    if !schema.contains("writeOnly") && !schema.contains("password") {
        return Vec::new();
    }
    let Ok(root) = serde_json::from_str::<Value>(schema) else { return Vec::new() };
    let mut found = Found { root: &root, paths: Vec::new(), left: MOST_STEPS };
    found.walk(&root, settings, &Path::root(), 0);
    found.paths
}

struct Found<'s> {
    root: &'s Value,
    paths: Vec<Path>,
    left: usize,
}

impl<'s> Found<'s> {
    fn walk(&mut self, schema: &'s Value, value: &Value, path: &Path, depth: usize) {
        if depth > DEEPEST || self.left == 0 || !schema.is_object() {
            return;
        }
        self.left -= 1;
        let is_secret = schema["writeOnly"] == true || schema["format"] == "password";
        if is_secret && !self.paths.contains(path) {
            self.paths.push(path.clone());
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            schema[keyword].as_array().into_iter().flatten().for_each(|part| self.walk(part, value, path, depth + 1));
        }
        for keyword in ["if", "then", "else"] {
            self.walk(&schema[keyword], value, path, depth + 1);
        }
        for keyword in ["$ref", "$dynamicRef"] {
            if let Some(part) = schema[keyword].as_str().and_then(|reference| self.part(reference)) {
                self.walk(part, value, path, depth + 1);
            }
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let path = path.key(key);
                    self.walk(&schema["properties"][key], value, &path, depth + 1);
                    for keyword in ["patternProperties", "dependentSchemas"] {
                        let parts = schema[keyword].as_object().into_iter().flatten();
                        parts.for_each(|(_, part)| self.walk(part, value, &path, depth + 1));
                    }
                    for keyword in ["additionalProperties", "unevaluatedProperties"] {
                        if schema["properties"].get(key).is_none() {
                            self.walk(&schema[keyword], value, &path, depth + 1);
                        }
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let path = path.index(index);
                    for keyword in ["items", "additionalItems", "contains", "unevaluatedItems"] {
                        match &schema[keyword] {
                            Value::Array(tuple) => {
                                tuple.get(index).into_iter().for_each(|part| self.walk(part, item, &path, depth + 1));
                            }
                            part => self.walk(part, item, &path, depth + 1),
                        }
                    }
                    if let Some(part) = schema["prefixItems"].get(index) {
                        self.walk(part, item, &path, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// What a reference inside of the schema means.
    fn part(&self, reference: &str) -> Option<&'s Value> {
        self.root.pointer(reference.strip_prefix('#')?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_found_wherever_the_schema_says_so() {
        let schema = json!({
            "$defs": { "login": { "properties": { "password": { "type": "string", "format": "password" } } } },
            "properties": {
                "token": { "writeOnly": true },
                "name": { "type": "string" },
                "logins": { "type": "array", "items": { "$ref": "#/$defs/login" } },
                "keys": { "additionalProperties": { "type": "string", "writeOnly": true } },
                "either": { "anyOf": [{ "type": "integer" }, { "format": "password" }] },
                "self": { "$ref": "#" }
            }
        });
        let settings = json!({
            "token": "a", "name": "password", "logins": [{ "password": "b", "user": "c" }], "keys": { "x": "d" },
            "either": "e", "self": { "token": "f" }
        });
        let paths = secret_settings(&schema.to_string(), &settings);
        let mut paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
        paths.sort_unstable();
        assert_eq!(paths, ["either", "keys.x", "logins[0].password", "self.token", "token"]);
    }

    #[test]
    fn a_schema_that_turns_in_circles_ends() {
        let schema = json!({ "writeOnly": false, "allOf": [{ "$ref": "#" }, { "$ref": "#" }] });
        assert_eq!(secret_settings(&schema.to_string(), &json!({ "a": 1 })), []);
    }
}
