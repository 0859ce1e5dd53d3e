//! Edits of JSON by a path: `/node/files/~1etc~1motd/permissions`.
//!
//! A path is a JSON Pointer, whose steps may also be the name of a list's item, or `-` behind the last item.

use serde_json::Value;

/// The fields by which items of a list are known.
const NAMES: [&str; 4] = ["name", "path", "file_name", "key"];

/// Puts a value at a path that exists, or behind the last item of a list.
pub(crate) fn set(value: &mut Value, path: &str, new: Value) {
    let (parent, last) = split(path);
    let Some(last) = last else {
        *value = new;
        return;
    };
    match (find_mut(value, parent), last.as_str()) {
        (Some(Value::Array(items)), "-") => items.push(new),
        (Some(parent), _) => match child(parent, &last) {
            Some(place) => *place = new,
            None => panic!("the settings lead nowhere: `{path}`"),
        },
        (None, _) => panic!("the settings lead nowhere: `{path}`"),
    }
}

/// Takes an item out of its list.
pub(crate) fn remove(value: &mut Value, path: &str) {
    let (parent, last) = split(path);
    let (Some(Value::Array(items)), Some(last)) = (find_mut(value, parent), last) else {
        panic!("the settings lead to no item of a list: `{path}`");
    };
    let Some(at) = position(items, &last) else { panic!("the settings lead nowhere: `{path}`") };
    items.remove(at);
}

/// What is at a path.
pub(crate) fn get<'v>(value: &'v mut Value, path: &str) -> Option<&'v Value> {
    find_mut(value, path).map(|value| &*value)
}

fn find_mut<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    path.split('/').skip(1).try_fold(value, |value, step| child(value, &unescaped(step)))
}

fn child<'v>(value: &'v mut Value, step: &str) -> Option<&'v mut Value> {
    match value {
        Value::Object(map) => map.get_mut(step),
        Value::Array(items) => {
            let at = position(items, step)?;
            items.get_mut(at)
        }
        _ => None,
    }
}

/// By name, else by number. A pair is known by its first half.
fn position(items: &[Value], step: &str) -> Option<usize> {
    let is_it = |item: &Value| NAMES.iter().any(|name| item[*name] == *step) || item[0] == *step;
    items.iter().position(is_it).or_else(|| step.parse().ok().filter(|at| *at < items.len()))
}

fn split(path: &str) -> (&str, Option<String>) {
    path.rsplit_once('/').map_or((path, None), |(parent, last)| (parent, Some(unescaped(last))))
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn items_are_found_by_name_pair_and_number() {
        let mut value = json!({"files": [{"path": "/a", "mode": 1}, {"path": "/b", "mode": 2}], "pairs": [["k", "v"]]});
        set(&mut value, "/files/~1b/mode", json!(3));
        set(&mut value, "/files/0/mode", json!(4));
        set(&mut value, "/pairs/k", json!(["k", "w"]));
        set(&mut value, "/pairs/-", json!(["l", "x"]));
        remove(&mut value, "/files/~1a");
        assert_eq!(value, json!({"files": [{"path": "/b", "mode": 3}], "pairs": [["k", "w"], ["l", "x"]]}));
    }
}
