//! Why a machine would not boot → a finding. Owns: what of a refusal names a place. Must not: know whose config it is; [`Places`] does.

use flatwright_bootstrap::Unbootable;
use flatwright_diagnostic::{Diagnostic, Rule as _, Severity};
use flatwright_ignition::Entry;
use flatwright_ignition::problem::{Inode, Translation};
use flatwright_ignition::translate::Refusal;

use crate::places::{Found, Places};

/// The finding for a refusal.
pub(crate) fn finding(refusal: &Refusal, places: &dyn Places) -> Diagnostic {
    let entries = refusal.entries();
    let anchors = match refusal {
        Refusal::Own(problem) => of_translation(problem, places),
        Refusal::InvalidInput(_) | Refusal::InvalidOutput(_) => vec![of_entries(entries, places)],
    };
    let mut finding = Diagnostic::of(&Unbootable(refusal), Severity::Error);
    let mut anchors = anchors.into_iter().flatten();
    anchors.next().unwrap_or_else(|| places.whole()).put(&mut finding);
    if let Some(other) = anchors.next().filter(|other| Some(&other.anchor) != finding.anchor.as_ref()) {
        finding.label(other.anchor, "and here");
    }
    let is_listed = entries.len() > 1;
    for line in refusal.to_string().trim_end().lines().skip(usize::from(!is_listed)) {
        finding.note(line);
    }
    finding
}

fn of_translation(problem: &Translation, places: &dyn Places) -> Vec<Option<Found>> {
    let inode = |inode: &Inode| places.named("path", &inode.path);
    match problem {
        Translation::ConflictingInodes { first, second } => vec![inode(second), inode(first)],
        Translation::UsesOwnLink { inode: entry, link } => vec![inode(entry), places.named("path", link)],
        Translation::DuplicateDropIn { drop_in, .. } => vec![places.named("name", drop_in)],
        Translation::Unmounted { filesystem } | Translation::UnforcedCreate { filesystem } => {
            vec![places.at(&format!("storage.filesystems.{filesystem}"))]
        }
    }
}

/// The path of an entry, else the first thing that a problem is about and the user's configs name.
pub(crate) fn of_entries(entries: &[Entry], places: &dyn Places) -> Option<Found> {
    let at = |entry: &Entry| (!entry.path.is_empty()).then(|| places.at(&entry.path)).flatten();
    let data = || entries.iter().flat_map(|entry| entry.problem.data());
    let named = |name: &str| ["path", "name", "label", "device"].iter().find_map(|field| places.named(field, name));
    entries.iter().find_map(at).or_else(|| data().find_map(|(_, name)| named(&name)))
}
