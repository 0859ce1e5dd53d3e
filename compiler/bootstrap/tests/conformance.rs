//! The provider's real output: kubeadm.yml byte for byte, the template's text, Ignition 2.3, and what the node makes of it.

#![expect(clippy::print_stdout, reason = "the figures are printed")]

use std::path::PathBuf;

use flatwright_bootstrap::kubeadm::{KUBEADM_CONFIG_SPEC, KUBEADM_CONFIG_SPEC_V1BETA1, Type};
use flatwright_bootstrap::machine::{self, Environment, Objects};
use flatwright_bootstrap::placeholders::{KeyPair, Pki};
use flatwright_bootstrap::{CapiVersion, Input, Role, clc_text, render};
use flatwright_go::yaml2;
use flatwright_ignition::ignition3::Config;
use flatwright_ignition::translate;
use serde_json::Value;

/// The text of a file of the conformance data, or `None` with a printed line where it is absent.
#[expect(clippy::disallowed_methods, reason = "tests read the conformance data from the disk")]
fn data(name: &str) -> Option<String> {
    let root = std::env::var("FLATWRIGHT_CONFORMANCE").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance")),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(root.join(name)).ok();
    if text.is_none() {
        println!("conformance data {name} is absent: skipped");
    }
    text
}

/// The cases of one kind.
fn cases(kind: &str) -> Option<Vec<Value>> {
    let text = data(&format!("{kind}/cases.jsonl"))?;
    Some(text.lines().map(|line| serde_json::from_str(line).expect("invariant: the data is JSON")).collect())
}

struct Tally {
    name: &'static str,
    right: usize,
    all: usize,
}

impl Tally {
    fn new(name: &'static str) -> Self {
        Self { name, right: 0, all: 0 }
    }

    fn count(&mut self, case: &Value, is_right: bool, explain: impl FnOnce() -> String) {
        self.all += 1;
        self.right += usize::from(is_right);
        if !is_right {
            println!("{}: {}\n{}", self.name, case["name"], explain());
        }
    }

    /// Prints the figure and fails below the floor, in parts of a thousand.
    fn finish(self, floor: usize) {
        println!("{}: {} of {}", self.name, self.right, self.all);
        assert!(self.right * 1000 >= floor * self.all, "{} fell below its floor", self.name);
    }
}

/// The keys the data was made with.
fn pki() -> Pki {
    let pair = |name: &str| KeyPair {
        cert: format!("-----BEGIN TEST CERT-----\n{name} cert\n-----END TEST CERT-----\n"),
        key: format!("-----BEGIN TEST KEY-----\n{name} key\n-----END TEST KEY-----\n"),
    };
    Pki {
        cluster: pair("ca"),
        etcd: pair("etcd"),
        front_proxy: pair("proxy"),
        service_account: pair("sa"),
        etcd_client: pair("apiserver-etcd-client"),
    }
}

fn machine_input(input: &Value) -> Result<Input, String> {
    let manifests = yaml2::read(input["template"].as_str().unwrap_or_default())?;
    let objects = Objects::find(&manifests, None);
    objects.check().map_err(|failure| failure.to_string())?;
    let hashes: Vec<String> =
        serde_json::from_value(input["caCertHashes"].clone()).expect("invariant: the data's form");
    let role = match input["role"].as_str() {
        Some("init") => Role::Init,
        Some("join-control-plane") => Role::JoinControlPlane,
        _ => Role::JoinWorker,
    };
    let endpoint = &input["controlPlaneEndpoint"];
    let port = endpoint["port"].as_u64().and_then(|port| u16::try_from(port).ok()).unwrap_or_default();
    let environment = Environment {
        endpoint: (endpoint["host"].as_str().unwrap_or_default(), port),
        token: input["token"].as_str().unwrap_or_default(),
        ca_cert_hashes: &hashes,
        pki: &pki(),
        secret: &|_, name, key| input["secrets"][name][key].as_str().map(str::to_owned),
    };
    machine::input(&objects, role, &environment).map_err(|failure| failure.to_string())
}

