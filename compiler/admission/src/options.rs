//! What the caller knows about the management cluster and the set of manifests.

use flatwright_flatcar::azure::Size;
use flatwright_flatcar::subscription::Subscription;
use flatwright_kubernetes::table::Day;

/// Feature gates of the providers in the management cluster. An object behind a gate that is off is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gates {
    /// `KubeadmBootstrapFormatIgnition` of CAPI (`EXP_KUBEADM_BOOTSTRAP_FORMAT_IGNITION=true` at `clusterctl init`).
    pub kubeadm_bootstrap_format_ignition: bool,
    /// `ClusterTopology` of CAPI (`CLUSTER_TOPOLOGY=true`).
    pub cluster_topology: bool,
    /// `MachineTaintPropagation` of CAPI (alpha).
    pub machine_taint_propagation: bool,
    /// `EdgeZone` of CAPZ (`EXP_EDGEZONE=true`).
    pub edge_zone: bool,
    /// `APIServerILB` of CAPZ (`EXP_APISERVER_ILB=true`).
    pub api_server_ilb: bool,
}

impl Gates {
    /// Upstream's defaults: everything is off, so no Flatcar node can be bootstrapped.
    pub const UPSTREAM: Self = Self {
        kubeadm_bootstrap_format_ignition: false,
        cluster_topology: false,
        machine_taint_propagation: false,
        edge_zone: false,
        api_server_ilb: false,
    };
}

impl Default for Gates {
    /// A management cluster that can make Flatcar nodes: the Ignition format and, as CAPZ's own guide sets it up, ClusterClass; alpha gates otherwise off.
    fn default() -> Self {
        Self { kubeadm_bootstrap_format_ignition: true, cluster_topology: true, ..Self::UPSTREAM }
    }
}

/// How to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The feature gates of the management cluster.
    pub gates: Gates,
    /// Whether the set holds every object of the cluster: a reference to an object outside of it is then an error, otherwise a warning.
    pub complete: bool,
    /// Whether values that the CRDs' own schemas limit (lists, ranges, lengths, empty containers) are judged here as well. Turn this off where the
    /// CRDs are checked too, or both will report.
    pub schema_limits: bool,
    /// Today, if the caller was told: only then it is judged what is out of support.
    pub today: Option<Day>,
    /// What the subscription can have, if its lists were given; they live as long as the program, as the built-in tables do.
    pub subscription: Option<&'static Subscription>,
}

impl Options {
    /// A VM size: of the subscription's list where that was given, else of the table.
    pub(crate) fn size(&self, name: &str) -> Option<Size> {
        match self.listed() {
            Some(subscription) => Size::listed(subscription, name),
            None => Size::of(name),
        }
    }

    /// The subscription, if its list of sizes was given.
    pub(crate) fn listed(&self) -> Option<&'static Subscription> {
        self.subscription.filter(|subscription| subscription.has_sizes())
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { gates: Gates::default(), complete: false, schema_limits: true, today: None, subscription: None }
    }
}
