//! Where a value of an object came from: `KIND[/NAME]:PATH`.

use std::fmt::Write as _;

use flatwright_capi::Object;
use flatwright_diagnostic::{Anchor, Origin, Path};
use flatwright_plugin_host::escape_line;
use flatwright_yaml::{Value, ValueKind, emit_json};

use super::{becomes, machine};
use crate::calls::{Call, Edit};
use crate::compilation::{Cluster, Compilation};
use crate::secret::withheld;

/// A whole object has hundreds of values; beyond this many a narrower path is better.
const MOST_VALUES: usize = 500;

/// Explains every value at and below a place such as `KubeadmControlPlane:spec.replicas` or `MachineDeployment/demo-md-0:spec.template`. A name may leave out
/// the hash at its end; without a name, every object of the kind is meant. `ignition/md-0:/etc/motd` is a file of a group's machine config,
/// `ignition/md-0:flatwright-sysupdate-kubernetes.timer` a unit; without the part, everything in it. `spec.pools[0].vmSize` is a place in the spec: what it becomes.
///
/// # Errors
/// Why there is nothing at that place, in words.
pub fn explain(compilation: &Compilation, place: &str) -> Result<String, String> {
    if becomes::is_place(place) {
        return becomes::explain(compilation, place);
    }
    let (object, path) = place.split_once(':').unwrap_or((place, ""));
    if let Some(group) = object.strip_prefix(machine::ROOT) {
        return machine::explain(compilation, group, path);
    }
    let (kind, name) = object.split_once('/').map_or((object, None), |(kind, name)| (kind, Some(name)));
    let path = Path::parse(path);
    let mut text = String::new();
    let mut is_known = false;
    for cluster in &compilation.clusters {
        for object in cluster.objects.iter().filter(|object| is_meant(cluster, object, kind, name)) {
            is_known = true;
            let (value, is_found) = object.value.find(&path);
            if is_found {
                let about = format!("{}/{}", object.kind(), object.name());
                let group = object.group().and_then(|index| cluster.plan.groups.get(index));
                let group = group.map(|group| group.name.value.as_str());
                let explainer = Explainer { compilation, cluster, about: &about, group };
                explainer.values(value, &path, around(&object.value, &path), &mut 0, &mut text);
            }
        }
    }
    match (is_known, text.is_empty()) {
        (true, false) => Ok(text),
        (true, true) => Err(format!("no {kind} has a value at `{path}`")),
        (false, _) => Err(format!("there is no object `{object}`; {}", kinds(compilation))),
    }
}

/// The origin of the nearest thing around a value.
fn around(root: &Value, path: &Path) -> Origin {
    let mut steps = path.clone();
    while steps.pop().is_some() {
        let origin = root.find(&steps).0.origin;
        if origin != Origin::Unknown {
            return origin;
        }
    }
    Origin::Unknown
}

fn is_meant(cluster: &Cluster, object: &Object, kind: &str, name: Option<&str>) -> bool {
    let stem =
        || object.group().and_then(|index| cluster.plan.groups.get(index)).map(|group| cluster.plan.group_name(group));
    object.kind() == kind && name.is_none_or(|name| object.name() == name || stem().as_deref() == Some(name))
}

fn kinds(compilation: &Compilation) -> String {
    let objects = compilation.clusters.iter().flat_map(|cluster| &cluster.objects);
    let names: Vec<String> = objects.map(|object| format!("{}/{}", object.kind(), object.name())).collect();
    format!("there are {}", names.join(", "))
}

pub(super) struct Explainer<'a> {
    pub(super) compilation: &'a Compilation,
    pub(super) cluster: &'a Cluster,
    pub(super) about: &'a str,
    /// The node group whose object or machine config it is.
    pub(super) group: Option<&'a str>,
}

