//! What a hook is told: facts about the cluster and the plugin's settings as a typed value.

use crate::cluster::{self, ClusterFacts, Contract, Flavor, NodeGroup, Target};
use crate::findings::{Diagnostic, Place, Severity};
use crate::json;
use serde::de::DeserializeOwned;

/// Everything a hook may know besides the value itself.
#[derive(Clone, Debug)]
pub struct Context<S> {
    /// The spec's flavor.
    pub flavor: Flavor,
    /// The contract of the output.
    pub contract: Contract,
    /// What holds for the whole cluster.
    pub cluster: ClusterFacts,
    /// All node groups, the control plane first, also those that the plugin's `match` leaves out.
    pub groups: Vec<NodeGroup>,
    /// The plugin's settings in the spec.
    pub settings: S,
}

impl<S> Context<S> {
    /// The node group of an index, such as that of an object.
    pub fn group(&self, index: u32) -> Option<&NodeGroup> {
        self.groups.iter().find(|group| group.index == index)
    }
}

impl<S: DeserializeOwned> Context<S> {
    /// Splits what the host sends into context and target, or says why the settings cannot be read.
    pub(crate) fn read(context: cluster::Context) -> Result<(Self, Target), Box<Diagnostic>> {
        let cluster::Context { flavor, contract, cluster, groups, target, settings } = context;
        let settings = json::from_str(&settings).map_err(|error| Box::new(unreadable(&error)))?;
        Ok((Self { flavor, contract, cluster, groups, settings }, target))
    }
}

/// The host checked the settings with the plugin's schema, so this is seen only where the schema allows more than the type.
fn unreadable(error: &json::Error) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(Severity::Error, format!("the settings cannot be read: {error}"));
    diagnostic.place = Place::Settings(String::new());
    diagnostic
}
