//! Every flag of every component in every version that the table covers: right it passes, misspelt by a letter it is found. And what the examples of the documentation
//! do not have.

use std::collections::BTreeSet;

use flatwright_admission::{Options, check_set};
use flatwright_diagnostic::{Applicability, Diagnostic, Severity};
use flatwright_kubernetes::component::{Component, FLAGS, Flag, Kind, Values, names};
use flatwright_kubernetes::version::Release;
use serde_json::{Value, json};

/// As many arguments of one object as are reported.
const AT_ONCE: usize = 150;

fn control_plane(version: &str, spec: &Value) -> Value {
    let reference =
        json!({"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "AzureMachineTemplate", "name": "demo"});
    json!({
        "apiVersion": "controlplane.cluster.x-k8s.io/v1beta2",
        "kind": "KubeadmControlPlane",
        "metadata": {"name": "demo"},
        "spec": {"replicas": 3, "version": version, "machineTemplate": {"spec": {"infrastructureRef": reference}}, "kubeadmConfigSpec": spec},
    })
}

/// What is said of arguments, without what is said of references that the set does not have, and of versions that the table of releases does not have.
fn judge(version: &str, spec: &Value) -> Vec<Diagnostic> {
    let objects = [control_plane(version, spec)];
    let found = check_set(&objects, &Options::default()).into_iter().map(|(_, finding)| finding);
    let is_other = |finding: &Diagnostic| {
        finding.code.family() == "manifest-unresolved-reference" || finding.code.name() == "unknown-kubernetes"
    };
    found.filter(|finding| !is_other(finding)).collect()
}

/// The settings that give a component of a version these arguments. The contract's lists and maps say the same.
fn settings(component: Component, release: Release, arguments: &[(String, String)], is_list: bool) -> (String, Value) {
    let list = if is_list {
        arguments.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    } else {
        Value::Object(arguments.iter().map(|(name, value)| (name.clone(), json!(value))).collect())
    };
    let version = if component == Component::Etcd { "v1.35.7".to_owned() } else { release.to_string() };
    let cluster = |name: &str| json!({"clusterConfiguration": {name: {"extraArgs": list}}});
    let spec = match component {
        Component::ApiServer => cluster("apiServer"),
        Component::ControllerManager => cluster("controllerManager"),
        Component::Scheduler => cluster("scheduler"),
        Component::Kubelet => json!({"joinConfiguration": {"nodeRegistration": {"kubeletExtraArgs": list}}}),
        Component::Etcd => {
            let tag = format!("{}.{}.{}-0", release.major, release.minor, release.patch);
            json!({"clusterConfiguration": {"etcd": {"local": {"imageTag": tag, "extraArgs": list}}}})
        }
    };
    (version, spec)
}

/// The versions that the table covers, of etcd the last patches.
fn versions(component: Component) -> Vec<Release> {
    let (first, last) = FLAGS.covers(component.project()).expect("a table that covers it");
    let patch = if component == Component::Etcd { 99 } else { 2 };
    (first.minor..=last.minor).map(|minor| Release { minor, patch, ..first }).collect()
}

/// A value that the flag takes.
fn value(flag: &Flag, version: Release) -> String {
    let text = match (flag.name, flag.kind) {
        ("feature-gates", _) => "AllAlpha=false",
        ("cloud-provider", _) => "external",
        (_, Kind::Bool) => "true",
        (_, Kind::Int | Kind::IntList) => "29",
        (_, Kind::Float) => "0.5",
        (_, Kind::Duration) => "10s",
        (_, Kind::Ip) => "10.0.0.1",
        (_, Kind::PortRange) => "30000-32767",
        (_, Kind::Quantity) => "1Mi",
        _ => match flag.values {
            Values::OneOf(list) => list.split(',').next().expect("a value"),
            Values::Named(section) => names(section, Some(version)).next().expect("a name"),
            Values::Any => "a=b",
        },
    };
    text.to_owned()
}

#[test]
fn every_flag_of_every_version_passes_and_is_found_misspelt() {
    let mut count = 0;
    for component in Component::ALL {
        for version in versions(component) {
            let flags: Vec<Flag> = component.flags().filter(|flag| flag.span.has(version)).collect();
            let known: BTreeSet<&str> = component.flags().map(|flag| flag.name).collect();
            for (batch, flags) in flags.chunks(AT_ONCE).enumerate() {
                let is_list = batch % 2 == 0;
                let right: Vec<_> = flags.iter().map(|flag| (flag.name.to_owned(), value(flag, version))).collect();
                let (of, spec) = settings(component, version, &right, is_list);
                assert_eq!(judge(&of, &spec), [], "{component:?} {version}");
                let wrong: Vec<_> = flags
                    .iter()
                    .enumerate()
                    .map(|(index, flag)| (misspelt(flag.name, index, &known), value(flag, version)))
                    .collect();
                let (of, spec) = settings(component, version, &wrong, is_list);
                let found = judge(&of, &spec);
                let unknown: BTreeSet<String> = found
                    .iter()
                    .filter(|finding| finding.code.name() == "unknown-argument")
                    .map(|finding| finding.data[0].1.clone())
                    .collect();
                for (name, _) in &wrong {
                    assert!(unknown.contains(name), "{component:?} {version}: {name}");
                }
                for finding in &found {
                    assert_eq!(finding.severity, Severity::Error, "{finding:?}");
                    // Of `vv` nobody can say what was meant.
                    assert!(
                        finding.data[0].1.len() < 3 || !finding.fixes.is_empty() && !finding.hints.is_empty(),
                        "{finding:?}"
                    );
                }
                count += wrong.len();
            }
        }
    }
    assert!(count > 5_000, "{count}");
}

/// The name with one letter wrong: doubled, left out, or another one; never a name that there is.
fn misspelt(name: &str, index: usize, known: &BTreeSet<&str>) -> String {
    let wrong = |way: usize, at: usize| {
        let (before, rest) = name.split_at(at);
        let letter = &rest[..1];
        match way % 3 {
            0 => format!("{before}{letter}{rest}"),
            1 => format!("{before}{}", &rest[1..]),
            _ => format!("{before}{}{}", if letter == "x" { "y" } else { "x" }, &rest[1..]),
        }
    };
    (0..3 * name.len())
        .map(|shift| wrong(index + shift / name.len(), (index + shift) % name.len()))
        .find(|wrong| !known.contains(wrong.as_str()) && !wrong.starts_with('-') && !wrong.is_empty())
        .expect("a wrong name")
}

fn of_api_server(version: &str, name: &str, value: &str) -> Vec<(&'static str, Severity)> {
    let spec = json!({"clusterConfiguration": {"apiServer": {"extraArgs": [{"name": name, "value": value}]}}});
    judge(version, &spec).iter().map(|finding| (finding.code.name(), finding.severity)).collect()
}

#[test]
fn what_is_newer_than_the_table_is_a_warning() {
    use Severity::{Error, Warning};
    assert_eq!(of_api_server("v1.35.7", "brand-new", "a"), [("unknown-argument", Error)]);
    assert_eq!(of_api_server("v1.39.0", "brand-new", "a"), [("unknown-argument", Warning)]);
    assert_eq!(of_api_server("v1.20.0", "very-old", "a"), [("unknown-argument", Warning)]);
    assert_eq!(of_api_server("v1.39.0", "cloud-provider", "external"), [("removed-argument", Error)]);
    assert_eq!(of_api_server("v1.35.7", "feature-gates", "BrandNew=true"), [("unknown-feature-gate", Error)]);
    assert_eq!(of_api_server("v1.39.0", "feature-gates", "BrandNew=true"), [("unknown-feature-gate", Warning)]);
    assert_eq!(of_api_server("v1.37.0", "enable-admission-plugins", "BrandNew"), [("unknown-argument-value", Warning)]);
}

#[test]
fn values_are_those_that_the_component_reads() {
    for (name, value) in [
        ("enable-admission-plugins", "NodeRestriction,PodSecurity"),
        ("authorization-mode", "Node,RBAC"),
        ("tls-cipher-suites", "TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("tls-min-version", "VersionTLS13"),
        ("feature-gates", "APIServerIdentity=true, kube:APIResponseCompression=false,other:Thing=true,AllBeta=true"),
        ("event_ttl", "1h"),
        ("anonymous-auth", "${ANONYMOUS}"),
        ("oidc-required-claim", "a=b"),
    ] {
        assert_eq!(of_api_server("v1.35.7", name, value), [], "{name}");
    }
    for (name, value, code) in [
        ("enable-admission-plugins", "NodeRestrictions", "unknown-argument-value"),
        ("enable-admission-plugins", "NodeRestriction,PodSecurityPolicy", "removed-admission-plugin"),
        ("authorization-mode", "Node, RBAC", "unknown-argument-value"),
        ("tls-min-version", "1.2", "unknown-argument-value"),
        ("tls-cipher-suites", "ECDHE-RSA-AES128-GCM-SHA256", "unknown-argument-value"),
        ("anonymous-auth", "no", "argument-value-type"),
        ("event-ttl", "3600", "argument-value-type"),
        ("secure-port", "https", "argument-value-type"),
        ("service-node-port-range", "30000:32767", "argument-value-type"),
        ("feature-gates", "APIServerIdentity=on", "feature-gate-syntax"),
        ("feature-gates", "PodSecurity=true", "removed-feature-gate"),
    ] {
        assert_eq!(of_api_server("v1.35.7", name, value), [(code, Severity::Error)], "{name}");
    }
}

#[test]
fn flags_disappear_with_their_minor() {
    let codes = |component, version: &str, name: &str, value: &str| {
        let release = Release::parse(version).expect("a version");
        let (of, spec) = settings(component, release, &[(name.to_owned(), value.to_owned())], true);
        judge(&of, &spec).iter().map(|finding| finding.code.name()).collect::<Vec<_>>()
    };
    assert_eq!(codes(Component::ApiServer, "v1.32.0", "cloud-provider", "external"), [""; 0]);
    assert_eq!(codes(Component::ApiServer, "v1.33.0", "cloud-provider", "external"), ["removed-argument"]);
    assert_eq!(codes(Component::Kubelet, "v1.36.0", "cloud-provider", "external"), [""; 0]);
    assert_eq!(codes(Component::Kubelet, "v1.30.0", "cloud-provider", "azure"), ["removed-cloud-provider"]);
    assert_eq!(
        codes(Component::ApiServer, "v1.25.0", "enable-admission-plugins", "PodSecurityPolicy"),
        ["removed-admission-plugin"]
    );
    assert_eq!(codes(Component::Scheduler, "v1.26.0", "logtostderr", "true"), ["removed-argument"]);
    assert_eq!(codes(Component::Scheduler, "v1.36.0", "v", "2"), [""; 0]);
    assert_eq!(codes(Component::Kubelet, "v1.30.0", "fail-cgroupv1", "false"), ["argument-of-newer-version"]);
    assert_eq!(codes(Component::Etcd, "v3.5.4", "tls-min-version", "TLS1.3"), ["argument-of-newer-version"]);
    assert_eq!(codes(Component::Etcd, "v3.6.4", "enable-v2", "true"), ["removed-argument"]);
    assert_eq!(codes(Component::Kubelet, "v1.35.0", "--max-pods", "110"), ["argument-with-dashes"]);
}

#[test]
fn etcd_is_the_one_that_kubeadm_starts() {
    let spec = json!({"clusterConfiguration": {"etcd": {"local": {"extraArgs": [{"name": "feature-gates", "value": "InitialCorruptCheck=true"}]}}}});
    assert_eq!(judge("v1.35.7", &spec), []);
    let found = judge("v1.33.7", &spec);
    assert_eq!(found.iter().map(|finding| finding.code.name()).collect::<Vec<_>>(), ["argument-of-newer-version"]);
}

#[test]
fn the_nearest_name_is_a_fix_of_what_is_written() {
    let spec = json!({"clusterConfiguration": {"apiServer": {"extraArgs": [{"name": "enable-admission-plugins", "value": "PodSecurity,NodeRestrictoin"}]}}});
    let found = judge("v1.35.7", &spec);
    let fix = &found[0].fixes[0];
    assert_eq!(
        (fix.title.as_str(), fix.applicability),
        ("write `PodSecurity,NodeRestriction`", Applicability::Suggested)
    );
}

#[test]
fn settings_that_nothing_refers_to_are_judged_without_a_version() {
    let object = |arguments: Value| {
        let config = json!({
            "apiVersion": "bootstrap.cluster.x-k8s.io/v1beta2",
            "kind": "KubeadmConfigTemplate",
            "metadata": {"name": "demo"},
            "spec": {"template": {"spec": {"joinConfiguration": {"nodeRegistration": {"kubeletExtraArgs": arguments}}}}},
        });
        let found = check_set(&[config], &Options::default()).into_iter();
        found.map(|(_, finding)| (finding.code.name(), finding.severity)).collect::<Vec<_>>()
    };
    assert_eq!(object(json!([{"name": "max-podz", "value": "110"}])), [("unknown-argument", Severity::Warning)]);
    assert_eq!(
        object(json!([{"name": "node-labels", "value": "node-role.kubernetes.io/a="}])),
        [("manifest-node-label", Severity::Error)]
    );
    assert_eq!(object(json!([{"name": "cloud-config", "value": "/etc/kubernetes/azure.json"}])), []);
}

#[test]
fn gates_of_kubeadm_are_its_own() {
    let codes = |version, gates: Value| {
        let found = judge(version, &json!({"clusterConfiguration": {"featureGates": gates}}));
        found.iter().map(|finding| (finding.code.name(), finding.severity)).collect::<Vec<_>>()
    };
    assert_eq!(codes("v1.35.7", json!({"NodeLocalCRISocket": true})), []);
    assert_eq!(
        codes("v1.36.2", json!({"ControlPlaneKubeletLocalMode": true})),
        [("removed-feature-gate", Severity::Error)]
    );
    assert_eq!(codes("v1.35.7", json!({"APIServerIdentity": true})), [("unknown-feature-gate", Severity::Error)]);
    assert_eq!(
        codes("v1.35.7", json!({"ControlPlaneKubeletLocalMode": false})),
        [("locked-feature-gate", Severity::Warning)]
    );
}

#[test]
fn paths_are_mounted_and_made() {
    let policy = json!({"name": "audit-policy-file", "value": "/etc/kubernetes/audit/policy.yaml"});
    let volume =
        json!({"name": "audit", "hostPath": "/etc/audit", "mountPath": "/etc/kubernetes/audit/", "readOnly": true});
    let codes = |volumes: Value, rest: Value| {
        let mut spec = json!({"clusterConfiguration": {"apiServer": {"extraArgs": [policy], "extraVolumes": volumes}}});
        spec.as_object_mut().expect("a map").extend(rest.as_object().expect("a map").clone());
        judge("v1.35.7", &spec).iter().map(|finding| finding.code.name()).collect::<Vec<_>>()
    };
    let file = |path: &str| json!({"files": [{"path": path, "content": "a"}]});
    assert_eq!(codes(json!([]), file("/etc/audit/policy.yaml")), ["unmounted-file"]);
    assert_eq!(codes(json!([volume]), file("/etc/audit/policy.yaml")), [""; 0]);
    assert_eq!(codes(json!([volume]), file("/etc/audit/other.yaml")), ["file-not-made"]);
    assert_eq!(codes(json!([volume]), json!({"preKubeadmCommands": ["/opt/fill /etc/audit"]})), [""; 0]);
    assert_eq!(codes(json!([]), json!({"initConfiguration": {"patches": {"directory": "/etc/p"}}})), [""; 0]);
    assert_eq!(codes(json!([{"name": "x", "hostPath": "/x", "mountPath": "${X}"}]), json!({})), [""; 0]);
}
