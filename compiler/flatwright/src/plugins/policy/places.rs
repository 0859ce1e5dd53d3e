//! The places of a policy's findings: a value of an object, or a part of an effective machine config, at the line that it came from.

use flatwright_capi::Object;
use flatwright_diagnostic::{Anchor, Origin, Path, Segment};
use flatwright_plan::Plan;
use flatwright_plugin_host::model::findings::{MachineConfigPlace, ObjectPlace, ObjectReference, Place};
use flatwright_yaml::{Tree, Value, ValueKind};

use super::bundle::stages;
use crate::boot;
use crate::calls::Call;
use crate::places::{Found, Part, of_plugin, part_at};

/// The result that a policy saw.
pub(super) struct Seen<'a> {
    pub(super) plan: &'a Plan,
    pub(super) objects: &'a [Object],
    /// The spec, for the mapping around a line.
    pub(super) tree: &'a Tree,
    pub(super) calls: &'a [Call],
}

impl Seen<'_> {
    /// The place of a finding, and what it is in, in words.
    pub(super) fn find(&self, place: &Place) -> Option<(Option<Found>, String)> {
        match place {
            Place::Object(place) => {
                let object = self.objects.iter().find(|object| is_meant(object, &place.object))?;
                Some((self.in_object(object, place), format!("in {} `{}`", object.kind(), object.name())))
            }
            Place::MachineConfig(place) => {
                let found = self.in_machine_config(place)?;
                Some((found, format!("in the effective machine config of `{}`", place.group)))
            }
            _ => None,
        }
    }

    fn in_object(&self, object: &Object, place: &ObjectPlace) -> Option<Found> {
        let path = Path::parse(&place.path);
        let (nearest, is_there) = object.value.find(&path);
        if is_there {
            let origin = object.value.origin_at(&path);
            return of_plugin(origin, self.calls, self.plan).or_else(|| origin.anchor().map(Found::from));
        }
        // What is missing is missing from a mapping, not from one of the values beside it.
        let around = self.mapping(nearest).or_else(|| {
            let group = object.group().and_then(|index| self.plan.groups.get(index));
            group.map_or(self.plan.name.origin, |group| group.origin).anchor()
        });
        around.map(Found::from)
    }

    /// Where the user wrote the mapping that a mapping of an object came from: the one that all of its values stand in.
    fn mapping(&self, value: &Value) -> Option<Anchor> {
        let ValueKind::Map(map) = &value.kind else { return value.origin.anchor() };
        if let Some(anchor) = value.origin.anchor() {
            return Some(anchor);
        }
        let parent = |origin: Origin| match origin {
            Origin::Source(source, node) => Some((source, self.tree.parent(node)?)),
            _ => None,
        };
        let mut parents =
            map.iter().map(|(_, value)| value.origin).filter(|origin| origin.anchor().is_some()).map(parent);
        let first = parents.next()??;
        parents.all(|other| other == Some(first)).then(|| Anchor::node(first.0, first.1))
    }

    fn in_machine_config(&self, place: &MachineConfigPlace) -> Option<Option<Found>> {
        let index = self.plan.groups.iter().position(|group| group.name.value == place.group)?;
        let named = self.part(index, &Path::parse(&place.path));
        let group = &self.plan.groups[index];
        Some(named.and_then(|part| part_at(group, self.plan, self.calls, &part.as_ref())))
    }

    /// What a path of an effective machine config is in. Items of lists are known by position, path or name.
    fn part(&self, group: usize, path: &Path) -> Option<NamedPart> {
        let mut stages = stages(self.plan, group).iter();
        let (_, effective) = stages.find_map(|(stage, _)| boot::forms(self.objects, self.plan, group, *stage))?;
        let config: serde_json::Value = serde_json::from_str(&effective).ok()?;
        let mut named: Option<NamedPart> = None;
        let mut value = &config;
        for segment in path.segments() {
            value = match (segment, value) {
                (Segment::Key(key), serde_json::Value::Array(items)) => {
                    items.iter().find(|item| name(item).is_some_and(|(_, name)| *name == **key))?
                }
                (Segment::Key(key), _) => {
                    if let Some(part) = named.as_mut().filter(|part| part.below.is_none()) {
                        part.below = Some(key.to_string());
                    }
                    match value.get(&**key) {
                        Some(value) => value,
                        None => break,
                    }
                }
                (Segment::Index(index), _) => value.get(*index)?,
            };
            if let Some((field, name)) = name(value) {
                named = Some(NamedPart { field, name: name.to_owned(), below: None });
            }
        }
        named
    }
}

/// A file, link, unit or drop-in, and the field of it that is meant.
struct NamedPart {
    field: &'static str,
    name: String,
    below: Option<String>,
}

impl NamedPart {
    fn as_ref(&self) -> Part<'_> {
        Part { field: self.field, name: &self.name, below: self.below.as_deref() }
    }
}

fn name(value: &serde_json::Value) -> Option<(&'static str, &str)> {
    ["path", "name"].into_iter().find_map(|field| Some((field, value.get(field)?.as_str()?)))
}

pub(super) fn is_meant(object: &Object, reference: &ObjectReference) -> bool {
    object.kind() == reference.kind && object.name() == reference.name
}
