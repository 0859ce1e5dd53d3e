//! Settings that systemd takes, and that do something else on the node than their author means: commands that a drop-in adds, devices whose names change.
//!
//! Owns: these rules. Must not: judge whether a value can be read.

use flatwright_diagnostic::{Diagnostic, Severity};

use super::check::UnitFile;
use crate::broken::Use;
use crate::settings::{Position, Settings};

/// Services that have one command already, and are not of type `oneshot`.
static SERVICES: &str = include_str!("../../../../facts/flatcar-services.txt");

/// Where devices stand in units.
const DEVICES: [(&str, &str); 3] = [("Mount", "What"), ("Swap", "What"), ("Automount", "What")];

/// What is to be said of a unit or drop-in, and where.
pub(super) fn check(unit: &UnitFile<'_>, settings: &Settings) -> Vec<(Position, Diagnostic)> {
    let mut found: Vec<(Position, Diagnostic)> = Vec::new();
    for (section, key) in DEVICES {
        for setting in settings.all(section, key).filter(|setting| is_unstable_device(&setting.value)) {
            found.push((setting.value_at, unstable_device(&setting.value, key)));
        }
    }
    found.extend(added_command(unit, settings));
    found
}

/// A command in a drop-in that does not reset those of the unit first.
fn added_command(unit: &UnitFile<'_>, settings: &Settings) -> Option<(Position, Diagnostic)> {
    let name = unit.name.filter(|name| unit.is_drop_in && name.ends_with(".service"))?;
    let first = settings.all("Service", "ExecStart").next().filter(|setting| !setting.value.is_empty())?;
    let is_oneshot = settings.last("Service", "Type").is_some_and(|kind| kind.value == "oneshot");
    let is_known = SERVICES.lines().any(|line| line == name);
    if is_oneshot || !is_known {
        return None;
    }
    let mut finding = Diagnostic::of(&Use::AddedCommand { unit: name.to_owned() }, Severity::Error);
    finding
        .note("a service that is not of type `oneshot` has one command; systemd refuses the unit with two")
        .hint("write a line `ExecStart=` with nothing behind it before this one");
    Some((first.key_at, finding))
}

/// The finding for a device by a name of which [`is_unstable_device`] holds; `key` is where it stands.
pub fn unstable_device(device: &str, key: &str) -> Diagnostic {
    let rule = Use::UnstableDevice { device: device.to_owned(), key: key.to_owned() };
    let mut finding = Diagnostic::of(&rule, Severity::Warning);
    finding
        .note(
            "the kernel gives these names in the order in which it finds the disks, which may be another at each boot",
        )
        .hint("use a name below `/dev/disk`, such as `/dev/disk/by-label/…` or `/dev/disk/azure/scsi1/lun0`");
    finding
}

/// Whether a device has a name by the order of discovery: `/dev/sdb1`, `/dev/vda`, `/dev/nvme0n1p1`.
pub fn is_unstable_device(device: &str) -> bool {
    let Some(name) = device.strip_prefix("/dev/") else { return false };
    let is_disk = |prefix: &str| {
        name.strip_prefix(prefix).is_some_and(|rest| {
            let letters = rest.trim_end_matches(|c: char| c.is_ascii_digit());
            !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_lowercase())
        })
    };
    let is_nvme = name.strip_prefix("nvme").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    ["sd", "vd", "xvd", "hd"].into_iter().any(is_disk) || is_nvme
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::{Report, SourceId};

    use super::*;
    use crate::settings::in_source;

    fn codes(name: &str, is_drop_in: bool, text: &str) -> String {
        let mut report = Report::new();
        let unit = UnitFile { name: Some(name), is_drop_in, ..UnitFile::default() };
        super::super::check(text, &unit, &in_source(SourceId(0)), &mut report);
        let codes: Vec<_> = report.diagnostics().iter().map(|finding| finding.code.name()).collect();
        codes.join(" ")
    }

    #[test]
    fn a_drop_in_resets_the_command_that_it_replaces() {
        let added = "command-added-by-drop-in";
        assert_eq!(codes("containerd.service", true, "[Service]\nExecStart=/opt/bin/containerd\n"), added);
        assert_eq!(codes("containerd.service", true, "[Service]\nExecStart=\nExecStart=/opt/bin/containerd\n"), "");
        assert_eq!(codes("docker.service", true, "[Service]\nType=oneshot\nExecStart=/opt/bin/x\n"), "");
        assert_eq!(codes("kubeadm.service", true, "[Service]\nExecStart=/opt/bin/x\n"), "");
        assert_eq!(codes("docker.service", true, "[Service]\nExecStartPre=/opt/bin/x\n"), "");
    }

    #[test]
    fn names_by_the_order_of_discovery_are_told() {
        for device in ["/dev/sdb1", "/dev/sdaa", "/dev/vdc", "/dev/nvme1n1", "/dev/xvdf1"] {
            let text = format!("[Mount]\nWhat={device}\nWhere=/mnt/data\n");
            assert_eq!(codes("mnt-data.mount", false, &text), "unstable-device-name", "{device}");
        }
        for device in ["/dev/disk/by-label/data", "/dev/mapper/sda", "/dev/sr0x", "tmpfs", "/dev/md0"] {
            let text = format!("[Mount]\nWhat={device}\nWhere=/mnt/data\n");
            assert_eq!(codes("mnt-data.mount", false, &text), "", "{device}");
        }
    }
}
