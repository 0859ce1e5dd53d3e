//! What objects say about each other, beyond the examples of the documentation.

mod common;

use flatwright_admission::{Options, check_create, check_set, check_update, defaulted};
use flatwright_diagnostic::Severity;
use proptest::prelude::*;
use serde_json::{Value, json};

const CLUSTER: &str = "
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: demo, labels: {cni: calico}}
spec:
  clusterNetwork: {pods: {cidrBlocks: [192.168.0.0/16]}, services: {cidrBlocks: [172.20.0.0/16]}}
  controlPlaneRef: {apiGroup: controlplane.cluster.x-k8s.io, kind: KubeadmControlPlane, name: demo}
  infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: AzureCluster, name: demo}
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
kind: AzureCluster
metadata: {name: demo}
spec:
  location: westeurope
  subscriptionID: 11111111-1111-1111-1111-111111111111
  identityRef: {kind: AzureClusterIdentity, name: id}
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
kind: AzureClusterIdentity
metadata: {name: id}
spec:
  type: WorkloadIdentity
  clientID: 22222222-2222-2222-2222-222222222222
  tenantID: 33333333-3333-3333-3333-333333333333
  allowedNamespaces: {}
---
apiVersion: controlplane.cluster.x-k8s.io/v1beta2
kind: KubeadmControlPlane
metadata: {name: demo}
spec:
  replicas: 3
  version: v1.34.2
  machineTemplate: {spec: {infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: AzureMachineTemplate, name: demo}}}
  kubeadmConfigSpec: {format: ignition}
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
kind: AzureMachineTemplate
metadata: {name: demo}
spec: {template: {spec: {vmSize: Standard_D4s_v5, osDisk: {osType: Linux}}}}
---
apiVersion: cluster.x-k8s.io/v1beta1
kind: MachineDeployment
metadata: {name: pool}
spec:
  clusterName: demo
  selector: {}
  template:
    spec:
      clusterName: demo
      version: v1.34.2
      bootstrap: {configRef: {apiVersion: bootstrap.cluster.x-k8s.io/v1beta1, kind: KubeadmConfigTemplate, name: pool}}
      infrastructureRef: {apiVersion: infrastructure.cluster.x-k8s.io/v1beta1, kind: AzureMachineTemplate, name: demo}
---
apiVersion: bootstrap.cluster.x-k8s.io/v1beta1
kind: KubeadmConfigTemplate
metadata: {name: pool}
spec: {template: {spec: {format: ignition}}}
";

/// The findings of the set after some changes: kind, path, value.
fn judge(changes: &[(&str, &str, Value)], options: &Options) -> Vec<(String, &'static str, Severity)> {
    let mut objects = common::manifests(CLUSTER);
    for (kind, pointer, value) in changes {
        let object = objects.iter_mut().find(|object| object["kind"] == *kind).expect("a kind of the set");
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        object.pointer_mut(parent).expect("a parent")[key] = value.clone();
    }
    let kind = |index: usize| objects[index]["kind"].as_str().unwrap_or_default().to_owned();
    check_set(&objects, options).into_iter().map(|(index, f)| (kind(index), f.code.name(), f.severity)).collect()
}

fn complete() -> Options {
    Options { complete: true, ..Options::default() }
}

#[test]
fn a_good_set_has_no_findings() {
    assert_eq!(judge(&[], &complete()), []);
}

#[test]
fn a_missing_object_is_an_error_only_in_a_complete_set() {
    let change = [("AzureCluster", "/spec/identityRef", json!({"kind": "AzureClusterIdentity", "name": "di"}))];
    let found = |severity| vec![("AzureCluster".to_owned(), "missing-object", severity)];
    assert_eq!(judge(&change, &Options::default()), found(Severity::Warning));
    assert_eq!(judge(&change, &complete()), found(Severity::Error));
}

#[test]
fn placeholders_are_not_judged() {
    let change = [("AzureCluster", "/spec/identityRef", json!({"kind": "AzureClusterIdentity", "name": "${NAME}"}))];
    assert_eq!(judge(&change, &complete()), []);
}

