//! Which settings each section of a unit has.
//!
//! Owns: reading `facts/systemd-settings.txt`. Must not: judge values; `types` does.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What is known of a setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Key {
    /// The type of its values.
    pub(super) kind: &'static str,
    /// Whether an empty value is not one, instead of resetting the setting.
    pub(super) is_never_empty: bool,
    /// The first systemd that reads it, if 252 does not.
    pub(super) since: Option<u32>,
    /// The last systemd that reads it.
    pub(super) until: Option<u32>,
    /// The setting that took its place.
    pub(super) now: Option<&'static str>,
}

/// The settings of a section by name.
pub(super) type Keys = BTreeMap<&'static str, Key>;

/// A section with the groups of settings that it has.
struct Section {
    name: &'static str,
    groups: &'static [&'static str],
    /// Made when the section is first met: a run meets few of them.
    keys: OnceLock<Keys>,
}

const TABLE: &str = include_str!("../../../../facts/systemd-settings.txt");

static SECTIONS: [Section; 11] = [
    section("Unit", &["Unit"]),
    section("Install", &["Install"]),
    section("Service", &["exec", "cgroup", "kill", "Service"]),
    section("Socket", &["exec", "cgroup", "kill", "Socket"]),
    section("Mount", &["exec", "cgroup", "kill", "Mount"]),
    section("Swap", &["exec", "cgroup", "kill", "Swap"]),
    section("Automount", &["Automount"]),
    section("Timer", &["Timer"]),
    section("Path", &["Path"]),
    section("Slice", &["cgroup", "Slice"]),
    section("Scope", &["cgroup", "kill", "Scope"]),
];

const fn section(name: &'static str, groups: &'static [&'static str]) -> Section {
    Section { name, groups, keys: OnceLock::new() }
}

/// The settings of a section; `None` for a section that no unit has.
pub(super) fn of_section(section: &str) -> Option<&'static Keys> {
    let known = SECTIONS.iter().find(|known| known.name == section)?;
    Some(known.keys.get_or_init(|| {
        let rows = TABLE.lines().filter_map(|line| line.split_once(' '));
        rows.filter(|(group, _)| known.groups.contains(group)).filter_map(|(_, row)| key(row)).collect()
    }))
}

/// `NAME TYPE [never-empty] [since=N] [until=N] [now=NAME]`.
fn key(row: &'static str) -> Option<(&'static str, Key)> {
    let mut words = row.split(' ');
    let name = words.next()?;
    let mut key = Key { kind: words.next()?, ..Key::default() };
    for word in words {
        match word.split_once('=') {
            Some(("since", number)) => key.since = number.parse().ok(),
            Some(("until", number)) => key.until = number.parse().ok(),
            Some(("now", name)) => key.now = Some(name),
            _ => key.is_never_empty |= word == "never-empty",
        }
    }
    Some((name, key))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::types;
    use super::*;

    /// Types without a reader, each with its reason in the documentation.
    const NOT_JUDGED: [&str; 5] = ["plain-text", "instance", "secure-bits", "unchecked", "unsupported"];
    /// Types that the checks of whole settings know.
    const ELSEWHERE: [&str; 5] = ["word", "command", "calendar", "block-device-weight", "block-device-bandwidth"];

    #[test]
    fn sections_have_their_own_and_the_shared_settings() {
        let kind = |section, key| of_section(section).and_then(|keys| keys.get(key)).map(|key| key.kind);
        assert_eq!(kind("Service", "ExecStart"), Some("command"));
        assert_eq!(kind("Service", "MemoryMax"), Some("memory-above-zero"));
        assert_eq!(kind("Mount", "KillMode"), Some("word"));
        assert_eq!(kind("Slice", "MemoryZSwapMax"), Some("memory"));
        assert_eq!(kind("Unit", "ConditionPathIsSocket"), Some("condition-path"));
        assert_eq!(kind("Timer", "OnCalendar"), Some("calendar"));
        assert_eq!(kind("Timer", "MemoryMax"), None);
        assert!(of_section("Nonsense").is_none());
        let shares = of_section("Service").and_then(|keys| keys.get("CPUShares"));
        assert_eq!(shares.map(|key| (key.until, key.now)), Some((Some(257), Some("CPUWeight"))));
    }

    #[test]
    fn every_row_is_one_setting_of_a_known_group_and_type() {
        let groups: BTreeSet<&str> = SECTIONS.iter().flat_map(|section| section.groups).copied().collect();
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        let mut seen = BTreeSet::new();
        for row in rows {
            let (group, rest) = row.split_once(' ').unwrap();
            let (name, key) = key(rest).unwrap();
            assert!(groups.contains(group), "{row}");
            assert!(seen.insert((group, name)), "{row} stands there twice");
            let is_known =
                NOT_JUDGED.contains(&key.kind) || ELSEWHERE.contains(&key.kind) || types::of(key.kind).is_some();
            assert!(is_known, "{row}: no such type");
            let marks = rest.split(' ').skip(2);
            for mark in marks {
                let is_mark = mark == "never-empty" || ["since=", "until=", "now="].iter().any(|m| mark.starts_with(m));
                assert!(is_mark, "{row}: `{mark}`");
            }
        }
    }
}
