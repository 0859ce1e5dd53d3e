//! [`Value`] → JSON text.

use crate::value::{Value, ValueKind};

/// Writes JSON with two-space indentation, ending in a newline. Infinities and NaN, which JSON lacks, are written as `null`.
pub fn emit_json(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, indent: usize, out: &mut String) {
    match &value.kind {
        ValueKind::Null => out.push_str("null"),
        ValueKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        ValueKind::Int(value) => out.push_str(&value.to_string()),
        ValueKind::Float(value) if value.is_finite() => out.push_str(&value.to_string()),
        ValueKind::Float(_) => out.push_str("null"),
        ValueKind::Str(text) => write_string(text, out),
        ValueKind::Seq(items) => {
            write_items(items.iter().map(|item| (None, item)), ('[', ']'), indent, out);
        }
        ValueKind::Map(map) => {
            write_items(map.iter().map(|(key, value)| (Some(key), value)), ('{', '}'), indent, out);
        }
    }
}

fn write_items<'v>(
    items: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
    (open, close): (char, char),
    indent: usize,
    out: &mut String,
) {
    out.push(open);
    let mut is_empty = true;
    for (key, value) in items {
        out.push_str(if is_empty { "\n" } else { ",\n" });
        is_empty = false;
        pad(indent + 1, out);
        if let Some(key) = key {
            write_string(key, out);
            out.push_str(": ");
        }
        write(value, indent + 1, out);
    }
    if !is_empty {
        out.push('\n');
        pad(indent, out);
    }
    out.push(close);
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn pad(indent: usize, out: &mut String) {
    for _ in 0..indent {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;

    #[test]
    fn strings_are_escaped_and_empty_collections_are_short() {
        let map: Map = [("a\"".to_owned(), Value::str("x\n\u{1}")), ("l".to_owned(), Value::from(Vec::<Value>::new()))]
            .into_iter()
            .collect();
        assert_eq!(emit_json(&map.into()), "{\n  \"a\\\"\": \"x\\n\\u0001\",\n  \"l\": []\n}\n");
    }
}
