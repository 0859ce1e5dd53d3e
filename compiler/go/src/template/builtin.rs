//! Go's own functions, executed.

use super::call::{CallError, Called, Executed, Needs, fails};
use super::print::{sprint, sprintf, sprintln};
use super::value::{Heap, IntKind, Value, type_name};

/// `and` and `or` are evaluated before they would be called.
pub(super) const FUNCTIONS: &[Executed] = &[
    ("call", Needs::Top, call),
    ("eq", Needs::Top, eq),
    ("ge", Needs::Top, ge),
    ("gt", Needs::Top, gt),
    ("html", Needs::All, html),
    ("index", Needs::Nothing, index),
    ("js", Needs::All, js),
    ("le", Needs::Top, le),
    ("len", Needs::Top, len),
    ("lt", Needs::Top, lt),
    ("ne", Needs::Top, ne),
    ("not", Needs::Nothing, not),
    ("print", Needs::All, |heap, values| Ok(Value::Text(sprint(heap, values)?.into()))),
    ("printf", Needs::All, printf),
    ("println", Needs::All, |heap, values| Ok(Value::Text(sprintln(heap, values)?.into()))),
    ("slice", Needs::Top, slice),
    ("urlquery", Needs::All, urlquery),
];

fn not(heap: &mut Heap, values: &[Value]) -> Called {
    Ok(heap.truth(&values[0]).map_or(Value::unknown(), |truth| Value::Bool(!truth)))
}

/// No value of a template is a function.
fn call(_: &mut Heap, values: &[Value]) -> Called {
    match &values[0] {
        Value::Missing | Value::Nil => fails("nothing can be called"),
        other => fails(format!("a value of type {} cannot be called", type_name(other))),
    }
}

fn len(heap: &mut Heap, values: &[Value]) -> Called {
    Ok(Value::int(match &values[0] {
        Value::Text(text) => text.len() as i64,
        Value::List(list) => heap.items(*list).len() as i64,
        Value::Map(map) if heap.shape(*map).is_some() => return Ok(Value::unknown()),
        Value::Map(map) => heap.entries(*map).len() as i64,
        other => return fails(format!("a value of type {} has no length", type_name(other))),
    }))
}

fn index(heap: &mut Heap, values: &[Value]) -> Called {
    let mut item = values[0].clone();
    if item.is_nil() {
        return fails("nothing is indexed");
    }
    for index in &values[1..] {
        item = match (&item, index) {
            (Value::Unknown(_), _) | (_, Value::Unknown(_)) => return Ok(Value::unknown()),
            (Value::Missing | Value::Nil, _) => return fails("a null is indexed"),
            (Value::List(list), index) => {
                let items = heap.items(*list);
                items[position(index, items.len())?].clone()
            }
            (Value::Text(text), index) => {
                Value::Int(text.as_bytes()[position(index, text.len())?].into(), IntKind::Uint8)
            }
            (Value::Map(map), Value::Text(key)) => match heap.get(*map, key) {
                Value::Missing if map.is_of_texts => Value::text(""),
                Value::Missing => Value::Nil,
                value => value,
            },
            (Value::Map(_), key) => return fails(format!("a value of type {} is not a key", type_name(key))),
            (other, _) => return fails(format!("a value of type {} cannot be indexed", type_name(other))),
        };
    }
    Ok(item)
}

fn position(index: &Value, length: usize) -> Result<usize, CallError> {
    let Value::Int(number, _) = index else {
        return fails(format!("a value of type {} is not an index", type_name(index)));
    };
    match usize::try_from(*number).ok().filter(|position| *position < length) {
        Some(position) => Ok(position),
        None => fails(format!("the index {number} is outside of {length} items")),
    }
}

/// An index that may stand right behind the last item.
fn bound(index: &Value, room: usize) -> Result<usize, CallError> {
    position(index, room + 1)
}

fn slice(heap: &mut Heap, values: &[Value]) -> Called {
    let (item, indexes) = (&values[0], &values[1..]);
    match item {
        Value::Text(text) if indexes.len() <= 2 => {
            let from = indexes.first().map_or(Ok(0), |index| bound(index, text.len()))?;
            let to = indexes.get(1).map_or(Ok(text.len()), |index| bound(index, text.len()))?;
            if from > to {
                return fails(format!("the part begins at {from} and ends at {to}"));
            }
            // A part of a character is no text.
            Ok(text.get(from..to).map_or(Value::unknown(), Value::text))
        }
        Value::List(list) if indexes.len() <= 3 => {
            let room = heap.room(*list);
            let from = indexes.first().map_or(Ok(0), |index| bound(index, room))?;
            let to = indexes.get(1).map_or(Ok(heap.items(*list).len()), |index| bound(index, room))?;
            let end = indexes.get(2).map_or(Ok(room), |index| bound(index, room))?;
            match heap.part(*list, from, to).filter(|_| to <= end) {
                Some(part) => Ok(Value::List(part)),
                None => fails(format!("the part begins at {from} and ends at {to}")),
            }
        }
        Value::Text(_) | Value::List(_) => fails("there are too many indexes"),
        other => fails(format!("a value of type {} has no parts", type_name(other))),
    }
}

