//! The patches of a `ClusterClass` (CAPI `core/webhooks/admission/patch_validation.go`).

use std::collections::BTreeSet;

use crate::check::Check;
use crate::code::CLUSTER_CLASS;
use crate::contract::Contract;
use crate::field::{Field, same};

pub(crate) fn check(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let variables: BTreeSet<_> =
        spec.get("variables").items().filter_map(|variable| variable.get("name").text()).collect();
    for patch in spec.get("patches").items() {
        check.needs_text(CLUSTER_CLASS, &patch.get("name"));
        let (definitions, external) = (patch.get("definitions"), patch.get("external"));
        if (definitions.len() > 0) == external.is_set() {
            check
                .error(CLUSTER_CLASS, &patch, "a patch has not exactly one of `definitions` and `external`")
                .hint("keep one of them");
        }
        for definition in definitions.items() {
            selector(check, spec, &definition.get("selector"), contract);
            for operation in definition.get("jsonPatches").items() {
                json_patch(check, &operation, &variables);
            }
        }
    }
}

fn json_patch(check: &mut Check<'_>, operation: &Field<'_>, variables: &BTreeSet<&str>) {
    let (op, path) = (operation.get("op"), operation.get("path"));
    check.listed(CLUSTER_CLASS, &op, &["add", "replace", "remove"]);
    let text = path.text_or_empty();
    if !text.starts_with("/spec") {
        check
            .error(CLUSTER_CLASS, &path, format!("a patch cannot change `{}`", path.shown()))
            .hint("patch below `/spec` only");
    }
    for step in text.split('/').skip(1) {
        let is_index = !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit());
        if is_index && step != "0" {
            check
                .error(CLUSTER_CLASS, &path, format!("a patch cannot address the list item `{step}`"))
                .hint("use `0` to put an item first or `-` to append one");
        }
    }
    if op.holds("remove") {
        return;
    }
    let source = operation.get("valueFrom");
    let has_value = operation.value().get("value").is_some();
    if has_value == source.is_set() {
        check
            .error(CLUSTER_CLASS, operation, "a patch has not exactly one of `value` and `valueFrom`")
            .hint("keep one of them");
    }
    let (variable, template) = (source.get("variable"), source.get("template"));
    if source.is_set() && variable.is_blank() == template.is_blank() {
        check
            .error(CLUSTER_CLASS, &source, "`valueFrom` has not exactly one of `variable` and `template`")
            .hint("keep one of them");
    }
    if let Some(text) = variable.text().filter(|text| !text.is_empty()) {
        let name = text.split(['.', '[']).next().unwrap_or_default();
        if name != "builtin" && !variables.contains(name) {
            let finding =
                check.error(CLUSTER_CLASS, &variable, format!("the variable `{name}` is not defined in this class"));
            if let Some(hint) = flatwright_diagnostic::suggest(name, variables.iter().copied()) {
                finding.hint(hint);
            }
        }
    }
    let text = template.text_or_empty();
    if text.matches("{{").count() != text.matches("}}").count() {
        check
            .error(CLUSTER_CLASS, &template, "the template's `{{` and `}}` do not match")
            .hint("close every `{{` with `}}`");
    }
}

fn selector(check: &mut Check<'_>, spec: &Field<'_>, selector: &Field<'_>, contract: Contract) {
    let key = contract.pick("ref", "templateRef");
    let resources = selector.get("matchResources");
    let is = |reference: &Field<'_>| {
        ["apiVersion", "kind"].iter().all(|part| same(reference.get(part).value(), selector.get(part).value()))
    };
    let control_plane = resources.get("controlPlane");
    let machines = spec.get("controlPlane.machineInfrastructure").get(key);
    if control_plane.is_true() && !is(&spec.get("controlPlane").get(key)) && !is(&machines) {
        nothing(check, &control_plane, selector);
    }
    let infrastructure = resources.get("infrastructureCluster");
    if infrastructure.is_true() && !is(&spec.get("infrastructure").get(key)) {
        nothing(check, &infrastructure, selector);
    }
    for (names, list) in [("machineDeploymentClass", "machineDeployments"), ("machinePoolClass", "machinePools")] {
        for name in resources.get(names).get("names").items() {
            let wanted = name.text_or_empty();
            let fits = spec.get("workers").get(list).items().any(|class| {
                let parts = if contract == Contract::V1Beta1 { class.get("template") } else { class.clone() };
                fits_name(wanted, class.get("class").text_or_empty())
                    && ["bootstrap", "infrastructure"].iter().any(|part| is(&parts.get(part).get(key)))
            });
            if !fits {
                nothing(check, &name, selector);
            }
        }
    }
    let is_used = control_plane.is_true()
        || infrastructure.is_true()
        || resources.get("machineDeploymentClass").is_set()
        || resources.get("machinePoolClass").is_set();
    if !is_used {
        check
            .error(CLUSTER_CLASS, &resources, "the patch's selector matches nothing")
            .hint("set `controlPlane`, `infrastructureCluster`, `machineDeploymentClass` or `machinePoolClass`");
    }
}

/// A name, or one with a `*` in front or at the end.
fn fits_name(wanted: &str, class: &str) -> bool {
    match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
        (Some(end), _) => class.ends_with(end),
        (None, Some(start)) => class.starts_with(start),
        (None, None) => wanted == class,
    }
}

fn nothing(check: &mut Check<'_>, place: &Field<'_>, selector: &Field<'_>) {
    check
        .error(
            CLUSTER_CLASS,
            place,
            format!(
                "the class refers to no `{}` of `{}` there",
                selector.get("kind").shown(),
                selector.get("apiVersion").shown()
            ),
        )
        .hint("write the kind and apiVersion of the template that the class refers to");
}
