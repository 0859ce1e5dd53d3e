//! Parts → one machine config per node group, for both routes.
//!
//! Owns: what each route is given. Must not: decide what a machine needs; lowering and plugins did.

mod clc;
mod ignition;

use flatwright_capi::GroupTexts;
use flatwright_diagnostic::{Origin, Report, Traced};
use flatwright_plan::NodeGroup;

/// The composed machine config of a node group.
#[derive(Clone, Debug)]
pub struct Composed {
    /// Bootstrap route: what goes into the objects.
    pub texts: GroupTexts,
    /// Stand-alone route: Ignition 3.x.
    pub ignition: serde_json::Value,
}

/// Composes the machine config of a group.
pub(crate) fn compose(group: &NodeGroup, _report: &mut Report) -> Composed {
    let config = &group.machine_config;
    let clc = flatwright_yaml::emit(&clc::document(config));
    Composed {
        texts: GroupTexts { additional_config: Traced::new(clc, Origin::Default("the flavor's own machine config")) },
        ignition: ignition::document(config),
    }
}
