//! Rules of Ignition 3 by examples of our own: a text, and the report's lines.

use flatwright_ignition::ignition3::validate;

#[track_caller]
fn check(text: &[u8], wanted: &[&str]) {
    let entries: Vec<String> = validate(text).entries.iter().map(ToString::to_string).collect();
    assert_eq!(entries, wanted, "{}", String::from_utf8_lossy(text));
}

#[test]
fn types_without_a_name_are_written_out() {
    check(
        br#"{"ignition": true}"#,
        &[
            "error at line 1 col 18: json: cannot unmarshal bool into Go struct field versionStub.Ignition of type struct { Version string }",
        ],
    );
}

#[test]
fn bytes_that_are_no_text_are_told_one_by_one() {
    check(b"\xff\xfe{\0}\0", &["error at line 1 col 2: invalid character 'ÿ' looking for beginning of value"]);
    check(b"{\"a\": \"\xff\xff\"; }", &["error at line 1 col 12: invalid character ';' after object key:value pair"]);
    check(b"[\xa0]", &["error at line 1 col 3: invalid character '\\u00a0' looking for beginning of value"]);
}

#[test]
fn nesting_ends_at_a_bracket() {
    check("[".repeat(10_002).as_bytes(), &["error at line 1 col 10002: invalid character '[' exceeded max depth"]);
}
