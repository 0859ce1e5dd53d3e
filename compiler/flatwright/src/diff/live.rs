//! What a management cluster shows of an object and nobody wrote: the status, bookkeeping of the server.
//!
//! Owns: which fields these are. What was last applied, or who owns which field, stands for the object where it says so; only else may fields be the server's.

use serde_json::Value as Json;

/// Where `kubectl apply` keeps what was applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Metadata that people and tools write.
const WRITTEN: &[&str] = &["name", "namespace", "labels", "annotations"];

/// Annotations that controllers write.
const CONTROLLERS: &[&str] = &["machinedeployment.clusters.x-k8s.io/", "controlplane.cluster.x-k8s.io/", LAST_APPLIED];

/// Who writes what people want: tools that apply manifests, by the names under which they own fields. Server-side apply is known by its operation.
const WRITERS: &[&str] =
    &["kubectl", "kustomize-controller", "helm-controller", "helm", "argocd-", "flux", "before-first-apply"];

/// What people wrote of an object, as far as the object says it; and whether what a server filled in may stand among it.
pub(super) fn written(mut object: Json) -> (Json, bool) {
    let is_told = match last_applied(&object) {
        Some(applied) => {
            object = applied;
            true
        }
        None => match owned(&object) {
            Some(owned) => {
                object = owned;
                true
            }
            None => false,
        },
    };
    strip(&mut object);
    (object, !is_told)
}

fn last_applied(object: &Json) -> Option<Json> {
    let text = object.get("metadata")?.get("annotations")?.get(LAST_APPLIED)?.as_str()?;
    let applied: Json = serde_json::from_str(text).ok()?;
    (applied.get("kind") == object.get("kind") && applied.get("metadata").is_some()).then_some(applied)
}

/// The fields that writers own. Fields that are owned in another version of the kind than the one that is shown have other paths there: nothing is known then.
fn owned(object: &Json) -> Option<Json> {
    let entries = object.get("metadata")?.get("managedFields")?.as_array()?;
    let is_writers = |entry: &&Json| {
        let text = |key: &str| entry.get(key).and_then(Json::as_str).unwrap_or_default();
        let is_own = text("operation") == "Apply" || WRITERS.iter().any(|name| text("manager").starts_with(name));
        is_own && text("subresource").is_empty()
    };
    let mut fields: Option<Json> = None;
    for entry in entries.iter().filter(is_writers) {
        if entry.get("apiVersion") != object.get("apiVersion") {
            return None;
        }
        let own = entry.get("fieldsV1")?.clone();
        fields = Some(fields.map_or_else(|| own.clone(), |all| union(all, &own)));
    }
    let mut owned = restricted(object, &fields?)?;
    let map = owned.as_object_mut()?;
    for key in ["apiVersion", "kind"] {
        map.insert(key.to_owned(), object.get(key)?.clone());
    }
    let metadata = map.entry("metadata").or_insert_with(|| Json::Object(serde_json::Map::new())).as_object_mut()?;
    for key in ["name", "namespace"] {
        if let Some(value) = object.get("metadata").and_then(|metadata| metadata.get(key)) {
            metadata.insert(key.to_owned(), value.clone());
        }
    }
    Some(owned)
}

/// Fields of two owners. Who owns a value as a whole has no fields below it.
fn union(mut all: Json, more: &Json) -> Json {
    let (Some(map), Some(more)) = (all.as_object_mut(), more.as_object()) else { return all };
    if map.is_empty() || more.is_empty() {
        return Json::Object(serde_json::Map::new());
    }
    for (key, fields) in more {
        let joined = match map.remove(key) {
            Some(own) => union(own, fields),
            None => fields.clone(),
        };
        map.insert(key.clone(), joined);
    }
    all
}

/// The part of a value that `fieldsV1` names: `f:` keys, `k:` items by their keys, `v:` items by value, `i:` items by place.
fn restricted(value: &Json, fields: &Json) -> Option<Json> {
    let fields = fields.as_object()?;
    if fields.keys().all(|key| key == ".") && !fields.contains_key(".") {
        return Some(value.clone());
    }
    match value {
        Json::Object(map) => {
            let part = map
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), restricted(value, fields.get(&format!("f:{key}"))?)?)));
            Some(Json::Object(part.collect()))
        }
        Json::Array(items) => {
            let part = items.iter().enumerate().filter_map(|(index, item)| {
                let of_item = fields.iter().find(|(name, _)| names(name, item, index)).map(|(_, fields)| fields)?;
                restricted(item, of_item)
            });
            Some(Json::Array(part.collect()))
        }
        _ => Some(value.clone()),
    }
}

