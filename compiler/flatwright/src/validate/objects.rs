//! Manifests that belong together → findings: schema, admission rules, the objects together, and what machines would boot with.

use std::collections::BTreeMap;

use flatwright_admission::{Gates, ObjectSet, Options, check_create, check_update, defaulted, in_order};
use flatwright_diagnostic::{Diagnostic, Path, Report, Severity};
use flatwright_kubernetes::table::Day;
use flatwright_render::Checked;
use flatwright_schema::{Crds, Schema};
use flatwright_spec::rules::UnknownKind;
use serde_json::Value as Json;

use super::manifests::Manifest;
use super::rendered::{Provider, Rendered};
use super::{seen, variables};
use crate::parallel;

/// So many objects are one share of work.
const SHARE: usize = 64;

/// What manifests are checked against.
pub(super) struct Against<'a> {
    pub(super) crds: &'a Crds,
    /// What was applied before.
    pub(super) old: &'a BTreeMap<Identity<'a>, &'a Json>,
    pub(super) is_complete: bool,
    pub(super) gates: Gates,
    pub(super) today: Option<Day>,
}

impl Against<'_> {
    fn options(&self, schema_limits: bool) -> Options {
        Options { gates: self.gates, complete: self.is_complete, schema_limits, today: self.today }
    }
}

/// Checks the objects of a scope. `own` are the CRDs among them; `provider` is this thread's.
pub(super) fn check(
    manifests: &[Manifest],
    own: &Crds,
    against: &Against<'_>,
    threads: usize,
    provider: &mut Provider,
    checked: &mut Checked,
    report: &mut Report,
) {
    let rendered = Rendered::of(manifests);
    let alone = |provider: &mut Provider, share: &[Manifest]| {
        let (mut checked, mut report) = (Checked::default(), Report::new());
        for manifest in share {
            one(manifest, own, against, (&rendered, &mut *provider), &mut checked, &mut report);
        }
        (checked, report)
    };
    let mut take = |(of_share, found): (Checked, Report)| {
        checked.extend(of_share);
        report.extend(found);
    };
    let is_shared = threads > 1 && manifests.len() > SHARE;
    if is_shared {
        let shares: Vec<_> = manifests.chunks(SHARE).collect();
        parallel::queue(shares.len(), threads, Provider::default, |own, at| alone(own, shares[at]), take);
    } else {
        take(alone(provider, manifests));
    }
    variables::check(manifests, report);
    let options = against.options(true);
    let set = || ObjectSet::new(manifests.iter().map(|manifest| &manifest.value));
    let mut shares = Vec::new();
    let threads = if is_shared { threads } else { 1 };
    let count = ObjectSet::shares(manifests.len());
    parallel::queue(count, threads, set, |set, share| set.check(share, &options), |found| shares.push(found));
    for (index, finding) in in_order(shares) {
        report.push(manifests[index].place(finding));
    }
}

/// One object by itself.
fn one(
    manifest: &Manifest,
    own: &Crds,
    against: &Against<'_>,
    (rendered, provider): (&Rendered<'_>, &mut Provider),
    checked: &mut Checked,
    report: &mut Report,
) {
    let mut found = Report::new();
    let old = against.old.get(&identity(manifest)).copied();
    let schema = find(own, manifest).or_else(|| find(against.crds, manifest));
    seen::count(manifest, schema.is_some(), checked);
    for finding in findings(&manifest.value, old, schema, &against.options(schema.is_none())) {
        found.push(manifest.place(finding));
    }
    if schema.is_none() {
        check_version(manifest, against.crds, &mut found);
    }
    if manifest.is_good && !found.has_errors() {
        rendered.check(manifest, provider, &mut found);
    }
    report.extend(found);
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

pub(super) type Identity<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Objects of one kind and name are the same object. Another version of it is not compared: it would have to be converted first.
pub(super) fn identity(manifest: &Manifest) -> Identity<'_> {
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
