//! Add-ons as Helm charts.

use flatwright_diagnostic::{Origin, Traced};
use flatwright_yaml::{Value, emit};

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
    /// The values behind the template, where the chart is the add-on's usual one and the user gave no template.
    pub values: Option<ChartValues>,
    /// Where the add-on is asked for.
    pub origin: Origin,
}

/// An add-on's key as a part of names: `azureDiskCSI` is `azure-disk-csi`.
pub fn kebab(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 4);
    let mut was_lower = false;
    for c in key.chars() {
        if c.is_ascii_uppercase() && was_lower {
            out.push('-');
        }
        was_lower = c.is_ascii_lowercase();
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Chart values that are known one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartValues {
    /// The values.
    pub values: Value,
    /// What follows them in the template.
    pub tail: &'static str,
}

impl ChartValues {
    /// The template, from somewhere.
    pub fn template(&self, origin: Origin) -> Traced<String> {
        Traced::new(emit(&self.values) + self.tail, origin)
    }
}
