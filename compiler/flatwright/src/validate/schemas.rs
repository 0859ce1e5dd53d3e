//! CRDs that the caller gives: loaded once, used for many runs.

use std::sync::Arc;

use flatwright_diagnostic::{Diagnostic, Report, SourceId};
use flatwright_render::Sources;
use flatwright_schema::Crds;
use flatwright_yaml::Tree;

use super::file::text_of;
use super::manifests::{self, Manifest};
use crate::contents::limits;
use crate::world::SpecFile;

/// CRDs by apiVersion and kind, with what is wrong in their files.
#[derive(Debug, Default)]
pub struct Schemas {
    pub(super) crds: Crds,
    broken: Vec<Broken>,
}

/// A file with problems, kept until a run can show them.
#[derive(Debug)]
struct Broken {
    name: String,
    text: Arc<str>,
    tree: Arc<Tree>,
    findings: Vec<Diagnostic>,
}

impl Schemas {
    /// Reads CRD files: one or many per file, or a list as `kubectl get crd -o yaml` prints it. Other objects in them are left alone.
    pub fn read(files: &[SpecFile]) -> Self {
        let mut values = Vec::new();
        let mut broken = Vec::new();
        for file in files {
            let mut report = Report::new();
            let Some(text) = text_of(&file.bytes, SourceId(0), &mut report) else {
                broken.push(Broken::new(file, "".into(), Arc::new(flatwright_yaml::parse("", &limits("")).0), report));
                continue;
            };
            let tree = manifests::parse(&text, SourceId(0), &mut report);
            let found = manifests::read(&tree, SourceId(0), &mut report);
            problems(&found, &mut report);
            values.extend(found.into_iter().map(|manifest| manifest.value));
            if !report.diagnostics().is_empty() {
                broken.push(Broken::new(file, text.into(), tree, report));
            }
        }
        let (crds, _) = Crds::from_values(values);
        Self { crds, broken }
    }

    /// Shows the problems of the files in a run.
    pub(super) fn report(&self, sources: &mut Sources, report: &mut Report) {
        for broken in &self.broken {
            let source = sources.add(broken.name.as_str(), Arc::clone(&broken.text), Some(Arc::clone(&broken.tree)));
            for finding in &broken.findings {
                let mut finding = finding.clone();
                if let Some(anchor) = &mut finding.anchor {
                    anchor.source = source;
                }
                report.push(finding);
            }
        }
    }
}

impl Broken {
    fn new(file: &SpecFile, text: Arc<str>, tree: Arc<Tree>, mut report: Report) -> Self {
        Self { name: file.name.clone(), text, tree, findings: std::mem::take(report.diagnostics_mut()) }
    }
}

/// Reports the CRDs among the manifests that cannot be used, and gives the others.
pub(super) fn of_stream(manifests: &[Manifest], report: &mut Report) -> Crds {
    let crds = manifests.iter().filter(|manifest| is_crd(manifest));
    let (crds, found) = Crds::from_values(crds.map(|manifest| manifest.value.clone()));
    if !found.is_empty() {
        problems(manifests, report);
    }
    crds
}

fn is_crd(manifest: &Manifest) -> bool {
    manifest.text("kind") == "CustomResourceDefinition"
}

/// One by one, because a problem says only where in its CRD it is.
fn problems(manifests: &[Manifest], report: &mut Report) {
    for manifest in manifests.iter().filter(|manifest| is_crd(manifest)) {
        for finding in Crds::from_values([manifest.value.clone()]).1 {
            report.push(manifest.place(finding));
        }
    }
}
