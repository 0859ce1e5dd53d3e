//! HelmChartProxy.

use flatwright_diagnostic::Traced;

use super::{Maybe, Selector};
use crate::wire::Object;

/// The desired state of a HelmChartProxy.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HelmChartProxySpec {
    /// The chart.
    pub chart_name: Traced<String>,
    /// Which clusters.
    pub cluster_selector: Selector,
    /// The namespace of the release.
    pub namespace: Maybe<String>,
    /// The release.
    pub release_name: Traced<String>,
    /// The chart repository.
    #[key("repoURL")]
    pub repo_url: Traced<String>,
    /// The values, as a Go template.
    pub values_template: Traced<String>,
    /// The chart version.
    pub version: Maybe<String>,
}
