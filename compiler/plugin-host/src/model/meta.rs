//! What a plugin says about itself: `interface meta`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

/// The plugin's visiting card. `plugin build` also writes it into a custom section, where it can be read without running anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(record)]
pub struct Description {
    /// A short kebab-case name, such as `pin-images`. The spec may call the plugin otherwise.
    pub name: String,
    /// The plugin's own version, by semantic versioning.
    pub version: String,
    /// One sentence: what it does.
    pub summary: String,
    /// The JSON Schema (draft 2020-12) of the plugin's settings as JSON text. The compiler checks the user's settings with it before any hook runs, at the
    /// user's line. `none` means that the plugin takes no settings.
    #[component(name = "settings-schema")]
    pub settings_schema: Option<String>,
    /// Where to read more: an `https:` URL.
    pub documentation: Option<String>,
}
