//! Texts.

use super::argument::{int, or_unknown, text, text_of, texts_of};
use crate::quote::quote;
use crate::template::print::shown;
use crate::template::{CallError, Called, Executed, Heap, Needs, Value, fails};

pub(super) const FUNCTIONS: &[Executed] = &[
    ("cat", Needs::All, cat),
    ("contains", Needs::All, |_, values| Ok(Value::Bool(text(&values[1]).contains(text(&values[0]))))),
    ("hasPrefix", Needs::All, |_, values| Ok(Value::Bool(text(&values[1]).starts_with(text(&values[0]))))),
    ("hasSuffix", Needs::All, |_, values| Ok(Value::Bool(text(&values[1]).ends_with(text(&values[0]))))),
    ("indent", Needs::All, indent),
    ("initials", Needs::All, |_, values| {
        Ok(made(text(&values[0]).split_whitespace().filter_map(|word| word.chars().next()).collect::<String>()))
    }),
    ("lower", Needs::All, |heap, values| ascii(heap, &values[0], str::to_ascii_lowercase)),
    ("nindent", Needs::All, |heap, values| Ok(made(format!("\n{}", text(&indent(heap, values)?))))),
    ("nospace", Needs::All, |_, values| {
        Ok(made(text(&values[0]).chars().filter(|c| !c.is_whitespace()).collect::<String>()))
    }),
    ("plural", Needs::All, |_, values| Ok(Value::text(text(&values[if int(&values[2]) == 1 { 0 } else { 1 }])))),
    ("quote", Needs::All, |heap, values| quoted(heap, values, |heap, value| Ok(quote(&text_of(heap, value)?)))),
    ("repeat", Needs::All, repeat),
    ("replace", Needs::All, replace),
    ("split", Needs::All, |heap, values| numbered(heap, &parts(text(&values[1]), text(&values[0]), usize::MAX))),
    ("splitList", Needs::All, |heap, values| {
        let parts = parts(text(&values[1]), text(&values[0]), usize::MAX);
        Ok(heap.texts(parts.into_iter())?)
    }),
    ("splitn", Needs::All, |heap, values| {
        let limit = usize::try_from(int(&values[1])).unwrap_or(usize::MAX);
        numbered(heap, &parts(text(&values[2]), text(&values[0]), limit))
    }),
    ("squote", Needs::All, |heap, values| quoted(heap, values, |heap, value| Ok(format!("'{}'", shown(heap, value)?)))),
    ("substr", Needs::All, substr),
    ("swapcase", Needs::All, |heap, values| {
        ascii(heap, &values[0], |text| {
            let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            text.chars().map(swap).collect()
        })
    }),
    ("title", Needs::All, |heap, values| ascii(heap, &values[0], title)),
    ("toString", Needs::All, |heap, values| Ok(made(text_of(heap, &values[0])?))),
    ("toStrings", Needs::All, |heap, values| {
        // A list of texts is given back itself.
        if let Value::List(list) = &values[0]
            && list.items == crate::template::Items::Texts
        {
            return Ok(values[0].clone());
        }
        let texts = texts_of(heap, &values[0])?;
        Ok(heap.texts(texts.iter().map(String::as_str))?)
    }),
    ("trim", Needs::All, |_, values| Ok(Value::text(text(&values[0]).trim()))),
    ("trimAll", Needs::All, trim_all),
    ("trimPrefix", Needs::All, |_, values| {
        let whole = text(&values[1]);
        Ok(Value::text(whole.strip_prefix(text(&values[0])).unwrap_or(whole)))
    }),
    ("trimSuffix", Needs::All, |_, values| {
        let whole = text(&values[1]);
        Ok(Value::text(whole.strip_suffix(text(&values[0])).unwrap_or(whole)))
    }),
    ("trimall", Needs::All, trim_all),
    ("trunc", Needs::All, trunc),
    ("upper", Needs::All, |heap, values| ascii(heap, &values[0], str::to_ascii_uppercase)),
];

fn made(text: String) -> Value {
    Value::Text(text.into())
}

/// A text of ASCII changed; others are unknown.
fn ascii(heap: &mut Heap, value: &Value, change: impl Fn(&str) -> String) -> Called {
    heap.spend(text(value).len())?;
    Ok(if text(value).is_ascii() { made(change(text(value))) } else { Value::unknown() })
}

