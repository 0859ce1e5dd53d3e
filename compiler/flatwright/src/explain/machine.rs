//! Where a part of a machine config came from: `ignition/GROUP[:PART]`.
//!
//! Owns: what a part is called – a file or link by its absolute path, a unit by its name, a drop-in as `UNIT/DROP-IN` – and which edits of plugins were about it.
//! Must not: show contents; `preview` does.

use std::fmt::Write as _;

use flatwright_diagnostic::{Anchor, Origin};
use flatwright_flatcar::{node_units, sysext};
use flatwright_plan::{Contents, KubeadmFileContent, NodeGroup};

use super::objects::Explainer;
use crate::calls::{Call, Edit};
use crate::compilation::{Cluster, Compilation};
use crate::places;

/// What the node groups of a place begin with.
pub(super) const ROOT: &str = "ignition/";

/// Explains the parts of a group's machine config, or one of them.
pub(super) fn explain(compilation: &Compilation, group: &str, wanted: &str) -> Result<String, String> {
    let group = group.strip_suffix(".ign").unwrap_or(group);
    let (mut text, mut known) = (String::new(), Vec::new());
    for cluster in &compilation.clusters {
        for node in &cluster.plan.groups {
            known.push(format!("{ROOT}{}", node.name.value));
            if node.name.value == group {
                let explainer = Explainer { compilation, cluster, about: "", group: Some(&node.name.value) };
                let machine = Machine { explainer, cluster, group: node };
                machine.explain(wanted, &mut text).expect("invariant: a string takes any text");
            }
        }
    }
    let is_known = known.iter().any(|name| name.strip_prefix(ROOT) == Some(group));
    match (is_known, text.is_empty()) {
        (true, false) => Ok(text),
        (true, true) => Err(format!("the machine config of `{group}` has no file, link or unit `{wanted}`")),
        (false, _) => Err(format!("there is no node group `{group}`; there are {}", known.join(", "))),
    }
}

/// The parts of a group's machine config with the user's line of each, where there is one.
pub(super) fn placed(compilation: &Compilation, cluster: &Cluster, group: &NodeGroup) -> Vec<(String, Anchor)> {
    let explainer = Explainer { compilation, cluster, about: "", group: Some(&group.name.value) };
    let machine = Machine { explainer, cluster, group };
    let mut parts = machine.parts();
    let users = machine.users().into_iter().filter(|part| parts.iter().all(|own| own.name != part.name));
    let users: Vec<Part> = users.collect();
    parts.extend(users);
    parts.iter().filter_map(|part| Some((part.name.clone(), machine.line(part)?))).collect()
}

/// The machine config of one group.
struct Machine<'a> {
    explainer: Explainer<'a>,
    cluster: &'a Cluster,
    group: &'a NodeGroup,
}

/// A file, link, unit or drop-in.
struct Part {
    name: String,
    /// What decides about it: a plugin's value before any other.
    origin: Origin,
    /// Where plugins' edits of it are, in the terms of their hooks.
    edits: Vec<String>,
    /// Whether the user's own configs have it: their line says more than the place of the config.
    is_users: bool,
}

