//! What every plugin has.

use crate::description::Description;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A plugin. Implement it for a unit struct, then the traits of the hooks, then name both in [`export!`](crate::export!).
pub trait Plugin {
    /// The type of `spec.plugins[].settings`. A missing value is `{}`. Give it `#[serde(rename_all = "camelCase", deny_unknown_fields)]`, like the rest of the spec.
    type Settings: DeserializeOwned;

    /// Describes the plugin. Must depend on nothing; runs before any hook, with small limits.
    fn describe() -> Description;
}

/// The settings of a plugin that has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoSettings {}
