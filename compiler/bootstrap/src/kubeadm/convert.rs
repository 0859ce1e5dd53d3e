//! v1beta1 → v1beta2, as the provider's conversion webhook does it to a decoded `KubeadmConfigSpec`.
//!
//! Source: cluster-api `api/bootstrap/kubeadm/v1beta1/conversion.go`, without a conversion-data annotation.

use flatwright_go::duration;
use serde_json::{Map, Value, json};

const MOST_SECONDS: i64 = i32::MAX as i64;

/// Converts a decoded v1beta1 spec.
pub fn from_v1beta1(spec: &Value) -> Value {
    let mut spec = spec.as_object().cloned().unwrap_or_default();
    spec.remove("useExperimentalRetryJoin");
    let mut init_timeout = None;
    if let Some(cluster) = object(&mut spec, "clusterConfiguration") {
        init_timeout = cluster_configuration(cluster);
        if cluster.is_empty() {
            spec.remove("clusterConfiguration");
        }
    }
    let mut tls_bootstrap = None;
    if let Some(join) = object(&mut spec, "joinConfiguration") {
        forget(join, &["kind", "apiVersion"]);
        registration(join);
        if let Some(discovery) = object(join, "discovery") {
            tls_bootstrap = seconds(discovery.remove("timeout").as_ref());
            if let Some(token) = object(discovery, "bootstrapToken") {
                drop_false(token, "unsafeSkipCAVerification");
            }
        }
    }
    if let Some(init) = object(&mut spec, "initConfiguration") {
        forget(init, &["kind", "apiVersion"]);
        registration(init);
        for token in items(init, "bootstrapTokens") {
            if let Some(ttl) = seconds(token.remove("ttl").as_ref()) {
                token.insert("ttlSeconds".into(), ttl.into());
            }
        }
    }
    // The time-out of the API server moved: it now counts for `init` and for `join` of control planes.
    set_timeout(&mut spec, "initConfiguration", "controlPlaneComponentHealthCheckSeconds", init_timeout);
    set_timeout(&mut spec, "joinConfiguration", "controlPlaneComponentHealthCheckSeconds", init_timeout);
    set_timeout(&mut spec, "joinConfiguration", "tlsBootstrapSeconds", tls_bootstrap);
    for file in items(&mut spec, "files") {
        drop_false(file, "append");
    }
    if let Some(ignition) = object(&mut spec, "ignition")
        && let Some(config) = object(ignition, "containerLinuxConfig")
    {
        drop_false(config, "strict");
    }
    Value::Object(spec)
}

fn cluster_configuration(cluster: &mut Map<String, Value>) -> Option<i64> {
    forget(cluster, &["kind", "apiVersion", "networking", "kubernetesVersion", "clusterName"]);
    let mut timeout = None;
    for name in ["apiServer", "controllerManager", "scheduler"] {
        if let Some(component) = object(cluster, name) {
            arguments(component, "extraArgs");
            timeout = seconds(component.remove("timeoutForControlPlane").as_ref()).or(timeout);
            for volume in items(component, "extraVolumes") {
                drop_false(volume, "readOnly");
            }
        }
    }
    if let Some(etcd) = object(cluster, "etcd")
        && let Some(local) = object(etcd, "local")
    {
        arguments(local, "extraArgs");
    }
    timeout
}

fn registration(configuration: &mut Map<String, Value>) {
    if let Some(registration) = object(configuration, "nodeRegistration") {
        arguments(registration, "kubeletExtraArgs");
    }
}

/// A map of arguments becomes a list sorted by name.
fn arguments(component: &mut Map<String, Value>, field: &str) {
    if let Some(Value::Object(map)) = component.get(field) {
        let mut entries: Vec<_> = map.iter().collect();
        entries.sort_by_key(|(name, _)| *name);
        let list = entries.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        component.insert(field.to_owned(), Value::Array(list));
    }
}

fn set_timeout(spec: &mut Map<String, Value>, configuration: &str, field: &str, seconds: Option<i64>) {
    let Some(seconds) = seconds else { return };
    if let Value::Object(configuration) = spec.entry(configuration).or_insert_with(|| json!({}))
        && let Value::Object(timeouts) = configuration.entry("timeouts").or_insert_with(|| json!({}))
    {
        timeouts.insert(field.to_owned(), seconds.into());
    }
}

/// Whole seconds, which v1beta2 keeps in 32 bits.
fn seconds(value: Option<&Value>) -> Option<i64> {
    duration::seconds(value?.as_str()?).map(|seconds| seconds.clamp(-MOST_SECONDS, MOST_SECONDS))
}

fn forget(map: &mut Map<String, Value>, fields: &[&str]) {
    for field in fields {
        map.shift_remove(*field);
    }
}

/// A plain bool of v1beta1 that is false says nothing; v1beta2 has it unset.
fn drop_false(map: &mut Map<String, Value>, field: &str) {
    if map.get(field) == Some(&Value::Bool(false)) {
        map.shift_remove(field);
    }
}

fn object<'m>(map: &'m mut Map<String, Value>, field: &str) -> Option<&'m mut Map<String, Value>> {
    map.get_mut(field)?.as_object_mut()
}

fn items<'m>(map: &'m mut Map<String, Value>, field: &str) -> impl Iterator<Item = &'m mut Map<String, Value>> {
    map.get_mut(field).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_sorted_and_timeouts_move() {
        let spec = json!({
            "clusterConfiguration": {"clusterName": "x", "apiServer": {"extraArgs": {"z": "1", "a": "2"}, "timeoutForControlPlane": "2m"}},
            "joinConfiguration": {"discovery": {"timeout": "7m"}},
            "files": [{"path": "/a", "append": false}],
        });
        assert_eq!(
            from_v1beta1(&spec),
            json!({
                "clusterConfiguration": {"apiServer": {"extraArgs": [{"name": "a", "value": "2"}, {"name": "z", "value": "1"}]}},
                "joinConfiguration": {
                    "discovery": {},
                    "timeouts": {"controlPlaneComponentHealthCheckSeconds": 120, "tlsBootstrapSeconds": 420}
                },
                "files": [{"path": "/a"}],
                "initConfiguration": {"timeouts": {"controlPlaneComponentHealthCheckSeconds": 120}},
            })
        );
    }
}
