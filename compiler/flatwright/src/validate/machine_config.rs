//! Machine configs → findings: what Butane, Ignition and the Container Linux Config transpiler report, and the units and transfers inside.

use flatwright_diagnostic::{Path, Report, Severity};
use flatwright_ignition::butane::{self, FilesDir};
use flatwright_ignition::problem::Problem;
use flatwright_ignition::{Entry, clc, ignition2, ignition3, translate};
use flatwright_node::{Base, Failure};
use flatwright_yaml::Tree;

use super::kind::Kind;
use crate::contents::{self, Locate, Position, Written};
use crate::entry::{self, has_error};
use crate::places;

/// Checks a config of one of the three languages.
pub(super) fn check(
    kind: Kind,
    bytes: &[u8],
    tree: &Tree,
    files: Option<&dyn FilesDir>,
    locate: Locate<'_>,
    report: &mut Report,
) {
    let written = Written::parsed(tree);
    match kind {
        Kind::Butane => check_butane(bytes, &written, files, locate, report),
        Kind::Ignition => check_ignition(bytes, &written, locate, report),
        _ => {
            let parsed = clc::parse(bytes);
            contents::check(&parsed.texts(), &written, None, locate, report);
            let config = check_clc(parsed, false, files, locate, report);
            if let Some(config) = config.and_then(|config| translate::to_3_1(&config).ok()) {
                first_boot(&config, &|failure| named(&written, failure), locate, report);
            }
        }
    }
}

fn check_butane(
    bytes: &[u8],
    written: &Written<'_>,
    files: Option<&dyn FilesDir>,
    locate: Locate<'_>,
    report: &mut Report,
) {
    let parsed = butane::parse(bytes);
    contents::check(&parsed.texts(), written, None, locate, report);
    let mut translation = parsed.translate(&butane::Options { files, ..butane::Options::default() });
    entries(&translation.entries, entry::BUTANE, locate, report);
    if let Some(problem) = entry::butane_refusal(translation.failure.take()) {
        failure(&problem, entry::BUTANE, written, locate, report);
    }
    if let Some(config) = &translation.ignition {
        let place = |failure: &Failure| {
            // As Ignition writes it.
            let path = failure.path.to_string().replace('[', ".").replace(']', "");
            translation.position_of(bytes, &path)
        };
        first_boot(config, &place, locate, report);
    }
}

/// What fails when Ignition applies the config to a node. Which release the node has is not known.
fn first_boot(
    config: &ignition3::Config,
    place: &dyn Fn(&Failure) -> Option<Position>,
    locate: Locate<'_>,
    report: &mut Report,
) {
    let Some(version) = ignition3::Version::parse(&config.ignition.version) else { return };
    for failure in flatwright_node::apply(config, version, &Base::flatcar(None, None)).failures() {
        let mut finding = failure.diagnostic();
        finding.at(locate(place(failure)));
        report.push(finding);
    }
}

/// Where a text says what a failure is about, if it is another language's than the config that was applied.
fn named(written: &Written<'_>, failure: &Failure) -> Option<Position> {
    places::in_written(written, failure.item.named_by(), &failure.subject, &failure.field)
}

fn check_ignition(bytes: &[u8], written: &Written<'_>, locate: Locate<'_>, report: &mut Report) {
    let version = written.find(&Path::root().key("ignition").key("version"));
    let is_old =
        version.and_then(|version| written.tree().scalar(version)).is_some_and(|version| version.starts_with("2."));
    let (found, refusal, config) = if is_old {
        let validation = ignition2::validate(bytes);
        contents::check(&validation.texts(), written, None, locate, report);
        let config = validation.config.as_ref().and_then(|config| translate::to_3_1(config).ok());
        (validation.entries, validation.failure, config)
    } else {
        let parsed = ignition3::validate(bytes);
        let config = parsed.config.as_ref().map(|(config, _)| config);
        contents::check(&config.map(ignition3::Config::texts).unwrap_or_default(), written, None, locate, report);
        (parsed.entries, parsed.failure, parsed.config.map(|(config, _)| config))
    };
    entries(&found, entry::IGNITION, locate, report);
    if let Some(problem) = refusal {
        failure(&problem.into(), entry::IGNITION, written, locate, report);
    }
    let Some(config) = config.filter(|_| !has_error(&found)) else { return };
    let place = |failure: &Failure| {
        if is_old {
            return named(written, failure);
        }
        let tree = written.tree();
        Some(written.start(tree.find(*tree.roots().first()?, &failure.path).0))
    };
    first_boot(&config, &place, locate, report);
}

/// Checks a Container Linux Config, and gives what it becomes. The bootstrap provider in strict mode refuses one with any finding.
pub(super) fn check_clc(
    parsed: clc::Parsed,
    is_strict: bool,
    files: Option<&dyn FilesDir>,
    locate: Locate<'_>,
    report: &mut Report,
) -> Option<ignition2::Config> {
    let files = files.map(butane::Below);
    let files = files.as_ref().map(|files| files as &dyn clc::FilesDir);
    let translation = parsed.translate(&clc::Options { strict: is_strict, files, ..clc::Options::default() });
    let before = report.diagnostics().len();
    entries(&translation.entries, entry::CONTAINER_LINUX, locate, report);
    if is_strict && translation.config.is_none() && !has_error(&translation.entries) {
        for finding in report.diagnostics_mut().iter_mut().skip(before) {
            finding.severity = Severity::Error;
            finding.note("`strict: true` refuses a config with any finding");
        }
    }
    translation.config
}

fn entries(entries: &[Entry], language: &'static str, locate: Locate<'_>, report: &mut Report) {
    for entry in entry::telling(entries) {
        let line = || entry.problem.line().map(|line| (line, 1));
        let place = entry.position.filter(|(line, _)| *line > 0).or_else(line);
        let mut diagnostic = entry::finding(entry, language);
        diagnostic.at(locate(place));
        report.push(diagnostic);
    }
}

fn failure(problem: &Problem, language: &'static str, written: &Written<'_>, locate: Locate<'_>, report: &mut Report) {
    let at_key = || {
        let (tree, wanted) = (written.tree(), Path::parse(problem.key()?));
        let root = *tree.roots().first()?;
        let node = tree.find(root, &wanted).0;
        (node != root).then(|| written.start(node))
    };
    let mut finding = entry::failure(problem, language);
    finding.at(locate(problem.line().map(|line| (line, 1)).or_else(at_key)));
    report.push(finding);
}
