//! [`Value`] → YAML that every YAML 1.1 and 1.2 reader reads the same.
//!
//! Our own writer, because two things must hold that general libraries do not promise together: quoting by the rules of both versions, and bytes that do not
//! change between releases (template names carry a hash of them).

use memchr::{memchr, memchr_iter};

use crate::scalar::is_ambiguous;
use crate::value::{Value, ValueKind};

/// Writes one document, without `---`, ending in a newline.
pub fn emit(value: &Value) -> String {
    let mut out = String::new();
    write_document(value, &mut out);
    out
}

/// Writes a stream: documents separated by `---`.
pub fn emit_stream<'v>(documents: impl IntoIterator<Item = &'v Value>) -> String {
    let mut out = String::new();
    for document in documents {
        if !out.is_empty() {
            out.push_str("---\n");
        }
        write_document(document, &mut out);
    }
    out
}

fn write_document(value: &Value, out: &mut String) {
    match &value.kind {
        ValueKind::Map(map) if !map.is_empty() => write_map(value, 0, out),
        ValueKind::Seq(items) if !items.is_empty() => write_seq(value, 0, out),
        _ => {
            write_scalar(value, 0, out);
            out.push('\n');
        }
    }
}

fn write_map(value: &Value, indent: usize, out: &mut String) {
    let ValueKind::Map(map) = &value.kind else { return };
    for (position, (key, value)) in map.iter().enumerate() {
        if position > 0 {
            pad(indent, out);
        }
        write_string(key, None, out);
        out.push(':');
        match &value.kind {
            ValueKind::Map(map) if !map.is_empty() => {
                out.push('\n');
                pad(indent + 2, out);
                write_map(value, indent + 2, out);
            }
            // A list stands at its key's own indentation, as kubectl writes it.
            ValueKind::Seq(items) if !items.is_empty() => {
                out.push('\n');
                pad(indent, out);
                write_seq(value, indent, out);
            }
            _ => {
                out.push(' ');
                write_scalar(value, indent + 2, out);
                out.push('\n');
            }
        }
    }
}

fn write_seq(value: &Value, indent: usize, out: &mut String) {
    let ValueKind::Seq(items) = &value.kind else { return };
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            pad(indent, out);
        }
        out.push_str("- ");
        match &item.kind {
            ValueKind::Map(map) if !map.is_empty() => write_map(item, indent + 2, out),
            ValueKind::Seq(items) if !items.is_empty() => write_seq(item, indent + 2, out),
            _ => {
                write_scalar(item, indent + 2, out);
                out.push('\n');
            }
        }
    }
}

fn write_scalar(value: &Value, indent: usize, out: &mut String) {
    match &value.kind {
        ValueKind::Null => out.push_str("null"),
        ValueKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        ValueKind::Int(value) => out.push_str(&value.to_string()),
        ValueKind::Float(value) => write_float(*value, out),
        ValueKind::Str(text) => write_string(text, Some(indent), out),
        ValueKind::Seq(_) => out.push_str("[]"),
        ValueKind::Map(_) => out.push_str("{}"),
    }
}

fn write_float(value: f64, out: &mut String) {
    if value.is_nan() {
        out.push_str(".nan");
    } else if value.is_infinite() {
        out.push_str(if value > 0.0 { ".inf" } else { "-.inf" });
    } else {
        let text = value.to_string();
        out.push_str(&text);
        if !text.contains(['.', 'e']) {
            out.push_str(".0");
        }
    }
}

/// `indent` is where a block scalar's lines would stand; `None` where none may be used (keys).
fn write_string(text: &str, indent: Option<usize>, out: &mut String) {
    match indent {
        Some(indent) if is_block_safe(text) => write_literal(text, indent, out),
        _ if is_plain_safe(text) => out.push_str(text),
        _ => write_quoted(text, out),
    }
}

/// Whether a text survives as a literal block: several lines, nothing a reader would fold, strip or refuse.
fn is_block_safe(text: &str) -> bool {
    let has_lines = memchr(b'\n', text.as_bytes()).is_some_and(|at| at > 0 || text.len() > 1);
    has_lines && !text.starts_with([' ', '\n', '\t']) && are_lines_safe(text)
}

