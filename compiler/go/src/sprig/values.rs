//! Defaults, types and flow control.

use super::argument::{is_same, or_unknown, text};
use crate::template::{Called, Executed, Heap, Needs, Value, fails, type_name};

pub(super) const FUNCTIONS: &[Executed] = &[
    ("all", Needs::Nothing, all),
    ("any", Needs::Nothing, any),
    ("coalesce", Needs::Nothing, coalesce),
    ("deepEqual", Needs::All, |heap, values| Ok(Value::Bool(is_same(heap, &values[0], &values[1])?))),
    ("default", Needs::Nothing, default),
    ("empty", Needs::Nothing, |heap, values| Ok(or_unknown(heap.truth(&values[0]).map(|truth| Value::Bool(!truth))))),
    ("fail", Needs::All, |_, values| fails(text(&values[0]))),
    ("hello", Needs::Nothing, |_, _| Ok(Value::text("Hello!"))),
    ("kindIs", Needs::Top, |_, values| Ok(Value::Bool(text(&values[0]) == kind(&values[1])))),
    ("kindOf", Needs::Top, |_, values| Ok(Value::text(kind(&values[0])))),
    ("ternary", Needs::Nothing, ternary),
    ("typeIs", Needs::Top, |_, values| Ok(Value::Bool(text(&values[0]) == type_name(&values[1])))),
    ("typeIsLike", Needs::Top, |_, values| Ok(Value::Bool(text(&values[0]) == type_name(&values[1])))),
    ("typeOf", Needs::Top, |_, values| Ok(Value::text(type_name(&values[0])))),
];

fn default(heap: &mut Heap, values: &[Value]) -> Called {
    let Some(given) = values.get(1) else { return Ok(values[0].clone()) };
    Ok(match heap.truth(given) {
        Some(true) => given.clone(),
        Some(false) => values[0].clone(),
        None => Value::unknown(),
    })
}

fn coalesce(heap: &mut Heap, values: &[Value]) -> Called {
    for value in values {
        match heap.truth(value) {
            Some(true) => return Ok(value.clone()),
            Some(false) => {}
            None => return Ok(Value::unknown()),
        }
    }
    Ok(Value::Nil)
}

fn all(heap: &mut Heap, values: &[Value]) -> Called {
    let truths: Vec<_> = values.iter().map(|value| heap.truth(value)).collect();
    Ok(match () {
        () if truths.contains(&Some(false)) => Value::Bool(false),
        () if truths.contains(&None) => Value::unknown(),
        () => Value::Bool(true),
    })
}

fn any(heap: &mut Heap, values: &[Value]) -> Called {
    let truths: Vec<_> = values.iter().map(|value| heap.truth(value)).collect();
    Ok(match () {
        () if truths.contains(&Some(true)) => Value::Bool(true),
        () if truths.contains(&None) => Value::unknown(),
        () => Value::Bool(false),
    })
}

fn ternary(_: &mut Heap, values: &[Value]) -> Called {
    Ok(match &values[2] {
        Value::Bool(true) => values[0].clone(),
        Value::Bool(false) => values[1].clone(),
        _ => Value::unknown(),
    })
}

/// `reflect.Kind.String`.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Missing | Value::Nil | Value::Unknown(_) => "invalid",
        Value::List(_) => "slice",
        Value::Map(_) => "map",
        other => type_name(other),
    }
}
