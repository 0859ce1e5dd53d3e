//! Bootstrap route: Ignition 3 → Ignition 2.3, so that Flatcar's own translation back gives the same machine. What 2.3 cannot say is an error that names the
//! construct and the way out.

use flatwright_diagnostic::Report;
use flatwright_ignition::ignition2 as v2;
use flatwright_ignition::ignition3 as v3;
use flatwright_plan::NodeGroup;

use super::refuse;
use super::rules::Route;

pub(super) fn lower(config: &v3::Config, group: &NodeGroup, report: &mut Report) -> Option<v2::Config> {
    let mut lowering = Lowering { group, report, is_refused: false };
    let lowered = lowering.config(config);
    (!lowering.is_refused).then_some(lowered)
}

struct Lowering<'a> {
    group: &'a NodeGroup,
    report: &'a mut Report,
    is_refused: bool,
}

impl Lowering<'_> {
    fn refuse(&mut self, rule: &Route) {
        self.is_refused = true;
        refuse(self.report, self.group, rule).hint(rule.way_out());
    }

    fn config(&mut self, config: &v3::Config) -> v2::Config {
        let arguments = &config.kernel_arguments;
        if !arguments.should_exist.is_empty() || !arguments.should_not_exist.is_empty() {
            self.refuse(&Route::KernelArguments);
        }
        if config.ignition.proxy != v3::Proxy::default() {
            self.refuse(&Route::Proxy);
        }
        v2::Config {
            ignition: self.ignition(&config.ignition),
            passwd: v2::Passwd {
                groups: config.passwd.groups.iter().map(|group| self.passwd_group(group)).collect(),
                users: config.passwd.users.iter().map(|user| self.user(user)).collect(),
            },
            storage: self.storage(&config.storage),
            systemd: v2::Systemd { units: config.systemd.units.iter().map(unit).collect() },
            ..v2::Config::default()
        }
    }

    fn ignition(&mut self, ignition: &v3::Ignition) -> v2::Ignition {
        let replace =
            (ignition.config.replace != v3::Resource::default()).then(|| self.reference(&ignition.config.replace));
        let mut out = v2::Ignition {
            config: v2::IgnitionConfig {
                append: ignition.config.merge.iter().map(|resource| self.reference(resource)).collect(),
                replace,
            },
            timeouts: v2::Timeouts {
                http_response_headers: ignition.timeouts.http_response_headers,
                http_total: ignition.timeouts.http_total,
            },
            version: v2::VERSION.to_owned(),
            ..v2::Ignition::default()
        };
        for authority in &ignition.security.tls.certificate_authorities {
            let reference = self.reference(authority);
            out.security
                .tls
                .certificate_authorities
                .push(v2::CaReference { source: reference.source, verification: reference.verification });
        }
        out
    }

    fn reference(&mut self, resource: &v3::Resource) -> v2::ConfigReference {
        let contents = self.contents(resource, "a referenced config");
        if !contents.compression.is_empty() {
            self.refuse(&Route::CompressedConfig);
        }
        v2::ConfigReference { source: contents.source, verification: contents.verification }
    }

    fn contents(&mut self, resource: &v3::Resource, what: &str) -> v2::FileContents {
        if !resource.http_headers.is_empty() {
            self.refuse(&Route::Headers { what: what.to_owned() });
        }
        let hash = resource.verification.hash.clone();
        if hash.as_ref().is_some_and(|hash| !hash.starts_with("sha512-")) {
            self.refuse(&Route::Sha256 { what: what.to_owned() });
        }
        v2::FileContents {
            compression: resource.compression.clone().unwrap_or_default(),
            source: resource.source.clone().unwrap_or_default(),
            verification: v2::Verification { hash },
        }
    }

    fn storage(&mut self, storage: &v3::Storage) -> v2::Storage {
        for luks in &storage.luks {
            self.refuse(&Route::Luks { name: luks.name.clone() });
        }
        v2::Storage {
            directories: storage.directories.iter().map(directory).collect(),
            disks: storage.disks.iter().map(|disk| self.disk(disk)).collect(),
            files: storage.files.iter().map(|file| self.file(file)).collect(),
            filesystems: storage
                .filesystems
                .iter()
                .enumerate()
                .map(|(index, filesystem)| self.filesystem(index, filesystem, storage))
                .collect(),
            links: storage.links.iter().map(link).collect(),
            raid: storage.raid.iter().map(raid).collect(),
        }
    }

    fn disk(&mut self, disk: &v3::Disk) -> v2::Disk {
        v2::Disk {
            device: disk.device.clone(),
            partitions: disk.partitions.iter().map(|partition| self.partition(&disk.device, partition)).collect(),
            wipe_table: disk.wipe_table.unwrap_or_default(),
        }
    }

    fn partition(&mut self, device: &str, partition: &v3::Partition) -> v2::Partition {
        if partition.resize == Some(true) {
            self.refuse(&Route::Resize { device: device.to_owned() });
        }
        v2::Partition {
            guid: partition.guid.clone().unwrap_or_default(),
            label: partition.label.clone(),
            number: partition.number,
            should_exist: partition.should_exist,
            size_mib: partition.size_mib,
            start_mib: partition.start_mib,
            type_guid: partition.type_guid.clone().unwrap_or_default(),
            wipe_partition_entry: partition.wipe_partition_entry.unwrap_or_default(),
            ..v2::Partition::default()
        }
    }

    fn file(&mut self, file: &v3::File) -> v2::File {
        let path = &file.path;
        let (contents, append) = match (file.contents.source.as_ref(), file.append.as_slice()) {
            (_, []) => (self.contents(&file.contents, &format!("`{path}`")), false),
            (None, [fragment]) => (self.contents(fragment, &format!("`{path}`")), true),
            _ => {
                self.refuse(&Route::Append { path: path.clone() });
                (v2::FileContents::default(), false)
            }
        };
        v2::File {
            filesystem: "root".to_owned(),
            group: owner(file.group.id, file.group.name.as_ref()),
            // Ignition 2 replaces what exists unless told otherwise, Ignition 3 only if told so.
            overwrite: if append || file.overwrite == Some(true) { None } else { Some(false) },
            path: path.clone(),
            user: owner(file.user.id, file.user.name.as_ref()),
            append,
            contents,
            // Ignition 3's own default; the transpiler warns about a file without a mode.
            mode: Some(file.mode.unwrap_or(0o644)),
        }
    }

    fn filesystem(&mut self, index: usize, filesystem: &v3::Filesystem, storage: &v3::Storage) -> v2::Filesystem {
        let device = &filesystem.device;
        if !filesystem.mount_options.is_empty() {
            self.refuse(&Route::MountOptions { device: device.clone() });
        }
        let below = filesystem.path.as_ref().filter(|path| path.as_str() != "/").and_then(|path| {
            let prefix = format!("{path}/");
            let paths = storage
                .files
                .iter()
                .map(|node| &node.path)
                .chain(storage.directories.iter().map(|node| &node.path))
                .chain(storage.links.iter().map(|node| &node.path));
            paths.into_iter().find(|node| node.starts_with(&prefix)).cloned()
        });
        if let Some(node) = below {
            self.refuse(&Route::OnFilesystem { node, device: device.clone() });
        }
        if filesystem.format.is_none() {
            self.refuse(&Route::NoFormat { device: device.clone() });
        }
        v2::Filesystem {
            name: format!("filesystem{index}"),
            mount: Some(v2::Mount {
                device: device.clone(),
                format: filesystem.format.clone().unwrap_or_default(),
                label: filesystem.label.clone(),
                options: filesystem.options.clone(),
                uuid: filesystem.uuid.clone(),
                wipe_filesystem: filesystem.wipe_filesystem.unwrap_or_default(),
                ..v2::Mount::default()
            }),
            path: None,
        }
    }

    fn passwd_group(&mut self, group: &v3::PasswdGroup) -> v2::PasswdGroup {
        if group.should_exist == Some(false) {
            self.refuse(&Route::Deletion { kind: "group", name: group.name.clone() });
        }
        v2::PasswdGroup {
            gid: group.gid,
            name: group.name.clone(),
            password_hash: group.password_hash.clone().unwrap_or_default(),
            system: group.system.unwrap_or_default(),
        }
    }

    fn user(&mut self, user: &v3::PasswdUser) -> v2::PasswdUser {
        if user.should_exist == Some(false) {
            self.refuse(&Route::Deletion { kind: "user", name: user.name.clone() });
        }
        v2::PasswdUser {
            gecos: user.gecos.clone().unwrap_or_default(),
            groups: user.groups.clone(),
            home_dir: user.home_dir.clone().unwrap_or_default(),
            name: user.name.clone(),
            no_create_home: user.no_create_home.unwrap_or_default(),
            no_log_init: user.no_log_init.unwrap_or_default(),
            no_user_group: user.no_user_group.unwrap_or_default(),
            password_hash: user.password_hash.clone(),
            primary_group: user.primary_group.clone().unwrap_or_default(),
            ssh_authorized_keys: user.ssh_authorized_keys.clone(),
            shell: user.shell.clone().unwrap_or_default(),
            system: user.system.unwrap_or_default(),
            uid: user.uid,
            ..v2::PasswdUser::default()
        }
    }
}

