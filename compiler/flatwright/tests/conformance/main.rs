//! `validate`, with and without `--crds`, against the answers of a real API server with the real webhooks, and against upstream's templates. Skipped where the data is absent.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test that prints its figures")]

// The server's messages are read in one place, beside the tests of the rules alone.
#[path = "../../../admission/tests/conformance/server.rs"]
#[expect(dead_code, reason = "shared with the tests of the rules alone")]
mod server;

use std::collections::BTreeMap;
use std::path::Path;

use flatwright::{Gates, NoWorld, Schemas, SpecFile, ValidateOptions, Validation, validate};
use flatwright_diagnostic::{Diagnostic, Place, Severity};
use server::{Case, load, root, same_field, server_fields};

/// Refused objects of which a finding names the same field, in percent.
const FOUND_FLOOR: f64 = 99.0;

#[expect(clippy::disallowed_methods, reason = "conformance data lives outside of the workspace")]
fn files(directory: &Path) -> Vec<SpecFile> {
    let mut paths: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    let file = |path: &Path| SpecFile {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        bytes: std::fs::read(path).unwrap(),
    };
    paths.iter().map(|path| file(path)).collect()
}

fn json(value: &serde_json::Value) -> SpecFile {
    SpecFile { name: "object.json".to_owned(), bytes: serde_json::to_vec(value).unwrap() }
}

fn errors(case: &Case, schemas: Option<&Schemas>, is_complete: bool) -> Vec<Diagnostic> {
    let old: Vec<SpecFile> = case.old.iter().map(json).collect();
    let options = ValidateOptions { schemas, old: &old, is_complete, ..Default::default() };
    let mut validation = validate(&[json(&case.object)], &NoWorld, &options);
    let mut found = std::mem::take(validation.report.diagnostics_mut());
    found.retain(|finding| finding.severity == Severity::Error);
    found
}

/// The errors that the server could have: findings of the family `manifest-…` and those inside machine configs are about what it admits.
fn refusals(case: &Case, schemas: Option<&Schemas>) -> Vec<Diagnostic> {
    let is_refusal = |family: &str| family.starts_with("admission-") || family.starts_with("schema-");
    let mut found = errors(case, schemas, true);
    found.retain(|finding| is_refusal(finding.code.family()) || finding.code.name() == "unserved-version");
    found
}

fn paths(findings: &[Diagnostic]) -> Vec<String> {
    let path = |finding: &Diagnostic| match &finding.anchor.as_ref()?.place {
        Place::Path { path, .. } => Some(path.to_string()),
        _ => None,
    };
    findings.iter().filter_map(path).collect()
}

#[derive(Default)]
struct Row {
    refused: u32,
    found: u32,
    admitted: u32,
    false_errors: u32,
}

#[test]
fn verdicts_are_those_of_the_server() {
    let Some(cases) = load("cases") else { return };
    let schemas = Schemas::read(&files(&root().join("crds")));
    for schemas in [None, Some(&schemas)] {
        verdicts(&cases, schemas);
    }
}

/// Compares with the server: every refusal on the field that it names.
fn verdicts(cases: &[Case], schemas: Option<&Schemas>) {
    let mut table: BTreeMap<String, Row> = BTreeMap::new();
    for case in cases {
        let findings = refusals(case, schemas);
        let kind = case.object["kind"].as_str().unwrap();
        let contract = case.object["apiVersion"].as_str().unwrap_or_default();
        let row = table.entry(format!("{kind} {}", case.op)).or_default();
        if case.admitted {
            row.admitted += 1;
            if !findings.is_empty() {
                row.false_errors += 1;
                println!("false error: {kind} | {} | {}", case.name, findings[0].message);
            }
            continue;
        }
        row.refused += 1;
        let (ours, theirs) = (paths(&findings), server_fields(&case.message));
        let is_found = ours.iter().any(|path| theirs.iter().any(|field| same_field(field, path, kind, contract)));
        row.found += u32::from(is_found);
        if !is_found {
            let shown: String = case.message.chars().take(160).collect();
            println!("missed: {kind} | {} | {ours:?} | {shown}", case.name);
        }
    }
    let mut all = Row::default();
    println!("{:<40} {:>8} {:>6} {:>9} {:>12}", "kind", "refused", "found", "admitted", "false errors");
    for (kind, row) in &table {
        println!("{kind:<40} {:>8} {:>6} {:>9} {:>12}", row.refused, row.found, row.admitted, row.false_errors);
        all.refused += row.refused;
        all.found += row.found;
        all.admitted += row.admitted;
        all.false_errors += row.false_errors;
    }
    println!("{:<40} {:>8} {:>6} {:>9} {:>12}", "all", all.refused, all.found, all.admitted, all.false_errors);
    let found = 100.0 * f64::from(all.found) / f64::from(all.refused);
    println!("found {found:.1} % of the refused");
    assert!(found >= FOUND_FLOOR, "found only {found:.1} %");
    assert_eq!(all.false_errors, 0, "errors on admitted objects");
}

