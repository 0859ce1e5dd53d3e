//! HelmChartProxy.

use flatwright_diagnostic::Traced;

use super::{Maybe, Selector};
use crate::wire::object;

object! {
    /// The desired state of a HelmChartProxy.
    pub struct HelmChartProxySpec {
        /// The chart.
        "chartName" chart_name: Traced<String>,
        /// Which clusters.
        "clusterSelector" cluster_selector: Selector,
        /// The namespace of the release.
        "namespace" namespace: Maybe<String>,
        /// The release.
        "releaseName" release_name: Traced<String>,
        /// The chart repository.
        "repoURL" repo_url: Traced<String>,
        /// The values, as a Go template.
        "valuesTemplate" values_template: Traced<String>,
        /// The chart version.
        "version" version: Maybe<String>,
    }
}
