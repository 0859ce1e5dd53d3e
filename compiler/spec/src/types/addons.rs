//! Add-ons, installed as Helm charts by the Cluster API add-on provider.

use super::*;
use crate::decode::{AnyText, AnyValue, Verbatim, record};

record! {
    /// Add-ons. An empty mapping (`{}`) takes all defaults.
    pub struct Addons {
        /// The external cloud provider. Without it, nodes stay tainted and get no addresses.
        "cloudProviderAzure" cloud_provider_azure: Option<Addon>,
        /// Calico, the pod network.
        "calico" calico: Option<Addon>,
        /// The CSI driver for Azure disks.
        "azureDiskCSI" azure_disk_csi: Option<Addon>,
        /// kured, which reboots nodes after updates, one at a time.
        "kured" kured: Option<Addon>,
    }
}

record! {
    /// A Helm chart with overrides.
    pub struct Addon {
        /// The chart's version. Default: the newest.
        "version" version: Maybe<AnyText>,
        /// The chart repository.
        "repoURL" repo_url: Maybe<ChartRepository>,
        /// The chart.
        "chartName" chart_name: Maybe<String>,
        /// The release.
        "releaseName" release_name: Maybe<String>,
        /// The namespace of the release in the workload cluster.
        "namespace" namespace: Maybe<Label>,
        /// Chart values, merged over the compiler's.
        "values" values: Option<AnyValue>,
        /// The whole template of the chart values, instead of the compiler's. Go template syntax, with `.Cluster`.
        "valuesTemplate" values_template: Maybe<Verbatim>,
    }
}
