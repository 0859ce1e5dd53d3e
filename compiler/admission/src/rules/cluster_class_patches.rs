//! The patches of a `ClusterClass` (CAPI `core/webhooks/admission/patch_validation.go`).

use std::collections::BTreeSet;

use flatwright_diagnostic::{Part, Rule};

use crate::check::Check;
use crate::contract::Contract;
use crate::field::{Field, same, shown};
use crate::values_template;

/// What the webhook refuses of a patch.
#[derive(Debug, Rule)]
#[rule(group = "admission-cluster-class")]
pub(crate) enum Patch {
    /// A patch without a name.
    #[rule("patch-without-name", "`{field}` is missing")]
    NoName { field: String },
    /// The name that stands for the class's own variables.
    #[rule("reserved-patch-name", "a patch cannot be named `inline`")]
    ReservedName,
    /// A template that does not parse.
    #[rule("patch-template-syntax", "the template is invalid: {flaw}")]
    Template { flaw: String },
    /// Two ways of patching, or none.
    #[rule("patch-source", "a patch needs exactly one of `definitions` and `external`")]
    Source,
    /// A runtime extension that is not named.
    #[rule("patch-without-extension", "`external` has neither `{generate}` nor `{validate}`")]
    NoExtension { generate: &'static str, validate: &'static str },
    /// Another operation of JSON Patch.
    #[rule("unknown-patch-operation", "`{operation}` is not an operation of a patch")]
    Operation { operation: String },
    /// A place outside of the spec.
    #[rule("patch-outside-spec", "a patch cannot change `{path}`")]
    OutsideSpec { path: String },
    /// An item in the middle of a list.
    #[rule("patch-of-list-item", "a patch cannot address the list item `{item}`")]
    ListItem { item: String },
    /// Two values, or none.
    #[rule("patch-value", "a patch needs exactly one of `value` and `valueFrom`")]
    Value,
    /// Two origins of a value, or none.
    #[rule("patch-value-origin", "`valueFrom` needs exactly one of `variable` and `template`")]
    ValueOrigin,
    /// A variable that Cluster API does not provide.
    #[rule("unknown-builtin-variable", "`{variable}` is not a built-in variable")]
    UnknownBuiltin { variable: String },
    /// A variable that the class does not define.
    #[rule("undefined-variable", "the variable `{variable}` is not defined in this class")]
    UndefinedVariable { variable: String },
    /// A pattern with a `*` in the middle, or with two.
    #[rule("class-name-pattern", "`{pattern}` is not a pattern of class names")]
    Pattern { pattern: String },
    /// A template that the class does not refer to.
    #[rule("patched-template-not-in-class", "the class refers to no `{kind}` of `{version}` there")]
    NotInClass { kind: String, version: String },
    /// A selector that selects nothing.
    #[rule("patch-selects-nothing", "the patch's selector matches nothing")]
    SelectsNothing,
}

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
        check.needs_text(&patch.get("name"), |field| Patch::NoName { field });
        if patch.get("name").holds("inline") {
            check
                .refuse(&patch.get("name"), &Patch::ReservedName)
                .hint("rename it: `inline` stands for the class's own variables");
        }
        template(check, &patch.get("enabledIf"));
        external(check, &patch.get("external"), contract);
        let (definitions, external) = (patch.get("definitions"), patch.get("external"));
        if (definitions.len() > 0) == external.is_set() {
            check.refuse(&patch, &Patch::Source).hint("keep one of them");
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
    check.listed(&op, &["add", "replace", "remove"], |_, operation| Patch::Operation { operation });
    let text = path.text_or_empty();
    if !text.starts_with("/spec") {
        check.refuse(&path, &Patch::OutsideSpec { path: path.shown() }).hint("patch below `/spec` only");
    }
    for step in text.split('/') {
        let Ok(index) = step.parse::<i64>() else { continue };
        if index != 0 || !op.holds("add") {
            check
                .refuse(&path, &Patch::ListItem { item: shown(step) })
                .hint("add with `0` to put an item first or `-` to append one; replace the whole list to change it");
        }
    }
    if !op.holds("add") && !op.holds("replace") {
        return;
    }
    let source = operation.get("valueFrom");
    let has_value = operation.get("value").is_set();
    if has_value == source.is_set() {
        check.refuse(operation, &Patch::Value).hint("keep one of them");
    }
    let (variable, own) = (source.get("variable"), source.get("template"));
    if source.is_set() && variable.is_blank() == own.is_blank() {
        check.refuse(&source, &Patch::ValueOrigin).hint("keep one of them");
    }
    if let Some(text) = variable.text().filter(|text| !text.is_empty()) {
        let name = text.split(['.', '[']).next().unwrap_or_default();
        if text.starts_with("builtin.") {
            if !BUILTINS.contains(&text) {
                check.refuse(&variable, &Patch::UnknownBuiltin { variable: variable.shown() }).did_you_mean(
                    text,
                    Part::Value,
                    BUILTINS.iter().copied(),
                );
            }
        } else if !variables.contains(name) {
            let known: Vec<_> = variables.iter().map(|known| format!("{known}{}", &text[name.len()..])).collect();
            check.refuse(&variable, &Patch::UndefinedVariable { variable: shown(name) }).did_you_mean(
                text,
                Part::Value,
                known.iter().map(String::as_str),
            );
        }
    }
    template(check, &own);
}

fn external(check: &mut Check<'_>, external: &Field<'_>, contract: Contract) {
    let names = contract
        .pick(["generateExtension", "validateExtension"], ["generatePatchesExtension", "validateTopologyExtension"]);
    if external.is_set() && names.iter().all(|name| external.get(name).is_blank()) {
        let [generate, validate] = names;
        check.refuse(external, &Patch::NoExtension { generate, validate }).hint("name the runtime extension's handler");
    }
}

fn template(check: &mut Check<'_>, template: &Field<'_>) {
    if let Some((problem, inner)) = template.text().and_then(values_template::problem_in_class) {
        check.refuse(template, &Patch::Template { flaw: problem.to_string() }).inside(inner);
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
                    .refuse(&name, &Patch::Pattern { pattern: name.shown() })
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
            .refuse(&resources, &Patch::SelectsNothing)
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
    let (kind, version) = (selector.get("kind").shown(), selector.get("apiVersion").shown());
    check
        .refuse(place, &Patch::NotInClass { kind, version })
        .hint("write the kind and apiVersion of the template that the class refers to");
}
