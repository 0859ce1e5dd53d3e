//! The recorded complaints of systemd 252 about units, where they are there: which lines we say something about.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the recorded cases")]

mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use support::{STRICTER, is_unread, ours};

/// The recorded cases; `FLATWRIGHT_CONFORMANCE` overrides their place.
fn cases() -> Option<Vec<Value>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let place = std::env::var("FLATWRIGHT_CONFORMANCE").map_or_else(|_| beside(), PathBuf::from);
    let text = std::fs::read_to_string(place.join("units/cases.jsonl")).ok()?;
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Whether a complaint is about a value, and not about a name, a section, the syntax or a place of documents.
fn is_of_value(words: &str) -> bool {
    const OTHERS: [&str; 8] = [
        "Unknown key",
        "Unknown section",
        "Missing '='",
        "Missing key name",
        "Assignment outside",
        "Invalid section header",
        "Invalid URL",
        "Unknown lvalue",
    ];
    !OTHERS.iter().any(|other| words.starts_with(other))
}

#[test]
fn lines_that_systemd_complains_of_are_told_and_no_others() {
    let Some(cases) = cases() else { return };
    let (mut all, mut told, mut values, mut told_values) = (0, 0, 0, 0);
    let (mut missed, mut extra) = (Vec::new(), Vec::new());
    for case in &cases {
        let (name, text) = (case["name"].as_str().unwrap(), case["text"].as_str().unwrap());
        let theirs: BTreeMap<u32, &str> = case["lines"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(line, words)| (line.parse().unwrap(), words.as_str().unwrap()))
            .collect();
        let ours = ours(name, text);
        let shown = |line: u32| text.split('\n').nth(line as usize - 1).unwrap_or_default();
        for (line, words) in &theirs {
            let is_told = ours.contains_key(line);
            let is_value = is_of_value(words);
            all += 1;
            told += usize::from(is_told);
            values += usize::from(is_value);
            told_values += usize::from(is_told && is_value);
            if !is_told {
                missed.push(format!("{name}:{line}: {}: {words}", shown(*line)));
            }
        }
        let lines: Vec<u32> = theirs.keys().copied().collect();
        let is_extra = |line: &u32, code: &str| {
            !theirs.contains_key(line) && !STRICTER.contains(&code) && !is_unread(text, *line, &lines)
        };
        let more = ours.iter().filter(|(line, code)| is_extra(line, code));
        extra.extend(more.map(|(line, code)| format!("{name}:{line}: {}: {code}", shown(*line))));
    }
    let summary = format!("{told} of {all} lines, {told_values} of {values} values, {} more", extra.len());
    assert!(told * 100 >= all * 99 && told_values * 100 >= values * 98, "{summary}\n{}", missed.join("\n"));
    assert!(extra.is_empty(), "{summary}\n{}", extra.join("\n"));
}
