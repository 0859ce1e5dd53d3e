//! Paths of a node that say what stands there, whatever the content: files that nothing reads, extensions, links that enable units.
//!
//! Owns: the rules about paths and names. Must not: judge texts; `node_file` does.

use flatwright_diagnostic::{Anchor, Diagnostic, Report, Severity, nearest};

use crate::bakery::{DEFAULT_BAKERY, EXTENSIONS};
use crate::broken::NodePath;

/// `path  path that is read`.
static UNREAD: &str = include_str!("../../../facts/unread-paths.txt");

/// The file that makes Flatcar boot with version 1 of control groups, which releases from line 4230 on no longer have.
pub const CGROUP_V1: &str = "/etc/flatcar-cgroupv1";

/// Hosts of images whose names are those of the extensions in them.
const BAKERIES: [&str; 2] = ["https://extensions.flatcar.org/", "https://github.com/flatcar/sysext-bakery/"];

/// Checks the path of a file, and where its content comes from.
pub fn check_file(path: &str, source: Option<&str>, place: Anchor, report: &mut Report) {
    let rows = UNREAD.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
    if let Some((_, read)) = rows.clone().find(|(unread, _)| *unread == path) {
        report
            .warn(place.clone(), &NodePath::Unread { path: path.to_owned() })
            .hint(format!("the file is `{}`", read.trim()));
    }
    if path == CGROUP_V1 {
        report
            .warn(place.clone(), &NodePath::CgroupV1)
            .note("releases from 4230 on do not read it, and the kubelet of Kubernetes 1.35 does not start on version 1 of control groups")
            .hint("remove the file");
    }
    if let Some(source) = source {
        in_bakery(source, &place, report);
        extension(path, source, place, report);
    }
}

/// Checks the path of a link and its target.
pub fn check_link(path: &str, target: &str, place: Anchor, report: &mut Report) {
    extension(path, target, place.clone(), report);
    let unit = path.strip_prefix("/etc/systemd/system/").and_then(|below| below.split_once('/'));
    let Some((directory, unit)) = unit else { return };
    if [".wants", ".requires"].iter().any(|ending| directory.ends_with(ending)) && !target.is_empty() {
        report
            .warn(place, &NodePath::EnabledByLink { path: path.to_owned() })
            .note("systemd applies its presets at the first boot and removes the link where none enables the unit")
            .hint(format!("write `enabled: true` at the unit `{unit}`, with an `[Install]` section in it"));
    }
}

/// An image of the bakery's that it does not build.
fn in_bakery(source: &str, place: &Anchor, report: &mut Report) {
    if !source.starts_with(DEFAULT_BAKERY) {
        return;
    }
    let Some(name) = extension_name(source).filter(|name| EXTENSIONS.section("extensions").row(name).is_none()) else {
        return;
    };
    report
        .warn(place.clone(), &NodePath::UnknownExtension { extension: name.to_owned() })
        .note(format!("the table of extensions that was asked is of {}, and a newer one may know it", EXTENSIONS.day()))
        .note("Ignition stops in the initramfs where the image is not found")
        .hints
        .extend(suggestion(name));
}

/// The nearest name that is known; the finding stands at a path, so it is no fix.
fn suggestion(name: &str) -> Option<String> {
    let known = EXTENSIONS.section("extensions").rows().map(|row| row.name);
    nearest(name, known).map(|near| format!("did you mean `{near}`?"))
}

