//! Any bytes give a finding at the right line, quickly; nothing panics, hangs or compiles by accident.
#![expect(clippy::disallowed_methods, reason = "time bounds need a clock")]

use std::time::{Duration, Instant};

use flatwright::Options;
use flatwright_tests::{Compiled, Memory, compile_text, compile_with, repository};
use proptest::prelude::*;

fn base() -> String {
    std::fs::read_to_string(repository().join("tests/suite/base/flatcar-sysext/spec.yaml")).expect("invariant: a case")
}

fn compile_bytes(bytes: &[u8]) -> Compiled {
    compile_with(bytes, &Memory::default(), &Options::default())
}

/// The first finding is this one, and nothing is compiled, within a second even without optimization.
fn refused(bytes: &[u8], code: &str, line: Option<usize>) -> Compiled {
    let start = Instant::now();
    let compiled = compile_bytes(bytes);
    assert!(start.elapsed() < Duration::from_secs(10), "took {:?}", start.elapsed());
    assert!(compiled.stream.is_none());
    let first = compiled.list.first().expect("a refusal has a finding");
    assert_eq!(first.0, code, "{}", compiled.findings);
    if line.is_some() {
        assert_eq!(first.2, line, "{}", compiled.findings);
    }
    compiled
}

#[test]
fn a_file_without_a_document_says_how_to_start() {
    for text in ["", "\n\n", "# only a comment\n", "---\n", "---\n---\n...\n", "\u{feff}"] {
        let compiled = refused(text.as_bytes(), "empty-source", None);
        assert!(compiled.findings.contains("flatwright init"), "{}", compiled.findings);
    }
}

#[test]
fn a_file_of_fifty_megabytes_is_refused_unread() {
    let huge = vec![b'a'; 50 << 20];
    refused(&huge, "source-too-large", None);
    let comment = format!("# {}\n{}", "x".repeat(50 << 20), base());
    refused(comment.as_bytes(), "source-too-large", None);
}

#[test]
fn a_large_file_within_the_limit_is_read_in_linear_time() {
    let comments = "# a comment of a spec that somebody keeps everything in\n".repeat(100_000);
    let compiled = compile_text(&format!("{comments}{}", base()));
    assert!(compiled.stream.is_some(), "{}", compiled.findings);
}

#[test]
fn deep_nesting_is_a_finding() {
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(50_000),
        (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        format!("{}x: {}1{}\n", base(), "[".repeat(5_000), "]".repeat(5_000)),
        "? ".repeat(50_000),
    ] {
        refused(text.as_bytes(), "yaml-syntax", None);
    }
}

#[test]
fn wide_mappings_and_long_lists_cost_linear_time() {
    let keys = |prefix: &str| (0..100_000).map(|n| format!("{prefix}{n}: x")).collect::<Vec<_>>().join(", ");
    let blocks = vec!["10.0.0.0/8"; 100_000].join(", ");
    for (from, to) in [
        ("metadata: {name: demo}", format!("metadata: {{name: demo, {}}}", keys("nam"))),
        ("metadata: {name: demo}", format!("metadata: {{name: demo, annotations: {{{}}}}}", keys("a"))),
        ("{version: v1.34.2}", format!("{{version: v1.34.2, network: {{pods: [{blocks}], services: [{blocks}]}}}}")),
    ] {
        let start = Instant::now();
        compile_text(&base().replace(from, &to));
        assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    }
}

#[test]
fn aliases_that_multiply_are_a_finding() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let references = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{references}]\n"));
    }
    refused(bomb.as_bytes(), "yaml-syntax", None);
    refused(b"a: &a [*a]\n", "yaml-syntax", Some(1));
    refused(b"a: *nothing\n", "yaml-syntax", Some(1));
}

