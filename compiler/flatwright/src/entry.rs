//! Entries of the original programs' reports → findings. Owns: severities and hints. Must not: know where a config stands; that is its reader's.

use flatwright_diagnostic::{Diagnostic, Fix, Part, Severity};
use flatwright_ignition::butane::{self, Failure, Variant};
use flatwright_ignition::problem::{Config, Filesystem, Header, LocalFile, Node, Problem, Source, Unit};
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
    match &entry.problem {
        Problem::Config(Config::UnusedKey { key, .. })
            if CONTENTS.contains(&key.as_str()) && is_of_file(&entry.path) =>
        {
            diagnostic.severity = Severity::Error;
            diagnostic.hint(format!(
                "`{key}` belongs below `contents`, one level deeper: as it is written, the file is empty"
            ));
        }
        Problem::Config(Config::UnusedKey { key, meant, .. }) => {
            if let Some(meant) = meant {
                diagnostic.did_you_mean(key, Part::Key, [*meant]);
            } else if let Some((_, ours)) = CLOUD_CONFIG.iter().find(|(word, _)| word == key) {
                diagnostic.severity = Severity::Error;
                diagnostic.note(format!("`{key}` is a word of cloud-config, which nothing reads here"));
                diagnostic.hint(*ours);
            }
        }
        Problem::Filesystem(Filesystem::Shadowed { name }) if name == "root" => {
            diagnostic.severity = Severity::Error;
            diagnostic
                .note("`root` is the file system of the node: files without another name go to the one that is defined here, which is mounted over it")
                .hint("give the file system another name, and write it as `filesystem` of the files that belong there");
        }
        Problem::Source(Source::DecimalMode { mode }) => {
            diagnostic.note(format!("`{mode}` is read as a decimal number")).hint(format!("write `0{mode}`"));
            diagnostic.fix(Fix::rewrite(mode.to_string(), format!("0{mode}")));
        }
        _ => {}
    }
    diagnostic
}

/// Words of cloud-config, and what to write.
const CLOUD_CONFIG: [(&str, &str); 7] = [
    ("command", "write `enabled: true`, which starts the unit at every boot"),
    ("content", "write `contents`"),
    ("enable", "write `enabled`"),
    ("write_files", "write `storage: {files: […]}`"),
    ("runcmd", "write a unit of type `oneshot` under `systemd`"),
    ("coreos", "write `systemd`, `networkd`, `update`, `etcd` and the like at the top"),
    ("hostname", "write a file `/etc/hostname`"),
];

/// What says where the contents of a file come from.
const CONTENTS: [&str; 5] = ["source", "inline", "local", "compression", "verification"];

/// Whether a path is that of a key of a file's entry.
fn is_of_file(path: &str) -> bool {
    let steps: Vec<&str> = path.split('.').collect();
    matches!(steps[..], ["storage", "files", _, _])
}

/// The entries that say something of their own: what a mode in decimal digits makes of the special bits was not meant.
pub(crate) fn telling(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    let is_decimal = |entry: &Entry| matches!(entry.problem, Problem::Source(Source::DecimalMode { .. }));
    let decimal: Vec<_> = entries.iter().filter(|entry| is_decimal(entry)).map(|entry| entry.position).collect();
    entries.iter().filter(move |entry| {
        !(matches!(entry.problem, Problem::Node(Node::SpecialBits)) && decimal.contains(&entry.position))
    })
}

/// Makes an error of what nobody means in a cluster, although Butane only warns of it.
pub(crate) fn refuse_mistakes(diagnostic: &mut Diagnostic) {
    if [Config::UNUSED_KEY, Source::DECIMAL_MODE].contains(&diagnostic.code) && diagnostic.severity == Severity::Warning
    {
        diagnostic.severity = Severity::Error;
        diagnostic.note("Butane only warns of it; in the machines of a cluster it is never meant");
    }
}

/// The finding for what refuses a config as a whole, without a place.
pub(crate) fn failure(problem: &Problem, language: &'static str) -> Diagnostic {
    let mut diagnostic = of(problem, Severity::Error, language);
    match problem.key() {
        Some("variant") if diagnostic.code == Header::FOREIGN_VARIANT => {
            diagnostic.hint("write `variant: flatcar` if the config is for Flatcar")
        }
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
