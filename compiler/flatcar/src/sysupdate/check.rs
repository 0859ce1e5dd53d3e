//! The checks of one transfer file.
//!
//! Owns: sections, keys, single values, and the file's name. The source and target as a whole are in `resources`.

use flatwright_diagnostic::{Diagnostic, Part, Report, Rule, Severity};

use super::pattern::{check_pattern, is_path_below, slash_behind_field, unknown_specifier};
use super::resources;
use crate::broken::{FileName, Known, Pattern, Value};
use crate::release::Release;
use crate::settings::{self, Locate, Position, Section, Setting, Settings, shown};
use crate::unit::{is_boolean, is_mode};

/// A transfer file as it is used.
#[derive(Clone, Copy, Debug, Default)]
pub struct TransferFile<'a> {
    /// The name of the file: `kubernetes-v1.34.transfer`.
    pub file_name: Option<&'a str>,
    /// The directory on the node: `/etc/sysupdate.kubernetes.d`.
    pub directory: Option<&'a str>,
    /// The release that reads it.
    pub release: Option<Release>,
}

/// What a value must look like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Expanded,
    Boolean,
    Number,
    Mode,
    Uuid,
    Flags,
    Pattern,
    TargetPattern,
    RelativeTo,
}

/// A key, its value, and the first systemd that knows it, where Flatcar's LTS does not.
type Key = (&'static str, Kind, Option<u32>);

const TRANSFER: &[Key] = &[
    ("MinVersion", Kind::Expanded, None),
    ("ProtectVersion", Kind::Expanded, None),
    ("Verify", Kind::Boolean, None),
    ("ChangeLog", Kind::Expanded, Some(257)),
    ("AppStream", Kind::Expanded, Some(257)),
    ("Features", Kind::Any, Some(257)),
    ("RequisiteFeatures", Kind::Any, Some(257)),
];

const SOURCE: &[Key] = &[
    ("Type", Kind::Any, None),
    ("Path", Kind::Expanded, None),
    ("PathRelativeTo", Kind::RelativeTo, None),
    ("MatchPattern", Kind::Pattern, None),
];

const TARGET: &[Key] = &[
    ("Type", Kind::Any, None),
    ("Path", Kind::Expanded, None),
    ("PathRelativeTo", Kind::RelativeTo, None),
    ("MatchPattern", Kind::TargetPattern, None),
    ("MatchPartitionType", Kind::Any, None),
    ("PartitionUUID", Kind::Uuid, None),
    ("PartitionFlags", Kind::Flags, None),
    ("PartitionNoAuto", Kind::Boolean, None),
    ("PartitionGrowFileSystem", Kind::Boolean, None),
    ("ReadOnly", Kind::Boolean, None),
    ("Mode", Kind::Mode, None),
    ("TriesLeft", Kind::Number, None),
    ("TriesDone", Kind::Number, None),
    ("InstancesMax", Kind::Number, None),
    ("RemoveTemporary", Kind::Boolean, None),
    ("CurrentSymlink", Kind::Expanded, None),
];

/// Keys of an optional feature, which transfers name.
const FEATURE: &[Key] = &[
    ("Description", Kind::Any, None),
    ("Documentation", Kind::Any, None),
    ("AppStream", Kind::Any, None),
    ("Enabled", Kind::Boolean, None),
];

/// Keys of a component.
const COMPONENT: &[Key] = &[
    ("Description", Kind::Any, None),
    ("Documentation", Kind::Any, None),
    ("Enabled", Kind::Boolean, None),
    ("MinVersion", Kind::Expanded, None),
    ("MaxVersion", Kind::Expanded, None),
    ("ProtectVersion", Kind::Expanded, None),
    ("Suggest", Kind::Any, None),
];

type Sections = &'static [(&'static str, &'static [Key])];

/// The kinds of files of sysupdate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Transfer,
    Feature,
    Component,
}

impl Form {
    /// The kind by the name of the file, else by the first section.
    fn of(name: Option<&str>, settings: &Settings) -> Self {
        let has = |section: &str| settings.sections.first().is_some_and(|first| first.name == section);
        let is = |suffix: &str, section: &str| name.map_or(has(section), |name| name.ends_with(suffix));
        if is(".feature", "Feature") {
            Self::Feature
        } else if is(".component", "Component") {
            Self::Component
        } else {
            Self::Transfer
        }
    }

    const fn sections(self) -> Sections {
        match self {
            Self::Transfer => &[("Transfer", TRANSFER), ("Source", SOURCE), ("Target", TARGET)],
            Self::Feature => &[("Feature", FEATURE)],
            Self::Component => &[("Component", COMPONENT)],
        }
    }

