//! Judges real cluster templates of upstream as sets: they work, so what is said of them must be right. Skipped where the data is absent.
#![expect(clippy::disallowed_methods, reason = "conformance data lives outside of the workspace")]

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

use flatwright_admission::{Gates, Options, check_create, check_set};
use flatwright_diagnostic::{Diagnostic, Severity};

#[test]
fn templates_that_work_have_no_errors() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance");
    let root = std::env::var("FLATWRIGHT_CONFORMANCE").unwrap_or_else(|_| default.to_owned());
    let root = PathBuf::from(root).join("capz-templates");
    let mut files: Vec<PathBuf> = Vec::new();
    for dir in [root.clone(), root.join("v1beta2")] {
        let Ok(entries) = std::fs::read_dir(&dir) else {
            println!("skipped: no templates at {}", dir.display());
            return;
        };
        files.extend(
            entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "yaml")),
        );
    }
    files.sort();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    for file in &files {
        let objects = common::manifests(&std::fs::read_to_string(file).unwrap());
        // Some templates show what a gate is for.
        let gates = Gates { edge_zone: true, api_server_ilb: true, ..Gates::default() };
        let options = Options { gates, ..Options::default() };
        let mut findings: Vec<Diagnostic> = objects.iter().flat_map(|object| check_create(object, &options)).collect();
        findings.extend(check_set(&objects, &options).into_iter().map(|(_, finding)| finding));
        for finding in findings {
            *counts.entry((finding.code.name(), finding.severity)).or_default() += 1;
            let path = finding.object_path.as_ref().map(ToString::to_string).unwrap_or_default();
            println!(
                "{}: {} {} {path}: {}",
                file.file_name().unwrap().display(),
                finding.severity.word(),
                finding.code,
                finding.message
            );
            if finding.severity == Severity::Error {
                wrong.push((file.clone(), finding));
            }
        }
    }
    println!("{} files: {counts:?}", files.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
