//! Answers about one group, and about the control plane: the plugin saw everything, so what is missing is gone.

use flatwright_diagnostic::{Origin, Traced};
use flatwright_plan::{self as plan, Args, GroupKubeadm, HostPath, KubeadmFile, KubeadmFileContent, NodeLabels, Plan};
use flatwright_plugin_host::model::kubeadm as model;
use flatwright_plugin_law::{labels, path};
use flatwright_spec::types::FileMode;

use super::super::pen::Pen;
use super::question;

const OWNER: &str = "root:root";
const PERMISSIONS: &str = "0644";

pub(super) fn control_plane(plan: &mut Plan, settings: model::ControlPlaneSettings, pen: &mut Pen<'_>) {
    let kubeadm = &mut plan.kubeadm;
    let pods = [
        ("api-server", &mut kubeadm.api_server, settings.api_server),
        ("controller-manager", &mut kubeadm.controller_manager, settings.controller_manager),
        ("scheduler", &mut kubeadm.scheduler, settings.scheduler),
    ];
    for (name, component, pod) in pods {
        arguments(&format!("control-plane.{name}.arguments"), &mut component.args, pod.arguments, pen);
        component.volumes = volumes(&format!("control-plane.{name}.volumes"), &component.volumes, pod.volumes, pen);
    }
    if let Some(etcd) = settings.etcd {
        arguments("control-plane.etcd.arguments", &mut kubeadm.etcd.args, etcd.arguments, pen);
    }
    let mut old = std::mem::take(&mut kubeadm.feature_gates);
    let path = |name: &str| format!("control-plane.feature-gates[\"{name}\"]");
    for gate in settings.feature_gates {
        let known = old.iter().position(|(name, _)| *name == gate.name).map(|index| old.remove(index).1);
        let value = pen.put_maybe(&path(&gate.name), known.as_ref(), Some(gate.enabled));
        kubeadm.feature_gates.extend(value.map(|value| (gate.name, value)));
    }
    old.iter().for_each(|(name, gone)| pen.replace(&path(name), gone.origin));
}

pub(super) fn node(kubeadm: &mut GroupKubeadm, mut settings: model::NodeSettings, pen: &mut Pen<'_>) {
    labels::join(&mut settings);
    arguments("node.kubelet-arguments", &mut kubeadm.kubelet_args, settings.kubelet_arguments, pen);
    self::labels(&mut kubeadm.labels, settings.registration.labels, pen);
    files(&mut kubeadm.files, settings.files, pen);
    kubeadm.pre_commands = commands("node.pre-commands", &kubeadm.pre_commands, settings.pre_commands, pen);
    kubeadm.post_commands = commands("node.post-commands", &kubeadm.post_commands, settings.post_commands, pen);
    if let Some(name) = settings.registration.name {
        kubeadm.node_name = pen.put("node.registration.name", &kubeadm.node_name, name);
    }
    let known = kubeadm.taints.take();
    kubeadm.taints = taints(known.unwrap_or_default(), settings.registration.taints, pen);
}

fn arguments(path: &str, args: &mut Args, answer: Vec<model::Argument>, pen: &mut Pen<'_>) {
    let mut old = std::mem::take(args);
    let path = |name: &str| format!("{path}[\"{name}\"]");
    for argument in answer {
        let known = old.remove(&argument.name);
        let value = pen.put_maybe(&path(&argument.name), known.as_ref(), Some(argument.value));
        args.extend(value.map(|value| (argument.name, value)));
    }
    old.iter().for_each(|(name, gone)| pen.replace(&path(name), gone.origin));
}

fn labels(labels: &mut NodeLabels, answer: Vec<(String, String)>, pen: &mut Pen<'_>) {
    let is_same = labels.iter().map(|label| (&label.key, &label.value.value)).eq(answer.iter().map(|(k, v)| (k, v)));
    if is_same {
        return;
    }
    let path = path::of_label;
    for gone in labels.iter().filter(|label| !answer.iter().any(|(key, _)| *key == label.key)) {
        pen.replace(&path(&gone.key), gone.value.origin);
    }
    let old = std::mem::take(labels);
    let value = |(key, value): (String, String)| {
        let value = pen.put_maybe(&path(&key), old.get(&key), Some(value));
        value.map(|value| (key, value))
    };
    *labels = answer.into_iter().filter_map(value).collect();
}

fn commands(path: &str, old: &[Traced<String>], answer: Vec<String>, pen: &mut Pen<'_>) -> Vec<Traced<String>> {
    for gone in old.iter().filter(|command| !answer.contains(&command.value)) {
        pen.replace(path, gone.origin);
    }
    let known = |command: &str| old.iter().find(|other| other.value == command);
    answer.into_iter().map(|command| known(&command).cloned().unwrap_or_else(|| pen.write(command))).collect()
}

