//! What is judged without CRDs, in templates, and below directories: fields of the built-in kinds, values that are not known yet, files of other programs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use flatwright::{Inputs, NoWorld, Releases, SpecFile, ValidateOptions, Validation, validate};
use flatwright_diagnostic::Severity;
use flatwright_render::{Finding, Findings};

/// Files below a directory that was named.
struct Found(&'static [(&'static str, &'static str)]);

impl Inputs for Found {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn name(&self, index: usize) -> &str {
        self.0[index].0
    }

    fn is_found(&self, _: usize) -> bool {
        true
    }

    fn read(&self, index: usize) -> Result<Cow<'_, [u8]>, String> {
        Ok(self.0[index].1.as_bytes().into())
    }
}

fn run(text: &str, options: &ValidateOptions<'_>) -> Validation {
    validate(&[SpecFile { name: "a.yaml".to_owned(), bytes: text.as_bytes().to_vec() }], &NoWorld, options)
}

/// `line severity code` of every finding about a text.
fn told(text: &str, options: &ValidateOptions<'_>) -> Vec<String> {
    let validation = run(text, options);
    let findings = Findings::new(&validation.report, &validation.sources);
    let line = |finding: &Finding<'_>| {
        let line = finding.span.as_ref().map_or(0, |span| span.start.line);
        format!("{line} {} {}", finding.diagnostic.severity.word(), finding.diagnostic.code.name())
    };
    findings.list.iter().map(line).collect()
}

fn errors(text: &str, options: &ValidateOptions<'_>) -> Vec<String> {
    told(text, options).into_iter().filter(|finding| finding.contains(" error ")).collect()
}

