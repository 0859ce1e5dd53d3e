//! What works on lists and maps alike.

use std::collections::BTreeMap;

use super::argument::items;
use crate::template::{Called, Executed, Heap, Needs, Stop, Value};

pub(super) const FUNCTIONS: &[Executed] =
    &[("deepCopy", Needs::Nothing, copied), ("mustDeepCopy", Needs::Nothing, copied)];

fn copied(heap: &mut Heap, values: &[Value]) -> Called {
    Ok(copy(heap, &values[0], 0)?)
}

fn copy(heap: &mut Heap, value: &Value, depth: usize) -> Result<Value, Stop> {
    const DEEPEST: usize = 100;
    heap.spend(1)?;
    match value {
        Value::List(_) | Value::Map(_) if depth > DEEPEST => Err(Stop),
        Value::List(list) => {
            let copies = items(heap, *list)?;
            let copies = copies.iter().map(|item| copy(heap, item, depth + 1)).collect::<Result<Vec<_>, _>>()?;
            heap.list(list.items, copies)
        }
        Value::Map(map) => {
            let mut copies = BTreeMap::new();
            for (key, value) in heap.entries(*map).clone() {
                copies.insert(key, copy(heap, &value, depth + 1)?);
            }
            let shape = heap.shape(*map).cloned();
            heap.map(map.is_of_texts, copies, shape)
        }
        other => Ok(other.clone()),
    }
}
