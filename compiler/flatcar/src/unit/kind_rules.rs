//! What each kind of unit must have for systemd to load it.
//!
//! Owns: the rules that look at several settings at once, and the names that follow from paths. Must not: judge single values.

use flatwright_diagnostic::Code;

use super::name::{UnitKind, path_unit_name};
use crate::code;
use crate::settings::{Position, Setting, Settings, shown};

/// One broken rule.
pub(super) struct Problem {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// `None` is the start of the unit.
    pub(super) at: Option<Position>,
    /// Whether systemd surely refuses the unit.
    pub(super) is_certain: bool,
}

impl Problem {
    fn incomplete(at: Option<Position>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code: code::INCOMPLETE_UNIT, message: message.into(), hint: Some(hint.into()), at, is_certain: true }
    }
}

/// The rules of a kind that the settings of a whole unit break.
pub(super) fn check(kind: UnitKind, name: Option<&str>, settings: &Settings) -> Vec<Problem> {
    match kind {
        UnitKind::Service => service(settings),
        UnitKind::Mount | UnitKind::Automount => mount(kind, name, settings),
        UnitKind::Swap => swap(name, settings),
        UnitKind::Timer => {
            const TRIGGERS: [&str; 6] =
                ["OnCalendar", "OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec"];
            let is_set = |key| is_true(settings.last("Timer", key));
            let is_triggered = is_set("OnClockChange") || is_set("OnTimezoneChange");
            needs_one_of(settings, "Timer", &TRIGGERS, is_triggered, "a timer never elapses")
        }
        UnitKind::Path => {
            const PATHS: [&str; 5] =
                ["PathExists", "PathExistsGlob", "PathChanged", "PathModified", "DirectoryNotEmpty"];
            needs_one_of(settings, "Path", &PATHS, false, "a path unit watches nothing")
        }
        UnitKind::Socket => {
            const LISTENS: [&str; 8] = [
                "ListenStream",
                "ListenDatagram",
                "ListenSequentialPacket",
                "ListenFIFO",
                "ListenNetlink",
                "ListenSpecial",
                "ListenMessageQueue",
                "ListenUSBFunction",
            ];
            needs_one_of(settings, "Socket", &LISTENS, false, "a socket listens on nothing")
        }
        UnitKind::Device | UnitKind::Target | UnitKind::Slice | UnitKind::Scope => Vec::new(),
    }
}

fn service(settings: &Settings) -> Vec<Problem> {
    const TYPES: [&str; 8] = ["simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"];
    let mut problems = Vec::new();
    let at = settings.section_at("Service");
    let starts = settings.list("Service", "ExecStart");
    let written = settings.last("Service", "Type");
    if let Some(setting) = written.filter(|setting| !TYPES.contains(&setting.value.as_str())) {
        problems.push(Problem {
            code: code::INVALID_SETTING,
            message: format!("`{}` is not a value of `Type`", shown(&setting.value)),
            hint: flatwright_diagnostic::suggest(&setting.value, TYPES),
            at: Some(setting.value_at),
            is_certain: true,
        });
        return problems;
    }
    let has_bus_name = settings.last("Service", "BusName").is_some();
    let kind = match written {
        Some(setting) => setting.value.as_str(),
        None if has_bus_name => "dbus",
        None if starts.is_empty() => "oneshot",
        None => "simple",
    };
    if starts.is_empty() {
        let has_stop = !settings.list("Service", "ExecStop").is_empty();
        if !has_stop && settings.last("Unit", "SuccessAction").is_none() {
            problems.push(Problem::incomplete(
                at,
                "a service without `ExecStart` does nothing",
                "add `ExecStart=` with an absolute path",
            ));
        } else if !is_true(settings.last("Service", "RemainAfterExit")) && has_stop {
            problems.push(Problem::incomplete(
                at,
                "a service without `ExecStart` must stay active to be stopped",
                "add `RemainAfterExit=yes`",
            ));
        }
    }
    if let [_, second, ..] = starts.as_slice()
        && kind != "oneshot"
    {
        problems.push(Problem::incomplete(
            Some(second.key_at),
            format!("a service of type `{kind}` has {} `ExecStart`", starts.len()),
            "set `Type=oneshot`, or keep one and move the others to `ExecStartPre` or `ExecStartPost`",
        ));
    }
    if let Some(restart) = settings.last("Service", "Restart")
        && kind == "oneshot"
        && matches!(restart.value.as_str(), "always" | "on-success")
    {
        problems.push(Problem::incomplete(
            Some(restart.value_at),
            format!("a service of type `oneshot` has `Restart={}`", restart.value),
            "set `Restart=on-failure`, or start it by a timer",
        ));
    }
    if kind == "dbus" && !has_bus_name {
        problems.push(Problem::incomplete(at, "a service of type `dbus` has no `BusName`", "add `BusName=`"));
    }
    problems
}

fn mount(kind: UnitKind, name: Option<&str>, settings: &Settings) -> Vec<Problem> {
    let section = kind.section().expect("invariant: mounts and automounts have sections");
    let mut problems = Vec::new();
    if kind == UnitKind::Mount && settings.last(section, "What").is_none() {
        let at = settings.section_at(section);
        problems.push(Problem::incomplete(
            at,
            "a mount has no `What`",
            "add `What=` with a device such as `/dev/disk/by-label/data`",
        ));
    }
    if let Some(place) = settings.last(section, "Where") {
        problems.extend(name_of_path(kind, name, place));
    }
    problems
}

fn swap(name: Option<&str>, settings: &Settings) -> Vec<Problem> {
    let Some(what) = settings.last("Swap", "What") else {
        let at = settings.section_at("Swap");
        return vec![Problem::incomplete(at, "a swap has no `What`", "add `What=` with a device or file")];
    };
    // A label or UUID becomes a device path only on the machine.
    if what.value.starts_with('/') {
        name_of_path(UnitKind::Swap, name, what).into_iter().collect()
    } else {
        Vec::new()
    }
}

fn name_of_path(kind: UnitKind, name: Option<&str>, path: &Setting) -> Option<Problem> {
    if path.value.contains('%') {
        return None;
    }
    let problem =
        |message, hint| Problem { code: code::UNIT_NAME, message, hint, at: Some(path.value_at), is_certain: true };
    let value = shown(&path.value);
    let Some(wanted) = path_unit_name(&path.value, kind).filter(|_| path.value.starts_with('/')) else {
        let message = format!("`{value}` is not an absolute path without `..`");
        return Some(problem(message, Some("write the path from `/`".into())));
    };
    let name = name?;
    (name != wanted).then(|| {
        let message = format!("the unit is named `{}`, but `{}={value}` wants `{wanted}`", shown(name), path.key);
        problem(message, Some(format!("rename the unit to `{wanted}`")))
    })
}

fn needs_one_of(settings: &Settings, section: &str, keys: &[&str], has_other: bool, fact: &str) -> Vec<Problem> {
    if has_other || keys.iter().any(|key| settings.all(section, key).any(|s| !s.value.is_empty())) {
        return Vec::new();
    }
    let [first, second, ..] = keys else { return Vec::new() };
    let message = format!("{fact} without a setting such as `{first}`");
    vec![Problem::incomplete(settings.section_at(section), message, format!("add `{first}=` or `{second}=`"))]
}

fn is_true(setting: Option<&Setting>) -> bool {
    const WORDS: [&str; 6] = ["1", "yes", "y", "true", "t", "on"];
    setting.is_some_and(|s| WORDS.iter().any(|word| word.eq_ignore_ascii_case(&s.value)))
}
