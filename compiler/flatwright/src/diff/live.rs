//! What a management cluster shows of an object and nobody wrote: the status, bookkeeping of the server.
//!
//! Owns: which fields these are. What was last applied, where the object says it, stands for the object.

use serde_json::Value as Json;

/// Where `kubectl apply` keeps what was applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Metadata that people and tools write.
const WRITTEN: &[&str] = &["name", "namespace", "labels", "annotations"];

/// Annotations that controllers write.
const CONTROLLERS: &[&str] = &["machinedeployment.clusters.x-k8s.io/", "controlplane.cluster.x-k8s.io/", LAST_APPLIED];

pub(super) fn strip(object: &mut Json) {
    let applied = object
        .get("metadata")
        .and_then(|metadata| metadata.get("annotations")?.get(LAST_APPLIED)?.as_str())
        .and_then(|text| serde_json::from_str::<Json>(text).ok())
        .filter(|applied| applied.get("kind") == object.get("kind") && applied.get("metadata").is_some());
    if let Some(applied) = applied {
        *object = applied;
    }
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
        let mut object = json!({"kind": "Cluster", "status": {"phase": "x"}, "spec": {"a": 1},
            "metadata": {"name": "n", "uid": "1", "managedFields": [], "annotations": {LAST_APPLIED: "no JSON", "mine": "1"}}});
        strip(&mut object);
        assert_eq!(
            object,
            json!({"kind": "Cluster", "spec": {"a": 1}, "metadata": {"name": "n", "annotations": {"mine": "1"}}})
        );
        let applied = json!({"kind": "Cluster", "metadata": {"name": "n"}, "spec": {"a": 2}});
        let mut object = json!({"kind": "Cluster", "spec": {"a": 2, "filledIn": true},
            "metadata": {"name": "n", "annotations": {LAST_APPLIED: applied.to_string()}}});
        strip(&mut object);
        assert_eq!(object, applied);
    }
}
