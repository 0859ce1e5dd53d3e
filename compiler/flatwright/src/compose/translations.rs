//! Each distinct machine config of the user, translated once, however many groups share it.
//!
//! Owns: which configs are the same, and at which of their places the findings were reported.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_diagnostic::{Diagnostic, Origin, Report, SourceId};
use flatwright_flatcar::release::Release;
use flatwright_ignition::ignition3::Config;
use flatwright_plan::{ConfigFormat, UserConfig};

use super::Files;
use super::user::{self, Translated};

/// A config that was translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Index(usize);

/// All that a translation depends on. The source is where the lines of its findings are.
type Identity<'p> = (ConfigFormat, SourceId, &'p str, &'p [u8]);

/// The translations of a plan.
pub(super) struct Translations<'p, 'f> {
    files: &'f Files<'f>,
    allows_experimental: bool,
    known: BTreeMap<Identity<'p>, Index>,
    translated: Vec<Translated>,
    /// Which were checked for nodes with which release.
    checked: BTreeSet<(Index, Option<Release>)>,
    told: BTreeSet<(Index, Origin)>,
}

impl<'p, 'f> Translations<'p, 'f> {
    pub(super) fn new(files: &'f Files<'f>, allows_experimental: bool) -> Self {
        let (known, translated) = (BTreeMap::new(), Vec::new());
        Self { files, allows_experimental, known, translated, checked: BTreeSet::new(), told: BTreeSet::new() }
    }

    /// The translation of a config for nodes with the release, with what is wrong reported once for each place in the spec that asks for it.
    pub(super) fn index(&mut self, config: &'p UserConfig, release: Option<Release>, report: &mut Report) -> Index {
        let identity = (config.format, config.source, config.directory.as_str(), config.text.as_slice());
        let index = match self.known.get(&identity) {
            Some(index) => {
                if self.checked.insert((*index, release)) {
                    let mut found = Report::new();
                    user::check(config, release, &mut found);
                    let is_new = |finding: &Diagnostic| {
                        let is_it = |told: &Diagnostic| told.is_same_fact(finding) && told.anchor == finding.anchor;
                        !report.diagnostics().iter().any(is_it)
                    };
                    found.retain(is_new);
                    report.extend(found);
                }
                *index
            }
            None => {
                let files = (self.files)(&config.directory);
                self.translated.push(user::translated(config, release, files.as_deref(), report));
                let index = Index(self.translated.len() - 1);
                self.known.insert(identity, index);
                self.checked.insert((index, release));
                index
            }
        };
        if self.told.insert((index, config.origin)) {
            user::report(&self.translated[index.0], config, self.allows_experimental, report);
        }
        index
    }

    /// What a config becomes in Ignition's terms; nothing if it has an error.
    pub(super) fn config(&self, index: Index) -> Option<&Config> {
        self.translated[index.0].config.as_ref()
    }

    /// The paths of a config's files whose compression the user chose.
    pub(super) fn compressed(&self, index: Index) -> &[String] {
        &self.translated[index.0].compressed
    }
}