impl Machine<'_> {
    fn explain(&self, wanted: &str, text: &mut String) -> std::fmt::Result {
        let is_meant = |name: &str| {
            let below = name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/') || wanted.ends_with('/'));
            wanted.is_empty() || name == wanted || below
        };
        let mut parts = self.parts();
        let own: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
        parts.extend(self.users().into_iter().filter(|part| !own.contains(&part.name)));
        for part in parts.iter().filter(|part| is_meant(&part.name)) {
            self.part(part, text)?;
        }
        Ok(())
    }

    fn part(&self, part: &Part, text: &mut String) -> std::fmt::Result {
        writeln!(text, "{ROOT}{}:{}", self.group.name.value, part.name)?;
        let calls: Vec<(u32, &Call, Vec<&Edit>)> = self.calls(part).collect();
        let mut is_first = matches!(part.origin, Origin::Plugin(_));
        match part.origin {
            // Who made it stands with the calls.
            Origin::Plugin(_) if !calls.is_empty() => {}
            origin => match self.line(part) {
                Some(anchor) => writeln!(text, "  spec: {}", self.explainer.line(&anchor))?,
                None => self.explainer.origin(origin, "", text)?,
            },
        }
        for (index, call, edits) in calls {
            if std::mem::take(&mut is_first) {
                self.explainer.before(index, call, &edits, text)?;
            }
            writeln!(text, "  plugin: {}, hook {}, {}", call.plugin_and_digest(), call.hook, call.target)?;
            edits.into_iter().try_for_each(|edit| write!(text, "{edit}"))?;
        }
        Ok(())
    }

    /// The user's line, if no plugin decides.
    fn line(&self, part: &Part) -> Option<Anchor> {
        if matches!(part.origin, Origin::Plugin(_)) {
            return None;
        }
        let named = || match part.name.split_once('/') {
            Some(("", _)) => places::in_group(self.group, "path", &part.name),
            Some((unit, drop_in)) => places::drop_in(self.group, unit, drop_in),
            None => places::in_group(self.group, "name", &part.name),
        };
        let own = part.origin.anchor();
        if part.is_users { named().or(own) } else { own.or_else(named) }
    }

    /// The calls that changed a part, in order, with their edits of it.
    fn calls<'c>(&'c self, part: &'c Part) -> impl Iterator<Item = (u32, &'c Call, Vec<&'c Edit>)> {
        let is_about = |edit: &&Edit| part.edits.iter().any(|path| edit.path.starts_with(path));
        let is_ours = |call: &Call| call.target == self.group.name.value || call.target == "cluster";
        let calls = (0_u32..).zip(&self.cluster.calls).filter(move |(_, call)| is_ours(call));
        calls
            .map(move |(index, call)| (index, call, call.edits.iter().filter(is_about).collect()))
            .filter(|(_, _, edits): &(_, _, Vec<_>)| !edits.is_empty())
    }

    /// The parts that are in the plan.
    fn parts(&self) -> Vec<Part> {
        let config = &self.group.machine_config;
        let mut parts = Vec::new();
        for file in &config.files {
            let contents = match &file.contents {
                Contents::Text(text) => vec![text.origin],
                Contents::Remote { url, sha512, .. } => {
                    let sum = sha512.as_ref().map(|sum| sum.origin);
                    std::iter::once(url.origin).chain(sum).collect()
                }
            };
            let origin = strongest(contents.into_iter().chain([file.path.origin]));
            parts.push(Part {
                name: file.path.value.clone(),
                origin,
                edits: self.edits_of(&file.path.value),
                is_users: false,
            });
        }
        for link in &config.links {
            let origin = strongest([link.target.origin, link.path.origin]);
            parts.push(Part {
                name: link.path.value.clone(),
                origin,
                edits: self.edits_of(&link.path.value),
                is_users: false,
            });
        }
        for unit in &config.units {
            let name = &unit.name.value;
            let states = [unit.enabled.as_ref().map(|flag| flag.origin), unit.mask.as_ref().map(|flag| flag.origin)];
            let contents = unit.contents.as_ref().map(|contents| contents.origin);
            let origin = strongest(contents.into_iter().chain(states.into_iter().flatten()).chain([unit.name.origin]));
            let mut edits = vec![format!("units[\"{name}\"]")];
            if node_units::is_update_timer(name) {
                edits.push("enabled".to_owned());
            }
            parts.push(Part { name: name.clone(), origin, edits, is_users: false });
            for drop_in in &unit.drop_ins {
                let mut edits = vec![format!("units[\"{name}\"].drop-ins[\"{}\"]", drop_in.name)];
                if drop_in.name == node_units::TIMER_DROP_IN {
                    edits.push("schedule".to_owned());
                }
                let name = format!("{name}/{}", drop_in.name);
                parts.push(Part { name, origin: drop_in.contents.origin, edits, is_users: false });
            }
        }
        for file in &self.group.kubeadm.files {
            let content = match &file.content {
                KubeadmFileContent::Bytes(bytes) => bytes.origin,
                KubeadmFileContent::Secret { name, .. } => name.origin,
                KubeadmFileContent::AzureJson(_) => Origin::Unknown,
            };
            let origin =
                strongest([content, file.permissions.origin, file.owner.origin, file.path.origin, file.origin]);
            let edits = vec![format!("node.files[\"{}\"]", file.path.value)];
            parts.push(Part { name: file.path.value.clone(), origin, edits, is_users: false });
        }
        parts
    }

    /// What the user's own configs add.
    fn users(&self) -> Vec<Part> {
        let Some(index) = self.cluster.plan.groups.iter().position(|group| group.name.value == self.group.name.value)
        else {
            return Vec::new();
        };
        let config = &self.cluster.composed[index].config;
        let files = config.storage.files.iter().map(|file| file.path.clone());
        let links = config.storage.links.iter().map(|link| link.path.clone());
        let units = config.systemd.units.iter().flat_map(|unit| {
            let drop_ins = unit.dropins.iter().map(|drop_in| format!("{}/{}", unit.name, drop_in.name));
            std::iter::once(unit.name.clone()).chain(drop_ins)
        });
        let user = self.group.user_configs.last().map_or(Origin::Unknown, |config| config.origin);
        files
            .chain(links)
            .chain(units)
            .map(|name| Part { name, origin: user, edits: Vec::new(), is_users: true })
            .collect()
    }

    /// The edits that can be about a path: a transfer's or an extension's.
    fn edits_of(&self, path: &str) -> Vec<String> {
        let mut edits = Vec::new();
        if let Some((directory, name)) = path.strip_prefix("/etc/sysupdate.").and_then(|rest| rest.split_once('/')) {
            let component = directory.strip_suffix(".d").map(|component| format!("{component}/")).unwrap_or_default();
            edits.push(format!("transfers[\"{component}{name}\"]"));
        }
        for link in &self.group.machine_config.links {
            let name = link.path.value.strip_prefix("/etc/extensions/").and_then(|name| name.strip_suffix(".raw"));
            let Some(name) = name else { continue };
            let is_image = path.starts_with(&format!("{}/", sysext::image_directory(name)));
            if is_image || path == link.path.value {
                edits.push(format!("extensions[\"{name}\"]"));
                if is_image && name == "kubernetes" {
                    edits.push("kubernetes".to_owned());
                }
            }
        }
        edits
    }
}

/// The origin that says most: a plugin's, else the first.
fn strongest(origins: impl IntoIterator<Item = Origin>) -> Origin {
    let origins: Vec<Origin> = origins.into_iter().collect();
    let plugin = origins.iter().find(|origin| matches!(origin, Origin::Plugin(_)));
    plugin.or(origins.first()).copied().unwrap_or_default()
}