/// systemd-sysext wants the release file in an image under the name that the image has below `/etc/extensions`.
fn extension(path: &str, image: &str, place: Anchor, report: &mut Report) {
    let stem = path.strip_prefix("/etc/extensions/").and_then(|name| name.strip_suffix(".raw"));
    let Some(stem) = stem.filter(|stem| !stem.contains('/')) else { return };
    let Some(name) = extension_name(image).filter(|name| *name != stem) else { return };
    let is_certain = BAKERIES.iter().any(|host| image.starts_with(host));
    let severity = if is_certain { Severity::Error } else { Severity::Warning };
    let rule = NodePath::ExtensionName { path: path.to_owned(), extension: name.to_owned() };
    let mut finding = Diagnostic::of(&rule, severity);
    finding.at(place);
    finding
        .note("systemd-sysext looks in the image for `extension-release.` and the name of its file, and refuses to merge any extension without it")
        .hint(format!("name it `/etc/extensions/{name}.raw`"));
    report.push(finding);
}

/// The extension of an image that is named as the bakery names them: `<name>-<version>-<architecture>.raw`.
fn extension_name(image: &str) -> Option<&str> {
    let file = image.rsplit('/').next()?.strip_suffix(".raw")?;
    let stem = ["-x86-64", "-arm64"].iter().find_map(|architecture| file.strip_suffix(architecture))?;
    let is_version = |rest: &str| rest.strip_prefix('v').unwrap_or(rest).starts_with(|c: char| c.is_ascii_digit());
    let at = stem.match_indices('-').map(|(at, _)| at).find(|at| is_version(&stem[at + 1..]))?;
    Some(&stem[..at]).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use flatwright_diagnostic::SourceId;

    use super::*;

    fn found(check: impl FnOnce(Anchor, &mut Report)) -> Vec<String> {
        let mut report = Report::new();
        check(Anchor::whole(SourceId(0)), &mut report);
        report.diagnostics().iter().map(|it| format!("{} {}", it.severity.word(), it.code)).collect()
    }

    #[test]
    fn an_extension_has_the_name_of_its_image() {
        let bakery = "https://extensions.flatcar.org/extensions";
        for (path, image, expected) in [
            ("/etc/extensions/docker-compose.raw", "docker_compose-2.24.5-x86-64.raw", "error extension-file-name"),
            ("/etc/extensions/wasmtime-v30.0.0-x86-64.raw", "wasmtime-v30.0.0-x86-64.raw", "error extension-file-name"),
            ("/etc/extensions/docker_compose.raw", "docker_compose-2.24.5-x86-64.raw", ""),
            ("/etc/extensions/kata-containers.raw", "kata-containers-3.1.0-arm64.raw", ""),
            ("/opt/docker-compose.raw", "docker_compose-2.24.5-x86-64.raw", ""),
            ("/etc/extensions/own.raw", "image.raw", ""),
        ] {
            let source = format!("{bakery}/{image}");
            let found = found(|place, report| check_file(path, Some(&source), place, report));
            assert_eq!(found.join(" "), expected, "{path}");
        }
        let image = |name: &str| format!("{bakery}/{name}-1.0-x86-64.raw");
        let unknown = |name: &str| {
            found(|place, report| check_file(&format!("/opt/{name}.raw"), Some(&image(name)), place, report)).join(" ")
        };
        assert_eq!(unknown("kubernets"), "warning unknown-bakery-extension");
        assert_eq!(unknown("kubernetes"), "");
        let elsewhere = "https://example.com/tools-1.0-arm64.raw";
        let found = found(|place, report| check_link("/etc/extensions/tool.raw", elsewhere, place, report));
        assert_eq!(found, ["warning extension-file-name"]);
    }

    #[test]
    fn paths_that_nothing_reads_and_links_that_presets_remove_are_told() {
        let file = |path: &str| found(|place, report| check_file(path, None, place, report)).join(" ");
        assert_eq!(file("/etc/coreos/update.conf"), "warning unread-node-path");
        assert_eq!(file("/etc/flatcar/update.conf"), "");
        let link = |path: &str| found(|place, report| check_link(path, "/x", place, report)).join(" ");
        assert_eq!(link("/etc/systemd/system/multi-user.target.wants/a.service"), "warning unit-enabled-by-link");
        assert_eq!(link("/etc/systemd/system/a.service"), "");
    }
}
