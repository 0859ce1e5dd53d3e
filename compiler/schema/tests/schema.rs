//! Behaviour on small CRDs of our own.
#![expect(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "test inputs are written in place")]

use flatwright_diagnostic::{Diagnostic, Severity};
use flatwright_schema::{Crds, Schema};
use serde_json::{Value, json};

/// A CRD of kind `Widget` with a schema for `spec`, a status and a scale.
fn crd(spec: &Value) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.example.com"},
        "spec": {"group": "example.com", "names": {"kind": "Widget", "plural": "widgets"}, "scope": "Namespaced", "versions": [{
            "name": "v1", "served": true, "storage": true,
            "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}},
            "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                "apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"},
                "spec": spec, "status": {"type": "object", "required": ["ready"], "properties": {"ready": {"type": "boolean"}}},
            }}},
        }]},
    })
}

fn widget(spec: Value) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": spec})
}

fn with_schema<T>(spec: &Value, work: impl FnOnce(&Schema) -> T) -> T {
    let (crds, problems) = Crds::from_values([crd(spec)]);
    assert!(problems.is_empty(), "{problems:?}");
    let schema = crds.find("example.com/v1", "Widget").unwrap();
    assert!(schema.problems().is_empty(), "{:?}", schema.problems());
    work(schema)
}

fn lines(found: &[Diagnostic]) -> Vec<String> {
    let line = |finding: &Diagnostic| {
        let path = finding.object_path.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {path}: {}", finding.code, finding.message)
    };
    found.iter().map(line).collect()
}

/// Checks a new object.
#[track_caller]
fn check(spec_schema: Value, object: Value, expected: &[&str]) {
    check_object(spec_schema, &widget(object), expected);
}

#[track_caller]
fn check_object(spec_schema: Value, object: &Value, expected: &[&str]) {
    let found = with_schema(&spec_schema, |schema| schema.validate(object, None));
    assert_eq!(lines(&found), expected, "{object}");
}

/// Checks an update.
#[track_caller]
fn check_update(spec_schema: &Value, old: Value, new: Value, expected: &[&str]) {
    let found = with_schema(spec_schema, |schema| schema.validate(&widget(new.clone()), Some(&widget(old))));
    assert_eq!(lines(&found), expected, "{new}");
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

#[test]
fn unknown_fields_are_refused_with_the_nearest_name() {
    let spec = object(
        json!({"replicas": {"type": "integer"}, "any": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}),
    );
    check(
        spec.clone(),
        json!({"replcas": 1, "any": {"x": {"y": 1}}}),
        &["schema-unknown-field spec.replcas: unknown field `replcas`"],
    );
    let found = with_schema(&spec, |schema| schema.validate(&widget(json!({"replcas": 1})), None));
    assert_eq!(found[0].hints, ["did you mean `replicas`?"]);
    check_object(
        spec,
        &json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "label": {}}, "x": 1}),
        &["schema-unknown-field x: unknown field `x`", "schema-unknown-field metadata.label: unknown field `label`"],
    );
}

#[test]
fn types_are_checked_as_the_server_does() {
    let spec = object(json!({
        "text": {"type": "string"}, "count": {"type": "integer"}, "ratio": {"type": "number"}, "flag": {"type": "boolean"},
        "list": {"type": "array", "items": {"type": "string"}}, "either": {"x-kubernetes-int-or-string": true},
        "maybe": {"type": "string", "nullable": true}, "time": {"type": "string", "format": "date-time"},
    }));
    check(
        spec.clone(),
        json!({"text": "a", "count": 1.0, "ratio": 1, "flag": true, "list": ["a"], "either": "1%", "maybe": null}),
        &[],
    );
    check(spec.clone(), json!({"text": null, "count": null}), &[]);
    check(
        spec,
        json!({"text": 1, "count": "1", "ratio": true, "flag": "yes", "list": [null], "either": 1.5, "time": "now"}),
        &[
            "schema-type spec.text: expected a string, found the number `1`",
            "schema-type spec.count: expected an integer, found the string `1`",
            "schema-type spec.ratio: expected a number, found the boolean `true`",
            "schema-type spec.flag: expected a boolean, found the string `yes`",
            "schema-type spec.list[0]: expected a string, found null",
            "schema-type spec.either: expected an integer or a string, found the number `1.5`",
            "schema-format spec.time: `now` is not a time such as `2006-01-02T15:04:05Z`",
        ],
    );
}

