//! The validator's walk: at each struct its own rules, then repeated entries, then unknown keys, then its fields in order.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::goyaml::{Kind, NodeId, Path, Record, Tree, Unused, quote};

use super::duplicates::{Seen, check as unique, check_made};
use super::paths::{extension, path_error};
use super::report::Findings;
use super::resource::{compression_error, hash_error, headers_error, required_source_error, source_error};
use super::storage::{check_disk, check_filesystem, check_partition, check_raid, check_storage, mode_problems};
use super::types::{
    Cex, Clevis, ClevisCustom, Config, Directory, Disk, Dropin, File, Filesystem, HttpHeader, Ignition, IgnitionConfig,
    KernelArguments, Link, Luks, NodeGroup, NodeUser, Partition, Passwd, PasswdGroup, PasswdUser, Proxy, Raid,
    Resource, Security, Storage, Systemd, Tang, Timeouts, Tls, Unit, Verification,
};
use super::unit::UnitText;
use super::url::{scheme, tang_error};
use super::version::{Semver, Version};

/// Which checks run.
pub(crate) struct Check<'t> {
    /// The rules of this version.
    pub(crate) version: Version,
    /// The rules of the specification.
    pub(crate) has_rules: bool,
    /// Repeated entries.
    pub(crate) has_duplicates: bool,
    /// Whether the rules are those of the newest Ignition, not of the one that Butane carries.
    pub(crate) is_newest: bool,
    /// The source, to find unknown keys in it.
    pub(crate) tree: Option<&'t Tree>,
}

/// Checks a whole config.
pub(crate) fn check(check: &Check<'_>, config: &Config, found: &mut Findings) {
    let mut walk = Walk { check, found };
    let at = At { path: Path::ROOT, node: check.tree.and_then(Tree::root) };
    walk.config(config, &at);
}

/// A place: its path, and its node if there is a source.
struct At<'a> {
    path: Path<'a>,
    node: Option<NodeId>,
}

struct Walk<'c, 't> {
    check: &'c Check<'t>,
    found: &'c mut Findings,
}