/// Codes under which more is refused than the server does, as the documentation lists them.
fn stricter() -> Vec<String> {
    let page = include_str!("../../../../docs/validation.md");
    let section = page.split_once("## Stricter than the server").map_or("", |(_, rest)| rest);
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| [`")?.split('`').next());
    rows.map(str::to_owned).collect()
}

/// What is refused because another object is not there, which only somebody who has all of them can say: the server had no others. Only on the field it names.
fn about_absent(case: &Case, schemas: Option<&Schemas>) -> Vec<Diagnostic> {
    let fields = server_fields(&case.message);
    let mut found = errors(case, schemas, true);
    found.retain(|finding| {
        let own = paths(std::slice::from_ref(finding));
        own.iter().any(|path| fields.iter().any(|field| field == path))
    });
    found
}

#[test]
fn mutations_of_real_manifests_are_judged_as_the_server_does() {
    let Some(cases) = load("mutations") else { return };
    let schemas = Schemas::read(&files(&root().join("crds")));
    let stricter = stricter();
    for (schemas, floor) in [(None, 98.0), (Some(&schemas), 99.0)] {
        let (mut refused, mut found, mut false_errors) = (0_u32, 0_u32, Vec::new());
        for case in &cases {
            let mut errors = errors(case, schemas, false);
            let kind = case.object["kind"].as_str().unwrap_or_default();
            if case.admitted {
                let unlisted = errors.iter().find(|finding| !stricter.iter().any(|code| code == finding.code.name()));
                false_errors.extend(unlisted.map(|finding| {
                    format!("{kind} | {} | {} | {} {}", case.name, case.id, finding.code.name(), finding.message)
                }));
                continue;
            }
            refused += 1;
            if errors.is_empty() {
                errors = about_absent(case, schemas);
            }
            found += u32::from(!errors.is_empty());
            if errors.is_empty() {
                println!(
                    "missed: {kind} | {} | {} | {}",
                    case.name,
                    case.id,
                    case.message.chars().take(300).collect::<String>()
                );
            }
        }
        let percent = 100.0 * f64::from(found) / f64::from(refused);
        let crds = if schemas.is_some() { "with" } else { "without" };
        println!(
            "{crds} CRDs: {found} of {refused} refused found ({percent:.1} %), {} false errors",
            false_errors.len()
        );
        println!("{}", false_errors.join("\n"));
        assert!(percent >= floor, "found only {percent:.1} %");
        assert!(false_errors.is_empty(), "errors on admitted objects that the documentation does not list");
    }
}

fn template(file: &SpecFile, schemas: Option<&Schemas>) -> Validation {
    let gates = Gates { edge_zone: true, api_server_ilb: true, ..Gates::default() };
    validate(std::slice::from_ref(file), &NoWorld, &ValidateOptions { schemas, gates, ..Default::default() })
}

fn codes(validation: &Validation, severity: Severity) -> Vec<&'static str> {
    let findings = validation.report.diagnostics().iter().filter(|finding| finding.severity == severity);
    findings.map(|finding| finding.code.name()).collect()
}

#[test]
fn upstream_templates_have_no_errors_and_their_defects_are_warnings() {
    let directory = root().join("capz-templates");
    if !directory.is_dir() {
        println!("skipped: no conformance data at {}", directory.display());
        return;
    }
    let schemas = Schemas::read(&files(&root().join("crds")));
    let mut count = 0;
    for file in files(&directory).iter().chain(&files(&directory.join("v1beta2"))) {
        for schemas in [None, Some(&schemas)] {
            let validation = template(file, schemas);
            // Its variable for the type of the location was filled in with a placeholder that the schema refuses.
            let expected = if file.name.contains("edgezone") { vec!["schema-unlisted-value"] } else { Vec::new() };
            let found = codes(&validation, Severity::Error);
            assert!(found.is_empty() || found == expected, "{}: {:?}", file.name, validation.report.diagnostics());
            if file.name.contains("flatcar-sysext.yaml") && file.name.starts_with("cluster-") {
                let warnings = codes(&validation, Severity::Warning);
                for code in ["manifest-sysupdate-noop", "missing-clc-mode"] {
                    assert!(warnings.contains(&code), "{}: {warnings:?}", file.name);
                }
            }
            count += 1;
        }
    }
    println!("{count} validations of upstream templates without an unexpected error");
}

#[test]
fn an_upstream_template_rendered_without_an_ssh_key_is_warned_about() {
    let directory = root().join("capz-templates");
    let Some(file) = directory
        .is_dir()
        .then(|| files(&directory))
        .and_then(|files| files.into_iter().find(|file| file.name == "cluster-template-flatcar-sysext.yaml"))
    else {
        println!("skipped: no conformance data at {}", directory.display());
        return;
    };
    let text = String::from_utf8(file.bytes).unwrap();
    let rendered: String = text
        .lines()
        .map(|line| match line.split_once("sshPublicKey:") {
            Some((before, _)) => format!("{before}sshPublicKey: \"\"\n"),
            None => format!("{line}\n"),
        })
        .collect();
    let validation = template(&SpecFile { name: file.name, bytes: rendered.into_bytes() }, None);
    assert!(codes(&validation, Severity::Error).is_empty());
    assert!(codes(&validation, Severity::Warning).contains(&"empty-ssh-public-key"));
}