#[test]
fn bytes_that_are_no_text_are_a_finding() {
    refused(&[0xff, 0xfe, 0x00, 0xd8, 0x00], "not-text", None);
    refused(&[0x80, 0x81, 0x82], "not-text", None);
    refused(b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\xff\xff", "not-text", None);
    let mut broken = base().into_bytes();
    broken.extend_from_slice(b"# caf\xe9\n");
    refused(&broken, "not-text", None);
}

#[test]
fn utf_16_and_byte_order_marks_are_read() {
    for bytes in [
        [&[0xff, 0xfe][..], &base().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat(),
        [&[0xfe, 0xff][..], &base().encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()].concat(),
        [&[0xef, 0xbb, 0xbf][..], base().as_bytes()].concat(),
        base().replace('\n', "\r\n").into_bytes(),
    ] {
        let compiled = compile_bytes(&bytes);
        assert_eq!(compiled.stream, compile_text(&base()).stream, "{}", compiled.findings);
    }
}

#[test]
fn lines_are_counted_alike_under_every_line_ending_and_mark() {
    let broken = base().replace("location: westeurope", "location: West Europe");
    let line = 1 + broken.lines().position(|line| line.contains("West Europe")).expect("it stands there");
    for text in [broken.clone(), broken.replace('\n', "\r\n"), format!("\u{feff}{broken}"), broken.replace('\n', "\r")]
    {
        let compiled = compile_text(&text);
        assert!(compiled.has("malformed-value", line), "{}", compiled.findings);
    }
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(broken.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(compile_bytes(&wide).has("malformed-value", line));
}

#[test]
fn syntax_errors_are_told_at_their_line() {
    refused(b"a: 1\nb: [1, 2\nc: 3\n", "yaml-syntax", None);
    refused(b"a: 1\n\tb: 2\n", "yaml-syntax", Some(2));
    refused(b"a: 'open\n", "yaml-syntax", None);
    refused(b"a: 1\n b: 2\n", "yaml-syntax", Some(2));
    refused(b"a: 1\n%YAML 3.0\n---\n", "yaml-syntax", None);
    refused(b"a: \"\\q\"\n", "yaml-syntax", Some(1));
    refused(b"a: \x00\n", "yaml-syntax", Some(1));
}

#[test]
fn words_that_older_readers_take_for_booleans_are_no_booleans() {
    for (word, right) in
        [("yes", "true"), ("no", "false"), ("on", "true"), ("off", "false"), ("Yes", "true"), ("\"true\"", "true")]
    {
        let text = base().replace("replicas: 2,", &format!("replicas: 2, acceleratedNetworking: {word},"));
        let compiled = compile_text(&text);
        assert_eq!(compiled.errors(), ["wrong-type"], "{word}");
        assert!(compiled.findings.contains(&format!("write `{right}`")), "{}", compiled.findings);
    }
}

#[test]
fn numbers_beyond_every_type_are_out_of_range() {
    for number in ["18446744073709551616", "99999999999999999999999999", "-9223372036854775809", "-1", "1001"] {
        let compiled = compile_text(&base().replace("replicas: 2,", &format!("replicas: {number},")));
        assert_eq!(compiled.errors(), ["number-out-of-range"], "{number}: {}", compiled.findings);
    }
    for number in ["1.5", "1e3", ".inf", ".nan", "1_000", "0b11", "1:30"] {
        let compiled = compile_text(&base().replace("replicas: 2,", &format!("replicas: {number},")));
        assert_eq!(compiled.errors(), ["wrong-type"], "{number}: {}", compiled.findings);
    }
    for number in ["0x10", "0o17"] {
        assert!(compile_text(&base().replace("replicas: 2,", &format!("replicas: {number},"))).stream.is_some());
    }
}

#[test]
fn another_kind_is_one_finding() {
    let compiled =
        refused(b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n", "foreign-document", Some(1));
    assert_eq!(compiled.errors().len(), 1);
    let compiled =
        refused(b"apiVersion: flatwright.dev/v1alpha1\nkind: FlatcarClusters\n", "foreign-document", Some(2));
    assert!(compiled.findings.contains("FlatcarCluster`"));
    refused(b"[]\n", "wrong-type", Some(1));
    refused(b"text\n", "wrong-type", Some(1));
    refused(b"12\n", "wrong-type", Some(1));
}

#[test]
fn merge_keys_take_mappings_only() {
    for merged in ["12", "[1]", "text"] {
        let text = base().replace("{name: md-0,", &format!("{{<<: {merged}, name: md-0,"));
        assert!(compile_text(&text).errors().contains(&"wrong-type"), "{merged}");
    }
    let odd = base().replace("{name: md-0,", "{? [a] : b, name: md-0,");
    assert!(compile_text(&odd).errors().contains(&"wrong-type"));
}

#[test]
fn keys_that_stand_twice_are_told_in_every_kind_of_mapping() {
    for (from, to) in [
        ("metadata: {name: demo}", "metadata: {name: demo, name: demo}"),
        ("metadata: {name: demo}", "metadata: {name: demo, labels: {a: x, a: y}}"),
        ("replicas: 2,", "replicas: 2, replicas: 3,"),
    ] {
        let compiled = compile_text(&base().replace(from, to));
        assert_eq!(compiled.errors(), ["duplicate-key"], "{}", compiled.findings);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        compile_bytes(&bytes);
    }

    #[test]
    fn no_damage_to_a_good_spec_makes_it_panic(at in any::<prop::sample::Index>(), length in 0usize..40, new in "\\PC{0,12}") {
        let text = base();
        let characters: Vec<char> = text.chars().collect();
        let from = at.index(characters.len());
        let to = (from + length).min(characters.len());
        let damaged: String = characters[..from].iter().copied().chain(new.chars()).chain(characters[to..].iter().copied()).collect();
        let compiled = compile_text(&damaged);
        prop_assert_eq!(compiled.stream.is_some(), compiled.errors().is_empty());
    }
}
