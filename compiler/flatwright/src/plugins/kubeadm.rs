//! The `kubeadm` hook: once for the cluster with what all nodes share, then once per group.

use flatwright_diagnostic::{Origin, Report, Traced};
use flatwright_plan::{self as plan, Args, GroupKubeadm, HostPath, KubeadmFile, KubeadmFileContent, Plan};
use flatwright_plugin_host::Session;
use flatwright_plugin_host::model::kubeadm as model;

use super::texts::pairs;
use super::{CallSite, Ready, Run, Stop, applies, context};

pub(super) fn customize(
    run: &mut Run<'_>,
    ready: &Ready,
    session: &Session<'_>,
    plan: &mut Plan,
    report: &mut Report,
) -> Result<(), Stop> {
    let before =
        model::KubeadmSettings { control_plane: Some(control_plane(plan)), node: model::NodeSettings::default() };
    let mut told = context::of_cluster(plan, run.contract, ready);
    let outcome = session.customize_kubeadm(&told, &before);
    let site = CallSite { ready, hook: "kubeadm", target: "cluster" };
    if let Some((settings, origin)) = run.book(site, &before, outcome, plan, report)? {
        if let Some(settings) = settings.control_plane {
            control_plane_back(plan, settings, origin);
        }
        // What the cluster-wide call says of nodes holds for every group that the plugin may change.
        for index in (0..plan.groups.len()).filter(|index| applies(ready, plan, *index)).collect::<Vec<_>>() {
            added(&mut plan.groups[index].kubeadm, &settings.node, origin);
            told.groups[index] = context::group(plan, index);
        }
    }
    for index in (0..plan.groups.len()).filter(|index| applies(ready, plan, *index)).collect::<Vec<_>>() {
        let before = model::KubeadmSettings { control_plane: None, node: node(&plan.groups[index].kubeadm) };
        told.target = context::group_target(index);
        let outcome = session.customize_kubeadm(&told, &before);
        let target = plan.groups[index].name.value.clone();
        let site = CallSite { ready, hook: "kubeadm", target: &target };
        if let Some((settings, origin)) = run.book(site, &before, outcome, plan, report)? {
            node_back(&mut plan.groups[index].kubeadm, settings.node, origin);
            // The calls about other groups are told of its labels, which the answer may have changed.
            told.groups[index] = context::group(plan, index);
        }
    }
    Ok(())
}

