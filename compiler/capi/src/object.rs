//! One emitted object with what it is about.

use flatwright_yaml::{Map, Value};

use crate::types::{Metadata, api};
use crate::wire::Wire;

/// What an object is about. Patches and file names go by it, never by a generated name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The whole cluster.
    Cluster,
    /// A node group, by its index in the plan.
    Group(usize),
    /// An add-on, by its key.
    Addon(&'static str),
}

/// One emitted object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The whole document.
    pub value: Value,
    /// What it is about.
    pub subject: Subject,
}

impl Object {
    pub(crate) fn new(
        group: &str,
        version: &str,
        kind: &str,
        metadata: &Metadata,
        spec: &impl Wire,
        subject: Subject,
    ) -> Self {
        let mut map = Map::new();
        map.insert("apiVersion", Value::str(format!("{group}/{version}")));
        map.insert("kind", Value::str(kind));
        map.insert("metadata", metadata.wire().unwrap_or_else(Value::map));
        map.insert("spec", spec.wire().unwrap_or_else(Value::map));
        Self { value: map.into(), subject }
    }

    /// Its kind.
    pub fn kind(&self) -> &str {
        self.value.get("kind").and_then(Value::as_str).unwrap_or_default()
    }

    /// Its API version.
    pub fn api_version(&self) -> &str {
        self.value.get("apiVersion").and_then(Value::as_str).unwrap_or_default()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.value.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether it is a CAPI kind, whose fields depend on the contract.
    pub(crate) fn has_contract(&self) -> bool {
        let group = self.api_version().split('/').next().unwrap_or_default();
        [api::CORE, api::BOOTSTRAP, api::CONTROL_PLANE].contains(&group)
    }
}
