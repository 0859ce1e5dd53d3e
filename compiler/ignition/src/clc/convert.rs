//! The CLC model → Ignition 2.3, in the transpiler's order of converters.
//!
//! Owns: defaults, generated units and files, and the errors of this stage with their places. Must not: run Ignition's rules.

use crate::clc::ast::YamlAst;
use crate::clc::types::{
    CaReference, Config, ConfigReference, Directory, Disk, File, FileGroup, FileUser, Link, Partition, User,
    Verification,
};
use crate::clc::{FilesDir, Options, dimension, services};
use crate::entry::{Entry, EntryKind};
use crate::ignition2::walk::Ast as _;
use crate::ignition2::walk::NodeRef;
use crate::ignition2::{self, encode_data_url};
use crate::problem::{ContainerLinux, LocalFile, Problem};
use flatwright_go::url::{self, Brackets};

const UPDATE_CONF: &str = "/etc/coreos/update.conf";

/// What the converters share.
struct Stage<'a, 't> {
    ast: Option<&'a mut YamlAst<'t>>,
    options: &'a Options<'a>,
    root: Option<NodeRef>,
    out: ignition2::Config,
    entries: Vec<Entry>,
}

/// Converts a config that passed CLC's own rules.
pub(crate) fn convert(
    config: Config,
    ast: Option<&mut YamlAst<'_>>,
    root: Option<NodeRef>,
    options: &Options<'_>,
) -> (ignition2::Config, Vec<Entry>) {
    let mut out = ignition2::Config::default();
    ignition2::VERSION.clone_into(&mut out.ignition.version);
    let mut stage = Stage { ast, options, root, out, entries: Vec::new() };
    stage.run(config);
    (stage.out, stage.entries)
}

impl Stage<'_, '_> {
    fn run(&mut self, config: Config) {
        self.metadata_units();
        self.ignition(config.ignition);
        for (index, disk) in config.storage.disks.into_iter().enumerate() {
            self.disk(index, disk);
        }
        if let Some(docker) = config.docker {
            self.service("docker.service", "20-clct-docker.conf", services::docker(&docker.flags));
        }
        if let Some(etcd) = config.etcd {
            match services::etcd(&etcd, self.options.platform) {
                Ok(text) => self.service("etcd-member.service", "20-clct-etcd-member.conf", text),
                Err(problem) => self.error(None, problem),
            }
        }
        for (index, file) in config.storage.files.into_iter().enumerate() {
            self.file(index, file);
        }
        self.out.storage.directories = config.storage.directories.into_iter().map(directory).collect();
        self.out.storage.links = config.storage.links.into_iter().map(link).collect();
        self.out.storage.filesystems = config.storage.filesystems.into_iter().map(filesystem).collect();
        if let Some(flannel) = config.flannel {
            match services::flannel(&flannel, self.options.platform) {
                Ok(text) => self.service("flanneld.service", "20-clct-flannel.conf", text),
                Err(problem) => self.error(None, problem),
            }
        }
        self.out.networkd.units = config.networkd.units.into_iter().map(networkd_unit).collect();
        self.out.passwd.users = config.passwd.users.into_iter().map(user).collect();
        self.out.passwd.groups = config.passwd.groups.into_iter().map(group).collect();
        self.out.storage.raid = config.storage.raid.into_iter().map(raid).collect();
        self.out.systemd.units.extend(config.systemd.units.into_iter().map(unit));
        let update = services::update_conf(config.update.as_ref(), config.locksmith.as_ref());
        if !update.is_empty() {
            self.out.storage.files.push(ignition2::File {
                filesystem: "root".into(),
                path: UPDATE_CONF.into(),
                mode: Some(0o644),
                contents: ignition2::FileContents { source: encode_data_url(update.as_bytes()), ..Default::default() },
                ..Default::default()
            });
        }
    }

    fn error(&mut self, node: Option<NodeRef>, problem: impl Into<Problem>) {
        let position = self.ast.as_ref().zip(node).map(|(ast, node)| ast.position(node));
        self.entries.push(Entry { kind: EntryKind::Error, path: String::new(), position, problem: problem.into() });
    }

    /// The node below a path of keys; `None` as soon as one is missing.
    fn node(&self, from: Option<NodeRef>, keys: &[&str]) -> Option<NodeRef> {
        let ast = self.ast.as_ref()?;
        keys.iter().fold(from, |node, key| ast.child(node, key))
    }

    fn item(&self, list: Option<NodeRef>, index: usize) -> Option<NodeRef> {
        self.ast.as_ref()?.at(list, index)
    }

    fn metadata_units(&mut self) {
        let platform = self.options.platform;
        if !matches!(platform, "openstack-metadata" | "cloudstack-configdrive") {
            return;
        }
        let dropin = || ignition2::SystemdDropin {
            name: "20-clct-provider-override.conf".into(),
            contents: format!("[Service]\nEnvironment=COREOS_METADATA_OPT_PROVIDER=--provider={platform}"),
        };
        self.out.systemd.units.push(ignition2::Unit {
            name: "coreos-metadata.service".into(),
            dropins: vec![dropin()],
            ..Default::default()
        });
        self.out.systemd.units.push(ignition2::Unit {
            name: "coreos-metadata-sshkeys@.service".into(),
            enabled: Some(true),
            dropins: vec![dropin()],
            ..Default::default()
        });
    }

