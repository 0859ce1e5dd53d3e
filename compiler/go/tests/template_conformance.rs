//! What Go says of a thousand random templates, whole and damaged: the verdict and the line.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the conformance data")]

use std::path::{Path, PathBuf};

use flatwright_go::{sprig, template};
use serde_json::Value;

fn cases() -> Option<PathBuf> {
    let place = std::env::var("FLATWRIGHT_CONFORMANCE")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"), PathBuf::from);
    let file = place.join("go-templates/cases.jsonl");
    file.exists().then_some(file)
}

#[test]
fn templates_are_refused_as_in_go_and_on_its_line() {
    let Some(file) = cases() else {
        println!("skipped: the conformance data is not here");
        return;
    };
    let functions = sprig::table().over(&template::built_in());
    let text = std::fs::read_to_string(file).unwrap();
    let (mut count, mut differences) = (0, Vec::new());
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let source = case["template"].as_str().unwrap();
        let wanted = if case["ok"] == true { None } else { Some(line_of(case["message"].as_str().unwrap())) };
        // The data was made of templates that are called `t`.
        let got = template::parse("t", source, &|name| functions.get(name).is_some());
        let got = got.err().map(|error| error.position.line);
        count += 1;
        if got != wanted {
            differences.push(format!("{source:?}\n  Go: {}\n  here: {got:?}", case["message"]));
        }
    }
    println!("{} of {count} as in Go", count - differences.len());
    assert!(differences.len() * 100 <= count, "{}", differences.join("\n"));
}

/// The line at the start of Go's message. What Go refuses without one, it says of the whole.
fn line_of(message: &str) -> usize {
    message.split(':').next().unwrap().parse().unwrap()
}
