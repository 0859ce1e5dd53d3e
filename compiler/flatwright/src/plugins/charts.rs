//! The container images of add-ons, as the values of their charts set them: `facts/chart-images.txt`.
//!
//! Owns: which images an add-on has, what is pulled for each, and putting another one into the values. Must not: guess what a template in the values becomes.

use flatwright_diagnostic::{Origin, Path, Report, Rule, Segment};
use flatwright_kubernetes::chart_images::chart_images;
use flatwright_kubernetes::table::Row;
use flatwright_plan::{Addon, Plugin, kebab};
use flatwright_plugin_host::model::images::{ContainerImage, ImageComponent};
use flatwright_yaml::{Value, ValueKind};

use super::pen::Pen;
use crate::places::of_entry;

/// What a plugin for images is not asked.
#[derive(Debug, Rule)]
#[rule(group = "unknown-image")]
pub(super) enum Unknown {
    /// A value of a chart that a template engine fills in.
    #[rule(
        "templated-image",
        "`{image}` is a template in the values of the chart, so plugin `{plugin}` is not asked about it"
    )]
    Template { image: String, plugin: String },
    /// Values that are one template, or a chart that is not the usual one.
    #[rule(
        "unread-chart-values",
        "the images of add-on `{addon}` are not known, so plugin `{plugin}` is not asked about them"
    )]
    Values { addon: &'static str, plugin: String },
}

/// An image of an add-on.
pub(super) struct ChartImage {
    row: Row,
    /// `<add-on>/<image>`.
    pub(super) name: &'static str,
    /// The add-on's position in the plan.
    addon: usize,
}

/// The images that the add-ons' values set; what is not known is told of the plugin that would have been asked.
pub(super) fn images(addons: &[Addon], entry: &Plugin, report: &mut Report) -> Vec<ChartImage> {
    let mut images = Vec::new();
    for (index, addon) in addons.iter().enumerate() {
        let place = || addon.origin.anchor().unwrap_or_else(|| of_entry(entry));
        let plugin = || entry.name.value.clone();
        let Some(values) = &addon.values else {
            report
                .mention(place(), &Unknown::Values { addon: addon.key, plugin: plugin() })
                .hint("write `values` of the usual chart instead");
            continue;
        };
        for row in rows(addon) {
            let image = ChartImage { row, name: row.name, addon: index };
            if image.paths().any(|path| is_template(&values.values, &path)) {
                report.mention(place(), &Unknown::Template { image: row.name.to_owned(), plugin: plugin() });
            } else {
                images.push(image);
            }
        }
    }
    images
}

/// The images that the usual charts of add-ons pull, with the add-on's key. What a template fills in is not known, and is left out.
pub(crate) fn pulled(addons: &[Addon]) -> Vec<(&'static str, ContainerImage)> {
    let mut found = Vec::new();
    for (index, addon) in addons.iter().enumerate() {
        let Some(values) = &addon.values else { continue };
        let images = rows(addon).map(|row| ChartImage { row, name: row.name, addon: index });
        let known = images.filter(|image| !image.paths().any(|path| is_template(&values.values, &path)));
        found.extend(known.map(|image| (addon.key, image.question(addons))));
    }
    found
}

fn rows(addon: &Addon) -> impl Iterator<Item = Row> {
    chart_images(&kebab(addon.key))
}

impl ChartImage {
    /// The question: the image as it is pulled with the values of now.
    pub(super) fn question(&self, addons: &[Addon]) -> ContainerImage {
        let values = addons[self.addon].values.as_ref().map(|values| &values.values);
        let text = |key: &str| self.text(values, key);
        let default = self.row.value("default").unwrap_or_default();
        let repository = match (text("whole"), text("head"), text("rest")) {
            (Some(whole), ..) if whole.starts_with('/') && self.row.value("base").is_some() => {
                let base = text("base").or(self.row.value("base-default").map(str::to_owned)).unwrap_or_default();
                format!("{}{whole}", base.trim_end_matches('/'))
            }
            (Some(whole), ..) => whole,
            (None, None, None) => self.with_base(default, text("base")),
            (None, head, rest) => {
                let (known_head, known_rest) = self.halves(default);
                let head = head.unwrap_or(known_head);
                let rest = rest.unwrap_or(known_rest);
                format!("{}/{}", head.trim_end_matches('/'), rest.trim_matches('/'))
            }
        };
        let (tag, digest) = match text("tag") {
            Some(tag) => match tag.split_once('@') {
                Some((tag, digest)) => (Some(tag.to_owned()), Some(digest.to_owned())),
                None => (Some(tag), None),
            },
            None => (None, None),
        };
        ContainerImage { component: ImageComponent::Addon(self.name.to_owned()), repository, tag, digest }
    }

    /// A default whose registry the values move.
    fn with_base(&self, default: &str, base: Option<String>) -> String {
        let rest = self.row.value("base-default").and_then(|known| default.strip_prefix(known));
        match (base, rest) {
            (Some(base), Some(rest)) => format!("{}{rest}", base.trim_end_matches('/')),
            _ => default.to_owned(),
        }
    }

