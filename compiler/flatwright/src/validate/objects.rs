//! Manifests that belong together → findings: schema, admission rules, the objects together, and what machines would boot with.

use std::collections::BTreeMap;

use flatwright_admission::{Gates, ObjectSet, Options, in_order};
use flatwright_diagnostic::{Diagnostic, Path, Report, Severity};
use flatwright_flatcar::subscription::Subscription;
use flatwright_kubernetes::manifest;
use flatwright_kubernetes::table::Day;
use flatwright_render::Checked;
use flatwright_schema::{Crds, built_in, built_in_versions};
use flatwright_spec::rules::UnknownKind;
use serde_json::Value as Json;

use super::manifests::Manifest;
use super::rendered::{Provider, Rendered};
use super::{seen, variables};
use crate::kinds::{self, Known, Releases};
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
    pub(super) subscription: Option<&'static Subscription>,
    pub(super) releases: &'a Releases,
}

impl Against<'_> {
    fn options(&self) -> Options {
        Options {
            gates: self.gates,
            complete: self.is_complete,
            today: self.today,
            subscription: self.subscription,
            ..Options::default()
        }
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
    let options = against.options();
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
    let (api_version, kind) = (manifest.text("apiVersion"), manifest.text("kind"));
    let given = own.find(api_version, kind).or_else(|| against.crds.find(api_version, kind));
    let known = given.map(Known::given).or_else(|| Known::built_in(api_version, kind));
    seen::count(manifest, known.is_some(), checked);
    for finding in kinds::findings(&manifest.value, old, known, against.releases, &against.options()) {
        found.push(manifest.place(finding));
    }
    if known.is_none() {
        check_version(manifest, against, &mut found);
    }
    if manifest.is_good && !found.has_errors() {
        rendered.check(manifest, provider, &mut found);
    }
    report.extend(found);
}

pub(super) type Identity<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Objects of one kind and name are the same object. Another version of it is not compared: it would have to be converted first.
pub(super) fn identity(manifest: &Manifest) -> Identity<'_> {
    (manifest.text("apiVersion"), manifest.text("kind"), manifest.namespace(), manifest.metadata("name"))
}

/// As [`identity`].
pub(super) fn identity_of(object: &Json) -> Identity<'_> {
    let text = |key: &str| object.get(key).and_then(Json::as_str).unwrap_or_default();
    (text("apiVersion"), text("kind"), manifest::namespace(object), manifest::metadata(object, "name"))
}

/// CRDs that know the kind, but not in this version: those that were given, else the built-in ones.
fn check_version(manifest: &Manifest, against: &Against<'_>, report: &mut Report) {
    let (api_version, kind) = (manifest.text("apiVersion"), manifest.text("kind"));
    let Some((group, _)) = api_version.split_once('/') else { return };
    let is_of_group = |known: &&str| known.split_once('/').is_some_and(|(known, _)| known == group);
    let given: Vec<&str> = against.crds.versions_of(kind).filter(is_of_group).collect();
    let is_given = !given.is_empty();
    let served = if is_given { given } else { built_in_versions(kind).filter(is_of_group).collect() };
    let Some(first) = served.first() else { return };
    let rule = UnknownKind::Unserved { api_version: api_version.to_owned(), kind: kind.to_owned() };
    let mut finding = Diagnostic::of(&rule, Severity::Error);
    finding.within(Path::root().key("apiVersion")).hint(format!("known here: `{}`", served.join("`, `")));
    if let Some(known) = built_in(first, kind).filter(|_| !is_given) {
        kinds::weigh(&mut finding, known.provider, against.releases);
    }
    report.push(manifest.place(finding));
}
