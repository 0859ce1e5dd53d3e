//! What is asked for, and what was edited.

use crate::diff::Place;

/// Which versions to raise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Kubernetes.
    pub kubernetes: Option<Wish>,
    /// Flatcar.
    pub flatcar: Option<Wish>,
    /// Cluster API.
    pub capi: Option<Wish>,
    /// Its Azure provider.
    pub capz: Option<Wish>,
    /// The add-on provider for Helm.
    pub caaph: Option<Wish>,
    /// The one cluster that is meant, if the files have several.
    pub cluster: Option<String>,
}

/// Which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The newest that the tables know and that is one step away.
    Newest,
    /// This one, with or without `v`; of Kubernetes also a minor, which is its newest patch.
    Version(String),
}

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// What has the version: `Kubernetes`, `image of md-0`.
    pub subject: String,
    /// The cluster.
    pub cluster: String,
    /// What was written; nothing if the key is new.
    pub old: Option<String>,
    /// What is written now.
    pub new: String,
    /// Where.
    pub place: Place,
}
