//! Texts that policies and readers of `explain` get, without what is secret by its type: hashes of passwords, headers of downloads, passwords of services.
//!
//! Owns: which fields these are, in objects and in machine configs of every form. A stand-in takes the place of each, so that the config stays valid and a policy can see that
//! something is there. Must not: touch anything else of a text.

use std::ops::Range;

use flatwright_diagnostic::{NodeId, Path, Segment};
use flatwright_yaml::{Kind, Limits, Tree, parse};
use serde_json::Value;

/// The fields, as the languages spell them, with the key that their list stands under.
const FIELDS: &[(&str, &str)] = &[
    ("passwd", "users"),
    ("passwordHash", "users"),
    ("password_hash", "users"),
    ("passwordHash", "groups"),
    ("password_hash", "groups"),
    ("value", "httpHeaders"),
    ("value", "http_headers"),
    ("download_password", "update"),
    ("etcd_password", "flannel"),
    ("etcd_password", "locksmith"),
];

/// What stands in the place of a field; the form is the one of stand-ins for Secrets, which the SDK reads.
fn stand_in(field: &str) -> String {
    format!("$6$flatwright-stand-in(withheld {field})")
}

/// What is shown of a text at a path of an object.
pub(crate) fn text(path: &Path, text: &str) -> String {
    let keys: Vec<&str> = path
        .segments()
        .iter()
        .filter_map(|segment| if let Segment::Key(key) = segment { Some(&**key) } else { None })
        .collect();
    match keys[..] {
        [.., list, key] if !text.is_empty() && FIELDS.contains(&(key, list)) => stand_in(key),
        [.., "additionalConfig"] => config(text),
        _ => text.to_owned(),
    }
}

/// An object without its secrets.
pub(crate) fn object(value: &mut Value) {
    below(value, &mut Vec::new());
}

fn below(value: &mut Value, above: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                let list = above.last().map(String::as_str).unwrap_or_default();
                if let Value::String(text) = value {
                    if !text.is_empty() && FIELDS.contains(&(key.as_str(), list)) {
                        *text = stand_in(key);
                    } else if key == "additionalConfig" {
                        *text = config(text);
                    }
                    continue;
                }
                above.push(key.clone());
                below(value, above);
                above.pop();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| below(item, above)),
        _ => {}
    }
}

/// A machine config without its secrets, in whichever language it is. What is not YAML has none that could be found; it was refused before.
pub(crate) fn config(text: &str) -> String {
    let is_plain = !FIELDS.iter().any(|(field, _)| text.contains(field));
    if is_plain {
        return text.to_owned();
    }
    let (tree, error) = parse(text, &Limits::default());
    if error.is_some() {
        return text.to_owned();
    }
    let mut cuts: Vec<(Range<usize>, String)> = Vec::new();
    for root in tree.roots() {
        fields(&tree, *root, "", &mut cuts);
    }
    cuts.sort_by_key(|(range, _)| range.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (range, with) in cuts {
        if range.start >= at {
            out.push_str(&text[at..range.start]);
            out.push_str(&with);
            at = range.end;
        }
    }
    out.push_str(&text[at..]);
    out
}

fn fields(tree: &Tree, node: NodeId, list: &str, cuts: &mut Vec<(Range<usize>, String)>) {
    match tree.kind(node) {
        Kind::Mapping(entries) => {
            for entry in entries.iter() {
                let Some(key) = tree.scalar(entry.key) else { continue };
                match tree.kind(entry.value) {
                    Kind::Scalar(text, _) if !text.is_empty() && FIELDS.contains(&(key, list)) => {
                        // Both YAML and JSON read a double-quoted text.
                        cuts.push((tree.span(tree.resolve(entry.value)), format!("\"{}\"", stand_in(key))));
                    }
                    Kind::Scalar(..) => {}
                    _ => fields(tree, entry.value, key, cuts),
                }
            }
        }
        Kind::Sequence(items) => items.iter().for_each(|item| fields(tree, *item, list, cuts)),
        Kind::Scalar(..) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_leave_configs_of_every_language() {
        let yaml = "passwd:\n  users:\n    - name: a\n      password_hash: $6$x$y  # kept\n      shell: /bin/sh\nupdate:\n  download_password: hunter2\n";
        let shown = config(yaml);
        assert!(!shown.contains("$6$x$y") && !shown.contains("hunter2"), "{shown}");
        assert!(
            shown.contains("password_hash: \"$6$flatwright-stand-in(withheld password_hash)\"  # kept\n"),
            "{shown}"
        );
        assert!(
            shown.ends_with("download_password: \"$6$flatwright-stand-in(withheld download_password)\"\n"),
            "{shown}"
        );
        let json = r#"{"passwd":{"users":[{"name":"a","passwordHash":"$6$x$y"}]},"storage":{"files":[{"contents":{"httpHeaders":[{"name":"Authorization","value":"Basic eA=="}]}}]}}"#;
        let shown = config(json);
        assert!(!shown.contains("$6$x$y") && !shown.contains("eA=="), "{shown}");
        let value: Value = serde_json::from_str(&shown).expect("still JSON");
        assert_eq!(value["passwd"]["users"][0]["name"], "a");
        let plain = "storage:\n  files:\n    - path: /value\n";
        assert_eq!(config(plain), plain);
    }

    #[test]
    fn hashes_leave_objects_and_the_configs_in_them() {
        let mut value = serde_json::json!({ "spec": { "users": [{ "name": "a", "passwd": "$6$x$y" }], "passwd": "stays",
            "ignition": { "containerLinuxConfig": { "additionalConfig": "passwd: {users: [{password_hash: $6$x$z}]}\n" } } } });
        object(&mut value);
        let text = value.to_string();
        assert!(!text.contains("$6$x$") && text.contains("stays"), "{text}");
    }
}
