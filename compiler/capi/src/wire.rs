//! How typed objects become values: absent and empty things are left out, because contract v1beta2 refuses empty lists and objects.

use std::collections::BTreeMap;

pub(crate) use flatwright_derive::Object;
use flatwright_diagnostic::Traced;
use flatwright_shape::{Definitions, Shape};
use flatwright_yaml::{Map, Value, ValueKind};
use serde_json::json;

/// A part of an object that can be written.
pub trait Wire {
    /// Its value; `None` if there is nothing to write.
    fn wire(&self) -> Option<Value>;
}

/// Written even if it is empty: where the API tells an empty thing from an absent one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keep<T>(pub T);

impl<T: Wire> Wire for Keep<Vec<T>> {
    fn wire(&self) -> Option<Value> {
        Some(self.0.iter().filter_map(Wire::wire).collect::<Vec<_>>().into())
    }
}

impl<T: Wire> Wire for Keep<Labels<T>> {
    fn wire(&self) -> Option<Value> {
        Some(self.0.wire().unwrap_or_else(Value::map))
    }
}

impl<T: Shape> Shape for Keep<T> {
    fn shape(definitions: &mut Definitions) -> serde_json::Value {
        T::shape(definitions)
    }
}

/// A mapping with free keys, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels<T = Traced<String>>(pub Vec<(String, T)>);

impl<T> Default for Labels<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Wire> Wire for Labels<T> {
    fn wire(&self) -> Option<Value> {
        let mut map: Map = self.0.iter().filter_map(|(key, value)| Some((key.clone(), value.wire()?))).collect();
        // Sorted as the API server stores it, so that a spec with reordered keys gives the same bytes.
        map.sort();
        (!map.is_empty()).then(|| map.into())
    }
}

impl<T: Shape> Shape for Labels<T> {
    fn shape(definitions: &mut Definitions) -> serde_json::Value {
        json!({ "type": "object", "additionalProperties": T::shape(definitions) })
    }
}

/// Arguments as contract v1beta2 has them: a list of `{name, value}`, sorted by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments(pub BTreeMap<String, Traced<String>>);

impl Wire for Arguments {
    fn wire(&self) -> Option<Value> {
        let items: Vec<Value> = self.0.iter().map(|(name, value)| argument(name, value)).collect();
        (!items.is_empty()).then(|| items.into())
    }
}

fn argument(name: &str, value: &Traced<String>) -> Value {
    let map: Map =
        [("name".to_owned(), Value::str(name).from_origin(value.origin)), ("value".to_owned(), value.clone().into())]
            .into_iter()
            .collect();
    Value::from(map).from_origin(value.origin)
}

impl Shape for Arguments {
    fn shape(_: &mut Definitions) -> serde_json::Value {
        json!({
            "type": "array",
            "items": {
                "type": "object",
                "properties": { "name": { "type": "string" }, "value": { "type": "string" } },
                "required": ["name", "value"],
                "additionalProperties": false,
            },
        })
    }
}

/// A number, or a text such as a percentage.
#[derive(Clone, Debug, PartialEq)]
pub struct IntOrString(pub String);

impl Wire for IntOrString {
    fn wire(&self) -> Option<Value> {
        Some(self.0.parse::<i64>().map_or_else(|_| Value::str(self.0.clone()), Value::from))
    }
}

impl Shape for IntOrString {
    fn shape(_: &mut Definitions) -> serde_json::Value {
        json!({ "type": ["integer", "string"] })
    }
}

impl<T: Wire> Wire for Option<T> {
    fn wire(&self) -> Option<Value> {
        self.as_ref().and_then(Wire::wire)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn wire(&self) -> Option<Value> {
        let items: Vec<Value> = self.iter().filter_map(Wire::wire).collect();
        (!items.is_empty()).then(|| items.into())
    }
}

impl<T: Wire> Wire for Box<T> {
    fn wire(&self) -> Option<Value> {
        self.as_ref().wire()
    }
}

impl<T: Wire> Wire for Traced<T> {
    fn wire(&self) -> Option<Value> {
        self.value.wire().map(|value| value.from_origin(self.origin))
    }
}

impl Wire for String {
    fn wire(&self) -> Option<Value> {
        Some(Value::str(self.clone()))
    }
}

impl Wire for &'static str {
    fn wire(&self) -> Option<Value> {
        Some(Value::str(*self))
    }
}

impl Wire for bool {
    fn wire(&self) -> Option<Value> {
        Some((*self).into())
    }
}

impl Wire for i64 {
    fn wire(&self) -> Option<Value> {
        Some((*self).into())
    }
}

impl Wire for Value {
    fn wire(&self) -> Option<Value> {
        Some(self.clone())
    }
}

/// Text known when the compiler was built.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fixed(pub &'static str);

impl Wire for Fixed {
    fn wire(&self) -> Option<Value> {
        (!self.0.is_empty()).then(|| Value::new(ValueKind::Str(self.0.to_owned())))
    }
}

impl Shape for Fixed {
    fn shape(_: &mut Definitions) -> serde_json::Value {
        json!({ "type": "string" })
    }
}
