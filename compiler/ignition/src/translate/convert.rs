//! The conversion itself, field by field. Texts that are empty and booleans that are false were never set in 2.x, so they are left out.

use flatwright_go::path::clean;
use std::collections::BTreeMap;

use super::check::{Paths, node_path};
use crate::ignition2 as v2;
use crate::ignition3 as v3;

pub(super) fn convert(config: &v2::Config, paths: &Paths) -> v3::Config {
    let ignition = &config.ignition;
    let storage = &config.storage;
    let authority = |authority: &v2::CaReference| resource("", &authority.source, &authority.verification);
    v3::Config {
        ignition: v3::Ignition {
            config: v3::IgnitionConfig {
                merge: ignition.config.append.iter().map(reference).collect(),
                replace: ignition.config.replace.as_ref().map(reference).unwrap_or_default(),
            },
            security: v3::Security {
                tls: v3::Tls {
                    certificate_authorities: ignition
                        .security
                        .tls
                        .certificate_authorities
                        .iter()
                        .map(authority)
                        .collect(),
                },
            },
            timeouts: v3::Timeouts {
                http_response_headers: ignition.timeouts.http_response_headers,
                http_total: ignition.timeouts.http_total,
            },
            version: v3::Version::V3_1.as_str().to_owned(),
            ..v3::Ignition::default()
        },
        passwd: v3::Passwd {
            groups: config.passwd.groups.iter().map(group).collect(),
            users: config.passwd.users.iter().map(user).collect(),
        },
        storage: v3::Storage {
            directories: storage.directories.iter().map(|item| directory(item, paths)).collect(),
            disks: storage.disks.iter().map(disk).collect(),
            files: files(config, paths),
            // The root file system is implied in 3.x.
            filesystems: storage
                .filesystems
                .iter()
                .filter(|item| item.name != "root")
                .map(|item| filesystem(item, paths))
                .collect(),
            links: storage.links.iter().map(|item| link(item, paths)).collect(),
            raid: storage.raid.iter().map(raid).collect(),
            ..v3::Storage::default()
        },
        systemd: v3::Systemd { units: units(&config.systemd.units) },
        ..v3::Config::default()
    }
}

fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn when(value: bool) -> Option<bool> {
    value.then_some(true)
}

fn reference(reference: &v2::ConfigReference) -> v3::Resource {
    resource("", &reference.source, &reference.verification)
}

fn resource(compression: &str, source: &str, verification: &v2::Verification) -> v3::Resource {
    v3::Resource {
        compression: text(compression),
        source: Some(source.to_owned()),
        verification: v3::Verification { hash: verification.hash.clone() },
        ..v3::Resource::default()
    }
}

fn group(group: &v2::PasswdGroup) -> v3::PasswdGroup {
    v3::PasswdGroup {
        gid: group.gid,
        name: group.name.clone(),
        password_hash: text(&group.password_hash),
        system: when(group.system),
        ..v3::PasswdGroup::default()
    }
}

fn user(user: &v2::PasswdUser) -> v3::PasswdUser {
    // The deprecated `create` object replaces its neighbours as a whole.
    let own = v2::UserCreate {
        gecos: user.gecos.clone(),
        groups: user.groups.clone(),
        home_dir: user.home_dir.clone(),
        no_create_home: user.no_create_home,
        no_log_init: user.no_log_init,
        no_user_group: user.no_user_group,
        primary_group: user.primary_group.clone(),
        shell: user.shell.clone(),
        system: user.system,
        uid: user.uid,
    };
    let create = user.create.as_ref().unwrap_or(&own);
    v3::PasswdUser {
        gecos: text(&create.gecos),
        groups: create.groups.clone(),
        home_dir: text(&create.home_dir),
        name: user.name.clone(),
        no_create_home: when(create.no_create_home),
        no_log_init: when(create.no_log_init),
        no_user_group: when(create.no_user_group),
        password_hash: user.password_hash.clone(),
        primary_group: text(&create.primary_group),
        shell: text(&create.shell),
        ssh_authorized_keys: user.ssh_authorized_keys.clone(),
        system: when(create.system),
        uid: create.uid,
        ..v3::PasswdUser::default()
    }
}

fn disk(disk: &v2::Disk) -> v3::Disk {
    v3::Disk {
        device: disk.device.clone(),
        partitions: disk.partitions.iter().map(partition).collect(),
        wipe_table: when(disk.wipe_table),
    }
}

fn partition(partition: &v2::Partition) -> v3::Partition {
    v3::Partition {
        guid: text(&partition.guid),
        label: partition.label.clone(),
        number: partition.number,
        should_exist: partition.should_exist,
        size_mib: partition.size_mib,
        start_mib: partition.start_mib,
        type_guid: text(&partition.type_guid),
        wipe_partition_entry: when(partition.wipe_partition_entry),
        ..v3::Partition::default()
    }
}

