//! The three kubeadm documents, from a v1beta2 spec, in the API version of the machine's Kubernetes.
//!
//! Which fields exist, which are written though empty, and what has moved between the versions follows the struct tags and conversions of cluster-api
//! `bootstrap/kubeadm/types/upstreamv1beta{3,4}`.

use flatwright_go::duration;
use flatwright_go::yaml2;
use serde_json::{Map, Value, json};

use super::version::KubeadmApi;

/// What the provider takes from the Cluster and the Machine, and writes into the ClusterConfiguration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterFacts {
    /// The Cluster's name.
    pub name: String,
    /// The Machine's version, as written.
    pub kubernetes_version: String,
    /// `spec.clusterNetwork.serviceDomain`.
    pub dns_domain: String,
    /// `spec.clusterNetwork.services.cidrBlocks`, joined by commas.
    pub service_subnet: String,
    /// `spec.clusterNetwork.pods.cidrBlocks`, joined by commas.
    pub pod_subnet: String,
    /// `host:port` of the control plane.
    pub control_plane_endpoint: String,
}

/// The ClusterConfiguration document of `spec`.
pub fn cluster_configuration(spec: &Value, facts: &ClusterFacts, api: KubeadmApi) -> String {
    let is_v4 = api == KubeadmApi::V1Beta4;
    let source = Fields(&spec["clusterConfiguration"]);
    let mut document = document("ClusterConfiguration", api);
    let mut api_server = component(source.at("apiServer"), api);
    source.at("apiServer").copy(&["certSANs"], &mut api_server);
    let timeouts = &spec["initConfiguration"]["timeouts"];
    if !is_v4 && let Some(seconds) = timeouts["controlPlaneComponentHealthCheckSeconds"].as_i64() {
        api_server.insert("timeoutForControlPlane".into(), duration::of_seconds(seconds).into());
    }
    document.insert("apiServer".into(), api_server.into());
    document.insert("controllerManager".into(), component(source.at("controllerManager"), api).into());
    document.insert("scheduler".into(), component(source.at("scheduler"), api).into());
    document.insert("dns".into(), source.at("dns").picked(&["imageRepository", "imageTag"]).into());
    document.insert("etcd".into(), etcd(source.at("etcd"), api).into());
    source.copy(&["certificatesDir", "controlPlaneEndpoint", "featureGates", "imageRepository"], &mut document);
    if !document.contains_key("controlPlaneEndpoint") {
        insert_text(&mut document, "controlPlaneEndpoint", &facts.control_plane_endpoint);
    }
    if is_v4 {
        document.insert("proxy".into(), json!({}));
        source.copy(&["encryptionAlgorithm"], &mut document);
        for (from, to) in [
            ("certificateValidityPeriodDays", "certificateValidityPeriod"),
            ("caCertificateValidityPeriodDays", "caCertificateValidityPeriod"),
        ] {
            if let Some(days) = source.0[from].as_i64().filter(|days| *days != 0) {
                document.insert(to.into(), duration::of_seconds(days * 86_400).into());
            }
        }
    }
    insert_text(&mut document, "clusterName", &facts.name);
    insert_text(&mut document, "kubernetesVersion", &facts.kubernetes_version);
    let mut networking = Map::new();
    insert_text(&mut networking, "dnsDomain", &facts.dns_domain);
    insert_text(&mut networking, "serviceSubnet", &facts.service_subnet);
    insert_text(&mut networking, "podSubnet", &facts.pod_subnet);
    document.insert("networking".into(), networking.into());
    yaml2::marshal(&document.into())
}

/// The InitConfiguration document of `spec`.
pub fn init_configuration(spec: &Value, api: KubeadmApi) -> String {
    let source = Fields(&spec["initConfiguration"]);
    let mut document = document("InitConfiguration", api);
    let tokens = source.list("bootstrapTokens").map(|token| {
        let mut out = token.picked(&["description", "expires", "groups", "usages"]);
        out.insert("token".into(), token.0["token"].as_str().filter(|token| !token.is_empty()).into());
        if let Some(seconds) = token.0["ttlSeconds"].as_i64() {
            out.insert("ttl".into(), duration::of_seconds(seconds).into());
        }
        Value::Object(out)
    });
    let tokens: Vec<Value> = tokens.collect();
    if !tokens.is_empty() {
        document.insert("bootstrapTokens".into(), tokens.into());
    }
    document.insert("nodeRegistration".into(), registration(source.at("nodeRegistration"), api).into());
    document.insert("localAPIEndpoint".into(), endpoint(source.at("localAPIEndpoint")).into());
    phases_patches_timeouts(source, api, &mut document);
    yaml2::marshal(&document.into())
}

