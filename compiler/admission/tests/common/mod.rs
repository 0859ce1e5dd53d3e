//! Reads YAML manifests into JSON values, by the YAML 1.2 core schema.

use flatwright_diagnostic::NodeId;
use flatwright_yaml::scalar::{Scalar, core};
use flatwright_yaml::{Kind, Limits, Tree, parse};
use serde_json::{Map, Value};

/// The documents of a text that must parse.
pub(crate) fn manifests(text: &str) -> Vec<Value> {
    let (tree, problem) = parse(text, &Limits::default());
    assert!(problem.is_none(), "{problem:?} in\n{text}");
    tree.roots().iter().map(|root| value(&tree, *root)).collect()
}

fn value(tree: &Tree, id: NodeId) -> Value {
    match tree.kind(tree.resolve(id)) {
        Kind::Scalar(text, style) => match core(text, style, tree.tag(id)) {
            Scalar::Null => Value::Null,
            Scalar::Bool(flag) => flag.into(),
            Scalar::Int(number) => number.into(),
            Scalar::Unsigned(number) => number.into(),
            Scalar::Float(number) => number.into(),
            Scalar::Str(text) => text.into(),
        },
        Kind::Sequence(items) => items.iter().map(|item| value(tree, *item)).collect(),
        Kind::Mapping(entries) => Value::Object(
            entries
                .iter()
                .map(|entry| (tree.scalar(entry.key).unwrap_or_default().to_owned(), value(tree, entry.value)))
                .collect::<Map<_, _>>(),
        ),
    }
}