#[test]
fn kubeadm_yml_is_the_providers_byte_for_byte() {
    let Some(cases) = cases("bootstrap") else { return };
    let mut texts = Tally::new("bootstrap kubeadm.yml");
    let mut inputs = Tally::new("bootstrap render input");
    for case in &cases {
        let input = machine_input(&case["input"]);
        let text = input.as_ref().map(|input| input.kubeadm_config.as_str());
        // Some configs fail later, in the template or the conversions: then there is a kubeadm.yml all the same.
        let wanted = case["kubeadm_yml"].as_str().or_else(|| case["output"]["kubeadmConfig"].as_str());
        texts.count(case, text.ok() == wanted, || format!("{text:?}\n{wanted:?}"));
        if let Err(message) = &input {
            inputs.count(case, Some(message.as_str()) == case["output"]["error"].as_str(), || message.clone());
        }
        let wanted = &case["output"]["renderInput"];
        if let (Ok(input), Value::Object(_)) = (&input, wanted) {
            let made: Value = serde_json::to_value(input).expect("invariant: plain data");
            let wanted: Input = serde_json::from_value(wanted.clone()).expect("invariant: the data's form");
            inputs.count(case, *input == wanted, || format!("{made}"));
        }
    }
    texts.finish(1000);
    inputs.finish(1000);
}

#[test]
fn whole_objects_become_the_real_bootstrap_data() {
    let Some(cases) = cases("bootstrap") else { return };
    let mut tally = Tally::new("bootstrap data from objects");
    for case in &cases {
        let wanted = &case["output"];
        // The upstream templates' data was left out of the sample; their warnings are there.
        let made = machine_input(&case["input"]).map(|input| render(&input, CapiVersion::Main));
        let (json, warnings, error) = match made {
            Ok(rendering) => {
                let (json, failure) = match rendering.ignition {
                    Ok(config) => (Some(config.to_json()), None),
                    Err(failure) => (None, Some(failure.to_string())),
                };
                (json, rendering.warnings, failure)
            }
            Err(message) => (None, String::new(), Some(message)),
        };
        let is_right = error.as_deref() == wanted["error"].as_str()
            && warnings == wanted["warnings"].as_str().unwrap_or_default()
            && wanted["ignition"].as_str().is_none_or(|wanted| json.as_deref() == Some(wanted));
        tally.count(case, is_right, || format!("{json:?}\n{warnings}\n{error:?}"));
    }
    tally.finish(1000);
}

#[test]
fn the_template_is_the_providers() {
    let Some(cases) = cases("cabpk") else { return };
    let mut texts = Tally::new("cabpk CLC text");
    for case in &cases {
        let input: Input = serde_json::from_value(case["input"].clone()).expect("invariant: the data's form");
        match (clc_text(&input, CapiVersion::Main), case["clc"].as_str()) {
            (Ok(text), wanted) => {
                texts.count(case, wanted == Some(&text), || format!("{text}\n---- wanted\n{wanted:?}"));
            }
            (Err(failure), None) => {
                texts.count(case, case["stderr"].as_str().map(str::trim_end) == Some(&failure.to_string()), || {
                    failure.to_string()
                });
            }
            (Err(failure), Some(_)) => texts.count(case, false, || failure.to_string()),
        }
    }
    texts.finish(1000);
}

#[test]
fn the_bootstrap_data_and_what_the_node_makes_of_it_are_the_real_ones() {
    let Some(cases) = cases("cabpk") else { return };
    let mut main = Tally::new("cabpk Ignition 2.3, main");
    let mut release = Tally::new("cabpk Ignition 2.3, v1.14.0");
    let mut warnings = Tally::new("cabpk warnings");
    let mut node = Tally::new("cabpk Ignition 3.1");
    for case in &cases {
        let input: Input = serde_json::from_value(case["input"].clone()).expect("invariant: the data's form");
        rendered(case, case, &input, CapiVersion::Main, &mut main);
        rendered(case, &case["cluster_api_v1.14.0"], &input, CapiVersion::V1_14_0, &mut release);
        let rendering = render(&input, CapiVersion::Main);
        if case["exit"] == 0 {
            warnings.count(case, case["stderr"] == rendering.warnings, || rendering.warnings.clone());
        }
        let (Ok(config), Value::Object(_)) = (&rendering.ignition, &case["ign_converter"]) else { continue };
        translated(case, &translate::to_3_1(config), &mut node);
    }
    main.finish(1000);
    release.finish(1000);
    warnings.finish(1000);
    node.finish(1000);
}