fn volumes(path: &str, old: &[HostPath], answer: Vec<model::HostVolume>, pen: &mut Pen<'_>) -> Vec<HostPath> {
    let path = |name: &str| format!("{path}[\"{name}\"]");
    for gone in old.iter().filter(|known| !answer.iter().any(|volume| volume.name == known.name.value)) {
        pen.replace(&path(&gone.name.value), gone.name.origin);
    }
    answer
        .into_iter()
        .map(|answer| {
            let path = path(&answer.name);
            let Some(known) = old.iter().find(|known| known.name.value == answer.name) else {
                return HostPath {
                    name: pen.write(answer.name),
                    host_path: pen.write(answer.host_path),
                    mount_path: pen.write(answer.mount_path),
                    read_only: Some(pen.write(answer.read_only)),
                    path_type: answer.path_type.map(|kind| pen.write(kind)),
                };
            };
            if question::volume(known) == answer {
                return known.clone();
            }
            HostPath {
                name: known.name.clone(),
                host_path: pen.put(&path, &known.host_path, answer.host_path),
                mount_path: pen.put(&path, &known.mount_path, answer.mount_path),
                read_only: pen.put_maybe(&path, known.read_only.as_ref(), Some(answer.read_only)),
                path_type: pen.put_maybe(&path, known.path_type.as_ref(), answer.path_type),
            }
        })
        .collect()
}

fn files(files: &mut Vec<KubeadmFile>, answer: Vec<model::File>, pen: &mut Pen<'_>) {
    let is_shown = |file: &KubeadmFile| question::content(&file.content).is_some();
    let old = std::mem::take(files);
    files.extend(old.iter().filter(|file| !is_shown(file)).cloned());
    for gone in old.iter().filter(|file| is_shown(file) && !answer.iter().any(|other| other.path == file.path.value)) {
        pen.replace(&path::of_file(&gone.path.value), gone.origin);
    }
    for file in answer {
        let known = old.iter().find(|known| known.path.value == file.path && is_shown(known));
        files.push(self::file(known, file, pen));
    }
}

/// A file of an answer over the one that was there.
pub(super) fn file(known: Option<&KubeadmFile>, answer: model::File, pen: &mut Pen<'_>) -> KubeadmFile {
    let path = path::of_file(&answer.path);
    let owner = answer.owner.unwrap_or_else(|| OWNER.to_owned());
    let permissions = FileMode::octal(answer.permissions.as_deref().unwrap_or(PERMISSIONS));
    let Some(known) = known else {
        let content = content(answer.content, pen);
        let (owner, permissions) = (pen.write(owner), pen.write(permissions));
        return KubeadmFile { path: pen.write(answer.path), content, owner, permissions, origin: pen.origin };
    };
    let is_same = question::content(&known.content).as_ref() == Some(&answer.content);
    if !is_same {
        pen.replace(&path, origin_of_content(known));
    }
    KubeadmFile {
        path: known.path.clone(),
        content: if is_same { known.content.clone() } else { content(answer.content, pen) },
        owner: pen.put(&path, &known.owner, owner),
        permissions: pen.put(&path, &known.permissions, permissions),
        origin: known.origin,
    }
}

/// Where the content of a file came from.
pub(super) fn origin_of_content(file: &KubeadmFile) -> Origin {
    let origin = match &file.content {
        KubeadmFileContent::Bytes(bytes) => bytes.origin,
        KubeadmFileContent::Secret { name, .. } => name.origin,
        KubeadmFileContent::AzureJson(_) => Origin::Unknown,
    };
    origin.or(file.origin)
}

fn content(content: model::FileContent, pen: &Pen<'_>) -> KubeadmFileContent {
    match content {
        model::FileContent::Text(text) => KubeadmFileContent::Bytes(pen.write(text.into_bytes())),
        model::FileContent::Bytes(bytes) => KubeadmFileContent::Bytes(pen.write(bytes)),
        model::FileContent::Secret(secret) => {
            KubeadmFileContent::Secret { name: pen.write(secret.name), key: pen.write(secret.key) }
        }
        // Refused where the answer is judged.
        model::FileContent::Other(_) => KubeadmFileContent::Bytes(pen.write(Vec::new())),
    }
}

fn taints(mut old: Vec<plan::Taint>, answer: Option<Vec<model::Taint>>, pen: &mut Pen<'_>) -> Option<Vec<plan::Taint>> {
    let path = |known: &plan::Taint| path::of_taint(&question::taint(known));
    let taints = answer.map(|answer| {
        let one = |answer: model::Taint| {
            let is_it = |known: &plan::Taint| {
                known.key.value == answer.key && known.effect.value == path::effect(&answer.effect)
            };
            match old.iter().position(is_it).map(|index| old.remove(index)) {
                Some(known) => {
                    if question::taint(&known) != answer {
                        pen.replace(&path(&known), known.key.origin);
                    }
                    let value = pen.put_maybe(&path(&known), known.value.as_ref(), answer.value);
                    plan::Taint { value, ..known }
                }
                None => taint(answer, pen),
            }
        };
        answer.into_iter().map(one).collect()
    });
    old.iter().for_each(|gone| pen.replace(&path(gone), gone.key.origin));
    taints
}

/// A taint that was not there.
pub(super) fn taint(taint: model::Taint, pen: &Pen<'_>) -> plan::Taint {
    let effect = path::effect(&taint.effect).to_owned();
    plan::Taint {
        key: pen.write(taint.key),
        value: taint.value.map(|value| pen.write(value)),
        effect: pen.write(effect),
    }
}
