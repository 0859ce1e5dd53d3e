//! The flavor's own parts in Ignition 3 terms.

use flatwright_ignition::ignition3::{self as v3, Config, Resource};
use flatwright_plan::{Contents, File, Link, MachineConfig, PartitionedDisk, Unit};

pub(super) fn config(parts: &MachineConfig) -> Config {
    Config {
        ignition: v3::Ignition { version: v3::Version::V3_1.as_str().to_owned(), ..v3::Ignition::default() },
        storage: v3::Storage {
            disks: parts.disks.iter().map(disk).collect(),
            files: parts.files.iter().map(file).collect(),
            links: parts.links.iter().map(link).collect(),
            ..v3::Storage::default()
        },
        systemd: v3::Systemd { units: parts.units.iter().map(unit).collect() },
        ..Config::default()
    }
}

/// Adds the hashes that Ignition 3 can check and the bootstrap route cannot carry.
pub(super) fn add_sha256(config: &mut Config, parts: &MachineConfig) {
    for file in &parts.files {
        let Contents::Remote { sha256: Some(sum), .. } = &file.contents else { continue };
        let made = config.storage.files.iter_mut().find(|made| made.path == file.path.value);
        if let Some(made) = made.filter(|made| made.contents.verification.hash.is_none()) {
            made.contents.verification.hash = Some(format!("sha256-{}", sum.value));
        }
    }
}

fn disk(disk: &PartitionedDisk) -> v3::Disk {
    let partition = |number: u32| v3::Partition { number: number.into(), ..v3::Partition::default() };
    v3::Disk {
        device: disk.device.value.clone(),
        partitions: disk.partitions.iter().map(|disk| partition(disk.number)).collect(),
        ..v3::Disk::default()
    }
}

fn file(file: &File) -> v3::File {
    let contents = match &file.contents {
        Contents::Text(text) => Resource {
            source: Some(flatwright_ignition::ignition2::encode_data_url(text.value.as_bytes())),
            ..Resource::default()
        },
        Contents::Remote { url, sha512, .. } => Resource {
            source: Some(url.value.clone()),
            verification: v3::Verification { hash: sha512.as_ref().map(|sum| format!("sha512-{}", sum.value)) },
            ..Resource::default()
        },
    };
    // These files are ours: one that a machine image brings is replaced, as Ignition 2 does it.
    v3::File {
        path: file.path.value.clone(),
        overwrite: Some(true),
        contents,
        mode: file.mode.map(i64::from),
        ..v3::File::default()
    }
}

fn link(link: &Link) -> v3::Link {
    v3::Link {
        path: link.path.value.clone(),
        target: Some(link.target.value.clone()),
        hard: Some(false),
        ..v3::Link::default()
    }
}

fn unit(unit: &Unit) -> v3::Unit {
    v3::Unit {
        name: unit.name.value.clone(),
        enabled: unit.enabled.map(|enabled| enabled.value),
        mask: unit.mask.map(|mask| mask.value),
        contents: unit.contents.as_ref().map(|contents| contents.value.clone()),
        dropins: unit
            .drop_ins
            .iter()
            .map(|drop_in| v3::Dropin { name: drop_in.name.clone(), contents: Some(drop_in.contents.value.clone()) })
            .collect(),
    }
}
