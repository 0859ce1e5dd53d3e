//! Go's `%q`.

use std::fmt::Write as _;

/// Quotes a text as Go's `strconv.Quote` does.
pub(crate) fn go(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        push(c, &mut out);
    }
    out.push('"');
    out
}

fn push(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        _ if is_printable(c) => out.push(c),
        _ => {
            let code = u32::from(c);
            let written = match code {
                0..0x80 => write!(out, "\\x{code:02x}"),
                0x80..0x1_0000 => write!(out, "\\u{code:04x}"),
                _ => write!(out, "\\U{code:08x}"),
            };
            written.expect("invariant: writing to a String cannot fail");
        }
    }
}

/// Whether Go prints the character as it is: letters, marks, numbers, punctuation, symbols and the ASCII space.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    // Rust's Debug escapes the same classes (controls, separators, format and unassigned characters), and combining marks besides.
    let is_escaped = c.escape_debug().count() > 1;
    !is_escaped || is_combining(c)
}

/// Marks are printable in Go; `escape_debug` escapes those that extend a grapheme.
fn is_combining(c: char) -> bool {
    let text: String = ['a', c].iter().collect();
    format!("{text:?}").chars().count() == 4
}
