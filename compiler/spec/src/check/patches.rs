//! Patches: a kind of change, and what each operation needs.

use flatwright_diagnostic::Report;
use flatwright_yaml::ValueKind;

use super::{error, place};
use crate::code;
use crate::types::{Patch, PatchOp, Spec};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    for patch in &spec.patches {
        form(patch, report);
        for operation in &patch.json6902 {
            let needs_value = matches!(operation.op.value, PatchOp::Add | PatchOp::Replace | PatchOp::Test);
            let needs_from = matches!(operation.op.value, PatchOp::Move | PatchOp::Copy);
            let word = operation.op.value.word();
            if needs_value && operation.value.is_none() {
                error(report, code::MISSING_FIELD, operation.origin, format!("operation `{word}` needs `value`"))
                    .hint("add `value: …`");
            }
            if needs_from && operation.from.is_none() {
                error(report, code::MISSING_FIELD, operation.origin, format!("operation `{word}` needs `from`"))
                    .hint("add `from: /…`");
            }
            if !operation.path.starts_with('/') {
                error(
                    report,
                    code::INVALID_VALUE,
                    operation.path.origin,
                    format!("`{}` is not a JSON Pointer", operation.path.value),
                )
                .hint("it begins with `/`, such as `/spec/additionalTags`");
            }
        }
        if let Some(pool) = &patch.target.pool
            && !spec.pools.iter().any(|other| other.name.as_str() == pool.as_str())
        {
            let hint = flatwright_diagnostic::suggest(
                pool.as_str(),
                spec.pools.iter().map(|pool| pool.name.as_str()).collect::<Vec<_>>(),
            );
            let diagnostic =
                error(report, code::UNKNOWN_VALUE, pool.origin, format!("there is no pool `{}`", pool.as_str()));
            if let Some(hint) = hint {
                diagnostic.hint(hint);
            }
        }
    }
}

fn form(patch: &Patch, report: &mut Report) {
    if let Some(merge) = patch.merge.as_ref().filter(|merge| !matches!(merge.0.kind, ValueKind::Map(_))) {
        error(report, code::WRONG_TYPE, merge.0.origin, "expected a mapping to merge into the object");
    }
    match (&patch.merge, patch.json6902.first()) {
        (None, None) => {
            error(report, code::MISSING_FIELD, patch.origin, "this patch has no change")
                .hint("add `json6902` or `merge`");
        }
        (Some(merge), Some(operation)) => {
            error(report, code::CONFLICTING_FIELDS, merge.0.origin, "`merge` and `json6902` exclude each other")
                .label(place(operation.origin), "the other is here")
                .hint("write two patches");
        }
        _ => {}
    }
}
