//! Scalars as `yaml.v2` types them: thousands of generated texts against the rules as patterns, rows with their values, and what real programs wrote.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read recorded answers")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use flatwright_go::yaml2::{Resolved, marshal, read, resolve, resolve_tagged};
use regex::Regex;
use serde_json::{Value as Json, json};

/// The characters that decide about a type, and some that decide about none.
const ALPHABET: &[u8] = b"01789.-+_:xobeEnNyf~ aT";

const NULL: &str = "^(|~|null|Null|NULL)$";
const BOOL: &str = "^(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$";
// Underscores are struck out of everything that begins with a sign or a digit.
const INT: &str = "^[-+]?(0|[1-9][0-9]*|0[0-7]+|0[oO][0-7]+|0[bB][01]+|0[xX][0-9a-fA-F]+)$|^0b[-+][01]+$";
const FLOAT: &str = r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$|^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$";
const DATE: &str = "^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}";

struct Rules {
    patterns: BTreeMap<&'static str, Regex>,
}

impl Rules {
    fn new() -> Self {
        let patterns = [("null", NULL), ("bool", BOOL), ("int", INT), ("float", FLOAT), ("date", DATE)];
        Self { patterns: patterns.into_iter().map(|(name, text)| (name, Regex::new(text).unwrap())).collect() }
    }

    fn is(&self, name: &str, text: &str) -> bool {
        self.patterns[name].is_match(text)
    }

    /// The type of a text that is too short to be a date.
    fn expected(&self, text: &str) -> &'static str {
        let plain = if text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-') {
            text.replace('_', "")
        } else {
            text.to_owned()
        };
        assert!(!self.is("date", text), "{text}");
        match text {
            _ if self.is("null", text) => "null",
            _ if self.is("bool", text) => "bool",
            _ if self.is("int", &plain) && !plain.starts_with('.') => "int",
            _ if self.is("float", &plain) => "float",
            _ => "str",
        }
    }
}

fn name(resolved: &Resolved) -> &'static str {
    match resolved {
        Resolved::Null => "null",
        Resolved::Bool(_) => "bool",
        Resolved::Int(_) | Resolved::Uint(_) => "int",
        Resolved::Float(_) => "float",
        Resolved::Timestamp => "date",
        Resolved::Binary(_) => "binary",
        Resolved::Str => "str",
    }
}