fn eq(heap: &mut Heap, values: &[Value]) -> Called {
    let (first, others) = (&values[0], &values[1..]);
    if others.is_empty() {
        return fails("an argument to compare with is missing");
    }
    for other in others {
        match equal(heap, first, other)? {
            Some(true) => return Ok(Value::Bool(true)),
            Some(false) => {}
            None => return Ok(Value::unknown()),
        }
    }
    Ok(Value::Bool(false))
}

fn equal(heap: &Heap, a: &Value, b: &Value) -> Result<Option<bool>, CallError> {
    Ok(Some(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a, _), Value::Int(b, _)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Missing | Value::Nil, Value::Missing | Value::Nil) => true,
        // An empty list of Go may be nil or not.
        (Value::Missing | Value::Nil, Value::List(list)) | (Value::List(list), Value::Missing | Value::Nil)
            if heap.items(*list).is_empty() =>
        {
            return Ok(None);
        }
        (Value::Missing | Value::Nil, _) | (_, Value::Missing | Value::Nil) => false,
        (a, b) => return incomparable(a, b),
    }))
}

fn incomparable<T>(a: &Value, b: &Value) -> Result<T, CallError> {
    fails(format!("values of the types {} and {} cannot be compared", type_name(a), type_name(b)))
}

fn ne(heap: &mut Heap, values: &[Value]) -> Called {
    negated(&eq(heap, values)?)
}

fn negated(value: &Value) -> Called {
    Ok(if let Value::Bool(value) = value { Value::Bool(!value) } else { Value::unknown() })
}

fn lt(_: &mut Heap, values: &[Value]) -> Called {
    Ok(Value::Bool(match (&values[0], &values[1]) {
        (Value::Int(a, _), Value::Int(b, _)) => a < b,
        (Value::Float(a), Value::Float(b)) => a < b,
        (Value::Text(a), Value::Text(b)) => a < b,
        (a, b) => return incomparable(a, b),
    }))
}

fn le(heap: &mut Heap, values: &[Value]) -> Called {
    match lt(heap, values)? {
        Value::Bool(false) => eq(heap, values),
        less => Ok(less),
    }
}

fn gt(heap: &mut Heap, values: &[Value]) -> Called {
    negated(&le(heap, values)?)
}

fn ge(heap: &mut Heap, values: &[Value]) -> Called {
    negated(&lt(heap, values)?)
}

fn printf(heap: &mut Heap, values: &[Value]) -> Called {
    let Value::Text(format) = &values[0] else { return Ok(Value::unknown()) };
    Ok(sprintf(heap, format, &values[1..])?.map_or(Value::unknown(), |text| Value::Text(text.into())))
}

/// The arguments of an escaping function as one text.
fn joined(heap: &mut Heap, values: &[Value]) -> Result<String, CallError> {
    // Alone among others, nothing is printed as an action prints it.
    let shown: Vec<Value> =
        values.iter().map(|value| if value.is_nil() { Value::text("<no value>") } else { value.clone() }).collect();
    Ok(sprint(heap, &shown)?)
}

fn html(heap: &mut Heap, values: &[Value]) -> Called {
    let text = joined(heap, values)?;
    heap.spend(text.len() * 5)?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0' => out.push(char::REPLACEMENT_CHARACTER),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    Ok(Value::Text(out.into()))
}

fn js(heap: &mut Heap, values: &[Value]) -> Called {
    let text = joined(heap, values)?;
    heap.spend(text.len() * 6)?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            '<' | '>' | '&' | '=' | '\0'..='\x1f' => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c if c.is_ascii() || crate::quote::is_printable(c) => out.push(c),
            c => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
    Ok(Value::Text(out.into()))
}

fn urlquery(heap: &mut Heap, values: &[Value]) -> Called {
    let text = joined(heap, values)?;
    heap.spend(text.len() * 3)?;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(Value::Text(out.into()))
}
