//! Values as JSON and back, for checkers and plugins that know no origins.

use flatwright_yaml::{Value, ValueKind};
use serde_json::Value as Json;

/// The value without its origins. JSON has no infinities: they become `null`.
pub(crate) fn to_json(value: &Value) -> Json {
    serde_json::to_value(value).expect("invariant: every key of a value is a text")
}

/// The same value, from nowhere.
pub(crate) fn from_json(value: &Json) -> Value {
    Value::new(match value {
        Json::Null => ValueKind::Null,
        Json::Bool(value) => ValueKind::Bool(*value),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| ValueKind::Float(number.as_f64().unwrap_or_default()), ValueKind::Int)
        }
        Json::String(text) => ValueKind::Str(text.clone()),
        Json::Array(items) => ValueKind::Seq(items.iter().map(from_json).collect()),
        Json::Object(map) => ValueKind::Map(map.iter().map(|(key, value)| (key.clone(), from_json(value))).collect()),
    })
}