impl<'t> Walk<'_, 't> {
    fn key<'a>(&self, at: &'a At<'_>, key: &'static str) -> At<'a> {
        let node = self.check.tree.zip(at.node).and_then(|(tree, node)| tree.entry(node, key)).map(|(_, value)| value);
        At { path: at.path.key(key), node }
    }

    fn item<'a>(&self, at: &'a At<'_>, index: usize) -> At<'a> {
        let node = self.check.tree.zip(at.node).and_then(|(tree, node)| match tree.kind(node) {
            Kind::Sequence(items) => items.get(index).copied(),
            _ => None,
        });
        At { path: at.path.index(index), node }
    }

    fn unused<R: Record>(&mut self, at: &At<'_>) {
        let Some(tree) = self.check.tree else { return };
        let found = &mut *self.found;
        let mut report = |path: &Path<'_>, key, message| found.key_warning(path, key, message);
        Unused { tree, version: self.check.version.minor(), found: &mut report }.enter::<R>(at.node, &at.path);
    }

    fn rules(&self) -> bool {
        self.check.has_rules
    }

    fn error(&mut self, path: &Path<'_>, problem: Option<impl Into<Cow<'static, str>>>) {
        if let Some(problem) = problem {
            self.found.error(path, problem);
        }
    }

    fn config(&mut self, config: &Config, at: &At<'_>) {
        if self.rules() {
            self.systemd_conflicts(config, at);
        }
        self.unused::<Config>(at);
        self.ignition(&config.ignition, &self.key(at, "ignition"));
        let arguments = self.key(at, "kernelArguments");
        if self.check.has_duplicates {
            let mut seen = Seen::new();
            let KernelArguments { should_exist, should_not_exist } = &config.kernel_arguments;
            seen.check(self.found, &arguments.path.key("shouldExist"), should_exist, |argument| argument);
            seen.check(self.found, &arguments.path.key("shouldNotExist"), should_not_exist, |argument| argument);
        }
        if self.check.version >= Version::V3_3 {
            self.unused::<KernelArguments>(&arguments);
        }
        self.passwd(&config.passwd, &self.key(at, "passwd"));
        self.storage(&config.storage, &self.key(at, "storage"));
        self.systemd(&config.systemd, &self.key(at, "systemd"));
    }

    fn systemd_conflicts(&mut self, config: &Config, at: &At<'_>) {
        let is_set = |contents: &Option<String>| contents.as_deref().is_some_and(|contents| !contents.is_empty());
        let mut taken = BTreeSet::new();
        for unit in &config.systemd.units {
            if is_set(&unit.contents) {
                taken.insert(unit.name.clone());
            }
            for dropin in unit.dropins.iter().filter(|dropin| is_set(&dropin.contents)) {
                taken.insert(format!("{}.d/{}", unit.name, dropin.name));
            }
        }
        if taken.is_empty() {
            return;
        }
        let storage = &config.storage;
        let path = at.path.key("storage");
        let lists: [(&str, &mut dyn Iterator<Item = &String>); 3] = [
            ("files", &mut storage.files.iter().map(|file| &file.path)),
            ("directories", &mut storage.directories.iter().map(|directory| &directory.path)),
            ("links", &mut storage.links.iter().map(|link| &link.path)),
        ];
        for (list, paths) in lists {
            for (i, node) in paths.enumerate() {
                if node.strip_prefix("/etc/systemd/system/").is_some_and(|name| taken.contains(name)) {
                    self.found
                        .error(&path.key(list).index(i).key("path"), "path conflicts with systemd unit or dropin");
                }
            }
        }
    }

    fn ignition(&mut self, ignition: &Ignition, at: &At<'_>) {
        if self.rules() {
            match Semver::parse(&ignition.version) {
                None => self.found.error(&at.path.key("version"), "invalid config version (couldn't parse)"),
                Some(_) if Version::parse(&ignition.version) != Some(self.check.version) => {
                    self.found.error(&at.path.key("version"), "unsupported config version");
                }
                Some(_) => {}
            }
        }
        self.unused::<Ignition>(at);
        let config = self.key(at, "config");
        if self.rules() && self.check.version >= Version::V3_1 {
            for (i, resource) in ignition.config.merge.iter().enumerate() {
                let problem = required_source_error(resource, self.check.version);
                self.error(&config.path.key("merge").index(i), problem);
            }
        }
        let merge = self.key(&config, "merge");
        self.unique_resources(&ignition.config.merge, &merge);
        self.unused::<IgnitionConfig>(&config);
        self.resources(&ignition.config.merge, &merge);
        self.resource(&ignition.config.replace, &self.key(&config, "replace"));
        if self.check.version >= Version::V3_1 {
            self.proxy(&ignition.proxy, &self.key(at, "proxy"));
        }
        let security = self.key(at, "security");
        self.unused::<Security>(&security);
        let tls = self.key(&security, "tls");
        let authorities = &ignition.security.tls.certificate_authorities;
        let list = self.key(&tls, "certificateAuthorities");
        if self.rules() && self.check.version >= Version::V3_1 {
            for (i, resource) in authorities.iter().enumerate() {
                let problem = required_source_error(resource, self.check.version);
                self.error(&list.path.index(i), problem);
            }
        }
        self.unique_resources(authorities, &list);
        self.unused::<Tls>(&tls);
        self.resources(authorities, &list);
        self.unused::<Timeouts>(&self.key(at, "timeouts"));
    }

    fn proxy(&mut self, proxy: &Proxy, at: &At<'_>) {
        if self.rules() {
            for (key, url) in [("httpProxy", &proxy.http_proxy), ("httpsProxy", &proxy.https_proxy)] {
                let Some(url) = url.as_deref() else { continue };
                if !matches!(scheme(url).as_deref(), Some("http" | "https")) {
                    self.found.error(&at.path.key(key), "proxies must be http(s)");
                } else if key == "httpsProxy" && scheme(url).as_deref() == Some("http") {
                    self.found
                        .warning(&at.path.key(key), "insecure plaintext HTTP proxy specified for HTTPS resources");
                }
            }
        }
        self.unique_strings(&proxy.no_proxy, &at.path.key("noProxy"));
        self.unused::<Proxy>(at);
    }

    fn resources(&mut self, resources: &[Resource], list: &At<'_>) {
        for (i, resource) in resources.iter().enumerate() {
            self.resource(resource, &self.item(list, i));
        }
    }

    fn resource(&mut self, resource: &Resource, at: &At<'_>) {
        let version = self.check.version;
        if self.rules() {
            self.error(&at.path.key("compression"), compression_error(resource));
            if resource.verification.hash.is_some() && resource.source.is_none() {
                self.found.error(
                    &at.path.key("verification").key("hash"),
                    "source must be specified if verification is specified",
                );
            }
            self.error(&at.path.key("source"), source_error(resource, version));
            self.error(&at.path.key("httpHeaders"), headers_error(resource));
        }
        let headers = self.key(at, "httpHeaders");
        if self.check.has_duplicates {
            unique(self.found, &headers.path, &resource.http_headers, |header| &header.name);
        }
        self.unused::<Resource>(at);
        for (i, header) in resource.http_headers.iter().enumerate() {
            let item = self.item(&headers, i);
            if self.rules() {
                let is_empty = header.name.is_empty();
                self.error(&item.path.key("name"), is_empty.then_some("HTTP header name can't be empty"));
                let is_empty = header.value.as_deref() == Some("");
                self.error(&item.path.key("value"), is_empty.then_some("unable to parse HTTP header"));
            }
            self.unused::<HttpHeader>(&item);
        }
        let verification = self.key(at, "verification");
        if self.rules()
            && let Some(hash) = &resource.verification.hash
        {
            self.error(&verification.path.key("hash"), hash_error(hash, version));
        }
        self.unused::<Verification>(&verification);
    }

    fn passwd(&mut self, passwd: &Passwd, at: &At<'_>) {
        if self.check.has_duplicates {
            unique(self.found, &at.path.key("groups"), &passwd.groups, |group| &group.name);
            unique(self.found, &at.path.key("users"), &passwd.users, |user| &user.name);
        }
        self.unused::<Passwd>(at);
        let groups = self.key(at, "groups");
        if self.check.tree.is_some() {
            for i in 0..passwd.groups.len() {
                self.unused::<PasswdGroup>(&self.item(&groups, i));
            }
        }
        let users = self.key(at, "users");
        for (i, user) in passwd.users.iter().enumerate() {
            let item = self.item(&users, i);
            self.unique_strings(&user.groups, &item.path.key("groups"));
            self.unique_strings(&user.ssh_authorized_keys, &item.path.key("sshAuthorizedKeys"));
            self.unused::<PasswdUser>(&item);
        }
    }

    fn storage(&mut self, storage: &Storage, at: &At<'_>) {
        let version = self.check.version;
        if self.rules() {
            check_storage(storage, version, &at.path, self.found);
        }
        if self.check.has_duplicates {
            let found = &mut *self.found;
            let mut nodes = Seen::new();
            nodes.check(found, &at.path.key("directories"), &storage.directories, |directory| &directory.path);
            unique(found, &at.path.key("disks"), &storage.disks, |disk| &disk.device);
            nodes.check(found, &at.path.key("files"), &storage.files, |file| &file.path);
            unique(found, &at.path.key("filesystems"), &storage.filesystems, |filesystem| &filesystem.device);
            nodes.check(found, &at.path.key("links"), &storage.links, |link| &link.path);
            unique(found, &at.path.key("luks"), &storage.luks, |luks| &luks.name);
            unique(found, &at.path.key("raid"), &storage.raid, |raid| &raid.name);
        }
        self.unused::<Storage>(at);
        let list = self.key(at, "directories");
        for (i, directory) in storage.directories.iter().enumerate() {
            let item = self.item(&list, i);
            self.node(&directory.path, &item);
            self.mode(directory.mode, &item);
            self.unused::<Directory>(&item);
            self.owners(&directory.group, &directory.user, &item);
        }
        let list = self.key(at, "disks");
        for (i, disk) in storage.disks.iter().enumerate() {
            self.disk(disk, &self.item(&list, i));
        }
        let list = self.key(at, "files");
        for (i, file) in storage.files.iter().enumerate() {
            self.file(file, &self.item(&list, i));
        }
        let list = self.key(at, "filesystems");
        for (i, filesystem) in storage.filesystems.iter().enumerate() {
            let item = self.item(&list, i);
            if self.rules() {
                check_filesystem(filesystem, version, &item.path, self.found);
            }
            self.unused::<Filesystem>(&item);
        }
        let list = self.key(at, "links");
        for (i, link) in storage.links.iter().enumerate() {
            let item = self.item(&list, i);
            self.node(&link.path, &item);
            self.unused::<Link>(&item);
            self.owners(&link.group, &link.user, &item);
        }
        let list = self.key(at, "luks");
        for (i, luks) in storage.luks.iter().enumerate() {
            self.luks(luks, &self.item(&list, i));
        }
        let list = self.key(at, "raid");
        for (i, raid) in storage.raid.iter().enumerate() {
            let item = self.item(&list, i);
            if self.rules() {
                check_raid(raid, version, &item.path, self.found);
            }
            self.unique_strings(&raid.devices, &item.path.key("devices"));
            self.unused::<Raid>(&item);
            if self.rules() {
                for (i, device) in raid.devices.iter().enumerate() {
                    self.error(&item.path.key("devices").index(i), path_error(device));
                }
            }
        }
    }

    fn node(&mut self, path: &str, at: &At<'_>) {
        if self.rules() {
            self.error(&at.path.key("path"), path_error(path));
        }
    }

    fn mode(&mut self, mode: Option<i64>, at: &At<'_>) {
        let Some(mode) = mode.filter(|_| self.rules()) else { return };
        let (error, warning) = mode_problems(mode, self.check.version);
        self.error(&at.path.key("mode"), error);
        if let Some(warning) = warning {
            self.found.warning(&at.path.key("mode"), warning);
        }
    }

    fn owners(&mut self, group: &NodeGroup, user: &NodeUser, at: &At<'_>) {
        let has_both = |id: Option<i64>, name: &Option<String>| {
            (id.is_some() && name.as_deref().is_some_and(|name| !name.is_empty()))
                .then_some("cannot set both id and name")
        };
        let place = self.key(at, "group");
        if self.rules() {
            self.error(&place.path, has_both(group.id, &group.name));
        }
        self.unused::<NodeGroup>(&place);
        let place = self.key(at, "user");
        if self.rules() {
            self.error(&place.path, has_both(user.id, &user.name));
        }
        self.unused::<NodeUser>(&place);
    }

    fn disk(&mut self, disk: &Disk, at: &At<'_>) {
        if self.rules() {
            check_disk(disk, self.check.is_newest, &at.path, self.found);
        }
        let list = self.key(at, "partitions");
        if self.check.has_duplicates {
            check_made(self.found, &list.path, &disk.partitions, |partition| {
                match (partition.number, &partition.label) {
                    (0, Some(label)) => format!("label:{label}"),
                    (0, None) => String::new(),
                    (number, _) => format!("number:{number}"),
                }
            });
        }
        self.unused::<Disk>(at);
        for (i, partition) in disk.partitions.iter().enumerate() {
            let item = self.item(&list, i);
            if self.rules() {
                check_partition(partition, self.check.version, &item.path, self.found);
            }
            self.unused::<Partition>(&item);
        }
    }

    fn file(&mut self, file: &File, at: &At<'_>) {
        self.node(&file.path, at);
        self.mode(file.mode, at);
        if self.rules() && file.overwrite == Some(true) && file.contents.source.is_none() {
            self.found.error(&at.path.key("overwrite"), "overwrite must be false if source is unspecified");
        }
        self.unused::<File>(at);
        self.owners(&file.group, &file.user, at);
        self.resources(&file.append, &self.key(at, "append"));
        self.resource(&file.contents, &self.key(at, "contents"));
    }

    fn luks(&mut self, luks: &Luks, at: &At<'_>) {
        let version = self.check.version;
        let Clevis { custom, tang, threshold, tpm2 } = &luks.clevis;
        let pin = custom.pin.as_deref().unwrap_or_default();
        if self.rules() {
            let has_slash = luks.name.contains('/');
            self.error(&at.path.key("name"), has_slash.then_some("device names cannot contain slashes"));
            let is_long = luks.label.as_deref().is_some_and(|label| label.len() > 47);
            self.error(
                &at.path.key("label"),
                is_long.then_some("luks device labels cannot be longer than 47 characters"),
            );
            let device = match luks.device.as_deref() {
                None | Some("") => Some("disk device is required"),
                Some(device) => path_error(device),
            };
            self.error(&at.path.key("device"), device);
            let has_clevis = !tang.is_empty() || *tpm2 == Some(true) || threshold.unwrap_or_default() != 0;
            if luks.cex.enabled == Some(true) && (has_clevis || !pin.is_empty()) {
                self.found.error(&at.path.key("cex"), "cannot use cex with clevis");
            }
            if !pin.is_empty() && has_clevis {
                self.found
                    .error(&at.path.key("clevis"), "cannot use custom clevis config with tpm2, tang, or threshold");
            }
            let is_bad = source_error(&luks.key_file, version).is_some();
            self.error(&at.path.key("keys"), is_bad.then_some("invalid key-file source"));
        }
        self.unique_strings(&luks.open_options, &at.path.key("openOptions"));
        self.unused::<Luks>(at);
        if version >= Version::V3_5 {
            self.unused::<Cex>(&self.key(at, "cex"));
        }
        let clevis = self.key(at, "clevis");
        let servers = self.key(&clevis, "tang");
        if self.check.has_duplicates {
            unique(self.found, &servers.path, tang, |server| &server.url);
        }
        self.unused::<Clevis>(&clevis);
        let place = self.key(&clevis, "custom");
        if self.rules() {
            self.clevis_custom(custom, &place);
        }
        self.unused::<ClevisCustom>(&place);
        for (i, server) in tang.iter().enumerate() {
            let item = self.item(&servers, i);
            if self.rules() {
                self.error(&item.path.key("url"), tang_error(&server.url));
                let has_none = server.thumbprint.as_deref().unwrap_or_default().is_empty();
                self.error(&item.path.key("thumbprint"), has_none.then_some("thumbprint is required"));
                let advertisement = server.advertisement.as_deref().unwrap_or_default();
                let is_bad =
                    !advertisement.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(advertisement).is_err();
                self.error(&item.path.key("advertisement"), is_bad.then_some("advertisement is not valid JSON"));
            }
            self.unused::<Tang>(&item);
        }
        self.resource(&luks.key_file, &self.key(at, "keyFile"));
    }

    fn clevis_custom(&mut self, custom: &ClevisCustom, at: &At<'_>) {
        let pin = custom.pin.as_deref().unwrap_or_default();
        let config = custom.config.as_deref().unwrap_or_default();
        if pin.is_empty() && config.is_empty() && custom.needs_network != Some(true) {
            return;
        }
        let problem = match pin {
            "tpm2" | "tang" | "sss" => None,
            "trustee" if self.check.version >= Version::V3_6 => None,
            "" if self.check.version >= Version::V3_3 => Some("missing required custom clevis pin"),
            _ => Some("unsupported clevis pin"),
        };
        self.error(&at.path.key("pin"), problem);
        self.error(&at.path.key("config"), config.is_empty().then_some("missing required custom clevis config"));
    }

    fn systemd(&mut self, systemd: &Systemd, at: &At<'_>) {
        if self.rules() {
            self.template_units(systemd, at);
        }
        let units = self.key(at, "units");
        if self.check.has_duplicates {
            unique(self.found, &units.path, &systemd.units, |unit| &unit.name);
        }
        self.unused::<Systemd>(at);
        for (i, unit) in systemd.units.iter().enumerate() {
            self.unit(unit, &self.item(&units, i));
        }
    }

    fn template_units(&mut self, systemd: &Systemd, at: &At<'_>) {
        let mut by_name: Option<BTreeMap<&str, &Unit>> = None;
        for (i, unit) in systemd.units.iter().enumerate() {
            let Some(template) = template_of(&unit.name).filter(|_| unit.enabled == Some(true)) else { continue };
            let by_name = by_name.get_or_insert_with(|| systemd.units.iter().map(|unit| (&*unit.name, unit)).collect());
            let Some(contents) = by_name.get(&*template).and_then(|unit| unit.contents.as_deref()) else { continue };
            if !contents.is_empty() && UnitText::parse(contents).is_ok_and(|text| !text.has_install) {
                let message = format!(
                    "template unit {} for {} doesn't have Install section",
                    quote(&template),
                    quote(&unit.name)
                );
                self.found.warning(&at.path.key("units").index(i).key("contents"), message);
            }
        }
    }

    fn unit(&mut self, unit: &Unit, at: &At<'_>) {
        if self.rules() {
            self.error(&at.path.key("name"), (!is_unit_name(&unit.name)).then_some("invalid systemd unit extension"));
            let contents = unit.contents.as_deref().unwrap_or_default();
            match UnitText::parse(contents) {
                Err(message) => {
                    self.found.error(&at.path.key("contents"), format!("invalid unit content: {message}"));
                }
                Ok(text) if unit.enabled == Some(true) && text.has_options && !text.has_install => {
                    let message = format!(
                        "unit {} is enabled, but has no install section so enable does nothing",
                        quote(&unit.name)
                    );
                    self.found.warning(&at.path.key("contents"), message);
                }
                Ok(_) => {}
            }
        }
        let dropins = self.key(at, "dropins");
        if self.check.has_duplicates {
            unique(self.found, &dropins.path, &unit.dropins, |dropin| &dropin.name);
        }
        self.unused::<Unit>(at);
        for (i, dropin) in unit.dropins.iter().enumerate() {
            let item = self.item(&dropins, i);
            if self.rules() {
                if let Err(message) = UnitText::parse(dropin.contents.as_deref().unwrap_or_default()) {
                    self.found.error(&item.path.key("contents"), format!("invalid unit content: {message}"));
                }
                let is_bad = extension(&dropin.name) != ".conf";
                self.error(&item.path.key("name"), is_bad.then_some("invalid systemd drop-in extension"));
            }
            self.unused::<Dropin>(&item);
        }
    }

    fn unique_strings(&mut self, items: &[String], list: &Path<'_>) {
        if self.check.has_duplicates {
            unique(self.found, list, items, |item| item);
        }
    }

    fn unique_resources(&mut self, items: &[Resource], list: &At<'_>) {
        if self.check.has_duplicates {
            unique(self.found, &list.path, items, |item| item.source.as_deref().unwrap_or_default());
        }
    }
}

fn is_unit_name(name: &str) -> bool {
    matches!(
        extension(name),
        ".service"
            | ".socket"
            | ".device"
            | ".mount"
            | ".automount"
            | ".swap"
            | ".target"
            | ".path"
            | ".timer"
            | ".snapshot"
            | ".slice"
            | ".scope"
    )
}

/// `a@b.service` → `a@.service`
fn template_of(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".service")?;
    let at = stem.char_indices().skip(1).find(|(_, character)| *character == '@')?.0;
    (at + 1 < stem.len()).then(|| format!("{}@.service", &stem[..at]))
}
