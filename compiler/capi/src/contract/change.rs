//! Changes of form between the contracts.

use flatwright_yaml::{Map, Value, ValueKind};

/// How a value's form changes on the way to v1beta1.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    /// Not at all.
    Same,
    /// Seconds → a duration text.
    Duration,
    /// A list of `{name, value}` → a mapping.
    ArgumentMap,
    /// `{apiGroup, kind, name}` → `{apiVersion, kind, name}`.
    Reference,
    /// Each item's `timeoutSeconds` → a duration under `timeout`.
    Conditions,
}

impl Change {
    pub(super) fn apply(self, value: Value) -> Value {
        match self {
            Self::Same => value,
            Self::Duration => duration(value),
            Self::ArgumentMap => argument_map(value),
            Self::Reference => reference(value),
            Self::Conditions => conditions(value),
        }
    }
}

/// `1200` → `20m`: the largest unit that divides it, as people write it.
fn duration(value: Value) -> Value {
    let ValueKind::Int(seconds) = value.kind else { return value };
    let text = match seconds {
        0 => "0s".to_owned(),
        s if s % 3600 == 0 => format!("{}h", s / 3600),
        s if s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    };
    Value { kind: ValueKind::Str(text), origin: value.origin }
}

fn argument_map(value: Value) -> Value {
    let origin = value.origin;
    let ValueKind::Seq(items) = value.kind else { return value };
    let entries = items.into_iter().filter_map(|item| {
        let name = item.get("name")?.as_str()?.to_owned();
        Some((name, item.get("value")?.clone()))
    });
    Value::from(entries.collect::<Map>()).from_origin(origin)
}

fn reference(mut value: Value) -> Value {
    if let Some(map) = value.as_map_mut()
        && let Some(Value { kind: ValueKind::Str(group), .. }) = map.remove("apiGroup")
    {
        let api_version = Value::str(format!("{group}/v1beta1"));
        let rest = std::mem::take(map);
        map.insert("apiVersion", api_version);
        for (key, value) in rest {
            map.insert(key, value);
        }
    }
    value
}

fn conditions(mut value: Value) -> Value {
    for item in value.as_seq_mut().into_iter().flatten() {
        if let Some(map) = item.as_map_mut()
            && let Some(seconds) = map.remove("timeoutSeconds")
        {
            map.insert("timeout", duration(seconds));
        }
    }
    value
}
