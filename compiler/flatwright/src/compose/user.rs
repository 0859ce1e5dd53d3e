//! The user's machine configs: Butane, Ignition 3.x or CLC → Ignition 3, with the findings of the original programs at the user's lines.

use flatwright_diagnostic::{Anchor, Code, Diagnostic, Report};
use flatwright_ignition::butane::{self, FilesDir};
use flatwright_ignition::ignition3::{self, Config};
use flatwright_ignition::translate::Refusal;
use flatwright_ignition::{Entry, clc, translate};
use flatwright_plan::{ConfigFormat, UserConfig};

use super::{Files, code};
use crate::boot::place::{self, Found};
use crate::boot::refusal::{self, Places};
use crate::entry::{self, has_error, named_line};

/// Reads a config. `None` after an error.
pub(super) fn read(
    config: &UserConfig,
    allows_experimental: bool,
    files: &Files<'_>,
    report: &mut Report,
) -> Option<Config> {
    let files = files(&config.directory);
    let files = files.as_deref();
    match config.format {
        ConfigFormat::Butane => butane(config, allows_experimental, files, report),
        ConfigFormat::Ignition => ignition(config, allows_experimental, report),
        ConfigFormat::Clc => container_linux_config(config, files, report),
    }
}

/// An experimental version may change its meaning with any release, so a cluster is built on one only by request.
fn refuse_experimental(language: &str, version: &str, config: &UserConfig, report: &mut Report) {
    let anchor = config.origin.anchor().unwrap_or(Anchor::whole(config.source));
    report
        .error(code::EXPERIMENTAL_CONFIG, anchor, format!("{language} {version} is experimental"))
        .note("what it means may change with any release")
        .hint("use a stable version, or pass `--experimental`");
}

fn butane(
    config: &UserConfig,
    allows_experimental: bool,
    files: Option<&dyn FilesDir>,
    report: &mut Report,
) -> Option<Config> {
    let options = butane::Options { files, ..butane::Options::default() };
    let translation = butane::translate(&config.text, &options);
    entries(&translation.entries, code::BUTANE_CONFIG, config, report);
    if translation.ignition.is_none() && !has_error(&translation.entries) {
        failure(
            translation.failure.as_deref().unwrap_or("Butane refuses the config"),
            code::BUTANE_CONFIG,
            config,
            report,
        );
    }
    if let Some(version) = translation.version.filter(|version| version.is_experimental() && !allows_experimental) {
        let language = format!("Butane `{}`", version.variant_str());
        refuse_experimental(&language, version.as_str(), config, report);
    }
    translation.ignition
}

fn ignition(config: &UserConfig, allows_experimental: bool, report: &mut Report) -> Option<Config> {
    let parsed = ignition3::validate(&config.text);
    entries(&parsed.entries, code::IGNITION_CONFIG, config, report);
    if parsed.config.is_none() && !has_error(&parsed.entries) {
        failure(parsed.failure.unwrap_or("Ignition refuses the config"), code::IGNITION_CONFIG, config, report);
    }
    let is_json = config.text.trim_ascii_start().starts_with(b"{");
    if let Some(told) = report.diagnostics_mut().last_mut().filter(|_| parsed.config.is_none() && !is_json) {
        told.hint(
            "Ignition configs are JSON, also in place: write `inline: |` with `{…}` below, or Butane under `butane`",
        );
    }
    let config_version = parsed.config.as_ref().map(|(config, _)| config.ignition.version.as_str());
    if let Some(version) = config_version.filter(|version| version.ends_with("-experimental") && !allows_experimental) {
        refuse_experimental("Ignition", version, config, report);
    }
    parsed.config.map(|(config, _)| config).filter(|_| !has_error(&parsed.entries))
}

fn container_linux_config(config: &UserConfig, files: Option<&dyn FilesDir>, report: &mut Report) -> Option<Config> {
    let files = files.map(butane::Below);
    let files = files.as_ref().map(|files| files as &dyn clc::FilesDir);
    let translation = clc::translate(&config.text, &clc::Options { files, ..clc::Options::default() });
    entries(&translation.entries, code::CLC_CONFIG, config, report);
    let lowered = translation.config?;
    match translate::to_3_1(&lowered) {
        Ok(config) => Some(config),
        Err(refusal) => {
            refused(&refusal, config, report);
            None
        }
    }
}

/// What the machine would refuse. Where the transpiler has only warned of it, that becomes the error.
fn refused(refusal: &Refusal, config: &UserConfig, report: &mut Report) {
    let mut finding = refusal::finding(refusal, &InConfig(config));
    finding.note("the machine translates Ignition 2.3, which Container Linux Configs become, to 3.1");
    if let Refusal::InvalidOutput(entries) | Refusal::InvalidInput(entries) = refusal {
        let is_it = |told: &Diagnostic| {
            told.anchor == finding.anchor && entries.iter().any(|entry| entry.message == told.message)
        };
        report.diagnostics_mut().retain(|told| !is_it(told));
    }
    report.push(finding);
}

struct InConfig<'c>(&'c UserConfig);

impl Places for InConfig<'_> {
    fn named(&self, field: &str, name: &str) -> Option<Found> {
        place::in_config(self.0, field, name).map(Found::from)
    }

    fn at(&self, path: &str) -> Option<Found> {
        place::in_config_at(self.0, path).map(Found::from)
    }

    fn whole(&self) -> Found {
        self.0.origin.anchor().unwrap_or(Anchor::whole(self.0.source)).into()
    }
}

fn entries(entries: &[Entry], code: Code, config: &UserConfig, report: &mut Report) {
    for entry in entries {
        let mut diagnostic = entry::finding(entry, code);
        diagnostic.at(match entry.position {
            Some((line, column)) if line > 0 => Anchor::line_column(config.source, line, column),
            _ => config.origin.anchor().unwrap_or(Anchor::whole(config.source)),
        });
        report.push(diagnostic);
    }
}

fn failure(message: &str, code: Code, config: &UserConfig, report: &mut Report) {
    let anchor = named_line(message)
        .map(|line| Anchor::line_column(config.source, line, 1))
        .or_else(|| place::in_config_at(config, entry::failed_key(message)?))
        .or_else(|| config.origin.anchor())
        .unwrap_or(Anchor::whole(config.source));
    let mut finding = entry::failure(message, code);
    finding.at(anchor);
    report.push(finding);
}
