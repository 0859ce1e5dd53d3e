//! Findings whose right answer is known, or probable, carry it as a fix of what is written.

mod common;

use flatwright_admission::{Options, check_create, check_set};
use flatwright_diagnostic::{Applicability, Edit, Part, Target};

const CLASS: &str = "
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata: {name: demo}
spec:
  infrastructure: {templateRef: {apiVersion: infrastructure.cluster.x-k8s.io/v1beta1, kind: AzureCluster, name: demo}}
  controlPlane: {templateRef: {apiVersion: controlplane.cluster.x-k8s.io/v1beta2, kind: KubeadmControlPlaneTemplate, name: demo}}
  workers: {machineDeployments: [{class: small}]}
  variables: [{name: location, schema: {openAPIV3Schema: {type: object}}}]
  patches:
  - name: a
    definitions:
    - selector: {apiVersion: a/v1, kind: FooTemplate, matchResources: {controlPlane: true}}
      jsonPatches:
      - {op: add, path: /spec/a, valueFrom: {variable: builtin.cluster.nme}}
      - {op: add, path: /spec/b, valueFrom: {variable: loction.zone}}
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: demo}
spec:
  topology:
    classRef: {name: demo}
    version: v1.34.2
    variables: [{name: locatoin, value: a}]
    workers: {machineDeployments: [{class: smal, name: a}]}
";

const OTHERS: &str = "
apiVersion: addons.cluster.x-k8s.io/v1alpha1
kind: HelmChartProxy
metadata: {name: calico}
spec: {chartName: a, repoURL: 'OCI://example.com/charts', clusterSelector: {matchExpressions: [{key: a, operator: Exists}]}}
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: MachineHealthCheck
metadata: {name: a}
spec: {clusterName: dmeo, selector: {matchExpressions: [{key: a, operator: exists}]}, checks: {nodeStartupTimeoutSeconds: 60}}
---
apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
kind: KubeadmConfig
metadata: {name: a}
spec: {diskSetup: {partitions: [{device: /dev/sdc, diskLayout: [{percentage: 100, partitionType: linux}]}]}}
";

#[test]
fn known_answers_are_fixes() {
    let objects = [common::manifests(CLASS), common::manifests(OTHERS)].concat();
    let options = Options::default();
    let alone = objects.iter().flat_map(|object| check_create(object, &options));
    let findings: Vec<_> = alone.chain(check_set(&objects, &options).into_iter().map(|(_, finding)| finding)).collect();
    for (code, was, with) in [
        ("not-a-template-kind", "AzureCluster", "AzureClusterTemplate"),
        ("unknown-builtin-variable", "builtin.cluster.nme", "builtin.cluster.name"),
        ("undefined-variable", "loction.zone", "location.zone"),
        ("unknown-class-variable", "locatoin", "location"),
        ("unknown-worker-class", "smal", "small"),
        ("chart-repository-scheme-case", "OCI://example.com/charts", "oci://example.com/charts"),
        ("missing-object", "dmeo", "demo"),
        ("unknown-selector-operator", "exists", "Exists"),
        ("unknown-partition-type", "linux", "Linux"),
    ] {
        let of_code: Vec<_> = findings.iter().filter(|finding| finding.code.name() == code).collect();
        let edit =
            Edit::Replace { target: Target::Here(Part::Value), was: Some(was.to_owned()), with: with.to_owned() };
        let is_fixed = of_code
            .iter()
            .flat_map(|finding| &finding.fixes)
            .any(|fix| fix.edits == [edit.clone()] && fix.applicability == Applicability::Certain);
        assert!(is_fixed, "{code}: {of_code:#?}");
    }
}
