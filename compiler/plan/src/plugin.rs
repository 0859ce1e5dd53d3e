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
    /// Codes of its own whose errors a waiver may silence.
    pub waivable: Vec<Traced<String>>,
    /// The file that names it, where that is not the spec. The spec cannot change such an entry, and only its policy is asked.
    pub outside: Option<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// An error of a policy that does not count.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiver {
    /// `plugin-finding/<plugin>/<code>`, in two parts: the entry's name and the plugin's own code.
    pub plugin: String,
    /// The plugin's own code.
    pub code: String,
    /// The place, as the finding names it.
    pub place: Traced<String>,
    /// Why.
    pub reason: Traced<String>,
    /// The last day on which it holds, as `2027-01-31`.
    pub until: Maybe<String>,
    /// Where the code stands.
    pub origin: Origin,
}
