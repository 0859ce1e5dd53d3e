//! Objects → findings: what admission would refuse of the output, and what it would admit although it cannot work.
//!
//! Owns: the way of a finding back to the user's line, through the origins of the values. Must not: have rules of its own (`admission` has them), or change
//! an object.

use flatwright_admission::{Bootstrap, Options, UnresolvedReference, check_create, check_set};
use flatwright_capi::{Object, Subject, is_patched};
use flatwright_diagnostic::{Anchor, Diagnostic, Path, Report, Segment, Severity};
use flatwright_flatcar::subscription::Subscription;
use flatwright_kubernetes::table::Day;
use flatwright_plan::{Plan, Profile};
use serde_json::Value as Json;

use crate::calls::Call;
use crate::json::to_json;
use crate::kinds::{self, Known, Releases};
use crate::places::of_plugin;

/// Families of rules that the spec's own checks judge too, with more knowledge. Where those have spoken at a place, the object's finding about it is left out.
const TWINS: &[(&str, &str)] = &[
    ("manifest-flatcar-image", "image-reference"),
    ("manifest-architecture-mismatch", "architecture-mismatch"),
    ("manifest-address-overlap", "network-range"),
    ("manifest-reboot-managers", "reboot-manager"),
    ("manifest-etcd-disk", "etcd-disk"),
];

/// What can be known about the surroundings of the objects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings<'a> {
    /// What plugins did: a finding about a value of theirs is a finding about them.
    pub(crate) calls: &'a [Call],
    /// Whether the objects are all that there will be: a reference to another one is an error then, else a warning.
    pub(crate) is_complete: bool,
    /// Today, if the caller was told.
    pub(crate) today: Option<Day>,
    /// What the subscription can have, if its lists were given.
    pub(crate) subscription: Option<&'static Subscription>,
}

/// Checks the objects of one cluster, alone and together. `root` is where findings stand that come from no line of the spec.
pub(crate) fn verify(objects: &[Object], plan: &Plan, root: &Anchor, around: Surroundings<'_>, report: &mut Report) {
    let options = Options {
        complete: around.is_complete,
        today: around.today,
        subscription: around.subscription,
        ..Options::default()
    };
    let values: Vec<Json> = objects.iter().map(|object| to_json(&object.value)).collect();
    let alone = objects.iter().zip(&values).flat_map(|(object, value)| {
        alone(object, value, plan, &options).into_iter().map(move |finding| (object, finding))
    });
    let together = check_set(&values, &options).into_iter().map(|(index, finding)| (&objects[index], finding));
    for (object, finding) in alone.chain(together) {
        if is_about_existing_identity(&finding, object, plan) || is_about_empty_file(&finding) {
            continue;
        }
        let finding = placed(finding, object, plan, around.calls, root);
        if !is_told_by_spec(&finding, report) {
            report.push(finding);
        }
    }
}

/// What admission says of one object. What the compiler emits has the fields of its types; a patch may write anything, so there the kind's schema is asked too.
fn alone(object: &Object, value: &Json, plan: &Plan, options: &Options) -> Vec<Diagnostic> {
    if !is_patched(object, plan) {
        return check_create(value, options);
    }
    let releases = Releases::of_spec(plan.releases.iter().map(|(provider, release)| (*provider, release.as_str())));
    kinds::findings(value, None, Known::built_in(object.api_version(), object.kind()), &releases, options)
}

/// A spec that names an identity without saying its type means one that is in the management cluster already.
fn is_about_existing_identity(finding: &Diagnostic, object: &Object, plan: &Plan) -> bool {
    finding.code == UnresolvedReference::MISSING_OBJECT
        && object.kind() == "AzureCluster"
        && plan.azure.identity.identity_type.is_none()
}

/// A file without contents in the output is one that the spec says is empty: there, a file that says nothing of its contents is refused.
fn is_about_empty_file(finding: &Diagnostic) -> bool {
    finding.code == Bootstrap::WITHOUT_CONTENT
}

fn is_told_by_spec(finding: &Diagnostic, report: &Report) -> bool {
    let twin = TWINS.iter().find(|(family, _)| *family == finding.code.family()).map(|(_, twin)| *twin);
    report.diagnostics().iter().any(|told| Some(told.code.family()) == twin && told.anchor == finding.anchor)
}

fn placed(mut finding: Diagnostic, object: &Object, plan: &Plan, calls: &[Call], root: &Anchor) -> Diagnostic {
    let path = finding.object_path.clone().unwrap_or_default();
    if is_name_of_argument(object, &path) {
        finding.about_key();
    }
    let anchor = anchor(object, &path, plan).unwrap_or_else(|| root.clone());
    let has_part = finding.inner.is_some() || finding.is_about_key;
    finding.anchor = Some(Anchor { part: if has_part { finding.part() } else { anchor.part }, ..anchor });
    finding.note(format!("in {} `{}`", object.kind(), object.name()));
    if let Some(found) = of_plugin(object.value.origin_at(&path), calls, plan) {
        found.put(&mut finding);
    }
    // What upstream's own templates do is reproduced on request: then it is told, and no reason to stop.
    if plan.profile == Profile::Capz && finding.code.family().starts_with("manifest-") {
        finding.severity = finding.severity.min(Severity::Warning);
    }
    finding
}

/// An argument is an entry of a mapping in a spec, and an item with its name in an object: both parts of the item come from the one entry.
fn is_name_of_argument(object: &Object, path: &Path) -> bool {
    let [above @ .., Segment::Key(list), Segment::Index(index), Segment::Key(name)] = path.segments() else {
        return false;
    };
    if name.as_ref() != "name" || !matches!(list.as_ref(), "extraArgs" | "kubeletExtraArgs") {
        return false;
    }
    let mut value: Path = above.iter().cloned().collect();
    value.push_key(list);
    value.push_index(*index);
    value.push_key("value");
    let origin = object.value.origin_at(path);
    origin.anchor().is_some() && origin == object.value.origin_at(&value)
}

/// The user's line behind a path of an object: the origin of the value, else of what is around it, else the node group's.
fn anchor(object: &Object, path: &Path, plan: &Plan) -> Option<Anchor> {
    let group = match object.subject {
        Subject::Group(index) => plan.groups.get(index).and_then(|group| group.origin.anchor()),
        Subject::Cluster | Subject::Addon(_) => None,
    };
    object.value.origin_at(path).anchor().or(group)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn twins_are_families_that_exist() {
        let known: BTreeSet<&str> = crate::codes().into_iter().map(|code| code.family()).collect();
        for (family, twin) in TWINS {
            assert!(known.contains(family) && known.contains(twin), "{family}, {twin}");
        }
    }
}