/// The JoinConfiguration document of `spec`, whose discovery and control plane the caller has completed.
pub fn join_configuration(spec: &Value, api: KubeadmApi) -> String {
    let source = Fields(&spec["joinConfiguration"]);
    let mut document = document("JoinConfiguration", api);
    source.copy(&["caCertPath"], &mut document);
    if let Value::Object(_) = source.0["controlPlane"] {
        let endpoint = endpoint(source.at("controlPlane").at("localAPIEndpoint"));
        document.insert("controlPlane".into(), json!({"localAPIEndpoint": endpoint}));
    }
    let mut discovery = source.at("discovery").picked(&["tlsBootstrapToken"]);
    let token = source.at("discovery").at("bootstrapToken");
    if is_defined(token.0) {
        let mut out = token.picked(&["apiServerEndpoint", "caCertHashes", "unsafeSkipCAVerification"]);
        out.insert("token".into(), token.text("token").into());
        discovery.insert("bootstrapToken".into(), out.into());
    }
    let file = source.at("discovery").at("file");
    if is_defined(file.0) {
        discovery.insert("file".into(), json!({"kubeConfigPath": file.text("kubeConfigPath")}));
    }
    if api == KubeadmApi::V1Beta3
        && let Some(seconds) = source.0["timeouts"]["tlsBootstrapSeconds"].as_i64()
    {
        discovery.insert("timeout".into(), duration::of_seconds(seconds).into());
    }
    document.insert("discovery".into(), discovery.into());
    document.insert("nodeRegistration".into(), registration(source.at("nodeRegistration"), api).into());
    phases_patches_timeouts(source, api, &mut document);
    yaml2::marshal(&document.into())
}

/// A struct of the source, read with Go's `omitempty` in mind.
#[derive(Clone, Copy)]
struct Fields<'v>(&'v Value);

impl<'v> Fields<'v> {
    fn at(self, field: &str) -> Self {
        Self(&self.0[field])
    }

    fn text(self, field: &str) -> &'v str {
        self.0[field].as_str().unwrap_or_default()
    }

    fn list(self, field: &str) -> impl Iterator<Item = Self> {
        self.0[field].as_array().into_iter().flatten().map(Self)
    }

    /// Copies the fields that are not empty.
    fn copy(self, fields: &[&str], into: &mut Map<String, Value>) {
        for field in fields {
            let value = &self.0[*field];
            if !is_empty(value) {
                into.insert((*field).to_owned(), value.clone());
            }
        }
    }

    fn picked(self, fields: &[&str]) -> Map<String, Value> {
        let mut map = Map::new();
        self.copy(fields, &mut map);
        map
    }
}

/// Whether a struct differs from Go's zero value. A list that is empty but given, and a bool that is false but given, do.
pub(crate) fn is_defined(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Object(map) => map.values().any(is_defined),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => true,
    }
}

/// Go's `omitempty`: the zero value of its kind.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

fn document(kind: &str, api: KubeadmApi) -> Map<String, Value> {
    [("apiVersion".to_owned(), api.name().into()), ("kind".to_owned(), kind.into())].into_iter().collect()
}

fn insert_text(map: &mut Map<String, Value>, field: &str, text: &str) {
    if !text.is_empty() {
        map.insert(field.to_owned(), text.into());
    }
}

fn component(source: Fields<'_>, api: KubeadmApi) -> Map<String, Value> {
    let mut out = Map::new();
    arguments(source, "extraArgs", api, &mut out);
    environment(source, api, &mut out);
    let volumes = source.list("extraVolumes").map(|volume| {
        let mut out = volume.picked(&["readOnly", "pathType"]);
        for field in ["name", "hostPath", "mountPath"] {
            out.insert(field.to_owned(), volume.text(field).into());
        }
        Value::Object(out)
    });
    let volumes: Vec<Value> = volumes.collect();
    if !volumes.is_empty() {
        out.insert("extraVolumes".into(), volumes.into());
    }
    out
}

/// v1beta4 keeps the list as it is; in v1beta3 it is a map, where the last of equal names wins.
fn arguments(source: Fields<'_>, field: &str, api: KubeadmApi, into: &mut Map<String, Value>) {
    let pairs = source.list(field).map(|argument| (argument.text("name"), argument.text("value")));
    let value: Value = match api {
        KubeadmApi::V1Beta3 => Value::Object(pairs.map(|(name, value)| (name.to_owned(), value.into())).collect()),
        KubeadmApi::V1Beta4 => pairs.map(|(name, value)| json!({"name": name, "value": value})).collect(),
    };
    if !is_empty(&value) {
        into.insert(field.to_owned(), value);
    }
}

fn environment(source: Fields<'_>, api: KubeadmApi, into: &mut Map<String, Value>) {
    let variables = source.list("extraEnvs").map(|variable| {
        let mut out = variable.picked(&["value", "valueFrom"]);
        out.insert("name".into(), variable.text("name").into());
        Value::Object(out)
    });
    let variables: Vec<Value> = variables.collect();
    if api == KubeadmApi::V1Beta4 && !variables.is_empty() {
        into.insert("extraEnvs".into(), variables.into());
    }
}