    /// The suffix and the first systemd that reads such files, where not every one does.
    const fn since(self) -> Option<(&'static str, u32)> {
        match self {
            Self::Transfer => None,
            Self::Feature => Some((".feature", 257)),
            Self::Component => Some((".component", 262)),
        }
    }
}

/// Reads a transfer file and reports everything sysupdate would refuse, ignore or never find. Gives the settings back for further checks.
pub fn check(text: &str, file: &TransferFile<'_>, locate: Locate<'_>, report: &mut Report) -> Settings {
    let settings = settings::parse(text, locate, report);
    let form = Form::of(file.file_name, &settings);
    let mut checker = Checker { file, form, locate, report, suggested: 0 };
    checker.check_name();
    for section in &settings.sections {
        checker.check_section(section);
    }
    let problems = if form == Form::Transfer { resources::check(&settings) } else { Vec::new() };
    for problem in problems {
        let finding = checker.push(problem.severity, problem.at, &problem.rule);
        finding.hints.extend(problem.hint);
        if let Some((written, known)) = problem.meant {
            finding.did_you_mean(&written, Part::Value, known.iter().copied());
        }
    }
    settings
}

/// Suggestions are quadratic in the length of a name; a file of nothing but unknown keys gets no more than this.
const SUGGESTIONS: usize = 100;

