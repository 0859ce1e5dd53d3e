//! Ignition 2.3 → CLC text that becomes the same config again, through ct's rules and the bootstrap provider.
//!
//! Owns: which constructs CLC cannot say, and the proof: what is written is translated again and compared. Must not: drop or change anything silently, or know
//! how contents are written ([`contents`] does).

use flatwright_diagnostic::Path;
use flatwright_go::url::{self, Brackets};
use flatwright_yaml::{Map, Value};

use crate::clc::contents;
use crate::clc::types;
use crate::clc::unsayable::Unsayable;
use crate::clc::{Options, report, translate};
use crate::ignition2;
use flatwright_go::gzip::Gzip;

/// In which form contents are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// With the fewest code points.
    Smallest,
    /// So that people can read them.
    Readable,
    /// As they are stored.
    Stored,
}

/// A construct that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteError {
    /// Where it is in the Ignition config.
    pub path: Path,
    /// Why it cannot be said.
    pub rule: Unsayable,
}

/// Writes a config as CLC, ending in a newline. An empty config gives `{}`.
///
/// # Errors
/// Every construct that CLC cannot say, or what the validator would say to the result.
pub fn write(config: &ignition2::Config) -> Result<String, Vec<WriteError>> {
    written(config, &|_, _| Form::Smallest)
}

/// Writes a config with the contents of each file, by its index and path, in a form.
pub(super) fn written(
    config: &ignition2::Config,
    form: &dyn Fn(usize, &str) -> Form,
) -> Result<String, Vec<WriteError>> {
    let mut writer = Writer { errors: Vec::new(), gzip: Gzip::default(), form };
    let clc = writer.config(config);
    if !writer.errors.is_empty() {
        return Err(writer.errors);
    }
    let json = serde_json::to_value(&clc).expect("invariant: the model has string keys only");
    let text = flatwright_yaml::emit(&yaml(json, true).unwrap_or_else(Value::map));
    prove(config, &text)?;
    Ok(text)
}

/// JSON → YAML, without the sections that have nothing in them.
fn yaml(json: serde_json::Value, is_section: bool) -> Option<Value> {
    match json {
        serde_json::Value::Object(object) => {
            let mut map = Map::new();
            for (key, value) in object {
                let is_kept_empty = matches!(&*key, "mount" | "create" | "user" | "group" | "replace");
                if let Some(value) = yaml(value, !is_kept_empty) {
                    map.insert(key, value);
                }
            }
            (!map.is_empty() || !is_section).then(|| map.into())
        }
        serde_json::Value::Array(items) => {
            let items: Vec<Value> = items.into_iter().filter_map(|item| yaml(item, false)).collect();
            Some(items.into())
        }
        serde_json::Value::String(text) => Some(Value::str(text)),
        serde_json::Value::Bool(value) => Some(value.into()),
        serde_json::Value::Number(number) => Some(number.as_i64().unwrap_or_default().into()),
        serde_json::Value::Null => None,
    }
}

/// Translates the text again and compares; contents by their bytes.
fn prove(config: &ignition2::Config, text: &str) -> Result<(), Vec<WriteError>> {
    let root = |rule| vec![WriteError { path: Path::root(), rule }];
    let translation = translate(text.as_bytes(), &Options::default());
    let Some(mut again) = translation.config else {
        let report = report(&translation.entries);
        let problems = translation.entries.into_iter().map(|entry| entry.problem).collect();
        return Err(root(Unsayable::Refused { report, problems }));
    };
    for (file, of) in again.storage.files.iter_mut().zip(&config.storage.files) {
        if file.contents != of.contents && contents::are_same_bytes(&file.contents, &of.contents) {
            file.contents = of.contents.clone();
        }
    }
    if again == *config {
        return Ok(());
    }
    Err(root(Unsayable::Lost))
}

struct Writer<'w> {
    errors: Vec<WriteError>,
    gzip: Gzip,
    form: &'w dyn Fn(usize, &str) -> Form,
}

