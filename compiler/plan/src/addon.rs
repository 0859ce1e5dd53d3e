//! Add-ons as Helm charts.

use flatwright_diagnostic::{Origin, Traced};

use crate::Maybe;

/// A Helm chart for the workload cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Addon {
    /// The add-on's key in the spec: `calico`, `kured`, …
    pub key: &'static str,
    /// The name of the HelmChartProxy.
    pub name: Traced<String>,
    /// The label by which the proxy finds its cluster: key and value.
    pub selector: (String, String),
    /// Whether the Cluster gets that label.
    pub is_labelled: bool,
    /// The chart repository.
    pub repo_url: Traced<String>,
    /// The chart.
    pub chart_name: Traced<String>,
    /// The release.
    pub release_name: Traced<String>,
    /// The namespace of the release; absent for the chart's default.
    pub namespace: Maybe<String>,
    /// The chart version; absent for the newest.
    pub version: Maybe<String>,
    /// The Go template of the values.
    pub values_template: Traced<String>,
    /// Where the add-on is asked for.
    pub origin: Origin,
}