fn control_plane(plan: &Plan) -> model::ControlPlaneSettings {
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

fn control_plane_back(plan: &mut Plan, settings: model::ControlPlaneSettings, origin: Origin) {
    let kubeadm = &mut plan.kubeadm;
    let pods = [
        (&mut kubeadm.api_server, settings.api_server),
        (&mut kubeadm.controller_manager, settings.controller_manager),
        (&mut kubeadm.scheduler, settings.scheduler),
    ];
    for (component, pod) in pods {
        arguments_back(&mut component.args, pod.arguments, origin);
        component.volumes = volumes_back(&component.volumes, pod.volumes, origin);
    }
    if let Some(etcd) = settings.etcd {
        arguments_back(&mut kubeadm.etcd.args, etcd.arguments, origin);
    }
    let old = std::mem::take(&mut kubeadm.feature_gates);
    kubeadm.feature_gates = settings
        .feature_gates
        .into_iter()
        .map(|gate| {
            let same = old.iter().find(|(name, value)| *name == gate.name && value.value == gate.enabled);
            (gate.name, same.map_or(Traced::new(gate.enabled, origin), |(_, value)| *value))
        })
        .collect();
}

fn node(kubeadm: &GroupKubeadm) -> model::NodeSettings {
    let mut args = kubeadm.kubelet_args.clone();
    let labels = args.remove("node-labels").map(|labels| pairs(&labels.value)).unwrap_or_default();
    model::NodeSettings {
        kubelet_arguments: arguments(&args),
        // `azure.json` is CAPZ's own: its Secret follows the machine template's name.
        files: kubeadm.files.iter().filter_map(file).collect(),
        pre_commands: kubeadm.pre_commands.iter().map(|command| command.value.clone()).collect(),
        post_commands: kubeadm.post_commands.iter().map(|command| command.value.clone()).collect(),
        registration: model::Registration {
            name: Some(kubeadm.node_name.value.clone()),
            taints: kubeadm.taints.as_ref().map(|taints| taints.iter().map(taint).collect()),
            labels,
            extra: Vec::new(),
        },
        extra: Vec::new(),
    }
}

fn node_back(kubeadm: &mut GroupKubeadm, settings: model::NodeSettings, origin: Origin) {
    let labels = kubeadm.kubelet_args.remove("node-labels");
    arguments_back(&mut kubeadm.kubelet_args, settings.kubelet_arguments, origin);
    let joined: Vec<String> =
        settings.registration.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let joined = joined.join(",");
    if let Some(labels) = labels.filter(|labels| labels.value == joined) {
        kubeadm.kubelet_args.insert("node-labels".to_owned(), labels);
    } else if !joined.is_empty() {
        kubeadm.kubelet_args.insert("node-labels".to_owned(), Traced::new(joined, origin));
    }
    let kept = kubeadm.files.iter().filter(|file| matches!(file.content, KubeadmFileContent::AzureJson(_))).cloned();
    let files = settings.files.into_iter().map(|answer| file_back(&kubeadm.files, answer, origin));
    kubeadm.files = kept.chain(files).collect();
    kubeadm.pre_commands = commands_back(&kubeadm.pre_commands, settings.pre_commands, origin);
    kubeadm.post_commands = commands_back(&kubeadm.post_commands, settings.post_commands, origin);
    if let Some(name) = settings.registration.name.filter(|name| *name != kubeadm.node_name.value) {
        kubeadm.node_name = Traced::new(name, origin);
    }
    if settings.registration.taints != kubeadm.taints.as_ref().map(|taints| taints.iter().map(taint).collect()) {
        kubeadm.taints = settings
            .registration
            .taints
            .map(|taints| taints.into_iter().map(|taint| taint_back(taint, origin)).collect());
    }
}

/// What a cluster-wide answer adds to a group.
fn added(kubeadm: &mut GroupKubeadm, settings: &model::NodeSettings, origin: Origin) {
    for argument in &settings.kubelet_arguments {
        kubeadm.kubelet_args.insert(argument.name.clone(), Traced::new(argument.value.clone(), origin));
    }
    for file in &settings.files {
        let file = file_back(&kubeadm.files, file.clone(), origin);
        kubeadm.files.retain(|other| other.path.value != file.path.value);
        kubeadm.files.push(file);
    }
    kubeadm.pre_commands.extend(settings.pre_commands.iter().map(|command| Traced::new(command.clone(), origin)));
    kubeadm.post_commands.extend(settings.post_commands.iter().map(|command| Traced::new(command.clone(), origin)));
    if let Some(name) = &settings.registration.name {
        kubeadm.node_name = Traced::new(name.clone(), origin);
    }
    if let Some(taints) = &settings.registration.taints {
        kubeadm.taints = Some(taints.iter().map(|taint| taint_back(taint.clone(), origin)).collect());
    }
    if !settings.registration.labels.is_empty() {
        let own =
            kubeadm.kubelet_args.get("node-labels").map(|labels| format!("{},", labels.value)).unwrap_or_default();
        let labels: Vec<String> =
            settings.registration.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        kubeadm
            .kubelet_args
            .insert("node-labels".to_owned(), Traced::new(format!("{own}{}", labels.join(",")), origin));
    }
}

fn arguments(args: &Args) -> Vec<model::Argument> {
    args.iter().map(|(name, value)| model::Argument { name: name.clone(), value: value.value.clone() }).collect()
}

fn arguments_back(args: &mut Args, answer: Vec<model::Argument>, origin: Origin) {
    let old = std::mem::take(args);
    for argument in answer {
        let same = old.get(&argument.name).filter(|value| value.value == argument.value).cloned();
        args.insert(argument.name, same.unwrap_or(Traced::new(argument.value, origin)));
    }
}

fn commands_back(old: &[Traced<String>], answer: Vec<String>, origin: Origin) -> Vec<Traced<String>> {
    let known = |command: &str| old.iter().find(|other| other.value == command).map(|other| other.origin);
    answer.into_iter().map(|command| Traced::new(command.clone(), known(&command).unwrap_or(origin))).collect()
}

fn volume(volume: &HostPath) -> model::HostVolume {
    model::HostVolume {
        name: volume.name.value.clone(),
        host_path: volume.host_path.value.clone(),
        mount_path: volume.mount_path.value.clone(),
        read_only: volume.read_only.is_some_and(|flag| flag.value),
        path_type: volume.path_type.as_ref().map(|kind| kind.value.clone()),
    }
}

fn volumes_back(old: &[HostPath], answer: Vec<model::HostVolume>, origin: Origin) -> Vec<HostPath> {
    answer
        .into_iter()
        .map(|answer| match old.iter().find(|known| volume(known) == answer) {
            Some(known) => known.clone(),
            None => HostPath {
                name: Traced::new(answer.name, origin),
                host_path: Traced::new(answer.host_path, origin),
                mount_path: Traced::new(answer.mount_path, origin),
                read_only: Some(Traced::new(answer.read_only, origin)),
                path_type: answer.path_type.map(|kind| Traced::new(kind, origin)),
            },
        })
        .collect()
}

fn file(file: &KubeadmFile) -> Option<model::File> {
    let content = match &file.content {
        KubeadmFileContent::Bytes(bytes) => match String::from_utf8(bytes.value.clone()) {
            Ok(text) => model::FileContent::Text(text),
            Err(error) => model::FileContent::Bytes(error.into_bytes()),
        },
        KubeadmFileContent::Secret { name, key } => {
            model::FileContent::Secret(model::SecretKey { name: name.value.clone(), key: key.value.clone() })
        }
        KubeadmFileContent::AzureJson(_) => return None,
    };
    Some(model::File {
        path: file.path.value.clone(),
        content,
        owner: Some(file.owner.value.clone()),
        permissions: Some(file.permissions.value.clone()),
        append: false,
    })
}

fn file_back(old: &[KubeadmFile], answer: model::File, origin: Origin) -> KubeadmFile {
    if let Some(known) = old.iter().find(|known| file(known).as_ref() == Some(&answer)) {
        return known.clone();
    }
    let content = match answer.content {
        model::FileContent::Text(text) => KubeadmFileContent::Bytes(Traced::new(text.into_bytes(), origin)),
        model::FileContent::Bytes(bytes) => KubeadmFileContent::Bytes(Traced::new(bytes, origin)),
        model::FileContent::Secret(secret) => {
            KubeadmFileContent::Secret { name: Traced::new(secret.name, origin), key: Traced::new(secret.key, origin) }
        }
        model::FileContent::Other(_) => KubeadmFileContent::Bytes(Traced::new(Vec::new(), origin)),
    };
    KubeadmFile {
        path: Traced::new(answer.path, origin),
        content,
        owner: Traced::new(answer.owner.unwrap_or_else(|| "root:root".to_owned()), origin),
        permissions: Traced::new(answer.permissions.unwrap_or_else(|| "0644".to_owned()), origin),
        origin,
    }
}

fn taint(taint: &plan::Taint) -> model::Taint {
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

fn taint_back(taint: model::Taint, origin: Origin) -> plan::Taint {
    let effect = match taint.effect {
        model::TaintEffect::NoSchedule => "NoSchedule".to_owned(),
        model::TaintEffect::PreferNoSchedule => "PreferNoSchedule".to_owned(),
        model::TaintEffect::NoExecute => "NoExecute".to_owned(),
        model::TaintEffect::Other(other) => other,
    };
    plan::Taint {
        key: Traced::new(taint.key, origin),
        value: taint.value.map(|value| Traced::new(value, origin)),
        effect: Traced::new(effect, origin),
    }
}