const MACHINES: &str = "\
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
kind: AzureMachineTemplate
metadata: {name: pool-0}
spec:
  template:
    spec:
      vmSise: Standard_D4s_v5
      osDisk: {osType: Linux, diskSizeGB: \"128\"}
      dataDisks:
      - {nameSuffix: a, diskSizeGB: 4, cachingType: Often}
";

#[test]
fn fields_of_known_kinds_are_judged_without_crds() {
    let found = errors(MACHINES, &ValidateOptions::default());
    for expected in ["7 error schema-unknown-field", "8 error not-a-whole-number"] {
        assert!(found.iter().any(|found| found == expected), "{found:?}");
    }
    assert!(found.iter().any(|found| found.starts_with("10 error")), "{found:?}");
    let other = MACHINES.replace("AzureMachineTemplate", "AzureManagedMachinePool");
    assert_eq!(told(&other, &ValidateOptions::default()), Vec::<String>::new());
}

#[test]
fn another_release_makes_warnings_of_what_the_built_in_schemas_say() {
    for (release, is_error) in [("capz=v1.24.3", false), ("capz=v1.26.1", true), ("capi=v1.9", true)] {
        let releases: Releases = [release.parse().unwrap()].into_iter().collect();
        let found = told(MACHINES, &ValidateOptions { releases: Some(&releases), ..Default::default() });
        let expected = if is_error { "7 error schema-unknown-field" } else { "7 warning schema-unknown-field" };
        assert!(found.iter().any(|found| found == expected), "{release}: {found:?}");
    }
}

#[test]
fn a_kind_is_served_in_the_versions_of_its_crd() {
    let cluster =
        "apiVersion: cluster.x-k8s.io/v1alpha4\nkind: Cluster\nmetadata: {name: a}\nspec: {controlPlaneRef: {}}\n";
    assert!(errors(cluster, &ValidateOptions::default()).contains(&"1 error unserved-version".to_owned()));
}

const TEMPLATE: &str = "\
apiVersion: cluster.x-k8s.io/v1beta1
kind: MachineDeployment
metadata: {name: \"${CLUSTER_NAME}-md-0\"}
spec:
  clusterName: ${CLUSTER_NAME}
  replicas: ${WORKERS:=two}
  template:
    spec:
      clusterName: ${CLUSTER_NAME}
      version: ${KUBERNETES_VERSION}
      bootstrap: {configRef: {apiVersion: bootstrap.cluster.x-k8s.io/v1beta1, kind: KubeadmConfigTemplate, name: \"${CLUSTER_NAME}-md-0\"}}
      infrastructureRef:
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
        kind: AzureMachineTemplate
        name: ${CLUSTER_NAME}-md-0
---
apiVersion: cluster.x-k8s.io/v1beta1
kind: Cluster
metadata: {name: \"${CLUSTER_NAME}\"}
spec:
  clusterNetwork:
    pods: {cidrBlocks: [${POD_CIDR:=192.168.0.0/16}, ${MORE}]}
    services: {cidrBlocks: [${SERVICE_CIDR:-10.0.0.0}]}
    serviceDomain: ${DOMAIN:=\"cluster.local\"}
  controlPlaneRefs: {}
  controlPlaneRef: {apiVersion: controlplane.cluster.x-k8s.io/v1beta1, kind: KubeadmControlPlane, name: <name of the control plane>}
";

#[test]
fn templates_are_judged_as_far_as_they_are_certain() {
    let none = ValidateOptions::default();
    let found = errors(TEMPLATE, &none);
    assert_eq!(found.iter().filter(|found| found.starts_with("6 error")).count(), 1, "{found:?}");
    assert!(found.iter().any(|found| found.starts_with("23 error")), "{found:?}");
    assert!(found.contains(&"25 error schema-unknown-field".to_owned()), "{found:?}");
    assert_eq!(found.len(), 3, "{found:?}");
    let values = [("WORKERS", "3"), ("SERVICE_CIDR", "10.0.0.0/16"), ("CLUSTER_NAME", "Demo")];
    let variables: BTreeMap<String, String> = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let found = errors(TEMPLATE, &ValidateOptions { variables: Some(&variables), ..none });
    assert!(found.iter().all(|found| !found.starts_with("6 ") && !found.starts_with("23 ")), "{found:?}");
    assert!(found.contains(&"3 error object-name-syntax".to_owned()), "{found:?}");
}

#[test]
fn what_a_variable_stands_for_is_not_fixed() {
    let text = MACHINES.replace("\"128\"", "\"${SIZE:=128}\"");
    let validation = run(&text, &ValidateOptions::default());
    let about = validation.report.diagnostics().iter().find(|finding| finding.message.contains("128")).unwrap();
    assert!(about.fixes.is_empty() && about.notes.iter().any(|note| note.contains("${SIZE:=128}")), "{about:?}");
}

#[test]
fn files_of_other_programs_are_counted_and_not_judged() {
    let files = Found(&[
        ("t/charts/app/Chart.yaml", "apiVersion: v2\nname: app\n"),
        ("t/charts/app/values.yaml", "kind: Deployment\nstorage: {files: []}\n"),
        ("t/charts/app/templates/a.yaml", "{{ if .Values.a }}\napiVersion: v1\n{{ end }}\n"),
        ("t/lost/values-prod.yaml", "systemd: {units: []}\n"),
        ("t/lost/template.yaml", "apiVersion: v1\nkind: {{ .Values.kind }}: x\n"),
        (
            "t/kustomize/kustomization.yaml",
            "resources: [cluster.yaml]\npatches: [{path: size.yaml}]\nconfigMapGenerator:\n- {name: a, files: [own=data.yaml]}\n",
        ),
        (
            "t/kustomize/cluster.yaml",
            "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: a}\nspec:\n  controlPlaneRef: {apiGroup: controlplane.cluster.x-k8s.io, kind: KubeadmControlPlane, name: a}\n",
        ),
        (
            "t/kustomize/size.yaml",
            "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureMachineTemplate\nmetadata: {name: a}\nspec: {template: {spec: {vmSize: x}}}\n",
        ),
        ("t/kustomize/data.yaml", "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nspec: 3\n"),
        (
            "t/kustomize/replicas-patch.yaml",
            "apiVersion: cluster.x-k8s.io/v1beta2\nkind: MachineDeployment\nmetadata: {name: a}\nspec: {replicas: 3}\n",
        ),
        (
            "t/rbac/roles.yaml",
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: \"system:node-proxier:Own\"}\nsubjects: []\n",
        ),
        (
            "t/docs/identity.yaml",
            "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureClusterIdentity\nmetadata: {name: a}\nspec: {type: WorkloadIdentity, clientID: <client-id>, tenantID: <tenant id>}\n",
        ),
    ]);
    let validation = validate(&files, &NoWorld, &ValidateOptions::default());
    let found: Vec<_> = validation.report.diagnostics().iter().filter(|it| it.severity == Severity::Error).collect();
    assert!(found.is_empty(), "{found:#?}");
    let left_out: usize = validation.checked.left_out.values().map(std::collections::BTreeSet::len).sum();
    assert_eq!(left_out, 9, "{:#?}", validation.checked);
}

#[test]
fn what_is_too_large_is_told() {
    let map = |annotations: usize, data: usize| {
        let (annotation, text) = ("a".repeat(annotations), "b".repeat(data));
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, annotations: {{a: {annotation}}}}}\ndata: {{b: {text}}}\n"
        )
    };
    for (annotations, data, expected) in [
        (10, 200 << 10, vec![]),
        (10, 256 << 10, vec!["3 warning too-large-for-client-side-apply"]),
        (256 << 10, 10, vec!["3 error annotations-too-large"]),
        (10, 1536 << 10, vec!["3 error object-too-large"]),
    ] {
        assert_eq!(told(&map(annotations, data), &ValidateOptions::default()), expected, "{annotations} {data}");
    }
}
