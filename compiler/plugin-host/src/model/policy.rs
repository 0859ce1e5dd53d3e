//! The result of a compile as a policy sees it: `interface policy-types`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::findings::ObjectReference;

/// Which emitted objects a policy wants to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum ObjectInterest {
    /// None.
    #[component(name = "nothing")]
    Nothing,
    /// Those of these kinds, such as `AzureCluster`.
    #[component(name = "kinds")]
    Kinds(Vec<String>),
    /// All.
    #[component(name = "everything")]
    Everything,
}

/// A form in which a machine config exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum MachineConfigForm {
    /// The Container Linux Config that goes into `additionalConfig`.
    #[component(name = "source")]
    Source,
    /// Ignition 2.3 as the bootstrap provider renders it for the first control plane node or a joining node.
    #[component(name = "bootstrap")]
    Bootstrap,
    /// Ignition 3.1 as Flatcar translates the former: what the node obeys.
    #[component(name = "effective")]
    Effective,
    /// The stand-alone Ignition 3 config.
    #[component(name = "standalone")]
    Standalone,
}

/// What a policy wants to see. Ask for little: the rest is not copied into the plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Interests {
    /// Emitted objects.
    pub objects: ObjectInterest,
    /// Machine configs, in these forms, of every node group.
    #[component(name = "machine-configs")]
    #[serde(default)]
    pub machine_configs: Vec<MachineConfigForm>,
}

/// One emitted object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Object {
    /// What it is called.
    pub reference: ObjectReference,
    /// The node group it belongs to, by its index in `context.groups`.
    pub group: Option<u32>,
    /// The object as JSON text, keys in the order in which they are emitted.
    pub json: String,
}

/// One form of the machine config of a node group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct MachineConfig {
    /// The node group, by its index in `context.groups`.
    pub group: u32,
    /// Which form this is.
    pub form: MachineConfigForm,
    /// Whether this is the config of the first control plane node (`kubeadm init`). All others join.
    #[serde(default)]
    pub initializes: bool,
    /// The config: YAML text for `source`, JSON text otherwise.
    pub text: String,
}

/// What the policy asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Bundle {
    /// Objects in the order in which they are emitted.
    #[serde(default)]
    pub objects: Vec<Object>,
    /// Machine configs by group, then form.
    #[component(name = "machine-configs")]
    #[serde(default)]
    pub machine_configs: Vec<MachineConfig>,
}
