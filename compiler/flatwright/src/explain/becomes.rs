//! What a place in the spec becomes: `spec.pools[0].vmSize`.
//!
//! Owns: the search from a line of the spec to the values of the output that come from it. Must not: guess: only what has this origin is listed.

use std::fmt::Write as _;

use flatwright_capi::Object;
use flatwright_diagnostic::{Anchor, NodeId, Origin, Path, Place, SourceId, nearest};
use flatwright_plugin_host::escape_line;
use flatwright_yaml::{Kind, Limits, Tree, Value, ValueKind, parse_first};

use super::machine;
use super::objects::Explainer;
use crate::compilation::{Cluster, Compilation};
use crate::layout::{self, Format};

/// So many values are listed.
const MOST_VALUES: usize = 200;

/// Whether a place is one of the spec: no kind begins with a small letter.
pub(super) fn is_place(place: &str) -> bool {
    ["spec", "metadata"]
        .iter()
        .any(|first| place.strip_prefix(first).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])))
}

/// Lists the values of the output that come from a place of the spec, with file and line of each.
pub(super) fn explain(compilation: &Compilation, place: &str) -> Result<String, String> {
    let path = Path::parse(place);
    let (mut text, mut problem) = (String::new(), None);
    for cluster in &compilation.clusters {
        match Meant::find(compilation, cluster, &path) {
            Ok(meant) => meant.explain(place, &mut text).expect("invariant: a string takes any text"),
            Err(reason) => problem = Some(reason),
        }
    }
    match problem {
        Some(problem) if text.is_empty() => Err(problem),
        _ => Ok(text),
    }
}

/// A place of a cluster's spec.
struct Meant<'a> {
    compilation: &'a Compilation,
    cluster: &'a Cluster,
    source: SourceId,
    range: std::ops::Range<usize>,
    anchor: Anchor,
}

/// One value of the output.
struct Hit {
    /// `manifests/30-azuremachinetemplate-demo-md-0.yaml:14`
    at: String,
    what: String,
}

impl<'a> Meant<'a> {
    fn find(compilation: &'a Compilation, cluster: &'a Cluster, path: &Path) -> Result<Self, String> {
        let name = cluster.plan.name.origin.anchor();
        let of_source = |anchor: Anchor| match anchor.place {
            Place::Node(node) => Some((anchor.source, compilation.sources.tree(anchor.source)?, node)),
            _ => None,
        };
        let (source, tree, mut root) = name.and_then(of_source).ok_or("the spec is not known any more")?;
        while let Some(parent) = tree.parent(root) {
            root = parent;
        }
        let (node, is_found) = tree.find(root, path);
        if !is_found {
            return Err(missing(tree, node, path));
        }
        Ok(Self { compilation, cluster, source, range: tree.span(node), anchor: Anchor::node(source, node) })
    }

    fn explain(&self, place: &str, text: &mut String) -> std::fmt::Result {
        let about = Explainer { compilation: self.compilation, cluster: self.cluster, about: "", group: None };
        let mut hits = Vec::new();
        let files = layout::manifest_files(self.cluster, Format::Yaml);
        for (object, (file, written)) in self.cluster.objects.iter().zip(&files) {
            let mut found = Vec::new();
            self.values(&object.value, &Path::root(), Origin::Unknown, &mut found);
            let lines = Lines::of(written, !found.is_empty());
            for (path, value, origin) in found {
                let at = lines.at(file, &path);
                let shown = about.shown(value, &path, origin);
                hits.push(Hit { at, what: format!("{}/{}:{path} = {shown}", object.kind(), object.name()) });
            }
        }
        for (index, group) in self.cluster.plan.groups.iter().enumerate() {
            for (part, anchor) in machine::placed(self.compilation, self.cluster, group) {
                if self.holds(&anchor) {
                    self.part(index, &part, &files, &mut hits);
                }
            }
        }
        writeln!(text, "{place}, {}", about.line(&self.anchor))?;
        if hits.is_empty() {
            writeln!(text, "  no value of the output is this one: it decides what else is made, or is a default")?;
        }
        for hit in hits.iter().take(MOST_VALUES) {
            writeln!(text, "  {}  {}", hit.at, escape_line(&hit.what))?;
        }
        if hits.len() > MOST_VALUES {
            writeln!(text, "  … and {} more; name a narrower path", hits.len() - MOST_VALUES)?;
        }
        Ok(())
    }

