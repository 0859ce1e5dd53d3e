//! What the tests share: YAML texts to JSON values.

use flatwright_yaml::scalar::{Scalar, core};
use flatwright_yaml::{Kind, Limits, Tree, parse};
use serde_json::Value;

/// Every document of a YAML stream, as the API server would get it.
pub(crate) fn documents(text: &str) -> Vec<Value> {
    let (tree, error) = parse(text, &Limits::default());
    assert!(error.is_none(), "test input is not YAML: {error:?}");
    tree.roots().iter().map(|root| json(&tree, *root)).collect()
}

fn json(tree: &Tree, id: flatwright_diagnostic::NodeId) -> Value {
    match tree.kind(id) {
        Kind::Scalar(text, style) => match core(text, style, tree.tag(id)) {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => value.into(),
            Scalar::Int(value) => value.into(),
            Scalar::Unsigned(value) => value.into(),
            Scalar::Float(value) => value.into(),
            Scalar::Str(text) => text.into(),
        },
        Kind::Sequence(items) => items.iter().map(|item| json(tree, *item)).collect(),
        Kind::Mapping(entries) => Value::Object(
            entries
                .iter()
                .map(|entry| (tree.scalar(entry.key).unwrap_or_default().to_owned(), json(tree, entry.value)))
                .collect(),
        ),
    }
}