fn directory(directory: &v3::Directory) -> v2::Directory {
    v2::Directory {
        filesystem: "root".to_owned(),
        group: owner(directory.group.id, directory.group.name.as_ref()),
        overwrite: directory.overwrite,
        path: directory.path.clone(),
        user: owner(directory.user.id, directory.user.name.as_ref()),
        mode: Some(directory.mode.unwrap_or(0o755)),
    }
}

fn link(link: &v3::Link) -> v2::Link {
    v2::Link {
        filesystem: "root".to_owned(),
        group: owner(link.group.id, link.group.name.as_ref()),
        overwrite: link.overwrite,
        path: link.path.clone(),
        user: owner(link.user.id, link.user.name.as_ref()),
        hard: link.hard.unwrap_or_default(),
        target: link.target.clone().unwrap_or_default(),
    }
}

fn owner(id: Option<i64>, name: Option<&String>) -> Option<v2::NodeOwner> {
    (id.is_some() || name.is_some()).then(|| v2::NodeOwner { id, name: name.cloned().unwrap_or_default() })
}

fn raid(raid: &v3::Raid) -> v2::Raid {
    v2::Raid {
        devices: v2::Devices(raid.devices.clone()),
        level: raid.level.clone().unwrap_or_default(),
        name: raid.name.clone(),
        options: raid.options.clone(),
        spares: raid.spares.unwrap_or_default(),
    }
}

fn unit(unit: &v3::Unit) -> v2::Unit {
    v2::Unit {
        contents: unit.contents.clone().unwrap_or_default(),
        dropins: unit
            .dropins
            .iter()
            .map(|drop_in| v2::SystemdDropin {
                name: drop_in.name.clone(),
                contents: drop_in.contents.clone().unwrap_or_default(),
            })
            .collect(),
        enable: false,
        enabled: unit.enabled,
        mask: unit.mask.unwrap_or_default(),
        name: unit.name.clone(),
    }
}
