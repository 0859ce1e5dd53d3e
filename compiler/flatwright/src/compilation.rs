//! What a compile gives.

use flatwright_capi::Object;
use flatwright_diagnostic::Report;
use flatwright_plan::Plan;
use flatwright_render::Sources;

use crate::calls::Call;
use crate::compose::Composed;
use crate::secret::Secrets;

/// What a compile gives: findings always, clusters only if no finding is an error.
#[derive(Debug)]
pub struct Compilation {
    /// The texts that findings point into.
    pub sources: Sources,
    /// Every finding.
    pub report: Report,
    /// The compiled clusters, in the order of their documents. Empty if the report has an error.
    pub clusters: Vec<Cluster>,
    /// Why the environment failed, if it did (exit code 2): there are no clusters then.
    pub failure: Option<String>,
    /// What plugins did, where there are no clusters that say it.
    pub(crate) lost: Vec<Call>,
}

impl Compilation {
    /// What plugins did, in order, also in a compile that ended in an error.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.clusters.iter().flat_map(|cluster| &cluster.calls).chain(&self.lost)
    }
}

/// One compiled cluster.
#[derive(Debug)]
pub struct Cluster {
    /// The resolved model.
    pub plan: Plan,
    /// The objects, in the order in which they are applied.
    pub objects: Vec<Object>,
    /// The composed machine config of each node group, in the plan's order.
    pub composed: Vec<Composed>,
    /// What the plugins did, in order. [`flatwright_diagnostic::Origin::Plugin`] is an index into it.
    pub calls: Vec<Call>,
    /// The secrets among the plugins' settings.
    pub(crate) secrets: Secrets,
}
