//! What a plugin tells the user: `interface findings`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    #[component(name = "note")]
    Note,
    /// Works, but will surprise.
    #[component(name = "warning")]
    Warning,
    /// Would fail, or is forbidden. The compile fails.
    #[component(name = "error")]
    Error,
}

/// A path below some root: keys separated by `.`, list positions as `[0]`, keys with other characters as `["a.b/c"]`. The empty path is the root. In the value
/// a hook got, keys are the field names of this package in kebab-case, and an item of a list with named items may be given by its name:
/// `node.files["/etc/motd"].permissions`. A path that leads nowhere is shortened to where it still leads somewhere.
pub type Path = String;

/// An emitted object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct ObjectReference {
    /// Such as `cluster.x-k8s.io/v1beta2`.
    #[component(name = "api-version")]
    pub api_version: String,
    /// Such as `MachineDeployment`.
    pub kind: String,
    /// The namespace, where the object has one.
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
}

/// A place in an emitted object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct ObjectPlace {
    /// Which object.
    pub object: ObjectReference,
    /// Where in it.
    pub path: Path,
}

/// A place in the effective machine config of a node group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct MachineConfigPlace {
    /// The node group's name.
    pub group: String,
    /// Where in the Ignition config.
    pub path: Path,
}

/// Where a finding points. The compiler turns it into file, line and column of what the user wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Place {
    /// The plugin's entry in the spec as a whole.
    #[component(name = "plugin")]
    Plugin,
    /// In the plugin's settings.
    #[component(name = "settings")]
    Settings(Path),
    /// In the value the hook got.
    #[component(name = "value")]
    Value(Path),
    /// In an emitted object (`policy`).
    #[component(name = "object")]
    Object(ObjectPlace),
    /// In an effective machine config (`policy`).
    #[component(name = "machine-config")]
    MachineConfig(MachineConfigPlace),
    /// A kind of place that this version does not have.
    #[component(name = "other")]
    Other(String),
}

/// One finding: a fact, its place, and what to type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct PluginDiagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A kebab-case code of the plugin's own, such as `offer-without-plan`; shown behind the plugin's name.
    pub code: Option<String>,
    /// The fact in one line: lower case, no full stop, values in backticks.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Background facts, one line each.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What to type, one line each.
    #[serde(default)]
    pub hints: Vec<String>,
    /// A page about this kind of finding.
    pub url: Option<String>,
}
