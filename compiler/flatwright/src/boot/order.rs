//! The first boot of a machine, step by step: what is fetched from where, disks, units in their order, kubeadm, and what runs later. For people who configure proxies and firewalls.
//!
//! Owns: the order, and which hosts a text names. Sources: Ignition's stages (fetch, disks, mount, files), `systemd.unit(5)` (`After=`, `Before=`, `WantedBy=`). Must not: know
//! what a node has; [`View`] and `node` do.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use flatwright_diagnostic::{Report, SourceId};
use flatwright_flatcar::settings::{self, Settings};
use flatwright_ignition::ignition3::{self, Config};
use flatwright_plugin_host::escape_line;
use serde_json::{Value as Json, json};

use super::Boot;
use super::view::{Contents, View};

/// Where kubeadm takes its images from if nothing says otherwise (kubeadm's `DefaultImageRepository`).
const REPOSITORY: &str = "registry.k8s.io";

/// The first boot.
pub(super) struct Order {
    title: String,
    stages: Vec<Stage>,
    hosts: BTreeMap<String, BTreeSet<String>>,
}

struct Stage {
    name: &'static str,
    steps: Vec<Step>,
}

struct Step {
    what: &'static str,
    name: String,
    detail: String,
    from: String,
}

/// What the first boot is told from.
pub(super) struct Told<'a> {
    pub(super) title: String,
    pub(super) config: &'a Config,
    pub(super) view: &'a View,
    pub(super) boot: &'a Boot,
    /// The text of a file of the node.
    pub(super) text: &'a dyn Fn(&str) -> Option<String>,
    /// kubeadm's settings of the cluster, which say where images come from.
    pub(super) cluster: &'a str,
}

impl Order {
    pub(super) fn of(told: &Told<'_>) -> Self {
        let mut order = Self { title: told.title.clone(), stages: Vec::new(), hosts: BTreeMap::new() };
        let ignition = order.ignition(told);
        order.stages.push(Stage { name: "Ignition, before the node's own system starts", steps: ignition });
        let units = Units::of(told);
        let started = order.units(&units);
        order.stages.push(Stage { name: "systemd", steps: started });
        let kubeadm = order.kubeadm(told);
        order.stages.push(Stage { name: "kubeadm.service", steps: kubeadm });
        let later = order.later(&units, told);
        order.stages.push(Stage { name: "later", steps: later });
        order.stages.retain(|stage| !stage.steps.is_empty());
        order
    }

    fn ignition(&mut self, told: &Told<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        let config: Json = serde_json::from_str(&ignition3::to_json(told.config)).unwrap_or_default();
        let own = &config["ignition"];
        for key in ["httpProxy", "httpsProxy", "noProxy"] {
            if !own["proxy"][key].is_null() {
                let detail = own["proxy"][key].as_str().map_or_else(|| own["proxy"][key].to_string(), str::to_owned);
                steps.push(Step::new("proxy", key, detail));
            }
        }
        let listed = |value: &Json| value.as_array().cloned().unwrap_or_default();
        let authorities = listed(&own["security"]["tls"]["certificateAuthorities"]);
        let configs = listed(&own["config"]["merge"]).into_iter().chain([own["config"]["replace"].clone()]);
        let sources =
            authorities.into_iter().map(|one| ("an authority", one)).chain(configs.map(|one| ("a config", one)));
        for (what, resource) in sources {
            if let Some(url) = resource["source"].as_str().filter(|url| !url.starts_with("data:")) {
                self.fetched(url, "Ignition");
                steps.push(Step::new("fetch", what, url));
            }
        }
        steps.extend(disks(told.config));
        for user in &told.view.users {
            steps.push(Step { from: user.from.clone(), ..Step::new("user", &user.user.name, "") });
        }
        let mut nodes: Vec<_> = told.view.nodes.iter().collect();
        // A directory before what is in it: Ignition goes by depth.
        nodes.sort_by_key(|node| node.path.matches('/').count());
        for node in nodes {
            if let Contents::Fetched(urls) = &node.now.contents {
                urls.iter().for_each(|url| self.fetched(url, "Ignition"));
                steps.push(Step { from: node.from.clone(), ..Step::new("fetch", &node.path, urls.join(", ")) });
            }
        }
        let written = told.view.nodes.iter().filter(|node| matches!(node.now.contents, Contents::Bytes(_))).count();
        let links = told.view.nodes.iter().filter(|node| matches!(node.now.contents, Contents::Target(_))).count();
        steps.push(Step::new("write", "files and links of the config", format!("{written} files, {links} links")));
        steps
    }

