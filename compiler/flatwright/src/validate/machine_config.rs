//! Machine configs → findings: what Butane, Ignition and the Container Linux Config transpiler report, and the units and transfers inside.

use std::collections::BTreeSet;

use flatwright_diagnostic::{Anchor, Code, NodeId, Path, Report, Severity};
use flatwright_flatcar::settings::Position as UnitPosition;
use flatwright_flatcar::sysupdate::{self, TransferFile};
use flatwright_flatcar::unit::{self, UnitFile};
use flatwright_ignition::butane::{self, FilesDir};
use flatwright_ignition::{Entry, clc, ignition2, ignition3};
use flatwright_plan::UserConfig;
use flatwright_yaml::{Kind as Node, Tree};

use super::embedded::{Position, Text};
use super::kind::Kind;
use crate::compose::code::{BUTANE_CONFIG, CLC_CONFIG, IGNITION_CONFIG};
use crate::entry::{self, has_error, named_line};

/// Turns a place in a machine config into a place of a file; without one, the place of the config as a whole.
pub(super) type Locate<'a> = &'a dyn Fn(Option<Position>) -> Anchor;

/// Checks a config of one of the three languages.
pub(super) fn check(
    kind: Kind,
    bytes: &[u8],
    tree: &Tree,
    files: Option<&dyn FilesDir>,
    locate: Locate<'_>,
    report: &mut Report,
) {
    match kind {
        Kind::Butane => check_butane(bytes, tree, files, locate, report),
        Kind::Ignition => check_ignition(bytes, tree, locate, report),
        _ => check_clc(bytes, false, files, locate, report),
    }
    check_contents(tree, locate, report);
}

fn check_butane(bytes: &[u8], tree: &Tree, files: Option<&dyn FilesDir>, locate: Locate<'_>, report: &mut Report) {
    let translation = butane::translate(bytes, &butane::Options { files, ..butane::Options::default() });
    entries(&translation.entries, BUTANE_CONFIG, locate, report);
    if translation.ignition.is_none() && !has_error(&translation.entries) {
        let message = translation.failure.as_deref().unwrap_or("Butane refuses the config");
        failure(message, BUTANE_CONFIG, tree, locate, report);
    }
}

fn check_ignition(bytes: &[u8], tree: &Tree, locate: Locate<'_>, report: &mut Report) {
    let version = tree.roots().first().and_then(|root| tree.get(tree.get(*root, "ignition")?, "version"));
    let is_old = version.and_then(|version| tree.scalar(version)).is_some_and(|version| version.starts_with("2."));
    let (found, refusal, is_valid) = if is_old {
        let validation = ignition2::validate(bytes);
        (validation.entries, validation.failure, validation.config.is_some())
    } else {
        let parsed = ignition3::validate(bytes);
        (parsed.entries, parsed.failure, parsed.config.is_some())
    };
    entries(&found, IGNITION_CONFIG, locate, report);
    if !is_valid && !has_error(&found) {
        failure(refusal.unwrap_or("Ignition refuses the config"), IGNITION_CONFIG, tree, locate, report);
    }
}

/// Checks a Container Linux Config. The bootstrap provider in strict mode refuses one with any finding.
pub(super) fn check_clc(
    bytes: &[u8],
    is_strict: bool,
    files: Option<&dyn FilesDir>,
    locate: Locate<'_>,
    report: &mut Report,
) {
    let files = files.map(butane::Below);
    let files = files.as_ref().map(|files| files as &dyn clc::FilesDir);
    let translation = clc::translate(bytes, &clc::Options { strict: is_strict, files, ..clc::Options::default() });
    let before = report.diagnostics().len();
    entries(&translation.entries, CLC_CONFIG, locate, report);
    if is_strict && translation.config.is_none() && !has_error(&translation.entries) {
        for finding in report.diagnostics_mut().iter_mut().skip(before) {
            finding.severity = Severity::Error;
            finding.note("`strict: true` refuses a config with any finding");
        }
    }
}

fn entries(entries: &[Entry], code: Code, locate: Locate<'_>, report: &mut Report) {
    for entry in entries {
        let line = || named_line(&entry.message).map(|line| (line, 1));
        let place = entry.position.filter(|(line, _)| *line > 0).or_else(line);
        let mut diagnostic = entry::finding(entry, code);
        diagnostic.at(locate(place));
        report.push(diagnostic);
    }
}

fn failure(message: &str, code: Code, tree: &Tree, locate: Locate<'_>, report: &mut Report) {
    let at_key = || {
        let (root, wanted) = (*tree.roots().first()?, Path::parse(entry::failed_key(message)?));
        let node = tree.find(root, &wanted).0;
        (node != root).then(|| Text::new(tree).position(node, (1, 1)))
    };
    let mut finding = entry::failure(message, code);
    finding.at(locate(named_line(message).map(|line| (line, 1)).or_else(at_key)));
    report.push(finding);
}

