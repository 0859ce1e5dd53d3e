//! Butane structs → Ignition structs, field by field, reading local files on the way.

use crate::codec::Path;
use crate::ignition3::{self as out, Findings};
use crate::problem::LocalFile;
use flatwright_go::yaml3::raw_bytes;

use super::files::{FilesDir, read};
use super::origins::{Origins, steps};
use super::resource::{Encoder, plain_data_url};
use super::types as from;
use super::version::Version;

/// What the conversion needs and notes.
pub(super) struct Lower<'a> {
    pub(super) version: Version,
    pub(super) files: Option<&'a dyn FilesDir>,
    /// Whether a string may stand for bytes that are not UTF-8.
    pub(super) has_raw_bytes: bool,
    pub(super) encoder: Encoder,
    pub(super) origins: Origins,
    pub(super) found: Findings,
}

impl Lower<'_> {
    /// Everything but what is generated.
    pub(super) fn config(&mut self, config: &mut from::FcosConfig) -> out::Config {
        let root = Path::ROOT;
        let ignition = self.ignition(std::mem::take(&mut config.ignition), &root.key("ignition"));
        let from::KernelArguments { should_exist, should_not_exist } = std::mem::take(&mut config.kernel_arguments);
        let passwd = self.passwd(std::mem::take(&mut config.passwd), &root.key("passwd"));
        let storage = self.storage(&mut config.storage, &root.key("storage"));
        let units = std::mem::take(&mut config.systemd.units);
        let systemd = root.key("systemd");
        let list = systemd.key("units");
        let units = units.into_iter().enumerate().map(|(i, unit)| self.unit(unit, &list.index(i))).collect();
        out::Config {
            ignition,
            kernel_arguments: out::KernelArguments { should_exist, should_not_exist },
            passwd,
            storage,
            systemd: out::Systemd { units },
        }
    }

    fn ignition(&mut self, ignition: from::Ignition, at: &Path<'_>) -> out::Ignition {
        let from::Ignition { config, proxy, security, timeouts } = ignition;
        let place = at.key("config");
        let merge = self.references(config.merge, &place.key("merge"));
        let replace = self.resource(config.replace.into(), &place.key("replace"));
        let security_at = at.key("security");
        let tls = security_at.key("tls");
        let authorities = self.references(security.tls.certificate_authorities, &tls.key("certificate_authorities"));
        let from::Proxy { http_proxy, https_proxy, no_proxy } = proxy;
        let from::Timeouts { http_response_headers, http_total } = timeouts;
        out::Ignition {
            config: out::IgnitionConfig { merge, replace },
            proxy: out::Proxy { http_proxy, https_proxy, no_proxy },
            security: out::Security { tls: out::Tls { certificate_authorities: authorities } },
            timeouts: out::Timeouts { http_response_headers, http_total },
            version: self.version.ignition().as_str().to_owned(),
        }
    }

    fn references(&mut self, references: Vec<from::Reference>, list: &Path<'_>) -> Vec<out::Resource> {
        references.into_iter().enumerate().map(|(i, item)| self.resource(item.into(), &list.index(i))).collect()
    }

    fn resources(&mut self, resources: Vec<from::Resource>, list: &Path<'_>) -> Vec<out::Resource> {
        resources.into_iter().enumerate().map(|(i, item)| self.resource(item, &list.index(i))).collect()
    }

    fn resource(&mut self, resource: from::Resource, at: &Path<'_>) -> out::Resource {
        let from::Resource { compression, http_headers, source, inline, local, verification } = resource;
        let http_headers =
            http_headers.into_iter().map(|header| out::HttpHeader { name: header.name, value: header.value }).collect();
        let verification = out::Verification { hash: verification.hash };
        let mut made = out::Resource { compression, http_headers, source, verification };
        let contents = match (local, inline) {
            (_, Some(inline)) if self.has_raw_bytes => raw_bytes(&inline),
            (_, Some(inline)) => inline.into_bytes(),
            (Some(local), None) => match read(self.files, &local) {
                Ok(contents) => contents,
                Err(problem) => {
                    self.found.error(&at.key("local"), problem);
                    return made;
                }
            },
            (None, None) => return made,
        };
        if self.version.base() == 1 {
            made.source = Some(plain_data_url(&contents));
            return made;
        }
        let url = self.encoder.data_url(&contents, made.compression.as_deref());
        made.source = Some(url.url);
        if url.compression.is_some() {
            made.compression = url.compression;
        }
        made
    }

    fn passwd(&mut self, passwd: from::Passwd, at: &Path<'_>) -> out::Passwd {
        let groups = passwd
            .groups
            .into_iter()
            .map(|group| {
                let from::PasswdGroup { gid, name, password_hash, should_exist, system } = group;
                out::PasswdGroup { gid, name, password_hash, should_exist, system }
            })
            .collect();
        let list = at.key("users");
        let users = passwd.users.into_iter().enumerate().map(|(i, user)| self.user(user, i, &list.index(i))).collect();
        out::Passwd { groups, users }
    }

    fn user(&mut self, user: from::PasswdUser, index: usize, at: &Path<'_>) -> out::PasswdUser {
        let mut keys = user.ssh_authorized_keys;
        if !user.ssh_authorized_keys_local.is_empty() {
            let list = at.key("ssh_authorized_keys_local");
            if self.files.is_none() {
                self.found.error(&list, LocalFile::NoDirectory);
            }
            for (i, local) in user.ssh_authorized_keys_local.iter().enumerate().filter(|_| self.files.is_some()) {
                match read(self.files, local) {
                    Err(problem) => self.found.error(&list.index(i), problem),
                    Ok(bytes) => {
                        let text = String::from_utf8_lossy(&bytes);
                        let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
                        for line in lines.filter(|line| !line.is_empty()) {
                            let generated = format!("passwd.users.{index}.sshAuthorizedKeys.{}", keys.len());
                            self.origins.exact(&generated, steps(&list.index(i).segments()));
                            keys.push(line.to_owned());
                        }
                    }
                }
            }
        }
        out::PasswdUser {
            gecos: user.gecos,
            groups: user.groups,
            home_dir: user.home_dir,
            name: user.name,
            no_create_home: user.no_create_home,
            no_log_init: user.no_log_init,
            no_user_group: user.no_user_group,
            password_hash: user.password_hash,
            primary_group: user.primary_group,
            ssh_authorized_keys: keys,
            shell: user.shell,
            should_exist: user.should_exist,
            system: user.system,
            uid: user.uid,
        }
    }

    fn storage(&mut self, storage: &mut from::Storage, at: &Path<'_>) -> out::Storage {
        let take = std::mem::take::<Vec<from::Directory>>;
        let directories = take(&mut storage.directories)
            .into_iter()
            .map(|directory| {
                let from::Directory { group, overwrite, path, user, mode } = directory;
                out::Directory { group: group.into(), overwrite, path, user: user.into(), mode }
            })
            .collect();
        let disks = std::mem::take(&mut storage.disks).into_iter().map(disk).collect();
        let list = at.key("files");
        let files = std::mem::take(&mut storage.files);
        let files = files.into_iter().enumerate().map(|(i, file)| self.file(file, &list.index(i))).collect();
        let filesystems = storage.filesystems.iter().map(filesystem).collect();
        let links = std::mem::take(&mut storage.links)
            .into_iter()
            .map(|link| {
                let from::Link { group, overwrite, path, user, hard, target } = link;
                out::Link { group: group.into(), overwrite, path, user: user.into(), hard, target }
            })
            .collect();
        let list = at.key("luks");
        let luks = storage.luks.iter().enumerate().map(|(i, luks)| self.luks(luks.clone(), &list.index(i))).collect();
        let raid = std::mem::take(&mut storage.raid)
            .into_iter()
            .map(|raid| {
                let from::Raid { devices, level, name, options, spares } = raid;
                out::Raid { devices, level, name, options, spares }
            })
            .collect();
        out::Storage { directories, disks, files, filesystems, links, luks, raid }
    }

    fn file(&mut self, file: from::File, at: &Path<'_>) -> out::File {
        let from::File { group, overwrite, path, user, append, contents, mode } = file;
        let append = self.resources(append, &at.key("append"));
        let contents = self.resource(contents, &at.key("contents"));
        out::File { group: group.into(), overwrite, path, user: user.into(), append, contents, mode }
    }

    fn luks(&mut self, luks: from::Luks, at: &Path<'_>) -> out::Luks {
        let key_file = self.resource(luks.key_file, &at.key("key_file"));
        let from::Clevis { custom, tang, threshold, tpm2 } = luks.clevis;
        let from::ClevisCustom { config, needs_network, pin } = custom;
        out::Luks {
            cex: out::Cex { enabled: luks.cex.enabled },
            clevis: out::Clevis {
                custom: out::ClevisCustom { config, needs_network, pin },
                tang: tang.into_iter().map(Into::into).collect(),
                threshold,
                tpm2,
            },
            device: luks.device,
            discard: luks.discard,
            key_file,
            label: luks.label,
            name: luks.name,
            open_options: luks.open_options,
            options: luks.options,
            uuid: luks.uuid,
            wipe_volume: luks.wipe_volume,
        }
    }

    fn unit(&mut self, unit: from::Unit, at: &Path<'_>) -> out::Unit {
        let list = at.key("dropins");
        let dropins = unit
            .dropins
            .into_iter()
            .enumerate()
            .map(|(i, dropin)| {
                let contents = self.contents(dropin.contents, dropin.contents_local, &list.index(i));
                out::Dropin { contents, name: dropin.name }
            })
            .collect();
        let contents = self.contents(unit.contents, unit.contents_local, at);
        out::Unit { contents, dropins, enabled: unit.enabled, mask: unit.mask, name: unit.name }
    }

    fn contents(&mut self, contents: Option<String>, local: Option<String>, at: &Path<'_>) -> Option<String> {
        let Some(local) = local.filter(|local| !local.is_empty()) else { return contents };
        match read(self.files, &local) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(problem) => {
                self.found.error(&at.key("contents_local"), problem);
                contents
            }
        }
    }
}