impl Explainer<'_> {
    /// A value without an origin of its own came with what is around it.
    fn values(&self, value: &Value, path: &Path, around: Origin, count: &mut usize, text: &mut String) {
        let origin = value.origin.or(around);
        match &value.kind {
            ValueKind::Map(map) if !map.is_empty() => {
                map.iter().for_each(|(key, value)| self.values(value, &path.key(key), origin, count, text));
            }
            ValueKind::Seq(items) if !items.is_empty() => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, value)| self.values(value, &path.index(index), origin, count, text));
            }
            _ if *count < MOST_VALUES => {
                *count += 1;
                self.value(value, path, origin, text).expect("invariant: a string takes any text");
            }
            _ if *count == MOST_VALUES => {
                *count += 1;
                text.push_str("… and more; name a narrower path\n");
            }
            _ => {}
        }
    }

    fn value(&self, value: &Value, path: &Path, origin: Origin, text: &mut String) -> std::fmt::Result {
        let shown = self.shown(value, path, origin);
        writeln!(text, "{}:{path} = {}", self.about, escape_line(&shown))?;
        self.origin(origin, &shown, text)
    }

    /// A value without secrets.
    pub(super) fn shown(&self, value: &Value, path: &Path, origin: Origin) -> String {
        let text_of = match origin {
            Origin::Environment(source, node) => {
                self.compilation.sources.tree(source).and_then(|tree| tree.scalar(node)).map(str::to_owned)
            }
            // A text that was made of a whole mapping, such as the values of a chart, may have the value of a variable anywhere.
            Origin::Source(source, node) => self.compilation.sources.tree(source).and_then(|tree| {
                let is_mapping = !matches!(tree.kind(node), flatwright_yaml::Kind::Scalar(..));
                let names_variable = is_mapping && tree.text()[tree.span(node)].contains("${env:");
                names_variable.then(|| "(made with values of environment variables)".to_owned())
            }),
            _ => None,
        };
        let value = text_of.unwrap_or_else(|| match value.as_str() {
            Some(text) => emit_json(&Value::str(withheld::text(path, text))),
            None => emit_json(value),
        });
        self.cluster.secrets.masked(value.trim_end()).chars().take(200).collect()
    }

    pub(super) fn origin(&self, origin: Origin, shown: &str, text: &mut String) -> std::fmt::Result {
        match origin {
            Origin::Unknown => writeln!(text, "  from the emitter: the object always has it"),
            Origin::Default(rule) => writeln!(text, "  default: {rule}"),
            Origin::Flag(flag) => writeln!(text, "  flag: {flag}"),
            Origin::Source(..) => writeln!(text, "  spec: {}", self.place(origin)),
            Origin::File(_) => writeln!(text, "  file: {}", self.place(origin)),
            Origin::Environment(..) => writeln!(text, "  environment variable, named at {}", self.place(origin)),
            Origin::Patch(..) => writeln!(text, "  patch: {}", self.place(origin)),
            Origin::Plugin(index) => self.plugin(index, shown, text),
        }
    }

    /// The whole chain: what was there before the call, and the edits of the call that are about this value; all of them where the value was made from several.
    fn plugin(&self, index: u32, shown: &str, text: &mut String) -> std::fmt::Result {
        let Some(call) = usize::try_from(index).ok().and_then(|index| self.cluster.calls.get(index)) else {
            return writeln!(text, "  plugin");
        };
        let is_about = |edit: &&Edit| edit.after.as_ref().is_some_and(|after| after.to_string().contains(shown));
        let about: Vec<_> = call.edits.iter().filter(is_about).collect();
        let edits = if about.is_empty() { call.edits.iter().collect() } else { about };
        self.before(index, call, &edits, text)?;
        writeln!(text, "  plugin: {}, hook {}, {}", call.plugin_and_digest(), call.hook, call.target)?;
        edits.into_iter().try_for_each(|edit| write!(text, "{edit}"))
    }

    /// Where the values came from that the edits of a call replaced.
    pub(super) fn before(&self, index: u32, call: &Call, edits: &[&Edit], text: &mut String) -> std::fmt::Result {
        let is_here = |group: &str| group == "cluster" || self.group.is_none_or(|name| name == group);
        let mut told: Vec<Origin> = Vec::new();
        for replaced in call.replaced.iter().filter(|replaced| is_here(&replaced.group)) {
            let Some(edit) = edits.iter().find(|edit| edit.path.starts_with(&replaced.path)) else { continue };
            // A call replaces what calls before it gave.
            let is_earlier = !matches!(replaced.before, Origin::Plugin(other) if other >= index);
            if is_earlier && !told.contains(&replaced.before) {
                told.push(replaced.before);
                let was = edit.before.as_ref().map(ToString::to_string).unwrap_or_default();
                self.origin(replaced.before, &was, text)?;
            }
        }
        Ok(())
    }

    fn place(&self, origin: Origin) -> String {
        origin.anchor().map_or_else(|| "unknown".to_owned(), |anchor| self.line(&anchor))
    }

    pub(super) fn line(&self, anchor: &Anchor) -> String {
        let sources = &self.compilation.sources;
        let name = sources.name(anchor.source);
        match sources.resolve(anchor) {
            Some(span) => format!("{name}:{}:{}{}", span.start.line, span.start.column, self.path(anchor)),
            None => name.to_owned(),
        }
    }

    fn path(&self, anchor: &Anchor) -> String {
        self.compilation.sources.path(anchor).map(|path| format!(" ({path})")).unwrap_or_default()
    }
}
