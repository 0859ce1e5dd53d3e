//! The objects, in contract v1beta2 for the CAPI kinds and v1beta1 for CAPZ's. Field docs are ours; the fields are theirs.

mod addons;
mod azure;
mod cluster;
mod kubeadm;
mod machines;

pub use addons::*;
pub use azure::*;
pub use cluster::*;
pub use kubeadm::*;
pub use machines::*;

use flatwright_diagnostic::Traced;
use flatwright_shape::{Definitions, Shape, document};
use serde_json::{Value, json};

use crate::wire::{Labels, Object};

/// An optional value with its origin.
pub type Maybe<T> = Option<Traced<T>>;

/// Object metadata.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Metadata {
    /// Annotations.
    pub annotations: Labels,
    /// Labels.
    pub labels: Labels,
    /// The object's name.
    pub name: Traced<String>,
    /// The object's namespace.
    pub namespace: Traced<String>,
}

/// A reference within the namespace, as contract v1beta2 has it.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Reference {
    /// The API group.
    pub api_group: crate::wire::Fixed,
    /// The kind.
    pub kind: crate::wire::Fixed,
    /// The name.
    pub name: Traced<String>,
}

/// API groups and versions.
pub mod api {
    /// Cluster API core.
    pub const CORE: &str = "cluster.x-k8s.io";
    /// The kubeadm bootstrap provider.
    pub const BOOTSTRAP: &str = "bootstrap.cluster.x-k8s.io";
    /// The kubeadm control-plane provider.
    pub const CONTROL_PLANE: &str = "controlplane.cluster.x-k8s.io";
    /// CAPZ.
    pub const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io";
    /// Add-ons.
    pub const ADDONS: &str = "addons.cluster.x-k8s.io";
}

/// Every kind of object that this compiler emits.
pub const KINDS: [&str; 9] = [
    "Cluster",
    "KubeadmControlPlane",
    "KubeadmConfigTemplate",
    "MachineDeployment",
    "MachineHealthCheck",
    "AzureCluster",
    "AzureClusterIdentity",
    "AzureMachineTemplate",
    "HelmChartProxy",
];

fn whole<T: Shape>(stem: &'static str, api_version: &str, kind: &'static str) -> (&'static str, Value) {
    let id = format!("https://flatwright.dev/schemas/{stem}.json");
    let root = |definitions: &mut Definitions| {
        json!({
            "type": "object",
            "properties": {
                "apiVersion": { "const": api_version },
                "kind": { "const": kind },
                "metadata": Metadata::shape(definitions),
                "spec": T::shape(definitions),
            },
            "required": ["apiVersion", "kind", "metadata", "spec"],
        })
    };
    (stem, document(&id, &format!("{kind} ({api_version}), as this compiler emits it"), root))
}

pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        whole::<ClusterSpec>("cluster-v1beta2", "cluster.x-k8s.io/v1beta2", "Cluster"),
        whole::<KubeadmControlPlaneSpec>(
            "kubeadmcontrolplane-v1beta2",
            "controlplane.cluster.x-k8s.io/v1beta2",
            "KubeadmControlPlane",
        ),
        whole::<KubeadmConfigTemplateSpec>(
            "kubeadmconfigtemplate-v1beta2",
            "bootstrap.cluster.x-k8s.io/v1beta2",
            "KubeadmConfigTemplate",
        ),
        whole::<MachineDeploymentSpec>("machinedeployment-v1beta2", "cluster.x-k8s.io/v1beta2", "MachineDeployment"),
        whole::<MachineHealthCheckSpec>("machinehealthcheck-v1beta2", "cluster.x-k8s.io/v1beta2", "MachineHealthCheck"),
        whole::<AzureClusterSpec>("azurecluster-v1beta1", "infrastructure.cluster.x-k8s.io/v1beta1", "AzureCluster"),
        whole::<AzureClusterIdentitySpec>(
            "azureclusteridentity-v1beta1",
            "infrastructure.cluster.x-k8s.io/v1beta1",
            "AzureClusterIdentity",
        ),
        whole::<AzureMachineTemplateSpec>(
            "azuremachinetemplate-v1beta1",
            "infrastructure.cluster.x-k8s.io/v1beta1",
            "AzureMachineTemplate",
        ),
        whole::<HelmChartProxySpec>("helmchartproxy-v1alpha1", "addons.cluster.x-k8s.io/v1alpha1", "HelmChartProxy"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_schema_and_no_other() {
        let kinds: Vec<String> = schemas()
            .iter()
            .map(|(_, schema)| schema["properties"]["kind"]["const"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(kinds, KINDS);
    }
}
