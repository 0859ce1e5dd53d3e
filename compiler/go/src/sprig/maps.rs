//! Maps. Some of these change what they get.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::argument::{map, text, text_of};
use crate::template::{Called, Executed, Heap, Items, MapRef, Needs, Stop, Value, fails};

pub(super) const FUNCTIONS: &[Executed] = &[
    ("dict", Needs::Nothing, dict),
    ("dig", Needs::Nothing, dig),
    ("get", Needs::Top, get),
    ("hasKey", Needs::Top, has_key),
    ("keys", Needs::Top, keys),
    ("merge", Needs::Nothing, |heap, values| merge(heap, values, false)),
    ("mergeOverwrite", Needs::Nothing, |heap, values| merge(heap, values, true)),
    ("mustMerge", Needs::Nothing, |heap, values| merge(heap, values, false)),
    ("mustMergeOverwrite", Needs::Nothing, |heap, values| merge(heap, values, true)),
    ("omit", Needs::Top, omit),
    ("pick", Needs::Top, pick),
    ("pluck", Needs::Top, pluck),
    ("set", Needs::Nothing, set),
    ("unset", Needs::Nothing, unset),
    ("values", Needs::Top, all_values),
];

fn dict(heap: &mut Heap, values: &[Value]) -> Called {
    let mut entries = BTreeMap::new();
    for pair in values.chunks(2) {
        if pair[0].is_unknown() {
            return Ok(Value::unknown());
        }
        let key: Rc<str> = text_of(heap, &pair[0])?.into();
        entries.insert(key, pair.get(1).cloned().unwrap_or(Value::text("")));
    }
    Ok(heap.map(false, entries, None)?)
}

fn get(heap: &mut Heap, values: &[Value]) -> Called {
    let value = map(&values[0]).map_or(Value::Missing, |map| heap.get(map, text(&values[1])));
    Ok(if matches!(value, Value::Missing) { Value::text("") } else { value })
}

fn has_key(heap: &mut Heap, values: &[Value]) -> Called {
    let Some(map) = map(&values[0]) else { return Ok(Value::Bool(false)) };
    let key = text(&values[1]);
    Ok(match heap.get(map, key) {
        _ if heap.entries(map).contains_key(key) => Value::Bool(true),
        Value::Missing => Value::Bool(false),
        _ => Value::unknown(),
    })
}

/// What changes a map that is not known leaves nothing to be said.
fn target(value: &Value) -> Result<MapRef, crate::template::CallError> {
    match value {
        Value::Map(map) => Ok(*map),
        Value::Missing | Value::Nil => fails("a null gets an entry"),
        _ => Err(Stop.into()),
    }
}

fn set(heap: &mut Heap, values: &[Value]) -> Called {
    let map = target(&values[0])?;
    let Value::Text(key) = &values[1] else { return Err(Stop.into()) };
    heap.spend(1)?;
    heap.entries_mut(map)?.insert(key.clone(), values[2].clone());
    Ok(values[0].clone())
}

fn unset(heap: &mut Heap, values: &[Value]) -> Called {
    if values[0].is_nil() {
        return Ok(values[0].clone());
    }
    let map = target(&values[0])?;
    let Value::Text(key) = &values[1] else { return Err(Stop.into()) };
    // A key that could be there without being known cannot be taken away from what is known.
    if heap.shape(map).is_some() {
        return Err(Stop.into());
    }
    heap.entries_mut(map)?.remove(key);
    Ok(values[0].clone())
}

/// The entries, if they are all; `None` of a map that may have more.
fn entries(heap: &mut Heap, value: &Value) -> Result<Option<BTreeMap<Rc<str>, Value>>, Stop> {
    let Some(map) = map(value) else { return Ok(Some(BTreeMap::new())) };
    if heap.shape(map).is_some() {
        return Ok(None);
    }
    let entries = heap.entries(map).clone();
    heap.spend(entries.len())?;
    Ok(Some(entries))
}

/// Go gives keys in an order that changes from run to run, so those of a map with several are not known.
fn keys(heap: &mut Heap, values: &[Value]) -> Called {
    let mut all = Vec::new();
    for value in values {
        match entries(heap, value)? {
            Some(entries) if entries.len() <= 1 => all.extend(entries.into_keys().map(Value::Text)),
            _ => return Ok(Value::unknown()),
        }
    }
    Ok(heap.list(Items::Texts, all)?)
}

