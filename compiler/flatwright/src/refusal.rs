//! Why a machine would not boot → a finding. Owns: the words, and what of a refusal names a place. Must not: know whose config it is; [`Places`] does.

use flatwright_bootstrap::code::IGNITION_TRANSLATION;
use flatwright_diagnostic::{Diagnostic, Severity};
use flatwright_ignition::Entry;
use flatwright_ignition::translate::Refusal;

use crate::places::{Found, Places};

/// The finding for a refusal.
pub(crate) fn finding(refusal: &Refusal, places: &dyn Places) -> Diagnostic {
    let node = |node: &str| places.named("path", node.split_once(": ")?.1);
    let (anchors, entries): (Vec<Option<Found>>, &[Entry]) = match refusal {
        Refusal::ConflictingInodes { first, second } => (vec![node(second), node(first)], &[]),
        Refusal::UsesOwnLink { entry, link } => (vec![node(entry), places.named("path", link)], &[]),
        Refusal::DuplicateDropin { dropin, .. } => (vec![places.named("name", dropin)], &[]),
        Refusal::InvalidInput(entries) | Refusal::InvalidOutput(entries) => {
            (vec![of_entries(entries, places)], entries)
        }
        Refusal::Unmounted { filesystem } | Refusal::UnforcedCreate { filesystem } => {
            (vec![places.at(&format!("storage.filesystems.{filesystem}"))], &[])
        }
    };
    let words = refusal.to_string();
    let words = words.trim_end();
    let first = entries.first().map_or_else(|| words.lines().next().unwrap_or_default(), |entry| &entry.message);
    let mut finding =
        Diagnostic::new(IGNITION_TRANSLATION, Severity::Error, format!("the machine would not boot: {first}"));
    let mut anchors = anchors.into_iter().flatten();
    anchors.next().unwrap_or_else(|| places.whole()).put(&mut finding);
    if let Some(other) = anchors.next().filter(|other| Some(&other.anchor) != finding.anchor.as_ref()) {
        finding.label(other.anchor, "and here");
    }
    let is_listed = entries.len() > 1;
    for line in words.lines().skip(usize::from(!is_listed)) {
        finding.note(line);
    }
    finding
}

/// The path of an entry, else the last name in a message that the user's configs have, such as a label in quotes.
pub(crate) fn of_entries(entries: &[Entry], places: &dyn Places) -> Option<Found> {
    let at = |entry: &Entry| (!entry.path.is_empty()).then(|| places.at(&entry.path)).flatten();
    let words = || entries.iter().flat_map(|entry| entry.message.split(['"', '`', '\'']));
    entries.iter().find_map(at).or_else(|| {
        words().find_map(|word| ["path", "name", "label", "device"].iter().find_map(|field| places.named(field, word)))
    })
}
