//! Validation of the source, before it is translated.

use crate::codec::Path;
use crate::ignition3::{self, Findings};
use crate::problem::{BootDevice as BootRule, Luks as LuksRule, Source};

use super::types::{BootDevice, FcosConfig, Filesystem, Grub, Quadlet, Resource, Storage, Systemd};
use super::version::Version;

/// The whole source, in the original's order.
pub(super) fn check(config: &FcosConfig, version: Version, found: &mut Findings) {
    let root = Path::ROOT;
    if version.has_boot_device() && version.minor >= 6 {
        check_fcos(&config.storage, &config.boot_device.mirror.devices, &root.key("storage"), found);
    }
    check_ignition(config, version, found);
    check_storage(&config.storage, version, &root.key("storage"), found);
    check_systemd(&config.systemd, version, &root.key("systemd"), found);
    if version.has_boot_device() {
        check_boot_device(&config.boot_device, version, &root.key("boot_device"), found);
        check_grub(&config.grub, &root.key("grub"), found);
    }
}

/// What only newer versions of Fedora CoreOS say about disks.
fn check_fcos(storage: &Storage, mirrored: &[String], at: &Path<'_>, found: &mut Findings) {
    let disks = at.key("disks");
    for (i, disk) in storage.disks.iter().enumerate() {
        let is_boot_disk = disk.device == "/dev/disk/by-id/coreos-boot-disk" || mirrored.contains(&disk.device);
        if is_boot_disk || disk.wipe_table == Some(true) {
            continue;
        }
        let disk_path = disks.index(i);
        let list = disk_path.key("partitions");
        for (p, partition) in disk.partitions.iter().enumerate() {
            if partition.number == 0 && partition.label.is_some() {
                found.warning(&list.index(p).key("number"), Source::ReusedByLabel);
            }
        }
    }
    let filesystems = at.key("filesystems");
    for (i, filesystem) in storage.filesystems.iter().enumerate() {
        let is_allowed = |path: &str| {
            ["/etc", "/var"]
                .iter()
                .any(|top| path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        };
        if filesystem.with_mount_unit == Some(true) && filesystem.path.as_deref().is_some_and(|path| !is_allowed(path))
        {
            found.error(&filesystems.index(i).key("path"), Source::MountPath);
        }
    }
}

fn check_ignition(config: &FcosConfig, version: Version, found: &mut Findings) {
    if version.base() < 2 {
        return;
    }
    let root = Path::ROOT;
    let ignition = root.key("ignition");
    let place = ignition.key("config");
    let merge = place.key("merge");
    for (i, reference) in config.ignition.config.merge.iter().enumerate() {
        check_resource(&reference.clone().into(), version, true, &merge.index(i), found);
    }
    check_resource(&config.ignition.config.replace.clone().into(), version, true, &place.key("replace"), found);
    let security = ignition.key("security");
    let tls = security.key("tls");
    let authorities = tls.key("certificate_authorities");
    for (i, reference) in config.ignition.security.tls.certificate_authorities.iter().enumerate() {
        check_resource(&reference.clone().into(), version, false, &authorities.index(i), found);
    }
}

fn check_resource(resource: &Resource, version: Version, is_config: bool, at: &Path<'_>, found: &mut Findings) {
    let set = [
        ("local", resource.local.is_some()),
        ("inline", resource.inline.is_some()),
        ("source", resource.source.is_some()),
    ];
    let mut fields = set.iter().filter(|(_, is_set)| *is_set).map(|(field, _)| *field);
    let (Some(first), second) = (fields.next(), fields.next()) else { return };
    if let Some(second) = second {
        // The oldest version only looks at `inline`.
        let last = if version.base() == 1 { "inline" } else { fields.next().unwrap_or(second) };
        found.error(&at.key(last), Source::SeveralSources { keys: "inline, local, source" });
        return;
    }
    if is_config && first == "inline" {
        check_inner_config(resource.inline.as_deref().unwrap_or_default(), version, at, found);
    }
}

/// A config within the config. Its findings keep their own paths, which mean nothing outside.
fn check_inner_config(text: &str, version: Version, at: &Path<'_>, found: &mut Findings) {
    let version = version.ignition();
    let (tree, config) = match ignition3::parse_as(text.as_bytes(), version) {
        Ok(parsed) => parsed,
        Err(problem) => {
            found.error(&Path::ROOT, problem);
            found.error(&at.key("inline"), Source::InnerConfig);
            return;
        }
    };
    let is_other = ignition3::Semver::parse(&config.ignition.version).is_some()
        && ignition3::Version::parse(&config.ignition.version) != Some(version);
    if is_other {
        found.warning(&at.key("version"), Source::UncheckedInnerConfig);
        return;
    }
    let mut inner = Findings::default();
    ignition3::walk(&tree, &config, version, false, &mut inner);
    found.list.extend(inner.list.into_iter().map(|finding| ignition3::Finding { key: None, ..finding }));
}

fn check_storage(storage: &Storage, version: Version, at: &Path<'_>, found: &mut Findings) {
    let list = at.key("directories");
    for (i, directory) in storage.directories.iter().enumerate() {
        check_mode(directory.mode, true, &list.index(i), found);
    }
    let list = at.key("files");
    for (i, file) in storage.files.iter().enumerate() {
        let item = list.index(i);
        check_mode(file.mode, false, &item, found);
        let append = item.key("append");
        for (i, resource) in file.append.iter().enumerate() {
            check_resource(resource, version, false, &append.index(i), found);
        }
        check_resource(&file.contents, version, false, &item.key("contents"), found);
    }
    let list = at.key("filesystems");
    for (i, filesystem) in storage.filesystems.iter().enumerate() {
        check_filesystem(filesystem, version, &list.index(i), found);
    }
    let list = at.key("luks");
    for (i, luks) in storage.luks.iter().enumerate() {
        check_resource(&luks.key_file, version, false, &list.index(i).key("key_file"), found);
    }
    let list = at.key("trees");
    for (i, tree) in storage.trees.iter().enumerate() {
        if tree.local.is_empty() {
            found.error(&list.index(i), Source::TreeWithoutDirectory);
        }
    }
}

fn check_filesystem(filesystem: &Filesystem, version: Version, at: &Path<'_>, found: &mut Findings) {
    if filesystem.with_mount_unit != Some(true) {
        return;
    }
    let is_empty = |text: &Option<String>| text.as_deref().unwrap_or_default().is_empty();
    if is_empty(&filesystem.format) {
        found.error(&at.key("format"), Source::MountWithoutFormat);
    } else if !is_swap(filesystem, version) && is_empty(&filesystem.path) {
        found.error(&at.key("path"), Source::MountWithoutPath);
    }
}

/// Older versions know no swap units, but their message speaks of them.
fn is_swap(filesystem: &Filesystem, version: Version) -> bool {
    version.base() >= 4 && filesystem.format.as_deref() == Some("swap")
}

fn check_mode(mode: Option<i64>, is_directory: bool, at: &Path<'_>, found: &mut Findings) {
    let Some(mode) = mode else { return };
    if let Some(octal) = decimal_as_octal(mode)
        && !is_typical(mode, is_directory)
        && is_typical(octal, is_directory)
    {
        found.warning(&at.key("mode"), Source::DecimalMode { mode });
    }
}

/// The mode that the decimal digits would be in octal.
pub(crate) fn decimal_as_octal(mode: i64) -> Option<i64> {
    if !(0..=7777).contains(&mode) {
        return None;
    }
    [1000, 100, 10, 1].into_iter().try_fold(0, |octal, divisor| {
        let digit = mode / divisor % 10;
        (digit <= 7).then_some(octal << 3 | digit)
    })
}

/// Whether a mode is one that people choose.
pub(crate) fn is_typical(mode: i64, is_directory: bool) -> bool {
    if mode == 0 {
        return true;
    }
    let (mut has_read, mut has_write, mut has_execute) = (false, false, false);
    for perm in [mode & 7, mode >> 3 & 7, mode >> 6 & 7] {
        let (read, write, execute) = (perm & 4 != 0, perm & 2 != 0, perm & 1 != 0);
        let loses = (!read && has_read) || (!write && has_write) || (!execute && has_execute);
        let is_odd = (execute && has_read && !has_execute) || ((write || execute) && !read);
        if loses || is_odd {
            return false;
        }
        has_read |= read;
        has_write |= write;
        has_execute |= execute;
    }
    if !has_read {
        return false;
    }
    if is_directory {
        has_execute && mode & 0o4000 == 0 && (mode & 0o3000 == 0 || has_write)
    } else {
        mode & 0o1000 == 0 && (mode & 0o6000 == 0 || (has_execute && mode & 2 == 0))
    }
}

fn check_systemd(systemd: &Systemd, version: Version, at: &Path<'_>, found: &mut Findings) {
    if version.base() < 5 {
        return;
    }
    let units = at.key("units");
    for (i, unit) in systemd.units.iter().enumerate() {
        let item = units.index(i);
        check_sources(&unit.contents, &unit.contents_local, &item, found);
        let dropins = item.key("dropins");
        for (i, dropin) in unit.dropins.iter().enumerate() {
            check_sources(&dropin.contents, &dropin.contents_local, &dropins.index(i), found);
        }
    }
    let quadlets = at.key("quadlets");
    for (i, quadlet) in systemd.quadlets.iter().enumerate() {
        let item = quadlets.index(i);
        check_quadlet(quadlet, &item, found);
        let dropins = item.key("dropins");
        for (i, dropin) in quadlet.dropins.iter().enumerate() {
            check_sources(&dropin.contents, &dropin.contents_local, &dropins.index(i), found);
        }
    }
}

fn check_sources(contents: &Option<String>, local: &Option<String>, at: &Path<'_>, found: &mut Findings) {
    if contents.is_some() && local.is_some() {
        found.error(&at.key("contents_local"), Source::SeveralSources { keys: "contents, contents_local" });
    }
}

fn check_quadlet(quadlet: &Quadlet, at: &Path<'_>, found: &mut Findings) {
    let known = [".container", ".volume", ".network", ".kube", ".image", ".build", ".pod", ".artifact"];
    if !known.iter().any(|suffix| quadlet.name.ends_with(suffix)) {
        found.error(&at.key("name"), Source::QuadletExtension);
        return;
    }
    if super::quadlet::template_of(&quadlet.name).is_none() {
        check_sources(&quadlet.contents, &quadlet.contents_local, at, found);
        return;
    }
    for (key, is_set) in
        [("contents", quadlet.contents.is_some()), ("contents_local", quadlet.contents_local.is_some())]
    {
        if is_set {
            found.error(&at.key(key), Source::QuadletInstance);
        }
    }
}

fn check_boot_device(boot: &BootDevice, version: Version, at: &Path<'_>, found: &mut Findings) {
    let has_s390x = version.minor >= 6;
    let is_mirrored = !boot.mirror.devices.is_empty();
    let device = boot.luks.device.as_deref().unwrap_or_default();
    let at_layout = at.key("layout");
    match boot.layout.as_deref() {
        None | Some("aarch64" | "ppc64le" | "x86_64") => {}
        Some("s390x-virt") if has_s390x => {}
        Some(layout @ ("s390x-eckd" | "s390x-zfcp")) if has_s390x => {
            let prefix = if layout == "s390x-eckd" { "/dev/dasd" } else { "/dev/sd" };
            if device.is_empty() {
                found.error(&at_layout, BootRule::NoDevice);
            } else if !has_drive_name(device, prefix) {
                found.error(&at_layout, BootRule::DeviceName);
            }
        }
        Some(_) if has_s390x => {
            found.error(
                &at_layout,
                BootRule::Layout { known: "aarch64, ppc64le, s390x-eckd, s390x-virt, s390x-zfcp, x86_64" },
            );
        }
        Some(_) => found.error(&at_layout, BootRule::Layout { known: "aarch64, ppc64le, x86_64" }),
    }
    let is_s390x = |layout: &str| layout.starts_with("s390x");
    if has_s390x && is_mirrored && boot.layout.as_deref().is_some_and(is_s390x) {
        found.error(&at_layout, BootRule::MirrorLayout);
    }
    if boot.luks.cex.enabled == Some(true) {
        match boot.layout.as_deref() {
            None => found.error(&at.key("luks").key("cex"), BootRule::CexArchitecture),
            Some(layout) if !is_s390x(layout) => found.error(&at_layout, BootRule::CexArchitecture),
            Some(_) => {}
        }
        if !boot.luks.tang.is_empty() || boot.luks.tpm2 == Some(true) {
            found.error(&at.key("luks"), LuksRule::CexAndClevis);
        }
    }
    let mirror = at.key("mirror");
    if is_mirrored && boot.layout.is_none() {
        if version.minor >= 7 {
            found.error(&mirror, BootRule::MirrorWithoutLayout);
        } else {
            found.warning(&mirror, BootRule::MirrorWithoutLayout);
        }
    }
    // The original checks the mirror by hand and then meets it again on its walk.
    for _ in 0..2 {
        if boot.mirror.devices.len() == 1 {
            found.error(&mirror.key("devices"), BootRule::SingleMirror);
        }
    }
}

/// The pattern of the original is open at the front: `…/dev/sda` is enough.
fn has_drive_name(device: &str, prefix: &str) -> bool {
    device.strip_suffix(|letter: char| letter.is_ascii_lowercase()).is_some_and(|stem| stem.ends_with(prefix))
}

fn check_grub(grub: &Grub, at: &Path<'_>, found: &mut Findings) {
    let users = at.key("users");
    for (i, user) in grub.users.iter().enumerate() {
        let item = users.index(i);
        if user.name.is_empty() {
            found.error(&item.key("name"), Source::GrubField { field: "name" });
        }
        if user.password_hash.as_deref().unwrap_or_default().is_empty() {
            found.error(&item.key("password_hash"), Source::GrubField { field: "password_hash" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_modes_that_look_octal_are_doubtful() {
        assert_eq!(decimal_as_octal(600), Some(0o600));
        assert_eq!(decimal_as_octal(680), None);
        assert!(is_typical(0o640, false) && !is_typical(600, false));
        assert!(is_typical(0o1777, true) && !is_typical(0o1777, false));
    }
}
