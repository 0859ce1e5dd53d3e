//! Arguments whose types the call has checked, and the conversions of package `cast`.

use crate::literal;
use crate::template::print::shown;
use crate::template::{CallError, Heap, ListRef, MapRef, Stop, Value, fails, type_name};

/// A text; the call has made sure that it is one.
pub(super) fn text(value: &Value) -> &str {
    if let Value::Text(text) = value { text } else { "" }
}

/// A whole number; the call has made sure that it is one.
pub(super) fn int(value: &Value) -> i64 {
    if let Value::Int(value, _) = value { *value } else { 0 }
}

/// A list, or the failure of `reflect.TypeOf(x).Kind()`.
pub(super) fn list(value: &Value) -> Result<ListRef, CallError> {
    match value {
        Value::List(list) => Ok(*list),
        Value::Missing | Value::Nil => fails("it gets nothing instead of a list"),
        other => fails(format!("it gets a value of type {} instead of a list", type_name(other))),
    }
}

/// A map; `None` for a nil one.
pub(super) fn map(value: &Value) -> Option<MapRef> {
    if let Value::Map(map) = value { Some(*map) } else { None }
}

/// The items of a list, copied.
pub(super) fn items(heap: &mut Heap, list: ListRef) -> Result<Vec<Value>, Stop> {
    let count = heap.items(list).len();
    heap.spend(count)?;
    Ok(heap.items(list).to_vec())
}

/// `strval`: a text as it is, anything else as `%v`.
pub(super) fn text_of(heap: &mut Heap, value: &Value) -> Result<String, Stop> {
    match value {
        Value::Text(text) => Ok(text.to_string()),
        other => shown(heap, other),
    }
}

/// `strslice`: the texts of a list without its nils, a single value as a list of one.
pub(super) fn texts_of(heap: &mut Heap, value: &Value) -> Result<Vec<String>, Stop> {
    match value {
        Value::Missing | Value::Nil => Ok(Vec::new()),
        Value::List(list) => {
            let items = items(heap, *list)?;
            items.iter().filter(|item| !item.is_nil()).map(|item| text_of(heap, item)).collect()
        }
        other => Ok(vec![text_of(heap, other)?]),
    }
}

/// `cast.ToInt64`; `None` where its releases differ.
pub(super) fn to_int(value: &Value) -> Option<i64> {
    Some(match value {
        Value::Int(value, _) => *value,
        Value::Float(value) if value.is_finite() && value.abs() < 9e18 => *value as i64,
        Value::Float(_) => return None,
        Value::Bool(value) => i64::from(*value),
        // A point, and a zero before other digits, are read in different ways.
        Value::Text(text) if text.contains('.') || (text.len() > 1 && text.starts_with(['0', '+', '-'])) => {
            let digits = text.strip_prefix('-').filter(|digits| !digits.starts_with('0'))?;
            return digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| literal::int(text)).flatten();
        }
        Value::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() => {
            return literal::int(text);
        }
        Value::Text(text) if text.starts_with(|c: char| c.is_ascii_digit()) => return None,
        _ => 0,
    })
}

/// `cast.ToFloat64`; `None` where it is not known here.
pub(super) fn to_float(value: &Value) -> Option<f64> {
    Some(match value {
        Value::Int(value, _) => *value as f64,
        Value::Float(value) => *value,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Text(text) => literal::float(text).unwrap_or(0.0),
        _ => 0.0,
    })
}

/// Whether two values are the same to `reflect.DeepEqual`, which converts nothing.
pub(super) fn is_same(heap: &mut Heap, a: &Value, b: &Value) -> Result<bool, Stop> {
    heap.spend(1)?;
    Ok(match (a, b) {
        (Value::Missing | Value::Nil, Value::Missing | Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a, of), Value::Int(b, other)) => of == other && a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            let (x, y) = (items(heap, *a)?, items(heap, *b)?);
            if a.items != b.items || x.len() != y.len() {
                return Ok(false);
            }
            for (x, y) in x.iter().zip(&y) {
                if !is_same(heap, x, y)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Map(a), Value::Map(b)) => {
            let (x, y) = (heap.entries(*a).clone(), heap.entries(*b).clone());
            heap.spend(x.len() + y.len())?;
            if a.is_of_texts != b.is_of_texts || x.len() != y.len() {
                return Ok(false);
            }
            for (key, x) in &x {
                let Some(y) = y.get(key) else { return Ok(false) };
                if !is_same(heap, x, y)? {
                    return Ok(false);
                }
            }
            true
        }
        _ => false,
    })
}

/// The result for what is not known here.
pub(super) fn or_unknown(value: Option<Value>) -> Value {
    value.unwrap_or(Value::unknown())
}
