//! The three examples say what upstream's templates say: objects equal, machine configs equal once parsed.
//! In contract v1beta2 upstream's went through real conversion and defaulting, so what the server defaults is taken off, path by path.
#![expect(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, reason = "tests read the repository")]

use std::collections::BTreeMap;

use flatwright::{Contract, Options, Profile, TemplateNames};
use flatwright_tests::{Memory, Rules, compile_with, conformance, documents, parsed_as, repository};
use serde_json::Value;

const TEMPLATES: [&str; 3] = ["flatcar", "flatcar-sysext", "prow-flatcar-sysext"];

/// What the webhooks and CRDs add to objects that say nothing there, by kind; `*` is any index. Where ours says something, it is compared.
const DEFAULTED: &[(&str, &str)] = &[
    ("AzureCluster", "/spec/azureEnvironment"),
    ("AzureCluster", "/spec/bastionSpec"),
    ("AzureCluster", "/spec/controlPlaneEnabled"),
    ("AzureCluster", "/spec/controlPlaneEndpoint"),
    ("AzureCluster", "/spec/networkSpec/apiServerLB"),
    ("AzureCluster", "/spec/networkSpec/subnets/*/cidrBlocks"),
    ("AzureCluster", "/spec/networkSpec/subnets/*/natGateway"),
    ("AzureCluster", "/spec/networkSpec/subnets/*/routeTable"),
    ("AzureCluster", "/spec/networkSpec/subnets/*/securityGroup"),
    ("AzureCluster", "/spec/networkSpec/vnet/cidrBlocks"),
    ("AzureCluster", "/spec/networkSpec/vnet/resourceGroup"),
    ("AzureMachineTemplate", "/spec/template/metadata"),
    ("AzureMachineTemplate", "/spec/template/spec/dataDisks/*/cachingType"),
    ("AzureMachineTemplate", "/spec/template/spec/identity"),
    ("AzureMachineTemplate", "/spec/template/spec/image/marketplace/thirdPartyImage"),
    ("AzureMachineTemplate", "/spec/template/spec/networkInterfaces"),
    ("AzureMachineTemplate", "/spec/template/spec/osDisk/cachingType"),
    ("HelmChartProxy", "/spec/namespace"),
    ("HelmChartProxy", "/spec/options"),
    ("KubeadmControlPlane", "/spec/rollout"),
    ("MachineDeployment", "/metadata/labels"),
    ("MachineDeployment", "/spec/rollout"),
    ("MachineDeployment", "/spec/selector/matchLabels"),
    ("MachineDeployment", "/spec/template/metadata"),
];

type Objects = BTreeMap<(String, String), Value>;

fn ours(name: &str, contract: Contract) -> Objects {
    let text = std::fs::read(repository().join(format!("examples/capz-{name}.yaml"))).unwrap();
    let options =
        Options { contract, template_names: TemplateNames::Plain, profile: Profile::Capz, ..Options::default() };
    let compiled = compile_with(&text, &Memory::default(), &options);
    assert!(compiled.stream.is_some(), "{}", compiled.findings);
    keyed(compiled.objects())
}

fn keyed(objects: Vec<Value>) -> Objects {
    let count = objects.len();
    let keyed: Objects = objects
        .into_iter()
        .map(|object| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            ((text(&object["kind"]), text(&object["metadata"]["name"])), object)
        })
        .collect();
    assert_eq!(keyed.len(), count, "two objects of one kind and name");
    keyed
}

/// Machine configs as what ct reads in them, which types scalars by YAML 1.1 (`mode: 0644` is octal).
fn normalize(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), value.as_str()) {
                    ("additionalConfig", Some(text)) => *value = parsed_as(text, Rules::Yaml11),
                    _ => normalize(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalize),
        _ => {}
    }
}