#[test]
fn bounds_are_told_with_value_and_limit() {
    let spec = object(json!({
        "name": {"type": "string", "minLength": 2, "maxLength": 3, "pattern": "^[a-z]+$"},
        "size": {"type": "integer", "minimum": 1, "maximum": 10, "multipleOf": 2},
        "open": {"type": "number", "minimum": 0, "exclusiveMinimum": true},
        "list": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "integer"}},
        "map": {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": {"type": "string"}},
        "mode": {"type": "string", "enum": ["Auto", "Manual"]},
    }));
    check(
        spec.clone(),
        json!({"name": "äöü", "size": 11, "open": 0, "list": [], "map": {}, "mode": "auto"}),
        &[
            "schema-pattern spec.name: `äöü` does not match the pattern `^[a-z]+$`",
            "schema-not-a-multiple spec.size: `11` is not a multiple of 2",
            "schema-number-too-large spec.size: `11` is too large: at most 10 is allowed",
            "schema-number-too-small spec.open: `0` is too small: more than 0 is asked for",
            "schema-list-too-short spec.list: list has 0 entries, at least 1 must be there",
            "schema-mapping-too-small spec.map: mapping has 0 fields, at least 1 must be there",
            "schema-unlisted-value spec.mode: `auto` is not one of `Auto`, `Manual`",
        ],
    );
    check(
        spec,
        json!({"name": "abcd", "size": 2, "list": [1, 2, 3], "map": {"a": "", "b": ""}}),
        &[
            "schema-text-too-long spec.name: text of 4 characters is longer than the 3 allowed",
            "schema-list-too-long spec.list: list has 3 entries, at most 2 are allowed",
            "schema-mapping-too-large spec.map: mapping has 2 fields, at most 1 are allowed",
        ],
    );
}

#[test]
fn a_long_enumeration_is_told_in_part() {
    let words: Vec<String> = (0..3_000).map(|n| format!("word-{n}")).collect();
    let spec = object(json!({"list": {"type": "array", "items": {"type": "string", "enum": words}}}));
    let given: Vec<String> = (0..1_000).map(|n| format!("text-{n}")).collect();
    let found = with_schema(&spec, |schema| schema.validate(&widget(json!({"list": given})), None));
    assert_eq!(found.len(), 1_000);
    assert!(found[0].message.ends_with("`word-63` and 2936 more"), "{}", found[0].message);
}

#[test]
fn a_number_beyond_its_format_is_a_warning() {
    let found = with_schema(&object(json!({"n": {"type": "integer", "format": "int32"}})), |schema| {
        schema.validate(&widget(json!({"n": 3_000_000_000_u64})), None)
    });
    assert_eq!(found[0].severity, Severity::Warning);
}

#[test]
fn required_fields_may_come_from_defaults() {
    let spec = json!({"type": "object", "required": ["a", "b"], "properties": {
        "a": {"type": "string", "default": "x"}, "b": {"type": "string"},
        "c": {"type": "object", "default": {}, "properties": {"d": {"type": "integer", "default": 3}}},
    }});
    check(spec.clone(), json!({}), &["schema-required spec.b: required field `b` is missing"]);
    check(spec.clone(), json!({"a": null, "b": "y"}), &[]);
    let stored = with_schema(&spec, |schema| schema.defaulted(&widget(json!({"b": "y", "z": 1}))));
    assert_eq!(stored["spec"], json!({"b": "y", "a": "x", "c": {"d": 3}}));
}

#[test]
fn alternatives_count_what_fits() {
    let spec = object(json!({
        "any": {"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": true},
        "one": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        "not": {"type": "string", "not": {"enum": ["x"]}},
        "all": {"type": "string", "allOf": [{"minLength": 2}, {"pattern": "^a"}]},
    }));
    check(spec.clone(), json!({"any": 1, "one": {"a": ""}, "not": "y", "all": "ab"}), &[]);
    check(
        spec,
        json!({"one": {"a": "", "b": ""}, "not": "x", "all": "b"}),
        &[
            "schema-several-alternatives spec.one: a mapping fits 2 of the alternatives, exactly one is allowed",
            "schema-excluded-value spec.not: the string `x` is what the schema excludes (`not`)",
            "schema-text-too-short spec.all: `b` is shorter than the 2 characters asked for",
            "schema-pattern spec.all: `b` does not match the pattern `^a`",
        ],
    );
}

#[test]
fn keys_of_lists_are_unique() {
    let entry = object(json!({"name": {"type": "string"}, "port": {"type": "integer"}}));
    let spec = object(json!({
        "one": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": entry},
        "two": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "port"], "items": entry},
        "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
    }));
    check(
        spec,
        json!({
            "one": [{"name": "a"}, {"name": "b"}, {"name": "a"}, {"name": "a"}],
            "two": [{"name": "a", "port": 1}, {"name": "a", "port": 2}, {"name": "a", "port": 1}],
            "set": ["x", "y", "x"],
        }),
        &[
            "schema-duplicate-key spec.one[2]: duplicate entry: `name: \"a\"` occurs twice",
            "schema-duplicate-key spec.two[2]: duplicate entry: `name: \"a\"` and `port: 1` occurs twice",
            "schema-duplicate-entry spec.set[2]: duplicate entry: equal entries are not allowed",
        ],
    );
}

