//! What a search for a place gives, and who can search.

use flatwright_diagnostic::{Anchor, Diagnostic};

/// Whom a finding about a part of a machine config is for: a line of the user's, or a plugin.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// The line, or the plugin's entry.
    pub(crate) anchor: Anchor,
    /// Which plugin, by which hook.
    pub(crate) note: Option<String>,
}

impl Found {
    /// Puts a finding there.
    pub(crate) fn put(self, finding: &mut Diagnostic) {
        finding.at(self.anchor);
        finding.notes.extend(self.note);
    }
}

impl From<Anchor> for Found {
    fn from(anchor: Anchor) -> Self {
        Self { anchor, note: None }
    }
}

/// Where the user, or a plugin, says something.
pub(crate) trait Places {
    /// Where a path, unit, label or device is named.
    fn named(&self, field: &str, name: &str) -> Option<Found>;
    /// The place of a path in Ignition's terms (`storage.files.0.mode`), where the user's own config has been translated.
    fn at(&self, path: &str) -> Option<Found>;
    /// The place of the config as a whole.
    fn whole(&self) -> Found;
}
