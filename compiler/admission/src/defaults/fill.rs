//! Reaching into objects to fill them in. Must not: know a kind.

use serde_json::{Map, Value, json};

/// The mappings in a list; none where there is no list.
pub(super) fn objects(list: Option<&mut Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    list.and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

/// The value at a path, if all of it is there.
pub(super) fn at<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, key| value.get_mut(*key))
}

/// Sets a field that is absent or null, making the objects around it. What stands in the way as another type is left alone.
pub(super) fn fill(object: &mut Value, path: &[&str], value: Value) {
    if at(object, path).is_none_or(|value| value.is_null()) {
        insert(object, path, value);
    }
}

/// Sets a field, making the objects around it.
pub(super) fn insert(mut object: &mut Value, path: &[&str], value: Value) {
    let Some((leaf, parents)) = path.split_last() else { return };
    for key in parents {
        let Value::Object(map) = object else { return };
        let child = map.entry(*key).or_insert(Value::Null);
        if child.is_null() {
            *child = json!({});
        }
        object = child;
    }
    if let Value::Object(map) = object {
        map.insert((*leaf).to_owned(), value);
    }
}
