//! Objects → what the provider hands to a template: `.Cluster`, and `.ControlPlane` and `.InfraCluster` where the cluster refers to them.
//!
//! The provider sees the objects as they are in the management cluster. There, controllers and webhooks have filled in what a manifest leaves out, so only what the
//! manifest says is known, and only that a kind has no such field is known of the rest.

use std::collections::BTreeMap;
use std::rc::Rc;

use flatwright_go::template::{Field as Possible, Heap, Items, Reads, Shape, Stop, Value};
use serde_json::Value as Json;

use super::shape::Place;
use flatwright_kubernetes::is_placeholder;

/// The objects that one cluster's template gets. `None`: not among the manifests.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Given<'a> {
    pub(super) cluster: Option<&'a Json>,
    pub(super) control_plane: Referred<'a>,
    pub(super) infrastructure: Referred<'a>,
}

/// What a reference of the cluster leads to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Referred<'a> {
    /// The cluster has no such reference and will not get one.
    Nothing,
    /// An object that is not among the manifests.
    #[default]
    Elsewhere,
    /// This one.
    Object(&'a Json),
}

/// The names at the top.
pub(super) const TOP: &[&str] = &["Cluster", "ControlPlane", "InfraCluster"];

/// The top: nothing but these names.
#[derive(Debug)]
struct Top;

impl Shape for Top {
    fn field(&self, _: &str) -> Possible {
        Possible::Absent
    }

    fn item(&self) -> Option<Rc<dyn Shape>> {
        None
    }

    fn name(&self) -> &'static str {
        "."
    }
}

/// The value of `.`, as far as it is read.
pub(super) fn top(heap: &mut Heap, given: &Given<'_>, reads: &Reads) -> Result<Value, Stop> {
    let mut entries: BTreeMap<Rc<str>, Value> = BTreeMap::new();
    let cluster = given.cluster.map_or(Referred::Elsewhere, Referred::Object);
    let all = [cluster, given.control_plane, given.infrastructure];
    for (name, referred) in TOP.iter().zip(all) {
        let Some(reads) = reads.get(name) else { continue };
        let value = match referred {
            Referred::Nothing => continue,
            Referred::Elsewhere if *name == "Cluster" => absent(Place::of_kind("Cluster", ".Cluster")),
            Referred::Elsewhere => Value::unknown(),
            Referred::Object(json) => object(heap, json, &format!(".{name}"), reads)?,
        };
        entries.insert((*name).into(), value);
    }
    heap.map(false, entries, Some(Rc::new(Top)))
}

fn object(heap: &mut Heap, json: &Json, name: &str, reads: &Reads) -> Result<Value, Stop> {
    let kind = json.get("kind").and_then(Json::as_str).unwrap_or_default();
    match Place::of_kind(kind, name) {
        Some(place) => known(heap, json, Some(&place), reads),
        None => Ok(Value::unknown()),
    }
}

fn absent(place: Option<Place>) -> Value {
    Value::Unknown(place.map(|place| Rc::new(place) as Rc<dyn Shape>))
}

/// A value of the manifest, as far as it will be the same in the management cluster.
fn known(heap: &mut Heap, json: &Json, place: Option<&Place>, reads: &Reads) -> Result<Value, Stop> {
    heap.spend(1)?;
    let Some(place) = place.filter(|place| place.is_in_all()) else { return Ok(absent(place.cloned())) };
    Ok(match json {
        Json::Object(entries) => {
            let mut all = BTreeMap::new();
            for (key, value) in entries {
                let Some(reads) = reads.get(key) else { continue };
                // A field that no version has is pruned.
                if let Ok(inner) = place.step(key) {
                    all.insert(key.as_str().into(), known(heap, value, inner.as_ref(), reads)?);
                }
            }
            // The version that the provider asks for is its own.
            if let Some(version) = all.get_mut("apiVersion") {
                *version = Value::unknown();
            }
            heap.map(false, all, Some(Rc::new(place.clone())))?
        }
        Json::Array(items) if !items.is_empty() => {
            let inner = place.inside();
            let items = items.iter().map(|item| known(heap, item, inner.as_ref(), &Reads::All));
            let items = items.collect::<Result<_, _>>()?;
            heap.list(Items::Any, items)?
        }
        Json::Bool(true) => Value::Bool(true),
        Json::String(text) if !text.is_empty() && !is_placeholder(text) => Value::text(text),
        Json::Number(number) => match number.as_i64() {
            Some(0) => Value::unknown(),
            Some(whole) => Value::int64(whole),
            None => number.as_f64().map_or(Value::unknown(), Value::Float),
        },
        // What says nothing is what controllers fill in.
        _ => absent(Some(place.clone())),
    })
}
