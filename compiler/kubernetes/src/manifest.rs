//! Manifests: what every object says about itself, and lists of objects.

use serde_json::Value;

/// The namespace of an object that names none.
pub const DEFAULT_NAMESPACE: &str = "default";

/// The `apiVersion`; empty where it is missing or not a text.
pub fn api_version(object: &Value) -> &str {
    text(object.get("apiVersion"))
}

/// The `kind`; empty where it is missing or not a text.
pub fn kind(object: &Value) -> &str {
    text(object.get("kind"))
}

/// A text of the metadata; empty where it is missing or not a text.
pub fn metadata<'a>(object: &'a Value, key: &str) -> &'a str {
    text(object.get("metadata").and_then(|metadata| metadata.get(key)))
}

/// The name; empty where it is missing or not a text.
pub fn name(object: &Value) -> &str {
    metadata(object, "name")
}

/// The namespace that the object is in, or would be in if its kind has namespaces.
pub fn namespace(object: &Value) -> &str {
    or_default(metadata(object, "namespace"))
}

/// A written namespace, or the default one in the place of nothing.
pub fn or_default(namespace: &str) -> &str {
    if namespace.is_empty() { DEFAULT_NAMESPACE } else { namespace }
}

/// The group of an `apiVersion`; empty for the core group.
pub fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// Takes the items out of a list, as `kubectl get -o yaml` writes it; `None` leaves an object that is not a list as it is. The items of a typed list such as
/// `ConfigMapList` may leave out what the list says.
pub fn take_items(object: &mut Value) -> Option<Vec<Value>> {
    let item_kind = kind(object).strip_suffix("List")?.to_owned();
    let api_version = api_version(object).to_owned();
    let Value::Array(items) = object.get_mut("items").filter(|items| items.is_array())?.take() else { return None };
    let complete = |mut item: Value| {
        if let (Some(fields), false) = (item.as_object_mut(), item_kind.is_empty()) {
            fields.entry("apiVersion").or_insert_with(|| api_version.as_str().into());
            fields.entry("kind").or_insert_with(|| item_kind.as_str().into());
        }
        item
    };
    Some(items.into_iter().map(complete).collect())
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_says_what_it_is() {
        let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": ""}});
        assert_eq!((group(api_version(&object)), kind(&object), name(&object)), ("apps", "Deployment", "a"));
        assert_eq!((namespace(&object), group("v1")), ("default", ""));
        assert_eq!((kind(&json!([])), name(&json!({"metadata": 1}))), ("", ""));
    }

    #[test]
    fn items_of_a_typed_list_get_its_kind() {
        let mut list = json!({"apiVersion": "v1", "kind": "ConfigMapList", "items": [{"metadata": {"name": "a"}}, 3]});
        let items = take_items(&mut list).unwrap();
        assert_eq!(items, [json!({"metadata": {"name": "a"}, "apiVersion": "v1", "kind": "ConfigMap"}), json!(3)]);
        let mut list = json!({"apiVersion": "v1", "kind": "List", "items": [{"kind": "Secret"}]});
        assert_eq!(take_items(&mut list), Some(vec![json!({"kind": "Secret"})]));
        for mut object in [json!({"kind": "ConfigMap", "items": []}), json!({"kind": "List", "items": {}}), json!(1)] {
            assert_eq!(take_items(&mut object), None);
        }
    }
}
