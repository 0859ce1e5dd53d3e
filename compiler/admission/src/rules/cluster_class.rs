//! `ClusterClass` (CAPI `core/webhooks/admission/clusterclass.go`); its patches are in `cluster_class_patches`.

use std::collections::BTreeSet;

use flatwright_diagnostic::{Fix, Rule};

use crate::check::{Check, name};
use crate::contract::Contract;
use crate::field::{Field, same};
use crate::kinds::KINDS;
use crate::rules::gates::SwitchedOff;
use crate::rules::{cluster_class_parts as parts, cluster_class_patches as patches};
use flatwright_kubernetes::version::{Release, Version};

/// What the webhook refuses of a class, but for its patches.
#[derive(Debug, Rule)]
#[rule(group = "admission-cluster-class")]
pub(crate) enum ClusterClass {
    /// A part without a template.
    #[rule("class-without-template", "`{reference}` is missing")]
    NoTemplate { reference: String },
    /// A reference to a template without its name or version.
    #[rule("incomplete-template-reference", "`{field}` is missing")]
    IncompleteReference { field: String },
    /// An apiVersion of more than two parts.
    #[rule("template-api-version", "`{version}` is not an apiVersion")]
    ApiVersion { version: String },
    /// A reference to something other than a template.
    #[rule("not-a-template-kind", "`{kind}` is not the kind of a template")]
    NotATemplate { kind: String },
    /// Two classes, variables or patches of one name.
    #[rule("duplicate-name-in-class", "`{name}` occurs twice in `{list}`")]
    Duplicate { name: String, list: String },
    /// The name of Cluster API's own variables.
    #[rule("reserved-variable-name", "a variable cannot be named `builtin`")]
    ReservedVariable,
    /// A name that reads as a way into a value.
    #[rule("dotted-variable-name", "the variable name `{name}` contains a `.`")]
    DottedVariable { name: String },
    /// A type that OpenAPI does not have.
    #[rule("unknown-variable-type", "`{value}` is not a type of a variable's schema")]
    VariableType { value: String },
    /// A version without all its numbers.
    #[rule("class-version-syntax", "`{version}` is not a full Kubernetes version")]
    VersionSyntax { version: String },
    /// A version that stands there already.
    #[rule("duplicate-class-version", "`{version}` occurs twice in `kubernetesVersions`")]
    DuplicateVersion { version: String },
    /// A version that no upgrade could reach.
    #[rule("class-version-order", "{version} cannot follow {before} in `kubernetesVersions`")]
    VersionOrder { version: Release, before: Release },
}

/// Changes that a class does not take.
#[derive(Debug, Rule)]
#[rule(group = "admission-immutable-field")]
pub(crate) enum FixedInClass {
    /// A template of another kind or group.
    #[rule("class-template-changed", "the {part} of a class's template cannot change from `{was}`")]
    TemplateKind { part: &'static str, was: String },
}

pub(crate) fn create(check: &mut Check<'_>, object: &Field<'_>) {
    let contract = Contract::of(object);
    let spec = object.get("spec");
    if !check.options.gates.cluster_topology {
        check
            .refuse(&spec, &SwitchedOff::ClusterTopology { what: "ClusterClass" })
            .hint("run `clusterctl init` with `CLUSTER_TOPOLOGY=true`");
        return;
    }
    for template in templates(&spec, contract) {
        reference(check, &template);
    }
    for list in ["machineDeployments", "machinePools"] {
        unique(check, &spec.get("workers").get(list), "class");
    }
    unique(check, &spec.get("variables"), "name");
    unique(check, &spec.get("patches"), "name");
    for variable in spec.get("variables").items() {
        let name = variable.get("name");
        if name.holds("builtin") {
            check
                .refuse(&name, &ClusterClass::ReservedVariable)
                .hint("rename it: `builtin` holds the values that Cluster API provides");
        }
        if name.text_or_empty().contains('.') {
            check
                .refuse(&name, &ClusterClass::DottedVariable { name: name.shown() })
                .hint("rename it: a `.` leads into a variable's value");
        }
        schema(check, &variable.get("schema.openAPIV3Schema"), 0);
    }
    parts::check(check, &spec, contract);
    kubernetes_versions(check, &spec.get("kubernetesVersions"));
    patches::check(check, &spec, contract);
}

/// Every reference to a template that must be there, and those of the worker classes.
fn templates<'a>(spec: &Field<'a>, contract: Contract) -> Vec<Field<'a>> {
    let key = contract.pick("ref", "templateRef");
    let mut found = vec![spec.get("infrastructure").get(key), spec.get("controlPlane").get(key)];
    let machines = spec.get("controlPlane.machineInfrastructure");
    if machines.is_set() {
        found.push(machines.get(key));
    }
    for list in ["machineDeployments", "machinePools"] {
        for class in spec.get("workers").get(list).items() {
            let parts = contract.pick("template", "");
            let class = if parts.is_empty() { class } else { class.get(parts) };
            found.push(class.get("bootstrap").get(key));
            found.push(class.get("infrastructure").get(key));
        }
    }
    found
}