#[test]
fn metadata_follows_the_rules_of_kubernetes() {
    let object = |metadata: Value| json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": metadata});
    let schema = json!({"type": "object"});
    check_object(schema.clone(), &object(json!({"generateName": "w-"})), &[]);
    check_object(
        schema.clone(),
        &object(json!({})),
        &["schema-required metadata.name: required field `name` is missing"],
    );
    check_object(
        schema.clone(),
        &object(json!({"name": "W", "labels": {"a": 1}})),
        &["schema-type metadata.labels.a: expected a string, found the number `1`"],
    );
    let found = with_schema(&schema, |schema| {
        schema.validate(
            &object(json!({"name": "w", "namespace": "a.b", "labels": {"-a": "b c"}, "finalizers": ["x/y/z"]})),
            None,
        )
    });
    assert_eq!(found.len(), 4, "{:?}", lines(&found));
}

#[test]
fn rules_see_the_object_and_say_what_they_say() {
    let spec = json!({"type": "object", "properties": {"min": {"type": "integer"}, "max": {"type": "integer"}, "mode": {"type": "string"}},
    "x-kubernetes-validations": [
        {"rule": "self.min <= self.max", "messageExpression": "'min ' + string(self.min) + ' is above max'", "fieldPath": ".min"},
        {"rule": "!has(self.mode) || self.mode != 'off'", "message": "mode must not be off"},
        {"rule": "self.max < 100"},
        {"rule": "self.mystery(1)"},
    ]});
    check(
        spec.clone(),
        json!({"min": 1, "max": 2}),
        &["crd-unchecked-rule spec: a validation rule of the CRD is not checked: function `mystery` is not known here"],
    );
    check(
        spec.clone(),
        json!({"min": 3, "max": 2, "mode": "off"}),
        &[
            "schema-broken-rule spec.min: min 3 is above max",
            "schema-broken-rule spec: mode must not be off",
            "crd-unchecked-rule spec: a validation rule of the CRD is not checked: function `mystery` is not known here",
        ],
    );
    let found = with_schema(&spec, |schema| schema.validate(&widget(json!({"min": 1})), None));
    assert!(found[0].message.starts_with("a validation rule cannot be evaluated"), "{found:?}");
    // Rules wait until the object fits its schema.
    let found = with_schema(&spec, |schema| schema.validate(&widget(json!({"min": 3, "max": "2"})), None));
    assert_eq!(lines(&found), ["schema-type spec.max: expected an integer, found the string `2`"]);
    assert_eq!(found[0].notes.len(), 1);
}

#[test]
fn transition_rules_compare_with_the_old_object() {
    let spec = object(json!({
        "size": {"type": "integer", "x-kubernetes-validations": [{"rule": "self >= oldSelf", "message": "size cannot shrink"}]},
        "first": {"type": "string", "x-kubernetes-validations": [
            {"rule": "!oldSelf.hasValue() || oldSelf.value() == self", "optionalOldSelf": true, "message": "first is immutable"}]},
        "ports": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": {"type": "object",
            "properties": {"name": {"type": "string"}, "port": {"type": "integer", "x-kubernetes-validations": [
                {"rule": "self == oldSelf", "message": "port is immutable"}]}}}},
    }));
    check(spec.clone(), json!({"size": 1, "first": "a", "ports": [{"name": "a", "port": 1}]}), &[]);
    check_update(
        &spec,
        json!({"size": 2, "first": "a"}),
        json!({"size": 1, "first": "b"}),
        &["schema-broken-rule spec.size: size cannot shrink", "schema-broken-rule spec.first: first is immutable"],
    );
    check_update(
        &spec,
        json!({"ports": [{"name": "a", "port": 1}, {"name": "b", "port": 2}]}),
        json!({"ports": [{"name": "b", "port": 3}, {"name": "c", "port": 1}]}),
        &["schema-broken-rule spec.ports[0].port: port is immutable"],
    );
}

#[test]
fn errors_of_unchanged_parts_are_forgiven_on_update() {
    let spec = object(json!({
        "a": {"type": "string", "maxLength": 1}, "b": {"type": "string"},
        "c": {"type": "string", "x-kubernetes-validations": [{"rule": "self == 'good'", "message": "c must be good"}]},
        "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
    }));
    check_update(&spec, json!({"a": "long", "b": "x", "c": "bad"}), json!({"a": "long", "b": "y", "c": "bad"}), &[]);
    check_update(
        &spec,
        json!({"a": "long"}),
        json!({"a": "longer"}),
        &["schema-text-too-long spec.a: text of 6 characters is longer than the 1 allowed"],
    );
    check_update(&spec, json!({"c": "bad"}), json!({"c": "worse"}), &["schema-broken-rule spec.c: c must be good"]);
    check_update(&spec, json!({"set": ["x", "x"]}), json!({"set": ["x", "x", "y"]}), &[]);
}

