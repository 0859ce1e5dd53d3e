//! The patches of a `ClusterClass` (CAPI `core/webhooks/admission/patch_validation.go`).

use std::collections::BTreeSet;

use crate::check::Check;
use crate::code::CLUSTER_CLASS;
use crate::contract::Contract;
use crate::field::{Field, same};
use crate::go_template;

/// The values that Cluster API provides (CAPI `core/webhooks/admission/patch_validation.go`).
const BUILTINS: &[&str] = &[
    "builtin.cluster",
    "builtin.cluster.name",
    "builtin.cluster.namespace",
    "builtin.cluster.uid",
    "builtin.cluster.metadata.labels",
    "builtin.cluster.metadata.annotations",
    "builtin.cluster.topology",
    "builtin.cluster.topology.classRef.name",
    "builtin.cluster.topology.classRef.namespace",
    "builtin.cluster.topology.class",
    "builtin.cluster.topology.classNamespace",
    "builtin.cluster.topology.version",
    "builtin.cluster.network",
    "builtin.cluster.network.serviceDomain",
    "builtin.cluster.network.services",
    "builtin.cluster.network.pods",
    "builtin.cluster.network.ipFamily",
    "builtin.controlPlane",
    "builtin.controlPlane.name",
    "builtin.controlPlane.replicas",
    "builtin.controlPlane.version",
    "builtin.controlPlane.metadata.labels",
    "builtin.controlPlane.metadata.annotations",
    "builtin.controlPlane.machineTemplate.infrastructureRef.name",
    "builtin.machineDeployment",
    "builtin.machineDeployment.class",
    "builtin.machineDeployment.name",
    "builtin.machineDeployment.replicas",
    "builtin.machineDeployment.topologyName",
    "builtin.machineDeployment.version",
    "builtin.machineDeployment.metadata.labels",
    "builtin.machineDeployment.metadata.annotations",
    "builtin.machineDeployment.bootstrap.configRef.name",
    "builtin.machineDeployment.infrastructureRef.name",
    "builtin.machinePool",
    "builtin.machinePool.class",
    "builtin.machinePool.name",
    "builtin.machinePool.replicas",
    "builtin.machinePool.topologyName",
    "builtin.machinePool.version",
    "builtin.machinePool.metadata.labels",
    "builtin.machinePool.metadata.annotations",
    "builtin.machinePool.bootstrap.configRef.name",
    "builtin.machinePool.infrastructureRef.name",
];

pub(crate) fn check(check: &mut Check<'_>, spec: &Field<'_>, contract: Contract) {
    let variables: BTreeSet<_> =
        spec.get("variables").items().filter_map(|variable| variable.get("name").text()).collect();
    for patch in spec.get("patches").items() {
        check.coded_needs_text(CLUSTER_CLASS, &patch.get("name"));
        if patch.get("name").holds("inline") {
            check
                .error(CLUSTER_CLASS, &patch.get("name"), "a patch cannot be called `inline`")
                .hint("rename it: `inline` stands for the class's own variables");
        }
        template(check, &patch.get("enabledIf"));
        external(check, &patch.get("external"), contract);
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
    check.coded_listed(CLUSTER_CLASS, &op, &["add", "replace", "remove"]);
    let text = path.text_or_empty();
    if !text.starts_with("/spec") {
        check
            .error(CLUSTER_CLASS, &path, format!("a patch cannot change `{}`", path.shown()))
            .hint("patch below `/spec` only");
    }
    for step in text.split('/') {
        let Ok(index) = step.parse::<i64>() else { continue };
        if index != 0 || !op.holds("add") {
            check
                .error(CLUSTER_CLASS, &path, format!("a patch cannot address the list item `{step}`"))
                .hint("add with `0` to put an item first or `-` to append one; replace the whole list to change it");
        }
    }
    if !op.holds("add") && !op.holds("replace") {
        return;
    }
    let source = operation.get("valueFrom");
    let has_value = operation.get("value").is_set();
    if has_value == source.is_set() {
        check
            .error(CLUSTER_CLASS, operation, "a patch has not exactly one of `value` and `valueFrom`")
            .hint("keep one of them");
    }
    let (variable, own) = (source.get("variable"), source.get("template"));
    if source.is_set() && variable.is_blank() == own.is_blank() {
        check
            .error(CLUSTER_CLASS, &source, "`valueFrom` has not exactly one of `variable` and `template`")
            .hint("keep one of them");
    }
    if let Some(text) = variable.text().filter(|text| !text.is_empty()) {
        let name = text.split(['.', '[']).next().unwrap_or_default();
        if text.starts_with("builtin.") {
            if !BUILTINS.contains(&text) {
                let finding = check.error(CLUSTER_CLASS, &variable, format!("`{text}` is not a built-in variable"));
                if let Some(hint) = flatwright_diagnostic::suggest(text, BUILTINS.iter().copied()) {
                    finding.hint(hint);
                }
            }
        } else if !variables.contains(name) {
            let finding =
                check.error(CLUSTER_CLASS, &variable, format!("the variable `{name}` is not defined in this class"));
            if let Some(hint) = flatwright_diagnostic::suggest(name, variables.iter().copied()) {
                finding.hint(hint);
            }
        }
    }
    template(check, &own);
}

fn external(check: &mut Check<'_>, external: &Field<'_>, contract: Contract) {
    let names = contract
        .pick(["generateExtension", "validateExtension"], ["generatePatchesExtension", "validateTopologyExtension"]);
    if external.is_set() && names.iter().all(|name| external.get(name).is_blank()) {
        check
            .error(CLUSTER_CLASS, external, format!("`external` has neither `{}` nor `{}`", names[0], names[1]))
            .hint("name the runtime extension's handler");
    }
}

fn template(check: &mut Check<'_>, template: &Field<'_>) {
    if let Some(problem) = template.text().and_then(go_template::problem) {
        check.error(CLUSTER_CLASS, template, format!("the template {problem}")).hint(
            "write it as a Go template: close every `{{` with `}}`, and every `if`, `range` and `with` with `end`",
        );
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
            let stars = wanted.matches('*').count();
            if stars > 1 || (stars == 1 && !wanted.starts_with('*') && !wanted.ends_with('*')) {
                check
                    .error(CLUSTER_CLASS, &name, format!("`{wanted}` is not a pattern of class names"))
                    .hint("use one `*`, in front or at the end");
                break;
            }
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
        || resources.get("machineDeploymentClass.names").len() > 0
        || resources.get("machinePoolClass.names").len() > 0;
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
