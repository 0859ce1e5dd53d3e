//! What one object says that admission lets pass and that fails or surprises later. Runs on create and update alike. Severity error only where it is certain
//! to fail; must not judge a machine config's own content.

mod azure_cluster;
mod azure_machine;
mod azure_routes;
mod azure_size;
mod bootstrap;
pub(crate) mod flatcar_image;
mod others;

pub(crate) use azure_cluster::is_public_cloud;
pub use bootstrap::Bootstrap;

use flatwright_diagnostic::{Code, Rule};

use crate::check::Check;
use crate::field::Field;

/// Where a kind keeps its virtual machine and its bootstrap settings.
pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>) {
    match object.get("kind").text_or_empty() {
        "AzureCluster" => {
            azure_cluster::check(check, object);
            azure_routes::check(check, object);
        }
        "AzureClusterTemplate" => azure_machine::cluster_template(check, object),
        "AzureMachineTemplate" => azure_machine::template(check, &object.get("spec.template.spec")),
        "AzureMachinePool" => azure_machine::pool(check, object),
        "AzureClusterIdentity" => others::identity(check, object),
        "KubeadmConfig" => bootstrap::check(check, &object.get("spec")),
        "KubeadmConfigTemplate" => bootstrap::check(check, &object.get("spec.template.spec")),
        "KubeadmControlPlane" => {
            bootstrap::check(check, &object.get("spec.kubeadmConfigSpec"));
            others::control_plane(check, object);
        }
        "KubeadmControlPlaneTemplate" => bootstrap::check(check, &object.get("spec.template.spec.kubeadmConfigSpec")),
        "Cluster" => others::cluster(check, object),
        "HelmChartProxy" => others::helm_chart_proxy(check, object),
        _ => {}
    }
}

/// The codes of the rules of this module.
pub(crate) fn codes() -> Vec<Code> {
    [
        azure_cluster::ClusterValue::codes(),
        azure_cluster::AzureRegion::codes(),
        azure_cluster::ExistingNetwork::codes(),
        azure_routes::RouteTable::codes(),
        azure_size::AzureSize::codes(),
        azure_cluster::SubnetNetwork::codes(),
        azure_machine::MachineValue::codes(),
        azure_machine::SecondApply::codes(),
        bootstrap::Bootstrap::codes(),
        bootstrap::FileMode::codes(),
        bootstrap::Fetched::codes(),
        flatcar_image::FlatcarImage::codes(),
        flatcar_image::ImageArchitecture::codes(),
        others::IdentityValue::codes(),
        others::ControlPlaneRollout::codes(),
        others::Chart::codes(),
        others::ReleaseName::codes(),
        others::ChartSelector::codes(),
    ]
    .concat()
}
