//! From a cluster's objects to the input of one machine's rendering.
//!
//! Owns: which objects a stage reads ([`Objects`]), what the control-plane controller changes before it makes a KubeadmConfig, what the bootstrap
//! provider fills in. Must not: write kubeadm's documents or the template; it hands them their input.
//! Source: cluster-api `controlplane/kubeadm/internal/desiredstate`, `bootstrap/kubeadm/internal/controllers`.

mod discovery;
mod files;
mod objects;

use std::fmt;

use flatwright_diagnostic::Path;
use flatwright_ignition::Entry;
use flatwright_kubernetes::Version;
use serde_json::{Value, json};

pub use objects::Objects;

use crate::input::Input;
use crate::kubeadm::{ClusterFacts, KubeadmApi, cluster_configuration, init_configuration, join_configuration};
use crate::placeholders::{Pki, SecretUse};
use crate::rules::Refused;

/// What a machine does when it boots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The first control plane.
    Init,
    /// Another control plane.
    JoinControlPlane,
    /// A worker.
    JoinWorker,
}

/// Facts that the management cluster has at run time.
#[derive(Clone, Copy)]
pub struct Environment<'e> {
    /// Host and port of the control plane's endpoint; an empty host is none.
    pub endpoint: (&'e str, u16),
    /// The bootstrap token the provider makes.
    pub token: &'e str,
    /// Hashes of the cluster's CA.
    pub ca_cert_hashes: &'e [String],
    /// The keys and certificates.
    pub pki: &'e Pki,
    /// The value of a Secret by what it is for, its name and its key; `None` if there is none. [`crate::placeholders::secret`] has one for any.
    pub secret: &'e dyn Fn(SecretUse, &str, &str) -> Option<String>,
}

/// Why the provider would not make bootstrap data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What it refuses; `Display` gives the provider's words.
    pub rule: Box<Refused>,
    /// The object's kind and the place in it, where one is to blame.
    pub place: Option<(&'static str, Path)>,
    /// The names that exist, for an unknown field.
    pub known: Vec<&'static str>,
    /// What the transpiler reports about the user's config, if that is why. Positions are those of the text in the object.
    pub entries: Vec<Entry>,
}

impl Failure {
    /// A failure without a place.
    pub fn new(rule: Refused) -> Self {
        Self { rule: Box::new(rule), place: None, known: Vec::new(), entries: Vec::new() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.fmt(f)
    }
}

impl Environment<'_> {
    fn endpoint_text(&self) -> Option<String> {
        let (host, port) = self.endpoint;
        let is_valid = !host.is_empty() && port != 0;
        is_valid.then(|| if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
    }
}

/// The input of one machine's rendering.
///
/// # Errors
/// The first thing for which the API or the provider would refuse the objects.
pub fn input(objects: &Objects<'_>, role: Role, environment: &Environment<'_>) -> Result<Input, Failure> {
    let (mut spec, version) = match role {
        Role::Init | Role::JoinControlPlane => objects.control_plane()?,
        Role::JoinWorker => objects.worker()?,
    };
    let parsed =
        Version::parse_tolerant(&version).ok_or_else(|| Failure::new(Refused::Version { version: version.clone() }))?;
    let api = KubeadmApi::of(&parsed).map_err(Failure::new)?;
    let kubeadm_config = match role {
        Role::Init => {
            default_feature_gates(&mut spec, &parsed);
            let facts = objects.facts(&version, environment.endpoint_text());
            let cluster = cluster_configuration(&spec, &facts, api);
            format!("{cluster}\n---\n{}", init_configuration(&spec, api))
        }
        Role::JoinControlPlane => {
            let join = &mut spec["joinConfiguration"];
            if join["controlPlane"].is_null() {
                join["controlPlane"] = json!({});
            }
            discovery::complete(join, environment)?;
            join_configuration(&spec, api)
        }
        Role::JoinWorker => {
            let join = &mut spec["joinConfiguration"];
            discovery::complete(join, environment)?;
            taint_uninitialized(join);
            let text = join_configuration(&spec, api);
            if !spec["joinConfiguration"]["controlPlane"].is_null() {
                return Err(Failure::new(Refused::ControlPlaneOfWorker));
            }
            text
        }
    };
    let verb = if role == Role::Init { "init" } else { "join" };
    let verbosity = spec["verbosity"].as_i64().map(|level| format!("--v {level}")).unwrap_or_default();
    let mut input = parts(&spec)?;
    input.kubeadm_command = format!("kubeadm {verb} --config /etc/kubeadm.yml {verbosity}");
    input.kubeadm_config = kubeadm_config;
    if role != Role::JoinWorker {
        input.write_files = environment.pki.files(&spec["clusterConfiguration"]);
    }
    input.write_files.extend(files::resolve(&spec, objects, environment)?);
    if role != Role::Init {
        input.write_files.extend(discovery::kubeconfig(&spec["joinConfiguration"]["discovery"]["file"]));
    }
    files::resolve_passwords(&spec, &mut input.users, objects, environment)?;
    Ok(input)
}

/// The parts of a decoded spec that go into the template as they are.
fn parts(spec: &Value) -> Result<Input, Failure> {
    let mut parts = json!({});
    for field in ["users", "mounts", "diskSetup", "preKubeadmCommands", "postKubeadmCommands"] {
        parts[field] = spec[field].clone();
    }
    let config = &spec["ignition"]["containerLinuxConfig"];
    parts["additionalConfig"] = config["additionalConfig"].clone();
    parts["strict"] = config["strict"].clone();
    if spec["ntp"].as_object().is_some_and(|ntp| !ntp.is_empty()) {
        parts["ntp"] = spec["ntp"].clone();
    }
    serde_json::from_value(parts).map_err(|error| Failure::new(Refused::Part { words: error.to_string() }))
}

/// Kubernetes 1.31 to 1.35 have this gate, and the control-plane controller turns it on.
fn default_feature_gates(spec: &mut Value, version: &Version) {
    const GATE: &str = "ControlPlaneKubeletLocalMode";
    let gates = &mut spec["clusterConfiguration"]["featureGates"];
    if (1, 31) <= version.line() && version.line() < (1, 36) && gates[GATE].is_null() {
        gates[GATE] = true.into();
    }
}

/// Workers carry a taint until the controllers have seen their node.
fn taint_uninitialized(join: &mut Value) {
    let taint = json!({"key": "node.cluster.x-k8s.io/uninitialized", "effect": "NoSchedule"});
    let taints = &mut join["nodeRegistration"]["taints"];
    match taints.as_array_mut() {
        Some(taints) => {
            let is_same = |other: &Value| other["key"] == taint["key"] && other["effect"] == taint["effect"];
            if !taints.iter().any(is_same) {
                taints.push(taint);
            }
        }
        None => *taints = json!([taint]),
    }
}

impl Objects<'_> {
    fn facts(&self, version: &str, endpoint: Option<String>) -> ClusterFacts {
        let network = &self.cluster["spec"]["clusterNetwork"];
        let blocks = |field: &str| {
            let blocks = network[field]["cidrBlocks"].as_array().into_iter().flatten();
            blocks.filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        };
        ClusterFacts {
            name: self.cluster["metadata"]["name"].as_str().unwrap_or_default().to_owned(),
            kubernetes_version: version.to_owned(),
            dns_domain: network["serviceDomain"].as_str().unwrap_or_default().to_owned(),
            service_subnet: blocks("services"),
            pod_subnet: blocks("pods"),
            control_plane_endpoint: endpoint.unwrap_or_default(),
        }
    }
}
