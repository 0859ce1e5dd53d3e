//! Add-ons, installed as Helm charts by the Cluster API add-on provider.

use flatwright_diagnostic::Origin;

use super::*;
use crate::decode::{AnyText, AnyValue, Record, Verbatim};

/// Add-ons. An empty mapping (`{}`) takes all defaults.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Addons {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The external cloud provider. Without it, nodes stay tainted and get no addresses.
    pub cloud_provider_azure: Option<Addon>,
    /// Calico, the pod network.
    pub calico: Option<Addon>,
    /// The CSI driver for Azure disks.
    #[key("azureDiskCSI")]
    pub azure_disk_csi: Option<Addon>,
    /// kured, which reboots nodes after updates, one at a time.
    pub kured: Option<Addon>,
}

/// A Helm chart with overrides.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Addon {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The chart's version. Default: the newest.
    pub version: Maybe<AnyText>,
    /// The chart repository.
    #[key("repoURL")]
    pub repo_url: Maybe<ChartRepository>,
    /// The chart.
    pub chart_name: Maybe<String>,
    /// The release.
    pub release_name: Maybe<String>,
    /// The namespace of the release in the workload cluster.
    pub namespace: Maybe<Label>,
    /// Chart values, merged over the compiler's.
    pub values: Option<AnyValue>,
    /// The whole template of the chart values, instead of the compiler's. Go template syntax, with `.Cluster`.
    pub values_template: Maybe<Verbatim>,
}
