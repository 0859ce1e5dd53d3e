//! Lists: what gives a part of one, or another one.

use super::argument::{is_same, items, list, or_unknown, text, texts_of, to_int};
use crate::template::{Called, Executed, Heap, Items, Needs, Value, fails};

pub(super) const FUNCTIONS: &[Executed] = &[
    ("append", Needs::Nothing, append),
    ("compact", Needs::Top, compact),
    ("concat", Needs::Top, concat),
    ("first", Needs::Top, first),
    ("has", Needs::All, has),
    ("initial", Needs::Top, initial),
    ("join", Needs::All, join),
    ("last", Needs::Top, last),
    ("list", Needs::Nothing, |heap, values| Ok(heap.list(Items::Any, values.to_vec())?)),
    ("mustAppend", Needs::Nothing, append),
    ("mustCompact", Needs::Top, compact),
    ("mustFirst", Needs::Top, first),
    ("mustHas", Needs::All, has),
    ("mustInitial", Needs::Top, initial),
    ("mustLast", Needs::Top, last),
    ("mustPrepend", Needs::Nothing, prepend),
    ("mustPush", Needs::Nothing, append),
    ("mustRest", Needs::Top, rest),
    ("mustReverse", Needs::Top, reverse),
    ("mustSlice", Needs::Top, slice),
    ("mustUniq", Needs::All, uniq),
    ("mustWithout", Needs::All, without),
    ("prepend", Needs::Nothing, prepend),
    ("push", Needs::Nothing, append),
    ("rest", Needs::Top, rest),
    ("reverse", Needs::Top, reverse),
    ("slice", Needs::Top, slice),
    ("sortAlpha", Needs::All, sort),
    ("tuple", Needs::Nothing, |heap, values| Ok(heap.list(Items::Any, values.to_vec())?)),
    ("uniq", Needs::All, uniq),
    ("without", Needs::All, without),
];

fn append(heap: &mut Heap, values: &[Value]) -> Called {
    if values[0].is_unknown() {
        return Ok(Value::unknown());
    }
    let list = list(&values[0])?;
    let mut all = items(heap, list)?;
    all.push(values[1].clone());
    Ok(heap.list(Items::Any, all)?)
}

fn prepend(heap: &mut Heap, values: &[Value]) -> Called {
    if values[0].is_unknown() {
        return Ok(Value::unknown());
    }
    let list = list(&values[0])?;
    let mut all = items(heap, list)?;
    all.insert(0, values[1].clone());
    Ok(heap.list(Items::Any, all)?)
}

fn concat(heap: &mut Heap, values: &[Value]) -> Called {
    let mut all = Vec::new();
    for value in values {
        let list = list(value)?;
        all.extend(items(heap, list)?);
    }
    Ok(heap.list(Items::Any, all)?)
}

fn first(heap: &mut Heap, values: &[Value]) -> Called {
    Ok(heap.items(list(&values[0])?).first().cloned().unwrap_or(Value::Nil))
}

fn last(heap: &mut Heap, values: &[Value]) -> Called {
    Ok(heap.items(list(&values[0])?).last().cloned().unwrap_or(Value::Nil))
}

fn rest(heap: &mut Heap, values: &[Value]) -> Called {
    let all = items(heap, list(&values[0])?)?;
    Ok(heap.list(Items::Any, all.into_iter().skip(1).collect())?)
}

fn initial(heap: &mut Heap, values: &[Value]) -> Called {
    let mut all = items(heap, list(&values[0])?)?;
    all.pop();
    Ok(heap.list(Items::Any, all)?)
}

fn reverse(heap: &mut Heap, values: &[Value]) -> Called {
    let mut all = items(heap, list(&values[0])?)?;
    all.reverse();
    Ok(heap.list(Items::Any, all)?)
}

fn compact(heap: &mut Heap, values: &[Value]) -> Called {
    let mut kept = Vec::new();
    for item in items(heap, list(&values[0])?)? {
        match heap.truth(&item) {
            Some(true) => kept.push(item),
            Some(false) => {}
            None => return Ok(Value::unknown()),
        }
    }
    Ok(heap.list(Items::Any, kept)?)
}

fn is_in(heap: &mut Heap, list: &[Value], item: &Value) -> Result<bool, crate::template::Stop> {
    for other in list {
        if is_same(heap, item, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn uniq(heap: &mut Heap, values: &[Value]) -> Called {
    let mut kept = Vec::new();
    for item in items(heap, list(&values[0])?)? {
        if !is_in(heap, &kept, &item)? {
            kept.push(item);
        }
    }
    Ok(heap.list(Items::Any, kept)?)
}

fn without(heap: &mut Heap, values: &[Value]) -> Called {
    let mut kept = Vec::new();
    for item in items(heap, list(&values[0])?)? {
        if !is_in(heap, &values[1..], &item)? {
            kept.push(item);
        }
    }
    Ok(heap.list(Items::Any, kept)?)
}

fn has(heap: &mut Heap, values: &[Value]) -> Called {
    if values[1].is_nil() {
        return Ok(Value::Bool(false));
    }
    let all = items(heap, list(&values[1])?)?;
    Ok(Value::Bool(is_in(heap, &all, &values[0])?))
}

fn slice(heap: &mut Heap, values: &[Value]) -> Called {
    let list = list(&values[0])?;
    let length = heap.items(list).len() as i64;
    if length == 0 {
        return Ok(Value::Nil);
    }
    let Some(from) = values.get(1).map_or(Some(0), to_int) else { return Ok(Value::unknown()) };
    let Some(to) = values.get(2).map_or(Some(length), to_int) else { return Ok(Value::unknown()) };
    let part =
        usize::try_from(from).ok().zip(usize::try_from(to).ok()).and_then(|(from, to)| heap.part(list, from, to));
    match part {
        Some(part) => Ok(Value::List(part)),
        // Go may have room behind a list that grew; then the part would be whole.
        None if to > length && from <= to && from >= 0 => Ok(Value::unknown()),
        None => fails(format!("the list has {length} items, and the part begins at {from} and ends at {to}")),
    }
}

/// A list of texts is sorted in its place, as in Go.
fn sort(heap: &mut Heap, values: &[Value]) -> Called {
    if let Value::List(list) = &values[0]
        && list.items == Items::Texts
    {
        let count = heap.items(*list).len();
        heap.spend(count.saturating_mul(8))?;
        heap.items_mut(*list)?.sort_by(|a, b| text(a).cmp(text(b)));
        return Ok(values[0].clone());
    }
    let mut texts = texts_of(heap, &values[0])?;
    if values[0].is_nil() {
        texts.push("<nil>".to_owned());
    }
    heap.spend(texts.len().saturating_mul(8))?;
    texts.sort();
    Ok(heap.texts(texts.iter().map(String::as_str))?)
}

fn join(heap: &mut Heap, values: &[Value]) -> Called {
    let separator = text(&values[0]);
    let texts = texts_of(heap, &values[1])?;
    heap.spend(texts.len().saturating_mul(separator.len()))?;
    Ok(or_unknown(Some(Value::Text(texts.join(separator).into()))))
}
