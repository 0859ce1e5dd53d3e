//! The readable form of what a machine boots with.

use std::fmt::Write as _;

use flatwright_diagnostic::{Anchor, Origin};
use flatwright_ignition::ignition2::decode_data_url;
use flatwright_ignition::ignition3::{self, Config};
use flatwright_ignition::translate::{self, Refusal};
use flatwright_plan::NodeGroup;
use flatwright_render::Sources;

use super::{Boot, Stage, size};
use crate::calls::Call;
use crate::compose::{Kinded, parts};
use crate::places;

/// Largest parts shown of a limit that is near.
const SHOWN_PARTS: usize = 8;

pub(super) fn render(
    sources: &Sources,
    group: &NodeGroup,
    composed: Option<&Config>,
    calls: &[Call],
    stage: Stage,
    boot: &Boot,
) -> Result<String, Refusal> {
    let config = translate::to_3_1(&boot.config)?;
    let stage = if stage == Stage::Init { "init" } else { "join" };
    let composed = composed.map(parts).unwrap_or_default();
    let mut tree =
        Tree { sources, group, composed, calls, text: format!("{} ({stage}), Ignition 3.1\n", group.name.value) };
    tree.files(&config);
    tree.units(&config);
    tree.disks(&config);
    tree.users(&config);
    tree.sizes(boot);
    Ok(tree.text)
}

struct Tree<'a> {
    sources: &'a Sources,
    group: &'a NodeGroup,
    composed: Vec<Kinded>,
    calls: &'a [Call],
    text: String,
}

