//! Entries of the original programs' reports → findings. Owns: severities and hints. Must not: know where a config stands; that is its reader's.

use flatwright_diagnostic::{Diagnostic, Severity};
use flatwright_ignition::butane::{self, Failure, Variant};
use flatwright_ignition::problem::{LocalFile, Problem, Unit};
use flatwright_ignition::{Entry, EntryKind, ignition2, ignition3};

/// What findings about a config of each language answer to, whichever program has the rule.
pub(crate) const BUTANE: &str = "butane-config";
pub(crate) const IGNITION: &str = "ignition-config";
pub(crate) const CONTAINER_LINUX: &str = "clc-config";

/// Whether a report refuses its config.
pub(crate) fn has_error(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.kind == EntryKind::Error)
}

/// The finding for an entry about a config of a language, without a place.
pub(crate) fn finding(entry: &Entry, language: &'static str) -> Diagnostic {
    let severity = match entry.kind {
        EntryKind::Error => Severity::Error,
        EntryKind::Warning | EntryKind::Deprecated => Severity::Warning,
        EntryKind::Info => Severity::Note,
    };
    let mut diagnostic = of(&entry.problem, severity, language);
    if !entry.path.is_empty() {
        diagnostic.note(format!("at `{}`", entry.path));
    }
    diagnostic
}

/// The finding for what refuses a config as a whole, without a place.
pub(crate) fn failure(problem: &Problem, language: &'static str) -> Diagnostic {
    let mut diagnostic = of(problem, Severity::Error, language);
    match problem.key() {
        Some("variant") => diagnostic.hint("write `variant: flatcar` and `version: 1.1.0` at the top of the config"),
        Some("version") => diagnostic.hint(format!("write a version that is known: {}", butane_versions())),
        Some(_) => diagnostic.hint(format!("write a version that is known: {}", ignition_versions())),
        None => &mut diagnostic,
    };
    diagnostic
}

/// Why Butane translates nothing, if no entry says it.
pub(crate) fn butane_refusal(failure: Option<Failure>) -> Option<Problem> {
    match failure? {
        Failure::Refused(refused) => Some(refused.into_problem()),
        Failure::Source | Failure::Result | Failure::Strict => None,
    }
}

/// What to type where a unit is enabled and nothing wants it.
pub(crate) fn hint_install(diagnostic: &mut Diagnostic) {
    if [Unit::NO_INSTALL, Unit::TEMPLATE_NO_INSTALL].contains(&diagnostic.code) {
        diagnostic.hint("add `[Install]` with `WantedBy=`, or leave out `enabled`");
    }
}

fn of(problem: &Problem, severity: Severity, language: &'static str) -> Diagnostic {
    let mut diagnostic = Diagnostic::of(problem, severity);
    diagnostic.code = diagnostic.code.found_in(language);
    if [LocalFile::OUTSIDE, LocalFile::UNREADABLE].contains(&diagnostic.code) {
        diagnostic
            .hint("name the file relative to the file that this stands in; it must be in the same directory or below");
    }
    diagnostic
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_groups_of_codes() {
        let codes = flatwright_ignition::code::all();
        for language in [BUTANE, IGNITION, CONTAINER_LINUX] {
            assert!(codes.iter().any(|code| code.group() == Some(language)), "{language}");
        }
    }
}