struct Checker<'a> {
    file: &'a TransferFile<'a>,
    form: Form,
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
        if let Some((suffix, since)) = self.form.since() {
            if let Some(has) = self.file.release.and_then(Release::systemd_major).filter(|has| *has < since) {
                self.push(Severity::Warning, Position::START, &FileName::Unread { suffix, since, has });
            }
        } else if let Some(name) = self.file.file_name {
            self.check_file_name(name);
        }
        let Some(directory) = self.file.directory else { return };
        const PARENTS: [&str; 4] = ["/etc", "/run", "/usr/local/lib", "/usr/lib"];
        let (parent, last) = directory.trim_end_matches('/').rsplit_once('/').unwrap_or(("", directory));
        let component = last.strip_prefix("sysupdate.").and_then(|rest| rest.strip_suffix(".d"));
        if self.form == Form::Component {
            return;
        }
        let is_read =
            PARENTS.contains(&parent) && (last == "sysupdate.d" || component.is_some_and(|name| !name.is_empty()));
        if !is_read {
            self.push(Severity::Error, Position::START, &FileName::Directory { directory: shown(directory) })
                .hint("put the file into `/etc/sysupdate.d`, or `/etc/sysupdate.<component>.d` for `-C <component>`");
        }
    }

    fn check_file_name(&mut self, name: &str) {
        let reads_new_suffix = self.file.release.map(Release::reads_transfer_suffix);
        let (severity, rule, hint) = if name.ends_with(".transfer") {
            match reads_new_suffix {
                None | Some(Some(true)) => return,
                Some(Some(false)) => (Severity::Error, FileName::TooNew, "name the file `.conf`"),
                Some(None) => {
                    (Severity::Warning, FileName::Uncertain, "name the file `.conf`, which every release reads")
                }
            }
        } else if name.ends_with(".conf") {
            if reads_new_suffix != Some(Some(true)) {
                return;
            }
            (Severity::Note, FileName::Deprecated, "name the file `.transfer`")
        } else {
            (Severity::Error, FileName::Suffix, "name the file `.transfer`")
        };
        self.push(severity, Position::START, &rule).hint(hint);
    }

    fn check_section(&mut self, section: &Section) {
        if section.name.starts_with("X-") {
            return;
        }
        let sections = self.form.sections();
        let Some((_, keys)) = sections.iter().find(|(name, _)| *name == section.name) else {
            self.suggested += 1;
            let count = if self.suggested > SUGGESTIONS { 0 } else { sections.len() };
            self.push(Severity::Warning, section.at, &Known::Section { section: shown(&section.name) }).did_you_mean(
                &section.name,
                Part::Key,
                sections.iter().take(count).map(|(name, _)| *name),
            );
            return;
        };
        for setting in &section.settings {
            if setting.key.starts_with("X-") {
                continue;
            }
            match keys.iter().find(|(key, ..)| *key == setting.key) {
                Some((_, kind, since)) => {
                    self.check_since(setting, *since);
                    self.check_value(setting, *kind);
                }
                None => self.unknown_key(setting, section, keys),
            }
        }
    }

    fn unknown_key(&mut self, setting: &Setting, section: &Section, keys: &[Key]) {
        self.suggested += 1;
        let may_suggest = self.suggested <= SUGGESTIONS;
        let sections = self.form.sections();
        let rule = Known::Key { key: shown(&setting.key), section: section.name.clone() };
        let finding =
            self.push(Severity::Warning, setting.key_at, &rule).note("sysupdate ignores the key with a warning");
        if !may_suggest {
            return;
        }
        let has = |keys: &[Key]| keys.iter().any(|(key, ..)| *key == setting.key);
        if let Some((name, _)) = sections.iter().find(|(_, keys)| has(keys)) {
            finding.hint(format!("`{}` belongs in section `[{name}]`", setting.key));
        } else {
            finding.did_you_mean(&setting.key, Part::Key, keys.iter().map(|(key, ..)| *key));
        }
    }

    fn check_since(&mut self, setting: &Setting, since: Option<u32>) {
        let (Some(since), Some(has)) = (since, self.file.release.and_then(Release::systemd_major)) else { return };
        if has < since {
            self.push(Severity::Warning, setting.key_at, &Known::Newer { key: setting.key.clone(), since, has })
                .note("sysupdate ignores the key with a warning");
        }
    }

    fn check_value(&mut self, setting: &Setting, kind: Kind) {
        let value = setting.value.as_str();
        if value.is_empty() {
            return;
        }
        let is_hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
        let (is_valid, wanted) = match kind {
            Kind::Any => return,
            Kind::Pattern => return self.check_patterns(setting, false),
            Kind::TargetPattern => return self.check_patterns(setting, true),
            Kind::Expanded => return self.check_specifiers(setting),
            Kind::Boolean => (is_boolean(value), "`yes` or `no`"),
            Kind::Number => (value.parse::<u64>().is_ok(), "a number without sign"),
            Kind::Mode => (is_mode(value), "an octal mode such as `0644`"),
            Kind::Uuid => {
                let digits = value.replace('-', "");
                (digits.len() == 32 && is_hex(&digits) && matches!(value.len(), 32 | 36), "a UUID")
            }
            Kind::Flags => {
                let digits = value.strip_prefix("0x").unwrap_or(value);
                ((1..=16).contains(&digits.len()) && is_hex(digits), "a hexadecimal number")
            }
            Kind::RelativeTo => (
                matches!(value, "root" | "esp" | "xbootldr" | "boot" | "explicit"),
                "`root`, `esp`, `xbootldr`, `boot` or `explicit`",
            ),
        };
        if !is_valid {
            let rule = Value::Form { value: shown(value), key: setting.key.clone() };
            self.push(Severity::Error, setting.value_at, &rule)
                .note("sysupdate ignores the line with a warning")
                .hint(format!("write {wanted}"));
        }
    }

    fn check_patterns(&mut self, setting: &Setting, is_target: bool) {
        self.check_specifiers(setting);
        for pattern in setting.value.split_ascii_whitespace() {
            let pattern = pattern.trim_matches(['"', '\'']);
            if let Err(reason) = check_pattern(pattern) {
                let rule = Pattern::Refused { pattern: shown(pattern), reason };
                self.push(Severity::Error, setting.value_at, &rule)
                    .note("sysupdate refuses every transfer of the component")
                    .hint("write such as `name-@v-%a.raw`: `@v` is the version, `%a` the architecture");
                continue;
            }
            if let Some(field) = slash_behind_field(pattern) {
                self.slash_behind_field(setting, pattern, field);
            }
            if is_target && !is_path_below(pattern) {
                let rule = Pattern::Path { pattern: shown(pattern) };
                self.push(Severity::Error, setting.value_at, &rule)
                    .note("sysupdate takes the pattern, and then refuses every path that it makes of it")
                    .hint("write names with single slashes between them, without `.` and `..`");
            }
        }
    }

    /// The matcher of systemd 255, the first with directories in patterns, takes what follows a field for a literal. That was mended in July 2026, after 260.
    fn slash_behind_field(&mut self, setting: &Setting, pattern: &str, field: char) {
        const ABORTING: std::ops::RangeInclusive<u32> = 255..=260;
        let systemd = self.file.release.and_then(Release::systemd_major);
        let severity = match systemd {
            Some(major) if ABORTING.contains(&major) => Severity::Error,
            Some(major) if major > 261 => return,
            _ => Severity::Warning,
        };
        let rule = Pattern::SlashBehindField { pattern: shown(pattern), field };
        let finding = self.push(severity, setting.value_at, &rule);
        finding.note(
            "systemd 255 to 260 do, as soon as a name in the directory matches as far as the field (systemd#42895)",
        );
        if let Some(major) = systemd {
            finding.note(format!("this release has systemd {major}"));
        }
        finding.hint(format!("put a letter between the two, such as `@{field}.d/`, or a directory without a field"));
    }

    fn check_specifiers(&mut self, setting: &Setting) {
        if let Some(specifier) = unknown_specifier(&setting.value) {
            let specifier = specifier.escape_default().to_string();
            let rule = Value::Specifier { specifier, key: setting.key.clone() };
            self.push(Severity::Warning, setting.value_at, &rule)
                .hint("write `%a` for the architecture, `%%` for a percent sign");
        }
    }
}
