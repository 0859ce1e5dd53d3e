//! The files of one cluster: `manifests/` with one object each, `ignition/` with one machine config each; or one stream of objects.

use std::collections::{BTreeMap, BTreeSet};

use flatwright_yaml::{Map, Value, emit, emit_json, emit_stream};

use crate::compilation::Cluster;

/// How objects are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// YAML that every YAML 1.1 and 1.2 reader reads the same.
    #[default]
    Yaml,
    /// JSON.
    Json,
}

/// A file of the output directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Its path below the directory, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// The kinds in the order in which they are applied: what is referred to comes before what refers. A number stays a kind's own, so that an object more renames no other file;
/// those of `kubectl apply -f manifests/`, which goes by name, are in order as well.
const TIERS: &[(&str, &str)] = &[
    ("AzureClusterIdentity", "10"),
    ("AzureCluster", "20"),
    ("AzureMachineTemplate", "30"),
    ("KubeadmConfigTemplate", "40"),
    ("KubeadmControlPlane", "50"),
    ("Cluster", "60"),
    ("MachineDeployment", "70"),
    ("MachineHealthCheck", "80"),
    ("HelmChartProxy", "90"),
];

/// Of what a patch has made another kind.
const LAST_TIER: &str = "99";

/// Every object of every cluster in one text: a YAML stream, or a JSON `List`.
pub fn stream(clusters: &[Cluster], format: Format) -> String {
    let objects = || clusters.iter().flat_map(|cluster| cluster.objects.iter().map(|object| &object.value));
    match format {
        Format::Yaml => emit_stream(objects()),
        Format::Json => {
            let list: Map = [
                ("apiVersion".to_owned(), Value::str("v1")),
                ("kind".to_owned(), Value::str("List")),
                ("items".to_owned(), objects().cloned().collect::<Vec<_>>().into()),
            ]
            .into_iter()
            .collect();
            emit_json(&list.into())
        }
    }
}

/// The manifests and machine configs of a cluster, by their paths in its directory.
pub(crate) fn files(cluster: &Cluster, format: Format) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = manifest_files(cluster, format).into_iter().collect();
    files.extend(machine_configs(cluster));
    files
}

/// Paths and texts of the manifests, in the order of the objects.
pub(crate) fn manifest_files(cluster: &Cluster, format: Format) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut taken = BTreeSet::new();
    for manifest in manifests(cluster, format) {
        let tier = TIERS.iter().find(|(kind, _)| *kind == manifest.kind).map_or(LAST_TIER, |(_, tier)| tier);
        let stem = format!("manifests/{tier}-{}-{}", manifest.kind.to_lowercase(), manifest.about);
        // Only patches give two objects one kind and name.
        let numbered = (1..).map(|number| if number == 1 { stem.clone() } else { format!("{stem}-{number}") });
        let path =
            numbered.map(|stem| format!("{stem}.{}", manifest.extension)).find(|path| taken.insert(path.clone()));
        files.extend(path.map(|path| (path, manifest.text)));
    }
    files
}

/// What a cluster's directory held before there were inventories: manifests with running numbers.
pub(crate) fn numbered_files(cluster: &Cluster, format: Format) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut names = Vec::new();
    for (position, manifest) in manifests(cluster, format).enumerate() {
        let Manifest { kind, about, extension, text } = manifest;
        let path = format!("manifests/{position:03}-{}-{about}.{extension}", kind.to_lowercase());
        names.push(path.clone());
        files.insert(path, text);
    }
    files.insert("kustomization.yaml".to_owned(), kustomization(names));
    files.extend(machine_configs(cluster));
    files
}

/// A kustomization of files and directories.
pub(crate) fn kustomization(resources: impl IntoIterator<Item = String>) -> String {
    let kustomization: Map = [
        ("apiVersion".to_owned(), Value::str("kustomize.config.k8s.io/v1beta1")),
        ("kind".to_owned(), Value::str("Kustomization")),
        ("resources".to_owned(), resources.into_iter().map(Value::str).collect::<Vec<_>>().into()),
    ]
    .into_iter()
    .collect();
    emit(&kustomization.into())
}

struct Manifest<'c> {
    kind: &'c str,
    /// The name without its hash, so that a changed template is a changed file and not a new one beside the old.
    about: String,
    extension: &'static str,
    text: String,
}

fn manifests(cluster: &Cluster, format: Format) -> impl Iterator<Item = Manifest<'_>> {
    cluster.objects.iter().map(move |object| {
        let (extension, text) = match format {
            Format::Yaml => ("yaml", emit(&object.value)),
            Format::Json => ("json", emit_json(&object.value)),
        };
        let about = match object.group().and_then(|index| cluster.plan.groups.get(index)) {
            Some(group) => cluster.plan.group_name(group),
            None => object.name().to_owned(),
        };
        Manifest { kind: object.kind(), about, extension, text }
    })
}

fn machine_configs(cluster: &Cluster) -> impl Iterator<Item = (String, String)> {
    let groups = cluster.plan.groups.iter().zip(&cluster.composed);
    groups.map(|(group, composed)| (format!("ignition/{}.ign", group.name.value), composed.ignition()))
}
