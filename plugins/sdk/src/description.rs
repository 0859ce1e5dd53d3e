//! What a plugin says about itself.

use crate::bindings::base::exports::flatwright::plugin::meta;

/// The plugin's visiting card; start with [`description!`](crate::description!).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// A short kebab-case name.
    pub name: String,
    /// The plugin's own version, by semantic versioning.
    pub version: String,
    /// One sentence: what it does.
    pub summary: String,
    /// The JSON Schema (draft 2020-12) of the settings as JSON text.
    pub settings_schema: Option<String>,
    /// Where to read more: an `https:` URL.
    pub documentation: Option<String>,
}

impl Description {
    /// A description without schema and address.
    pub fn new(name: impl Into<String>, version: impl Into<String>, summary: impl Into<String>) -> Self {
        let (name, version, summary) = (name.into(), version.into(), summary.into());
        Self { name, version, summary, settings_schema: None, documentation: None }
    }

    /// With the JSON Schema of the settings, usually `include_str!("../settings.schema.json")`. The compiler checks the user's settings with it before any hook runs, at
    /// the user's line.
    #[must_use]
    pub fn settings_schema(mut self, schema: impl Into<String>) -> Self {
        self.settings_schema = Some(schema.into());
        self
    }

    /// With an `https:` address where more can be read.
    #[must_use]
    pub fn documentation(mut self, url: impl Into<String>) -> Self {
        self.documentation = Some(url.into());
        self
    }
}

impl From<Description> for meta::Description {
    fn from(description: Description) -> Self {
        let Description { name, version, summary, settings_schema, documentation } = description;
        Self { name, version, summary, settings_schema, documentation }
    }
}

/// A [`Description`] with the name and version of the crate that it is written in.
///
/// ```
/// let description = flatwright_plugin_sdk::description!("pins images");
/// assert_eq!(description.version, env!("CARGO_PKG_VERSION"));
/// ```
#[macro_export]
macro_rules! description {
    ($summary:expr) => {
        $crate::Description::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"), $summary)
    };
}
