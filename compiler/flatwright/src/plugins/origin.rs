//! Which plugin a value came from, for findings about the result.

use flatwright_diagnostic::{Anchor, Origin};
use flatwright_plan::Plan;

use super::{Call, findings};

/// The place of the plugin's entry in the spec and a note that names plugin and hook, if a plugin gave the value.
pub(crate) fn describe_origin(origin: Origin, calls: &[Call], plan: &Plan) -> Option<(Anchor, String)> {
    let Origin::Plugin(index) = origin else { return None };
    let call = calls.get(usize::try_from(index).ok()?)?;
    let entry = plan.plugins.iter().find(|entry| entry.name.value == call.plugin)?;
    let note = format!("the value came from plugin `{}`, hook `{}`, for `{}`", call.plugin, call.hook, call.target);
    Some((findings::place_of(entry), note))
}
