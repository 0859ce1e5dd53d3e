//! Encodings: base64 and JSON.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use super::argument::text;
use crate::json::to_json;
use crate::template::{CallError, Called, Executed, Heap, Items, Needs, Stop, Value, fails};

pub(super) const FUNCTIONS: &[Executed] = &[
    ("b64dec", Needs::All, base64_decoded),
    ("b64enc", Needs::All, |_, values| Ok(Value::Text(STANDARD.encode(text(&values[0])).into()))),
    ("fromJson", Needs::All, |heap, values| read(heap, text(&values[0]), false)),
    ("mustFromJson", Needs::All, |heap, values| read(heap, text(&values[0]), true)),
    ("mustToJson", Needs::All, |heap, values| written(heap, &values[0], Form::Short)),
    ("mustToPrettyJson", Needs::All, |heap, values| written(heap, &values[0], Form::Pretty)),
    ("mustToRawJson", Needs::All, |heap, values| written(heap, &values[0], Form::Raw)),
    ("toJson", Needs::All, |heap, values| written(heap, &values[0], Form::Short)),
    ("toPrettyJson", Needs::All, |heap, values| written(heap, &values[0], Form::Pretty)),
    ("toRawJson", Needs::All, |heap, values| written(heap, &values[0], Form::Raw)),
];

/// A text that is not base64 becomes the words of the error.
fn base64_decoded(heap: &mut Heap, values: &[Value]) -> Called {
    heap.spend(text(&values[0]).len())?;
    Ok(match crate::base64::decode(text(&values[0])) {
        Ok(bytes) => String::from_utf8(bytes).map_or(Value::unknown(), |text| Value::Text(text.into())),
        Err(error) => Value::Text(error.into()),
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Short,
    Pretty,
    /// Without escapes for HTML.
    Raw,
}

fn written(heap: &mut Heap, value: &Value, form: Form) -> Called {
    let mut out = String::new();
    write(heap, value, form, 0, &mut out)?;
    heap.spend(out.len())?;
    Ok(Value::Text(out.into()))
}

fn write(heap: &mut Heap, value: &Value, form: Form, depth: usize, out: &mut String) -> Result<(), CallError> {
    const DEEPEST: usize = 100;
    if depth > DEEPEST {
        return Err(Stop.into());
    }
    heap.spend(1)?;
    match value {
        Value::Missing | Value::Nil => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value, _) => out.push_str(&value.to_string()),
        Value::Float(value) if value.is_finite() => out.push_str(&float(*value)),
        // Only the functions that can fail say so.
        Value::Float(_) | Value::Unknown(_) => return Err(Stop.into()),
        Value::Text(text) => string(heap, text, form, out)?,
        Value::List(list) => {
            let items = super::argument::items(heap, *list)?;
            bracketed(out, ('[', ']'), form, depth, items.len(), |index, out| {
                write(heap, &items[index], form, depth + 1, out)
            })?;
        }
        Value::Map(map) => {
            let entries: Vec<_> = heap.entries(*map).clone().into_iter().collect();
            heap.spend(entries.len())?;
            bracketed(out, ('{', '}'), form, depth, entries.len(), |index, out| {
                let (key, value) = &entries[index];
                string(heap, key, form, out)?;
                out.push_str(if form == Form::Pretty { ": " } else { ":" });
                write(heap, value, form, depth + 1, out)
            })?;
        }
    }
    Ok(())
}

fn bracketed(
    out: &mut String,
    (open, close): (char, char),
    form: Form,
    depth: usize,
    count: usize,
    mut item: impl FnMut(usize, &mut String) -> Result<(), CallError>,
) -> Result<(), CallError> {
    let line = |out: &mut String, depth: usize| {
        if form == Form::Pretty && count > 0 {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        }
    };
    out.push(open);
    for index in 0..count {
        if index > 0 {
            out.push(',');
        }
        line(out, depth + 1);
        item(index, out)?;
    }
    line(out, depth);
    out.push(close);
    Ok(())
}

fn string(heap: &mut Heap, text: &str, form: Form, out: &mut String) -> Result<(), CallError> {
    heap.spend(text.len())?;
    let escaped = to_json(&text);
    if form != Form::Raw {
        out.push_str(&escaped);
        return Ok(());
    }
    // The three that HTML knows, wherever their backslash is not itself escaped.
    let mut rest = escaped.as_str();
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (escape, plain) = match rest.get(at..at + 6) {
            Some(escape @ "\\u003c") => (escape, "<"),
            Some(escape @ "\\u003e") => (escape, ">"),
            Some(escape @ "\\u0026") => (escape, "&"),
            _ => (&rest[at..at + 2], &rest[at..at + 2]),
        };
        out.push_str(plain);
        rest = &rest[at + escape.len()..];
    }
    out.push_str(rest);
    Ok(())
}

/// `encoding/json` on a float: an exponent below 1e-6 and from 1e21, without a zero in front of it.
fn float(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{value:e}");
        return match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
            _ => text,
        };
    }
    format!("{value}")
}

/// `json.Unmarshal` into anything: every number a float. Where serde refuses what Go might take, the result is unknown.
fn read(heap: &mut Heap, text: &str, is_strict: bool) -> Called {
    heap.spend(text.len())?;
    match serde_json::from_str::<Json>(text) {
        Ok(json) => Ok(value_of(heap, &json)?),
        Err(_) if text.contains("\\u") || text.matches(['[', '{']).count() > 100 || has_exponent(text) => {
            Ok(Value::unknown())
        }
        Err(error) if is_strict => fails(format!("the text is not JSON: {error}")),
        Err(_) => Ok(Value::Nil),
    }
}

/// A number may be too large.
fn has_exponent(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && matches!(pair[1], b'e' | b'E'))
}

fn value_of(heap: &mut Heap, json: &Json) -> Result<Value, Stop> {
    heap.spend(1)?;
    Ok(match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_f64().map_or(Value::unknown(), Value::Float),
        Json::String(text) => Value::text(text),
        Json::Array(items) => {
            let items = items.iter().map(|item| value_of(heap, item)).collect::<Result<Vec<_>, _>>()?;
            heap.list(Items::Any, items)?
        }
        Json::Object(entries) => {
            let mut all = BTreeMap::new();
            for (key, value) in entries {
                all.insert(key.as_str().into(), value_of(heap, value)?);
            }
            heap.map(false, all, None)?
        }
    })
}
