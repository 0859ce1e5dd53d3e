//! Two programs that reboot nodes: Flatcar's own locksmithd and kured.

use flatwright_diagnostic::{Rule, Severity};

use crate::field::Field;
use crate::set::groups::Group;
use crate::set::manifests::{Findings, Set, name};

/// Programs that reboot the nodes of one cluster.
#[derive(Debug, Rule)]
pub(crate) enum RebootManagers {
    /// Both are on.
    #[rule("manifest-reboot-managers", "the machine config {does} locksmithd on although `{manager}` installs kured")]
    Both { does: &'static str, manager: String },
}

pub(crate) fn check(set: &Set<'_>, groups: &[Group<'_>], findings: &mut Findings<'_>) {
    let kured = set.of_kind("HelmChartProxy").chain(set.of_kind("DaemonSet")).find(|(_, object)| is_kured(object));
    let Some((_, manager)) = kured else { return };
    for group in groups {
        let Some((index, config)) = group.config() else { continue };
        let text = config.text_or_empty();
        let (severity, does) = match locksmith(text) {
            Locksmith::Off => continue,
            Locksmith::On => (Severity::Error, "turns"),
            Locksmith::Unsaid => (Severity::Warning, "leaves"),
        };
        findings
            .on(index)
            .add(severity, &config, &RebootManagers::Both { does, manager: name(manager).to_owned() })
            .note("locksmithd reboots without draining the node, and both hold their own lock")
            .hint("mask it: `systemd: {units: [{name: locksmithd.service, mask: true}]}`");
    }
}

fn is_kured(object: &Field<'_>) -> bool {
    object.get("spec.chartName").holds("kured") || (object.get("kind").holds("DaemonSet") && name(object) == "kured")
}

enum Locksmith {
    Off,
    On,
    Unsaid,
}

/// Reads the text for the unit's entry and for update.conf's strategy.
fn locksmith(text: &str) -> Locksmith {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.starts_with('#')).collect();
    if lines.iter().any(|line| line.contains("REBOOT_STRATEGY=off") || *line == "reboot_strategy: off") {
        return Locksmith::Off;
    }
    // The keys of one list item stand near its name.
    let Some(at) = lines.iter().position(|line| line.contains("locksmithd.service")) else {
        return if text.contains("REBOOT_STRATEGY=") { Locksmith::On } else { Locksmith::Unsaid };
    };
    let start = (0..at)
        .rev()
        .find(|line| lines[*line].starts_with("- "))
        .filter(|_| !lines[at].starts_with("- "))
        .unwrap_or(at);
    let end = (at + 1..lines.len()).find(|line| lines[*line].starts_with("- ")).unwrap_or(lines.len());
    let entry = lines[start..end].join("\n");
    let has = |key: &str, value: &str| {
        entry.lines().any(|line| {
            line.trim_start_matches("- ").split_once(':').is_some_and(|(k, v)| k.trim() == key && v.trim() == value)
        }) || entry.contains(&format!("{key}: {value}"))
    };
    match () {
        () if has("mask", "true") || has("enabled", "false") || has("enable", "false") => Locksmith::Off,
        () if has("enabled", "true") || has("enable", "true") => Locksmith::On,
        () => Locksmith::Unsaid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_units_entry_decides() {
        let off = "systemd:\n  units:\n  - name: locksmithd.service\n    mask: true\n  - name: a.service\n    enabled: true\n";
        assert!(matches!(locksmith(off), Locksmith::Off));
        assert!(matches!(locksmith("units:\n- enabled: false\n  name: locksmithd.service\n"), Locksmith::Off));
        assert!(matches!(locksmith("units:\n- name: locksmithd.service\n  enabled: true\n"), Locksmith::On));
        assert!(matches!(locksmith("REBOOT_STRATEGY=off"), Locksmith::Off));
        assert!(matches!(locksmith("# locksmithd.service\n"), Locksmith::Unsaid));
    }
}
