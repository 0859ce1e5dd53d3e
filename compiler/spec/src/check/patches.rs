//! Patches: a kind of change, and what each operation needs.

use flatwright_diagnostic::{Part, Report};
use flatwright_yaml::ValueKind;

use super::{place, refuse};
use crate::rules::{Conflict, Decoding, InvalidValue, MissingField, UnknownValue};
use crate::types::{Patch, PatchOp, Spec};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    for patch in &spec.patches {
        form(patch, report);
        for operation in &patch.json6902 {
            let needs_value = matches!(operation.op.value, PatchOp::Add | PatchOp::Replace | PatchOp::Test);
            let needs_from = matches!(operation.op.value, PatchOp::Move | PatchOp::Copy);
            let word = operation.op.value.word();
            if needs_value && operation.value.is_none() {
                refuse(report, operation.origin, &MissingField::OperationValue { operation: word })
                    .hint("add `value: …`");
            }
            if needs_from && operation.from.is_none() {
                refuse(report, operation.origin, &MissingField::OperationFrom { operation: word })
                    .hint("add `from: /…`");
            }
            if !operation.path.starts_with('/') {
                let rule = InvalidValue::JsonPointer { pointer: operation.path.value.clone() };
                refuse(report, operation.path.origin, &rule).hint("it begins with `/`, such as `/spec/additionalTags`");
            }
        }
        if let Some(pool) = &patch.target.pool
            && !spec.pools.iter().any(|other| other.name.as_str() == pool.as_str())
        {
            let pools = spec.pools.iter().map(|pool| pool.name.as_str());
            refuse(report, pool.origin, &UnknownValue::Pool { pool: pool.as_str().to_owned() }).did_you_mean(
                pool.as_str(),
                Part::Value,
                pools,
            );
        }
    }
}

fn form(patch: &Patch, report: &mut Report) {
    if let Some(merge) = patch.merge.as_ref().filter(|merge| !matches!(merge.0.kind, ValueKind::Map(_))) {
        refuse(report, merge.0.origin, &Decoding::of("a mapping to merge into the object", &merge.0));
    }
    match (&patch.merge, patch.json6902.first()) {
        (None, None) => {
            refuse(report, patch.origin, &MissingField::PatchChange).hint("add `json6902` or `merge`");
        }
        (Some(merge), Some(operation)) => {
            refuse(report, merge.0.origin, &Conflict::PatchForms)
                .label(place(operation.origin), "the other is here")
                .hint("write two patches");
        }
        _ => {}
    }
}