fn rendered(case: &Value, wanted: &Value, input: &Input, capi: CapiVersion, tally: &mut Tally) {
    let rendering = render(input, capi);
    match (&rendering.ignition, wanted["exit"] == 0) {
        (Ok(config), true) => {
            let json = config.to_json();
            tally.count(case, wanted["stdout"].as_str().map(str::trim_end) == Some(&json), || json.clone());
        }
        (Err(failure), false) => {
            let message = Some(failure.to_string());
            let wanted = wanted["stderr"].as_str().map(|text| text.trim_end().to_owned());
            tally.count(case, message == wanted, || format!("{message:?}\n{wanted:?}"));
        }
        (made, _) => tally.count(case, false, || format!("{made:?}")),
    }
}

fn translated(case: &Value, made: &Result<Config, translate::Refusal>, tally: &mut Tally) {
    let wanted = &case["ign_converter"];
    match made {
        Ok(config) => {
            let mut config = serde_json::to_value(config).expect("invariant: JSON");
            if let Some(units) = config["systemd"]["units"].as_array_mut() {
                units.sort_by_key(|unit| unit["name"].as_str().unwrap_or_default().to_owned());
            }
            tally.count(case, wanted["config"] == config, || format!("{config}\n{}", wanted["stderr"]));
        }
        Err(refusal) => {
            let text = wanted["stderr"].as_str().unwrap_or_default();
            let words = text.split_once("Failed to translate config from 2 to 3: ").map(|(_, words)| words.trim_end());
            tally.count(case, words == Some(refusal.to_string().trim_end()), || format!("{refusal}\n{text}"));
        }
    }
}

/// The properties of a CRD's schema against a field table, at every depth.
fn compare_fields(schema: &Value, r#type: Type, path: &str, differences: &mut Vec<String>) {
    match r#type {
        Type::Struct(fields) => {
            let Some(properties) = schema["properties"].as_object() else {
                return differences.push(format!("{path}: no properties in the CRD"));
            };
            for name in properties.keys().filter(|name| !fields.iter().any(|(field, _)| field == name)) {
                differences.push(format!("{path}.{name}: only in the CRD"));
            }
            for (name, r#type) in fields {
                match properties.get(*name) {
                    Some(schema) => compare_fields(schema, *r#type, &format!("{path}.{name}"), differences),
                    None => differences.push(format!("{path}.{name}: only in the table")),
                }
            }
        }
        Type::List(item) => compare_fields(&schema["items"], *item, &format!("{path}[]"), differences),
        Type::Map(item) => compare_fields(&schema["additionalProperties"], *item, &format!("{path}{{}}"), differences),
        Type::Any => {}
        scalar => {
            let wanted = match scalar {
                Type::Bool => "boolean",
                Type::Int => "integer",
                _ => "string",
            };
            if schema["type"] != wanted {
                differences.push(format!("{path}: {} in the CRD", schema["type"]));
            }
        }
    }
}

#[test]
fn the_field_tables_are_those_of_the_crds() {
    let Some(text) = data("crds/bootstrap.cluster.x-k8s.io_kubeadmconfigs.yaml") else { return };
    let crd = &yaml2::read(&text).expect("invariant: the data is YAML")[0];
    let mut differences = Vec::new();
    for (version, table) in [("v1beta1", KUBEADM_CONFIG_SPEC_V1BETA1), ("v1beta2", KUBEADM_CONFIG_SPEC)] {
        let versions = crd["spec"]["versions"].as_array().expect("invariant: a CRD");
        let found = versions.iter().find(|item| item["name"] == version).expect("invariant: both are served");
        let schema = &found["schema"]["openAPIV3Schema"]["properties"]["spec"];
        compare_fields(schema, table, version, &mut differences);
    }
    println!("differences to the CRDs: {}", differences.len());
    assert!(differences.is_empty(), "{differences:#?}");
}
