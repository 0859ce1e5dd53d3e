//! The objects of one side, and where each of their values stands.

use std::sync::Arc;

use flatwright_diagnostic::{Anchor, Diagnostic, Path, Place};
use flatwright_plan::{Contents, NodeGroup};
use serde_json::Value as Json;

use super::live;
use crate::compilation::Cluster;
use crate::json::to_json;
use crate::places;
use crate::updates;

/// The objects of one side.
#[derive(Default)]
pub(super) struct State {
    pub(super) objects: Vec<Known>,
    /// Whether a server filled in what nobody wrote.
    pub(super) is_live: bool,
}

/// One object.
pub(super) struct Known {
    pub(super) json: Json,
    /// Whether what a server filled in stands among what was written, and nobody can tell it apart.
    pub(super) is_filled: bool,
    origin: Origins,
}

enum Origins {
    /// Compiled: each value knows its line; what has none is its node group's.
    Compiled { cluster: Arc<Cluster>, index: usize },
    /// Written: the object's own place.
    Written(Anchor),
}

impl State {
    pub(super) fn of_clusters(clusters: Vec<Cluster>) -> Self {
        let mut objects = Vec::new();
        for cluster in clusters {
            let cluster = Arc::new(cluster);
            for (index, object) in cluster.objects.iter().enumerate() {
                let json = to_json(&object.value);
                objects.push(Known {
                    json,
                    is_filled: false,
                    origin: Origins::Compiled { cluster: Arc::clone(&cluster), index },
                });
            }
        }
        Self { objects, is_live: false }
    }

    pub(super) fn of_manifests(objects: Vec<(Json, Anchor)>) -> Self {
        let objects = objects.into_iter().map(|(json, anchor)| Known {
            json,
            is_filled: false,
            origin: Origins::Written(anchor),
        });
        Self { objects: objects.collect(), is_live: false }
    }

    /// What a management cluster has.
    pub(super) fn of_live(objects: Vec<(Json, Anchor)>) -> Self {
        let objects = objects.into_iter().map(|(json, anchor)| {
            let (json, is_filled) = live::written(json);
            Known { json, is_filled, origin: Origins::Written(anchor) }
        });
        Self { objects: objects.collect(), is_live: true }
    }

    pub(super) fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&Known> {
        self.objects
            .iter()
            .find(|object| object.kind() == kind && object.namespace() == namespace && object.name() == name)
    }
}

impl Known {
    pub(super) fn kind(&self) -> &str {
        self.json.get("kind").and_then(Json::as_str).unwrap_or_default()
    }

    pub(super) fn name(&self) -> &str {
        flatwright_kubernetes::manifest::metadata(&self.json, "name")
    }

    pub(super) fn namespace(&self) -> &str {
        flatwright_kubernetes::manifest::namespace(&self.json)
    }

    pub(super) fn at(&self, pointer: &str) -> Option<&Json> {
        pointer.split('.').try_fold(&self.json, |value, key| value.get(key)).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, pointer: &str) -> Option<&str> {
        self.at(pointer).and_then(Json::as_str)
    }

    /// The line that a value comes from, and whether it is the value's own.
    pub(super) fn anchor(&self, path: &Path) -> Option<(Anchor, bool)> {
        match &self.origin {
            Origins::Compiled { cluster, index } => {
                let object = cluster.objects.get(*index)?;
                let own = object.value.origin_at(path).anchor().map(|anchor| (anchor, true));
                own.or_else(|| self.around().map(|anchor| (anchor, false)))
            }
            Origins::Written(anchor) => Some(match &anchor.place {
                Place::Path { document, path: above } => {
                    let place = Place::Path { document: *document, path: above.join(path) };
                    (Anchor { place, ..anchor.clone() }, true)
                }
                _ => (anchor.clone(), false),
            }),
        }
    }

    /// The line that a part of the group's machine config comes from, such as `file /etc/motd`.
    pub(super) fn part(&self, part: &str) -> Option<Anchor> {
        let Origins::Compiled { cluster, .. } = &self.origin else { return None };
        let (kind, name) = part.split_once(' ')?;
        let group = self.group()?;
        let config = &group.machine_config;
        let own = match kind {
            "file" => config.files.iter().find(|file| file.path.value == name).and_then(|file| {
                let contents = match &file.contents {
                    Contents::Text(text) => text.origin,
                    Contents::Remote { url, .. } => url.origin,
                };
                contents.anchor().or_else(|| file.path.origin.anchor())
            }),
            "link" => {
                config.links.iter().find(|link| link.path.value == name).and_then(|link| link.target.origin.anchor())
            }
            "unit" => config.units.iter().find(|unit| unit.name.value == name).and_then(|unit| {
                let states = [unit.enabled.map(|flag| flag.origin), unit.mask.map(|flag| flag.origin)];
                let texts = unit.drop_ins.iter().map(|drop_in| drop_in.contents.origin);
                states.into_iter().flatten().chain(texts).find_map(|origin| origin.anchor())
            }),
            _ => None,
        };
        let field = if matches!(kind, "file" | "directory" | "link") { "path" } else { "name" };
        own.or_else(|| places::part(group, &cluster.plan, &cluster.calls, field, name).map(|found| found.anchor))
    }

    fn group(&self) -> Option<&NodeGroup> {
        let Origins::Compiled { cluster, index } = &self.origin else { return None };
        cluster.objects.get(*index)?.group().and_then(|group| cluster.plan.groups.get(group))
    }

    fn around(&self) -> Option<Anchor> {
        let Origins::Compiled { cluster, .. } = &self.origin else { return None };
        self.group().map_or(cluster.plan.name.origin, |group| group.origin).anchor()
    }

    /// A finding at its line, and which object it is about.
    pub(super) fn place(&self, finding: Diagnostic) -> Diagnostic {
        let anchor = self.anchor(&finding.object_path.clone().unwrap_or_default()).map(|(anchor, _)| anchor);
        updates::placed(finding, anchor, self.kind(), self.name())
    }
}
