//! Compares the rules with the answers of a real API server that ran the real webhooks. Skipped where the data is absent.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test that prints its figures")]

mod combined;
#[path = "../common/mod.rs"]
mod common;
#[expect(dead_code, reason = "shared with the tests of the whole validation")]
mod server;

use std::collections::BTreeMap;

use flatwright_admission::{Options, check_create, check_set, check_update};
use flatwright_diagnostic::{Diagnostic, Severity};

/// Refused objects of which a finding names the same field, in percent; without the CRDs' schemas.
const FOUND_FLOOR: f64 = 98.9;
use server::{Case, load, same_field, server_fields};

#[test]
fn refusals_are_found_on_the_field_that_the_server_names() {
    let Some(cases) = load("cases") else { return };
    let mut table: BTreeMap<String, Row> = BTreeMap::new();
    let mut misses = Vec::new();
    for case in &cases {
        let verdict = judge(case);
        let row = table.entry(format!("{} {}", case.object["kind"].as_str().unwrap(), case.op)).or_default();
        row.count(case, &verdict);
        if !verdict.agrees() {
            misses.push(format!(
                "{verdict:?} {} | {} | {}",
                case.object["kind"],
                case.name,
                case.message.chars().take(200).collect::<String>()
            ));
        }
    }
    let total = table.values().fold(Row::default(), Row::plus);
    println!("{:<40} {:>8} {:>6} {:>9} {:>11}", "kind", "refused", "found", "admitted", "false error");
    for (kind, row) in table.iter().map(|(kind, row)| (kind.as_str(), row)).chain([("all", &total)]) {
        println!("{kind:<40} {:>8} {:>6} {:>9} {:>11}", row.refused, row.found, row.admitted, row.false_errors);
    }
    for miss in &misses {
        println!("  {miss}");
    }
    let found = 100.0 * f64::from(total.found) / f64::from(total.refused);
    println!("found {found:.1} % of the refused");
    println!("admitted, and an error all the same:");
    for (case, finding) in cases
        .iter()
        .filter(|case| case.admitted)
        .flat_map(|case| findings(case).into_iter().map(move |finding| (case, finding)))
    {
        if finding.severity == Severity::Error {
            println!("  {} | {} | {}", case.object["kind"], case.name, finding.message);
        }
    }
    assert!(found >= FOUND_FLOOR, "found only {found:.1} %");
    assert_eq!(total.false_errors, 0, "errors on admitted objects");
}

#[derive(Debug)]
enum Verdict {
    Found,
    Admitted,
    Missed,
    FalseError,
}

impl Verdict {
    fn agrees(&self) -> bool {
        matches!(self, Self::Found | Self::Admitted)
    }
}

#[derive(Default)]
struct Row {
    refused: u32,
    found: u32,
    admitted: u32,
    false_errors: u32,
}

impl Row {
    fn count(&mut self, case: &Case, verdict: &Verdict) {
        if case.admitted {
            self.admitted += 1;
        } else {
            self.refused += 1;
        }
        self.found += u32::from(matches!(verdict, Verdict::Found));
        self.false_errors += u32::from(matches!(verdict, Verdict::FalseError));
    }

    fn plus(self, other: &Self) -> Self {
        Self {
            refused: self.refused + other.refused,
            found: self.found + other.found,
            admitted: self.admitted + other.admitted,
            false_errors: self.false_errors + other.false_errors,
        }
    }
}

fn findings(case: &Case) -> Vec<Diagnostic> {
    let options = Options::default();
    match &case.old {
        Some(old) => check_update(old, &case.object, &options),
        None => {
            // The server had no other objects of the cluster.
            let alone = Options { complete: true, ..options };
            let together =
                check_set(std::slice::from_ref(&case.object), &alone).into_iter().map(|(_, finding)| finding);
            let refusals = together.filter(|finding| finding.code.family().starts_with("admission-"));
            check_create(&case.object, &options).into_iter().chain(refusals).collect()
        }
    }
}

fn judge(case: &Case) -> Verdict {
    let findings = findings(case);
    // Findings of the family `manifest-…` are about objects that the server admits.
    let errors: Vec<&Diagnostic> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.code.family().starts_with("admission-"))
        .collect();
    let paths: Vec<String> =
        errors.iter().filter_map(|finding| Some(finding.object_path.as_ref()?.to_string())).collect();
    let contract = case.object["apiVersion"].as_str().unwrap_or_default();
    if case.admitted {
        return if errors.is_empty() { Verdict::Admitted } else { Verdict::FalseError };
    }
    let fields = server_fields(&case.message);
    let kind = case.object["kind"].as_str().unwrap_or_default();
    let is_found = paths.iter().any(|path| fields.iter().any(|field| same_field(field, path, kind, contract)));
    if is_found { Verdict::Found } else { Verdict::Missed }
}
