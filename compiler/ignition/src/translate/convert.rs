//! The conversion itself: field by field, in the order in which Go writes 3.1.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::check::{Paths, node_path};
use crate::ignition2::{
    CaReference, Config, ConfigReference, Directory, Disk, File, Filesystem, Link, NodeOwner, Partition, PasswdGroup,
    PasswdUser, Raid, Unit, UserCreate, Verification,
};

/// A JSON object that leaves out what is empty, as 3.x does.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn always(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// Sets a pointer: written though it points to zero, left out if it is nil.
    fn pointer<T: Into<Value>>(self, key: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.always(key, value),
            None => self,
        }
    }

    fn text(self, key: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.always(key, value) }
    }

    fn when(self, key: &str, value: bool) -> Self {
        if value { self.always(key, true) } else { self }
    }

    fn list(self, key: &str, items: impl IntoIterator<Item = Value>) -> Self {
        let items: Vec<Value> = items.into_iter().collect();
        if items.is_empty() { self } else { self.always(key, items) }
    }

    fn strings(self, key: &str, items: &[String]) -> Self {
        self.list(key, items.iter().map(|item| Value::from(item.as_str())))
    }

    fn object(self, key: &str, object: Self) -> Self {
        if object.0.is_empty() { self } else { self.always(key, object.0) }
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}

pub(super) fn convert(config: &Config, paths: &Paths) -> Value {
    let ignition = &config.ignition;
    let merged = Object::default()
        .list("merge", ignition.config.append.iter().map(|reference| config_reference(reference).into()))
        .object("replace", ignition.config.replace.as_ref().map(config_reference).unwrap_or_default());
    let authorities =
        ignition.security.tls.certificate_authorities.iter().map(|authority| ca_reference(authority).into());
    let timeouts = Object::default()
        .pointer("httpResponseHeaders", ignition.timeouts.http_response_headers)
        .pointer("httpTotal", ignition.timeouts.http_total);
    let security = Object::default().object("tls", Object::default().list("certificateAuthorities", authorities));
    let ignition = Object::default()
        .object("config", merged)
        .object("security", security)
        .object("timeouts", timeouts)
        .always("version", "3.1.0");
    let passwd = Object::default()
        .list("groups", config.passwd.groups.iter().map(group))
        .list("users", config.passwd.users.iter().map(user));
    let storage = &config.storage;
    let storage = Object::default()
        .list("directories", storage.directories.iter().map(|item| directory(item, paths)))
        .list("disks", storage.disks.iter().map(disk))
        .list("files", storage.files.iter().map(|item| file(item, paths)))
        // The root file system is implied in 3.x.
        .list(
            "filesystems",
            storage.filesystems.iter().filter(|item| item.name != "root").map(|item| filesystem(item, paths)),
        )
        .list("links", storage.links.iter().map(|item| link(item, paths)))
        .list("raid", storage.raid.iter().map(raid));
    Object::default()
        .always("ignition", ignition)
        .object("passwd", passwd)
        .object("storage", storage)
        .object("systemd", Object::default().list("units", units(&config.systemd.units)))
        .into()
}

fn config_reference(reference: &ConfigReference) -> Object {
    resource("", &reference.source, &reference.verification)
}

fn ca_reference(reference: &CaReference) -> Object {
    resource("", &reference.source, &reference.verification)
}

fn resource(compression: &str, source: &str, verification: &Verification) -> Object {
    Object::default()
        .text("compression", compression)
        .always("source", source)
        .object("verification", Object::default().pointer("hash", verification.hash.as_deref()))
}

fn group(group: &PasswdGroup) -> Value {
    Object::default()
        .pointer("gid", group.gid)
        .always("name", group.name.as_str())
        .text("passwordHash", &group.password_hash)
        .when("system", group.system)
        .into()
}

