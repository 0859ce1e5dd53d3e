//! The cost of checking 1,000 manifests, and of loading CRDs up to the first answer.

use criterion::{Criterion, criterion_group, criterion_main};
use flatwright_schema::Crds;
use serde_json::{Value, json};

/// A CRD as large as real ones: 30 sections of 15 fields each, with patterns, keyed lists and rules.
fn crd() -> Value {
    let section = |_| {
        let fields: serde_json::Map<_, _> = (0..15)
            .map(|n| (format!("field{n}"), json!({"type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$"})))
            .chain([("args".to_owned(), json!({
                "type": "array", "maxItems": 100, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "value": {"type": "string"}}},
                "x-kubernetes-validations": [{"rule": "self.all(x, self.exists_one(y, x.name == y.name))", "message": "names must be unique"}],
            }))])
            .collect();
        json!({"type": "object", "properties": fields, "description": "One section of many."})
    };
    let sections: serde_json::Map<_, _> = (0..30).map(|n| (format!("section{n}"), section(n))).collect();
    json!({
        "kind": "CustomResourceDefinition", "metadata": {"name": "machines.example.com"},
        "spec": {"group": "example.com", "names": {"kind": "Machine"}, "versions": [{"name": "v1", "served": true, "schema": {
            "openAPIV3Schema": {"type": "object", "properties": {"metadata": {"type": "object"}, "apiVersion": {"type": "string"},
                "kind": {"type": "string"}, "spec": {"type": "object", "properties": sections}}}}}]},
    })
}

/// A manifest that fills a fifth of it.
fn manifest(number: usize) -> Value {
    let sections: serde_json::Map<_, _> = (0..6)
        .map(|n| {
            let mut fields: serde_json::Map<_, _> =
                (0..15).map(|f| (format!("field{f}"), json!(format!("value-{number}-{f}")))).collect();
            fields.insert("args".into(), (0..8).map(|a| json!({"name": format!("arg-{a}"), "value": "x"})).collect());
            (format!("section{n}"), Value::Object(fields))
        })
        .collect();
    json!({"apiVersion": "example.com/v1", "kind": "Machine", "metadata": {"name": format!("machine-{number}")}, "spec": sections})
}

fn validate(c: &mut Criterion) {
    let manifests: Vec<_> = (0..1_000).map(manifest).collect();
    let (crds, _) = Crds::from_values([crd()]);
    c.bench_function("validate 1,000 manifests", |b| {
        b.iter(|| {
            let schema = crds.find("example.com/v1", "Machine").expect("invariant: the CRD is loaded");
            manifests.iter().map(|manifest| schema.validate(manifest, None).len()).sum::<usize>()
        });
    });
    let crd = crd();
    c.bench_function("load a CRD and check the first manifest", |b| {
        b.iter_batched(
            || crd.clone(),
            |crd| {
                let (crds, _) = Crds::from_values([crd]);
                crds.find("example.com/v1", "Machine")
                    .expect("invariant: the CRD is loaded")
                    .validate(&manifests[0], None)
                    .len()
            },
            criterion::BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, validate);
criterion_main!(benches);