fn disk(disk: from::Disk) -> out::Disk {
    let partitions = disk
        .partitions
        .into_iter()
        .map(|partition| out::Partition {
            guid: partition.guid,
            label: partition.label,
            number: partition.number,
            resize: partition.resize,
            should_exist: partition.should_exist,
            size_mib: partition.size_mib,
            start_mib: partition.start_mib,
            type_guid: partition.type_guid,
            wipe_partition_entry: partition.wipe_partition_entry,
        })
        .collect();
    out::Disk { device: disk.device, partitions, wipe_table: disk.wipe_table }
}

fn filesystem(filesystem: &from::Filesystem) -> out::Filesystem {
    let from = filesystem.clone();
    out::Filesystem {
        device: from.device,
        format: from.format,
        label: from.label,
        mount_options: from.mount_options,
        options: from.options,
        path: from.path,
        uuid: from.uuid,
        wipe_filesystem: from.wipe_filesystem,
    }
}

impl From<from::Tang> for out::Tang {
    fn from(tang: from::Tang) -> Self {
        Self { advertisement: tang.advertisement, thumbprint: tang.thumbprint, url: tang.url }
    }
}

impl From<from::NodeUser> for out::NodeUser {
    fn from(user: from::NodeUser) -> Self {
        Self { id: user.id, name: user.name }
    }
}

impl From<from::NodeGroup> for out::NodeGroup {
    fn from(group: from::NodeGroup) -> Self {
        Self { id: group.id, name: group.name }
    }
}
