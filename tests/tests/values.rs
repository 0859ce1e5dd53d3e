//! The values of every add-on, of the examples and of upstream's templates, executed with a whole cluster: each gives a mapping of YAML.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the repository")]

use std::collections::BTreeSet;

use flatwright_go::sprig::TextFunctions;
use flatwright_go::template::{self, Functions, Heap, Items, Stop, Value};
use flatwright_tests::{compile_text, conformance, documents, examples, files_below, repository};
use serde_json::{Value as Json, json};

fn load(heap: &mut Heap, json: &Json) -> Result<Value, Stop> {
    Ok(match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::int64(number.as_i64().unwrap()),
        Json::String(text) => Value::text(text),
        Json::Array(items) => {
            let items = items.iter().map(|item| load(heap, item)).collect::<Result<_, _>>()?;
            heap.list(Items::Any, items)?
        }
        Json::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| Ok((key.as_str().into(), load(heap, value)?)));
            let entries = entries.collect::<Result<_, Stop>>()?;
            heap.map(false, entries, None)?
        }
    })
}

/// A cluster as it is once its load balancer exists.
fn cluster() -> Json {
    json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2",
        "kind": "Cluster",
        "metadata": {"name": "demo", "namespace": "default", "labels": {"cni": "calico"}},
        "spec": {
            "clusterNetwork": {
                "pods": {"cidrBlocks": ["192.168.0.0/16", "2001:1234:5678:9a40::/58"]},
                "services": {"cidrBlocks": ["10.0.0.0/16"]},
            },
            "controlPlaneEndpoint": {"host": "demo.example.com", "port": 6443},
        },
    })
}

/// Executes the values of each proxy of a stream with the stream's own cluster, else with that above.
fn execute(stream: &str, source: &str) -> usize {
    let objects = documents(stream);
    let proxies: Vec<_> = objects.iter().filter(|object| object["kind"] == "HelmChartProxy").collect();
    let own = objects.iter().find(|object| object["kind"] == "Cluster");
    for proxy in &proxies {
        let text = proxy["spec"]["valuesTemplate"].as_str().unwrap_or_default();
        let template = template::parse("t", text, &|name| TextFunctions.table().get(name).is_some());
        let template = template.unwrap_or_else(|error| panic!("{source}: {}", error.problem));
        let mut heap = Heap::new(1_000_000);
        let mut data = own.cloned().unwrap_or_else(cluster);
        data["spec"]["controlPlaneEndpoint"] = cluster()["spec"]["controlPlaneEndpoint"].clone();
        let data = load(&mut heap, &json!({"Cluster": data})).unwrap();
        let outcome = template::execute(&template, &TextFunctions, heap, &data);
        let result = outcome.text.unwrap_or_else(|| panic!("{source}: {:?} in\n{text}", outcome.error));
        assert_eq!(outcome.remarks, [], "{source}:\n{result}");
        let values = documents(&result);
        assert!(values.iter().all(Json::is_object) && values.len() <= 1, "{source}:\n{result}");
    }
    proxies.len()
}

#[test]
fn values_of_add_ons_execute_to_mappings() {
    let mut count = 0;
    let specs = files_below(&repository().join("tests/suite/addons"));
    let specs = specs.into_iter().filter(|path| path.ends_with("spec.yaml"));
    let specs = specs.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
    let mut charts = BTreeSet::new();
    for (name, text) in specs.chain(examples()) {
        if let Some(stream) = compile_text(&text).stream {
            count += execute(&stream, &name);
            let proxies = documents(&stream).into_iter().filter(|object| object["kind"] == "HelmChartProxy");
            charts.extend(proxies.map(|proxy| proxy["spec"]["chartName"].to_string()));
        }
    }
    assert!(count > 8, "{count}");
    // None of the add-ons that a spec may name is left out.
    let schema = std::fs::read_to_string(repository().join("schemas/flatcarcluster-v1alpha1.json")).unwrap();
    let schema: Json = serde_json::from_str(&schema).unwrap();
    let known = schema["$defs"]["Addons"]["properties"].as_object().unwrap().len();
    assert!(charts.len() >= known, "{charts:?} of {known}");
}

#[test]
fn values_of_upstream_execute_to_mappings() {
    let Some(templates) = conformance("capz-templates") else { return };
    let mut count = 0;
    for path in files_below(&templates).into_iter().filter(|path| path.extension().is_some_and(|e| e == "yaml")) {
        count += execute(&std::fs::read_to_string(&path).unwrap(), &path.display().to_string());
    }
    assert!(count > 5, "{count}");
}

#[test]
fn the_page_lists_the_functions_that_are_executed() {
    let page = std::fs::read_to_string(repository().join("docs/diagnostics/manifest-values-template.md")).unwrap();
    let listed = page.split("Executed are").nth(1).unwrap().split("\n\n").next().unwrap();
    let listed: BTreeSet<&str> = listed.split('`').skip(1).step_by(2).collect();
    let executed: BTreeSet<&str> = flatwright_go::sprig::executed().collect();
    let text = executed.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    assert!(listed == executed, "write into the page: Executed are {text}.");
}
