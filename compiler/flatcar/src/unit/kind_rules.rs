//! What each kind of unit must have for systemd to load it.
//!
//! Owns: the rules that look at several settings at once, and the names that follow from paths. Must not: judge single values.

use flatwright_diagnostic::Rule;

use super::command;
use super::name::{UnitKind, path_unit_name};
use super::words;
use crate::broken::{Incomplete, Name};
use crate::settings::{Position, Setting, Settings, shown};

/// What a whole unit breaks.
#[derive(Debug, Rule)]
pub(super) enum Broken {
    #[rule(transparent)]
    Incomplete(Incomplete),
    #[rule(transparent)]
    Name(Name),
}

/// One broken rule.
pub(super) struct Problem {
    pub(super) rule: Broken,
    pub(super) hint: Option<String>,
    /// `None` is the start of the unit.
    pub(super) at: Option<Position>,
    /// Whether systemd surely refuses the unit.
    pub(super) is_certain: bool,
}

impl Problem {
    fn incomplete(at: Option<Position>, rule: Incomplete, hint: impl Into<String>) -> Self {
        Self { rule: Broken::Incomplete(rule), hint: Some(hint.into()), at, is_certain: true }
    }
}

/// The triggers of a timer; an empty one of them resets all.
pub(super) const TRIGGERS: [&str; 6] =
    ["OnCalendar", "OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec"];
const WATCHES: [&str; 5] = ["PathChanged", "PathExists", "PathExistsGlob", "PathModified", "DirectoryNotEmpty"];
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

/// Whether the text is a number, but not that of a port.
pub(super) fn is_bad_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && !text.parse().is_ok_and(|port: u16| port > 0)
}

/// The rules of a kind that the settings of a whole unit break.
pub(super) fn check(kind: UnitKind, name: Option<&str>, settings: &Settings) -> Vec<Problem> {
    match kind {
        UnitKind::Service => service(settings),
        UnitKind::Mount | UnitKind::Automount => mount(kind, name, settings),
        UnitKind::Swap => swap(name, settings),
        UnitKind::Timer => {
            let is_set = |key| is_true(settings.last("Timer", key));
            let is_triggered = is_set("OnClockChange") || is_set("OnTimezoneChange");
            needs_one_of(settings, "Timer", &TRIGGERS, is_triggered, "a timer never elapses")
        }
        UnitKind::Path => needs_one_of(settings, "Path", &WATCHES, false, "a path unit watches nothing"),
        UnitKind::Socket => needs_one_of(settings, "Socket", &LISTENS, false, "a socket listens on nothing"),
        UnitKind::Device | UnitKind::Target | UnitKind::Slice | UnitKind::Scope => Vec::new(),
    }
}

fn service(settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let at = settings.section_at("Service");
    // A command that cannot be read is a finding of its own, so nothing more is said then; with `-` it is only ignored.
    let commands = |key| -> Option<Vec<Position>> {
        let mut commands = Vec::new();
        for setting in settings.list("Service", key) {
            match command::parse(&setting.value) {
                Ok(parsed) => commands.extend(parsed.iter().map(|_| setting.key_at)),
                Err(_) if setting.value.starts_with('-') => {}
                Err(_) => return None,
            }
        }
        Some(commands)
    };
    let (Some(starts), Some(stops)) = (commands("ExecStart"), commands("ExecStop")) else { return problems };
    let is_type = |setting: &&Setting| words::SERVICE_TYPES.split(' ').any(|word| word == setting.value);
    let written = settings.all("Service", "Type").filter(is_type).last();
    let has_bus_name = settings.last("Service", "BusName").is_some();
    let kind = match written {
        Some(setting) => setting.value.as_str(),
        None if has_bus_name => "dbus",
        None if starts.is_empty() => "oneshot",
        None => "simple",
    };
    if starts.is_empty() {
        if stops.is_empty() && settings.last("Unit", "SuccessAction").is_none() {
            problems.push(Problem::incomplete(at, Incomplete::NoCommand, "add `ExecStart=` with an absolute path"));
        } else if !is_true(settings.last("Service", "RemainAfterExit")) && !stops.is_empty() {
            problems.push(Problem::incomplete(at, Incomplete::OnlyStops, "add `RemainAfterExit=yes`"));
        }
    }
    if let [_, second, ..] = starts.as_slice()
        && kind != "oneshot"
    {
        problems.push(Problem::incomplete(
            Some(*second),
            Incomplete::SeveralCommands { kind: kind.to_owned(), count: starts.len() },
            "set `Type=oneshot`, or keep one and move the others to `ExecStartPre` or `ExecStartPost`",
        ));
    }
    if let Some(restart) = settings.last("Service", "Restart")
        && kind == "oneshot"
        && matches!(restart.value.as_str(), "always" | "on-success")
    {
        problems.push(Problem::incomplete(
            Some(restart.value_at),
            Incomplete::RestartedOneshot { restart: restart.value.clone() },
            "set `Restart=on-failure`, or start it by a timer",
        ));
    }
    if kind == "dbus" && !has_bus_name {
        problems.push(Problem::incomplete(at, Incomplete::NoBusName, "add `BusName=`"));
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
            Incomplete::MountOfNothing,
            "add `What=` with a device such as `/dev/disk/by-label/data`",
        ));
    }
    if let Some(place) = settings.all(section, "Where").filter(|place| place.value.starts_with(['/', '%'])).last() {
        problems.extend(name_of_path(kind, name, place));
    }
    problems
}

fn swap(name: Option<&str>, settings: &Settings) -> Vec<Problem> {
    let Some(what) = settings.last("Swap", "What") else {
        let at = settings.section_at("Swap");
        return vec![Problem::incomplete(at, Incomplete::SwapOnNothing, "add `What=` with a device or file")];
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
        |rule, hint| Problem { rule: Broken::Name(rule), hint: Some(hint), at: Some(path.value_at), is_certain: true };
    let value = shown(&path.value);
    let Some(wanted) = path_unit_name(&path.value, kind) else {
        return Some(problem(Name::Dots { path: value }, "write the path without `..`".to_owned()));
    };
    let name = name?;
    (name != wanted).then(|| {
        let hint = format!("rename the unit to `{wanted}`");
        problem(Name::NotOfPath { name: shown(name), key: path.key.clone(), path: value, wanted }, hint)
    })
}

/// An empty value forgets the values of all these keys. One that cannot be read counts here: it is a finding of its own.
fn needs_one_of(
    settings: &Settings,
    section: &str,
    keys: &[&'static str],
    has_other: bool,
    fact: &'static str,
) -> Vec<Problem> {
    let sections = settings.sections.iter().filter(|s| s.name == section);
    let last = sections.flat_map(|s| &s.settings).rfind(|setting| keys.contains(&setting.key.as_str()));
    let is_there = has_other || last.is_some_and(|setting| !setting.value.is_empty());
    let ([first, second, ..], false) = (keys, is_there) else { return Vec::new() };
    let rule = Incomplete::NoTrigger { fact, key: first };
    vec![Problem::incomplete(settings.section_at(section), rule, format!("add `{first}=` or `{second}=`"))]
}

fn is_true(setting: Option<&Setting>) -> bool {
    const WORDS: [&str; 6] = ["1", "yes", "y", "true", "t", "on"];
    setting.is_some_and(|s| WORDS.iter().any(|word| word.eq_ignore_ascii_case(&s.value)))
}
