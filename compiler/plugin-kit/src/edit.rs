//! What changed between two JSON values, by key.
//!
//! Owns: which lists hold named things. Must not: compare named things by position: a file put in front of another is one edit, not two.

use std::fmt;

use flatwright_plugin_host::escape_line;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One change. A value is there before, after, or both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Where: `node.files["/etc/motd"].permissions`, as the WIT package has it for findings.
    pub path: String,
    /// The value before; absent if it is new.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub from: Option<Value>,
    /// The value after; absent if it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub to: Option<Value>,
}

/// Keeps `null` as a value: an absent option of the interface is `null`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "(all)" } else { &escape_line(&self.path) };
        let shown = |value: &Value| escape_line(&value.to_string());
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, "~ {path}\n    - {}\n    + {}", shown(from), shown(to)),
            (None, Some(to)) => write!(f, "+ {path}\n    + {}", shown(to)),
            (Some(from), None) => write!(f, "- {path}\n    - {}", shown(from)),
            (None, None) => write!(f, "  {path}"),
        }
    }
}

/// Every change from one value to the other, in the order of the new value, removals at the end of their list.
pub fn difference(before: &Value, after: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    compare(&mut edits, "", before, after);
    edits
}

fn compare(edits: &mut Vec<Edit>, path: &str, before: &Value, after: &Value) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                let path = child(path, key);
                match old.get(key) {
                    Some(old) => compare(edits, &path, old, value),
                    None => edits.push(Edit { path, from: None, to: Some(value.clone()) }),
                }
            }
            for (key, value) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
                edits.push(Edit { path: child(path, key), from: Some(value.clone()), to: None });
            }
        }
        (Value::Array(old), Value::Array(new)) => match (names(old), names(new)) {
            (Some(old_names), Some(new_names)) => {
                compare_named(edits, path, (old, &old_names), (new, &new_names));
            }
            _ => change(edits, path, before, after),
        },
        _ => change(edits, path, before, after),
    }
}

fn compare_named(edits: &mut Vec<Edit>, path: &str, old: (&[Value], &[String]), new: (&[Value], &[String])) {
    let before = edits.len();
    for (value, name) in new.0.iter().zip(new.1) {
        let item = format!("{path}[{}]", Value::from(name.as_str()));
        match old.1.iter().position(|other| other == name) {
            Some(at) => compare(edits, &item, &old.0[at], value),
            None => edits.push(Edit { path: item, from: None, to: Some(value.clone()) }),
        }
    }
    for (value, name) in old.0.iter().zip(old.1).filter(|(_, name)| !new.1.contains(name)) {
        edits.push(Edit {
            path: format!("{path}[{}]", Value::from(name.as_str())),
            from: Some(value.clone()),
            to: None,
        });
    }
    if edits.len() == before {
        // Only the order differs.
        let order = |names: &[String]| Value::from(names.to_vec());
        edits.push(Edit { path: path.to_owned(), from: Some(order(old.1)), to: Some(order(new.1)) });
    }
}

fn change(edits: &mut Vec<Edit>, path: &str, before: &Value, after: &Value) {
    edits.push(Edit { path: path.to_owned(), from: Some(before.clone()), to: Some(after.clone()) });
}

fn child(path: &str, key: &str) -> String {
    match (path, key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')) {
        ("", true) => key.to_owned(),
        (_, true) => format!("{path}.{key}"),
        (_, false) => format!("{path}[{}]", Value::from(key)),
    }
}

/// The name of each item, if the list is one of named things: all have a name and no two the same.
fn names(list: &[Value]) -> Option<Vec<String>> {
    let names: Vec<String> = list.iter().map(name).collect::<Option<_>>()?;
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[0] != pair[1]).then_some(names)
}

fn name(item: &Value) -> Option<String> {
    match item {
        // A pair of a name and a value.
        Value::Array(pair) => match pair.as_slice() {
            [Value::String(name), Value::String(_)] => Some(name.clone()),
            _ => None,
        },
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str);
            match text("file-name") {
                Some(file) => Some(text("component").map_or_else(|| file.to_owned(), |of| format!("{of}/{file}"))),
                None => text("name").or_else(|| text("path")).map(str::to_owned),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(before: &Value, after: &Value) -> Vec<String> {
        difference(before, after).into_iter().map(|edit| edit.path).collect()
    }

    #[test]
    fn control_characters_of_a_plugin_do_not_reach_the_terminal() {
        let (before, after) = (json!({"a\u{202e}": "\u{9b}"}), json!({"a\u{202e}": "\u{7f}\u{2066}"}));
        let shown = difference(&before, &after)[0].to_string();
        assert_eq!(shown, "~ [\"a\\u{202e}\"]\n    - \"\\u{9b}\"\n    + \"\\u{7f}\\u{2066}\"");
    }

    #[test]
    fn named_things_are_compared_by_name() {
        let before = json!({"files": [{"path": "/a", "mode": "1"}, {"path": "/b", "mode": "1"}]});
        let after = json!({"files": [{"path": "/new", "mode": "1"}, {"path": "/b", "mode": "2"}]});
        assert_eq!(paths(&before, &after), ["files[\"/new\"]", "files[\"/b\"].mode", "files[\"/a\"]"]);
    }

    #[test]
    fn equal_values_have_no_difference_and_order_counts() {
        let one = json!({"arguments": [{"name": "a"}, {"name": "b"}]});
        let other = json!({"arguments": [{"name": "b"}, {"name": "a"}]});
        assert!(difference(&one, &one).is_empty());
        assert_eq!(paths(&one, &other), ["arguments"]);
    }

    #[test]
    fn unnamed_lists_change_as_a_whole() {
        assert_eq!(paths(&json!({"a": ["x"]}), &json!({"a": ["x", "y"]})), ["a"]);
        let repeated = json!([["Path", "1"], ["Path", "2"]]);
        assert_eq!(paths(&repeated, &json!([["Path", "1"]])), [""]);
    }

    #[test]
    fn an_edit_reads_back_with_its_nulls() {
        let edit = Edit { path: "a".into(), from: Some(Value::Null), to: Some(json!(1)) };
        let text = serde_json::to_string(&edit).unwrap();
        assert_eq!(serde_json::from_str::<Edit>(&text).unwrap(), edit);
    }
}
