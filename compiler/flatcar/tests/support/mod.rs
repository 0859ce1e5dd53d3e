//! Units beside what the real systemd says of them. Owns: the comparison, line by line. Must not: decide which of the two is right.
#![allow(dead_code, reason = "each test uses a part")]

pub(crate) mod judge;
pub(crate) mod random;

use std::collections::BTreeMap;

use flatwright_diagnostic::{Place, Report, SourceId};
use flatwright_flatcar::settings::in_source;
use flatwright_flatcar::unit::{UnitFile, check};

/// Findings about what systemd takes without a word: they are stricter, and the documentation lists them.
pub(crate) const STRICTER: &[&str] = &[
    "noexec-etc",
    "unit-not-installable",
    "unknown-capability",
    "superseded-setting",
    "service-without-command",
    "service-that-only-stops",
    "several-start-commands",
    "restarted-oneshot",
    "dbus-service-without-name",
    "mount-without-what",
    "swap-without-what",
    "unit-without-trigger",
    "unit-name-not-of-path",
    "unit-path-with-dots",
    "misplaced-section",
];

/// Settings whose bad value ends systemd's reading: what follows is only told by us.
const ENDING: &[&str] =
    &["WorkingDirectory", "RootDirectory", "RootImage", "RootVerity", "DynamicUser", "User", "Group", "ExecStart"];

/// Whether systemd does not read a line at all: it ends at one before, or the section is not one of the unit.
pub(crate) fn is_unread(text: &str, line: u32, theirs: &[u32]) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let at = |line: u32| lines.get(line as usize - 1).map_or("", |line| line.trim());
    let ends = |told: &u32| *told < line && ENDING.contains(&at(*told).split('=').next().unwrap_or_default().trim());
    let header = (1..line).rev().find(|line| at(*line).starts_with('['));
    theirs.iter().any(ends) || header.is_some_and(|header| theirs.contains(&header))
}

/// The lines that we say something about, with the code of the first finding.
pub(crate) fn ours(name: &str, text: &str) -> BTreeMap<u32, String> {
    let mut report = Report::new();
    check(text, &UnitFile { name: Some(name), ..UnitFile::default() }, &in_source(SourceId(0)), &mut report);
    let ends = ends(text);
    let mut lines = BTreeMap::new();
    for finding in report.diagnostics() {
        let Some(Place::LineColumn(line, _)) = finding.anchor.as_ref().map(|anchor| anchor.place.clone()) else {
            continue;
        };
        let line = ends.get(line as usize - 1).copied().unwrap_or(line);
        let code = finding.code.to_string();
        let is_stricter = |code: &str| STRICTER.contains(&code);
        let known = lines.entry(line).or_insert_with(|| code.clone());
        if is_stricter(known) && !is_stricter(&code) {
            *known = code;
        }
    }
    lines
}

/// For each line, the last one of those that it is continued in.
fn ends(text: &str) -> Vec<u32> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut ends = vec![0; lines.len()];
    let mut end = lines.len() as u32;
    for at in (0..lines.len()).rev() {
        let line = lines[at].trim_start();
        let is_comment = line.starts_with(['#', ';']);
        let escapes = line.len() - line.trim_end_matches('\\').len();
        if is_comment || escapes.is_multiple_of(2) {
            end = at as u32 + 1;
        }
        ends[at] = end;
        let is_continued = at > 0 && {
            let before = lines[at - 1].trim_start();
            !before.starts_with(['#', ';']) && (before.len() - before.trim_end_matches('\\').len()) % 2 == 1
        };
        if !is_continued {
            end = at as u32;
        }
    }
    ends
}

/// Lines that systemd complains of and we do not, and the other way round.
pub(crate) fn difference(name: &str, text: &str, theirs: &BTreeMap<u32, String>) -> Vec<String> {
    let ours = ours(name, text);
    let shown = |line: u32| text.split('\n').nth(line as usize - 1).unwrap_or_default().to_owned();
    let missing = theirs.iter().filter(|(line, _)| !ours.contains_key(line));
    let missing = missing.map(|(line, words)| format!("only systemd: {} -> {words}", shown(*line)));
    let told: Vec<u32> = theirs.keys().copied().collect();
    let is_extra = |line: u32, code: &str| {
        !theirs.contains_key(&line) && !STRICTER.contains(&code) && !is_unread(text, line, &told)
    };
    let extra = ours.iter().filter(|(line, code)| is_extra(**line, code));
    let extra = extra.map(|(line, code)| format!("only ours: {} -> {code}", shown(*line)));
    missing.chain(extra).collect()
}