/// Every first letter of a word in upper case.
fn title(text: &str) -> String {
    let mut is_inside = false;
    let change = |c: char| {
        let first = if is_inside { c } else { c.to_ascii_uppercase() };
        is_inside = c.is_ascii_alphanumeric() || c == '_';
        first
    };
    text.chars().map(change).collect()
}

fn cat(heap: &mut Heap, values: &[Value]) -> Called {
    let mut words = Vec::new();
    for value in values.iter().filter(|value| !value.is_nil()) {
        words.push(shown(heap, value)?);
    }
    Ok(made(words.join(" ")))
}

type Quote = fn(&mut Heap, &Value) -> Result<String, CallError>;

fn quoted(heap: &mut Heap, values: &[Value], quote: Quote) -> Called {
    let mut words = Vec::new();
    for value in values.iter().filter(|value| !value.is_nil()) {
        words.push(quote(heap, value)?);
    }
    Ok(made(words.join(" ")))
}

fn indent(heap: &mut Heap, values: &[Value]) -> Called {
    let (spaces, text) = (int(&values[0]), text(&values[1]));
    let Ok(spaces) = usize::try_from(spaces) else { return fails(format!("{spaces} spaces are too few")) };
    let lines = text.matches('\n').count() + 1;
    heap.spend(spaces.saturating_mul(lines).saturating_add(text.len()))?;
    let pad = " ".repeat(spaces);
    Ok(made(format!("{pad}{}", text.replace('\n', &format!("\n{pad}")))))
}

fn repeat(heap: &mut Heap, values: &[Value]) -> Called {
    let (count, text) = (int(&values[0]), text(&values[1]));
    let Ok(count) = usize::try_from(count) else { return fails(format!("{count} times are too few")) };
    heap.spend(count.saturating_mul(text.len()))?;
    Ok(made(text.repeat(count)))
}

fn replace(heap: &mut Heap, values: &[Value]) -> Called {
    let (old, new, whole) = (text(&values[0]), text(&values[1]), text(&values[2]));
    let count = whole.matches(old).count();
    heap.spend(count.saturating_mul(new.len()).saturating_add(whole.len()))?;
    Ok(made(whole.replace(old, new)))
}

/// `strings.SplitN`; nothing between two parts means single characters.
fn parts<'t>(whole: &'t str, separator: &str, limit: usize) -> Vec<&'t str> {
    if limit == 0 {
        return Vec::new();
    }
    if separator.is_empty() {
        let starts: Vec<usize> = whole.char_indices().map(|(at, _)| at).take(limit).collect();
        let ends = starts.iter().skip(1).copied().chain([whole.len()]);
        return starts.iter().zip(ends).map(|(from, to)| &whole[*from..to]).collect();
    }
    whole.splitn(limit, separator).collect()
}

/// A map with `_0`, `_1` … for keys.
fn numbered(heap: &mut Heap, parts: &[&str]) -> Called {
    let entries = parts.iter().enumerate().map(|(index, part)| (format!("_{index}").into(), Value::text(part)));
    Ok(heap.map(true, entries.collect(), None)?)
}

fn substr(_: &mut Heap, values: &[Value]) -> Called {
    let (start, end, whole) = (int(&values[0]), int(&values[1]), text(&values[2]));
    let length = whole.len() as i64;
    let (from, to) = match () {
        () if start < 0 => (0, end),
        () if end < 0 || end > length => (start, length),
        () => (start, end),
    };
    if !(0..=to).contains(&from) || to > length {
        return fails(format!("the text has {length} bytes, and the part begins at {from} and ends at {to}"));
    }
    // A part of a character is no text.
    Ok(or_unknown(whole.get(from as usize..to as usize).map(Value::text)))
}

fn trunc(_: &mut Heap, values: &[Value]) -> Called {
    let (count, whole) = (int(&values[0]), text(&values[1]));
    let length = whole.len() as i64;
    let part = match count {
        count if count < 0 && length + count > 0 => whole.get((length + count) as usize..),
        count if count >= 0 && length > count => whole.get(..count as usize),
        _ => Some(whole),
    };
    Ok(or_unknown(part.map(Value::text)))
}

fn trim_all(_: &mut Heap, values: &[Value]) -> Called {
    let set = text(&values[0]);
    Ok(Value::text(text(&values[1]).trim_matches(|c| set.contains(c))))
}