    fn units(&mut self, units: &Units) -> Vec<Step> {
        let mut steps = Vec::new();
        for name in units.ordered() {
            let unit = &units.0[&name];
            let after = unit.listed("After").collect::<Vec<_>>().join(" ");
            let detail = if after.is_empty() { String::new() } else { format!("after {after}") };
            unit.texts().flat_map(hosts_of).for_each(|host| self.host(host, &name));
            steps.push(Step { from: unit.from.clone(), ..Step::new("start", &name, detail) });
        }
        let masked = units.0.iter().filter(|(_, unit)| unit.is_masked);
        steps.extend(masked.map(|(name, unit)| Step { from: unit.from.clone(), ..Step::new("never", name, "masked") }));
        steps
    }

    fn kubeadm(&mut self, told: &Told<'_>) -> Vec<Step> {
        let input = &told.boot.input;
        let mut steps = Vec::new();
        let mut runs = |commands: &[String], order: &mut Self| {
            for command in commands {
                hosts_of(command).into_iter().for_each(|host| order.host(host, "commands around kubeadm"));
                steps.push(Step::new("run", command, ""));
            }
        };
        runs(&input.pre_kubeadm_commands, self);
        runs(std::slice::from_ref(&input.kubeadm_command), self);
        runs(&input.post_kubeadm_commands, self);
        for key in ["controlPlaneEndpoint", "apiServerEndpoint"] {
            if let Some(endpoint) = value_of(&input.kubeadm_config, key) {
                self.host(endpoint.clone(), "API server");
                steps.push(Step::new("connect", "the API server", endpoint));
            }
        }
        let repository = value_of(told.cluster, "imageRepository").unwrap_or_else(|| REPOSITORY.to_owned());
        let host = repository.split('/').next().unwrap_or_default().to_owned();
        self.host(with_port(&host, 443), "images of Kubernetes");
        steps.push(Step::new("pull", "images of Kubernetes", repository));
        steps
    }

    fn later(&mut self, units: &Units, told: &Told<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        for (name, unit) in units.0.iter().filter(|(name, unit)| name.ends_with(".timer") && unit.is_started) {
            let times: Vec<String> = ["OnCalendar", "OnBootSec", "OnUnitActiveSec"]
                .into_iter()
                .filter_map(|key| unit.last(key).map(|value| format!("{key}={value}")))
                .collect();
            steps.push(Step { from: unit.from.clone(), ..Step::new("timer", name, times.join(" ")) });
        }
        if steps.is_empty() {
            return steps;
        }
        let is_transfer = |path: &str| path.starts_with("/etc/sysupdate.");
        for node in told.view.nodes.iter().filter(|node| is_transfer(&node.path)) {
            let hosts = (told.text)(&node.path).map(|text| hosts_of(&text)).unwrap_or_default();
            for host in hosts {
                self.host(host.clone(), "systemd-sysupdate");
                steps.push(Step { from: node.from.clone(), ..Step::new("fetch", &node.path, host) });
            }
        }
        steps
    }

    fn fetched(&mut self, url: &str, by: &str) {
        hosts_of(url).into_iter().for_each(|host| self.host(host, by));
    }

    fn host(&mut self, host: String, by: &str) {
        self.hosts.entry(host).or_default().insert(by.to_owned());
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!("{}, first boot\n", self.title);
        for stage in &self.stages {
            let _ = writeln!(text, "\n{}", stage.name);
            let width = stage.steps.iter().map(|step| step.name.chars().count().min(60)).max().unwrap_or_default();
            for (index, step) in stage.steps.iter().enumerate() {
                let row = format!("{:7} {:width$}  {}  {}", step.what, escape_line(&step.name), step.detail, step.from);
                let _ = writeln!(text, "  {:>2}  {}", index + 1, escape_line(row.trim_end()));
            }
        }
        let _ = writeln!(text, "\nhosts");
        let width = self.hosts.keys().map(|host| host.chars().count()).max().unwrap_or_default();
        for (host, by) in &self.hosts {
            let by: Vec<&str> = by.iter().map(String::as_str).collect();
            let _ = writeln!(text, "  {}", escape_line(&format!("{host:width$}  {}", by.join(", "))));
        }
        text
    }

