//! The layout of the output: one stream, or a directory with `manifests/`, `kustomization.yaml` and `ignition/`.

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

/// Every file of the output directory. With more than one cluster, each has a directory of its own: `<namespace>.<name>/`.
pub fn files(clusters: &[Cluster], format: Format) -> Vec<OutputFile> {
    let mut out = Vec::new();
    for cluster in clusters {
        let prefix = match clusters {
            [_] => String::new(),
            _ => format!("{}.{}/", cluster.plan.namespace.value, cluster.plan.name.value),
        };
        out.extend(cluster_files(cluster, &prefix, format));
    }
    out
}

fn cluster_files(cluster: &Cluster, prefix: &str, format: Format) -> Vec<OutputFile> {
    let mut out = Vec::with_capacity(cluster.objects.len() + cluster.composed.len() + 1);
    let mut names = Vec::with_capacity(cluster.objects.len());
    for (position, object) in cluster.objects.iter().enumerate() {
        let (extension, text) = match format {
            Format::Yaml => ("yaml", emit(&object.value)),
            Format::Json => ("json", emit_json(&object.value)),
        };
        // Numbered so that `kubectl apply -f manifests/`, which goes by name, keeps the order; the name without its hash, so that a changed template
        // is a changed file and not a new one beside the old.
        let about = file_stem(cluster, object);
        let path = format!("manifests/{position:03}-{}-{about}.{extension}", object.kind().to_lowercase());
        names.push(Value::str(path.clone()));
        out.push(OutputFile { path: format!("{prefix}{path}"), text });
    }
    let kustomization: Map = [
        ("apiVersion".to_owned(), Value::str("kustomize.config.k8s.io/v1beta1")),
        ("kind".to_owned(), Value::str("Kustomization")),
        ("resources".to_owned(), names.into()),
    ]
    .into_iter()
    .collect();
    out.push(OutputFile { path: format!("{prefix}kustomization.yaml"), text: emit(&kustomization.into()) });
    for (group, composed) in cluster.plan.groups.iter().zip(&cluster.composed) {
        let text = composed.ignition();
        out.push(OutputFile { path: format!("{prefix}ignition/{}.ign", group.name.value), text });
    }
    out
}

fn file_stem(cluster: &Cluster, object: &flatwright_capi::Object) -> String {
    match object.group().and_then(|index| cluster.plan.groups.get(index)) {
        Some(group) => cluster.plan.group_name(group),
        None => object.name().to_owned(),
    }
}