    /// Writes what an answer changes into the values.
    pub(super) fn answer(
        &self,
        addons: &mut [Addon],
        before: &ContainerImage,
        after: &ContainerImage,
        pen: &mut Pen<'_>,
    ) {
        let addon = &mut addons[self.addon];
        let Some(chart) = &mut addon.values else { return };
        let mut changes: Vec<(&str, String)> = Vec::new();
        if after.repository != before.repository {
            match (self.row.value("whole"), self.row.value("head"), self.row.value("rest")) {
                (Some(whole), ..) => changes.push((whole, after.repository.clone())),
                (None, Some(head), Some(rest)) => {
                    let halves = self.halves(&after.repository);
                    changes.extend([(head, halves.0), (rest, halves.1)]);
                }
                _ => {}
            }
        }
        if (&after.tag, &after.digest) != (&before.tag, &before.digest)
            && let (Some(path), Some(tag)) = (self.row.value("tag"), &after.tag)
        {
            let digest = after.digest.as_ref().map(|digest| format!("@{digest}")).unwrap_or_default();
            changes.push((path, format!("{tag}{digest}")));
        }
        for (path, text) in changes {
            let path = Path::parse(path);
            let (old, is_there) = chart.values.find(&path);
            if is_there {
                pen.replace(&format!("container of {}", self.name), old.origin);
            }
            set(&mut chart.values, &path, Value::str(text).from_origin(pen.origin));
        }
        addon.values_template = chart.template(pen.origin);
    }

    /// Where the values of the parts came from, by the paths of the question.
    pub(super) fn origins(&self, addons: &[Addon]) -> Vec<(String, Origin)> {
        let Some(chart) = &addons[self.addon].values else { return Vec::new() };
        let known = |key: &str, path: &str| {
            let (value, is_there) = chart.values.find(&Path::parse(self.row.value(key)?));
            is_there.then(|| (path.to_owned(), value.origin))
        };
        let repository =
            ["whole", "head", "rest", "base"].into_iter().filter_map(|key| known(key, "container.repository"));
        repository.chain(known("tag", "container.tag")).collect()
    }

    /// Registry and the rest, as the chart divides them.
    fn halves(&self, repository: &str) -> (String, String) {
        let cut = match self.row.value("cut") {
            Some("first") => repository.split_once('/'),
            _ => repository.rsplit_once('/'),
        };
        let (head, rest) = cut.unwrap_or((repository, ""));
        (head.to_owned(), rest.to_owned())
    }

    /// The text that the values have for a part; an empty one is none.
    fn text(&self, values: Option<&Value>, key: &str) -> Option<String> {
        let (value, is_there) = values?.find(&Path::parse(self.row.value(key)?));
        let text = match &value.kind {
            ValueKind::Str(text) => text.clone(),
            ValueKind::Int(_) | ValueKind::Float(_) => flatwright_yaml::emit_json(value).trim().to_owned(),
            _ => return None,
        };
        (is_there && !text.is_empty()).then_some(text)
    }

    fn paths(&self) -> impl Iterator<Item = Path> {
        ["whole", "head", "rest", "base", "tag"].into_iter().filter_map(|key| self.row.value(key)).map(Path::parse)
    }
}

/// The image that a question is about.
pub(super) fn named(addons: &[Addon], name: &str) -> Option<ChartImage> {
    let found = |(addon, it): (usize, &Addon)| {
        let row = rows(it).find(|row| row.name == name)?;
        Some(ChartImage { row, name: row.name, addon })
    };
    addons.iter().enumerate().find_map(found)
}

/// Whether a value, or one that the path leads through, is filled in later.
fn is_template(values: &Value, path: &Path) -> bool {
    matches!(&values.find(path).0.kind, ValueKind::Str(text) if text.contains("{{"))
}

/// Puts a value at a path of keys; what is on the way and no mapping becomes one.
fn set(values: &mut Value, path: &Path, new: Value) {
    let mut at = values;
    let key = |segment: &Segment| match segment {
        Segment::Key(key) => key.to_string(),
        Segment::Index(index) => index.to_string(),
    };
    let mut keys: Vec<String> = path.segments().iter().map(key).collect();
    let Some(last) = keys.pop() else { return };
    for key in keys {
        if at.as_map().is_none() {
            at.kind = ValueKind::Map(flatwright_yaml::Map::new());
        }
        let Some(map) = at.as_map_mut() else { return };
        if map.get(&key).is_none() {
            map.insert(key.clone(), Value::map());
        }
        let Some(next) = map.get_mut(&key) else { return };
        at = next;
    }
    if at.as_map().is_none() {
        at.kind = ValueKind::Map(flatwright_yaml::Map::new());
    }
    if let Some(map) = at.as_map_mut() {
        map.remove(&last);
        map.insert(last, new);
    }
}
