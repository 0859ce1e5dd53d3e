//! The plan's kubeadm settings as the hook's records.

use flatwright_plan::{self as plan, Args, GroupKubeadm, HostPath, KubeadmFile, KubeadmFileContent, Plan};
use flatwright_plugin_host::model::kubeadm as model;

pub(super) fn control_plane(plan: &Plan) -> model::ControlPlaneSettings {
    let kubeadm = &plan.kubeadm;
    let pod = |component: &plan::Component| model::StaticPod {
        arguments: arguments(&component.args),
        volumes: component.volumes.iter().map(volume).collect(),
        extra: Vec::new(),
    };
    model::ControlPlaneSettings {
        api_server: pod(&kubeadm.api_server),
        controller_manager: pod(&kubeadm.controller_manager),
        scheduler: pod(&kubeadm.scheduler),
        etcd: Some(model::Etcd { arguments: arguments(&kubeadm.etcd.args), extra: Vec::new() }),
        feature_gates: kubeadm
            .feature_gates
            .iter()
            .map(|(name, gate)| model::FeatureGate { name: name.clone(), enabled: gate.value })
            .collect(),
        extra: Vec::new(),
    }
}

pub(super) fn node(kubeadm: &GroupKubeadm) -> model::NodeSettings {
    let text = |command: &flatwright_diagnostic::Traced<String>| command.value.clone();
    model::NodeSettings {
        kubelet_arguments: arguments(&kubeadm.kubelet_args),
        files: kubeadm.files.iter().filter_map(file).collect(),
        pre_commands: kubeadm.pre_commands.iter().map(text).collect(),
        post_commands: kubeadm.post_commands.iter().map(text).collect(),
        registration: model::Registration {
            name: Some(kubeadm.node_name.value.clone()),
            taints: kubeadm.taints.as_ref().map(|taints| taints.iter().map(taint).collect()),
            labels: kubeadm.labels.iter().map(|label| (label.key.clone(), label.value.value.clone())).collect(),
            extra: Vec::new(),
        },
        extra: Vec::new(),
    }
}

fn arguments(args: &Args) -> Vec<model::Argument> {
    args.iter().map(|(name, value)| model::Argument { name: name.clone(), value: value.value.clone() }).collect()
}

pub(super) fn volume(volume: &HostPath) -> model::HostVolume {
    model::HostVolume {
        name: volume.name.value.clone(),
        host_path: volume.host_path.value.clone(),
        mount_path: volume.mount_path.value.clone(),
        read_only: volume.read_only.is_some_and(|flag| flag.value),
        path_type: volume.path_type.as_ref().map(|kind| kind.value.clone()),
    }
}

/// `azure.json` is CAPZ's own and not shown: its Secret follows the machine template's name.
fn file(file: &KubeadmFile) -> Option<model::File> {
    Some(model::File {
        path: file.path.value.clone(),
        content: content(&file.content)?,
        owner: Some(file.owner.value.clone()),
        permissions: Some(file.permissions.value.clone()),
        append: false,
    })
}

pub(super) fn content(content: &KubeadmFileContent) -> Option<model::FileContent> {
    Some(match content {
        KubeadmFileContent::Bytes(bytes) => match String::from_utf8(bytes.value.clone()) {
            Ok(text) => model::FileContent::Text(text),
            Err(error) => model::FileContent::Bytes(error.into_bytes()),
        },
        KubeadmFileContent::Secret { name, key } => {
            model::FileContent::Secret(model::SecretKey { name: name.value.clone(), key: key.value.clone() })
        }
        KubeadmFileContent::AzureJson(_) => return None,
    })
}

pub(in super::super) fn taint(taint: &plan::Taint) -> model::Taint {
    model::Taint {
        key: taint.key.value.clone(),
        value: taint.value.as_ref().map(|value| value.value.clone()),
        effect: match taint.effect.value.as_str() {
            "NoSchedule" => model::TaintEffect::NoSchedule,
            "PreferNoSchedule" => model::TaintEffect::PreferNoSchedule,
            "NoExecute" => model::TaintEffect::NoExecute,
            other => model::TaintEffect::Other(other.to_owned()),
        },
    }
}
