//! No input makes the crate panic, and what it makes is what it says.

use flatwright_bootstrap::CapiVersion;
use flatwright_bootstrap::preview::{Form, preview};
use flatwright_go::yaml2;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The names that decoding knows, so that random objects reach deep.
const KEYS: &[&str] = &[
    "template",
    "role",
    "users",
    "ntp",
    "mounts",
    "diskSetup",
    "writeFiles",
    "spec",
    "kind",
    "apiVersion",
    "version",
    "kubeadmConfigSpec",
    "clusterConfiguration",
    "initConfiguration",
    "joinConfiguration",
    "discovery",
    "bootstrapToken",
    "file",
    "kubeConfig",
    "timeouts",
    "nodeRegistration",
    "taints",
    "kubeletExtraArgs",
    "extraArgs",
    "etcd",
    "local",
    "external",
    "files",
    "contentFrom",
    "secret",
    "name",
    "key",
    "content",
    "path",
    "ignition",
    "containerLinuxConfig",
    "additionalConfig",
    "strict",
    "featureGates",
    "apiServer",
    "timeoutForControlPlane",
    "controlPlane",
    "verbosity",
    "secrets",
    "caCertHashes",
    "metadata",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop_oneof![Just("init"), Just("join-worker"), Just("KubeadmControlPlane"), Just("a/v1beta1"), Just("20m")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        let key = prop_oneof![4 => prop::sample::select(KEYS).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Manifests whose KubeadmConfigSpec is anything.
fn manifests() -> impl Strategy<Value = Value> {
    (value(), prop::sample::select(&["a/v1beta1", "a/v1beta2"][..]), prop::sample::select(&["init", "join-control-plane"][..])).prop_map(
        |(spec, version, role)| {
            let object = json!({"kind": "KubeadmControlPlane", "apiVersion": version, "spec": {"version": "v1.33.0", "kubeadmConfigSpec": spec}});
            json!({"role": role, "template": object.to_string(), "controlPlaneEndpoint": {"host": "h", "port": 6443}})
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_gives_an_answer(input in value()) {
        for form in [Form::Ignition2, Form::Ignition3, Form::KubeadmYml] {
            let _ = preview(&input, CapiVersion::Main, form);
        }
    }

    #[test]
    fn any_spec_gives_an_answer(input in manifests()) {
        for form in [Form::Ignition2, Form::Ignition3, Form::KubeadmYml] {
            let _ = preview(&input, CapiVersion::V1_14_0, form);
        }
    }

    #[test]
    fn any_text_gives_an_answer(text in "\\PC{0,200}|[-:{}\\[\\]&*!|>'\"%@` \n\ta-c0-9]{0,200}") {
        let _ = yaml2::read(&text);
        let _ = preview(&json!({"role": "join-worker", "template": text}), CapiVersion::Main, Form::Ignition2);
    }

    #[test]
    fn written_yaml_reads_back(text in "[ -~\n\u{e9}\u{1f600}\t]{0,120}", key in "[ -~]{1,20}") {
        // The library writes this key without quotes, and then takes it for a merge key.
        prop_assume!(key != "<<");
        let value = json!({"a": [{key: &text}, &text]});
        prop_assert_eq!(yaml2::read(&yaml2::marshal(&value)), Ok(vec![value]));
    }
}
