//! Entries of the original programs' reports → findings. Owns: severities and hints. Must not: know where a config stands; that is its reader's.

use flatwright_diagnostic::{Code, Diagnostic, Severity};
use flatwright_ignition::butane::{self, Variant};
use flatwright_ignition::{Entry, EntryKind, ignition2, ignition3};

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

/// The finding for a failure of a config as a whole, without a place and without what the original program says before it.
pub(crate) fn failure(message: &str, code: Code) -> Diagnostic {
    let message = message.strip_prefix("Error translating config: ").unwrap_or(message);
    let mut diagnostic = Diagnostic::new(code, Severity::Error, message);
    match failed_key(message) {
        Some("variant") => diagnostic.hint("write `variant: flatcar` and `version: 1.1.0` at the top of the config"),
        Some("version") => diagnostic.hint(format!("write a version that is known: {}", butane_versions())),
        Some(_) => diagnostic.hint(format!("write a version that is known: {}", ignition_versions())),
        None => &mut diagnostic,
    };
    diagnostic
}

/// The key that a failure of a config as a whole is about.
pub(crate) fn failed_key(message: &str) -> Option<&'static str> {
    const KEYS: [(&str, &str); 3] =
        [("parsing variant", "variant"), ("parsing version", "version"), ("config version", "ignition.version")];
    if let Some((_, wanted)) = message.split_once("No translator exists for variant ") {
        let variant = wanted.split(' ').next();
        let is_known = butane::Version::ALL.iter().any(|version| Some(version.variant_str()) == variant);
        return Some(if is_known { "version" } else { "variant" });
    }
    KEYS.iter().find(|(words, _)| message.contains(words)).map(|(_, key)| *key)
}

fn butane_versions() -> String {
    let of = |variant: Variant| {
        let versions = butane::Version::ALL.iter().filter(|version| version.variant == variant);
        versions.map(|version| version.as_str()).collect::<Vec<_>>().join(", ")
    };
    format!("`flatcar` has {}; `fcos` has {}", of(Variant::Flatcar), of(Variant::Fcos))
}

fn ignition_versions() -> String {
    let newer: Vec<_> = ignition3::Version::ALL.iter().map(|version| version.as_str()).collect();
    format!("2.0.0 to {}, {}", ignition2::VERSION, newer.join(", "))
}
