//! What ignition 2.x's validator answers, compared with what we answer. Needs the shared conformance data; skipped with a line where it is absent.

use std::path::{Path, PathBuf};

use flatwright_ignition::ignition2;
use serde_json::Value;

/// Out of a hundred; a drop below is a regression.
const VERDICT_FLOOR: f64 = 99.0;
const ENTRY_FLOOR: f64 = 97.0;

fn data() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests find the shared data through the environment")]
    let named = std::env::var("FLATWRIGHT_CONFORMANCE").ok().map(PathBuf::from);
    let dir = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"));
    dir.is_dir().then_some(dir)
}

fn cases(dir: &Path, suite: &str) -> Vec<Value> {
    #[expect(clippy::disallowed_methods, reason = "tests read the shared data")]
    let text = std::fs::read_to_string(dir.join(suite).join("cases.jsonl")).expect("cases are readable");
    text.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect()
}

/// The entries of a report without the source excerpts: `kind line column message`.
fn wanted(report: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in report.lines() {
        let kind = ["error", "warning", "info", "deprecated"].into_iter().find(|kind| {
            line.strip_prefix(kind).is_some_and(|rest| rest.starts_with(" at line ") || rest.starts_with(": "))
        });
        let is_excerpt = line.trim_start().starts_with(|c: char| c.is_ascii_digit()) && line.starts_with("  ");
        if kind.is_some() {
            entries.push(line.to_owned());
        } else if !is_excerpt
            && line.trim() != "^"
            && let Some(last) = entries.last_mut()
        {
            last.push('\n');
            last.push_str(line);
        }
    }
    entries.sort();
    entries
}

fn judge(input: &str) -> (i64, Vec<String>, String) {
    let validation = ignition2::validate(input.as_bytes());
    let mut entries: Vec<String> =
        validation.entries.iter().map(|entry| flatwright_ignition::clc::report(std::slice::from_ref(entry))).collect();
    entries.sort();
    let failure = validation.failure.as_ref().map(|failure| format!("couldn't parse config: {failure}"));
    (i64::from(!validation.is_valid()), entries, failure.unwrap_or_default())
}

#[test]
fn configs_are_judged_as_by_the_validator() {
    let Some(dir) = data() else {
        println!("skipped: no shared conformance data");
        return;
    };
    let (mut total, mut verdicts, mut reports) = (0, 0, 0);
    let mut compare = |name: &str, input: &str, exit: i64, report: &str, stderr: &str| {
        let (got, entries, failure) = judge(input);
        total += 1;
        let is_verdict = got == exit && failure == stderr.trim();
        let is_report = entries == wanted(report);
        verdicts += i32::from(is_verdict);
        reports += i32::from(is_report);
        if !is_verdict || !is_report {
            println!("--- {name}\nwant {exit} {stderr}\n{:#?}\ngot {got} {failure}\n{entries:#?}", wanted(report));
        }
    };
    for case in cases(&dir, "ignition2-validate") {
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        compare(text("name"), text("input"), case["exit"].as_i64().unwrap_or(-1), text("stdout"), text("stderr"));
    }
    for case in cases(&dir, "cabpk") {
        let validated = &case["ignition2_validate"];
        if let (Some(exit), Some(report)) = (validated["exit"].as_i64(), validated["report"].as_str()) {
            let name = case["name"].as_str().unwrap_or_default();
            compare(name, case["stdout"].as_str().unwrap_or_default(), exit, report, "");
        }
    }
    let share = |good: i32| 100.0 * f64::from(good) / f64::from(total);
    println!("ignition2-validate: {total} cases, verdict {:.2} %, entries {:.2} %", share(verdicts), share(reports));
    assert!(share(verdicts) >= VERDICT_FLOOR && share(reports) >= ENTRY_FLOOR, "below the recorded floors");
}

#[test]
fn json_read_and_written_again_is_the_same() {
    let Some(dir) = data() else {
        println!("skipped: no shared conformance data");
        return;
    };
    let mut total = 0;
    for case in cases(&dir, "cabpk") {
        let text = case["stdout"].as_str().unwrap_or_default();
        if let Some(config) = ignition2::validate(text.as_bytes()).config {
            assert_eq!(config.to_json(), text.trim_end(), "{}", case["name"]);
            total += 1;
        }
    }
    println!("ignition2: {total} configs survive reading and writing");
}
