//! The rules of Ignition 2.3, one function per `Validate` method of the original.

use std::collections::BTreeSet;

use crate::entry::EntryKind;
use crate::ignition2::source_url;
use crate::ignition2::types::{
    CaReference, Config, ConfigReference, Directory, Disk, File, FileContents, Filesystem, Ignition, Link, Mount,
    NetworkdDropin, NetworkdUnit, NodeOwner, Partition, PasswdUser, Raid, SystemdDropin, Unit, Verification,
};
use crate::ignition2::walk::Finding;
use crate::problem::{
    Config as Whole, Disk as DiskRule, Filesystem as FilesystemRule, Node, Raid as RaidRule, Resource,
    Unit as UnitRule, UnitText, User,
};
use crate::{unit_name, unit_text};

type Found = Vec<Finding>;

pub(crate) fn config(config: &Config, found: &mut Found) {
    let storage = &config.storage;
    let names: BTreeSet<&str> =
        storage.filesystems.iter().map(|filesystem| &*filesystem.name).chain(["root"]).collect();
    let mut check = |kind, path: &str, filesystem: &str| {
        if !filesystem.is_empty() && !names.contains(filesystem) {
            let (path, filesystem) = (path.to_owned(), filesystem.to_owned());
            found.push(Finding::warning(Node::UnknownFilesystem { kind, path, filesystem }));
        }
    };
    storage.files.iter().for_each(|file| check("File", &file.path, &file.filesystem));
    storage.links.iter().for_each(|link| check("Link", &link.path, &link.filesystem));
    storage.directories.iter().for_each(|dir| check("Directory", &dir.path, &dir.filesystem));
    let mut defined = BTreeSet::from(["root"]);
    for filesystem in &storage.filesystems {
        if !defined.insert(&filesystem.name) {
            found.push(Finding::warning(FilesystemRule::Shadowed { name: filesystem.name.clone() }));
        }
    }
}

pub(crate) fn ignition(ignition: &Ignition, found: &mut Found) {
    if super::semver::Version::parse(&ignition.version).is_err() {
        found.push(Finding::error(Whole::UnreadableVersion));
    }
}

pub(crate) fn config_reference(reference: &ConfigReference, field: &'static str, found: &mut Found) {
    if field == "source"
        && let Err(problem) = source_url::check(&reference.source)
    {
        found.push(Finding::error(problem));
    }
}

pub(crate) fn ca_reference(reference: &CaReference, field: &'static str, found: &mut Found) {
    if field == "source"
        && let Err(problem) = source_url::check(&reference.source)
    {
        found.push(Finding::error(problem));
    }
}

pub(crate) fn verification(verification: &Verification, found: &mut Found) {
    let Some(hash) = &verification.hash else { return };
    match hash.split_once('-') {
        None => found.push(Finding::error(Resource::MalformedHash)),
        Some(("sha512", sum)) if sum.len() == 128 => {}
        Some(("sha512", _)) => found.push(Finding::error(Resource::HashLength)),
        Some(_) => found.push(Finding::error(Resource::HashFunction)),
    }
}

/// The sections of a unit that hold an option. Garbage is shown as Go prints bytes.
fn sections(text: &str) -> Result<BTreeSet<String>, UnitText> {
    unit_text::sections(text, |garbage| {
        let bytes: Vec<String> = garbage.bytes().map(|byte| byte.to_string()).collect();
        format!("[{}]", bytes.join(" "))
    })
}

fn contents(text: &str, found: &mut Found) {
    if let Err(problem) = sections(text) {
        found.push(Finding::error(UnitRule::Contents(problem)));
    }
}

pub(crate) fn networkd_unit(unit: &NetworkdUnit, found: &mut Found) {
    contents(&unit.contents, found);
    if !matches!(unit_name::extension(&unit.name), ".link" | ".netdev" | ".network") {
        found.push(Finding::error(UnitRule::Extension { program: "networkd" }));
    }
}

pub(crate) fn networkd_dropin(dropin: &NetworkdDropin, found: &mut Found) {
    contents(&dropin.contents, found);
    if unit_name::extension(&dropin.name) != ".conf" {
        found.push(Finding::error(UnitRule::DropInExtension { program: "networkd" }));
    }
}

pub(crate) fn systemd_dropin(dropin: &SystemdDropin, found: &mut Found) {
    contents(&dropin.contents, found);
    if unit_name::extension(&dropin.name) != ".conf" {
        found.push(Finding::error(UnitRule::DropInExtension { program: "systemd" }));
    }
}

pub(crate) fn unit(unit: &Unit, field: &'static str, found: &mut Found) {
    match field {
        "contents" => unit_contents(unit, found),
        "name" if !unit_name::is_unit(&unit.name) => {
            found.push(Finding::error(UnitRule::Extension { program: "systemd" }));
        }
        _ => {}
    }
}

