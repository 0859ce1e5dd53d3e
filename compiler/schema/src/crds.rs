//! Loading CRDs and finding the schema of a kind. Each version is compiled when it is first asked for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use flatwright_diagnostic::{Diagnostic, Path, Severity};
use flatwright_kubernetes::manifest;
use serde_json::Value;

use crate::broken::Definition;
use crate::schema::{DEEPEST, Facts, Scale, Schema, is_deeper_than};

/// A set of CustomResourceDefinitions, indexed by apiVersion and kind.
///
/// ```
/// use flatwright_schema::Crds;
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}});
/// let crd = json!({"kind": "CustomResourceDefinition", "spec": {
///     "group": "example.com", "names": {"kind": "Pool"}, "versions": [{"name": "v1", "schema": {"openAPIV3Schema": schema}}],
/// }});
/// let (crds, problems) = Crds::from_values([crd]);
/// assert!(problems.is_empty());
/// let schema = crds.find("example.com/v1", "Pool").expect("the CRD is loaded");
/// let found = schema.validate(&json!({"apiVersion": "example.com/v1", "kind": "Pool", "metadata": {"name": "a"}, "spec": {"sise": 3}}), None);
/// assert_eq!(found[0].message, "unknown field `sise`");
/// assert_eq!(found[0].hints, ["did you mean `size`?"]);
/// ```
#[derive(Debug, Default)]
pub struct Crds {
    /// `kind` first: a lookup by kind alone lists its versions.
    kinds: BTreeMap<(Box<str>, Box<str>), Version>,
}

/// One version of one kind, as it stands in the CRD.
#[derive(Debug)]
struct Version {
    raw: Value,
    facts: Facts,
    schema: OnceLock<Schema>,
}

impl Crds {
    /// Takes CRDs as parsed: one per value, or lists of them (`kubectl get crd -o yaml`). Values of other kinds are left alone; a CRD that cannot be used is
    /// an error, with its path below the value. Of two CRDs for the same kind and version, the later one counts.
    pub fn from_values(values: impl IntoIterator<Item = Value>) -> (Self, Vec<Diagnostic>) {
        let mut crds = Self::default();
        let mut problems = Vec::new();
        for value in values {
            crds.take(value, Path::root(), &mut problems);
        }
        (crds, problems)
    }

    /// The schema of a kind, compiled now if it was not yet.
    pub fn find(&self, api_version: &str, kind: &str) -> Option<&Schema> {
        let version = self.kinds.get(&(Box::from(kind), Box::from(api_version)))?;
        Some(version.schema.get_or_init(|| Schema::new(&version.raw, version.facts.clone())))
    }

    /// The apiVersions that are known of a kind, for a hint when [`Crds::find`] has none.
    pub fn versions_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.kinds.keys().filter(move |(known, _)| **known == *kind).map(|(_, api_version)| &**api_version)
    }

    /// Every apiVersion and kind that is known, sorted by kind.
    pub fn kinds(&self) -> impl Iterator<Item = (&str, &str)> {
        self.kinds.keys().map(|(kind, api_version)| (&**api_version, &**kind))
    }

    fn take(&mut self, mut value: Value, path: Path, problems: &mut Vec<Diagnostic>) {
        // A schema of that depth would have to be walked by recursion.
        if is_deeper_than(&value, 2 * DEEPEST) {
            report(problems, path, &Definition::Nesting);
            return;
        }
        const KIND: &str = "CustomResourceDefinition";
        if manifest::kind(&value) == KIND {
            self.take_crd(value, &path, problems);
            return;
        }
        for (index, item) in manifest::take_items(&mut value).into_iter().flatten().enumerate() {
            if manifest::kind(&item) == KIND {
                self.take_crd(item, &path.key("items").index(index), problems);
            }
        }
    }

    fn take_crd(&mut self, mut crd: Value, path: &Path, problems: &mut Vec<Diagnostic>) {
        let text = |pointer: &str| crd.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
        let path = path.key("spec");
        let Some(group) = text("/spec/group").map(str::to_owned) else {
            report(problems, path.key("group"), &Definition::WithoutGroup);
            return;
        };
        let Some(kind) = text("/spec/names/kind").map(str::to_owned) else {
            report(problems, path.key("names").key("kind"), &Definition::WithoutKind { group });
            return;
        };
        let Some(Value::Array(versions)) = crd.pointer_mut("/spec/versions").map(Value::take) else {
            report(problems, path.key("versions"), &Definition::WithoutVersions { kind });
            return;
        };
        for (index, mut version) in versions.into_iter().enumerate() {
            let path = path.key("versions").index(index);
            let Some(name) = version.get("name").and_then(Value::as_str).map(str::to_owned) else {
                let kind = kind.clone();
                report(problems, path.key("name"), &Definition::VersionWithoutName { kind });
                continue;
            };
            if version.get("served").and_then(Value::as_bool) == Some(false) {
                continue;
            }
            let facts = facts(version.get("subresources").unwrap_or(&Value::Null));
            let Some(raw) = version.pointer_mut("/schema/openAPIV3Schema").map(Value::take).filter(Value::is_object)
            else {
                let kind = kind.clone();
                report(problems, path.key("schema"), &Definition::WithoutSchema { kind, version: name });
                continue;
            };
            let key = (kind.as_str().into(), format!("{group}/{name}").into());
            self.kinds.insert(key, Version { raw, facts, schema: OnceLock::new() });
        }
    }
}

pub(crate) fn facts(subresources: &Value) -> Facts {
    let text = |pointer: &str| subresources.pointer(pointer).and_then(Value::as_str).map(Box::from);
    Facts {
        has_status: subresources.get("status").is_some_and(|status| !status.is_null()),
        scale: text("/scale/specReplicasPath").map(|spec_replicas| Scale {
            spec_replicas,
            status_replicas: text("/scale/statusReplicasPath").unwrap_or_default(),
            label_selector: text("/scale/labelSelectorPath"),
        }),
    }
}

fn report(problems: &mut Vec<Diagnostic>, path: Path, rule: &Definition) {
    let mut problem = Diagnostic::of(rule, Severity::Error);
    problem.within(path);
    problems.push(problem);
}
