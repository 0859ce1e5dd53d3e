//! Compared with `serde_json`, whose reading is meant to be the same.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::from_str;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Settings {
    text: String,
    number: u16,
    #[serde(default)]
    choice: Option<Choice>,
    #[serde(default)]
    map: BTreeMap<u8, (bool, i64)>,
    #[serde(default)]
    ratio: f64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Choice {
    Unit,
    Newtype(u8),
    Tuple(u8, char),
    Struct { a: Option<u8> },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Either {
    Number(u32),
    Texts(Vec<String>),
    Nested { inner: Box<Either> },
}

#[derive(Debug, PartialEq, Deserialize)]
struct Flat {
    own: Newtype,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Newtype(u8);

/// Both read the same value, or both refuse.
fn alike<T: DeserializeOwned + PartialEq + Debug>(text: &str) {
    let (own, other) = (from_str::<T>(text), serde_json::from_str::<T>(text));
    match (&own, &other) {
        (Ok(own), Ok(other)) => assert_eq!(own, other, "{text}"),
        (Err(_), Err(_)) => {}
        _ => panic!("{text}: {own:?} and {other:?}"),
    }
}

const TEXTS: [&str; 60] = [
    r#"{"text": "a", "number": 3}"#,
    r#" { "number" : 65535 , "text" : "" } "#,
    r#"{"text": "a", "number": 65536}"#,
    r#"{"text": "a", "number": -1}"#,
    r#"{"text": "a", "number": 1.0}"#,
    r#"{"text": "a", "number": 1e2}"#,
    r#"{"text": "a"}"#,
    r#"{"text": "a", "number": 3, "other": 1}"#,
    r#"{"text": "a", "number": 3, "number": 3}"#,
    r#"{"text": "a", "number": 3,}"#,
    r#"{"text": "a" "number": 3}"#,
    r#"{,"text": "a", "number": 3}"#,
    r#"{"text": null, "number": 3}"#,
    r#"["a", 3]"#,
    r#"["a", 3, null, {}, 1, 2]"#,
    r#"{"text": "a", "number": 3, "choice": "unit", "ratio": 1}"#,
    r#"{"text": "a", "number": 3, "choice": {"newtype": 4}, "ratio": -2.5e-1}"#,
    r#"{"text": "a", "number": 3, "choice": {"tuple": [4, "x"]}, "ratio": 1e400}"#,
    r#"{"text": "a", "number": 3, "choice": {"tuple": [4]}}"#,
    r#"{"text": "a", "number": 3, "choice": {"tuple": [4, "x", 5]}}"#,
    r#"{"text": "a", "number": 3, "choice": {"struct": {"a": null, "b": [1, {"c": {}}]}}}"#,
    r#"{"text": "a", "number": 3, "choice": {"struct": {}, "unit": null}}"#,
    r#"{"text": "a", "number": 3, "choice": {}}"#,
    r#"{"text": "a", "number": 3, "choice": {"unit": null}}"#,
    r#"{"text": "a", "number": 3, "choice": "newtype"}"#,
    r#"{"text": "a", "number": 3, "choice": "other"}"#,
    r#"{"text": "a", "number": 3, "choice": 3}"#,
    r#"{"text": "a", "number": 3, "choice": null, "map": {"1": [true, -9223372036854775808]}}"#,
    r#"{"text": "a", "number": 3, "map": {"256": [true, 1]}}"#,
    r#"{"text": "a", "number": 3, "map": {" 1": [true, 1]}}"#,
    r#"{"text": "a", "number": 3, "map": {"01": [true, 1]}}"#,
    r#"{"text": "a", "number": 3, "map": {"x": [true, 1]}}"#,
    r#"{"text": "a", "number": 3, "map": {"1": [true]}}"#,
    r#"{"text": "a", "number": 3, "map": {1: [true, 1]}}"#,
    r#"{"inner": {"inner": ["a", "b"]}}"#,
    r#"{"inner": 3}"#,
    r#"{"own": 1, "a": [1, 2.5], "b": {"c": null}}"#,
    r#"{"own": "1"}"#,
    r#"["a", "\u00e9\n\t\"\\\/\b\f\r"]"#,
    r#"["\ud83d\ude00", "\uD83D\uDE00x"]"#,
    r#"["\ud83d"]"#,
    r#"["\ud83dx"]"#,
    r#"["\ud83d\u0041"]"#,
    r#"["\ude00"]"#,
    r#"["\u12"]"#,
    r#"["\u+123"]"#,
    r#"["\x"]"#,
    "[\"a\nb\"]",
    "[\"a\u{7f}é\u{10ffff}\"]",
    r#"[18446744073709551615, 18446744073709551616, -9223372036854775808, -9223372036854775809, -0, 0, -0.0]"#,
    "[01]",
    "[-]",
    "[1.]",
    "[.5]",
    "[+1]",
    "[1e]",
    "[1 2]",
    "nul",
    "",
    "3 4",
];

#[test]
fn texts_are_read_as_by_serde_json() {
    for text in TEXTS {
        alike::<Settings>(text);
        alike::<Either>(text);
        alike::<Flat>(text);
        alike::<Value>(text);
        alike::<Vec<String>>(text);
        alike::<BTreeMap<String, serde::de::IgnoredAny>>(text);
        alike::<Option<()>>(text);
    }
}

/// Every text with every byte changed, and every beginning of it: nothing panics, and what one refuses, the other refuses.
#[test]
fn damaged_texts_are_read_as_by_serde_json() {
    for text in TEXTS {
        for at in 0..text.len() {
            if let Some(start) = text.get(..at) {
                alike::<Value>(start);
            }
            for byte in *b"\"\\{}[]:,0-.eunt \n\x01" {
                let mut damaged = text.as_bytes().to_vec();
                damaged[at] = byte;
                if let Ok(damaged) = std::str::from_utf8(&damaged) {
                    alike::<Value>(damaged);
                    alike::<Settings>(damaged);
                }
            }
        }
    }
}

#[test]
fn deep_texts_are_refused_and_not_recursed_into() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [126, 127, 128, 100_000] {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            alike::<Value>(&text);
            assert_eq!(from_str::<serde::de::IgnoredAny>(&text).is_ok(), depth < 128);
        }
    }
}

#[test]
fn messages_say_what_is_there_and_what_belongs_there() {
    let told = |text: &str| from_str::<Settings>(text).unwrap_err().to_string();
    assert_eq!(told(r#"{"text": 3}"#), "invalid type: integer `3`, expected a string");
    assert_eq!(told(r#"{"text": 3.5}"#), "invalid type: floating point number, expected a string");
    assert_eq!(told(r#"{"number": "x"}"#), "invalid type: string \"x\", expected u16");
    assert_eq!(told(r#"{"number": 70000}"#), "invalid value: integer `70000`, expected u16");
    assert_eq!(told(r#"{"number": 1}"#), "missing field `text`");
    assert_eq!(
        told(r#"{"nummer": 1}"#),
        "unknown field `nummer`, expected one of `text`, `number`, `choice`, `map`, `ratio`"
    );
    assert_eq!(told("[true]"), "invalid type: boolean `true`, expected a string");
    assert_eq!(told("3"), "invalid type: integer `3`, expected struct Settings");
    assert_eq!(from_str::<Value>("[1").unwrap_err().to_string(), "expected `,`");
    assert_eq!(from_str::<Value>(r#"{"a": {"b": [0.1]}}"#).unwrap(), json!({"a": {"b": [0.1]}}));
}
