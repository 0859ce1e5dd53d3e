//! One machine config of the user: Butane, Ignition 3.x or CLC → Ignition 3, with the findings of the original programs at the user's lines.

use flatwright_diagnostic::{Anchor, Diagnostic, Report};
use flatwright_flatcar::release::Release;
use flatwright_ignition::butane::{self, FilesDir};
use flatwright_ignition::ignition3::{self, Config};
use flatwright_ignition::problem::Problem;
use flatwright_ignition::texts::Texts;
use flatwright_ignition::translate::Refusal;
use flatwright_ignition::{Entry, clc, translate};
use flatwright_plan::{ConfigFormat, UserConfig};

use super::rules::Language;
use crate::contents::{self, Position, Written};
use crate::entry::{self, has_error};
use crate::places::{Found, Places, in_config, in_config_at};
use crate::refusal;

/// What a config becomes, and what is said of it, before anybody knows where the spec asks for it.
pub(super) struct Translated {
    /// `None` after an error.
    pub(super) config: Option<Config>,
    /// Paths of files whose compression the user chose.
    pub(super) compressed: Vec<String>,
    language: &'static str,
    entries: Vec<Entry>,
    /// Why the config as a whole is refused, if no entry says it.
    failure: Option<Problem>,
    /// Language and version, if what they mean may still change.
    experimental: Option<(String, String)>,
    /// What the machine would refuse of it.
    refusal: Option<Refusal>,
}

/// Translates a config. What is wrong with the units in it, on a node with the release, is reported here; all else is [`report`]'s.
pub(super) fn translated(
    config: &UserConfig,
    release: Option<Release>,
    files: Option<&dyn FilesDir>,
    report: &mut Report,
) -> Translated {
    let mut check = |texts: &Texts<'_>| check_contents(texts, config, release, report);
    match config.format {
        ConfigFormat::Butane => butane(config, files, &mut check),
        ConfigFormat::Ignition => ignition(config, &mut check),
        ConfigFormat::Clc => container_linux_config(config, files, &mut check),
    }
}

/// Reports what is wrong with the units of a config, on a node with the release.
pub(super) fn check(config: &UserConfig, release: Option<Release>, report: &mut Report) {
    match config.format {
        ConfigFormat::Butane => check_contents(&butane::parse(&config.text).texts(), config, release, report),
        ConfigFormat::Ignition => {
            if let Some((read, _)) = ignition3::validate(&config.text).config {
                check_contents(&read.texts(), config, release, report);
            }
        }
        ConfigFormat::Clc => check_contents(&clc::parse(&config.text).texts(), config, release, report),
    }
}