/// Whether no line begins with a tab or ends with a blank, and all characters are printable.
fn are_lines_safe(text: &str) -> bool {
    let mut previous = b'\n';
    for &byte in text.as_bytes() {
        match byte {
            b'\n' if is_blank(previous) => return false,
            b'\t' if previous == b'\n' => return false,
            b'\n' | b'\t' | b' '..=b'~' | 0x80.. => previous = byte,
            _ => return false,
        }
    }
    !is_blank(previous) && (text.is_ascii() || !text.contains(is_unprintable))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_unprintable(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || is_line_separator(c)
}

fn is_line_separator(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn write_literal(text: &str, indent: usize, out: &mut String) {
    let body = text.trim_end_matches('\n');
    out.push_str(match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    let mut from = 0;
    for end in memchr_iter(b'\n', body.as_bytes()).chain([body.len()]) {
        let line = &body[from..end];
        from = end + 1;
        out.push('\n');
        if !line.is_empty() {
            pad(indent, out);
            out.push_str(line);
        }
    }
    for _ in 1..text.len() - body.len() {
        out.push('\n');
    }
}

/// Whether a text may stand without quotes in a block mapping or list, under both versions.
fn is_plain_safe(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'_' | b'-');
    if first != '-' && text.bytes().all(is_word) {
        return !is_ambiguous(text);
    }
    let starts_badly = "-?:,[]{}#&*!|>'\"%@` \t".contains(first) && !is_harmless_dash(text);
    !starts_badly
        && !is_ambiguous(text)
        && !text.ends_with([' ', '\t', ':'])
        && !text.as_bytes().windows(2).any(|pair| matches!(pair, b": " | b" #"))
        && !text.contains(|c: char| c.is_control() || is_line_separator(c))
}

/// `-` followed by something else than a blank begins a plain scalar (`-E`), but `---` would be a marker.
fn is_harmless_dash(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic()))
}

fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || is_line_separator(c) => {
                let code = u32::from(c);
                out.push_str(&if code <= 0xff { format!("\\x{code:02x}") } else { format!("\\u{code:04x}") });
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn pad(indent: usize, out: &mut String) {
    const BLANKS: &str = "                                ";
    match BLANKS.get(..indent) {
        Some(blanks) => out.push_str(blanks),
        None => out.extend(std::iter::repeat_n(' ', indent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Limits, parse};
    use crate::tree::{Kind, Tree};
    use crate::value::Map;
    use flatwright_diagnostic::NodeId;

    fn read(tree: &Tree, id: NodeId) -> Value {
        match tree.kind(id) {
            Kind::Scalar(text, style) => match crate::scalar::core(text, style, tree.tag(id)) {
                crate::scalar::Scalar::Null => Value::new(ValueKind::Null),
                crate::scalar::Scalar::Bool(value) => value.into(),
                crate::scalar::Scalar::Int(value) => value.into(),
                crate::scalar::Scalar::Str(text) => text.into(),
                other => panic!("{other:?}"),
            },
            Kind::Sequence(items) => items.iter().map(|item| read(tree, *item)).collect::<Vec<_>>().into(),
            Kind::Mapping(entries) => {
                let map: Map = entries
                    .iter()
                    .map(|e| (tree.scalar(e.key).expect("key").to_owned(), read(tree, e.value)))
                    .collect();
                map.into()
            }
        }
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let texts = [
            "",
            " a",
            "a ",
            "a: b",
            "a #b",
            "#a",
            "- a",
            "-E",
            "---",
            "...",
            "yes",
            "0644",
            "1e3",
            "null",
            "a\nb",
            "a\nb\n",
            "a\n\n\nb\n\n",
            "\na",
            "\n",
            "  x\ny",
            "x\n  y",
            "\tx\ny",
            "x\n\ty",
            "a\r\nb",
            "é\u{85}",
            "\u{2028}",
            "\u{0}",
            "\"q\"",
            "'q'",
            "{a}",
            "[a]",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "a:",
            "a,b",
            "|",
            ">",
            "?",
            "? a",
            ": a",
            "@@HOST@@",
            "trailing \nspace",
            "x\n# not a comment\n",
            "x\n---\ny\n",
            "<<",
            "=",
            "a\u{feff}b",
            "😀",
            "-",
            "--",
            "-1",
            "- ",
        ];
        for text in texts {
            let inner: Map =
                [("k".to_owned(), Value::str(text)), (text.to_owned(), Value::from(1_i64))].into_iter().collect();
            let list: Value = vec![Value::str(text), Value::from(vec![Value::str(text)]), inner.into()].into();
            let map: Map = [("list".to_owned(), list), ("s".to_owned(), Value::str(text))].into_iter().collect();
            let value = Value::from(map);
            let out = emit(&value);
            let (tree, error) = parse(&out, &Limits::default());
            assert_eq!(error, None, "{text:?}\n{out}");
            assert_eq!(read(&tree, tree.roots()[0]), value, "{text:?}\n{out}");
        }
    }

    #[test]
    fn the_layout_is_the_one_kubectl_users_know() {
        let pool: Map = [("name".to_owned(), Value::str("md-0")), ("replicas".to_owned(), Value::from(2_i64))]
            .into_iter()
            .collect();
        let map: Map = [
            ("text".to_owned(), Value::str("a\nb\n")),
            ("pools".to_owned(), vec![Value::from(pool)].into()),
            ("mode".to_owned(), Value::str("0644")),
            ("none".to_owned(), Value::map()),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            emit(&map.into()),
            "text: |\n  a\n  b\npools:\n- name: md-0\n  replicas: 2\nmode: \"0644\"\nnone: {}\n"
        );
    }
}
