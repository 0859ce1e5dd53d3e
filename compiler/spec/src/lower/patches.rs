//! Patches, carried to the emitter.

use flatwright_plan as plan;

use super::{optional, text};
use crate::types::{Patch, Spec};

pub(super) fn lower(spec: &Spec) -> Vec<plan::Patch> {
    spec.patches.iter().map(patch).collect()
}

fn patch(patch: &Patch) -> plan::Patch {
    let target = &patch.target;
    plan::Patch {
        target: plan::PatchTarget {
            kind: text(&target.kind),
            role: target.role.map(|role| role.map(super::plugins::role_of)),
            pool: optional(&target.pool),
            addon: optional(&target.addon),
        },
        change: match &patch.merge {
            Some(merge) => plan::PatchChange::Merge(merge.0.clone()),
            None => plan::PatchChange::Json6902(
                patch
                    .json6902
                    .iter()
                    .map(|operation| plan::PatchOperation {
                        op: operation.op.map(|op| op.word()),
                        path: text(&operation.path),
                        from: optional(&operation.from),
                        value: operation.value.as_ref().map(|value| value.0.clone()),
                    })
                    .collect(),
            ),
        },
        origin: patch.origin,
    }
}
