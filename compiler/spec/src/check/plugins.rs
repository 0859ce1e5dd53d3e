//! Plugins: which node groups they may change.

use flatwright_diagnostic::{Report, suggest};

use super::error;
use crate::code;
use crate::types::Spec;

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let pools = || spec.pools.iter().map(|pool| pool.name.as_str());
    let matched =
        spec.plugins.iter().filter_map(|plugin| plugin.matching.as_ref()).flat_map(|matching| &matching.pools);
    for wanted in matched.filter(|wanted| !pools().any(|pool| pool == wanted.as_str())) {
        let fact = format!("there is no pool `{}`", wanted.as_str());
        let diagnostic = error(report, code::UNKNOWN_VALUE, wanted.origin, fact);
        if wanted.as_str() == "control-plane" {
            diagnostic.hint("for the control plane write `roles: [control-plane]`");
        } else if let Some(hint) = suggest(wanted.as_str(), pools().collect::<Vec<_>>()) {
            diagnostic.hint(hint);
        }
    }
}
