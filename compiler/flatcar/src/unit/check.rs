//! The checks of one unit or drop-in.
//!
//! Owns: sections, keys and values against the tables, and what depends on how the unit is used. What a kind of unit must have is in `kind_rules`.

use flatwright_diagnostic::{Diagnostic, Part, Report, Rule, Severity, nearest};

use super::keys::{self, Key};
use super::name::{UnitKind, is_valid_unit_name};
use super::schedule::calendar_findings;
use super::types::{self, Letters, Type};
use super::{command, effects, kind_rules, words};
use crate::broken::{Known, Name, Use, Value};
use crate::release::{Release, etc_is_noexec};
use crate::settings::{self, Locate, Position, Section, Setting, Settings, shown};

/// A unit or drop-in as it is used.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnitFile<'a> {
    /// The name of the unit, also for a drop-in: `kubeadm.service`. Without one the kind is read from the sections.
    pub name: Option<&'a str>,
    /// Whether the text is a drop-in: then it need not be complete.
    pub is_drop_in: bool,
    /// Whether the unit is to be enabled, which needs an `[Install]` section.
    pub is_enabled: bool,
    /// The release of the node, where it is known: it decides what its systemd reads, and whether something below `/etc` can be executed.
    pub release: Option<Release>,
}

/// Reads a unit and reports everything systemd would refuse, ignore or silently take otherwise than written. Gives the settings back for further checks.
pub fn check(text: &str, unit: &UnitFile<'_>, locate: Locate<'_>, report: &mut Report) -> Settings {
    let settings = settings::parse(text, locate, report);
    let kind = kind(unit, &settings);
    let incomplete = kind.filter(|_| !unit.is_drop_in).map(|kind| kind_rules::check(kind, unit.name, &settings));
    let incomplete = incomplete.unwrap_or_default();
    let misspelt = kind.filter(|_| !incomplete.is_empty()).and_then(|kind| misspelt(&settings, kind));
    let mut checker = Checker { unit, kind, misspelt, locate, report, suggested: 0 };
    checker.check_name();
    for section in &settings.sections {
        checker.check_section(section);
    }
    if !unit.is_drop_in {
        checker.check_install(&settings);
    }
    for (at, mut finding) in effects::check(unit, &settings) {
        finding.at((checker.locate)(at));
        checker.report.push(finding);
    }
    // What is missing may stand in a section whose name is not understood.
    for problem in incomplete.into_iter().filter(|_| misspelt.is_none()) {
        let at = problem.at.unwrap_or(Position::START);
        let severity = if problem.is_certain { Severity::Error } else { Severity::Warning };
        checker.push(severity, at, &problem.rule).hints.extend(problem.hint);
    }
    settings
}

/// Where a section stands whose name is nearly that of the kind's own, in a unit that lacks that one.
fn misspelt(settings: &Settings, kind: UnitKind) -> Option<Position> {
    let own = kind.section()?;
    let lacks = settings.sections.iter().all(|section| section.name != own);
    let is_meant = |section: &&Section| lacks && nearest(&section.name, [own]).is_some();
    settings.sections.iter().find(is_meant).map(|section| section.at)
}

fn kind(unit: &UnitFile<'_>, settings: &Settings) -> Option<UnitKind> {
    match unit.name {
        Some(name) => UnitKind::of(name),
        None => settings.sections.iter().find_map(|section| UnitKind::of_section(&section.name)),
    }
}

/// Settings of which a value that cannot be read makes systemd refuse the whole unit, as it would run with more rights or elsewhere.
const REFUSING: [&str; 10] = [
    "WorkingDirectory",
    "RootDirectory",
    "RootImage",
    "RootVerity",
    "DynamicUser",
    "User",
    "Group",
    "SupplementaryGroups",
    "SocketUser",
    "SocketGroup",
];

/// Suggestions are quadratic in the length of a name; a file of nothing but unknown keys gets no more than this.
const SUGGESTIONS: usize = 100;

struct Checker<'a> {
    unit: &'a UnitFile<'a>,
    kind: Option<UnitKind>,
    /// Where the section stands that was meant to be the kind's own.
    misspelt: Option<Position>,
    locate: Locate<'a>,
    report: &'a mut Report,
    suggested: usize,
}

