//! Emitted values as JSON, for checkers and plugins that know no origins.

use flatwright_yaml::{Value, ValueKind};

/// The same value without origins; keys keep their order.
pub(crate) fn to_json(value: &Value) -> serde_json::Value {
    match &value.kind {
        ValueKind::Null => serde_json::Value::Null,
        ValueKind::Bool(value) => (*value).into(),
        ValueKind::Int(value) => (*value).into(),
        ValueKind::Float(value) => (*value).into(),
        ValueKind::Str(text) => text.as_str().into(),
        ValueKind::Seq(items) => items.iter().map(to_json).collect(),
        ValueKind::Map(map) => map.iter().map(|(key, value)| (key.to_owned(), to_json(value))).collect(),
    }
}