fn all_values(heap: &mut Heap, values: &[Value]) -> Called {
    match entries(heap, &values[0])? {
        Some(entries) if entries.len() <= 1 => Ok(heap.list(Items::Any, entries.into_values().collect())?),
        _ => Ok(Value::unknown()),
    }
}

fn pick(heap: &mut Heap, values: &[Value]) -> Called {
    let Some(all) = entries(heap, &values[0])? else { return Ok(Value::unknown()) };
    let wanted: Vec<&str> = values[1..].iter().map(text).collect();
    heap.spend(all.len().saturating_mul(wanted.len()))?;
    Ok(heap.map(false, all.into_iter().filter(|(key, _)| wanted.contains(&&**key)).collect(), None)?)
}

fn omit(heap: &mut Heap, values: &[Value]) -> Called {
    let Some(all) = entries(heap, &values[0])? else { return Ok(Value::unknown()) };
    let unwanted: Vec<&str> = values[1..].iter().map(text).collect();
    heap.spend(all.len().saturating_mul(unwanted.len()))?;
    Ok(heap.map(false, all.into_iter().filter(|(key, _)| !unwanted.contains(&&**key)).collect(), None)?)
}

fn pluck(heap: &mut Heap, values: &[Value]) -> Called {
    let mut found = Vec::new();
    for value in &values[1..] {
        let Some(map) = map(value) else { continue };
        match heap.get(map, text(&values[0])) {
            Value::Missing => {}
            Value::Unknown(_) if !heap.entries(map).contains_key(text(&values[0])) => return Ok(Value::unknown()),
            value => found.push(value),
        }
    }
    Ok(heap.list(Items::Any, found)?)
}

fn dig(heap: &mut Heap, values: &[Value]) -> Called {
    let [keys @ .., default, whole] = values else { return fails("it needs at least three arguments") };
    if keys.is_empty() {
        return fails("it needs at least three arguments");
    }
    let mut value = whole.clone();
    for key in keys {
        value = match (&value, key) {
            (Value::Unknown(_), _) | (_, Value::Unknown(_)) => return Ok(Value::unknown()),
            (Value::Map(map), Value::Text(key)) if !map.is_of_texts => match heap.get(*map, key) {
                Value::Missing => return Ok(default.clone()),
                value => value,
            },
            (Value::Map(map), key) if !map.is_of_texts => {
                return fails(format!("a value of type {} is not a key", crate::template::type_name(key)));
            }
            (other, _) => {
                return fails(format!(
                    "a value of type {} is not a map of anything",
                    crate::template::type_name(other)
                ));
            }
        };
    }
    Ok(value)
}

/// `mergo.Merge` as far as its releases agree: what is empty on either side is treated in different ways.
fn merge(heap: &mut Heap, values: &[Value], overwrites: bool) -> Called {
    let into = target(&values[0])?;
    for source in &values[1..] {
        if let Some(source) = map(source) {
            merge_map(heap, into, source, overwrites, 0)?;
        } else if source.is_unknown() {
            return Err(Stop.into());
        }
    }
    Ok(values[0].clone())
}

fn merge_map(heap: &mut Heap, into: MapRef, source: MapRef, overwrites: bool, depth: usize) -> Result<(), Stop> {
    const DEEPEST: usize = 50;
    if depth > DEEPEST || heap.shape(source).is_some() || heap.shape(into).is_some() {
        return Err(Stop);
    }
    let entries = heap.entries(source).clone();
    heap.spend(entries.len() + 1)?;
    for (key, value) in entries {
        match (heap.entries(into).get(&key).cloned(), &value) {
            (None, _) => {
                heap.entries_mut(into)?.insert(key, value);
            }
            (Some(Value::Map(inner)), Value::Map(source)) if !inner.is_of_texts && !source.is_of_texts => {
                merge_map(heap, inner, *source, overwrites, depth + 1)?;
            }
            (Some(Value::Map(_)), _) | (_, Value::Map(_)) => return Err(Stop),
            (Some(old), value) => match (heap.truth(&old), heap.truth(value)) {
                (Some(true), Some(true)) => {
                    if overwrites {
                        heap.entries_mut(into)?.insert(key, value.clone());
                    }
                }
                _ => return Err(Stop),
            },
        }
    }
    Ok(())
}
