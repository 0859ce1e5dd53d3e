//! Nothing panics, hangs or overflows, whatever the CRD and the object are.

use flatwright_schema::Crds;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any JSON value, with the words of schemas and manifests among its keys and texts, so that it often means something.
fn json_value() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "type",
        "properties",
        "items",
        "object",
        "array",
        "string",
        "integer",
        "name",
        "metadata",
        "spec",
        "labels",
        "kind",
        "apiVersion",
        "x-kubernetes-list-type",
        "map",
        "set",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-validations",
        "rule",
        "self.all(x, x == 1)",
        "self.name == oldSelf.name",
        "required",
        "enum",
        "pattern",
        "^[a-z]+$",
        "(",
        "default",
        "nullable",
        "additionalProperties",
        "anyOf",
        "not",
        "minimum",
        "maxLength",
        "format",
        "date-time",
        "x-kubernetes-int-or-string",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-embedded-resource",
        "multipleOf",
    ]);
    let text = prop_oneof![4 => word.prop_map(String::from), 1 => any::<String>()];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3_i64..4).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A schema that mostly makes sense, so that objects get far into it.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "string", "maxLength": 3, "pattern": "a"})),
        Just(json!({"type": "integer", "minimum": 1, "multipleOf": 0})),
        Just(json!({"type": "string", "format": "duration", "default": "1h"})),
        Just(json!({"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]})),
        Just(
            json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true, "x-kubernetes-embedded-resource": true})
        ),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|items| json!({"type": "array", "items": items, "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name"], "x-kubernetes-validations": [{"rule": "self.all(x, self.exists_one(y, x == y))"}]})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"type": "object", "properties": {"name": a, "spec": b},
                "required": ["name"], "x-kubernetes-validations": [{"rule": "!has(self.name) || self.name == oldSelf.name"}]})),
            inner.prop_map(|each| json!({"type": "object", "additionalProperties": each, "x-kubernetes-validations": [
                {"rule": "self.all(k, k.matches('^[a-z]') && string(self[k]).size() < 9)", "messageExpression": "'%s'.format([self])"}]})),
        ]
    })
}

fn crd(schema: &Value) -> Value {
    json!({"kind": "CustomResourceDefinition", "spec": {"group": "g", "names": {"kind": "K"}, "versions": [
        {"name": "v1", "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.replicas"}}, "schema": {"openAPIV3Schema":
            {"type": "object", "properties": {"spec": schema, "status": schema, "metadata": {"type": "object"}}}}}]}})
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_is_checked_against_a_sensible_schema(schema in schema(), spec in json_value(), old in json_value(), meta in json_value()) {
        let (crds, _) = Crds::from_values([crd(&schema)]);
        let found = crds.find("g/v1", "K").unwrap();
        let object = json!({"apiVersion": "g/v1", "kind": "K", "metadata": meta, "spec": spec});
        let old = json!({"metadata": {"name": "x"}, "spec": old});
        found.validate(&object, Some(&old));
        found.validate(&spec, None);
        // What the server would store has no unknown field and no missing default: storing it again changes nothing.
        let stored = found.defaulted(&object);
        prop_assert_eq!(&found.defaulted(&stored), &stored);
    }

    #[test]
    fn any_value_may_be_a_crd(spec in json_value(), schema in json_value(), object in json_value()) {
        Crds::from_values([spec.clone(), json!({"kind": "CustomResourceDefinition", "spec": spec})]);
        let (crds, _) = Crds::from_values([crd(&schema)]);
        let found = crds.find("g/v1", "K").unwrap();
        found.validate(&json!({"metadata": {"name": "x"}, "spec": object}), None);
        found.validate(&object, Some(&object));
    }

    #[test]
    fn any_text_may_be_a_rule(rule in "[a-z0-9 .,()\\[\\]{}?:!&|+*/%<>='\"-]{0,60}") {
        let schema = json!({"type": "array", "items": {"type": "string"}, "x-kubernetes-validations": [{"rule": rule, "messageExpression": rule}]});
        let (crds, _) = Crds::from_values([crd(&schema)]);
        crds.find("g/v1", "K").unwrap().validate(&json!({"metadata": {"name": "x"}, "spec": ["a", "b"]}), None);
    }

    #[test]
    fn the_order_of_fields_does_not_matter(schema in schema(), spec in json_value()) {
        let (crds, _) = Crds::from_values([crd(&schema)]);
        let found = crds.find("g/v1", "K").unwrap();
        let object = json!({"metadata": {"name": "x"}, "spec": spec});
        let texts = |object: &Value| {
            let mut texts: Vec<_> = found.validate(object, None).into_iter().map(|f| (f.object_path, f.message)).collect();
            texts.sort();
            texts
        };
        prop_assert_eq!(texts(&object), texts(&reversed(&object)));
    }
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.iter().rev().map(|(name, value)| (name.clone(), reversed(value))).collect())
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        _ => value.clone(),
    }
}