impl Writer<'_> {
    fn refuse(&mut self, path: &Path, rule: Unsayable) {
        self.errors.push(WriteError { path: path.clone(), rule });
    }

    fn config(&mut self, from: &ignition2::Config) -> types::Config {
        let root = Path::root();
        if from.ignition.version != ignition2::VERSION {
            let version = from.ignition.version.clone();
            self.refuse(&root.key("ignition").key("version"), Unsayable::Version { version });
        }
        types::Config {
            ignition: self.ignition(&from.ignition, &root.key("ignition")),
            storage: self.storage(&from.storage, &root.key("storage")),
            systemd: types::Systemd { units: from.systemd.units.iter().map(unit).collect() },
            networkd: types::Networkd { units: from.networkd.units.iter().map(networkd_unit).collect() },
            passwd: self.passwd(&from.passwd, &root.key("passwd")),
            ..Default::default()
        }
    }

    fn ignition(&mut self, from: &ignition2::Ignition, path: &Path) -> types::Ignition {
        let config = path.key("config");
        let append = from.config.append.iter().enumerate();
        let authorities = from.security.tls.certificate_authorities.iter().enumerate();
        let at = path.key("security").key("tls").key("certificateAuthorities");
        types::Ignition {
            config: types::IgnitionConfig {
                append: append
                    .map(|(index, reference)| self.reference(reference, &config.key("append").index(index)))
                    .collect(),
                replace: from.config.replace.as_ref().map(|replace| self.reference(replace, &config.key("replace"))),
            },
            timeouts: types::Timeouts {
                http_response_headers: from.timeouts.http_response_headers,
                http_total: from.timeouts.http_total,
            },
            security: types::Security {
                tls: types::Tls {
                    certificate_authorities: authorities
                        .map(|(index, authority)| types::CaReference {
                            source: authority.source.clone(),
                            verification: self.verification(&authority.verification, &at.index(index)),
                        })
                        .collect(),
                },
            },
        }
    }

    fn reference(&mut self, from: &ignition2::ConfigReference, path: &Path) -> types::ConfigReference {
        let verification = self.verification(&from.verification, path);
        types::ConfigReference { source: from.source.clone(), verification }
    }

    fn verification(&mut self, from: &ignition2::Verification, path: &Path) -> types::Verification {
        let Some(hash) = &from.hash else { return types::Verification::default() };
        match hash.split_once('-') {
            Some((function, sum)) if !function.is_empty() && !sum.is_empty() => {
                types::Verification { hash: types::Hash { function: function.into(), sum: sum.into() } }
            }
            _ => {
                self.refuse(&path.key("verification").key("hash"), Unsayable::Hash { hash: hash.clone() });
                types::Verification::default()
            }
        }
    }

    fn storage(&mut self, from: &ignition2::Storage, path: &Path) -> types::Storage {
        types::Storage {
            disks: from
                .disks
                .iter()
                .enumerate()
                .map(|(index, disk)| self.disk(disk, &path.key("disks").index(index)))
                .collect(),
            raid: from.raid.iter().map(raid).collect(),
            filesystems: from.filesystems.iter().map(filesystem).collect(),
            files: from
                .files
                .iter()
                .enumerate()
                .map(|(index, file)| self.file(file, (self.form)(index, &file.path), &path.key("files").index(index)))
                .collect(),
            directories: from
                .directories
                .iter()
                .enumerate()
                .map(|(index, directory)| self.directory(directory, &path.key("directories").index(index)))
                .collect(),
            links: from
                .links
                .iter()
                .enumerate()
                .map(|(index, link)| self.link(link, &path.key("links").index(index)))
                .collect(),
        }
    }

    fn disk(&mut self, from: &ignition2::Disk, path: &Path) -> types::Disk {
        let partitions = from.partitions.iter().enumerate();
        let at = path.key("partitions");
        types::Disk {
            device: from.device.clone(),
            wipe_table: from.wipe_table,
            partitions: partitions.map(|(index, partition)| self.partition(partition, &at.index(index))).collect(),
        }
    }

    fn partition(&mut self, from: &ignition2::Partition, path: &Path) -> types::Partition {
        let unsayable = [
            (from.size.is_some(), "size", "a size in sectors"),
            (from.start.is_some(), "start", "a start in sectors"),
            (from.should_exist.is_some(), "shouldExist", "`shouldExist`"),
            (from.wipe_partition_entry, "wipePartitionEntry", "`wipePartitionEntry`"),
        ];
        for (_, key, what) in unsayable.into_iter().filter(|(is_set, ..)| *is_set) {
            self.refuse(&path.key(key), Unsayable::Partition { what });
        }
        let size = |mib: Option<i64>| {
            mib.map_or_else(String::new, |mib| if mib == 0 { "0".into() } else { format!("{mib}MiB") })
        };
        types::Partition {
            label: from.label.clone(),
            number: from.number,
            size: size(from.size_mib),
            start: size(from.start_mib),
            guid: from.guid.clone(),
            type_guid: from.type_guid.clone(),
        }
    }

    /// CLC's own defaults would fill these in with something else.
    fn mode(&mut self, mode: Option<i64>, path: &Path) -> Option<i64> {
        if mode.is_none() {
            self.refuse(&path.key("mode"), Unsayable::NoMode);
        }
        mode
    }

    fn filesystem_name(&mut self, name: &str, path: &Path) -> String {
        if name.is_empty() {
            self.refuse(&path.key("filesystem"), Unsayable::NoFilesystem);
        }
        if name == "root" { String::new() } else { name.to_owned() }
    }

    fn file(&mut self, from: &ignition2::File, form: Form, path: &Path) -> types::File {
        types::File {
            filesystem: self.filesystem_name(&from.filesystem, path),
            path: from.path.clone(),
            user: from.user.as_ref().map(user_owner),
            group: from.group.as_ref().map(group_owner),
            mode: self.mode(from.mode, path),
            contents: self.contents(&from.contents, form, &path.key("contents")),
            overwrite: from.overwrite,
            append: from.append,
        }
    }

    fn contents(&mut self, from: &ignition2::FileContents, form: Form, path: &Path) -> types::FileContents {
        if from.verification.hash.is_none()
            && let Some(bytes) = contents::plain_bytes(from)
        {
            let stored = (form == Form::Stored).then(|| contents::stored_bytes(from)).flatten();
            return match (stored, form) {
                _ if bytes.is_empty() => types::FileContents::default(),
                (Some(stored), _) => contents::stored(&stored, &from.compression),
                (None, Form::Smallest) => contents::smallest(&bytes, &mut self.gzip),
                (None, Form::Readable | Form::Stored) => contents::readable(&bytes),
            };
        }
        let source = if from.source.is_empty() { "data:," } else { &*from.source };
        match url::parse(source, Brackets::Ipv6) {
            Ok(url) if url.to_string() == source => {}
            Ok(url) => {
                let (source, url) = (source.to_owned(), url.to_string());
                self.refuse(&path.key("source"), Unsayable::RewrittenUrl { source, url });
            }
            Err(words) => self.refuse(&path.key("source"), Unsayable::Url { words }),
        }
        let remote = types::Remote {
            url: source.to_owned(),
            compression: from.compression.clone(),
            verification: self.verification(&from.verification, path),
        };
        types::FileContents { remote, ..Default::default() }
    }

    fn directory(&mut self, from: &ignition2::Directory, path: &Path) -> types::Directory {
        types::Directory {
            filesystem: self.filesystem_name(&from.filesystem, path),
            path: from.path.clone(),
            user: from.user.as_ref().map(user_owner),
            group: from.group.as_ref().map(group_owner),
            mode: self.mode(from.mode, path),
            overwrite: from.overwrite,
        }
    }

    fn link(&mut self, from: &ignition2::Link, path: &Path) -> types::Link {
        types::Link {
            filesystem: self.filesystem_name(&from.filesystem, path),
            path: from.path.clone(),
            user: from.user.as_ref().map(user_owner),
            group: from.group.as_ref().map(group_owner),
            hard: from.hard,
            target: from.target.clone(),
            overwrite: from.overwrite,
        }
    }

    fn passwd(&mut self, from: &ignition2::Passwd, path: &Path) -> types::Passwd {
        let users = from.users.iter().enumerate();
        let groups = from.groups.iter().enumerate();
        types::Passwd {
            users: users.map(|(index, user)| self.user(user, &path.key("users").index(index))).collect(),
            groups: groups
                .map(|(index, group)| types::Group {
                    name: group.name.clone(),
                    gid: self.unsigned(group.gid, &path.key("groups").index(index).key("gid")),
                    password_hash: group.password_hash.clone(),
                    system: group.system,
                })
                .collect(),
        }
    }

    fn unsigned(&mut self, number: Option<i64>, path: &Path) -> Option<u64> {
        let number = number?;
        let unsigned = u64::try_from(number).ok();
        if unsigned.is_none() {
            self.refuse(path, Unsayable::Negative { number });
        }
        unsigned
    }

    fn user(&mut self, from: &ignition2::PasswdUser, path: &Path) -> types::User {
        let create = from.create.as_ref().map(|create| types::UserCreate {
            uid: self.unsigned(create.uid, &path.key("create").key("uid")),
            gecos: create.gecos.clone(),
            home_dir: create.home_dir.clone(),
            no_create_home: create.no_create_home,
            primary_group: create.primary_group.clone(),
            groups: create.groups.clone(),
            no_user_group: create.no_user_group,
            system: create.system,
            no_log_init: create.no_log_init,
            shell: create.shell.clone(),
        });
        types::User {
            name: from.name.clone(),
            password_hash: from.password_hash.clone(),
            ssh_authorized_keys: from.ssh_authorized_keys.clone(),
            create,
            uid: from.uid,
            gecos: from.gecos.clone(),
            home_dir: from.home_dir.clone(),
            no_create_home: from.no_create_home,
            primary_group: from.primary_group.clone(),
            groups: from.groups.clone(),
            no_user_group: from.no_user_group,
            system: from.system,
            no_log_init: from.no_log_init,
            shell: from.shell.clone(),
        }
    }
}