fn unit_contents(unit: &Unit, found: &mut Found) {
    match sections(&unit.contents) {
        Err(problem) => found.push(Finding::error(UnitRule::Contents(problem))),
        Ok(sections) => {
            let is_enabled = unit.enable || unit.enabled == Some(true);
            // A text without any option says nothing about its sections in the original's parser.
            if is_enabled && !sections.is_empty() && !sections.contains("Install") {
                found.push(Finding::warning(UnitRule::NoInstall { name: unit.name.clone() }));
            }
        }
    }
}

pub(crate) fn passwd_user(user: &PasswdUser, found: &mut Found) {
    if user.create.is_none() {
        return;
    }
    found.push(Finding::warning(User::CreateObject));
    let fields = [
        (!user.gecos.is_empty(), "gecos"),
        (!user.groups.is_empty(), "groups"),
        (!user.home_dir.is_empty(), "homeDir"),
        (user.no_create_home, "noCreateHome"),
        (user.no_log_init, "noLogInit"),
        (user.no_user_group, "noUserGroup"),
        (!user.primary_group.is_empty(), "primaryGroup"),
        (!user.shell.is_empty(), "shell"),
        (user.system, "system"),
        (user.uid.is_some(), "uid"),
    ];
    found.extend(
        fields
            .into_iter()
            .filter(|(is_set, _)| *is_set)
            .map(|(_, field)| Finding::error(User::CreateObjectAndOption { field })),
    );
}

/// An absolute path, by the validator's measure: it begins with a slash.
fn path(path: &str, found: &mut Found) {
    if !path.starts_with('/') {
        found.push(Finding::error(Node::Relative));
    }
}

fn mode(mode: Option<i64>, found: &mut Found) {
    match mode {
        None => found.push(Finding::warning(Node::MissingMode)),
        Some(mode) if !(0..=0o7777).contains(&mode) => found.push(Finding::error(Node::IllegalMode)),
        Some(_) => {}
    }
}

fn node(filesystem: &str, at: &str, field: &'static str, found: &mut Found) {
    match field {
        "filesystem" if filesystem.is_empty() => found.push(Finding::error(Node::NoFilesystem)),
        "path" => path(at, found),
        _ => {}
    }
}

pub(crate) fn node_owner(owner: &NodeOwner, found: &mut Found) {
    if owner.id.is_some() && !owner.name.is_empty() {
        found.push(Finding::error(Node::OwnerTwice));
    }
}

pub(crate) fn directory(directory: &Directory, field: &'static str, found: &mut Found) {
    node(&directory.filesystem, &directory.path, field, found);
    if field == "mode" {
        mode(directory.mode, found);
    }
}

pub(crate) fn link(link: &Link, field: &'static str, found: &mut Found) {
    node(&link.filesystem, &link.path, field, found);
}

pub(crate) fn file(file: &File, found: &mut Found) {
    if file.append && file.overwrite == Some(true) {
        found.push(Finding::error(Node::OverwriteAndAppend));
    }
}

pub(crate) fn file_field(file: &File, field: &'static str, found: &mut Found) {
    node(&file.filesystem, &file.path, field, found);
    if field == "mode" {
        mode(file.mode, found);
    }
}

pub(crate) fn file_contents(contents: &FileContents, field: &'static str, found: &mut Found) {
    match field {
        "compression" if !matches!(&*contents.compression, "" | "gzip") => {
            found.push(Finding::error(Resource::Compression));
        }
        "source" => {
            if let Err(problem) = source_url::check(&contents.source) {
                found.push(Finding::error(problem.within(&contents.source)));
            }
        }
        _ => {}
    }
}

pub(crate) fn disk_field(disk: &Disk, field: &'static str, found: &mut Found) {
    match field {
        "device" if disk.device.is_empty() => found.push(Finding::error(DiskRule::NoDevice)),
        "device" => path(&disk.device, found),
        "partitions" => partitions(&disk.partitions, found),
        _ => {}
    }
}

fn partitions(partitions: &[Partition], found: &mut Found) {
    let mut numbers = BTreeSet::new();
    if partitions.iter().any(|partition| partition.number != 0 && !numbers.insert(partition.number)) {
        found.push(Finding::error(DiskRule::NumbersCollide));
    }
    if overlap(partitions) {
        found.push(Finding::error(DiskRule::Overlap));
    }
    if partitions.iter().any(|partition| partition.start.is_some_and(|start| start & 2047 != 0)) {
        found.push(Finding::error(DiskRule::Misaligned));
    }
    let has_absent = partitions.iter().any(|partition| partition.should_exist == Some(false));
    if has_absent && partitions.iter().any(|partition| partition.number == 0) {
        found.push(Finding::error(DiskRule::UnnumberedAtRemoval));
    }
    let in_sectors = partitions.iter().any(|partition| partition.size.is_some() || partition.start.is_some());
    let in_mib = partitions.iter().any(|partition| partition.size_mib.is_some() || partition.start_mib.is_some());
    if in_sectors && in_mib {
        found.push(Finding::error(DiskRule::MixedUnits));
    }
}

