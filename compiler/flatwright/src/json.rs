//! Values as JSON and back, for checkers and plugins that know no origins.

use flatwright_yaml::{Value, ValueKind};
use serde_json::{Map, Number, Value as Json};

/// The value without its origins. JSON has no infinities: they become `null`.
pub(crate) fn to_json(value: &Value) -> Json {
    match &value.kind {
        ValueKind::Null => Json::Null,
        ValueKind::Bool(value) => (*value).into(),
        ValueKind::Int(value) => (*value).into(),
        ValueKind::Float(value) => Number::from_f64(*value).map_or(Json::Null, Json::Number),
        ValueKind::Str(text) => text.as_str().into(),
        ValueKind::Seq(items) => items.iter().map(to_json).collect(),
        ValueKind::Map(map) => {
            Json::Object(map.iter().map(|(key, value)| (key.to_owned(), to_json(value))).collect::<Map<_, _>>())
        }
    }
}

/// The same value, from nowhere.
pub(crate) fn from_json(value: &serde_json::Value) -> Value {
    Value::new(match value {
        serde_json::Value::Null => ValueKind::Null,
        serde_json::Value::Bool(value) => ValueKind::Bool(*value),
        serde_json::Value::Number(number) => {
            number.as_i64().map_or_else(|| ValueKind::Float(number.as_f64().unwrap_or_default()), ValueKind::Int)
        }
        serde_json::Value::String(text) => ValueKind::Str(text.clone()),
        serde_json::Value::Array(items) => ValueKind::Seq(items.iter().map(from_json).collect()),
        serde_json::Value::Object(map) => {
            ValueKind::Map(map.iter().map(|(key, value)| (key.clone(), from_json(value))).collect())
        }
    })
}