/// Every text of up to so many characters.
fn texts(longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last.iter().flat_map(|text| ALPHABET.iter().map(move |b| format!("{text}{}", char::from(*b)))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

#[test]
fn short_texts_have_the_types_of_the_rules() {
    let rules = Rules::new();
    let texts = texts(3);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in &texts {
        let found = name(&resolve(text));
        assert_eq!(found, rules.expected(text), "{text:?}");
        *counts.entry(found).or_default() += 1;
    }
    eprintln!("{} short texts: {counts:?}", texts.len());
    assert!(["null", "bool", "int", "float", "str"].iter().all(|name| counts.contains_key(name)), "{counts:?}");
}

#[test]
fn what_is_read_as_another_type_is_quoted_and_read_back() {
    for text in texts(3) {
        let written = marshal(&json!({ "k": &text }));
        let is_quoted = written.starts_with("k: \"");
        if resolve(&text) != Resolved::Str {
            assert!(is_quoted, "{text:?}: {written}");
        }
        assert_eq!(read(&written), Ok(vec![json!({ "k": &text })]), "{text:?}: {written}");
    }
}

#[test]
fn values_are_those_of_json() {
    for (text, value) in [
        (".1_", json!(".1_")),
        ("_1", json!("_1")),
        ("1_", json!(1)),
        ("-_1", json!(-1)),
        ("08", json!(8)),
        ("0_8", json!(8)),
        ("089", json!(89)),
        ("07", json!(7)),
        ("0644", json!(420)),
        ("0o644", json!(420)),
        ("0b-101", json!(-5)),
        ("0b+1", json!(1)),
        ("-0b1", json!(-1)),
        ("0B-1", json!("0B-1")),
        ("0o-1", json!("0o-1")),
        ("1.0", json!(1)),
        ("1.", json!(1)),
        ("-0.0", json!(0)),
        ("1.30", json!(1.3)),
        ("1e3", json!(1000)),
        ("1e17", json!(100_000_000_000_000_000_i64)),
        ("1152921504606846976.0", json!(1_152_921_504_606_847_000_i64)),
        ("1e21", json!(1e21)),
        ("1e400", json!("1e400")),
        ("+18446744073709551615", json!(18_446_744_073_709_552_000_f64)),
        ("18446744073709551615", json!(u64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
        ("12:30", json!("12:30")),
        ("2020-01-01", json!("2020-01-01")),
        ("<<", json!("<<")),
        ("yEs", json!("yEs")),
        ("v1", json!("v1")),
        ("0x", json!("0x")),
        ("1.2.3", json!("1.2.3")),
        ("Null", Json::Null),
        ("On", json!(true)),
        ("N", json!(false)),
    ] {
        assert_eq!(resolve(text).to_json(text).unwrap(), value, "{text}");
    }
}

#[test]
fn a_tag_decides_where_it_fits() {
    let typed = |text, tag| resolve_tagged(text, true, Some(tag)).and_then(|resolved| resolved.to_json(text));
    for (text, tag, value) in [
        ("12", "!!str", json!("12")),
        ("12", "!", json!("12")),
        ("12", "!own", json!("12")),
        ("12", "tag:yaml.org,2002:int", json!(12)),
        ("2020-01-01", "!!timestamp", json!("2020-01-01")),
        ("aGk=", "!!binary", json!("hi")),
        ("//8=", "!!binary", json!("\u{fffd}\u{fffd}")),
        ("7", "!!float", json!(7)),
    ] {
        assert_eq!(typed(text, tag), Ok(value), "{tag} {text}");
    }
    for (text, tag, message) in [
        ("x", "!!int", "cannot decode !!str `x` as a !!int"),
        ("1", "!!bool", "cannot decode !!int `1` as a !!bool"),
        ("2020-01-01", "!!int", "cannot decode !!str `2020-01-01` as a !!int"),
        ("x", "!!timestamp", "cannot decode !!str `x` as a !!timestamp"),
        ("aGk", "!!binary", "!!binary value contains invalid base64 data"),
        (".inf", "!!float", "json: unsupported value: +Inf"),
    ] {
        assert_eq!(typed(text, tag).unwrap_err().to_string(), message, "{tag} {text}");
    }
    assert_eq!(resolve_tagged("12", false, None), Ok(Resolved::Str));
    assert_eq!(resolve_tagged("12", false, Some("!!int")), Ok(Resolved::Int(12)));
}

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance")
}

/// Counts the scalars below a value.
fn scalars(value: &Json) -> usize {
    match value {
        Json::Array(items) => items.iter().map(scalars).sum(),
        Json::Object(map) => map.values().map(|value| 1 + scalars(value)).sum(),
        _ => 1,
    }
}

/// The documents that real programs wrote with this library.
fn written() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let Ok(cases) = fs::read_to_string(recorded().join("bootstrap/cases.jsonl")) else { return texts };
    for line in cases.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        texts.extend(case["kubeadm_yml"].as_str().map(|text| (case["name"].to_string(), text.to_owned())));
    }
    for file in fs::read_dir(recorded().join("crds")).unwrap() {
        let path = file.unwrap().path();
        texts.push((path.display().to_string(), fs::read_to_string(path).unwrap()));
    }
    texts
}

/// Reading and writing again gives the bytes only if every scalar has the type that the real library gave it.
#[test]
fn what_real_programs_wrote_is_written_again() {
    let texts = written();
    if texts.is_empty() {
        eprintln!("skipped: no recorded data beside the repository");
        return;
    }
    let mut count = 0;
    for (name, text) in texts {
        for document in text.split("---\n").filter(|document| !document.trim().is_empty()) {
            let values = read(document).unwrap();
            count += values.iter().map(scalars).sum::<usize>();
            assert_eq!(marshal(&values[0]).trim(), document.trim(), "{name}");
        }
    }
    eprintln!("{count} recorded scalars");
    assert!(count > 20_000, "{count}");
}

/// Objects that real servers took: whatever a value looks like, what is written for it is read as it.
#[test]
fn recorded_objects_survive_writing_and_reading() {
    let Ok(cases) = fs::read_to_string(recorded().join("admission/cases.jsonl")) else {
        eprintln!("skipped: no recorded data beside the repository");
        return;
    };
    let mut count = 0;
    for line in cases.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        count += scalars(&case["object"]);
        assert_eq!(read(&marshal(&case["object"])), Ok(vec![case["object"].clone()]), "{}", case["id"]);
    }
    eprintln!("{count} recorded scalars");
    assert!(count > 10_000, "{count}");
}
