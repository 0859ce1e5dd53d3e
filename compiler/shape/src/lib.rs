//! JSON Schema of our own types: the [`Shape`] trait, [`Definitions`], and the doc-comment plumbing that the derives share.
//!
//! Owns: how a type says what it looks like, in JSON Schema 2020-12 as editors understand it.
//! Must not: validate anything; decoders do that, with places.
//!
//! Not schemars: the derives of these types also make the decoder (spec) or the writer (objects), so that schema and code cannot
//! drift apart, and a scalar's schema also has to admit `${env:NAME}`.

use std::collections::BTreeMap;

use flatwright_diagnostic::Traced;
use serde_json::{Map, Value, json};

/// A type that can say what it looks like.
pub trait Shape {
    /// Its schema; records register themselves in `definitions` and return a reference.
    fn shape(definitions: &mut Definitions) -> Value;
}

/// The named schemas that a document refers to.
#[derive(Debug, Default)]
pub struct Definitions(BTreeMap<String, Value>);

impl Definitions {
    /// A reference to the named schema, made once. Recursive types end here.
    pub fn reference(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.0.contains_key(name) {
            self.0.insert(name.to_owned(), Value::Null);
            let schema = make(self);
            self.0.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}

/// The whole schema document around a root type.
pub fn document(id: &str, title: &str, root: impl FnOnce(&mut Definitions) -> Value) -> Value {
    let mut definitions = Definitions::default();
    let root = root(&mut definitions);
    let mut document = Map::new();
    document.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    document.insert("$id".into(), json!(id));
    document.insert("title".into(), json!(title));
    if let Value::Object(root) = root {
        document.extend(root);
    }
    document.insert("$defs".into(), definitions.0.into_iter().collect());
    Value::Object(document)
}

/// Joins the lines of a doc comment into a description: paragraphs are kept, lines of one paragraph are joined.
pub fn description(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines.iter().map(|line| line.trim()) {
        if line.is_empty() {
            text.push_str("\n\n");
        } else {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push(' ');
            }
            text.push_str(line);
        }
    }
    text
}

/// Adds a description to a schema; beside a `$ref` it stands next to it, as 2020-12 allows.
#[must_use]
pub fn described(mut schema: Value, lines: &[&str]) -> Value {
    if let Value::Object(schema) = &mut schema
        && !lines.is_empty()
    {
        schema.insert("description".into(), Value::String(description(lines)));
    }
    schema
}

/// The schema of a record: closed, with its properties in declaration order.
pub fn record(docs: &[&str], fields: Vec<Field>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        if field.is_required {
            required.push(field.key);
        }
        properties.insert(field.key.to_owned(), described(field.schema, field.docs));
    }
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    described(schema, docs)
}

/// One property of a record.
#[derive(Debug)]
pub struct Field {
    /// Its key.
    pub key: &'static str,
    /// The lines of its doc comment.
    pub docs: &'static [&'static str],
    /// What its value looks like.
    pub schema: Value,
    /// Whether it must be there.
    pub is_required: bool,
}

impl Shape for bool {
    fn shape(_: &mut Definitions) -> Value {
        json!({ "type": "boolean" })
    }
}

impl Shape for i64 {
    fn shape(_: &mut Definitions) -> Value {
        json!({ "type": "integer" })
    }
}

impl Shape for String {
    fn shape(_: &mut Definitions) -> Value {
        json!({ "type": "string" })
    }
}

impl<T: Shape> Shape for Option<T> {
    fn shape(definitions: &mut Definitions) -> Value {
        T::shape(definitions)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn shape(definitions: &mut Definitions) -> Value {
        json!({ "type": "array", "items": T::shape(definitions) })
    }
}

impl<T: Shape> Shape for Box<T> {
    fn shape(definitions: &mut Definitions) -> Value {
        T::shape(definitions)
    }
}

impl<T: Shape> Shape for Traced<T> {
    fn shape(definitions: &mut Definitions) -> Value {
        T::shape(definitions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_survive_and_lines_join() {
        assert_eq!(description(&[" One", " two.", "", " Three."]), "One two.\n\nThree.");
    }
}
