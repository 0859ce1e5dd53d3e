//! Checks of disks, file systems and what links make of paths.

use std::collections::BTreeMap;

use crate::codec::Path;

use super::paths::path_error;
use super::report::Findings;
use super::types::{Disk, Filesystem, Link, Partition, Raid, Storage};
use super::version::Version;
use crate::problem::{Disk as DiskRule, Filesystem as FilesystemRule, Node, Problem, Raid as RaidRule, Virtiofs};
use flatwright_go::path::clean;

/// Everything below one of the config's own links, hard links, and file systems on partitioned disks.
pub(super) fn check_storage(storage: &Storage, version: Version, at: &Path<'_>, found: &mut Findings) {
    let links = Links::new(&storage.links);
    let mut directories: BTreeMap<&str, usize> = BTreeMap::new();
    for directory in &storage.directories {
        *directories.entry(&directory.path).or_default() += 1;
    }
    for (i, directory) in storage.directories.iter().enumerate() {
        links.report(&directory.path, &at.key("directories").index(i), "directory", found);
    }
    for (i, file) in storage.files.iter().enumerate() {
        links.report(&file.path, &at.key("files").index(i), "file", found);
    }
    for (i, link) in storage.links.iter().enumerate() {
        let list = at.key("links");
        let at = list.index(i);
        links.report(&link.path, &at, "link", found);
        check_link(link, &directories, version, &at, found);
    }
    let mut disks: BTreeMap<&str, &Disk> = BTreeMap::new();
    for disk in &storage.disks {
        disks.insert(&disk.device, disk);
    }
    for (i, filesystem) in storage.filesystems.iter().enumerate() {
        let Some(disk) = disks.get(&*filesystem.device) else { continue };
        let list = at.key("filesystems");
        let item = list.index(i);
        if !disk.partitions.is_empty() {
            found.warning(&item.key("device"), FilesystemRule::OverPartitions);
        } else if filesystem.wipe_filesystem != Some(true) && disk.wipe_table == Some(true) {
            found.warning(&item.key("device"), FilesystemRule::OfWipedDisk);
        }
    }
}

fn check_link(link: &Link, directories: &BTreeMap<&str, usize>, version: Version, at: &Path<'_>, found: &mut Findings) {
    let target = link.target.as_deref().unwrap_or_default();
    if target.is_empty() && version >= Version::V3_3 {
        found.error(&at.key("target"), Node::NoTarget);
        return;
    }
    if link.hard != Some(true) {
        return;
    }
    let absolute = if target.starts_with('/') {
        clean(target).into_owned()
    } else {
        clean(&format!("{}/{target}", link.path)).into_owned()
    };
    for _ in 0..directories.get(&*absolute).copied().unwrap_or_default() {
        found.error(at, Node::HardLinkToDirectory);
    }
    let owners = [
        (link.user.id.is_some(), "user", "id"),
        (link.user.name.is_some(), "user", "name"),
        (link.group.id.is_some(), "group", "id"),
        (link.group.name.is_some(), "group", "name"),
    ];
    for (is_set, owner, key) in owners {
        if is_set {
            found.warning(&at.key(owner).key(key), Node::OwnerOfHardLink);
        }
    }
}

/// The paths of the links, with how often each occurs.
struct Links<'a>(BTreeMap<&'a str, usize>);

impl<'a> Links<'a> {
    fn new(links: &'a [Link]) -> Self {
        let mut paths: BTreeMap<&str, usize> = BTreeMap::new();
        for link in links {
            *paths.entry(&link.path).or_default() += 1;
        }
        Self(paths)
    }

    /// Once for each link above the path, by text: a link with an empty path is above everything that begins with `/`.
    fn report(&self, path: &str, at: &Path<'_>, kind: &'static str, found: &mut Findings) {
        if self.0.is_empty() {
            return;
        }
        for (slash, _) in path.match_indices('/') {
            for _ in 0..self.0.get(&path[..slash]).copied().unwrap_or_default() {
                found.error(at, Node::BelowLink { kind });
            }
        }
    }
}

