//! How a difference is told: at the first line that differs, with a short diff that has no secrets in it.

use flatwright_diagnostic::{Anchor, Diagnostic, Severity};
use flatwright_render::{Sources, diff};

use super::masked::masked;
use super::rules::Output;

/// Lines of a diff that are shown; more are counted.
const SHOWN_LINES: usize = 16;

/// Characters of a line that are shown.
const SHOWN_CHARACTERS: usize = 100;

/// What is told.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The rule.
    pub rule: &'a Output,
    /// How bad it is.
    pub severity: Severity,
    /// The file as the user would write its path.
    pub name: &'a str,
    /// What is said of it.
    pub about: About<'a>,
}

/// What a finding says of its file.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// Nothing but its name.
    Whole,
    /// What is in it is not what it is compiled to.
    Texts(&'a [u8], &'a str),
    /// What is in it is wrong in a line.
    Line(&'a [u8], usize),
}

/// The finding, about a source of its own.
pub fn show(shown: Shown<'_>, sources: &mut Sources) -> Diagnostic {
    let mut diagnostic = Diagnostic::of(shown.rule, shown.severity);
    let text = |bytes| std::str::from_utf8(bytes).ok();
    match shown.about {
        About::Texts(disk, compiled) if text(disk).is_some() => {
            let disk = text(disk).unwrap_or_default();
            let (disk, compiled) = (masked(disk), masked(compiled));
            let note = short(&diff(&disk, &compiled, ""));
            let lines = disk.lines().zip(compiled.lines());
            let line =
                lines.take_while(|(disk, compiled)| disk == compiled).count().min(disk.lines().count().max(1) - 1);
            let indent = disk.lines().nth(line).map_or(0, |line| line.len() - line.trim_start().len());
            let source = sources.add(shown.name, disk, None);
            diagnostic.at(Anchor::line_column(source, cut(line + 1), cut(indent + 1)));
            diagnostic
                .note(note.unwrap_or_else(|| "only values that are not shown differ, such as secrets".to_owned()));
        }
        About::Line(disk, line) if text(disk).is_some() => {
            let source = sources.add(shown.name, text(disk).unwrap_or_default(), None);
            diagnostic.at(Anchor::line_column(source, cut(line), 1));
        }
        about => {
            let source = sources.add_binary(shown.name);
            diagnostic.at(Anchor::whole(source));
            if !matches!(about, About::Whole) {
                diagnostic.note("it is no text");
            }
        }
    }
    diagnostic.hint(hint(shown.rule));
    diagnostic
}

fn cut(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// What to type.
fn hint(rule: &Output) -> &'static str {
    match rule {
        Output::Missing { .. } | Output::Outdated { .. } | Output::Stale { .. } => {
            "run the same command without `--check`"
        }
        Output::Edited { .. } => {
            "put the change into the spec (`patches` takes any), or pass `--overwrite` to compile without it"
        }
        Output::Foreign { .. } => "move it away, or pass `--overwrite` to replace it",
        Output::Extra { .. } => "move it to another directory; `--overwrite` removes it, unless it is a directory",
        Output::Occupied { what: "directory", .. } => "move it away",
        Output::Occupied { .. } => {
            "move it away, or pass `--overwrite` to replace it; what a link points to stays as it is"
        }
        Output::AbsentCluster { .. } => "to remove it, compile with `--prune`",
        Output::Inventory { .. } => {
            "restore it from version control; or remove it: then every file that is not what the specs compile to counts as somebody else's"
        }
        Output::Interrupted => "run the same command without `--check`: it finishes or undoes what was begun",
        Output::Journal { .. } => "look for files of yours in it, and remove it",
    }
}

/// The first changes of a unified diff: `-` is on the disk, `+` is compiled.
fn short(diff: &str) -> Option<String> {
    let lines: Vec<&str> = diff.lines().skip(2).collect();
    if lines.is_empty() {
        return None;
    }
    let mut text = "`-` is on the disk, `+` is compiled:".to_owned();
    for line in lines.iter().take(SHOWN_LINES) {
        let cut: String = line.chars().take(SHOWN_CHARACTERS).collect();
        let more = if cut.len() < line.len() { "…" } else { "" };
        text.push_str(&format!("\n{cut}{more}"));
    }
    let more = lines.len().saturating_sub(SHOWN_LINES);
    if more > 0 {
        text.push_str(&format!("\n… and {more} more lines"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_is_short_and_has_no_secrets() {
        let rule = Output::Edited { path: "manifests/a.yaml".to_owned() };
        let told = |disk: &str, compiled: &str| {
            let mut sources = Sources::new();
            let about = About::Texts(disk.as_bytes(), compiled);
            let shown = Shown { rule: &rule, severity: Severity::Error, name: "out/a.yaml", about };
            show(shown, &mut sources).notes.join("\n")
        };
        assert_eq!(
            told("a: 1\nb: 2\n", "a: 1\nb: 3\n"),
            "`-` is on the disk, `+` is compiled:\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3"
        );
        let secret = told("passwd: one\n", "passwd: two\n");
        assert!(!secret.contains("one") && !secret.contains("two"), "{secret}");
        let long: String = (0..100).map(|number| format!("{number}\n")).collect();
        assert!(told(&long, "").lines().count() < 20);
    }
}
