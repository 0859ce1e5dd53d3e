//! The hook `kubeadm`.

use crate::bindings::kubeadm::exports::flatwright::plugin::kubeadm;
use crate::cluster::{self, NodeGroup, Target};
use crate::context::Context;
use crate::findings::Diagnostic;
use crate::hooks::{Adapter, customize, group};
use crate::kubeadm_types::{ControlPlaneSettings, CustomizedKubeadm, KubeadmSettings, NodeSettings};
use crate::plugin::Plugin;
use crate::report::Report;

/// Changes kubeadm settings: once for the cluster, then once per node group. Both methods leave everything as it is unless they are written.
///
/// ```
/// # use flatwright_plugin_sdk::prelude::*;
/// # struct Audit;
/// # impl Plugin for Audit {
/// #     type Settings = NoSettings;
/// #     fn describe() -> Description { description!("keeps audit logs") }
/// # }
/// impl Kubeadm for Audit {
///     fn cluster(
///         _: &Context<NoSettings>,
///         control_plane: &mut ControlPlaneSettings,
///         _: &mut NodeSettings,
///         _: &mut Report,
///     ) {
///         control_plane.api_server.arguments.set("audit-log-maxage", "30");
///     }
/// }
/// ```
pub trait Kubeadm: Plugin {
    /// Edits the settings of the control plane, and those that all nodes share. Called first.
    fn cluster(
        context: &Context<Self::Settings>,
        control_plane: &mut ControlPlaneSettings,
        node: &mut NodeSettings,
        report: &mut Report,
    ) {
        let _ = (context, control_plane, node, report);
    }

    /// Edits the settings of the nodes of one group.
    fn group(context: &Context<Self::Settings>, group: &NodeGroup, node: &mut NodeSettings, report: &mut Report) {
        let _ = (context, group, node, report);
    }
}

impl<P: Kubeadm> kubeadm::Guest for Adapter<P> {
    fn customize(context: cluster::Context, settings: KubeadmSettings) -> Result<CustomizedKubeadm, Vec<Diagnostic>> {
        let (settings, findings) = customize::<P, _>(context, settings, |context, target, settings, report| {
            if let (Target::Cluster, Some(control_plane)) = (target, &mut settings.control_plane) {
                P::cluster(context, control_plane, &mut settings.node, report);
            } else if let Some(group) = group(context, target) {
                P::group(context, group, &mut settings.node, report);
            }
        })?;
        Ok(CustomizedKubeadm { settings, findings })
    }
}
