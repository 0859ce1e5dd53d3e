//! The Ignition 3 validator against the answers of the original. Skipped with a printed line where the data is absent.

mod support;

use flatwright_ignition::{EntryKind, ignition3};
use support::{Score, entries, read_cases};

#[test]
fn reports_are_those_of_ignition_validate() {
    let Some(cases) = read_cases("ignition-validate") else { return };
    let mut verdicts = Score::new("ignition-validate verdicts");
    let mut reports = Score::new("ignition-validate entries");
    for case in &cases {
        let parsed = ignition3::validate(&case.input);
        let is_refused = parsed.failure.is_some() || parsed.entries.iter().any(|entry| entry.kind == EntryKind::Error);
        verdicts.add(&case.name, (case.exit != 0) == is_refused, || format!("{:?}", parsed.failure));
        let ours: Vec<String> = parsed.entries.iter().map(ToString::to_string).collect();
        let theirs = entries(&case.stdout);
        let expected = case.stderr.trim().strip_prefix("couldn't parse config: ").unwrap_or_default();
        let is_same =
            ours == theirs && parsed.failure.map(|failure| failure.to_string()).unwrap_or_default() == expected;
        reports.add(&case.name, is_same, || format!("ours {ours:#?}\ntheirs {theirs:#?} {expected}"));
    }
    verdicts.finish(0.999);
    reports.finish(0.994);
}