/// Units and transfer files that stand in the config as texts. The three languages name them alike.
fn check_contents(tree: &Tree, locate: Locate<'_>, report: &mut Report) {
    let Some(root) = tree.roots().first().copied() else { return };
    let text = Text::new(tree);
    let mut checker = Contents { tree, text, locate, report };
    for unit in checker.items(root, ["systemd", "units"]) {
        checker.unit(*unit);
    }
    for file in checker.items(root, ["storage", "files"]) {
        checker.file(*file);
    }
}

struct Contents<'a> {
    tree: &'a Tree,
    text: Text<'a>,
    locate: Locate<'a>,
    report: &'a mut Report,
}

impl<'a> Contents<'a> {
    fn items(&self, root: NodeId, keys: [&str; 2]) -> &'a [NodeId] {
        let list = self.tree.get(root, keys[0]).and_then(|section| self.tree.get(section, keys[1]));
        match list.map(|list| self.tree.kind(list)) {
            Some(Node::Sequence(items)) => items,
            _ => &[],
        }
    }

    fn scalar(&self, node: NodeId, key: &str) -> Option<(NodeId, &'a str)> {
        let node = self.tree.get(node, key)?;
        self.tree.scalar(node).filter(|text| !text.is_empty()).map(|text| (node, text))
    }

    fn unit(&mut self, unit: NodeId) {
        let name = self.scalar(unit, "name").map(|(_, name)| name);
        let is_true = |key| self.scalar(unit, key).is_some_and(|(_, text)| text == "true");
        let (is_enabled, is_masked) = (is_true("enabled") || is_true("enable"), is_true("mask"));
        let file = UnitFile { name, is_enabled: is_enabled && !is_masked, ..UnitFile::default() };
        if let Some((node, text)) = self.scalar(unit, "contents") {
            // All three languages report an enabled unit without the section themselves.
            let file = UnitFile { is_enabled: file.is_enabled && text.contains("[Install]"), ..file };
            self.check_unit(node, text, &file);
        }
        let drop_ins = self.tree.get(unit, "dropins").map(|list| self.tree.kind(list));
        let Some(Node::Sequence(drop_ins)) = drop_ins else { return };
        for drop_in in drop_ins {
            if let Some((node, text)) = self.scalar(*drop_in, "contents") {
                let file = UnitFile { is_drop_in: true, is_enabled: false, ..file };
                self.check_unit(node, text, &file);
            }
        }
    }

    fn check_unit(&mut self, node: NodeId, text: &str, file: &UnitFile<'_>) {
        let place = |at: UnitPosition| (self.locate)(Some(self.text.position(node, (at.line, at.column))));
        unit::check(text, file, &place, self.report);
    }

    fn file(&mut self, file: NodeId) {
        let Some((_, path)) = self.scalar(file, "path") else { return };
        let Some((directory, name)) = path.rsplit_once('/') else { return };
        if !directory.starts_with("/etc/sysupdate.") {
            return;
        }
        let Some(contents) = self.tree.get(file, "contents") else { return };
        let Some((node, text)) = self.scalar(contents, "inline") else { return };
        let place = |at: UnitPosition| (self.locate)(Some(self.text.position(node, (at.line, at.column))));
        let transfer = TransferFile { file_name: Some(name), directory: Some(directory), release: None };
        sysupdate::check(text, &transfer, &place, self.report);
    }
}

/// Checks the units and transfers of the machine configs of a spec, each once, however many groups share it.
pub(crate) fn check_user_contents<'c>(configs: impl Iterator<Item = &'c UserConfig>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for config in configs.filter(|config| seen.insert((config.source, config.text.as_slice()))) {
        let Ok(text) = std::str::from_utf8(&config.text) else { continue };
        if !text.contains("systemd") && !text.contains("/etc/sysupdate.") {
            continue;
        }
        let locate = |place: Option<Position>| match place {
            Some((line, column)) => Anchor::line_column(config.source, line, column),
            None => Anchor::whole(config.source),
        };
        check_clc_contents(text, &locate, report);
    }
}

/// Checks the units and transfers of a Container Linux Config that stands in another file.
pub(super) fn check_clc_contents(text: &str, locate: Locate<'_>, report: &mut Report) {
    let (tree, error) = flatwright_yaml::parse_first(text, &super::manifests::limits(text));
    if error.is_none() {
        check_contents(&tree, locate, report);
    }
}