pub(super) fn check_disk(disk: &Disk, is_newest: bool, at: &Path<'_>, found: &mut Findings) {
    if disk.device.is_empty() {
        found.error(&at.key("device"), DiskRule::NoDevice);
        return;
    }
    if let Some(problem) = path_error(&disk.device) {
        found.error(&at.key("device"), problem);
    }
    let list = at.key("partitions");
    if let Some(i) = repeated(&disk.partitions, |partition| (partition.number != 0).then_some(partition.number)) {
        found.error(&list.index(i), DiskRule::NumbersCollide);
    }
    if let Some(i) = overlapping(&disk.partitions) {
        found.error(&list.index(i), DiskRule::Overlap);
    }
    let is_removing = disk.partitions.iter().any(|partition| partition.should_exist == Some(false));
    // The newest Ignition lets a label stand for a number.
    let is_zero = |partition: &Partition| partition.number == 0 && !(is_newest && partition.label.is_some());
    if is_removing && disk.partitions.iter().any(is_zero) {
        found.error(&list, DiskRule::UnnumberedAtRemoval);
    }
    if let Some(i) = repeated(&disk.partitions, |partition| partition.label.as_deref()) {
        found.error(&list.index(i), DiskRule::LabelTwice);
    }
}

/// The first item whose key occurred before.
fn repeated<'a, K: Ord>(items: &'a [Partition], key: impl Fn(&'a Partition) -> Option<K>) -> Option<usize> {
    let mut seen = std::collections::BTreeSet::new();
    items.iter().position(|item| key(item).is_some_and(|key| !seen.insert(key)))
}

/// The partition that the original names: for the first one (in order) that overlaps another, that other one.
fn overlapping(partitions: &[Partition]) -> Option<usize> {
    let placed: Vec<(usize, i64, i64)> = partitions
        .iter()
        .enumerate()
        .filter_map(|(i, partition)| {
            let (start, size) = (partition.start_mib?, partition.size_mib?);
            // A start of 0 is placed later, a size of 0 fills what is left: its end is its start.
            let end = if size == 0 { start } else { start.saturating_add(size).saturating_sub(1) };
            (start != 0).then_some((i, start, end))
        })
        .collect();
    let overlap = |a: &(usize, i64, i64), b: &(usize, i64, i64)| {
        (a.1 >= b.1 && a.1 <= b.2) || (a.2 >= b.1 && a.2 <= b.2) || (a.1 < b.1 && a.2 > b.2)
    };
    // Comparing each with each is only done for the first that overlaps its neighbours by start.
    let mut by_start = placed.clone();
    by_start.sort_unstable_by_key(|(i, start, _)| (*start, *i));
    let mut reach = i64::MIN;
    let mut first: Option<usize> = None;
    for (at, (i, start, end)) in by_start.iter().enumerate() {
        let is_hit = *start <= reach || by_start.get(at + 1).is_some_and(|next| next.1 <= *end);
        if is_hit && first.is_none_or(|known| *i < known) {
            first = Some(*i);
        }
        reach = reach.max(*end);
    }
    let one = placed.iter().find(|(i, ..)| Some(*i) == first)?;
    placed.iter().find(|other| one.0 != other.0 && overlap(one, other)).map(|other| other.0)
}

pub(super) fn check_partition(partition: &Partition, version: Version, at: &Path<'_>, found: &mut Findings) {
    let is_set = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    let has_others = is_set(&partition.type_guid)
        || is_set(&partition.guid)
        || partition.start_mib.is_some()
        || partition.size_mib.is_some()
        || (partition.label.is_some() && version < Version::V3_7Experimental);
    if partition.should_exist == Some(false) && has_others {
        found.error(at, DiskRule::OptionsOfRemoved);
    }
    if partition.number == 0 && partition.label.is_none() {
        found.error(at, DiskRule::Unidentified);
    }
    if let Some(label) = &partition.label {
        if label.len() > 36 {
            found.error(&at.key("label"), DiskRule::LongLabel);
        } else if label.contains(':') {
            found.error(&at.key("label"), DiskRule::LabelColon);
        }
    }
    for (key, guid) in [("guid", &partition.guid), ("typeGuid", &partition.type_guid)] {
        if guid.as_deref().is_some_and(|guid| !is_guid(guid)) {
            found.error(&at.key(key), DiskRule::Guid);
        }
    }
}

fn is_guid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    text.is_empty()
        || (text.split('-').count() == 5
            && text
                .split('-')
                .zip(lengths)
                .all(|(part, length)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())))
}