#[test]
fn the_status_of_a_new_object_does_not_count() {
    let mut object = widget(json!({}));
    object["status"] = json!({"ready": "?"});
    check_object(json!({"type": "object"}), &object, &[]);
}

#[test]
fn replicas_of_the_scale_are_checked() {
    let spec = object(json!({"replicas": {"type": "integer"}}));
    check(
        spec,
        json!({"replicas": -1}),
        &["schema-replica-count spec.replicas: the replica count `-1` is not an integer from 0 to 2147483647"],
    );
}

#[test]
fn embedded_resources_have_type_and_metadata() {
    let spec = object(
        json!({"template": {"type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true}}),
    );
    check(
        spec.clone(),
        json!({"template": {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"a": "b"}}, "spec": {}}}),
        &[],
    );
    check(
        spec,
        json!({"template": {"kind": "Pod", "metadata": {"labels": {"a": "b c"}, "x": 1}}}),
        &[
            "schema-required spec.template.apiVersion: required field `apiVersion` is missing",
            "schema-unknown-field spec.template.metadata.x: unknown field `x`",
            "schema-label-value spec.template.metadata.labels.a: label value `b c` has ` `, where only letters, digits, `-`, `_` and `.` are allowed",
        ],
    );
}

#[test]
fn lists_of_crds_load_and_broken_ones_are_told() {
    let good = crd(&json!({"type": "object"}));
    let (crds, problems) = Crds::from_values([
        json!({"kind": "List", "items": [good, {"kind": "ConfigMap"}]}),
        json!({"kind": "Secret"}),
        json!(3),
    ]);
    assert!(problems.is_empty());
    assert_eq!(crds.kinds().collect::<Vec<_>>(), [("example.com/v1", "Widget")]);
    assert_eq!(crds.versions_of("Widget").collect::<Vec<_>>(), ["example.com/v1"]);
    assert!(crds.find("example.com/v2", "Widget").is_none());
    for broken in [
        json!({}),
        json!({"group": "g"}),
        json!({"group": "g", "names": {"kind": "K"}}),
        json!({"group": "g", "names": {"kind": "K"}, "versions": [{}, 1, {"name": "v1"}]}),
    ] {
        let (_, problems) = Crds::from_values([json!({"kind": "CustomResourceDefinition", "spec": broken})]);
        assert!(!problems.is_empty(), "{broken}");
    }
    let odd = object(json!({"a": {"type": "strin", "maxLength": "x", "pattern": 1}, "b": 3}));
    let (crds, _) = Crds::from_values([crd(&odd)]);
    assert_eq!(crds.find("example.com/v1", "Widget").unwrap().problems().len(), 4);
}

#[test]
fn a_schema_is_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Crds>();
}

#[test]
fn deep_objects_are_refused_not_walked() {
    let mut deep = json!(1);
    for _ in 0..1_000 {
        deep = json!([deep]);
    }
    check(
        json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
        json!({"a": deep}),
        &["schema-nesting : the value is nested deeper than 200 levels"],
    );
}

#[test]
fn the_deepest_schema_and_object_fit_a_small_stack() {
    let mut schema = json!({"type": "string"});
    let mut object = json!("x");
    let mut rule = "x".to_owned();
    for _ in 0..190 {
        schema = json!({"type": "array", "items": schema, "default": [], "x-kubernetes-list-type": "set",
            "x-kubernetes-validations": [{"rule": "self == oldSelf || self.all(x, true)"}]});
        object = json!([object]);
    }
    for _ in 0..110 {
        rule = format!("({rule})");
    }
    schema["x-kubernetes-validations"] = json!([{"rule": format!("self.all(x, {rule} == self[0])")}]);
    let (crds, problems) = Crds::from_values([crd(&object_of(schema))]);
    assert!(problems.is_empty(), "{problems:?}");
    let found = crds.find("example.com/v1", "Widget").unwrap();
    let widget = widget(json!({"deep": object}));
    assert!(found.validate(&widget, Some(&widget)).is_empty());
    let mut any = json!({});
    for _ in 0..390 {
        any = json!({"not": any});
    }
    let (crds, _) = Crds::from_values([crd(&any)]);
    crds.find("example.com/v1", "Widget").map(|schema| schema.validate(&widget, None));
}

fn object_of(deep: Value) -> Value {
    object(json!({"deep": deep}))
}