    /// Whether something comes from here.
    fn holds(&self, anchor: &Anchor) -> bool {
        let span = self.compilation.sources.resolve(anchor).filter(|_| anchor.source == self.source);
        span.is_some_and(|span| self.range.start <= span.range.start && span.range.end <= self.range.end)
    }

    /// The values of an object that come from here: those without an origin of their own came with what is around them.
    fn values<'v>(&self, value: &'v Value, path: &Path, around: Origin, found: &mut Vec<(Path, &'v Value, Origin)>) {
        let origin = value.origin.or(around);
        match &value.kind {
            ValueKind::Map(map) if !map.is_empty() => {
                map.iter().for_each(|(key, value)| self.values(value, &path.key(key), origin, found));
            }
            ValueKind::Seq(items) if !items.is_empty() => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, value)| self.values(value, &path.index(index), origin, found));
            }
            _ if origin.anchor().is_some_and(|anchor| self.holds(&anchor)) => found.push((path.clone(), value, origin)),
            _ => {}
        }
    }

    /// A part of a machine config: in the stand-alone config, and in the text that the bootstrap object carries.
    fn part(&self, group: usize, part: &str, files: &[(String, String)], hits: &mut Vec<Hit>) {
        let name = &self.cluster.plan.groups[group].name.value;
        let what = match part.split_once('/') {
            Some(("", _)) => format!("at {part}"),
            Some((unit, drop_in)) => format!("drop-in {drop_in} of {unit}"),
            None => format!("unit {part}"),
        };
        let last = part.rsplit('/').next().unwrap_or(part);
        let named = if part.starts_with('/') { part } else { last };
        let line = |text: &str| text.lines().position(|line| line.contains(named)).map(|line| line + 1);
        let alone = self.cluster.composed.get(group).and_then(|composed| line(&composed.ignition()));
        if let Some(line) = alone {
            hits.push(Hit { at: format!("ignition/{name}.ign:{line}"), what: what.clone() });
        }
        let is_its = |object: &&Object| object.group() == Some(group) && object.kind().starts_with("Kubeadm");
        for (object, (file, written)) in self.cluster.objects.iter().zip(files).filter(|(object, _)| is_its(object)) {
            let Some(start) = written.find("additionalConfig:") else { continue };
            let before = written[..start].matches('\n').count();
            if let Some(line) = line(&written[start..]) {
                let at = format!("{file}:{}", before + line);
                hits.push(Hit { at, what: format!("{}/{}, machine config, {what}", object.kind(), object.name()) });
            }
        }
    }
}

/// The lines of a written manifest.
struct Lines<'t> {
    text: &'t str,
    tree: Option<Tree>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, is_needed: bool) -> Self {
        Self { text, tree: is_needed.then(|| parse_first(text, &Limits::default()).0) }
    }

    /// `FILE:LINE` of a value.
    fn at(&self, file: &str, path: &Path) -> String {
        let start = self.tree.as_ref().and_then(|tree| {
            let (node, _) = tree.find(*tree.roots().first()?, path);
            Some(tree.key_of(node).map_or_else(|| tree.span(node), |key| tree.span(key)).start)
        });
        match start.and_then(|start| self.text.get(..start)) {
            Some(before) => format!("{file}:{}", before.matches('\n').count() + 1),
            None => file.to_owned(),
        }
    }
}

/// What there is instead of a path.
fn missing(tree: &Tree, deepest: NodeId, path: &Path) -> String {
    let reached = tree.path(deepest);
    let wanted = path.segments().get(reached.segments().len()).map(|next| match next {
        flatwright_diagnostic::Segment::Key(key) => key.to_string(),
        flatwright_diagnostic::Segment::Index(index) => index.to_string(),
    });
    match tree.kind(deepest) {
        Kind::Mapping(entries) => {
            let keys: Vec<&str> = entries.iter().filter_map(|entry| tree.scalar(entry.key)).collect();
            let near = wanted.as_deref().and_then(|wanted| nearest(wanted, keys.iter().copied()));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("the spec does not say `{path}`: `{reached}` has {}{near}", keys.join(", "))
        }
        Kind::Sequence(items) => format!("the spec does not say `{path}`: `{reached}` has {} items", items.len()),
        Kind::Scalar(..) => format!("the spec does not say `{path}`: `{reached}` is one value"),
    }
}
