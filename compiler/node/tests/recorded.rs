//! The recorded verdicts of the real Ignition 2.14, where they are there: verdict, first failure, tree, users and groups.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the recorded cases")]

mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use support::{Verdict, of_model};

/// The recorded cases; `FLATWRIGHT_CONFORMANCE` overrides their place.
fn cases() -> Option<Vec<Value>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let place = std::env::var("FLATWRIGHT_CONFORMANCE").map_or_else(|_| beside(), PathBuf::from);
    let text = std::fs::read_to_string(place.join("first-boot/cases.jsonl")).ok()?;
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn recorded(case: &Value) -> Verdict {
    Verdict {
        first: case["first"].as_str().unwrap().to_owned(),
        subject: case["subject"].as_str().map(str::to_owned),
        tree: serde_json::from_value(case["tree"].clone()).unwrap_or_default(),
        users: serde_json::from_value(case["passwd"].clone()).unwrap_or_default(),
        groups: serde_json::from_value(case["group"].clone()).unwrap_or_default(),
    }
}

#[test]
fn recorded_verdicts_are_ours() {
    let Some(cases) = cases() else {
        println!("skipped: no conformance data `first-boot`");
        return;
    };
    let mut differences = Vec::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for case in &cases {
        let (real, ours) = (recorded(case), of_model(&case["config"]));
        *kinds.entry(real.first.clone()).or_default() += 1;
        if let Some(difference) = support::difference(&real, &ours) {
            differences.push(format!("{}: {difference}\n    {}", case["name"], case["config"]));
        }
    }
    println!("{} cases, {} differ; {kinds:?}", cases.len(), differences.len());
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}
