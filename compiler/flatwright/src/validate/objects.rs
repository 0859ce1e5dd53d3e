//! Manifests → findings: schema, admission rules, the objects together, and the machine configs and units inside of them.

use std::collections::BTreeMap;

use flatwright_admission::{Gates, Options, check_create, check_set, check_update, defaulted};
use flatwright_diagnostic::{Diagnostic, Path, Report, Severity};
use flatwright_render::Sources;
use flatwright_schema::{Crds, Schema};
use flatwright_spec::rules::UnknownKind;
use serde_json::Value as Json;

use super::carried::Carried;
use super::manifests::Manifest;
use super::{rendered, schemas, variables};

/// What manifests are checked against.
pub(super) struct Against<'a> {
    pub(super) crds: &'a Crds,
    /// What was applied before.
    pub(super) old: &'a [Manifest],
    pub(super) is_complete: bool,
    pub(super) gates: Gates,
}

impl Against<'_> {
    fn options(&self, schema_limits: bool) -> Options {
        Options { gates: self.gates, complete: self.is_complete, schema_limits }
    }
}

pub(super) fn check(manifests: &[Manifest], against: &Against<'_>, sources: &Sources, report: &mut Report) {
    let own = schemas::of_stream(manifests, report);
    let old: BTreeMap<Identity<'_>, &Json> =
        against.old.iter().map(|manifest| (identity(manifest), &manifest.value)).collect();
    let mut carried = Carried::new(sources);
    let mut is_good = Vec::with_capacity(manifests.len());
    for manifest in manifests {
        let told = report.diagnostics().len();
        let old = old.get(&identity(manifest)).copied();
        let schema = find(&own, manifest).or_else(|| find(against.crds, manifest));
        for finding in findings(&manifest.value, old, schema, &against.options(schema.is_none())) {
            report.push(manifest.place(finding));
        }
        if schema.is_none() {
            check_version(manifest, against.crds, report);
        }
        carried.check(manifest, report);
        is_good.push(report.diagnostics().iter().skip(told).all(|finding| finding.severity != Severity::Error));
    }
    variables::check(manifests, report);
    let (values, origins): (Vec<_>, Vec<_>) =
        manifests.iter().map(|manifest| (manifest.value.clone(), manifest)).unzip();
    for (index, finding) in check_set(&values, &against.options(true)) {
        report.push(origins[index].place(finding));
    }
    rendered::check(manifests, &is_good, report);
}

/// What the API server says of one object, as paths in it: the mutating webhooks' defaults, the schema, the validating webhooks.
pub(super) fn findings(
    object: &Json,
    old: Option<&Json>,
    schema: Option<&Schema>,
    options: &Options,
) -> Vec<Diagnostic> {
    let mut found = match schema {
        Some(schema) => schema.validate(&defaulted(object), old.map(defaulted).as_ref()),
        None => Vec::new(),
    };
    let refused: Vec<Path> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter_map(|finding| finding.object_path.clone())
        .collect();
    let judged = match old {
        Some(old) => check_update(old, object, options),
        None => check_create(object, options),
    };
    // The webhooks are not asked about what the schema refuses.
    found.extend(judged.into_iter().filter(|finding| {
        let is_refused = finding.object_path.as_ref().is_some_and(|path| refused.contains(path));
        !is_refused || finding.severity != Severity::Error
    }));
    found
}

type Identity<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Objects of one kind and name are the same object. Another version of it is not compared: it would have to be converted first.
fn identity(manifest: &Manifest) -> Identity<'_> {
    (manifest.text("apiVersion"), manifest.text("kind"), manifest.namespace(), manifest.metadata("name"))
}

fn find<'c>(crds: &'c Crds, manifest: &Manifest) -> Option<&'c Schema> {
    crds.find(manifest.text("apiVersion"), manifest.text("kind"))
}

/// CRDs that know the kind, but not in this version.
fn check_version(manifest: &Manifest, crds: &Crds, report: &mut Report) {
    let (api_version, kind) = (manifest.text("apiVersion"), manifest.text("kind"));
    let Some((group, _)) = api_version.split_once('/') else { return };
    let served: Vec<&str> =
        crds.versions_of(kind).filter(|known| known.split_once('/').is_some_and(|(known, _)| known == group)).collect();
    if served.is_empty() {
        return;
    }
    let rule = UnknownKind::Unserved { api_version: api_version.to_owned(), kind: kind.to_owned() };
    let mut finding = Diagnostic::of(&rule, Severity::Error);
    finding.within(Path::root().key("apiVersion")).hint(format!("known here: `{}`", served.join("`, `")));
    report.push(manifest.place(finding));
}