fn reference(check: &mut Check<'_>, reference: &Field<'_>) {
    if !reference.is_set() {
        check
            .refuse(reference, &ClusterClass::NoTemplate { reference: name(reference) })
            .hint(format!("set `{}` to a template", reference.path()));
        return;
    }
    for key in ["apiVersion", "name"] {
        check.needs_text(&reference.get(key), |field| ClusterClass::IncompleteReference { field });
    }
    let version = reference.get("apiVersion");
    if version.text().is_some_and(|text| text.matches('/').count() > 1) {
        check.refuse(&version, &ClusterClass::ApiVersion { version: version.shown() }).hint("write `GROUP/VERSION`");
    }
    let kind = reference.get("kind");
    let word = kind.text_or_empty();
    if !word.ends_with("Template") || word == "Template" {
        let finding = check.refuse(&kind, &ClusterClass::NotATemplate { kind: kind.shown() });
        finding.hint(format!("write `{word}Template`"));
        if kind_exists(word) {
            finding.fix(Fix::rewrite(word, format!("{word}Template")));
        }
    }
}

/// Whether a kind of ours has a template, so that nothing else can be meant.
fn kind_exists(kind: &str) -> bool {
    KINDS.iter().any(|known| known.name.strip_suffix("Template") == Some(kind))
}

fn unique(check: &mut Check<'_>, list: &Field<'_>, key: &str) {
    let mut seen = BTreeSet::new();
    for item in list.items() {
        let own = item.get(key);
        if let Some(text) = own.text()
            && !seen.insert(text)
        {
            check
                .refuse(&own, &ClusterClass::Duplicate { name: own.shown(), list: name(list) })
                .hint("rename one of them");
        }
    }
}

fn schema(check: &mut Check<'_>, schema: &Field<'_>, depth: usize) {
    const TYPES: &[&str] = &["object", "array", "string", "integer", "number", "boolean"];
    if depth > 20 || !schema.is_set() {
        return;
    }
    check.listed(&schema.get("type"), TYPES, |_, value| ClusterClass::VariableType { value });
    for (_, property) in schema.get("properties").entries() {
        self::schema(check, &property, depth + 1);
    }
    self::schema(check, &schema.get("items"), depth + 1);
    self::schema(check, &schema.get("additionalProperties"), depth + 1);
}

/// Upgrades go through this list, so no minor may be missing.
fn kubernetes_versions(check: &mut Check<'_>, list: &Field<'_>) {
    let mut before: Option<Release> = None;
    let mut seen = BTreeSet::new();
    for item in list.items() {
        // Versions of one core are ordered by what follows it; only a repetition is certain here.
        if let Some(text) = item.text()
            && !seen.insert(text)
        {
            check.refuse(&item, &ClusterClass::DuplicateVersion { version: item.shown() }).hint("keep one of them");
            continue;
        }
        let Some(version) = item.text().and_then(Version::parse_tolerant).map(|version| version.release()) else {
            check
                .refuse(&item, &ClusterClass::VersionSyntax { version: item.shown() })
                .hint("write all three numbers, such as `v1.34.2`");
            continue;
        };
        if let Some(last) = before {
            let is_next =
                version >= last && (version.minor == last.minor || version.minor == last.minor.saturating_add(1));
            if !is_next {
                check
                    .refuse(&item, &ClusterClass::VersionOrder { version, before: last })
                    .hint("list versions upwards, without leaving out a minor");
            }
        }
        before = Some(version);
    }
}

/// Templates may be exchanged for others of the same kind; a class in use cannot be removed, which only the server knows.
pub(crate) fn update(check: &mut Check<'_>, old: &Field<'_>, new: &Field<'_>) {
    create(check, new);
    let contract = Contract::of(new);
    if contract != Contract::of(old) {
        return;
    }
    let key = contract.pick("ref", "templateRef");
    let [before, after] = [old, new].map(|object| object.get("spec"));
    for path in ["infrastructure", "controlPlane", "controlPlane.machineInfrastructure"] {
        same_kind(check, &before.get(path).get(key), &after.get(path).get(key));
    }
    let home = contract.pick("template.infrastructure", "infrastructure");
    for list in ["machineDeployments", "machinePools"] {
        let [before, after] = [&before, &after].map(|spec| spec.get("workers").get(list));
        for class in after.items() {
            let known = before.items().find(|known| same(known.get("class").value(), class.get("class").value()));
            if let Some(known) = known {
                same_kind(check, &known.get(home).get(key), &class.get(home).get(key));
            }
        }
    }
}

/// Another template is fine, another kind of template is not; the version of the group may change.
fn same_kind(check: &mut Check<'_>, before: &Field<'_>, after: &Field<'_>) {
    if !before.is_defined() || !after.is_defined() {
        return;
    }
    let group = |field: &Field<'_>| field.text_or_empty().split_once('/').map_or("", |(group, _)| group).to_owned();
    let (was, is) = (before.get("apiVersion"), after.get("apiVersion"));
    if group(&was) != group(&is) {
        check
            .refuse(&is, &FixedInClass::TemplateKind { part: "group", was: group(&was) })
            .hint(format!("keep `{}`, or make a new class", was.shown()));
    }
    let (was, is) = (before.get("kind"), after.get("kind"));
    if !same(was.value(), is.value()) {
        check
            .refuse(&is, &FixedInClass::TemplateKind { part: "kind", was: was.shown() })
            .hint(format!("keep `{}`, or make a new class", was.shown()));
    }
}