fn filesystem(filesystem: &v2::Filesystem, paths: &Paths) -> v3::Filesystem {
    let mount = filesystem.mount.clone().unwrap_or_default();
    let mut options = mount.options;
    let wipes = mount.create.map_or(mount.wipe_filesystem, |create| {
        options.extend(create.options);
        create.force
    });
    // Flatcar's OEM file system is btrfs by now, whatever a config from earlier says.
    let format = if filesystem.name.to_lowercase() == "oem" && !wipes { "btrfs" } else { &mount.format };
    v3::Filesystem {
        device: mount.device,
        format: text(format),
        label: mount.label,
        options,
        path: paths.get(&filesystem.name).and_then(|path| text(path)),
        uuid: mount.uuid,
        wipe_filesystem: when(wipes),
        ..v3::Filesystem::default()
    }
}

fn node_user(owner: Option<&v2::NodeOwner>) -> v3::NodeUser {
    owner.map(|owner| v3::NodeUser { id: owner.id, name: text(&owner.name) }).unwrap_or_default()
}

fn node_group(owner: Option<&v2::NodeOwner>) -> v3::NodeGroup {
    owner.map(|owner| v3::NodeGroup { id: owner.id, name: text(&owner.name) }).unwrap_or_default()
}

fn directory(directory: &v2::Directory, paths: &Paths) -> v3::Directory {
    v3::Directory {
        group: node_group(directory.group.as_ref()),
        overwrite: directory.overwrite,
        path: node_path(paths, &directory.filesystem, &directory.path),
        user: node_user(directory.user.as_ref()),
        mode: directory.mode,
    }
}

/// The files, then those that networkd's units become: 3.x has no section for them.
fn files(config: &v2::Config, paths: &Paths) -> Vec<v3::File> {
    let mut files: Vec<v3::File> = config.storage.files.iter().map(|item| file(item, paths)).collect();
    let at = |path: String, contents: &str| v3::File {
        overwrite: Some(true),
        path: clean(&format!("/etc/systemd/network/{path}")).into_owned(),
        contents: v3::Resource { source: Some(format!("data:,{}", path_escape(contents))), ..v3::Resource::default() },
        mode: Some(0o644),
        ..v3::File::default()
    };
    for unit in &config.networkd.units {
        if !unit.contents.is_empty() {
            files.push(at(unit.name.clone(), &unit.contents));
        }
        let dropin = |dropin: &v2::NetworkdDropin| at(format!("{}.d/{}", unit.name, dropin.name), &dropin.contents);
        files.extend(unit.dropins.iter().map(dropin));
    }
    files
}

/// Go's `url.PathEscape`.
fn path_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'-' | b'_' | b'.' | b'~' | b'$' | b'&' | b'+' | b':' | b'=' | b'@' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn file(file: &v2::File, paths: &Paths) -> v3::File {
    let contents = resource(&file.contents.compression, &file.contents.source, &file.contents.verification);
    let (append, contents) =
        if file.append { (vec![contents], v3::Resource::default()) } else { (Vec::new(), contents) };
    v3::File {
        group: node_group(file.group.as_ref()),
        // Files of 2.x overwrite unless told otherwise; 3.x forbids that together with `append`.
        overwrite: Some(!file.append && file.overwrite.unwrap_or(true)),
        path: node_path(paths, &file.filesystem, &file.path),
        user: node_user(file.user.as_ref()),
        append,
        contents,
        mode: file.mode,
    }
}

fn link(link: &v2::Link, paths: &Paths) -> v3::Link {
    v3::Link {
        group: node_group(link.group.as_ref()),
        overwrite: link.overwrite,
        path: node_path(paths, &link.filesystem, &link.path),
        user: node_user(link.user.as_ref()),
        hard: when(link.hard),
        target: Some(link.target.clone()),
    }
}

fn raid(raid: &v2::Raid) -> v3::Raid {
    v3::Raid {
        devices: raid.devices.0.clone(),
        level: Some(raid.level.clone()),
        name: raid.name.clone(),
        options: raid.options.clone(),
        spares: (raid.spares != 0).then_some(raid.spares),
    }
}

/// Units of one name become one: the later entry wins field by field, drop-ins are united by name. The original's order is random; this is by first use.
fn units(units: &[v2::Unit]) -> Vec<v3::Unit> {
    let mut places = BTreeMap::new();
    let mut merged: Vec<v3::Unit> = Vec::new();
    for unit in units {
        let place = *places.entry(unit.name.as_str()).or_insert(merged.len());
        if place == merged.len() {
            merged.push(v3::Unit { name: unit.name.clone(), ..v3::Unit::default() });
        }
        let known = &mut merged[place];
        let enabled = unit.enabled.or(when(unit.enable));
        known.contents = text(&unit.contents).or(known.contents.take());
        known.enabled = enabled.or(known.enabled);
        known.mask = when(unit.mask).or(known.mask);
        for dropin in &unit.dropins {
            // Contents that are not set leave the earlier ones.
            let contents = text(&dropin.contents);
            match known.dropins.iter_mut().find(|known| known.name == dropin.name) {
                Some(known) => known.contents = contents.or(known.contents.take()),
                None => known.dropins.push(v3::Dropin { contents, name: dropin.name.clone() }),
            }
        }
    }
    merged
}
