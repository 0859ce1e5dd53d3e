//! The validator's walk: at each struct its own rules, then repeated entries, then unknown keys, then its fields in order.

mod storage;
mod systemd;

use crate::codec::{Path, Record, Unused};
use crate::problem::{Config as Whole, Problem, Resource as Fetched};
use flatwright_go::yaml3::{Kind, NodeId, Tree};

use super::duplicates::{Seen, check as unique};
use super::report::Findings;
use super::resource::{compression_error, hash_error, headers_error, required_source_error, source_error};
use super::types::{
    Config, HttpHeader, Ignition, IgnitionConfig, KernelArguments, Passwd, PasswdGroup, PasswdUser, Proxy, Resource,
    Security, Timeouts, Tls, Verification,
};
use super::url::{scheme, url_error};
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
        let mut report = |path: &Path<'_>, key, problem| found.key_warning(path, key, problem);
        Unused { tree, version: self.check.version.minor(), found: &mut report }.enter::<R>(at.node, &at.path);
    }

    fn rules(&self) -> bool {
        self.check.has_rules
    }

    fn error(&mut self, path: &Path<'_>, problem: Option<impl Into<Problem>>) {
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

    fn ignition(&mut self, ignition: &Ignition, at: &At<'_>) {
        if self.rules() {
            match Semver::parse(&ignition.version) {
                None => self.found.error(&at.path.key("version"), Whole::UnreadableVersion),
                Some(_) if Version::parse(&ignition.version) != Some(self.check.version) => {
                    self.found.error(&at.path.key("version"), Whole::UnsupportedVersion);
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
        self.fetched(&ignition.config.replace, &self.key(&config, "replace"), self.check.version >= Version::V3_1);
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
        } else if self.rules() {
            // A URL of this version, which nothing but a good one is.
            for (i, resource) in authorities.iter().enumerate() {
                let source = resource.source.as_deref().unwrap_or_default();
                let problem = source.is_empty().then(|| url_error(source, self.check.version)).flatten();
                self.error(&list.path.index(i).key("source"), problem);
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
                    self.found.error(&at.path.key(key), Fetched::ProxyScheme);
                } else if key == "httpsProxy" && scheme(url).as_deref() == Some("http") {
                    self.found.warning(&at.path.key(key), Fetched::PlaintextProxy);
                }
            }
        }
        self.unique_strings(&proxy.no_proxy, &at.path.key("noProxy"));
        self.unused::<Proxy>(at);
    }

    fn resources(&mut self, resources: &[Resource], list: &At<'_>) {
        for (i, resource) in resources.iter().enumerate() {
            self.fetched(resource, &self.item(list, i), self.check.version >= Version::V3_1);
        }
    }

    fn resource(&mut self, resource: &Resource, at: &At<'_>) {
        self.fetched(resource, at, true);
    }

    /// A resource; in version 3.0 only those of files may not have a hash without a source.
    fn fetched(&mut self, resource: &Resource, at: &At<'_>, needs_source: bool) {
        let version = self.check.version;
        if self.rules() {
            self.error(&at.path.key("compression"), compression_error(resource));
            if needs_source && resource.verification.hash.is_some() && resource.source.is_none() {
                self.found.error(&at.path.key("verification").key("hash"), Fetched::HashWithoutSource);
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
                self.error(&item.path.key("name"), is_empty.then_some(Fetched::HeaderName));
                let is_empty = header.value.as_deref() == Some("");
                self.error(&item.path.key("value"), is_empty.then_some(Fetched::HeaderValue));
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
