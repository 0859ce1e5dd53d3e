//! What Ignition makes of a config on a group's nodes: what those have before, and where in the spec a failure stands.
//!
//! Owns: which base system a group's nodes have, and the way back from a failure to the user's line. Must not: have rules of its own about configs; `node` has them.

use std::collections::BTreeMap;

use flatwright_diagnostic::{Anchor, Diagnostic, Origin, Path, Segment};
use flatwright_flatcar::release::Release;
use flatwright_ignition::ignition3::{Config, Version};
use flatwright_node::{Base, Disk, Failure, Item, apply};
use flatwright_plan::{KubeadmFile, KubeadmFileContent, NodeGroup, Plan};

use crate::calls::Call;
use crate::contents::Written;
use crate::places::{self, Found};

/// What is known of the nodes of a group before Ignition runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct System {
    /// The release line.
    line: Option<u32>,
    /// The version of Ignition.
    ignition: Option<(u32, u32)>,
    /// The sizes of the data disks, in GiB, by device.
    disks: BTreeMap<String, u64>,
}

impl System {
    /// The nodes of a group with a release, if it is known.
    pub(super) fn of(group: &NodeGroup, release: Option<Release>) -> Self {
        let size = |disk: &flatwright_plan::DataDisk| {
            let device = format!("/dev/disk/azure/scsi1/lun{}", disk.lun.value);
            Some((device, u64::try_from(disk.size_gb.value).ok()?))
        };
        Self {
            line: release.map(|release| release.major),
            ignition: release.and_then(Release::ignition_version),
            disks: group.vm.data_disks.iter().filter_map(size).collect(),
        }
    }

    /// The system that configs are applied to.
    pub(super) fn base(&self) -> Base {
        let disk = |size: &u64| Disk { size_mib: Some(size << 10), is_blank: true, ..Disk::default() };
        let base = Base::flatcar(self.line, self.ignition);
        self.disks.iter().fold(base, |base, (device, size)| base.with_disk(device, disk(size)))
    }

    /// What fails of a config.
    pub(super) fn failures(&self, config: &Config) -> Vec<Failure> {
        let Some(version) = Version::parse(&config.ignition.version) else { return Vec::new() };
        apply(config, version, &self.base()).into_failures()
    }
}

/// Where the parts of a group's config come from.
pub(super) struct Sources<'a> {
    group: &'a NodeGroup,
    plan: &'a Plan,
    calls: &'a [Call],
    root: &'a Anchor,
    /// The user's configs, the last first, which are parsed once for all failures.
    texts: Vec<(&'a flatwright_plan::UserConfig, Written<'a>)>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(group: &'a NodeGroup, plan: &'a Plan, calls: &'a [Call], root: &'a Anchor) -> Self {
        let texts = group.user_configs.iter().rev().map(|config| (config, Written::new(&config.text))).collect();
        Self { group, plan, calls, root, texts }
    }

    /// The finding of a failure at the user's line, or at the plugin that wrote it.
    pub(super) fn finding(&self, failure: &Failure) -> Diagnostic {
        let mut finding = failure.diagnostic();
        // A path of the merged config, which nobody has written.
        finding.object_path = None;
        self.place(failure).put(&mut finding);
        finding
    }

    fn place(&self, failure: &Failure) -> Found {
        let (fields, name) = (failure.item.named_by(), failure.subject.as_str());
        let by_plugin = || {
            let origin = fields.iter().find_map(|field| places::plugin(self.group, field, name))?;
            places::of_plugin(origin, self.calls, self.plan)
        };
        let of_kubeadm = || self.of_kubeadm(failure).and_then(|origin| origin.anchor()).map(Found::from);
        let in_configs = || {
            self.texts.iter().find_map(|(config, written)| {
                let (line, column) = places::in_written(written, fields, name, &failure.field)?;
                Some(Found::from(Anchor::line_column(config.source, line, column)))
            })
        };
        let made = || fields.iter().find_map(|field| places::made(self.group, field)).map(Found::from);
        let is_of_tree = matches!(failure.item, Item::File(_) | Item::Directory(_) | Item::Link(_) | Item::Unit(_));
        by_plugin()
            .or_else(of_kubeadm)
            .or_else(in_configs)
            .or_else(|| is_of_tree.then(made).flatten())
            .unwrap_or_else(|| places::of_group(self.group, self.root).into())
    }

    /// Where kubeadm's settings say what is at fault.
    fn of_kubeadm(&self, failure: &Failure) -> Option<Origin> {
        let kubeadm = &self.group.kubeadm;
        let name = failure.subject.as_str();
        match failure.item {
            Item::File(_) => {
                let file = kubeadm.files.iter().find(|file| file.path.value == name)?;
                let origin = of_file(file, &failure.field);
                // What the user left out has no line.
                Some(if origin.anchor().is_some() { origin } else { file.path.origin })
            }
            Item::User(_) => {
                let user = kubeadm.users.iter().find(|user| user.name.value == name)?;
                let origin = |text: &flatwright_plan::Maybe<String>| text.as_ref().map(|text| text.origin);
                let value = match first(&failure.field) {
                    "groups" => origin(&user.groups),
                    "homeDir" => origin(&user.home_dir),
                    "shell" => origin(&user.shell),
                    "gecos" => origin(&user.gecos),
                    "primaryGroup" => origin(&user.primary_group),
                    "passwordHash" => origin(&user.passwd),
                    "sshAuthorizedKeys" => user.ssh_authorized_keys.first().map(|key| key.origin),
                    _ => None,
                };
                Some(value.unwrap_or(user.name.origin))
            }
            Item::Disk(_) | Item::Partition(..) | Item::Filesystem(_) => {
                let filesystem = kubeadm.filesystems.iter().find(|filesystem| filesystem.device.value == name)?;
                Some(filesystem.device.origin)
            }
            _ => None,
        }
    }
}

fn of_file(file: &KubeadmFile, field: &Path) -> Origin {
    match first(field) {
        "user" | "group" => file.owner.origin,
        "mode" => file.permissions.origin,
        "contents" => match &file.content {
            KubeadmFileContent::Bytes(bytes) => bytes.origin,
            KubeadmFileContent::Secret { name, .. } => name.origin,
            KubeadmFileContent::AzureJson(_) => file.path.origin,
        },
        _ => file.path.origin,
    }
}

fn first(field: &Path) -> &str {
    match field.segments().first() {
        Some(Segment::Key(key)) => key,
        _ => "",
    }
}
