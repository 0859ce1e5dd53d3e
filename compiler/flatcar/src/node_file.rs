//! Files of a node that systemd or sysupdate reads, by their path, whoever writes them.
//!
//! Owns: which path makes a file a unit, a drop-in, a transfer or a file of networkd. Must not: judge settings; `unit` and `sysupdate` do.

use flatwright_diagnostic::Report;

use crate::broken::NodePath;
use crate::release::Release;
use crate::settings::{self, Locate, Position};
use crate::sysupdate::{self, TransferFile};
use crate::unit::{self, UnitFile};

/// Where an administrator's files for networkd and udevd are.
const NETWORK: &str = "/etc/systemd/network";
/// Where an administrator's units are.
const UNITS: &str = "/etc/systemd/system/";

/// Checks the text of a file if its path says that systemd or sysupdate reads it. The release decides which names sysupdate reads, where it is known.
pub fn check(path: &str, text: &str, release: Option<Release>, place: Locate<'_>, report: &mut Report) {
    let Some((directory, name)) = path.rsplit_once('/') else { return };
    let is_component = directory == "/etc" && name.starts_with("sysupdate.") && name.ends_with(".component");
    if directory.starts_with("/etc/sysupdate.") || is_component {
        let file = TransferFile {
            file_name: (release.is_some() || is_optional(name)).then_some(name),
            directory: Some(directory),
            release,
        };
        sysupdate::check(text, &file, place, report);
    } else if let Some(file) = unit_of(path) {
        unit::check(text, &UnitFile { release, ..file }, place, report);
    } else if directory == NETWORK {
        network(name, text, place, report);
    }
}

/// Whether a file is one that not every systemd reads, as its name says.
fn is_optional(name: &str) -> bool {
    name.ends_with(".feature") || name.ends_with(".component")
}

/// A file of networkd or udevd without a match is for no interface in particular.
fn network(name: &str, text: &str, place: Locate<'_>, report: &mut Report) {
    let effect = match name.rsplit_once('.') {
        Some((_, "network")) => "networkd takes it for every interface that no earlier file matches",
        Some((_, "link")) => "udevd ignores the file",
        _ => return,
    };
    let settings = settings::parse(text, place, report);
    if !settings.sections.iter().any(|section| section.name == "Match" && !section.settings.is_empty()) {
        report
            .warn(place(Position::START), &NodePath::NoMatch)
            .note(effect)
            .hint("add `[Match]` with `Name=`, `MACAddress=` or the like; `Name=*` if every interface is meant");
    }
}

fn unit_of(path: &str) -> Option<UnitFile<'_>> {
    let below = path.strip_prefix(UNITS)?;
    let (name, is_drop_in) = match below.split_once('/') {
        None => (below, false),
        Some((directory, file)) if file.ends_with(".conf") && !file.contains('/') => {
            (directory.strip_suffix(".d")?, true)
        }
        Some(_) => return None,
    };
    unit::is_valid_unit_name(name).then(|| UnitFile { name: Some(name), is_drop_in, ..UnitFile::default() })
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::SourceId;

    use super::*;
    use crate::settings::in_source;

    fn findings(path: &str, text: &str) -> usize {
        let mut report = Report::new();
        check(path, text, None, &in_source(SourceId(0)), &mut report);
        report.diagnostics().len()
    }

    #[test]
    fn the_path_says_what_a_file_is() {
        let broken = "[Service]\nRestrat=always\n";
        assert!(findings("/etc/systemd/system/a.service", "[Service]\nExecStart=a\nRestrat=always\n") > 0);
        assert!(findings("/etc/systemd/system/a.service.d/10-a.conf", broken) > 0);
        assert!(findings("/etc/systemd/network/10-a.network", "[Network]\nDHCP=no\n") > 0);
        assert!(findings("/etc/systemd/network/10-a.link", "[Match]\n[Link]\nMTUBytes=9000\n") > 0);
        assert_eq!(findings("/etc/systemd/network/10-a.network", "[Match]\nName=*\n[Network]\nDHCP=no\n"), 0);
        assert!(findings("/etc/sysupdate.a.d/a.conf", "[Transfer]\nVerify=maybe\n") > 0);
        assert!(findings("/etc/sysupdate.a.d/a.feature", "[Feature]\nEnable=yes\n") > 0);
        assert_eq!(findings("/etc/sysupdate.a.d/a.feature", "[Feature]\nDescription=a\nEnabled=yes\n"), 0);
        assert!(findings("/etc/sysupdate.a.component", "[Component]\nEnabled=perhaps\n") > 0);
        assert_eq!(findings("/etc/sysupdate.a.component", "[Component]\nMaxVersion=1.35\n"), 0);
        for other in
            ["/etc/systemd/system/a.service.d/README", "/etc/systemd/system/multi-user.target.wants/a", "/etc/motd"]
        {
            assert_eq!(findings(other, broken), 0, "{other}");
        }
        assert_eq!(findings("/etc/systemd/system/a.service.d/10-a.conf", "[Service]\nRestart=always\n"), 0);
    }
}