#[test]
fn an_identity_lets_in_the_namespaces_it_lists() {
    let only = |names: Value| [("AzureClusterIdentity", "/spec/allowedNamespaces", names)];
    assert_eq!(judge(&only(json!({"list": ["default"]})), &complete()), []);
    let refused = vec![("AzureClusterIdentity".to_owned(), "identity-closed-to-namespace", Severity::Error)];
    assert_eq!(judge(&only(json!({"list": ["other"]})), &complete()), refused);
}

#[test]
fn pools_may_be_older_but_not_newer_and_not_much_older() {
    for (version, finding) in [
        ("v1.34.5", None),
        ("v1.33.0", Some(("pool-of-an-older-minor", Severity::Warning))),
        ("v1.30.0", Some(("pool-too-old", Severity::Error))),
        ("v1.35.0", Some(("pool-newer-than-control-plane", Severity::Error))),
    ] {
        let findings = judge(&[("MachineDeployment", "/spec/template/spec/version", json!(version))], &complete());
        let expected: Vec<_> =
            finding.map(|(code, severity)| ("MachineDeployment".to_owned(), code, severity)).into_iter().collect();
        assert_eq!(findings, expected, "{version}");
    }
}

#[test]
fn the_machine_config_must_fetch_the_version_and_architecture_of_the_group() {
    let config = |file: &str| {
        let text = format!("storage: {{files: [{{path: /opt/{file}}}]}}");
        json!({"format": "ignition", "ignition": {"containerLinuxConfig": {"additionalConfig": text}}})
    };
    let change = |file: &str| [("KubeadmConfigTemplate", "/spec/template/spec", config(file))];
    assert_eq!(judge(&change("kubernetes-v1.34.2-x86-64.raw"), &complete()), []);
    let of = |code, severity| vec![("KubeadmConfigTemplate".to_owned(), code, severity)];
    assert_eq!(
        judge(&change("kubernetes-v1.33.0-x86-64.raw"), &complete()),
        of("extension-of-another-version", Severity::Warning)
    );
    assert_eq!(
        judge(&change("kubernetes-v1.34.2-arm64.raw"), &complete()),
        of("fetched-extension-architecture", Severity::Error)
    );
}

#[test]
fn networks_are_compared_across_objects() {
    let overlapping =
        json!({"pods": {"cidrBlocks": ["192.168.0.0/16"]}, "services": {"cidrBlocks": ["192.168.8.0/24"]}});
    let warning = |code| vec![("Cluster".to_owned(), code, Severity::Warning)];
    assert_eq!(
        judge(&[("Cluster", "/spec/clusterNetwork", overlapping)], &complete()),
        warning("services-overlap-pods")
    );
    let in_vnet = json!({"pods": {"cidrBlocks": ["10.244.0.0/16"]}});
    assert_eq!(
        judge(&[("Cluster", "/spec/clusterNetwork", in_vnet)], &complete()),
        warning("cluster-network-overlaps-virtual-network")
    );
}

#[test]
fn flags_are_judged_by_the_version_of_the_group() {
    let config = json!({"format": "ignition", "clusterConfiguration": {"apiServer": {"extraArgs": [{"name": "cloud-provider", "value": "external"}]}}});
    let removed = vec![("KubeadmControlPlane".to_owned(), "removed-argument", Severity::Error)];
    let change = ("KubeadmControlPlane", "/spec/kubeadmConfigSpec", config);
    assert_eq!(judge(std::slice::from_ref(&change), &complete()), removed);
    let older = [
        ("KubeadmControlPlane", "/spec/version", json!("v1.32.0")),
        ("MachineDeployment", "/spec/template/spec/version", json!("v1.32.0")),
        change,
    ];
    assert_eq!(judge(&older, &complete()), []);
}

