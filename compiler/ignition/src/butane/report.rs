//! The reports of the original on a terminal: one line per entry, or with the lines of the source around it.

use std::fmt::Write as _;

use crate::entry::{Entry, EntryKind};

/// How to print.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// The name of the input: the argument, or `<stdin>`.
    pub name: &'a str,
    /// Whether colors are used.
    pub has_color: bool,
}

/// Lines shown on either side.
const CONTEXT: usize = 2;

/// The one-line form, each entry with its line break.
pub fn raw(entries: &[Entry]) -> String {
    entries.iter().fold(String::new(), |mut out, entry| {
        let _ = writeln!(out, "{entry}");
        out
    })
}

/// The form with source lines; entries are separated by an empty line, each ends with a line break.
pub fn pretty(entries: &[Entry], source: &[u8], style: &Style<'_>) -> String {
    let lines: Vec<&[u8]> = source.split(|byte| *byte == b'\n').collect();
    let mut out = String::new();
    for (i, entry) in entries.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        write_entry(&mut out, entry, &lines, style);
    }
    out
}

fn write_entry(out: &mut String, entry: &Entry, lines: &[&[u8]], style: &Style<'_>) {
    let place = entry.position.and_then(|(line, column)| {
        let (line, column) = (line as usize, column as usize);
        let text = lines.get(line.checked_sub(1)?)?;
        (column >= 1 && column <= text.len()).then_some((line, column, *text))
    });
    let Some((line, column, text)) = place else {
        let _ = writeln!(out, "{entry}");
        return;
    };
    let paint =
        |code: &str, text: &str| if style.has_color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() };
    let kind = match entry.kind {
        EntryKind::Error => "1;31",
        EntryKind::Warning | EntryKind::Deprecated => "1;33",
        EntryKind::Info => "1;36",
    };
    let path = if entry.path.is_empty() { String::new() } else { format!("[$.{}]", entry.path) };
    let _ = writeln!(out, "{}{path}:", paint(kind, entry.kind.word()));
    let first = line.saturating_sub(CONTEXT).max(1);
    let last = (line + CONTEXT).min(lines.len());
    let width = last.to_string().len();
    let _ = writeln!(out, "  {} {}:{line}:{column}", paint("1;34", "-->"), style.name);
    let _ = writeln!(out, "{:width$} |", "", width = width + 1);
    for number in first..=last {
        let shown = String::from_utf8_lossy(lines[number - 1]);
        let _ = writeln!(out, " {} | {shown}", paint("1;34", &format!("{number:>width$}")));
        if number == line {
            let rest = &text[column - 1..];
            let end = word_end(rest);
            let marks = paint("1;34", &"^".repeat(end));
            let _ = writeln!(
                out,
                "{:width$} | {:indent$}{marks} {}",
                "",
                "",
                entry.problem,
                width = width + 1,
                indent = column - 1
            );
        }
    }
    let _ = writeln!(out, "{:width$} |", "", width = width + 1);
}

/// Bytes up to the next white space.
fn word_end(rest: &[u8]) -> usize {
    let text = String::from_utf8_lossy(rest);
    match std::str::from_utf8(rest) {
        Ok(text) => text.find(char::is_whitespace).unwrap_or(text.len()),
        Err(_) => text.find(char::is_whitespace).unwrap_or(rest.len()).min(rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Node;

    #[test]
    fn the_word_is_underlined_in_its_lines() {
        let problem = Node::Relative.into();
        let entry = Entry { kind: EntryKind::Warning, path: "a.b".into(), position: Some((2, 6)), problem };
        let text = pretty(&[entry], b"a:\n  b: 12 3\nc: 4", &Style { name: "x.bu", has_color: false });
        assert_eq!(
            text,
            "warning[$.a.b]:\n  --> x.bu:2:6\n   |\n 1 | a:\n 2 |   b: 12 3\n   |      ^^ path not absolute\n 3 | c: 4\n   |\n"
        );
    }
}