/// Whether partitions given in sectors overlap. A start of 0 lets the tool choose and is not compared.
fn overlap(partitions: &[Partition]) -> bool {
    let mut ranges: Vec<(i64, i64)> = partitions
        .iter()
        .filter_map(|partition| {
            let (start, size) = (partition.start?, partition.size?);
            let end = if size == 0 { start } else { start.wrapping_add(size).wrapping_sub(1) };
            (start != 0).then_some((start, end))
        })
        .collect();
    ranges.sort_unstable();
    ranges.windows(2).any(|pair| pair[1].0 <= pair[0].1 || pair[0].0 == pair[1].0)
}

pub(crate) fn partition(partition: &Partition, found: &mut Found) {
    let is_in_sectors = partition.start.is_some() || partition.size.is_some();
    if is_in_sectors && (partition.start_mib.is_some() || partition.size_mib.is_some()) {
        found.push(Finding::error(DiskRule::MixedUnits));
    }
    let has_others =
        partition.label.is_some() || !partition.type_guid.is_empty() || !partition.guid.is_empty() || is_in_sectors;
    if partition.should_exist == Some(false) && has_others {
        found.push(Finding::error(DiskRule::OptionsOfRemoved));
    }
}

pub(crate) fn partition_field(partition: &Partition, field: &'static str, found: &mut Found) {
    let deprecated = |field| Finding { kind: EntryKind::Deprecated, problem: DiskRule::Sectors { field }.into() };
    match field {
        "guid" => guid(&partition.guid, found),
        "typeGuid" => guid(&partition.type_guid, found),
        "size" if partition.size.is_some() => found.push(deprecated("size")),
        "start" if partition.start.is_some() => found.push(deprecated("start")),
        "label" => {
            let label = partition.label.as_deref().unwrap_or_default();
            if label.len() > 36 {
                found.push(Finding::error(DiskRule::LongLabel));
            }
            if label.contains(':') {
                found.push(Finding::warning(DiskRule::LabelColon));
            }
        }
        _ => {}
    }
}

fn guid(text: &str, found: &mut Found) {
    let mut groups = text.split('-');
    let is_guid = [8, 4, 4, 4, 12].iter().all(|length| {
        groups.next().is_some_and(|group| group.len() == *length && group.bytes().all(|b| b.is_ascii_hexdigit()))
    }) && groups.next().is_none();
    if !text.is_empty() && !is_guid {
        found.push(Finding::error(DiskRule::Guid));
    }
}

pub(crate) fn filesystem(filesystem: &Filesystem, found: &mut Found) {
    let Some(mount) = &filesystem.mount else {
        if filesystem.path.is_none() {
            found.push(Finding::error(FilesystemRule::NoPlace));
        }
        return;
    };
    if filesystem.path.is_some() {
        found.push(Finding::error(FilesystemRule::TwoPlaces));
    }
    if mount.create.is_some() {
        if mount.wipe_filesystem {
            found.push(Finding::error(FilesystemRule::CreateObjectAndOption { option: "wipeFilesystem" }));
        }
        if !mount.options.is_empty() {
            found.push(Finding::error(FilesystemRule::CreateObjectAndOption { option: "mount-level options" }));
        }
        found.push(Finding::warning(FilesystemRule::CreateObject));
    }
}

pub(crate) fn filesystem_field(filesystem: &Filesystem, field: &'static str, found: &mut Found) {
    if field == "path" && filesystem.path.as_ref().is_some_and(|path| !path.starts_with('/')) {
        found.push(Finding::error(FilesystemRule::RelativePath { name: filesystem.name.clone() }));
    }
}

pub(crate) fn mount(mount: &Mount, found: &mut Found) {
    if !matches!(&*mount.format, "ext4" | "btrfs" | "xfs" | "swap" | "vfat") {
        found.push(Finding::error(FilesystemRule::UnknownFormat));
    }
}

pub(crate) fn mount_field(mount: &Mount, field: &'static str, found: &mut Found) {
    match field {
        "device" => path(&mount.device, found),
        "label" => {
            let (format, limit) = match &*mount.format {
                "ext4" => ("ext4", 16),
                "btrfs" => ("btrfs", 256),
                "xfs" => ("xfs", 12),
                "swap" => ("swap", 15),
                "vfat" => ("vfat", 11),
                _ => return,
            };
            if mount.label.as_ref().is_some_and(|label| label.len() > limit) {
                found.push(Finding::error(FilesystemRule::LongLabel { limit, format }));
            }
        }
        _ => {}
    }
}

pub(crate) fn raid(raid: &Raid, field: &'static str, found: &mut Found) {
    match field {
        "level" => match &*raid.level {
            "linear" | "raid0" | "0" | "stripe" => {
                if raid.spares != 0 {
                    found.push(Finding::error(RaidRule::Spares { arrays: "arrays with a level greater than 0" }));
                }
            }
            "raid1" | "1" | "mirror" | "raid4" | "4" | "raid5" | "5" | "raid6" | "6" | "raid10" | "10" => {}
            _ => found.push(Finding::error(RaidRule::UnknownLevel)),
        },
        "devices" => raid.devices.0.iter().for_each(|device| path(device, found)),
        _ => {}
    }
}