    pub(super) fn json(&self) -> String {
        let step =
            |step: &Step| json!({"what": step.what, "name": step.name, "detail": step.detail, "from": step.from});
        let stages = self
            .stages
            .iter()
            .map(|stage| json!({"name": stage.name, "steps": stage.steps.iter().map(step).collect::<Vec<_>>()}));
        let order = json!({"machine": self.title, "stages": stages.collect::<Vec<_>>(), "hosts": self.hosts});
        format!("{order:#}\n")
    }
}

impl Step {
    fn new(what: &'static str, name: &str, detail: impl Into<String>) -> Self {
        Self { what, name: name.to_owned(), detail: detail.into(), from: String::new() }
    }
}

fn disks(config: &Config) -> Vec<Step> {
    let storage = &config.storage;
    let disks = storage
        .disks
        .iter()
        .map(|disk| Step::new("disk", &disk.device, format!("partitions: {}", disk.partitions.len())));
    let raids = storage.raid.iter().map(|raid| {
        Step::new(
            "RAID",
            &raid.name,
            format!("{} of {}", raid.level.clone().unwrap_or_default(), raid.devices.join(", ")),
        )
    });
    let filesystems = storage
        .filesystems
        .iter()
        .map(|filesystem| Step::new("format", &filesystem.device, filesystem.format.clone().unwrap_or_default()));
    let mounts = storage
        .filesystems
        .iter()
        .filter_map(|filesystem| Some(Step::new("mount", filesystem.path.as_deref()?, filesystem.device.clone())));
    disks.chain(raids).chain(filesystems).chain(mounts).collect()
}

/// What systemd knows of a unit from the config.
struct Unit {
    settings: Vec<Settings>,
    from: String,
    is_started: bool,
    is_masked: bool,
}

/// The units of the config, by name.
struct Units(BTreeMap<String, Unit>);

impl Units {
    fn of(told: &Told<'_>) -> Self {
        let units = told.view.units.iter().map(|shown| {
            let file = format!("/etc/systemd/system/{}", shown.name);
            let drop_ins = shown.dropins.iter().map(|(name, _)| format!("{file}.d/{name}"));
            let paths = shown.unit.has_text.then(|| file.clone()).into_iter().chain(drop_ins);
            let unit = Unit {
                settings: paths.filter_map(|path| (told.text)(&path)).map(|text| parsed(&text)).collect(),
                from: shown.from.clone(),
                is_started: shown.unit.enabled == Some(true) && shown.unit.masked != Some(true),
                is_masked: shown.unit.masked == Some(true),
            };
            (shown.name.clone(), unit)
        });
        Self(units.collect())
    }

    /// Those that start at boot, in an order that `After=` and `Before=` allow: mounts first, as services come after `local-fs.target`; then by name.
    fn ordered(&self) -> Vec<String> {
        let rank = |name: &str| match name.rsplit('.').next() {
            Some("mount" | "automount" | "swap") => 0,
            Some("timer" | "socket" | "path" | "target" | "slice") => 1,
            _ => 2,
        };
        let mut left: BTreeSet<(u8, &str)> =
            self.0.iter().filter(|(_, unit)| unit.is_started).map(|(name, _)| (rank(name), name.as_str())).collect();
        let mut ordered = Vec::new();
        while let Some(first) = left.first().copied() {
            let waits =
                |(_, name): &(u8, &str)| left.iter().any(|(_, other)| other != name && self.is_before(other, name));
            // A circle is broken where systemd would break it somewhere, too.
            let next = left.iter().find(|unit| !waits(unit)).copied().unwrap_or(first);
            left.remove(&next);
            ordered.push(next.1.to_owned());
        }
        ordered
    }

