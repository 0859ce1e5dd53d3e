//! Entries of the original programs' reports → findings. Owns: severities and hints. Must not: know where a config stands; that is its reader's.

use flatwright_diagnostic::{Code, Diagnostic, Severity};
use flatwright_ignition::{Entry, EntryKind};

/// Whether a report refuses its config.
pub(crate) fn has_error(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.kind == EntryKind::Error)
}

/// The finding for an entry, without a place.
pub(crate) fn finding(entry: &Entry, code: Code) -> Diagnostic {
    let severity = match entry.kind {
        EntryKind::Error => Severity::Error,
        EntryKind::Warning | EntryKind::Deprecated => Severity::Warning,
        EntryKind::Info => Severity::Note,
    };
    let mut diagnostic = Diagnostic::new(code, severity, entry.message.clone());
    if !entry.path.is_empty() {
        diagnostic.note(format!("at `{}`", entry.path));
    }
    if entry.message.contains("outside the files directory") || entry.message.starts_with("open ") {
        diagnostic
            .hint("name the file relative to the file that this stands in; it must be in the same directory or below");
    }
    diagnostic
}

/// The line that a message names: `… yaml: line 3: …`.
pub(crate) fn named_line(message: &str) -> Option<u32> {
    let rest = &message[message.find("line ")? + 5..];
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok().filter(|line| *line > 0)
}

/// What a failure says, without what the original program says before it.
pub(crate) fn failure(message: &str) -> &str {
    message.strip_prefix("Error translating config: ").unwrap_or(message)
}
