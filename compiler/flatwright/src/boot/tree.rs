//! The readable form of what a machine has after its first boot, as text and as JSON.
//!
//! Owns: how it is written. Must not: know what a node has; [`View`] does.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use flatwright_bootstrap::budget::{Unit, Usage};
use flatwright_ignition::ignition3::{Config, Version};
use flatwright_ignition::translate::{self, Refusal};
use flatwright_node::{Kind, apply};
use serde_json::{Value as Json, json};

use super::first_boot::System;
use super::order::{Order, Told};
use super::view::{Contents, Owner, ShownUnit, Sourced, State, View};
use super::{Boot, Stage, contents, size};

/// Largest parts shown of a limit that is near.
const SHOWN_PARTS: usize = 8;

/// So wide is a bar.
const BAR: usize = 20;

/// What a machine has after its first boot.
pub(super) struct Machine<'a> {
    config: Config,
    view: View,
    sourced: Sourced<'a>,
    system: System,
    boot: &'a Boot,
    stage: &'static str,
}

impl<'a> Machine<'a> {
    /// The machine that a config makes of a system.
    pub(super) fn new(sourced: Sourced<'a>, system: System, stage: Stage, boot: &'a Boot) -> Result<Self, Refusal> {
        let config = translate::to_3_1(&boot.config)?;
        let view = View::of(&config, &system, &sourced);
        Ok(Self { config, view, sourced, system, boot, stage: if stage == Stage::Init { "init" } else { "join" } })
    }

    /// The bytes of a file.
    pub(super) fn contents(&self, path: &str) -> Result<Vec<u8>, String> {
        contents::bytes(&apply(&self.config, Version::V3_1, &self.system.base()), path)
    }

    /// The first boot. `cluster` are kubeadm's settings of the cluster.
    pub(super) fn order(&self, cluster: &str) -> Order {
        let base = self.system.base();
        let node = apply(&self.config, Version::V3_1, &base);
        let texts: BTreeMap<String, String> = node
            .tree
            .entries()
            .filter_map(|entry| match entry.kind {
                Kind::File(contents) => Some((entry.path, String::from_utf8(contents.bytes()?).ok()?)),
                _ => None,
            })
            .collect();
        Order::of(&Told {
            title: format!("{} ({})", self.sourced.group.name.value, self.stage),
            config: &self.config,
            view: &self.view,
            boot: self.boot,
            text: &|path| texts.get(path).cloned(),
            cluster,
        })
    }

    pub(super) fn text(&self, sizes: &[(String, Vec<Usage>)]) -> String {
        let mut text = format!("{} ({}), Ignition 3.1\n", self.sourced.group.name.value, self.stage);
        section(&mut text, "files", &self.files());
        section(&mut text, "units", &self.units());
        section(&mut text, "disks", &self.disks());
        section(&mut text, "users", &self.users());
        section(&mut text, "groups", &self.groups());
        bars(sizes, &mut text);
        text
    }

    fn files(&self) -> Vec<Vec<String>> {
        let row = |shown: &super::view::Shown| {
            let now = &shown.now;
            let path = match &now.contents {
                Contents::Target(target) => format!("{} -> {target}", shown.path),
                _ if now.kind == "directory" => format!("{}/", shown.path),
                _ => shown.path.clone(),
            };
            let size = match &now.contents {
                Contents::Bytes(size) => size.to_string(),
                Contents::Fetched(_) => "fetched".to_owned(),
                _ => String::new(),
            };
            let before = shown.before.as_ref().map(|before| format!("replaces {}", replaced(before)));
            vec![mode(now), names(now), ids(now), size, path, shown.from.clone(), before.unwrap_or_default()]
        };
        self.view.nodes.iter().map(row).collect()
    }

    fn units(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for shown in &self.view.units {
            rows.push(vec![state(shown).to_owned(), shown.name.clone(), shown.from.clone()]);
            rows.extend(
                shown.dropins.iter().map(|(name, from)| vec![String::new(), format!("  {name}"), from.clone()]),
            );
        }
        rows
    }