fn user(user: &PasswdUser) -> Value {
    // The deprecated `create` object replaces its neighbours as a whole.
    let own = UserCreate {
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
    Object::default()
        .text("gecos", &create.gecos)
        .strings("groups", &create.groups)
        .text("homeDir", &create.home_dir)
        .always("name", user.name.as_str())
        .when("noCreateHome", create.no_create_home)
        .when("noLogInit", create.no_log_init)
        .when("noUserGroup", create.no_user_group)
        .pointer("passwordHash", user.password_hash.as_deref())
        .text("primaryGroup", &create.primary_group)
        .text("shell", &create.shell)
        .strings("sshAuthorizedKeys", &user.ssh_authorized_keys)
        .when("system", create.system)
        .pointer("uid", create.uid)
        .into()
}

fn disk(disk: &Disk) -> Value {
    Object::default()
        .always("device", disk.device.as_str())
        .list("partitions", disk.partitions.iter().map(partition))
        .when("wipeTable", disk.wipe_table)
        .into()
}

fn partition(partition: &Partition) -> Value {
    Object::default()
        .text("guid", &partition.guid)
        .pointer("label", partition.label.as_deref())
        .pointer("number", (partition.number != 0).then_some(partition.number))
        .pointer("shouldExist", partition.should_exist)
        .pointer("sizeMiB", partition.size_mib)
        .pointer("startMiB", partition.start_mib)
        .text("typeGuid", &partition.type_guid)
        .when("wipePartitionEntry", partition.wipe_partition_entry)
        .into()
}

fn filesystem(filesystem: &Filesystem, paths: &Paths) -> Value {
    let mount = filesystem.mount.clone().unwrap_or_default();
    let mut options = mount.options;
    let wipes = mount.create.map_or(mount.wipe_filesystem, |create| {
        options.extend(create.options);
        create.force
    });
    Object::default()
        .always("device", mount.device)
        .text("format", &mount.format)
        .pointer("label", mount.label)
        .strings("options", &options)
        .text("path", paths.get(&filesystem.name).map_or("", String::as_str))
        .pointer("uuid", mount.uuid)
        .when("wipeFilesystem", wipes)
        .into()
}

fn owner(owner: Option<&NodeOwner>) -> Object {
    owner.map(|owner| Object::default().pointer("id", owner.id).text("name", &owner.name)).unwrap_or_default()
}

/// The fields that files, directories and links share.
fn node(
    paths: &Paths,
    at: (&str, &str),
    owners: (Option<&NodeOwner>, Option<&NodeOwner>),
    overwrite: Option<bool>,
) -> Object {
    Object::default()
        .object("group", owner(owners.1))
        .pointer("overwrite", overwrite)
        .always("path", node_path(paths, at.0, at.1))
        .object("user", owner(owners.0))
}

fn directory(directory: &Directory, paths: &Paths) -> Value {
    let owners = (directory.user.as_ref(), directory.group.as_ref());
    node(paths, (&directory.filesystem, &directory.path), owners, directory.overwrite)
        .pointer("mode", directory.mode)
        .into()
}

fn file(file: &File, paths: &Paths) -> Value {
    // Files of 2.x overwrite unless told otherwise; 3.x forbids that together with `append`.
    let overwrite = !file.append && file.overwrite.unwrap_or(true);
    let owners = (file.user.as_ref(), file.group.as_ref());
    let contents = resource(&file.contents.compression, &file.contents.source, &file.contents.verification);
    let node = node(paths, (&file.filesystem, &file.path), owners, Some(overwrite));
    let node = if file.append { node.list("append", [contents.into()]) } else { node.object("contents", contents) };
    node.pointer("mode", file.mode).into()
}

fn link(link: &Link, paths: &Paths) -> Value {
    let owners = (link.user.as_ref(), link.group.as_ref());
    node(paths, (&link.filesystem, &link.path), owners, link.overwrite)
        .when("hard", link.hard)
        .always("target", link.target.as_str())
        .into()
}

fn raid(raid: &Raid) -> Value {
    Object::default()
        .always("devices", raid.devices.0.clone())
        .always("level", raid.level.as_str())
        .always("name", raid.name.as_str())
        .strings("options", &raid.options)
        .pointer("spares", (raid.spares != 0).then_some(raid.spares))
        .into()
}

/// A unit being merged: its own fields, and its drop-ins by name.
#[derive(Default)]
struct Merged {
    fields: Map<String, Value>,
    dropins: Map<String, Value>,
}

/// Units of one name become one: the later entry wins field by field, drop-ins are united by name. The original's order is random; this is by first use.
fn units(units: &[Unit]) -> Vec<Value> {
    let mut places = BTreeMap::new();
    let mut merged: Vec<Merged> = Vec::new();
    for unit in units {
        let place = *places.entry(unit.name.as_str()).or_insert(merged.len());
        if place == merged.len() {
            merged.push(Merged::default());
        }
        let Merged { fields, dropins } = &mut merged[place];
        let enabled = unit.enabled.or(unit.enable.then_some(true));
        let new = Object::default()
            .text("contents", &unit.contents)
            .pointer("enabled", enabled)
            .when("mask", unit.mask)
            .always("name", unit.name.as_str());
        fields.extend(new.0);
        for dropin in &unit.dropins {
            let new = Object::default().text("contents", &dropin.contents).always("name", dropin.name.as_str());
            // Contents that are not set leave the earlier ones.
            if !dropin.contents.is_empty() || !dropins.contains_key(&dropin.name) {
                dropins.insert(dropin.name.clone(), new.into());
            }
        }
    }
    let finish = |Merged { fields, dropins }: Merged| {
        let mut unit = Object(fields).list("dropins", dropins.into_iter().map(|(_, dropin)| dropin)).0;
        unit.sort_keys();
        Value::Object(unit)
    };
    merged.into_iter().map(finish).collect()
}