fn user_owner(from: &ignition2::NodeOwner) -> types::FileUser {
    types::FileUser { id: from.id, name: from.name.clone() }
}

fn group_owner(from: &ignition2::NodeOwner) -> types::FileGroup {
    types::FileGroup { id: from.id, name: from.name.clone() }
}

fn raid(from: &ignition2::Raid) -> types::Raid {
    types::Raid {
        name: from.name.clone(),
        level: from.level.clone(),
        devices: from.devices.0.clone(),
        spares: from.spares,
        options: from.options.clone(),
    }
}

fn filesystem(from: &ignition2::Filesystem) -> types::Filesystem {
    let mount = from.mount.as_ref().map(|mount| types::Mount {
        device: mount.device.clone(),
        format: mount.format.clone(),
        create: mount
            .create
            .as_ref()
            .map(|create| types::Create { force: create.force, options: create.options.clone() }),
        wipe_filesystem: mount.wipe_filesystem,
        label: mount.label.clone(),
        uuid: mount.uuid.clone(),
        options: mount.options.clone(),
    });
    types::Filesystem { name: from.name.clone(), mount, path: from.path.clone() }
}

fn unit(from: &ignition2::Unit) -> types::SystemdUnit {
    types::SystemdUnit {
        name: from.name.clone(),
        enable: from.enable,
        enabled: from.enabled,
        mask: from.mask,
        contents: from.contents.clone(),
        dropins: from
            .dropins
            .iter()
            .map(|dropin| types::SystemdUnitDropIn { name: dropin.name.clone(), contents: dropin.contents.clone() })
            .collect(),
    }
}

fn networkd_unit(from: &ignition2::NetworkdUnit) -> types::NetworkdUnit {
    types::NetworkdUnit {
        name: from.name.clone(),
        contents: from.contents.clone(),
        dropins: from
            .dropins
            .iter()
            .map(|dropin| types::NetworkdUnitDropIn { name: dropin.name.clone(), contents: dropin.contents.clone() })
            .collect(),
    }
}