type Check<'a> = &'a mut dyn FnMut(&Texts<'_>);

fn butane(config: &UserConfig, files: Option<&dyn FilesDir>, check: Check<'_>) -> Translated {
    let parsed = butane::parse(&config.text);
    check(&parsed.texts());
    let compressed = parsed.compressed().map(str::to_owned).collect();
    let translation = parsed.translate(&butane::Options { files, ..butane::Options::default() });
    let experimental = translation.version.filter(|version| version.is_experimental());
    Translated {
        config: translation.ignition,
        compressed,
        language: entry::BUTANE,
        entries: translation.entries,
        failure: entry::butane_refusal(translation.failure),
        experimental: experimental
            .map(|version| (format!("Butane `{}`", version.variant_str()), version.as_str().to_owned())),
        refusal: None,
    }
}

fn ignition(config: &UserConfig, check: Check<'_>) -> Translated {
    let parsed = ignition3::validate(&config.text);
    let read = parsed.config.map(|(config, _)| config);
    if let Some(read) = &read {
        check(&read.texts());
    }
    let compressed = read.as_ref().map(compressed).unwrap_or_default();
    let version = read.as_ref().map(|config| config.ignition.version.clone());
    Translated {
        config: read.filter(|_| !has_error(&parsed.entries)),
        compressed,
        language: entry::IGNITION,
        failure: parsed.failure.map(Problem::from),
        experimental: version
            .filter(|version| version.ends_with("-experimental"))
            .map(|version| ("Ignition".to_owned(), version)),
        entries: parsed.entries,
        refusal: None,
    }
}

fn container_linux_config(config: &UserConfig, files: Option<&dyn FilesDir>, check: Check<'_>) -> Translated {
    let files = files.map(butane::Below);
    let files = files.as_ref().map(|files| files as &dyn clc::FilesDir);
    let parsed = clc::parse(&config.text);
    check(&parsed.texts());
    let translation = parsed.translate(&clc::Options { files, ..clc::Options::default() });
    let (config, refusal) = match translation.config.as_ref().map(translate::to_3_1) {
        Some(Ok(config)) => (Some(config), None),
        Some(Err(refusal)) => (None, Some(refusal)),
        None => (None, None),
    };
    let entries = translation.entries;
    let compressed = config.as_ref().map(compressed).unwrap_or_default();
    Translated {
        config,
        compressed,
        language: entry::CONTAINER_LINUX,
        entries,
        failure: None,
        experimental: None,
        refusal,
    }
}

/// The paths of files that are compressed in a language that never does so by itself.
fn compressed(config: &Config) -> Vec<String> {
    let is_chosen = |resource: &ignition3::Resource| resource.compression.as_ref().is_some_and(|one| !one.is_empty());
    let files = config.storage.files.iter();
    let chosen = files.filter(|file| is_chosen(&file.contents) || file.append.iter().any(is_chosen));
    chosen.map(|file| file.path.clone()).collect()
}

fn check_contents(texts: &Texts<'_>, config: &UserConfig, release: Option<Release>, report: &mut Report) {
    let locate = |place: Option<Position>| match place {
        Some((line, column)) => Anchor::line_column(config.source, line, column),
        None => Anchor::whole(config.source),
    };
    contents::check(texts, &Written::new(&config.text), release, &locate, report);
}

/// Reports what is said of a config, where the spec asks for it.
pub(super) fn report(translated: &Translated, config: &UserConfig, allows_experimental: bool, report: &mut Report) {
    entries(&translated.entries, translated.language, config, report);
    if let Some(problem) = &translated.failure {
        failure(problem, translated.language, config, report);
    }
    let is_unread_ignition = translated.config.is_none() && config.format == ConfigFormat::Ignition;
    let is_json = config.text.trim_ascii_start().starts_with(b"{");
    if let Some(told) = report.diagnostics_mut().last_mut().filter(|_| is_unread_ignition && !is_json) {
        told.hint(
            "Ignition configs are JSON, also in place: write `inline: |` with `{…}` below, or Butane under `butane`",
        );
    }
    if let Some((language, version)) = translated.experimental.as_ref().filter(|_| !allows_experimental) {
        refuse_experimental(language, version, config, report);
    }
    if let Some(refusal) = &translated.refusal {
        refused(refusal, config, report);
    }
}

/// An experimental version may change its meaning with any release, so a cluster is built on one only by request.
fn refuse_experimental(language: &str, version: &str, config: &UserConfig, report: &mut Report) {
    let anchor = config.origin.anchor().unwrap_or(Anchor::whole(config.source));
    report
        .refuse(anchor, &Language::Experimental { language: language.to_owned(), version: version.to_owned() })
        .note("what it means may change with any release")
        .hint("use a stable version, or pass `--experimental`");
}

/// What the machine would refuse. Where the transpiler has only warned of it, that becomes the error.
fn refused(refusal: &Refusal, config: &UserConfig, report: &mut Report) {
    let mut finding = refusal::finding(refusal, &InConfig(config));
    finding.note("the machine translates Ignition 2.3, which Container Linux Configs become, to 3.1");
    let is_it = |told: &Diagnostic| {
        told.anchor == finding.anchor && refusal.entries().iter().any(|entry| told.is_of(&entry.problem))
    };
    report.retain(|told| !is_it(told));
    report.push(finding);
}

struct InConfig<'c>(&'c UserConfig);

impl Places for InConfig<'_> {
    fn named(&self, field: &str, name: &str) -> Option<Found> {
        in_config(self.0, field, name).map(Found::from)
    }

    fn at(&self, path: &str) -> Option<Found> {
        in_config_at(self.0, path).map(Found::from)
    }

    fn whole(&self) -> Found {
        self.0.origin.anchor().unwrap_or(Anchor::whole(self.0.source)).into()
    }
}

fn entries(entries: &[Entry], language: &'static str, config: &UserConfig, report: &mut Report) {
    for entry in entry::telling(entries) {
        let mut diagnostic = entry::finding(entry, language);
        if language == entry::BUTANE {
            entry::refuse_mistakes(&mut diagnostic);
        }
        diagnostic.at(match entry.position {
            Some((line, column)) if line > 0 => Anchor::line_column(config.source, line, column),
            _ => config.origin.anchor().unwrap_or(Anchor::whole(config.source)),
        });
        report.push(diagnostic);
    }
}

/// Whether a config is a file and not a part of the spec.
fn is_of_its_own(config: &UserConfig) -> bool {
    config.origin.anchor().is_some_and(|anchor| anchor.source != config.source)
}

fn failure(problem: &Problem, language: &'static str, config: &UserConfig, report: &mut Report) {
    let anchor = problem
        .line()
        .map(|line| Anchor::line_column(config.source, line, 1))
        .or_else(|| in_config_at(config, problem.key()?))
        .or_else(|| is_of_its_own(config).then(|| Anchor::line_column(config.source, 1, 1)))
        .or_else(|| config.origin.anchor())
        .unwrap_or(Anchor::whole(config.source));
    let mut finding = entry::failure(problem, language);
    finding.at(anchor);
    report.push(finding);
}
