//! Values with origins → plain JSON, as the checkers of manifests take it.

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