    fn service(&mut self, unit: &str, dropin: &str, contents: String) {
        self.out.systemd.units.push(ignition2::Unit {
            name: unit.into(),
            enable: true,
            dropins: vec![ignition2::SystemdDropin { name: dropin.into(), contents }],
            ..Default::default()
        });
    }

    fn ignition(&mut self, from: crate::clc::types::Ignition) {
        let to = &mut self.out.ignition;
        to.timeouts.http_response_headers = from.timeouts.http_response_headers;
        to.timeouts.http_total = from.timeouts.http_total;
        to.security.tls.certificate_authorities =
            from.security.tls.certificate_authorities.into_iter().map(ca_reference).collect();
        let list = self.node(self.root, &["ignition", "config", "append"]);
        for (index, reference) in from.config.append.into_iter().enumerate() {
            let node = self.item(list, index);
            let reference = self.config_reference(reference, node);
            self.out.ignition.config.append.extend(reference);
        }
        if let Some(reference) = from.config.replace {
            let node = self.node(self.root, &["ignition", "config", "replace"]);
            self.out.ignition.config.replace = self.config_reference(reference, node);
        }
    }

    fn config_reference(&mut self, from: ConfigReference, node: Option<NodeRef>) -> Option<ignition2::ConfigReference> {
        if let Err(words) = url::parse(&from.source, Brackets::Ipv6) {
            let source = self.node(node, &["source"]);
            self.error(source, ContainerLinux::Url { words });
            return None;
        }
        Some(ignition2::ConfigReference { source: from.source, verification: verification(from.verification) })
    }

    fn disk(&mut self, index: usize, from: Disk) {
        let mut disk = ignition2::Disk { device: from.device, wipe_table: from.wipe_table, ..Default::default() };
        for (part, partition) in from.partitions.into_iter().enumerate() {
            match dimensions(&partition) {
                Ok((size_mib, start_mib)) => disk.partitions.push(ignition2::Partition {
                    guid: partition.guid,
                    label: partition.label,
                    number: partition.number,
                    size_mib,
                    start_mib,
                    type_guid: type_guid(partition.type_guid),
                    ..Default::default()
                }),
                Err((key, problem)) => {
                    let disk = self.item(self.node(self.root, &["storage", "disks"]), index);
                    let partition = self.item(self.node(disk, &["partitions"]), part);
                    let node = self.node(partition, &[key]);
                    self.error(node, problem);
                }
            }
        }
        self.out.storage.disks.push(disk);
    }

    fn file(&mut self, index: usize, from: File) {
        let mut contents = ignition2::FileContents::default();
        let node = self.item(self.node(self.root, &["storage", "files"]), index);
        if !from.contents.inline.0.is_empty() {
            contents.source = encode_data_url(&from.contents.inline.0);
        }
        if !from.contents.local.is_empty() {
            match read_local(self.options.files, &from.contents.local) {
                Ok(bytes) => contents.source = encode_data_url(&bytes),
                Err(problem) => {
                    let local = self.node(node, &["contents", "local"]);
                    return self.error(local, problem);
                }
            }
        }
        let remote = from.contents.remote;
        if !remote.url.is_empty() {
            match url::parse(&remote.url, Brackets::Ipv6) {
                Ok(url) => contents.source = url.to_string(),
                Err(words) => {
                    let url = self.node(node, &["contents", "remote", "url"]);
                    return self.error(url, ContainerLinux::Url { words });
                }
            }
            if let Some(ast) = &mut self.ast {
                ast.show_remote(node);
            }
        }
        if contents.source.is_empty() {
            contents.source = encode_data_url(b"");
        }
        contents.compression = remote.compression;
        contents.verification = verification(remote.verification);
        self.out.storage.files.push(ignition2::File {
            filesystem: or_root(from.filesystem),
            group: from.group.map(group_owner),
            overwrite: from.overwrite,
            path: from.path,
            user: from.user.map(user_owner),
            append: from.append,
            contents,
            mode: from.mode.or(Some(0o644)),
        });
    }
}

fn read_local(files: Option<&dyn FilesDir>, path: &str) -> Result<Vec<u8>, LocalFile> {
    files.ok_or(LocalFile::NoFilesDir)?.read(path)
}

