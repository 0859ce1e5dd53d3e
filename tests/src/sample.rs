//! What the suite's specs say of each field: whether it occurs at all, and a value to fill a spec that has every field.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A field by the record that has it: `Pool.vmSize`; `[]` for the items of its list, `{}` for the values of its mapping.
pub type Field = String;

/// Walks an instance along its schema and gives every field that is set, with its value. Values that depend on the environment are left out.
pub fn fields(schema: &Value, instance: &Value, found: &mut BTreeMap<Field, Value>) {
    walk(schema, schema, instance, "FlatcarCluster", found);
}

fn walk(root: &Value, schema: &Value, instance: &Value, field: &str, found: &mut BTreeMap<Field, Value>) {
    let (name, schema) = resolved(root, schema);
    match instance {
        Value::Object(map) => {
            for (key, value) in map {
                match schema["properties"].get(key) {
                    Some(property) => {
                        let field = format!("{}.{key}", name.unwrap_or(field));
                        note(found, &field, value);
                        walk(root, property, value, &field, found);
                    }
                    None if schema["additionalProperties"].is_object() => {
                        let field = format!("{field}{{}}");
                        note(found, &field, value);
                        walk(root, &schema["additionalProperties"], value, &field, found);
                    }
                    None => {}
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                let field = format!("{field}[]");
                note(found, &field, item);
                walk(root, &schema["items"], item, &field, found);
            }
        }
        _ => {}
    }
}

fn note(found: &mut BTreeMap<Field, Value>, field: &str, value: &Value) {
    if !value.as_str().is_some_and(|text| text.contains("${env:")) {
        found.entry(field.to_owned()).or_insert_with(|| value.clone());
    }
}

/// A schema with its reference followed, and the name it refers to.
pub fn resolved<'s>(root: &'s Value, schema: &'s Value) -> (Option<&'s str>, &'s Value) {
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/")) {
        Some(name) => (Some(name), &root["$defs"][name]),
        None => (None, schema),
    }
}

/// Every field that the schema has.
pub fn all_fields(schema: &Value) -> Vec<Field> {
    let definitions = schema["$defs"].as_object().into_iter().flatten();
    definitions
        .flat_map(|(name, definition)| {
            definition["properties"].as_object().into_iter().flatten().map(move |(key, _)| format!("{name}.{key}"))
        })
        .collect()
}

/// A spec that has every field once, filled with samples: each list has one item, each free mapping one entry. It decodes; whether the fields go together
/// is no matter, because nothing is checked before everything is decoded.
pub fn full(schema: &Value, samples: &BTreeMap<Field, Value>) -> Value {
    fill(schema, schema, "FlatcarCluster", samples)
}

fn fill(root: &Value, schema: &Value, field: &str, samples: &BTreeMap<Field, Value>) -> Value {
    let (name, schema) = resolved(root, schema);
    if let Some(properties) = schema["properties"].as_object() {
        let entries = properties.iter().map(|(key, property)| {
            let field = format!("{}.{key}", name.unwrap_or(field));
            (key.clone(), fill(root, property, &field, samples))
        });
        return Value::Object(entries.collect::<Map<_, _>>());
    }
    if schema["additionalProperties"].is_object() {
        let entry = fill(root, &schema["additionalProperties"], &format!("{field}{{}}"), samples);
        return json!({ "Sample": entry });
    }
    if schema["items"].is_object() {
        return json!([fill(root, &schema["items"], &format!("{field}[]"), samples)]);
    }
    sample(samples, field).cloned().unwrap_or_else(|| panic!("no case of the suite sets `{field}`"))
}

/// The sample of a field; the records that share the keys of a machine profile share its samples.
pub fn sample<'s>(samples: &'s BTreeMap<Field, Value>, field: &str) -> Option<&'s Value> {
    const SHARING: [&str; 3] = ["Machines", "ControlPlane", "Pool"];
    let (record, key) = field.split_once('.')?;
    let others = SHARING.iter().filter(|_| SHARING.contains(&record)).map(|other| format!("{other}.{key}"));
    std::iter::once(field.to_owned()).chain(others).find_map(|field| samples.get(&field))
}
