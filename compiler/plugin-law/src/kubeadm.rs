//! Answers of the hook `kubeadm`.

use flatwright_flatcar::node_file;
use flatwright_plugin_host::model::kubeadm::{
    Argument, ControlPlaneSettings, File, FileContent, HostVolume, KubeadmSettings, NodeSettings, Registration,
    StaticPod, Taint, TaintEffect,
};
use flatwright_spec::law::{self, FileField};
use flatwright_spec::types;

use crate::judge::{Judge, Judged, changed};
use crate::labels;
use crate::path::{of_file, of_label, of_taint};
use crate::rule::PluginValue;

impl Judge for KubeadmSettings {
    fn judge(&self, question: &Self, judged: &mut Judged<'_>) {
        if let (Some(asked), Some(given)) = (&question.control_plane, &self.control_plane) {
            control_plane(asked, given, judged);
        }
        node(&question.node, &self.node, judged);
        // The call for the cluster removes nothing from groups.
        if question.control_plane.is_none()
            && let Some(name) = &self.node.registration.name
            && let Some(broken) = law::fills_node_name(name, self.node.pre_commands.iter().map(String::as_str))
        {
            judged.broken("node.pre-commands", broken);
        }
    }
}

fn control_plane(asked: &ControlPlaneSettings, given: &ControlPlaneSettings, judged: &mut Judged<'_>) {
    static_pod("control-plane.api-server", &asked.api_server, &given.api_server, judged);
    static_pod("control-plane.controller-manager", &asked.controller_manager, &given.controller_manager, judged);
    static_pod("control-plane.scheduler", &asked.scheduler, &given.scheduler, judged);
    if let (Some(asked), Some(given)) = (&asked.etcd, &given.etcd) {
        arguments("control-plane.etcd.arguments", &asked.arguments, &given.arguments, judged);
        judged.extra("control-plane.etcd.extra", &asked.extra, &given.extra);
    }
    for (name, ..) in changed(&asked.feature_gates, &given.feature_gates, |gate| gate.name.clone()) {
        judged.form::<types::FeatureGateName>(&format!("control-plane.feature-gates[{name:?}].name"), &name);
    }
    judged.extra("control-plane.extra", &asked.extra, &given.extra);
}

fn static_pod(field: &str, asked: &StaticPod, given: &StaticPod, judged: &mut Judged<'_>) {
    arguments(&format!("{field}.arguments"), &asked.arguments, &given.arguments, judged);
    for (name, volume, _) in changed(&asked.volumes, &given.volumes, |volume| volume.name.clone()) {
        let field = |last: &str| format!("{field}.volumes[{name:?}].{last}");
        let HostVolume { name, host_path, mount_path, path_type, .. } = volume;
        judged.form::<types::Label>(&field("name"), name);
        judged.form::<types::MachinePath>(&field("host-path"), host_path);
        judged.form::<types::MachinePath>(&field("mount-path"), mount_path);
        if let Some(kind) = path_type {
            judged.form::<types::HostPathType>(&field("path-type"), kind);
        }
    }
    judged.extra(&format!("{field}.extra"), &asked.extra, &given.extra);
}

fn arguments(field: &str, asked: &[Argument], given: &[Argument], judged: &mut Judged<'_>) {
    for (name, argument, _) in changed(asked, given, |argument| argument.name.clone()) {
        judged.form::<types::ArgumentName>(&format!("{field}[{name:?}].name"), &name);
        judged.form::<types::PlainText>(&format!("{field}[{name:?}].value"), &argument.value);
    }
}

fn node(asked: &NodeSettings, given: &NodeSettings, judged: &mut Judged<'_>) {
    arguments("node.kubelet-arguments", &asked.kubelet_arguments, &given.kubelet_arguments, judged);
    for (path, file, before) in changed(&asked.files, &given.files, |file| file.path.clone()) {
        self::file(&of_file(&path), before, file, judged);
    }
    let lists = [
        ("node.pre-commands", &asked.pre_commands, &given.pre_commands),
        ("node.post-commands", &asked.post_commands, &given.post_commands),
    ];
    for (field, asked, given) in lists {
        for (position, command) in given.iter().enumerate().filter(|(_, command)| !asked.contains(command)) {
            judged.form::<types::PlainText>(&format!("{field}[{position}]"), command);
        }
    }
    registration(&asked.registration, &given.registration, judged);
    labels_of_argument(given, judged);
    judged.extra("node.extra", &asked.extra, &given.extra);
}

