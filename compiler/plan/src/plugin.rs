//! The plugins of a cluster, in the order in which they run.

use flatwright_diagnostic::{Origin, Traced};

use crate::{Maybe, Role};

/// One plugin as the spec asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plugin {
    /// Its name in the spec.
    pub name: Traced<String>,
    /// The file, relative to the spec.
    pub source: Traced<String>,
    /// What the file must hash to, in hexadecimal.
    pub sha256: Maybe<String>,
    /// Its settings.
    pub settings: Option<flatwright_yaml::Value>,
    /// Only node groups with these roles; empty for all.
    pub roles: Vec<Role>,
    /// Only these pools; empty for all.
    pub pools: Vec<Traced<String>>,
    /// Limits that the spec sets, by their key.
    pub limits: Vec<(&'static str, Traced<i64>)>,
    /// Where it stands.
    pub origin: Origin,
}
