//! Machine configs → findings: what Butane, Ignition and the Container Linux Config transpiler report, and the units and transfers inside.

use flatwright_diagnostic::{Anchor, Diagnostic, Edit, Fix, NodeId, Path, Report, Severity};
use flatwright_ignition::butane::{self, FilesDir};
use flatwright_ignition::problem::{Filesystem, Problem};
use flatwright_ignition::{Entry, clc, ignition2, ignition3, translate};
use flatwright_node::{Base, Failure, FirstBoot};
use flatwright_yaml::Tree;

use super::kind::Kind;
use crate::contents::{self, Locate, Position, Written};
use crate::entry::{self, has_error};
use crate::places::{self, Found, Places};
use crate::refusal;

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
            place_shadowed(&written, locate, report);
            if let Some(config) = config.and_then(|config| translated(&config, &written, locate, report)) {
                let place = |failure: &Failure| named(&written, failure);
                first_boot(&config, &base(true), &written, &place, locate, report);
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
        let variant = written.find(&Path::root().key("variant"));
        let is_flatcar = variant.and_then(|variant| written.tree().scalar(variant)) == Some("flatcar");
        first_boot(config, &base(is_flatcar), written, &place, locate, report);
    }
}

/// The originals report a file system that takes the place of another at the whole config; it stands where its name does.
fn place_shadowed(written: &Written<'_>, locate: Locate<'_>, report: &mut Report) {
    let is_it = |finding: &&mut Diagnostic| finding.code == Filesystem::SHADOWED && finding.severity == Severity::Error;
    for finding in report.diagnostics_mut().iter_mut().filter(is_it) {
        if let Some(place) = places::in_written(written, &["name"], "root", &Path::root()) {
            finding.at(locate(Some(place)));
        }
    }
}

/// What Flatcar's Ignition makes of a config of version 2 before it acts on it.
fn translated(
    config: &ignition2::Config,
    written: &Written<'_>,
    locate: Locate<'_>,
    report: &mut Report,
) -> Option<ignition3::Config> {
    match translate::to_3_1(config) {
        Ok(config) => Some(config),
        Err(refusal) => {
            let mut finding = refusal::finding(&refusal, &InText { written, locate });
            finding.note("Flatcar's Ignition translates configs of version 2 to 3.1, and stops in the initramfs with these words");
            report.push(finding);
            None
        }
    }
}

/// A text of its own, in which things are found by their names.
struct InText<'a> {
    written: &'a Written<'a>,
    locate: Locate<'a>,
}

impl InText<'_> {
    fn found(&self, find: impl FnOnce(&Tree, NodeId) -> Option<NodeId>) -> Option<Found> {
        let tree = self.written.tree();
        let node = find(tree, *tree.roots().first()?)?;
        Some((self.locate)(Some(self.written.start(node))).into())
    }
}

impl Places for InText<'_> {
    fn named(&self, field: &str, name: &str) -> Option<Found> {
        self.found(|tree, root| places::find_last(tree, root, field, name))
    }

    fn at(&self, path: &str) -> Option<Found> {
        let wanted = Path::parse(path);
        self.found(|tree, root| Some(tree.find(root, &wanted).0).filter(|node| *node != root))
    }

    fn whole(&self) -> Found {
        (self.locate)(None).into()
    }
}

/// What a node has before. Configs of variants and versions that other systems read too are for nodes of which less is known.
fn base(is_flatcar: bool) -> Base {
    let base = Base::flatcar(None, None);
    if is_flatcar { base } else { base.as_guess() }
}

/// What fails when Ignition applies the config to a node. Which release the node has is not known.
fn first_boot(
    config: &ignition3::Config,
    base: &Base,
    written: &Written<'_>,
    place: &dyn Fn(&Failure) -> Option<Position>,
    locate: Locate<'_>,
    report: &mut Report,
) {
    let Some(version) = ignition3::Version::parse(&config.ignition.version) else { return };
    for failure in flatwright_node::apply(config, version, base).failures() {
        let mut finding = failure.diagnostic();
        let anchor = locate(place(failure));
        if let (FirstBoot::Exists { .. }, Some(node)) = (&failure.rule, mapping(written, failure)) {
            let edit = Edit::insert(Anchor::node(anchor.source, node), "overwrite", "true");
            finding.fix(Fix::suggested("add `overwrite: true`", edit));
        }
        if finding.code == FirstBoot::PLAIN_PASSWORD {
            // A config alone says nothing of whose password it is; one of a cluster is everybody's who reads the objects.
            finding.severity = Severity::Warning;
            report.hide(anchor.clone());
        }
        finding.at(anchor);
        report.push(finding);
    }
}

/// The entry in the text that a failure is about.
fn mapping(written: &Written<'_>, failure: &Failure) -> Option<NodeId> {
    let tree = written.tree();
    let root = *tree.roots().first()?;
    let named = failure.item.named_by().iter().find_map(|field| places::find(tree, root, field, &failure.subject))?;
    tree.parent(named).filter(|parent| matches!(tree.kind(*parent), flatwright_yaml::Kind::Mapping(_)))
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
        let config = validation.config.as_ref().filter(|_| !has_error(&validation.entries));
        let config = config.and_then(|config| translated(config, written, locate, report));
        (validation.entries, validation.failure, config)
    } else {
        let parsed = ignition3::validate(bytes);
        let config = parsed.config.as_ref().map(|(config, _)| config);
        contents::check(&config.map(ignition3::Config::texts).unwrap_or_default(), written, None, locate, report);
        (parsed.entries, parsed.failure, parsed.config.map(|(config, _)| config))
    };
    entries(&found, entry::IGNITION, locate, report);
    place_shadowed(written, locate, report);
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
    first_boot(&config, &base(is_old), written, &place, locate, report);
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
