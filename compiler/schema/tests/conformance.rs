//! Our verdict against the one of a real API server with the schema alone.
#![expect(clippy::unwrap_used, reason = "a test may fail in this way")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flatwright_diagnostic::{Diagnostic, Severity};
use flatwright_schema::Crds;
use serde_json::Value;

/// Recorded floors, in percent of all cases with a verdict of the schema alone, and of the refused ones with the same field.
const VERDICTS: f64 = 99.7;
const FIELDS: f64 = 100.0;

#[derive(Default)]
struct Figures {
    cases: usize,
    verdicts: usize,
    refused: usize,
    fields: usize,
}

#[test]
fn verdicts_and_fields_agree_with_the_server() {
    let Some(dir) = conformance() else {
        println!("skipped: the conformance data is not here");
        return;
    };
    let crds = load_crds(&dir);
    let mut by_kind: BTreeMap<String, Figures> = BTreeMap::new();
    for case in admission_cases(&dir) {
        let Some((admitted, message)) = &case.schema_only else { continue };
        let text = |name: &str| case.object[name].as_str().unwrap_or_default();
        let schema = crds.find(text("apiVersion"), text("kind")).expect("every kind of the data has a CRD");
        assert!(schema.problems().is_empty(), "{:?}", schema.problems());
        let found = errors(schema.validate(&case.object, None));
        let kind = format!("{} {}", text("kind"), text("apiVersion").rsplit('/').next().unwrap_or_default());
        let figures = by_kind.entry(kind).or_default();
        figures.cases += 1;
        if *admitted == found.is_empty() {
            figures.verdicts += 1;
        } else {
            println!("verdict of {} ({}): server {admitted} {message}; ours {}", case.id, case.name, show(&found));
        }
        if !admitted {
            figures.refused += 1;
            let missing: Vec<_> = fields_of(message).into_iter().filter(|field| !names(&found, field)).collect();
            if missing.is_empty() {
                figures.fields += 1;
            } else {
                println!("fields of {} ({}): {missing:?} not in {}", case.id, case.name, show(&found));
            }
        }
    }
    let mut all = Figures::default();
    println!("{:<40} {:>6} {:>9} {:>8} {:>7}", "kind", "cases", "verdicts", "refused", "fields");
    for (kind, figures) in &by_kind {
        println!(
            "{kind:<40} {:>6} {:>9} {:>8} {:>7}",
            figures.cases, figures.verdicts, figures.refused, figures.fields
        );
        all.cases += figures.cases;
        all.verdicts += figures.verdicts;
        all.refused += figures.refused;
        all.fields += figures.fields;
    }
    println!("{:<40} {:>6} {:>9} {:>8} {:>7}", "all", all.cases, all.verdicts, all.refused, all.fields);
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    assert!(percent(all.verdicts, all.cases) >= VERDICTS, "verdicts dropped below {VERDICTS} %");
    assert!(percent(all.fields, all.refused) >= FIELDS, "fields dropped below {FIELDS} %");
}

#[test]
fn updates_that_the_server_admits_are_admitted() {
    let Some(dir) = conformance() else {
        println!("skipped: the conformance data is not here");
        return;
    };
    let crds = load_crds(&dir);
    let mut count = 0;
    for case in admission_cases(&dir) {
        let (Some(old), true) = (&case.old, case.admitted) else { continue };
        let text = |name: &str| case.object[name].as_str().unwrap_or_default();
        let schema = crds.find(text("apiVersion"), text("kind")).expect("every kind of the data has a CRD");
        let found = errors(schema.validate(&case.object, Some(old)));
        assert!(found.is_empty(), "{} ({}): {}", case.id, case.name, show(&found));
        count += 1;
    }
    println!("{count} updates admitted");
}

fn errors(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.into_iter().filter(|finding| finding.severity == Severity::Error).collect()
}

fn show(found: &[Diagnostic]) -> String {
    let shown = found.iter().map(|finding| {
        let path = finding.object_path.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{path}: {}", finding.message)
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn names(found: &[Diagnostic], field: &str) -> bool {
    found.iter().any(|finding| finding.object_path.as_ref().is_some_and(|path| path.to_string() == *field))
}

/// The fields that the server's message names. The conversion webhook, which no schema knows, names none.
fn fields_of(message: &str) -> Vec<String> {
    if let Some((_, unknown)) = message.split_once("strict decoding error: ") {
        return unknown
            .split("unknown field \"")
            .skip(1)
            .filter_map(|part| part.split('"').next())
            .map(Into::into)
            .collect();
    }
    let Some((_, causes)) = message.split_once(" is invalid: ") else { return Vec::new() };
    let causes = causes.replace("\n", " ");
    let fields = causes.split("* ").filter_map(|cause| cause.trim().split(": ").next());
    fields
        .filter(|field| !field.is_empty() && *field != "<nil>")
        .map(|field| field.trim_start_matches('.').to_owned())
        .collect()
}

#[test]
fn every_upstream_template_is_admitted() {
    let Some(dir) = conformance() else {
        println!("skipped: the conformance data is not here");
        return;
    };
    let crds = load_crds(&dir);
    let mut count = 0;
    for name in ["cluster-template-flatcar-sysext", "cluster-template-flatcar", "ubuntu-machinepool", "ubuntu-private"]
    {
        for object in template(&dir, name) {
            let text = |name: &str| object[name].as_str().unwrap_or_default();
            let Some(schema) = crds.find(text("apiVersion"), text("kind")) else { continue };
            let found = errors(schema.validate(&object, None));
            assert!(found.is_empty(), "{name} {}: {}", text("kind"), show(&found));
            count += 1;
        }
    }
    println!("{count} objects admitted");
}

#[expect(clippy::disallowed_methods, reason = "tests read their data from disk")]
fn template(dir: &Path, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(dir.join("capz-templates").join(format!("{name}.yaml"))).unwrap();
    common::documents(&text)
}

/// The directory of the conformance data, if it is there.
fn conformance() -> Option<PathBuf> {
    let dir = std::env::var_os("FLATWRIGHT_CONFORMANCE").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance")),
        PathBuf::from,
    );
    dir.is_dir().then_some(dir)
}

/// The CRDs of the conformance data.
#[expect(clippy::disallowed_methods, reason = "tests read their data from disk")]
fn load_crds(dir: &Path) -> Crds {
    let files = std::fs::read_dir(dir.join("crds")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect();
    files.sort();
    let values = files.iter().flat_map(|path| common::documents(&std::fs::read_to_string(path).unwrap()));
    let (crds, problems) = Crds::from_values(values);
    assert!(problems.is_empty(), "{problems:?}");
    crds
}

/// One line of `admission/cases.jsonl`.
struct Case {
    id: String,
    name: String,
    object: Value,
    old: Option<Value>,
    admitted: bool,
    /// The verdict of the CRD schema alone, with its message; creates only.
    schema_only: Option<(bool, String)>,
}

/// The admission cases of the conformance data.
#[expect(clippy::disallowed_methods, reason = "tests read their data from disk")]
fn admission_cases(dir: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(dir.join("admission/cases.jsonl")).unwrap();
    text.lines()
        .map(|line| {
            let case: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
            Case {
                id: text("id"),
                name: text("case"),
                object: case["object"].clone(),
                old: case.get("old").cloned(),
                admitted: case["admitted"].as_bool().unwrap(),
                schema_only: case["schema_only_admitted"]
                    .as_bool()
                    .map(|admitted| (admitted, text("schema_only_message"))),
            }
        })
        .collect()
}
