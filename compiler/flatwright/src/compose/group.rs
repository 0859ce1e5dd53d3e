//! The groups of a plan, each distinct machine config composed once.

use std::collections::BTreeMap;
use std::sync::Arc;

use flatwright_capi::GroupTexts;
use flatwright_diagnostic::{Diagnostic, Origin, Report, Rule, Severity, Traced};
use flatwright_flatcar::release::Release;
use flatwright_ignition::clc;
use flatwright_ignition::ignition3::Config;
use flatwright_plan::{MachineConfig, NodeGroup, Plan, Profile};

use super::merged::{Merged, Paths};
use super::translations::{Index, Translations};
use super::{Composed, Files, Style, bootstrap, compat, flavor};
use crate::contents;

/// Composes the machine config of every group. Every problem of every part is reported before a failure counts.
pub fn compose<'f>(plan: &Plan, style: Style, files: &'f Files<'f>, report: &mut Report) -> Option<Vec<Composed>> {
    let translations = Translations::new(files, style.allows_experimental);
    let mut composer = Composer { style, translations, known: BTreeMap::new() };
    let composed: Vec<Option<Composed>> =
        plan.groups.iter().map(|group| composer.group(group, contents::release(group, plan), report)).collect();
    composed.into_iter().collect()
}

/// What a config is made of: the flavor's own parts, and the user's configs.
type Parts<'p> = (&'p MachineConfig, Vec<Index>);

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
}

impl<'p> Composer<'p, '_> {
    fn group(&mut self, group: &'p NodeGroup, release: Option<Release>, report: &mut Report) -> Option<Composed> {
        let indices = group.user_configs.iter().map(|config| self.translations.index(config, release, report));
        let parts = (&group.machine_config, indices.collect());
        let made = match self.known.get(&parts) {
            Some(made) => made.clone(),
            None => {
                let mut found = Report::new();
                let made = self.make(group, &parts.1, &mut found);
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
        let texts = GroupTexts { additional_config: Traced::new(made.text.to_string(), origin) };
        Some(Composed { texts, config: made.config })
    }

    fn make(&self, group: &NodeGroup, indices: &[Index], report: &mut Report) -> Option<Made> {
        let mut merged = Merged::new(flavor::config(&group.machine_config), &group.user_configs);
        for (position, index) in indices.iter().enumerate() {
            if let Some(config) = self.translations.config(*index) {
                merged.add(config.clone(), position, report);
            }
        }
        let (config, paths) = merged.finish(report);
        // Lowered even after a conflict, so that one run also tells what the route cannot carry.
        let text = if self.style.profile == Profile::Capz && group.user_configs.is_empty() {
            flatwright_yaml::emit(&compat::document(&group.machine_config))
        } else {
            container_linux_config(&config, group, report)?
        };
        Some(Made { config: Arc::new(config), text: text.into(), paths: Arc::new(paths) })
    }
}

fn container_linux_config(config: &Config, group: &NodeGroup, report: &mut Report) -> Option<String> {
    let lowered = bootstrap::lower(config, group, report)?;
    match clc::write(&lowered) {
        Ok(text) => Some(text),
        Err(errors) => {
            for error in errors {
                refuse(report, group, &error.rule).within(error.path);
            }
            None
        }
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
