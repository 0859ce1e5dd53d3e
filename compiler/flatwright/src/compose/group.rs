//! The groups of a plan, each distinct machine config composed once.

use std::collections::BTreeMap;
use std::sync::Arc;

use flatwright_bootstrap::budget::ADDITIONAL_CONFIG;
use flatwright_capi::GroupTexts;
use flatwright_diagnostic::{Diagnostic, Origin, Report, Rule, Severity, Traced};
use flatwright_flatcar::release::Release;
use flatwright_ignition::clc::{Room, WriteError};
use flatwright_ignition::ignition3::Config;
use flatwright_plan::{MachineConfig, NodeGroup, Plan, Profile};

use super::carried::Carried;
use super::merged::{Merged, Paths};
use super::translations::{Index, Translations};
use super::{Composed, Files, Style, bootstrap, carried, compat, flavor};
use crate::contents;

/// Composes the machine config of every group. Every problem of every part is reported before a failure counts.
pub fn compose<'f>(plan: &Plan, style: Style, files: &'f Files<'f>, report: &mut Report) -> Option<Vec<Composed>> {
    compose_within(plan, style, files, &[], report)
}

/// Composes machine configs of groups whose bootstrap data has so many bytes too many where nothing is compressed.
pub(crate) fn compose_within<'f>(
    plan: &Plan,
    style: Style,
    files: &'f Files<'f>,
    excess: &[usize],
    report: &mut Report,
) -> Option<Vec<Composed>> {
    let translations = Translations::new(files, style.allows_experimental);
    let mut composer = Composer { style, translations, known: BTreeMap::new() };
    let excess = excess.iter().copied().chain(std::iter::repeat(0));
    let mut compose = |(group, excess)| composer.group(group, contents::release(group, plan), excess, report);
    let composed: Vec<Option<Composed>> = plan.groups.iter().zip(excess).map(&mut compose).collect();
    composed.into_iter().collect()
}

/// What a config is made of: the flavor's own parts, the user's configs, files of kubeadm's, and how many bytes are too many.
type Parts<'p> = (&'p MachineConfig, Vec<Index>, Vec<Carried<'p>>, usize);

struct Composer<'p, 'f> {
    style: Style,
    translations: Translations<'p, 'f>,
    known: BTreeMap<Parts<'p>, Made>,
}

/// A config that was composed, for every group of the same parts.
#[derive(Clone)]
struct Made {
    config: Arc<Config>,
    text: Arc<str>,
    paths: Arc<Paths>,
    /// Which of kubeadm's files are in the text.
    files_in_config: Arc<[usize]>,
}

impl<'p> Composer<'p, '_> {
    fn group(
        &mut self,
        group: &'p NodeGroup,
        release: Option<Release>,
        excess: usize,
        report: &mut Report,
    ) -> Option<Composed> {
        let indices = group.user_configs.iter().map(|config| self.translations.index(config, release, report));
        let indices = indices.collect();
        let carried = if self.style.profile == Profile::Capz { Vec::new() } else { carried::carried(group) };
        let parts = (&group.machine_config, indices, carried, excess);
        let made = match self.known.get(&parts) {
            Some(made) => made.clone(),
            None => {
                let mut found = Report::new();
                let made = self.make(group, &parts, &mut found);
                let is_clean = found.diagnostics().is_empty();
                report.extend(found);
                let made = made?;
                // What is found stands at the lines of this group; the next one of these parts may have lines of its own.
                if is_clean {
                    self.known.insert(parts, made.clone());
                }
                made
            }
        };
        made.paths.check_bootstrap_files(group, report);
        let first = group.user_configs.first();
        let origin = first.map_or(Origin::Default("the flavor's own machine config"), |config| config.origin);
        let texts = GroupTexts {
            additional_config: Traced::new(made.text.to_string(), origin),
            files_in_config: made.files_in_config.to_vec(),
        };
        Some(Composed { texts, config: made.config })
    }

    fn make(&self, group: &NodeGroup, parts: &Parts<'_>, report: &mut Report) -> Option<Made> {
        let (_, indices, carried, excess) = parts;
        let mut merged = Merged::new(flavor::config(&group.machine_config), &group.user_configs);
        for (position, index) in indices.iter().enumerate() {
            if let Some(config) = self.translations.config(*index) {
                merged.add(config.clone(), position, report);
            }
        }
        let (config, paths) = merged.finish(report);
        // Lowered even after a conflict, so that one run also tells what the route cannot carry.
        let (text, files_in_config) = if self.style.profile == Profile::Capz && group.user_configs.is_empty() {
            (flatwright_yaml::emit(&compat::document(&group.machine_config)), Vec::new())
        } else {
            let chosen = indices.iter().flat_map(|index| self.translations.compressed(*index)).cloned().collect();
            let room = Room { limit: ADDITIONAL_CONFIG, excess: *excess, chosen: Some(&chosen) };
            let lowered = bootstrap::lower(&config, group, report)?;
            let written = carried::written(lowered, carried, &room);
            written.map_err(|errors| refuse_all(errors, group, report)).ok()?
        };
        let mut config = config;
        flavor::add_sha256(&mut config, &group.machine_config);
        let (config, paths) = (Arc::new(config), Arc::new(paths));
        Some(Made { config, text: text.into(), paths, files_in_config: files_in_config.into() })
    }
}

fn refuse_all(errors: Vec<WriteError>, group: &NodeGroup, report: &mut Report) {
    for error in errors {
        refuse(report, group, &error.rule).within(error.path);
    }
}

/// A construct that the bootstrap route cannot carry, at the user's config.
pub(super) fn refuse<'r>(report: &'r mut Report, group: &NodeGroup, rule: &impl Rule) -> &'r mut Diagnostic {
    let mut diagnostic = Diagnostic::of(rule, Severity::Error);
    let config = group.user_configs.last().map_or(group.origin, |config| config.origin);
    diagnostic.anchor = config.anchor();
    diagnostic.note("Cluster API carries machine configs as Ignition 2.3; the stand-alone Ignition config can say it");
    report.push(diagnostic)
}