/// Every difference as `path: ours / theirs`.
fn differences(path: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let path = format!("{path}/{key}");
                match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) if key == "valuesTemplate" => chart_values(&path, a, b, found),
                    (Some(a), Some(b)) => differences(&path, a, b, found),
                    (a, b) => found.push(format!("{path}: {} / {}", shown(a), shown(b))),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (position, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}/{position}"), a, b, found);
            }
        }
        (a, b) if a == b => {}
        (a, b) => found.push(format!("{path}: {} / {}", shown(Some(a)), shown(Some(b)))),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or("absent".to_owned(), Value::to_string)
}

/// Chart values are templates of Go, so only the keys are compared: ours has every key of theirs.
fn chart_values(path: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    let keys = |value: &Value| -> Vec<String> {
        let text = value.as_str().unwrap();
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.contains("{{- "));
        lines.filter_map(|line| line.trim_start_matches("- ").split_once(':')).map(|(key, _)| key.to_owned()).collect()
    };
    let ours = keys(ours);
    for key in keys(theirs).into_iter().filter(|key| !ours.contains(key)) {
        found.push(format!("{path}: `{key}` is set upstream only"));
    }
}

fn compare(name: &str, contract: Contract, directory: &str) -> Vec<String> {
    let Some(templates) = conformance("capz-templates") else { return Vec::new() };
    let text =
        std::fs::read_to_string(templates.join(directory).join(format!("cluster-template-{name}.yaml"))).unwrap();
    // Upstream's were recorded with a version of Kubernetes that is out of support.
    let text = text.replace("v1.34.2", "v1.35.4").replace("v1.34.conf", "v1.35.conf");
    let (mut ours, mut theirs) = (ours(name, contract), keyed(documents(&text)));
    let mut found = Vec::new();
    let keys: std::collections::BTreeSet<_> = ours.keys().chain(theirs.keys()).cloned().collect();
    for key in keys {
        let path = format!("{name}: {}/{}", key.0, key.1);
        match (ours.get_mut(&key), theirs.get_mut(&key)) {
            (Some(ours), Some(theirs)) => {
                normalize(ours);
                normalize(theirs);
                differences(&path, ours, theirs, &mut found);
            }
            (ours, _) => found.push(format!("{path}: {} only", if ours.is_some() { "ours" } else { "upstream's" })),
        }
    }
    println!("{name} {directory}: {} objects compared, {} differences", theirs.len(), found.len());
    found
}

#[test]
fn the_examples_equal_upstreams_templates() {
    let found: Vec<_> = TEMPLATES.iter().flat_map(|name| compare(name, Contract::V1Beta1, ".")).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_examples_equal_upstreams_converted_templates_less_what_the_server_defaults() {
    if conformance("capz-templates").is_none() {
        return;
    }
    let found: Vec<_> = TEMPLATES.iter().flat_map(|name| compare(name, Contract::V1Beta2, "v1beta2")).collect();
    let (defaulted, real): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|difference| DEFAULTED.iter().any(|entry| is_defaulted(difference, entry)));
    assert!(real.is_empty(), "{}", real.join("\n"));
    let stale = |entry: &&(&str, &str)| !defaulted.iter().any(|difference| is_defaulted(difference, entry));
    assert_eq!(DEFAULTED.iter().find(stale), None, "the server does not default this any more");
}

/// `<template>: <Kind>/<name>/<path>: absent / …`
fn is_defaulted(difference: &str, (kind, pattern): &(&str, &str)) -> bool {
    let Some((path, values)) = difference.split_once(": ").and_then(|(_, rest)| rest.split_once(": ")) else {
        return false;
    };
    let mut parts = path.split('/');
    let is_kind = parts.next() == Some(kind);
    let path: Vec<&str> = parts.skip(1).collect();
    let pattern: Vec<&str> = pattern.split('/').skip(1).collect();
    is_kind
        && values.starts_with("absent / ")
        && path.len() == pattern.len()
        && path.iter().zip(pattern).all(|(part, wanted)| wanted == "*" || *part == wanted)
}