fn file(field: &str, before: Option<&File>, file: &File, judged: &mut Judged<'_>) {
    judged.form::<types::MachinePath>(&format!("{field}.path"), &file.path);
    if let Some(owner) = &file.owner {
        judged.form::<types::Owner>(&format!("{field}.owner"), owner);
    }
    if let Some(permissions) = &file.permissions {
        judged.form::<types::FileMode>(&format!("{field}.permissions"), permissions);
    }
    for broken in law::file(&file.path, file.permissions.as_deref()) {
        let part = if broken.field == FileField::Path { "path" } else { "permissions" };
        judged.broken(&format!("{field}.{part}"), broken);
    }
    if before.is_none() && (judged.facts.owned)(&file.path) {
        let whose = "the flavor has a file of its own there".to_owned();
        judged.error(&format!("{field}.path"), &PluginValue::Reserved { whose });
    }
    if let FileContent::Text(text) = &file.content
        && before.is_none_or(|before| before.content != file.content)
    {
        let release = judged.facts.release;
        judged.systemd(&format!("{field}.content"), |place, report| {
            node_file::check(&file.path, text, release, place, report);
        });
    }
    if file.append && !before.is_some_and(|before| before.append) {
        judged.not_taken(&format!("{field}.append"), "with Ignition, files are written whole and never appended to");
    }
    match &file.content {
        FileContent::Secret(secret) => {
            judged.form::<types::Subdomain>(&format!("{field}.content.secret.name"), &secret.name);
            judged.form::<types::Word>(&format!("{field}.content.secret.key"), &secret.key);
        }
        FileContent::Other(kind) => {
            let rule = PluginValue::UnknownKind { kind: kind.clone(), of: "content" };
            judged.error(&format!("{field}.content"), &rule);
        }
        FileContent::Text(_) | FileContent::Bytes(_) => {}
    }
}

fn registration(asked: &Registration, given: &Registration, judged: &mut Judged<'_>) {
    if let Some(name) = given.name.as_ref().filter(|_| given.name != asked.name) {
        judged.form::<types::PlainText>("node.registration.name", name);
        if let Some(broken) = law::node_name(name) {
            judged.broken("node.registration.name", broken);
        }
    }
    let none = Vec::new();
    let (before, after) = (asked.taints.as_ref().unwrap_or(&none), given.taints.as_ref().unwrap_or(&none));
    for taint in after.iter().filter(|taint| !before.contains(taint)) {
        self::taint(&of_taint(taint), taint, judged);
    }
    for (_, (key, value), _) in changed(&asked.labels, &given.labels, |(key, _)| key.clone()) {
        label(key, value, judged);
    }
    judged.extra("node.registration.extra", &asked.extra, &given.extra);
}

fn label(key: &str, value: &str, judged: &mut Judged<'_>) {
    judged.form::<types::NodeLabelKey>(&of_label(key), key);
    judged.form::<types::LabelValue>(&of_label(key), value);
}

/// Labels in the kubelet's argument are labels like the others, and a key has one value.
fn labels_of_argument(given: &NodeSettings, judged: &mut Judged<'_>) {
    for (key, value) in labels::of_argument(given) {
        match given.registration.labels.iter().find(|(known, _)| *known == key) {
            Some((_, other)) if *other == value => {}
            Some((_, other)) => {
                let rule = PluginValue::LabelContradicts { other: other.clone(), value };
                judged.error(&of_label(&key), &rule);
            }
            None => label(&key, &value, judged),
        }
    }
}

fn taint(field: &str, taint: &Taint, judged: &mut Judged<'_>) {
    judged.form::<types::LabelKey>(&format!("{field}.key"), &taint.key);
    if let Some(value) = &taint.value {
        judged.form::<types::LabelValue>(&format!("{field}.value"), value);
    }
    if let TaintEffect::Other(effect) = &taint.effect {
        judged.form::<types::TaintEffect>(&format!("{field}.effect"), effect);
    }
}
