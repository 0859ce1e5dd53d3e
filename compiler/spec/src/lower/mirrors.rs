//! Places that are asked instead of others.

use flatwright_diagnostic::Traced;
use flatwright_plan as plan;

use super::text;
use crate::types::Spec;

pub(super) fn lower(spec: &Spec) -> Vec<(Traced<String>, Traced<String>)> {
    spec.mirrors.iter().map(|mirror| (text(&mirror.from), text(&mirror.to))).collect()
}

/// A URL as it is asked. One that a mirror changed is from the mirror's line.
pub(super) fn mirrored(spec: &Spec, url: Traced<String>) -> Traced<String> {
    let mirrors = spec.mirrors.iter();
    let found = mirrors
        .filter_map(|mirror| Some((mirror, plan::below(&url.value, mirror.from.as_str())?)))
        .max_by_key(|(mirror, _)| mirror.from.as_str().len());
    match found {
        Some((mirror, rest)) => mirror.to.with(plan::joined(mirror.to.as_str(), rest)),
        None => url,
    }
}
