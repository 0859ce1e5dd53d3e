//! How the nodes of a group update themselves: `interface sysupdate-types`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::cluster::Pair;
use super::findings::PluginDiagnostic;

/// One `[Section]` of a systemd file. A key may occur more than once; the order counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Section {
    /// The name without brackets.
    pub name: String,
    /// `key=value` lines in order.
    #[serde(default)]
    pub entries: Vec<Pair>,
}

/// The text of a systemd file. The compiler asks with `sections` wherever the text can be split that way; an answer may be either. A file that comes back equal keeps
/// its text with comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Contents {
    /// Split into sections, without comments.
    #[component(name = "sections")]
    Sections(Vec<Section>),
    /// As it stands in the file.
    #[component(name = "text")]
    Text(String),
}

/// A drop-in of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct DropIn {
    /// The file name, such as `10-window.conf`.
    pub name: String,
    /// Its text.
    pub contents: Contents,
}

/// A systemd unit that has to do with updates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Unit {
    /// The unit's name, such as `systemd-sysupdate.service`.
    pub name: String,
    /// Whether it is enabled; `none` leaves that to the system's presets.
    pub enabled: Option<bool>,
    /// Whether it is masked.
    #[serde(default)]
    pub masked: bool,
    /// The unit's text; `none` if the unit is the system's own.
    pub contents: Option<Contents>,
    /// Its drop-ins.
    #[component(name = "drop-ins")]
    #[serde(default)]
    pub drop_ins: Vec<DropIn>,
}

/// When the update timer fires. Values are systemd's: calendar events and time spans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Schedule {
    /// `OnCalendar=`, each such as `Sun 03:00`.
    #[component(name = "on-calendar")]
    #[serde(default)]
    pub on_calendar: Vec<String>,
    /// `OnBootSec=`.
    #[component(name = "on-boot")]
    pub on_boot: Option<String>,
    /// `OnUnitActiveSec=`.
    #[component(name = "on-unit-active")]
    pub on_unit_active: Option<String>,
    /// `RandomizedDelaySec=`.
    #[component(name = "randomized-delay")]
    pub randomized_delay: Option<String>,
    /// `AccuracySec=`.
    pub accuracy: Option<String>,
    /// `Persistent=`.
    pub persistent: Option<bool>,
    /// Further `[Timer]` settings.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// A transfer file: what systemd-sysupdate fetches for one component. Known by component and file name together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Transfer {
    /// The component, as in `systemd-sysupdate -C <component>`; `none` for the host itself (`sysupdate.d`).
    pub component: Option<String>,
    /// The file name, such as `kubernetes-v1.34.transfer`. Its ending depends on the Flatcar release.
    #[component(name = "file-name")]
    pub file_name: String,
    /// Its text.
    pub contents: Contents,
}

/// A system extension that the node starts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct Extension {
    /// Such as `kubernetes` or `wasmtime`.
    pub name: String,
    /// Such as `v1.34.2`.
    pub version: String,
    /// Where Ignition fetches the `.raw` file from at first boot.
    pub source: String,
    /// What the file must hash to: `sha512-<hex>`, the only hash that Ignition 2.3 knows.
    pub hash: Option<String>,
    /// Always empty, and refused otherwise: a later version may have settings that this one has no field for.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// All update settings of one node group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct SysupdateConfig {
    /// Whether the nodes look for updates of extensions by themselves.
    #[serde(default)]
    pub enabled: bool,
    /// When they do; `none` keeps the system's own schedule.
    pub schedule: Option<Schedule>,
    /// Units and drop-ins that have to do with updates.
    #[serde(default)]
    pub units: Vec<Unit>,
    /// Transfer files.
    #[serde(default)]
    pub transfers: Vec<Transfer>,
    /// The Kubernetes extension; `none` on flavors that have Kubernetes in the image. It cannot be added or removed, and its version follows the spec.
    pub kubernetes: Option<Extension>,
    /// Further extensions.
    #[serde(default)]
    pub extensions: Vec<Extension>,
    /// Always empty, and refused otherwise: a later version may have settings that this one has no field for.
    #[serde(default)]
    pub extra: Vec<Pair>,
}

/// The answer: the settings as they should be, and what the user should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct CustomizedSysupdate {
    /// The settings; return them unchanged to leave them as they are.
    pub config: SysupdateConfig,
    /// Notes and warnings.
    #[serde(default)]
    pub findings: Vec<PluginDiagnostic>,
}
