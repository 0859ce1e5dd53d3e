//! What kubeadm is told: `interface kubeadm-types`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::cluster::Pair;
use super::findings::PluginDiagnostic;

/// A command-line argument without leading dashes. Names are unique per program; the order is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Argument {
    /// Such as `audit-log-maxage`.
    pub name: String,
    /// Always a string: `"30"`.
    pub value: String,
}

/// A path of the node that a static pod can see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct HostVolume {
    /// The volume's name.
    pub name: String,
    /// The path on the node.
    #[component(name = "host-path")]
    pub host_path: String,
    /// The path in the pod.
    #[component(name = "mount-path")]
    pub mount_path: String,
    /// Whether the pod may only read.
    #[component(name = "read-only")]
    #[serde(default)]
    pub read_only: bool,
    /// Kubernetes' type of host path, such as `File` or `DirectoryOrCreate`.
    #[component(name = "path-type")]
    pub path_type: Option<String>,
}

/// A program of the control plane that kubeadm starts as a static pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct StaticPod {
    /// Its extra arguments.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// Its extra volumes.
    #[serde(default)]
    pub volumes: Vec<HostVolume>,
    /// Always empty, and refused otherwise: a later version may have settings that this one has no field for.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// The etcd that kubeadm runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Etcd {
    /// Its extra arguments.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// Always empty, and refused otherwise: a later version may have settings that this one has no field for.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// A kubeadm feature gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct FeatureGate {
    /// Its name.
    pub name: String,
    /// Whether it is on.
    #[serde(default)]
    pub enabled: bool,
}

/// Settings of the control plane as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct ControlPlaneSettings {
    /// kube-apiserver.
    #[component(name = "api-server")]
    #[serde(default)]
    pub api_server: StaticPod,
    /// kube-controller-manager.
    #[component(name = "controller-manager")]
    #[serde(default)]
    pub controller_manager: StaticPod,
    /// kube-scheduler.
    #[serde(default)]
    pub scheduler: StaticPod,
    /// etcd; `none` if it runs elsewhere.
    pub etcd: Option<Etcd>,
    /// kubeadm's own feature gates. Those of the programs are arguments (`feature-gates`).
    #[component(name = "feature-gates")]
    #[serde(default)]
    pub feature_gates: Vec<FeatureGate>,
    /// Always empty, and refused otherwise: a later version may have settings that this one has no field for.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// A key of a Secret in the management cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct SecretKey {
    /// The Secret's name.
    pub name: String,
    /// The key in it.
    pub key: String,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum FileContent {
    /// Text.
    #[component(name = "text")]
    Text(String),
    /// Bytes that are not UTF-8.
    #[component(name = "bytes")]
    Bytes(Vec<u8>),
    /// The value of a key of a Secret, resolved by the bootstrap provider.
    #[component(name = "secret")]
    Secret(SecretKey),
    /// A kind of content that this version does not have. Return it as it is.
    #[component(name = "other")]
    Other(String),
}

/// A file that the bootstrap provider writes before kubeadm runs. Known by its path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct File {
    /// The absolute path.
    pub path: String,
    /// What it holds.
    pub content: FileContent,
    /// `user:group`.
    pub owner: Option<String>,
    /// The mode in octal, such as `0600`.
    pub permissions: Option<String>,
    /// Always `false`, and refused otherwise: with Ignition, files are written whole.
    #[serde(default)]
    pub append: bool,
}

/// What a taint does to pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum TaintEffect {
    /// `NoSchedule`.
    #[component(name = "no-schedule")]
    NoSchedule,
    /// `PreferNoSchedule`.
    #[component(name = "prefer-no-schedule")]
    PreferNoSchedule,
    /// `NoExecute`.
    #[component(name = "no-execute")]
    NoExecute,
    /// An effect that this version does not have.
    #[component(name = "other")]
    Other(String),
}

/// A taint of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: Option<String>,
    /// What it does.
    pub effect: TaintEffect,
}

/// How a node registers itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Registration {
    /// The node's name; may hold the instance-data template that the provider fills in.
    pub name: Option<String>,
    /// Taints; `none` keeps kubeadm's own, an empty list means no taint at all.
    pub taints: Option<Vec<Taint>>,
    /// Labels that the kubelet registers with.
    #[serde(default)]
    pub labels: Vec<Pair>,
    /// Always empty, and refused otherwise: a later version may have settings that this one has no field for.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// Settings of nodes: in the cluster-wide call what the node groups that `match` covers have in common, of one node group otherwise. The answer of the cluster-wide call is a
/// difference: a changed value changes every group, a new one is added where a group has none, and nothing is removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct NodeSettings {
    /// The kubelet's extra arguments.
    #[component(name = "kubelet-arguments")]
    #[serde(default)]
    pub kubelet_arguments: Vec<Argument>,
    /// Files written before kubeadm runs.
    #[serde(default)]
    pub files: Vec<File>,
    /// Shell commands run before kubeadm.
    #[component(name = "pre-commands")]
    #[serde(default)]
    pub pre_commands: Vec<String>,
    /// Shell commands run after kubeadm.
    #[component(name = "post-commands")]
    #[serde(default)]
    pub post_commands: Vec<String>,
    /// How the nodes register themselves.
    #[serde(default)]
    pub registration: Registration,
    /// Always empty, and refused otherwise: a later version may have settings that this one has no field for.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// What a call may change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct KubeadmSettings {
    /// The control plane as a whole: present in the cluster-wide call only. It cannot be added or removed.
    #[component(name = "control-plane")]
    pub control_plane: Option<ControlPlaneSettings>,
    /// The nodes.
    #[serde(default)]
    pub node: NodeSettings,
}

/// The answer: the settings as they should be, and what the user should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct CustomizedKubeadm {
    /// The settings; return them unchanged to leave them as they are.
    pub settings: KubeadmSettings,
    /// Notes and warnings.
    #[serde(default)]
    pub findings: Vec<PluginDiagnostic>,
}
