//! The hook `sysupdate`.

use crate::bindings::sysupdate::exports::flatwright::plugin::sysupdate;
use crate::cluster::{self, NodeGroup};
use crate::context::Context;
use crate::findings::Diagnostic;
use crate::hooks::{Adapter, customize, group};
use crate::plugin::Plugin;
use crate::report::Report;
use crate::sysupdate_types::{CustomizedSysupdate, SysupdateConfig};

/// Changes how the nodes of a group update themselves, and from where.
///
/// ```
/// # use flatwright_plugin_sdk::prelude::*;
/// # struct Nightly;
/// # impl Plugin for Nightly {
/// #     type Settings = NoSettings;
/// #     fn describe() -> Description { description!("updates at night") }
/// # }
/// impl Sysupdate for Nightly {
///     fn customize(_: &Context<NoSettings>, group: &NodeGroup, config: &mut SysupdateConfig, _: &mut Report) {
///         // One group after the other.
///         let schedule = config.schedule.get_or_insert_default();
///         schedule.on_calendar = vec![format!("*-*-* {:02}:00", group.index % 6)];
///     }
/// }
/// ```
pub trait Sysupdate: Plugin {
    /// Edits the update settings of a node group. Called once per group. The Kubernetes extension cannot be added or removed, and its version follows the spec.
    fn customize(
        context: &Context<Self::Settings>,
        group: &NodeGroup,
        config: &mut SysupdateConfig,
        report: &mut Report,
    );
}

impl<P: Sysupdate> sysupdate::Guest for Adapter<P> {
    fn customize(context: cluster::Context, config: SysupdateConfig) -> Result<CustomizedSysupdate, Vec<Diagnostic>> {
        let (config, findings) = customize::<P, _>(context, config, |context, target, config, report| {
            if let Some(group) = group(context, target) {
                P::customize(context, group, config, report);
            }
        })?;
        Ok(CustomizedSysupdate { config, findings })
    }
}