impl Tree<'_> {
    fn section(&mut self, title: &str, rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let _ = writeln!(self.text, "\n{title}");
        for row in rows {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            let _ = writeln!(self.text, "  {}", cells.join("  ").trim_end());
        }
    }

    fn files(&mut self, config: &Config) {
        let storage = &config.storage;
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        for file in &storage.files {
            let owner = owner(&file.user, &file.group);
            let row = vec![
                mode(file.mode),
                owner,
                contents(&file.contents),
                file.path.clone(),
                self.origin("path", &file.path),
            ];
            rows.push((file.path.clone(), row));
        }
        for directory in &storage.directories {
            let owner = owner(&directory.user, &directory.group);
            let path = format!("{}/", directory.path);
            rows.push((
                directory.path.clone(),
                vec![mode(directory.mode), owner, String::new(), path, self.origin("path", &directory.path)],
            ));
        }
        for link in &storage.links {
            let path = format!("{} -> {}", link.path, link.target.as_deref().unwrap_or_default());
            let kind = if link.hard == Some(true) { "hard" } else { "link" };
            rows.push((
                link.path.clone(),
                vec![
                    kind.to_owned(),
                    owner(&link.user, &link.group),
                    String::new(),
                    path,
                    self.origin("path", &link.path),
                ],
            ));
        }
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
        self.section("files", &rows);
    }

    fn units(&mut self, config: &Config) {
        let mut units: Vec<&ignition3::Unit> = config.systemd.units.iter().collect();
        // The translation's order has no meaning.
        units.sort_by(|a, b| a.name.cmp(&b.name));
        let mut rows = Vec::new();
        for unit in units {
            let state = match (unit.mask, unit.enabled) {
                (Some(true), _) => "masked",
                (_, Some(true)) => "enabled",
                (_, Some(false)) => "disabled",
                _ => "",
            };
            rows.push(vec![state.to_owned(), unit.name.clone(), self.origin("name", &unit.name)]);
            for drop_in in &unit.dropins {
                rows.push(vec![String::new(), format!("  {}", drop_in.name), self.origin("name", &drop_in.name)]);
            }
        }
        self.section("units", &rows);
    }

    fn disks(&mut self, config: &Config) {
        let mut rows = Vec::new();
        for disk in &config.storage.disks {
            let partitions: Vec<String> = disk
                .partitions
                .iter()
                .map(|partition| partition.label.clone().unwrap_or_else(|| partition.number.to_string()))
                .collect();
            rows.push(vec![
                disk.device.clone(),
                format!("partitions: {}", partitions.join(", ")),
                self.origin("device", &disk.device),
            ]);
        }
        for filesystem in &config.storage.filesystems {
            let format = filesystem.format.clone().unwrap_or_default();
            let label = filesystem.label.as_ref().map(|label| format!(" labeled {label}")).unwrap_or_default();
            rows.push(vec![
                filesystem.device.clone(),
                format!("{format}{label}"),
                self.origin("device", &filesystem.device),
            ]);
        }
        self.section("disks", &rows);
    }

    fn users(&mut self, config: &Config) {
        let rows: Vec<Vec<String>> = config
            .passwd
            .users
            .iter()
            .map(|user| {
                let keys = user.ssh_authorized_keys.len();
                vec![user.name.clone(), format!("{keys} SSH keys"), self.origin("name", &user.name)]
            })
            .collect();
        self.section("users", &rows);
    }

    fn sizes(&mut self, boot: &Boot) {
        let usages = size::usages(boot);
        let rows: Vec<Vec<String>> = usages
            .iter()
            .map(|usage| {
                let used = format!("{} of {}", size::amount(usage.used, usage.unit), usage.limit);
                vec![usage.of.to_string(), used, format!("{} %", usage.percent())]
            })
            .collect();
        self.section("sizes", &rows);
        for usage in usages.iter().filter(|usage| usage.is_near()) {
            for part in usage.parts.iter().take(SHOWN_PARTS) {
                let _ = writeln!(self.text, "    {:>6}  {part}", part.size);
            }
        }
    }

    /// Where a part comes from: a line of the user's, or who added it.
    fn origin(&self, field: &str, name: &str) -> String {
        if let Some(Origin::Plugin(index)) = places::plugin(self.group, field, name)
            && let Some(call) = usize::try_from(index).ok().and_then(|index| self.calls.get(index))
        {
            return format!("plugin {}", call.plugin);
        }
        places::in_group(self.group, field, name)
            .and_then(|anchor| self.line(&anchor))
            .or_else(|| self.is_flavors(field, name).then(|| "flavor".to_owned()))
            .or_else(|| self.made(field, name))
            .unwrap_or_else(|| "bootstrap provider".to_owned())
    }

    /// The user's line for what a config says without naming it: a file of a tree, a mount unit of a file system.
    fn made(&self, field: &str, name: &str) -> Option<String> {
        let kinds: &[&str] = if field == "path" { &["file", "directory", "link"] } else { &["unit"] };
        let is_it = |(kind, part): &Kinded| kinds.contains(kind) && part == name;
        let is_ours = name != "kubeadm.service" && self.composed.iter().any(is_it);
        self.line(&places::made(self.group, field).filter(|_| is_ours)?)
    }

    fn line(&self, anchor: &Anchor) -> Option<String> {
        let span = self.sources.resolve(anchor)?;
        Some(format!("{}:{}", self.sources.name(anchor.source), span.start.line))
    }

    fn is_flavors(&self, field: &str, name: &str) -> bool {
        let parts = &self.group.machine_config;
        let kubeadm = &self.group.kubeadm;
        match field {
            "path" => {
                parts.files.iter().any(|file| file.path.value == name)
                    || parts.links.iter().any(|link| link.path.value == name)
                    || kubeadm.files.iter().any(|file| file.path.value == name)
            }
            "device" => true,
            _ => {
                let is_unit = |unit: &flatwright_plan::Unit| {
                    let is_drop_in = unit.drop_ins.iter().any(|drop_in| drop_in.name == name);
                    is_drop_in || unit.name.value == name && name != "kubeadm.service"
                };
                parts.units.iter().any(is_unit) || kubeadm.users.iter().any(|user| user.name.value == name)
            }
        }
    }
}

fn mode(mode: Option<i64>) -> String {
    mode.map_or_else(|| "    ".to_owned(), |mode| format!("{mode:04o}"))
}

fn owner(user: &ignition3::NodeUser, group: &ignition3::NodeGroup) -> String {
    let name = |name: Option<&String>, id: Option<i64>| match (name, id) {
        (Some(name), _) => name.clone(),
        (None, Some(id)) => id.to_string(),
        (None, None) => "root".to_owned(),
    };
    format!("{}:{}", name(user.name.as_ref(), user.id), name(group.name.as_ref(), group.id))
}

fn contents(contents: &ignition3::Resource) -> String {
    let Some(source) = contents.source.as_deref() else { return String::new() };
    if !source.starts_with("data:") {
        return "fetched".to_owned();
    }
    let size = decode_data_url(source).map(|bytes| bytes.len()).unwrap_or_default();
    if contents.compression.as_deref() == Some("gzip") { format!("{size} gz") } else { size.to_string() }
}