/// Size and start in MiB, or the key whose text is none.
type Dimensions = Result<(Option<i64>, Option<i64>), (&'static str, ContainerLinux)>;

fn dimensions(partition: &Partition) -> Dimensions {
    let size = dimension::mib(&partition.size).map_err(|problem| ("size", problem))?;
    let start = dimension::mib(&partition.start).map_err(|problem| ("start", problem))?;
    Ok((size, start))
}

fn type_guid(name: String) -> String {
    match &*name {
        "raid_containing_root" => "be9067b9-ea49-4f15-b4f6-f36f8c9e1818".into(),
        "linux_filesystem_data" => "0fc63daf-8483-4772-8e79-3d69d8477de4".into(),
        "swap_partition" => "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f".into(),
        "raid_partition" => "a19d880f-05fc-4d3b-a006-743f0f84911e".into(),
        _ => name,
    }
}

fn verification(from: Verification) -> ignition2::Verification {
    let hash = from.hash;
    let is_given = !hash.function.is_empty() && !hash.sum.is_empty();
    ignition2::Verification { hash: is_given.then(|| format!("{}-{}", hash.function, hash.sum)) }
}

fn ca_reference(from: CaReference) -> ignition2::CaReference {
    ignition2::CaReference { source: from.source, verification: verification(from.verification) }
}

fn or_root(filesystem: String) -> String {
    if filesystem.is_empty() { "root".into() } else { filesystem }
}

fn user_owner(from: FileUser) -> ignition2::NodeOwner {
    ignition2::NodeOwner { id: from.id, name: from.name }
}

fn group_owner(from: FileGroup) -> ignition2::NodeOwner {
    ignition2::NodeOwner { id: from.id, name: from.name }
}

fn directory(from: Directory) -> ignition2::Directory {
    ignition2::Directory {
        filesystem: or_root(from.filesystem),
        group: from.group.map(group_owner),
        overwrite: from.overwrite,
        path: from.path,
        user: from.user.map(user_owner),
        mode: from.mode.or(Some(0o755)),
    }
}

fn link(from: Link) -> ignition2::Link {
    ignition2::Link {
        filesystem: or_root(from.filesystem),
        group: from.group.map(group_owner),
        overwrite: from.overwrite,
        path: from.path,
        user: from.user.map(user_owner),
        hard: from.hard,
        target: from.target,
    }
}

fn filesystem(from: crate::clc::types::Filesystem) -> ignition2::Filesystem {
    let mount = from.mount.map(|mount| ignition2::Mount {
        create: mount.create.map(|create| ignition2::Create { force: create.force, options: create.options }),
        device: mount.device,
        format: mount.format,
        label: mount.label,
        options: mount.options,
        uuid: mount.uuid,
        wipe_filesystem: mount.wipe_filesystem,
    });
    ignition2::Filesystem { mount, name: from.name, path: from.path }
}

fn networkd_unit(from: crate::clc::types::NetworkdUnit) -> ignition2::NetworkdUnit {
    let dropin = |from: crate::clc::types::NetworkdUnitDropIn| ignition2::NetworkdDropin {
        contents: from.contents,
        name: from.name,
    };
    ignition2::NetworkdUnit {
        contents: from.contents,
        dropins: from.dropins.into_iter().map(dropin).collect(),
        name: from.name,
    }
}

fn unit(from: crate::clc::types::SystemdUnit) -> ignition2::Unit {
    let dropin = |from: crate::clc::types::SystemdUnitDropIn| ignition2::SystemdDropin {
        contents: from.contents,
        name: from.name,
    };
    ignition2::Unit {
        contents: from.contents,
        dropins: from.dropins.into_iter().map(dropin).collect(),
        enable: from.enable,
        enabled: from.enabled,
        mask: from.mask,
        name: from.name,
    }
}

fn raid(from: crate::clc::types::Raid) -> ignition2::Raid {
    ignition2::Raid {
        devices: ignition2::Devices(from.devices),
        level: from.level,
        name: from.name,
        options: from.options,
        spares: from.spares,
    }
}

/// Go converts unsigned numbers to signed ones by their bits.
#[expect(clippy::cast_possible_wrap, reason = "the original converts the same way")]
fn signed(number: u64) -> i64 {
    number as i64
}

fn user(from: User) -> ignition2::PasswdUser {
    let create = from.create.map(|create| ignition2::UserCreate {
        gecos: create.gecos,
        groups: create.groups,
        home_dir: create.home_dir,
        no_create_home: create.no_create_home,
        no_log_init: create.no_log_init,
        no_user_group: create.no_user_group,
        primary_group: create.primary_group,
        shell: create.shell,
        system: create.system,
        uid: create.uid.map(signed),
    });
    ignition2::PasswdUser {
        create,
        gecos: from.gecos,
        groups: from.groups,
        home_dir: from.home_dir,
        name: from.name,
        no_create_home: from.no_create_home,
        no_log_init: from.no_log_init,
        no_user_group: from.no_user_group,
        password_hash: from.password_hash,
        primary_group: from.primary_group,
        ssh_authorized_keys: from.ssh_authorized_keys,
        shell: from.shell,
        system: from.system,
        uid: from.uid,
    }
}

fn group(from: crate::clc::types::Group) -> ignition2::PasswdGroup {
    ignition2::PasswdGroup {
        gid: from.gid.map(signed),
        name: from.name,
        password_hash: from.password_hash,
        system: from.system,
    }
}
