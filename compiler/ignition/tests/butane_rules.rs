//! Rules of Butane by examples of our own: input, and the JSON or the report.

use flatwright_ignition::butane::{Options, translate};

/// The JSON, or the report's lines and the last line.
fn answer(text: &str) -> String {
    let translation = translate(text.as_bytes(), &Options::default());
    match translation.failure {
        None => translation.json,
        Some(failure) => {
            let entries = translation.entries.iter().map(|entry| format!("{entry}\n"));
            entries.chain([failure.to_string()]).collect()
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
            "error at $.ignition.security.tls.certificate_authorities.0.source, line 1 col 87: invalid url scheme\nError translating config: config generated was invalid",
        ),
        (
            "{variant: fcos, version: 1.1.0, ignition: {config: {merge: [{}]}}}",
            "error at $.ignition.config.merge.0, line 1 col 61: source is required\nError translating config: config generated was invalid",
        ),
    ]);
}

#[test]
fn what_a_merge_key_set_is_nothing_to_the_next_item() {
    check(&[(
        "{variant: flatcar, version: 1.1.0, storage: {files: [{<<: {mode: 0600}, path: /a}, {path: /b, mode: 0640}]}}",
        r#"{"ignition":{"version":"3.4.0"},"storage":{"files":[{"path":"/a","mode":384},{"path":"/b","mode":416}]}}"#,
    )]);
}

#[test]
fn keys_of_a_mapping_are_checked_before_its_type() {
    check(&[(
        "{variant: flatcar, version: 1.1.0, storage: {links: {path: /a, path: /b}}}",
        "Error translating config: yaml: unmarshal errors:\n  line 1: mapping key \"path\" already defined at line 1",
    )]);
}

#[test]
fn a_tag_of_null_only_fits_null() {
    check(&[
        (
            "{variant: flatcar, version: 1.1.0, systemd: {units: [{name: a.service, contents: !!null b}]}}",
            "Error translating config: yaml: cannot decode !!str `b` as a !!null",
        ),
        (
            "{variant: flatcar, version: 1.1.0, systemd: {units: [{name: a.service, contents: !!null ''}]}}",
            r#"{"ignition":{"version":"3.4.0"},"systemd":{"units":[{"name":"a.service"}]}}"#,
        ),
    ]);
}

#[test]
fn two_spellings_of_a_key_are_one_field() {
    check(&[(
        "variant: flatcar\nversion: 1.1.0\nstorage:\n  links:\n    - &p path: /a\n      *p : /b\n",
        "Error translating config: yaml: unmarshal errors:\n  line 6: field path already set in type v0_5.Link",
    )]);
}

#[test]
fn a_line_of_a_unit_counts_from_its_start() {
    let unit = |length: usize| {
        let value = "x".repeat(length);
        format!(
            "{{variant: flatcar, version: 1.1.0, systemd: {{units: [{{name: a.service, contents: \"[Unit]\\nDocumentation={value}\\n\"}}]}}}}"
        )
    };
    assert!(answer(&unit(2_032)).starts_with('{'));
    assert_eq!(
        answer(&unit(2_034)),
        "error at $.systemd.units.0.contents, line 1 col 82: invalid unit content: line too long (max 2048 bytes)\n\
         Error translating config: config generated was invalid"
    );
}

#[test]
fn a_long_text_with_many_aliases_is_refused() {
    let aliases = vec!["*a"; 3_000].join(", ");
    let text = format!(
        "{{variant: flatcar, version: 1.1.0, kernel_arguments: {{should_exist: [&a {}, {aliases}]}}}}",
        "x".repeat(100_000)
    );
    assert_eq!(answer(&text), "Error translating config: yaml: document contains excessive aliasing");
}
