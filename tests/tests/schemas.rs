//! The committed JSON Schemas are what the generators give, are schemas, and take the examples. `BLESS=1` rewrites them.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the repository")]

use std::collections::BTreeMap;

use flatwright::Options;
use flatwright_tests::{Memory, compile_with, documents, examples, files_below, golden, repository};
use serde_json::Value;

const META: &str = "https://json-schema.org/draft/2020-12/schema";

/// File name → what its generator gives now.
fn generated() -> BTreeMap<String, Value> {
    let mut schemas: BTreeMap<String, Value> =
        flatwright_capi::schemas().into_iter().map(|(stem, schema)| (format!("{stem}.json"), schema)).collect();
    schemas.insert("flatcarcluster-v1alpha1.json".to_owned(), flatwright_spec::schema());
    schemas.insert("flatcarpolicies-v1alpha1.json".to_owned(), flatwright_spec::policies_schema());
    schemas.insert("plugin-description.json".to_owned(), flatwright_plugin_host::description::schema());
    schemas
}

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::draft202012::options().should_validate_formats(false).build(schema).unwrap()
}

fn refusals(schema: &Value, instance: &Value) -> Vec<String> {
    validator(schema).iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn committed_schemas_are_what_the_generators_give() {
    let problems: Vec<String> = generated()
        .iter()
        .filter_map(|(name, schema)| {
            golden(&repository().join("schemas").join(name), Some(&format!("{schema:#}\n"))).err()
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_committed_schema_is_a_schema_of_2020_12() {
    for path in files_below(&repository().join("schemas")) {
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let shown = path.display();
        assert_eq!(schema["$schema"], META, "{shown}");
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{shown} is no schema");
        assert!(
            schema["$id"].as_str().is_some_and(|id| id.starts_with("https://flatwright.dev/schemas/")),
            "{shown}: `$id`"
        );
        validator(&schema);
    }
}

#[test]
fn every_property_of_the_spec_has_a_description() {
    let schema = flatwright_spec::schema();
    let mut bare = Vec::new();
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        for (key, property) in definition["properties"].as_object().into_iter().flatten() {
            if property["description"].as_str().is_none_or(str::is_empty) {
                bare.push(format!("{name}.{key}"));
            }
        }
    }
    assert!(bare.is_empty(), "without a description: {}", bare.join(", "));
}

#[test]
fn the_examples_and_starters_satisfy_the_spec_schema() {
    use flatwright_spec::types::Flavor;
    let schema = flatwright_spec::schema();
    let starters = [Flavor::Sysext, Flavor::ImageBuilder]
        .map(|flavor| (format!("starter {}", flavor.word()), flatwright_spec::starter(flavor, "demo")));
    for (name, text) in examples().into_iter().chain(starters) {
        for document in documents(&text) {
            let refusals = refusals(&schema, &document);
            assert!(refusals.is_empty(), "{name}: {}", refusals.join("\n"));
        }
    }
}

/// The types are those of contract v1beta2; the other contract is a view of them, judged by the CRDs (`crds.rs`).
#[test]
fn every_emitted_object_satisfies_its_own_schema() {
    let schemas = generated();
    for (name, text) in examples() {
        let compiled = compile_with(text.as_bytes(), &Memory::default(), &Options::default());
        for object in compiled.objects() {
            let version = object["apiVersion"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            let kind = object["kind"].as_str().unwrap().to_lowercase();
            let Some(schema) = schemas.get(&format!("{kind}-{version}.json")) else {
                panic!("{name}: no schema for {kind} {version}");
            };
            let refusals = refusals(schema, &object);
            assert!(refusals.is_empty(), "{name}: {kind} {version}: {}", refusals.join("\n"));
        }
    }
}
