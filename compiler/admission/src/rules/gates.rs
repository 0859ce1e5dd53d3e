//! What needs a feature gate that is off in the management cluster. The gates themselves are the caller's ([`crate::Gates`]).

use flatwright_diagnostic::Rule;

/// A part of an object behind a gate that is off.
#[derive(Debug, Rule)]
#[rule(group = "admission-feature-gate")]
pub(crate) enum SwitchedOff {
    /// Everything of ClusterClass.
    #[rule("cluster-topology-switched-off", "{what} is switched off in the management cluster")]
    ClusterTopology { what: &'static str },
    /// Taints of machines.
    #[rule("machine-taints-switched-off", "machine taints are switched off in the management cluster")]
    MachineTaints,
    /// The format of Flatcar's bootstrap data.
    #[rule("ignition-switched-off", "the Ignition format is switched off in the management cluster")]
    Ignition,
    /// A place outside of Azure's regions.
    #[rule("edge-zones-switched-off", "`extendedLocation` is switched off in the management cluster")]
    EdgeZones,
}