pub(super) fn check_filesystem(filesystem: &Filesystem, version: Version, at: &Path<'_>, found: &mut Findings) {
    let format = filesystem.format.as_deref().unwrap_or_default();
    let is_virtiofs = format == "virtiofs" && version >= Version::V3_6;
    if let Some(path) = filesystem.path.as_deref().filter(|path| !path.is_empty())
        && let Some(problem) = path_error(path)
    {
        found.error(&at.key("path"), problem);
    }
    let device = if is_virtiofs {
        match filesystem.device.len() {
            0 => Some(Problem::from(FilesystemRule::Virtiofs(Virtiofs::NoTag))),
            37.. => Some(FilesystemRule::Virtiofs(Virtiofs::LongTag).into()),
            _ => None,
        }
    } else {
        path_error(&filesystem.device).map(Problem::from)
    };
    if let Some(problem) = device {
        found.error(&at.key("device"), problem);
    }
    if let Some(problem) = format_error(filesystem, format, version) {
        found.error(&at.key("format"), problem);
    }
    if let Some(problem) = label_error(filesystem, format) {
        found.error(&at.key("label"), problem);
    }
    if is_virtiofs {
        if filesystem.uuid.as_deref().is_some_and(|uuid| !uuid.is_empty()) {
            found.error(&at.key("uuid"), FilesystemRule::Virtiofs(Virtiofs::Option("UUID")));
        }
        if filesystem.wipe_filesystem == Some(true) {
            found.error(&at.key("wipeFilesystem"), FilesystemRule::Virtiofs(Virtiofs::Option("wipeFilesystem")));
        }
        if !filesystem.options.is_empty() {
            found.error(&at.key("options"), FilesystemRule::Virtiofs(Virtiofs::Option("options")));
        }
    }
}

fn format_error(filesystem: &Filesystem, format: &str, version: Version) -> Option<FilesystemRule> {
    let is_set = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    match format {
        "" => {
            let has_others = is_set(&filesystem.path)
                || is_set(&filesystem.label)
                || is_set(&filesystem.uuid)
                || filesystem.wipe_filesystem == Some(true)
                || !filesystem.mount_options.is_empty()
                || !filesystem.options.is_empty();
            has_others.then_some(FilesystemRule::NoFormat)
        }
        "ext4" | "btrfs" | "xfs" | "swap" | "vfat" => None,
        "none" if version >= Version::V3_3 => None,
        "virtiofs" if version >= Version::V3_6 => None,
        _ => Some(FilesystemRule::UnknownFormat),
    }
}

fn label_error(filesystem: &Filesystem, format: &str) -> Option<FilesystemRule> {
    let label = filesystem.label.as_deref().filter(|label| !label.is_empty())?;
    let (limit, format) = match format {
        "" => return Some(FilesystemRule::LabelWithoutFormat),
        "ext4" => (16, "ext4"),
        "btrfs" => (256, "btrfs"),
        "xfs" => (12, "xfs"),
        "swap" => (15, "swap"),
        "vfat" => (11, "vfat"),
        "virtiofs" => return Some(FilesystemRule::Virtiofs(Virtiofs::Label)),
        _ => return None,
    };
    (label.len() > limit).then_some(FilesystemRule::LongLabel { limit, format })
}

pub(super) fn check_raid(raid: &Raid, version: Version, at: &Path<'_>, found: &mut Findings) {
    let level = match raid.level.as_deref().unwrap_or_default() {
        "" if version >= Version::V3_3 => Some(RaidRule::NoLevel),
        "linear" | "raid0" | "0" | "stripe" => {
            (raid.spares.unwrap_or_default() != 0).then_some(RaidRule::Spares { arrays: "linear and raid0 arrays" })
        }
        "raid1" | "1" | "mirror" | "raid4" | "4" | "raid5" | "5" | "raid6" | "6" | "raid10" | "10" => None,
        _ => Some(RaidRule::UnknownLevel),
    };
    if let Some(problem) = level {
        found.error(&at.key("level"), problem);
    }
    if raid.devices.is_empty() {
        found.error(&at.key("devices"), RaidRule::NoDevices);
    }
}

/// What is wrong with permission bits, and what is doubtful.
pub(super) fn mode_problems(mode: i64, version: Version) -> (Option<Node>, Option<Node>) {
    let error = (!(0..=0o7777).contains(&mode)).then_some(Node::IllegalMode);
    let is_special = mode & 0o7000 != 0 && version < Version::V3_6;
    (error, is_special.then_some(Node::SpecialBits))
}