fn etcd(source: Fields<'_>, api: KubeadmApi) -> Map<String, Value> {
    let mut out = Map::new();
    let local = source.at("local");
    if is_defined(local.0) {
        let mut map = local.picked(&["imageRepository", "imageTag", "serverCertSANs", "peerCertSANs"]);
        map.insert("dataDir".into(), local.text("dataDir").into());
        arguments(local, "extraArgs", api, &mut map);
        environment(local, api, &mut map);
        out.insert("local".into(), map.into());
    }
    let external = source.at("external");
    if is_defined(external.0) {
        let mut map = Map::new();
        map.insert("endpoints".into(), external.0["endpoints"].clone());
        for field in ["caFile", "certFile", "keyFile"] {
            map.insert(field.to_owned(), external.text(field).into());
        }
        out.insert("external".into(), map.into());
    }
    out
}

fn registration(source: Fields<'_>, api: KubeadmApi) -> Map<String, Value> {
    let mut out = source.picked(&["name", "criSocket", "ignorePreflightErrors", "imagePullPolicy"]);
    arguments(source, "kubeletExtraArgs", api, &mut out);
    if api == KubeadmApi::V1Beta4
        && let Some(is_serial) = source.0["imagePullSerial"].as_bool()
    {
        out.insert("imagePullSerial".into(), is_serial.into());
    }
    // No taints at all are not the same as an empty list: kubeadm then taints control planes by itself.
    let taints = source.0["taints"].as_array().map(|taints| {
        let taint = |taint| {
            let mut out = Fields(taint).picked(&["value", "timeAdded"]);
            out.insert("key".into(), Fields(taint).text("key").into());
            out.insert("effect".into(), Fields(taint).text("effect").into());
            Value::Object(out)
        };
        taints.iter().map(taint).collect::<Vec<_>>()
    });
    out.insert("taints".into(), taints.into());
    out
}

fn endpoint(source: Fields<'_>) -> Map<String, Value> {
    source.picked(&["advertiseAddress", "bindPort"])
}

fn phases_patches_timeouts(source: Fields<'_>, api: KubeadmApi, document: &mut Map<String, Value>) {
    source.copy(&["skipPhases"], document);
    let patches = source.at("patches").picked(&["directory"]);
    if !patches.is_empty() {
        document.insert("patches".into(), patches.into());
    }
    let mut timeouts = Map::new();
    for name in [
        "controlPlaneComponentHealthCheck",
        "kubeletHealthCheck",
        "kubernetesAPICall",
        "etcdAPICall",
        "tlsBootstrap",
        "discovery",
    ] {
        if let Some(seconds) = source.0["timeouts"][format!("{name}Seconds")].as_i64() {
            timeouts.insert(name.to_owned(), duration::of_seconds(seconds).into());
        }
    }
    if api == KubeadmApi::V1Beta4 && !timeouts.is_empty() {
        document.insert("timeouts".into(), timeouts.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_spec_still_writes_what_is_always_there() {
        let text = cluster_configuration(&json!({}), &ClusterFacts::default(), KubeadmApi::V1Beta3);
        let always = "apiServer: {}\napiVersion: kubeadm.k8s.io/v1beta3\ncontrollerManager: {}\ndns: {}\netcd: {}\nkind: ClusterConfiguration\nnetworking: {}\nscheduler: {}\n";
        assert_eq!(text, always);
        let text = join_configuration(
            &json!({"joinConfiguration": {"nodeRegistration": {"taints": []}}}),
            KubeadmApi::V1Beta4,
        );
        assert_eq!(
            text,
            "apiVersion: kubeadm.k8s.io/v1beta4\ndiscovery: {}\nkind: JoinConfiguration\nnodeRegistration:\n  taints: []\n"
        );
    }

    #[test]
    fn arguments_are_a_list_or_a_map_where_the_last_wins() {
        let spec = json!({"initConfiguration": {"nodeRegistration": {"kubeletExtraArgs": [
            {"name": "v", "value": "2"}, {"name": "a"}, {"name": "v", "value": "3"}]}}});
        let old = init_configuration(&spec, KubeadmApi::V1Beta3);
        assert!(old.contains("  kubeletExtraArgs:\n    a: \"\"\n    v: \"3\"\n"), "{old}");
        let new = init_configuration(&spec, KubeadmApi::V1Beta4);
        assert!(
            new.contains(
                "  - name: v\n    value: \"2\"\n  - name: a\n    value: \"\"\n  - name: v\n    value: \"3\"\n"
            ),
            "{new}"
        );
    }

    #[test]
    fn validity_periods_and_tokens() {
        let spec = json!({"clusterConfiguration": {"certificateValidityPeriodDays": 10}, "initConfiguration": {"bootstrapTokens": [{"ttlSeconds": 0}]}});
        let text = cluster_configuration(&spec, &ClusterFacts::default(), KubeadmApi::V1Beta4);
        assert!(text.contains("certificateValidityPeriod: 240h0m0s\n"), "{text}");
        let text = init_configuration(&spec, KubeadmApi::V1Beta4);
        assert!(text.contains("bootstrapTokens:\n- token: null\n  ttl: 0s\n"), "{text}");
    }
}
