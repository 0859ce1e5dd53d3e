//! What the conversion webhooks refuse of objects in old versions: durations that Go does not read, and references to kinds that nobody serves.
//!
//! A schema sees any text there. The server answers with an internal error, which names neither the field nor its value.
//! CAPI `api/core/v1beta1/conversion.go` and its like: the contract v1beta2 has seconds as numbers, and references without a version, which is looked up in the
//! CRD of the kind when the object is converted back.

use std::collections::BTreeSet;

use flatwright_diagnostic::{Part, Rule};
use flatwright_go::duration;
use flatwright_kubernetes::crds::{self, Definition, Form, Line};
use flatwright_kubernetes::{is_placeholder, manifest};

use super::limits::ValueLimit;
use crate::check::{Check, name};
use crate::field::Field;

/// The fields that are durations wherever a kind of the table has them as texts (`metav1.Duration`).
const DURATIONS: &[&str] = &[
    "minHealthyPeriod",
    "nodeDeletionTimeout",
    "nodeDrainTimeout",
    "nodeStartupTimeout",
    "nodeVolumeDetachTimeout",
    "retryPeriod",
    "timeout",
    "timeoutForControlPlane",
    "ttl",
];

/// The references that are converted.
const REFERENCES: &[&str] = &["configRef", "controlPlaneRef", "infrastructureRef"];

/// References that the server cannot convert.
#[derive(Debug, Rule)]
#[rule(group = "admission-unknown-reference")]
pub(crate) enum UnknownReference {
    /// A reference without the group of its kind.
    #[rule("reference-without-group", "`{api_version}` names no group, so there is no kind `{kind}` in it")]
    Group { api_version: String, kind: String },
    /// A text that is not the name of a kind.
    #[rule("reference-kind-syntax", "`{kind}` is not the name of a kind")]
    Syntax { kind: String },
    /// A kind that is misspelt, or of another group.
    #[rule("reference-to-unknown-kind", "the group `{group}` has no kind `{kind}`")]
    Kind { group: String, kind: String },
    /// A version in which the kind is not served.
    #[rule("reference-to-unknown-version", "`{kind}` is not served as `{api_version}`")]
    Version { kind: String, api_version: String },
}

/// Looks at what a kind of the table has below `spec`, where conversion reads more than the schema.
pub(crate) fn check(check: &mut Check<'_>, object: &Field<'_>) {
    let api_version = object.get("apiVersion").text_or_empty();
    // What the Azure provider serves has no other version, and contract v1beta2 has neither.
    let is_converted =
        !manifest::group(api_version).starts_with("infrastructure.") && !api_version.ends_with("/v1beta2");
    if !is_converted {
        return;
    }
    let Some(Definition { root, kind, .. }) = crds::find(api_version, object.get("kind").text_or_empty()) else {
        return;
    };
    if let Some(spec) = root.property("spec") {
        // Classes keep the versions of what they refer to.
        let has_references = kind != "ClusterClass" && api_version.ends_with("/v1beta1");
        walk(check, &object.get("spec"), spec, has_references);
    }
}

fn walk(check: &mut Check<'_>, at: &Field<'_>, line: Line, has_references: bool) {
    match line.form() {
        Form::Fields => {
            for (key, field) in at.entries() {
                let Some(below) = line.property(key) else { continue };
                if DURATIONS.contains(&key) && below.form() == Form::Scalar {
                    readable(check, &field);
                } else if has_references && REFERENCES.contains(&key) {
                    reference(check, &field);
                } else {
                    walk(check, &field, below, has_references);
                }
            }
        }
        Form::List(below) => at.items().for_each(|item| walk(check, &item, below, has_references)),
        Form::Entries(below) => at.entries().for_each(|(_, field)| walk(check, &field, below, has_references)),
        Form::Anything | Form::Scalar => {}
    }
}

fn readable(check: &mut Check<'_>, field: &Field<'_>) {
    if field.text().is_some_and(|text| !is_placeholder(text) && duration::seconds(text).is_none()) {
        check
            .refuse(field, &ValueLimit::Duration { field: name(field), value: field.shown() })
            .note("the server answers with an internal error of the conversion webhook")
            .hint("write a number and a unit without blanks, such as `20m` or `1h30m`");
    }
}

fn reference(check: &mut Check<'_>, reference: &Field<'_>) {
    let (api_version, kind) = (reference.get("apiVersion"), reference.get("kind"));
    let (version, name) = (api_version.text_or_empty(), kind.text_or_empty());
    let is_text = |field: &Field<'_>| !field.is_set() || field.text().is_some();
    let is_said = !version.is_empty() || !name.is_empty();
    if !is_said || !is_text(&api_version) || !is_text(&kind) || is_placeholder(version) || is_placeholder(name) {
        return;
    }
    let group = manifest::group(version);
    if group.is_empty() {
        let rule = UnknownReference::Group { api_version: version.to_owned(), kind: name.to_owned() };
        let finding = check.refuse(&api_version, &rule);
        finding.note(LOOKED_UP);
        match crds::definitions().find(|known| known.kind == name) {
            Some(known) => finding.hint(format!("write `apiVersion: {}`", known.api_version)),
            None => finding.hint("write the group and the version, such as `infrastructure.cluster.x-k8s.io/v1beta1`"),
        };
    } else if !is_kind(name) {
        let finding = check.refuse(&kind, &UnknownReference::Syntax { kind: name.to_owned() });
        finding.note(LOOKED_UP).did_you_mean(name, Part::Value, kinds_of(group));
    } else if let Some(known) = crds::definitions().find(|known| known.kind == name) {
        known_kind(check, (&api_version, &kind), group, known);
    } else if flatwright_diagnostic::nearest(name, kinds_of(group)).is_some() && !is_elsewhere(name) {
        let finding = check.refuse(&kind, &UnknownReference::Kind { group: group.to_owned(), kind: name.to_owned() });
        finding.note(LOOKED_UP).did_you_mean(name, Part::Value, kinds_of(group));
    }
}

const LOOKED_UP: &str =
    "the server looks the kind up when it converts the object, and answers with an error of the conversion webhook";

/// A reference to a kind of the table: in its own group, and in a version that is served.
fn known_kind(check: &mut Check<'_>, (api_version, kind): (&Field<'_>, &Field<'_>), group: &str, known: Definition) {
    let (version, name) = (api_version.text_or_empty().to_owned(), known.kind.to_owned());
    if manifest::group(known.api_version) != group {
        check
            .refuse(kind, &UnknownReference::Kind { group: group.to_owned(), kind: name })
            .note(LOOKED_UP)
            .hint(format!("write `apiVersion: {}`", known.api_version));
    } else if crds::find(&version, &name).is_none() {
        check
            .warn(api_version, &UnknownReference::Version { kind: name, api_version: version })
            .note("the server takes the version that it knows")
            .hint(format!("write `{}`", known.api_version));
    }
}

fn kinds_of(group: &str) -> BTreeSet<&'static str> {
    crds::definitions().filter(|known| manifest::group(known.api_version) == group).map(|known| known.kind).collect()
}

/// Kinds of Azure's provider that are near others and that the table has not.
fn is_elsewhere(kind: &str) -> bool {
    ["AzureManaged", "AzureASOManaged"].iter().any(|start| kind.starts_with(start)) || kind == "AzureMachinePoolMachine"
}

fn is_kind(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
