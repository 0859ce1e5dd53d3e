//! What changed between a question and its answer, by key and never by list index.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::calls::Edit;

/// The fields by which items of a list are known, in this order.
const KEYS: [&str; 3] = ["name", "path", "file-name"];

/// Every difference, in the order of the question.
pub(super) fn between<T: Serialize>(before: &T, after: &T) -> Vec<Edit> {
    let json = |value: &T| serde_json::to_value(value).expect("invariant: the host's records are JSON");
    let mut edits = Vec::new();
    compare(&json(before), &json(after), "", &mut edits);
    edits
}

fn compare(before: &Value, after: &Value, path: &str, edits: &mut Vec<Edit>) {
    match (before, after) {
        (a, b) if a == b => {}
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                match b.get(key) {
                    Some(other) => compare(value, other, &below(path, key), edits),
                    None => edits.push(edit(below(path, key), Some(value), None)),
                }
            }
            for (key, value) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
                edits.push(edit(below(path, key), None, Some(value)));
            }
        }
        (Value::Array(a), Value::Array(b)) => lists(a, b, path, edits),
        (a, b) => edits.push(edit(path.to_owned(), Some(a), Some(b))),
    }
}

/// Item by item where each has a name of its own; else, and where only the order changed, as a whole.
fn lists(a: &[Value], b: &[Value], path: &str, edits: &mut Vec<Edit>) {
    let known = edits.len();
    if let (Some(before), Some(after)) = (by_key(a), by_key(b)) {
        for item in a {
            let name = key(item).unwrap_or_default();
            let path = format!("{path}[\"{name}\"]");
            match after.get(&name) {
                Some(other) => compare(item, other, &path, edits),
                None => edits.push(edit(path, Some(item), None)),
            }
        }
        for item in b {
            let name = key(item).unwrap_or_default();
            if !before.contains_key(&name) {
                edits.push(edit(format!("{path}[\"{name}\"]"), None, Some(item)));
            }
        }
    }
    if edits.len() == known {
        let list = |items: &[Value]| Value::from(items.to_vec());
        edits.push(edit(path.to_owned(), Some(&list(a)), Some(&list(b))));
    }
}

/// The items by name; `None` if one has no name, or two have the same: a systemd key may stand twice.
fn by_key(items: &[Value]) -> Option<BTreeMap<String, &Value>> {
    let named: BTreeMap<_, _> = items.iter().map(|item| Some((key(item)?, item))).collect::<Option<_>>()?;
    (named.len() == items.len()).then_some(named)
}

/// A record's name, or the first half of a pair; with a component, transfers of two components may share a file name.
fn key(item: &Value) -> Option<String> {
    if let Some(pair) = item.as_array() {
        return pair.first().and_then(Value::as_str).map(str::to_owned);
    }
    let name = KEYS.iter().find_map(|key| item.get(key)).and_then(Value::as_str)?;
    let component = item.get("component").and_then(Value::as_str);
    Some(component.map_or_else(|| name.to_owned(), |component| format!("{component}/{name}")))
}

/// The value at a path of a record, as edits and findings write it: `node.files["/etc/motd"].permissions`.
pub(super) fn at<'v>(mut value: &'v Value, path: &str) -> Option<&'v Value> {
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(item) = rest.strip_prefix('[') {
            let (name, behind) = match item.strip_prefix('"') {
                Some(quoted) => quoted.split_once("\"]")?,
                None => item.split_once(']')?,
            };
            let items = value.as_array()?;
            let by_name = items.iter().find(|item| key(item).as_deref() == Some(name));
            value = match by_name {
                Some(Value::Array(pair)) => pair.get(1)?,
                Some(item) => item,
                None => items.get(name.parse::<usize>().ok()?)?,
            };
            rest = behind;
        } else {
            let field = rest.trim_start_matches('.');
            let end = field.find(['.', '[']).unwrap_or(field.len());
            value = value.get(&field[..end])?;
            rest = &field[end..];
        }
    }
    Some(value)
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn edit(path: String, before: Option<&Value>, after: Option<&Value>) -> Edit {
    Edit { path, before: before.cloned(), after: after.cloned(), is_hidden: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn items_are_compared_by_name_whatever_their_order() {
        let before = json!({ "files": [{ "path": "/a", "mode": "1" }, { "path": "/b", "mode": "2" }], "x": 1 });
        let after = json!({ "files": [{ "path": "/b", "mode": "3" }, { "path": "/a", "mode": "1" }, { "path": "/c" }], "x": 1 });
        let paths: Vec<String> = between(&before, &after).into_iter().map(|edit| edit.path).collect();
        assert_eq!(paths, ["files[\"/b\"].mode", "files[\"/c\"]"]);
    }

    #[test]
    fn a_path_finds_its_value() {
        let value = json!({ "node": { "files": [{ "path": "/a.b", "mode": "1" }], "labels": [["a.b/c", "d"]], "list": ["x"] } });
        for (path, found) in [
            ("node.files[\"/a.b\"].mode", Some("1")),
            ("node.labels[\"a.b/c\"]", Some("d")),
            ("node.list[0]", Some("x")),
            ("node.list[1]", None),
            ("node.files[\"/b\"]", None),
            ("node.", None),
        ] {
            assert_eq!(at(&value, path).and_then(Value::as_str), found, "{path}");
        }
    }

    #[test]
    fn no_difference_is_overlooked() {
        let pairs = |pairs: &[(&str, &str)]| json!({ "entries": pairs });
        let before = pairs(&[("ExecStart", ""), ("ExecStart", "a")]);
        for after in [&[("ExecStart", "")][..], &[("ExecStart", ""), ("ExecStart", "a"), ("ExecStart", "b")]] {
            assert_eq!(between(&before, &pairs(after)).len(), 1);
        }
        let ordered = pairs(&[("a", "1"), ("b", "2")]);
        assert_eq!(between(&ordered, &pairs(&[("b", "2"), ("a", "1")])).len(), 1);
        assert!(between(&ordered, &ordered).is_empty());
    }
}