/// Whether a name in `fieldsV1` is this item's.
fn names(name: &str, item: &Json, index: usize) -> bool {
    let parsed = |text: &str| serde_json::from_str::<Json>(text).ok();
    match name.split_once(':') {
        Some(("k", keys)) => parsed(keys)
            .as_ref()
            .and_then(Json::as_object)
            .is_some_and(|keys| !keys.is_empty() && keys.iter().all(|(key, value)| item.get(key) == Some(value))),
        Some(("v", text)) => parsed(text).as_ref() == Some(item),
        Some(("i", number)) => number.parse() == Ok(index),
        _ => false,
    }
}

fn strip(object: &mut Json) {
    let Some(map) = object.as_object_mut() else { return };
    map.remove("status");
    let Some(metadata) = map.get_mut("metadata").and_then(Json::as_object_mut) else { return };
    metadata.retain(|key, _| WRITTEN.contains(&key.as_str()));
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Json::as_object_mut) {
        annotations.retain(|key, _| !CONTROLLERS.iter().any(|prefix| key.starts_with(prefix)));
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nobody_wrote_is_left_out() {
        let object = json!({"kind": "Cluster", "status": {"phase": "x"}, "spec": {"a": 1},
            "metadata": {"name": "n", "uid": "1", "managedFields": [], "annotations": {LAST_APPLIED: "no JSON", "mine": "1"}}});
        let (object, is_filled) = written(object);
        assert!(is_filled);
        assert_eq!(
            object,
            json!({"kind": "Cluster", "spec": {"a": 1}, "metadata": {"name": "n", "annotations": {"mine": "1"}}})
        );
        let applied = json!({"kind": "Cluster", "metadata": {"name": "n"}, "spec": {"a": 2}});
        let object = json!({"kind": "Cluster", "spec": {"a": 2, "filledIn": true},
            "metadata": {"name": "n", "annotations": {LAST_APPLIED: applied.to_string()}}});
        assert_eq!(written(object), (applied, false));
    }

    #[test]
    fn what_writers_own_is_what_was_written() {
        let fields = |manager: &str, operation: &str, version: &str, fields: Json| json!({"manager": manager, "operation": operation, "apiVersion": version, "fieldsV1": fields});
        let object = |managed: Json| {
            json!({"apiVersion": "g/v2", "kind": "K", "metadata": {"name": "n", "labels": {"a": "1", "b": "2"}, "managedFields": managed},
                "spec": {"mine": 1, "filled": 2, "list": [{"name": "x", "v": 1, "d": 2}, {"name": "y"}], "whole": {"a": 1}, "set": ["p", "q"]}})
        };
        let own = json!({"f:metadata": {"f:labels": {".": {}, "f:a": {}}}, "f:spec": {"f:mine": {}, "f:whole": {}, "f:set": {"v:\"p\"": {}}}});
        let more = json!({"f:spec": {"f:list": {"k:{\"name\":\"x\"}": {".": {}, "f:name": {}, "f:v": {}}}}});
        let managed = json!([
            fields("flatwright", "Apply", "g/v2", own.clone()),
            fields("kubectl-edit", "Update", "g/v2", more),
            fields("manager", "Update", "g/v2", json!({"f:spec": {"f:filled": {}}}))
        ]);
        let expected = json!({"apiVersion": "g/v2", "kind": "K", "metadata": {"name": "n", "labels": {"a": "1"}},
            "spec": {"mine": 1, "list": [{"name": "x", "v": 1}], "whole": {"a": 1}, "set": ["p"]}});
        assert_eq!(written(object(managed)), (expected, false));
        // Paths of another contract are not those of the object that is shown.
        let other = written(object(json!([fields("flatwright", "Apply", "g/v1", own)])));
        assert!(other.1 && other.0["spec"]["filled"] == 2);
        assert!(written(object(json!([fields("manager", "Update", "g/v2", json!({}))]))).1);
    }
}
