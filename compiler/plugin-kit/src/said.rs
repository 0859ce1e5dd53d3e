//! What a call says, as far as an author cares.

use std::fmt;

use flatwright_plugin_host::model::findings::Place;
use flatwright_plugin_host::{Finding, escape_line};
use serde::{Deserialize, Serialize};

/// A finding, as far as an author cares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// The fact, escaped.
    pub message: String,
    /// Where.
    #[serde(default = "whole_plugin", skip_serializing_if = "is_whole_plugin")]
    pub place: Place,
    /// Background facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What to type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// The plugin's own code, where it gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The page of that code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

fn whole_plugin() -> Place {
    Place::Plugin
}

fn is_whole_plugin(place: &Place) -> bool {
    *place == Place::Plugin
}

impl Said {
    /// A finding of the host's, without notes.
    pub(crate) fn new(severity: &str, message: String, place: Place) -> Self {
        let (notes, hints) = (Vec::new(), Vec::new());
        Self { severity: severity.to_owned(), message, place, notes, hints, code: None, url: None }
    }

    /// A finding without the plugin's name in front, which depends on the spec.
    pub(crate) fn of(finding: &Finding) -> Self {
        let diagnostic = &finding.diagnostic;
        Self {
            severity: diagnostic.severity.word().to_owned(),
            message: finding.fact.clone(),
            code: finding.code.clone(),
            url: diagnostic.url.clone(),
            place: finding.place.clone(),
            notes: diagnostic.notes.clone(),
            hints: diagnostic.hints.clone(),
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.message)?;
        let place = match &self.place {
            Place::Settings(path) if path.is_empty() => "the settings".to_owned(),
            Place::Settings(path) => format!("settings `{path}`"),
            Place::Value(path) if path.is_empty() => "the value".to_owned(),
            Place::Value(path) => format!("value `{path}`"),
            Place::Object(place) => format!("{} `{}` `{}`", place.object.kind, place.object.name, place.path),
            Place::MachineConfig(place) => format!("machine config of `{}` `{}`", place.group, place.path),
            Place::Plugin | Place::Other(_) => String::new(),
        };
        if !place.is_empty() {
            write!(f, "\n    at {}", escape_line(&place))?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n    note: {note}"))?;
        self.hints.iter().try_for_each(|hint| write!(f, "\n    hint: {hint}"))
    }
}
