//! What a hook is told about the cluster: `interface cluster`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

/// A name and its value. Names are unique in a list; the order is kept.
pub type Pair = (String, String);

/// Which of the two ways of building a Flatcar node the spec chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Flavor {
    /// Stock Flatcar with Kubernetes as a system extension.
    #[component(name = "flatcar-sysext")]
    FlatcarSysext,
    /// An image with Kubernetes baked in.
    #[component(name = "flatcar")]
    Flatcar,
    /// A flavor that this version does not have.
    #[component(name = "other")]
    Other(String),
}

/// The Cluster API contract that the objects are emitted in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Contract {
    /// `v1beta1`.
    #[component(name = "v1beta1")]
    V1beta1,
    /// `v1beta2`.
    #[component(name = "v1beta2")]
    V1beta2,
    /// A contract that this version does not have.
    #[component(name = "other")]
    Other(String),
}

/// What the machines of a node group are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Role {
    /// Control plane nodes.
    #[component(name = "control-plane")]
    ControlPlane,
    /// Workers.
    #[component(name = "worker")]
    Worker,
    /// A role that this version does not have.
    #[component(name = "other")]
    Other(String),
}

/// The machines' processor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Architecture {
    /// `amd64`, called `x86-64` in names of system extensions.
    #[component(name = "amd64")]
    Amd64,
    /// `arm64`.
    #[component(name = "arm64")]
    Arm64,
    /// An architecture that this version does not have.
    #[component(name = "other")]
    Other(String),
}

/// A Flatcar release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct FlatcarRelease {
    /// `stable`, `beta`, `alpha` or an LTS channel such as `lts2024`.
    pub channel: String,
    /// Such as `4593.2.5`; `none` if the spec leaves it to the image.
    pub version: Option<String>,
}

/// One set of equal machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct NodeGroup {
    /// Position in `context.groups`, from 0; the control plane is first. Use it to stagger schedules.
    pub index: u32,
    /// The control plane's or the pool's name in the spec.
    pub name: String,
    /// What the machines are.
    pub role: Role,
    /// Their processor.
    pub architecture: Architecture,
    /// How many machines; `none` where an autoscaler decides.
    pub replicas: Option<u32>,
    /// Azure's name of the shape, such as `Standard_D4s_v5`.
    #[component(name = "vm-size")]
    pub vm_size: String,
    /// The Kubernetes version of these nodes, such as `v1.34.2`.
    #[component(name = "kubernetes-version")]
    pub kubernetes_version: String,
    /// The Flatcar release of these nodes.
    #[serde(default)]
    pub flatcar: FlatcarRelease,
    /// Availability zones.
    #[serde(default)]
    pub zones: Vec<String>,
    /// Labels that the nodes get.
    #[serde(default)]
    pub labels: Vec<Pair>,
    /// Facts that this version has no field for.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// What holds for the whole cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct ClusterFacts {
    /// `metadata.name` of the spec.
    pub name: String,
    /// `metadata.namespace` of the spec.
    pub namespace: String,
    /// The Kubernetes version of the control plane, such as `v1.34.2`.
    #[component(name = "kubernetes-version")]
    pub kubernetes_version: String,
    /// Azure's region, such as `westeurope`.
    pub location: String,
    /// The resource group the cluster is made in.
    #[component(name = "resource-group")]
    pub resource_group: String,
    /// Ranges of pod addresses.
    #[component(name = "pod-networks")]
    #[serde(default)]
    pub pod_networks: Vec<String>,
    /// Ranges of service addresses.
    #[component(name = "service-networks")]
    #[serde(default)]
    pub service_networks: Vec<String>,
    /// Labels of the cluster in the spec.
    #[serde(default)]
    pub labels: Vec<Pair>,
    /// Facts that this version has no field for.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// What the value of this call belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Target {
    /// The whole cluster.
    #[component(name = "cluster")]
    Cluster,
    /// One node group, by its index in `context.groups`.
    #[component(name = "group")]
    Group(u32),
    /// A target that this version does not have.
    #[component(name = "other")]
    Other(String),
}

/// Everything a hook may know besides the value itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Context {
    /// The spec's flavor.
    pub flavor: Flavor,
    /// The contract of the output.
    pub contract: Contract,
    /// What holds for the whole cluster.
    pub cluster: ClusterFacts,
    /// All node groups, also those that the plugin's `match` leaves out.
    #[serde(default)]
    pub groups: Vec<NodeGroup>,
    /// What the value of this call belongs to.
    pub target: Target,
    /// The plugin's settings in the spec as JSON text; `{}` if there are none.
    pub settings: String,
}

impl Context {
    /// `cluster`, or the name of the node group that the value belongs to.
    pub fn target_name(&self) -> &str {
        let index = match self.target {
            Target::Group(index) => usize::try_from(index).ok(),
            Target::Cluster | Target::Other(_) => None,
        };
        index.and_then(|index| self.groups.get(index)).map_or("cluster", |group| &group.name)
    }
}