    fn is_before(&self, first: &str, second: &str) -> bool {
        let names = |unit: &str, key: &str, other: &str| {
            self.0.get(unit).is_some_and(|unit| unit.listed(key).any(|name| name == other))
        };
        names(second, "After", first) || names(first, "Before", second)
    }
}

impl Unit {
    fn values<'u>(&'u self, key: &'u str) -> impl Iterator<Item = &'u str> {
        let settings =
            self.settings.iter().flat_map(|settings| &settings.sections).flat_map(|section| &section.settings);
        settings.filter(move |setting| setting.key == key).map(|setting| setting.value.as_str())
    }

    /// The names in a list; an empty assignment begins it anew.
    fn listed<'u>(&'u self, key: &'u str) -> impl Iterator<Item = String> + 'u {
        let mut names: Vec<String> = Vec::new();
        for value in self.values(key) {
            if value.trim().is_empty() {
                names.clear();
            }
            names.extend(value.split_whitespace().map(str::to_owned));
        }
        names.into_iter()
    }

    fn last<'u>(&'u self, key: &'u str) -> Option<&'u str> {
        self.values(key).last()
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        let settings =
            self.settings.iter().flat_map(|settings| &settings.sections).flat_map(|section| &section.settings);
        settings.filter(|setting| setting.key.starts_with("Exec")).map(|setting| setting.value.as_str())
    }
}

fn parsed(text: &str) -> Settings {
    // What is wrong with it was told by the compile.
    settings::parse(text, &settings::in_source(SourceId(0)), &mut Report::new())
}

/// The hosts that a text names, with their ports.
fn hosts_of(text: &str) -> Vec<String> {
    let mut hosts = Vec::new();
    for (scheme, port) in [("https://", 443), ("http://", 80)] {
        for (at, found) in text.match_indices(scheme) {
            let rest = &text[at + found.len()..];
            let end = rest.find(|c: char| c.is_whitespace() || "/?#'\"`;)|&<>,\\".contains(c)).unwrap_or(rest.len());
            let authority = rest[..end].rsplit('@').next().unwrap_or_default();
            // A variable of a script stands for a host that nobody knows here.
            if !authority.is_empty() && !authority.contains(['$', '{', '%']) {
                hosts.push(with_port(authority, port));
            }
        }
    }
    hosts
}

fn with_port(authority: &str, port: u16) -> String {
    let after = authority.rsplit(']').next().unwrap_or(authority);
    if after.contains(':') { authority.to_owned() } else { format!("{authority}:{port}") }
}

/// The first value of a key in kubeadm's settings.
fn value_of(text: &str, key: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix(key)?.strip_prefix(':').map(str::trim))?;
    let value = line.trim_matches(['"', '\'']);
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_ports_and_no_users() {
        let text = "curl -fsS 'http://169.254.169.254/x' https://me:secret@h.example:8443/a \"https://[fd00::1]/b\" https://$HOST/ https://a.example";
        let hosts = hosts_of(text);
        assert_eq!(hosts, ["h.example:8443", "[fd00::1]:443", "a.example:443", "169.254.169.254:80"]);
    }

    #[test]
    fn units_go_by_after_and_before() {
        let unit =
            |text: &str| Unit { settings: vec![parsed(text)], from: String::new(), is_started: true, is_masked: false };
        let units = Units(BTreeMap::from([
            ("a.service".to_owned(), unit("[Unit]\nAfter=z.service\n")),
            ("b.service".to_owned(), unit("[Unit]\nAfter=none.service\nAfter=\n")),
            ("y.mount".to_owned(), unit("[Unit]\n")),
            ("z.service".to_owned(), unit("[Unit]\nBefore=b.service\n")),
        ]));
        assert_eq!(units.ordered(), ["y.mount", "z.service", "a.service", "b.service"]);
        let circle = Units(BTreeMap::from([
            ("a.service".to_owned(), unit("[Unit]\nAfter=b.service\n")),
            ("b.service".to_owned(), unit("[Unit]\nAfter=a.service\n")),
        ]));
        assert_eq!(circle.ordered().len(), 2);
    }
}