#[test]
fn kubelets_set_no_labels_in_the_name_of_kubernetes() {
    let config = |labels: &str| json!({"format": "ignition", "joinConfiguration": {"nodeRegistration": {"kubeletExtraArgs": [{"name": "node-labels", "value": labels}]}}});
    let change = |labels: &str| [("KubeadmConfigTemplate", "/spec/template/spec", config(labels))];
    let refused = vec![("KubeadmConfigTemplate".to_owned(), "manifest-node-label", Severity::Error)];
    assert_eq!(judge(&change("team=a,node-role.kubernetes.io/worker="), &complete()), refused);
    assert_eq!(judge(&change("team=a,node.kubernetes.io/class=gpu,topology.kubernetes.io/zone=1"), &complete()), []);
}

#[test]
fn limits_of_the_schema_can_be_left_to_it() {
    let object = json!({"apiVersion": "bootstrap.cluster.x-k8s.io/v1beta2", "kind": "KubeadmConfig", "metadata": {"name": "a"}, "spec": {"format": "butane", "files": []}});
    assert_eq!(check_create(&object, &Options::default()).len(), 2);
    assert_eq!(check_create(&object, &Options { schema_limits: false, ..Options::default() }), []);
}

#[test]
fn texts_of_the_cluster_configuration_have_a_length() {
    let object = |name: usize, argument: usize| {
        let api_server =
            json!({"certSANs": ["a".repeat(name)], "extraArgs": [{"name": "v", "value": "a".repeat(argument)}]});
        json!({"apiVersion": "bootstrap.cluster.x-k8s.io/v1beta2", "kind": "KubeadmConfig", "metadata": {"name": "a"}, "spec": {"clusterConfiguration": {"apiServer": api_server}}})
    };
    assert_eq!(check_create(&object(253, 1_024), &Options::default()), []);
    assert_eq!(check_create(&object(254, 1_025), &Options::default()).len(), 2);
}

/// Any JSON, often with keys that the rules look for.
fn any_json() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
        "spec",
        "template",
        "metadata",
        "labels",
        "name",
        "image",
        "osDisk",
        "dataDisks",
        "lun",
        "networkSpec",
        "subnets",
        "cidrBlocks",
        "apiServerLB",
        "frontendIPs",
        "privateIP",
        "kubeadmConfigSpec",
        "files",
        "mounts",
        "diskSetup",
        "filesystems",
        "partitions",
        "version",
        "replicas",
        "clusterConfiguration",
        "etcd",
        "bootstrap",
        "configRef",
        "topology",
        "workers",
        "machineDeployments",
        "selector",
        "matchLabels",
        "patches",
        "definitions",
        "jsonPatches",
        "valueFrom",
        "kubernetesVersions",
        "securityGroup",
        "securityRules",
        "permissions",
        "path",
        "owner",
    ]);
    let texts = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "10.0.0.0/8",
            "v1.34.2",
            "1.2",
            "-",
            "[0-1]",
            "0644",
            "/",
            "a: b",
            "{{ .random }}",
            "ignition",
            "kubernetes-v1.2.3-arm64.raw",
            "::/0",
            "v99999999999999999999.0.0"
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        texts.prop_map(Value::from)
    ];
    leaf.prop_recursive(8, 128, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop_oneof![keys.clone().prop_map(str::to_owned), any::<String>()], inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_judged_without_a_panic(spec in any_json(), metadata in any_json(), old in any_json()) {
        let options = complete();
        for kind in flatwright_admission::KINDS {
            let objects: Vec<Value> = kind.versions.iter().map(|version| {
                json!({"apiVersion": format!("{}/{version}", kind.group), "kind": kind.name, "metadata": metadata, "spec": spec})
            }).collect();
            for object in &objects {
                check_create(object, &options);
                check_update(&old, object, &options);
                check_update(object, &old, &options);
                defaulted(object);
            }
            check_set(&objects, &options);
        }
        check_create(&old, &options);
        check_set(&[old, spec, metadata], &options);
    }
}

/// Code, severity, and line and column in the template.
type Told = (String, Severity, Option<(u32, u32)>);