    fn disks(&self) -> Vec<Vec<String>> {
        let from = |device: &str| self.sourced.of("device", device);
        let disks = self.config.storage.disks.iter().map(|disk| {
            let label = |partition: &flatwright_ignition::ignition3::Partition| {
                partition.label.clone().unwrap_or_else(|| partition.number.to_string())
            };
            let partitions: Vec<String> = disk.partitions.iter().map(label).collect();
            vec![disk.device.clone(), format!("partitions: {}", partitions.join(", ")), from(&disk.device)]
        });
        let filesystems = self.config.storage.filesystems.iter().map(|filesystem| {
            let format = filesystem.format.clone().unwrap_or_default();
            let label = filesystem.label.as_ref().map(|label| format!(" labeled {label}")).unwrap_or_default();
            vec![filesystem.device.clone(), format!("{format}{label}"), from(&filesystem.device)]
        });
        disks.chain(filesystems).collect()
    }

    fn users(&self) -> Vec<Vec<String>> {
        let row = |shown: &super::view::ShownUser| {
            let user = &shown.user;
            let (uid, gid) = (number(user.uid), number(user.gid));
            vec![
                user.name.clone(),
                format!("{uid}:{gid}"),
                user.home.clone(),
                user.shell.clone(),
                format!("{} SSH keys", shown.keys),
                shown.from.clone(),
            ]
        };
        self.view.users.iter().map(row).collect()
    }

    fn groups(&self) -> Vec<Vec<String>> {
        let row = |group: &flatwright_node::Group| vec![group.name.clone(), number(group.gid), group.members.join(",")];
        self.view.groups.iter().map(row).collect()
    }

    pub(super) fn json(&self, sizes: &[(String, Vec<Usage>)]) -> String {
        let nodes = self.view.nodes.iter().map(|shown| {
            let mut node = of_state(&shown.now);
            node["path"] = json!(shown.path);
            node["from"] = json!(shown.from);
            node["before"] = shown.before.as_ref().map_or(Json::Null, of_state);
            node
        });
        let users = self.view.users.iter().map(|shown| {
            let user = &shown.user;
            json!({
                "name": user.name, "uid": user.uid, "gid": user.gid, "home": user.home, "shell": user.shell,
                "allocated": user.is_allocated, "sshKeys": shown.keys, "from": shown.from,
            })
        });
        let groups = self.view.groups.iter().map(|group| {
            json!({"name": group.name, "gid": group.gid, "members": group.members, "allocated": group.is_allocated})
        });
        let units = self.view.units.iter().map(|shown| {
            let dropins = shown.dropins.iter().map(|(name, from)| json!({"name": name, "from": from}));
            json!({
                "name": shown.name, "enabled": shown.unit.enabled, "masked": shown.unit.masked,
                "hasText": shown.unit.has_text, "dropins": dropins.collect::<Vec<_>>(), "from": shown.from,
            })
        });
        let tree = json!({
            "group": self.sourced.group.name.value,
            "stage": self.stage,
            "nodes": nodes.collect::<Vec<_>>(),
            "users": users.collect::<Vec<_>>(),
            "groups": groups.collect::<Vec<_>>(),
            "units": units.collect::<Vec<_>>(),
            "disks": self.disks_json(),
            "sizes": sizes.iter().flat_map(|(group, usages)| usages.iter().map(move |usage| of_usage(group, usage))).collect::<Vec<_>>(),
        });
        format!("{tree:#}\n")
    }