impl Checker<'_> {
    fn push(&mut self, severity: Severity, at: Position, rule: &impl Rule) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::of(rule, severity);
        diagnostic.at((self.locate)(at));
        self.report.push(diagnostic)
    }

    fn check_name(&mut self) {
        let Some(name) = self.unit.name else { return };
        if !is_valid_unit_name(name) {
            self.push(Severity::Error, Position::START, &Name::Invalid { name: shown(name) })
                .hint("a unit name has letters, digits and `:-_.\\@`, and ends in a kind such as `.service`");
        }
    }

    fn check_section(&mut self, section: &Section) {
        // Other programs may keep their own sections and keys in a unit, under `X-`.
        if section.name.starts_with("X-") {
            return;
        }
        let is_misplaced =
            |kind: UnitKind| UnitKind::of_section(&section.name).is_some_and(|of_section| of_section != kind);
        let Some(keys) = keys::of_section(&section.name) else {
            self.suggested += 1;
            let is_own = self.misspelt == Some(section.at);
            let known = if self.suggested > SUGGESTIONS { Vec::new() } else { self.known_sections() };
            let severity = if is_own { Severity::Error } else { Severity::Warning };
            let finding = self.push(severity, section.at, &Known::Section { section: shown(&section.name) });
            if is_own {
                finding.note("systemd skips the section, and refuses the unit without it");
            }
            finding.did_you_mean(&section.name, Part::Key, known);
            return;
        };
        if let (Some(name), Some(kind)) = (self.unit.name, self.kind)
            && is_misplaced(kind)
        {
            let rule = Known::Misplaced { section: section.name.clone(), unit: shown(name) };
            self.push(Severity::Warning, section.at, &rule)
                .note("systemd ignores the section with a warning in the journal");
            return;
        }
        for setting in &section.settings {
            match keys.get(setting.key.as_str()) {
                Some(key) if key.kind != "unsupported" => {
                    self.check_key(setting, *key);
                    self.check_value(&section.name, setting, *key);
                }
                None if setting.key.starts_with("X-") => {}
                _ => {
                    let elsewhere = self.elsewhere(&setting.key, section);
                    let may_suggest = self.suggested <= SUGGESTIONS;
                    let rule = Known::Key { key: shown(&setting.key), section: section.name.clone() };
                    let finding = self
                        .push(Severity::Warning, setting.key_at, &rule)
                        .note("systemd ignores the key with a warning in the journal");
                    if let Some(name) = elsewhere {
                        finding.hint(format!("`{}` belongs in section `[{name}]`", setting.key));
                    } else if may_suggest {
                        finding.did_you_mean(&setting.key, Part::Key, keys.keys().copied());
                    }
                }
            }
        }
    }

    fn known_sections(&self) -> Vec<&'static str> {
        let own = self.kind.and_then(UnitKind::section);
        let all = ["Service", "Socket", "Mount", "Automount", "Swap", "Timer", "Path", "Slice", "Scope"];
        ["Unit", "Install"]
            .into_iter()
            .chain(all.into_iter().filter(|name| own.is_none_or(|own| own == *name)))
            .collect()
    }

    /// The section that has a key which this one does not have.
    fn elsewhere(&mut self, key: &str, section: &Section) -> Option<&'static str> {
        self.suggested += 1;
        if self.suggested > SUGGESTIONS {
            return None;
        }
        self.known_sections().into_iter().find(|name| {
            *name != section.name
                && keys::of_section(name).and_then(|keys| keys.get(key)).is_some_and(|key| key.kind != "unsupported")
        })
    }

    /// Whether the release's systemd has the setting, and a newer one something better.
    fn check_key(&mut self, setting: &Setting, key: Key) {
        if let (Some(since), Some(has)) = (key.since, self.unit.release.and_then(Release::systemd_major))
            && has < since
        {
            self.push(Severity::Warning, setting.key_at, &Known::Newer { key: setting.key.clone(), since, has })
                .note("systemd ignores the key with a warning in the journal");
        }
        if let Some(now) = key.now {
            let rule = Known::Superseded { key: setting.key.clone(), now };
            let finding = self.push(Severity::Warning, setting.key_at, &rule);
            finding.note(match key.until {
                Some(until) => format!("systemd {} and newer ignore it", until + 1),
                None => "systemd takes it for the other one".to_owned(),
            });
            finding.hint(format!("write `{now}`"));
        }
    }

    fn check_value(&mut self, section: &str, setting: &Setting, key: Key) {
        let value = setting.value.as_str();
        if value.is_empty() {
            if key.is_never_empty {
                self.push(Severity::Warning, setting.key_at, &Value::Reset { key: setting.key.clone() })
                    .note("systemd ignores the line with a warning in the journal")
                    .hint("write the value that is wanted");
            }
            return;
        }
        match key.kind {
            "calendar" => self.check_calendar(setting),
            "command" => self.check_command(setting),
            "word" => self.check_word(section, setting),
            kind => {
                let Some(of_kind) = types::of(kind).filter(|_| key.now.is_none()) else { return };
                if !of_kind.accepts(value, self.unit.name) {
                    self.refuse_value(setting, kind, of_kind);
                }
            }
        }
    }

    fn check_word(&mut self, section: &str, setting: &Setting) {
        let Some(words) = words::of(section, &setting.key) else { return };
        if !words.accept(&setting.value) {
            let rule = Value::Form { value: shown(&setting.value), key: setting.key.clone() };
            let listed = words.listed().split_ascii_whitespace();
            self.invalid(setting, &rule).did_you_mean(&setting.value, Part::Value, listed);
        }
    }

    /// A value that systemd does not read as its type.
    fn refuse_value(&mut self, setting: &Setting, kind: &str, of_kind: Type) {
        let Setting { key, value, .. } = setting;
        let path = value.trim_start_matches(['|', '!', ' ']);
        let is_path = matches!(kind, "path" | "watched-path" | "condition-path");
        if is_path && !path.starts_with('/') {
            self.invalid(setting, &Value::Relative { path: shown(path), key: key.clone() })
                .hint("write the path from `/`");
        } else if let Some(specifier) = of_kind.unknown_specifier(value) {
            let rule = Value::BadSpecifier { specifier, key: key.clone() };
            self.invalid(setting, &rule).hint("write `%%` for a percent sign");
        } else if kind == "listen" && kind_rules::is_bad_port(value) {
            self.invalid(setting, &Value::Port { value: shown(value) }).hint("write a number from 1 to 65535");
        } else if kind == "capabilities" {
            // systemd itself leaves out what it does not know without a word.
            let rule = Value::Capability { value: shown(value), key: key.clone() };
            self.push(Severity::Warning, setting.value_at, &rule).hint(format!("write {}", of_kind.wanted));
        } else {
            let rule = Value::Form { value: shown(value), key: key.clone() };
            let finding = self.invalid(setting, &rule);
            if of_kind.may_grow {
                finding.severity = Severity::Warning;
                finding.note("an error, unless the systemd or kernel of the node knows more");
            } else if kind == "documentation" {
                finding.severity = Severity::Note;
            }
            if of_kind.is_words {
                finding.did_you_mean(value, Part::Value, of_kind.wanted.split_ascii_whitespace());
            } else {
                finding.hint(format!("write {}", of_kind.wanted));
            }
        }
    }

    fn check_calendar(&mut self, setting: &Setting) {
        let expanded = match types::expanded(&setting.value, self.unit.name, Letters::All) {
            Ok(Some(expanded)) => expanded,
            Ok(None) => return,
            Err(types::NotASpecifier(specifier)) => {
                let rule = Value::BadSpecifier { specifier, key: setting.key.clone() };
                self.invalid(setting, &rule).hint("write `%%` for a percent sign");
                return;
            }
        };
        for mut finding in calendar_findings(&expanded) {
            finding.at((self.locate)(setting.value_at));
            self.report.push(finding);
        }
    }

    fn check_command(&mut self, setting: &Setting) {
        if command::has_unknown_escape(&setting.value) {
            self.push(Severity::Warning, setting.value_at, &Value::Escape { key: setting.key.clone() })
                .note("systemd leaves it as it is written, with a warning in the journal")
                .hint("write `\\\\` for a backslash");
        }
        let commands = match command::parse(&setting.value) {
            Ok(commands) => commands,
            Err(bad) => {
                let rule = Value::Command { key: setting.key.clone(), fact: bad.fact() };
                self.push(Severity::Error, setting.value_at, &rule)
                    .note("systemd refuses the unit, unless the command starts with `-`; then it ignores the line");
                return;
            }
        };
        let severity = match etc_is_noexec(self.unit.release) {
            Some(true) => Severity::Error,
            Some(false) => return,
            None => Severity::Warning,
        };
        for command in commands.iter().filter(|command| command.program.starts_with("/etc/")) {
            let certainty = if severity == Severity::Error { "is" } else { "may be" };
            let rule = Use::NoexecEtc { key: setting.key.clone(), program: shown(&command.program), certainty };
            let severity = if command.is_optional { Severity::Warning } else { severity };
            self.push(severity, setting.value_at, &rule).hint(format!(
                "name the interpreter: `{}=/bin/bash {}`, or put the program under `/opt`",
                setting.key,
                shown(&command.program)
            ));
        }
    }

    fn invalid(&mut self, setting: &Setting, rule: &Value) -> &mut Diagnostic {
        let refuses = REFUSING.contains(&setting.key.as_str());
        self.push(Severity::Error, setting.value_at, rule).note(if refuses {
            "systemd refuses the unit"
        } else {
            "systemd ignores the line with a warning in the journal"
        })
    }

    fn check_install(&mut self, settings: &Settings) {
        const STARTERS: [&str; 5] = ["Alias", "WantedBy", "RequiredBy", "UpheldBy", "Also"];
        if !self.unit.is_enabled || STARTERS.iter().any(|key| !settings.list("Install", key).is_empty()) {
            return;
        }
        let at = settings.section_at("Install").unwrap_or(Position::START);
        let wanted_by = if self.kind == Some(UnitKind::Timer) { "timers.target" } else { "multi-user.target" };
        self.push(Severity::Warning, at, &Use::NotInstallable)
            .hint(format!("add `WantedBy={wanted_by}` to an `[Install]` section"));
    }
}