/// A proxy whose template is executed for the cluster above.
fn templated(template: &str) -> Vec<Told> {
    let mut objects = common::manifests(CLUSTER);
    objects.push(json!({
        "apiVersion": "addons.cluster.x-k8s.io/v1alpha1",
        "kind": "HelmChartProxy",
        "metadata": {"name": "calico"},
        "spec": {
            "chartName": "tigera-operator",
            "repoURL": "https://charts.example.com",
            "clusterSelector": {"matchLabels": {"cni": "calico"}},
            "valuesTemplate": template,
        },
    }));
    let last = objects.len() - 1;
    let found = check_set(&objects, &Options::default()).into_iter().filter(|(index, _)| *index == last);
    let place = |finding: &flatwright_diagnostic::Diagnostic| finding.inner.map(|inner| (inner.line, inner.column));
    found.map(|(_, finding)| (finding.code.name().to_owned(), finding.severity, place(&finding))).collect()
}

#[test]
fn chart_values_are_executed_with_the_objects_of_their_cluster() {
    for good in [
        "a: {{ .Cluster.metadata.name | quote }}",
        "a: {{ index .Cluster.spec.clusterNetwork.pods.cidrBlocks 0 }}",
        // A controller may fill these in, so nothing is known of them.
        "a: {{ .Cluster.spec.controlPlaneEndpoint.host | upper }}",
        "{{ if .Cluster.spec.controlPlaneEndpoint.host }}- a{{ end }}",
        "a: {{ .Cluster.metadata.annotations.x | trunc 3 }}",
        "a: {{ index .Cluster.metadata.labels \"x\" | len }}",
        "a: {{ .Cluster.status.phase }}{{ .Cluster.metadata.namespace }}{{ .Cluster.apiVersion }}",
        // Only one version of the kind has it.
        "a: {{ .Cluster.spec.controlPlaneRef.namespace }}",
        "a: {{ .InfraCluster.spec.location }}-{{ .ControlPlane.spec.version }}-{{ .ControlPlane.spec.replicas }}",
        "{{ range .Cluster.spec.clusterNetwork.pods.cidrBlocks }}a: {{ . }}{{ end }}",
        "# nothing",
        "",
        "a: {{ now }}{{ env \"A\" }}",
    ] {
        assert_eq!(templated(good), [], "{good}");
    }
    let (error, warning) = (Severity::Error, Severity::Warning);
    for (bad, code, severity, place) in [
        ("a: 1\nb: {{ index .Cluster.spec.clusterNetwork.pods.cidrBlocks 1 }}", "values-template-fails", error, (2, 7)),
        ("a: {{ .Cluster.metadata.name.first }}", "values-template-fails", error, (1, 15)),
        ("a: {{ trunc .ControlPlane.spec.replicas \"x\" }}", "values-template-fails", error, (1, 26)),
        ("a: 1\n\nb: {{ fail \"no\" }}", "values-template-fails", error, (3, 7)),
        ("a: {{ template \"x\" }}", "values-template-fails", error, (1, 16)),
        ("a: 1\n{{ .Cluster.metadata.name }}", "values-template-not-yaml", error, (2, 4)),
        ("- {{ .Cluster.metadata.name }}", "values-template-not-a-mapping", error, (1, 1)),
        ("{{ .Cluster.metadata.name }}", "values-template-not-a-mapping", error, (1, 4)),
        ("a: 1\nb: {{ .Values.x }}", "values-template-unknown-field", warning, (2, 14)),
        ("a: {{ .Cluster.spec.clusterNetwork.pod }}", "values-template-unknown-field", warning, (1, 15)),
        (
            "{{ with .Cluster.spec.controlPlaneEndpoint }}a: {{ .ip }}{{ end }}",
            "values-template-unknown-field",
            warning,
            (1, 52),
        ),
        (
            "{{ if .Cluster.status.phase }}a: {{ .InfraCluster.spec.region }}{{ end }}",
            "values-template-unknown-field",
            warning,
            (1, 50),
        ),
        ("a: {{ (dict).b }}", "values-template-no-value", warning, (1, 7)),
    ] {
        assert_eq!(templated(bad), [(code.to_owned(), severity, Some(place))], "{bad}");
    }
}