    /// Partition tables, arrays and file systems.
    fn disks_json(&self) -> Json {
        let from = |device: &str| self.sourced.of("device", device);
        let storage = &self.config.storage;
        let partition = |partition: &flatwright_ignition::ignition3::Partition| {
            json!({
                "number": partition.number, "label": partition.label, "startMiB": partition.start_mib,
                "sizeMiB": partition.size_mib, "typeGUID": partition.type_guid, "guid": partition.guid,
                "exists": partition.should_exist,
            })
        };
        let tables = storage.disks.iter().map(|disk| {
            let partitions: Vec<Json> = disk.partitions.iter().map(partition).collect();
            json!({"device": disk.device, "wipeTable": disk.wipe_table, "partitions": partitions, "from": from(&disk.device)})
        });
        let raids = storage.raid.iter().map(|raid| {
            json!({
                "name": raid.name, "level": raid.level, "devices": raid.devices, "spares": raid.spares,
                "from": self.sourced.of("name", &raid.name),
            })
        });
        let filesystems = storage.filesystems.iter().map(|filesystem| {
            json!({
                "device": filesystem.device, "format": filesystem.format, "label": filesystem.label, "path": filesystem.path,
                "uuid": filesystem.uuid, "wipe": filesystem.wipe_filesystem, "from": from(&filesystem.device),
            })
        });
        json!({
            "tables": tables.collect::<Vec<_>>(),
            "raid": raids.collect::<Vec<_>>(),
            "filesystems": filesystems.collect::<Vec<_>>(),
        })
    }
}

/// How far each group fills each limit; what fills one that is near.
fn bars(sizes: &[(String, Vec<Usage>)], text: &mut String) {
    let row = |group: &String, usage: &Usage| {
        let filled = (usage.percent() * BAR).div_ceil(100).min(BAR);
        let bar = format!("[{}{}]", "#".repeat(filled), ".".repeat(BAR - filled));
        let used = format!("{} of {}", size::amount(usage.used, usage.unit), usage.limit);
        vec![group.clone(), usage.of.to_string(), bar, format!("{} %", usage.percent()), used]
    };
    let rows = sizes.iter().flat_map(|(group, usages)| usages.iter().map(move |usage| row(group, usage)));
    section(text, "sizes", &rows.collect::<Vec<_>>());
    for usage in sizes.iter().flat_map(|(_, usages)| usages).filter(|usage| usage.is_near()) {
        for part in usage.parts.iter().take(SHOWN_PARTS) {
            let _ = writeln!(text, "    {:>6}  {part}", part.size);
        }
    }
}

fn of_usage(group: &str, usage: &Usage) -> Json {
    let unit = match usage.unit {
        Unit::CodePoints => "code points",
        Unit::Bytes => "bytes",
    };
    json!({
        "group": group, "of": usage.of.to_string(), "used": usage.used, "limit": usage.limit, "unit": unit,
        "percent": usage.percent(),
    })
}

fn section(text: &mut String, title: &str, rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let _ = writeln!(text, "\n{title}");
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let _ = writeln!(text, "  {}", cells.join("  ").trim_end());
    }
}

fn state(shown: &ShownUnit) -> &'static str {
    match (shown.unit.masked, shown.unit.enabled) {
        (Some(true), _) => "masked",
        (_, Some(true)) => "enabled",
        (_, Some(false)) => "disabled",
        _ => "",
    }
}

/// A link has no mode of its own.
fn mode(state: &State) -> String {
    match state.kind {
        "link" | "unknown" => state.kind.to_owned(),
        _ => format!("{:04o}", state.mode),
    }
}

fn number(id: Option<u32>) -> String {
    id.map_or_else(|| "?".to_owned(), |id| id.to_string())
}

fn names(state: &State) -> String {
    let name = |owner: &Owner| owner.name.clone().unwrap_or_else(|| number(owner.id));
    format!("{}:{}", name(&state.user), name(&state.group))
}

fn ids(state: &State) -> String {
    format!("{}:{}", number(state.user.id), number(state.group.id))
}

fn replaced(before: &State) -> String {
    match &before.contents {
        Contents::Target(target) => format!("a link to {target}"),
        _ => format!("a {} {:04o} {}", before.kind, before.mode, names(before)),
    }
}

fn of_state(state: &State) -> Json {
    let owner = |owner: &Owner| json!({"id": owner.id, "name": owner.name});
    let mut json = json!({"type": state.kind, "user": owner(&state.user), "group": owner(&state.group)});
    if state.kind != "link" {
        json["mode"] = json!(format!("{:04o}", state.mode));
    }
    match &state.contents {
        Contents::Bytes(size) => json["size"] = json!(size),
        Contents::Fetched(from) => json["fetched"] = json!(from),
        Contents::Target(target) => json["target"] = json!(target),
        Contents::None => {}
    }
    json
}
