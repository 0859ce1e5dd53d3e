//! Rules of Butane by examples of our own: input, and the JSON or the report.

use flatwright_ignition::butane::{Options, translate};

/// The JSON, or the report's lines and the last line.
fn answer(text: &str) -> String {
    let translation = translate(text.as_bytes(), &Options::default());
    match translation.failure {
        None => translation.json,
        Some(failure) => {
            let entries = translation.entries.iter().map(|entry| format!("{entry}\n"));
            entries.chain([failure]).collect()
        }
    }
}

fn check(cases: &[(&str, &str)]) {
    for (text, wanted) in cases {
        assert_eq!(answer(text), *wanted, "{text}");
    }
}

#[test]
fn the_oldest_types_write_sources_that_are_not_there() {
    check(&[
        (
            "{variant: fcos, version: 1.0.0, ignition: {config: {merge: [{}, {source: 'https://a.b/c'}]}}}",
            r#"{"ignition":{"config":{"merge":[{"source":null},{"source":"https://a.b/c"}]},"version":"3.0.0"}}"#,
        ),
        (
            "{variant: fcos, version: 1.0.0, ignition: {security: {tls: {certificate_authorities: [{}]}}}}",
            r#"{"ignition":{"security":{"tls":{"certificateAuthorities":[{"source":""}]}},"version":"3.0.0"}}"#,
        ),
        (
            "{variant: fcos, version: 1.1.0, ignition: {config: {merge: [{}]}}}",
            "error at $.ignition.config.merge.0, line 1 col 61: source is required\nError translating config: config generated was invalid",
        ),
    ]);
}
