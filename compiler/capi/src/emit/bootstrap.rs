//! KubeadmControlPlane and KubeadmConfigTemplate.

use flatwright_diagnostic::{Origin, Traced};
use flatwright_plan::{self as plan, GroupKubeadm, KubeadmFileContent, NodeGroup, NodeLabels, Plan};

use super::{GroupTexts, is_compat, metadata, reference};
use crate::object::{Object, Subject};
use crate::types::{
    ApiServer, ClusterConfiguration, Component, ContainerLinuxConfig, ContentFrom, ControlPlaneMachineSpec,
    ControlPlaneMachineTemplate, DiskSetup, EnvVar, Etcd, File, Filesystem, HostPathMount, Ignition, ImageMeta,
    KubeadmConfigSpec, KubeadmConfigTemplateResource, KubeadmConfigTemplateSpec, KubeadmControlPlaneSpec, LocalEtcd,
    MachineDeletion, NodeConfiguration, NodeRegistration, Ntp, SecretSource, Taint, Timeouts, User, api,
};
use crate::wire::{Arguments, Fixed, Keep, Labels};

pub(super) fn control_plane(plan: &Plan, texts: &GroupTexts) -> Object {
    let group = plan.control_plane();
    let name = plan.group_name(group);
    let timeouts =
        || Timeouts { control_plane_component_health_check_seconds: Some(plan.kubeadm.control_plane_timeout) };
    // The webhook wants both configurations to agree on this timeout.
    let configuration = NodeConfiguration { timeouts: timeouts(), ..node_configuration(&group.kubeadm) };
    let spec = KubeadmControlPlaneSpec {
        kubeadm_config_spec: KubeadmConfigSpec {
            cluster_configuration: Some(cluster_configuration(plan)),
            init_configuration: Some(configuration.clone()),
            join_configuration: configuration,
            verbosity: group.kubeadm.verbosity,
            ..config_spec(plan, group, texts)
        },
        machine_template: ControlPlaneMachineTemplate {
            spec: ControlPlaneMachineSpec {
                infrastructure_ref: reference(
                    api::INFRASTRUCTURE,
                    "AzureMachineTemplate",
                    group.name.with(name.clone()),
                ),
                deletion: group.deletion.as_ref().map(deletion),
            },
        },
        replicas: group.replicas,
        version: plan.kubernetes_version.clone(),
    };
    let metadata = metadata(plan, plan.name.with(name));
    Object::new(api::CONTROL_PLANE, "v1beta2", "KubeadmControlPlane", &metadata, &spec, Subject::Group(0))
}

pub(super) fn config_template(plan: &Plan, index: usize, group: &NodeGroup, texts: &GroupTexts) -> Object {
    let spec =
        KubeadmConfigTemplateSpec { template: KubeadmConfigTemplateResource { spec: config_spec(plan, group, texts) } };
    let name = group.name.with(plan.group_name(group));
    Object::new(api::BOOTSTRAP, "v1beta2", "KubeadmConfigTemplate", &metadata(plan, name), &spec, Subject::Group(index))
}

pub(super) fn deletion(deletion: &plan::Deletion) -> MachineDeletion {
    MachineDeletion {
        node_drain_timeout_seconds: deletion.drain,
        node_volume_detach_timeout_seconds: deletion.detach,
        node_deletion_timeout_seconds: deletion.node,
    }
}

fn config_spec(plan: &Plan, group: &NodeGroup, texts: &GroupTexts) -> KubeadmConfigSpec {
    let kubeadm = &group.kubeadm;
    KubeadmConfigSpec {
        disk_setup: DiskSetup { filesystems: kubeadm.filesystems.iter().map(filesystem).collect() },
        files: files(plan, group, texts),
        format: Fixed("ignition"),
        ignition: Ignition {
            container_linux_config: ContainerLinuxConfig {
                additional_config: texts.additional_config.clone(),
                // Every file of ours has a mode, so the transpiler's warnings can be errors. Upstream's templates would fail.
                strict: (!is_compat(plan))
                    .then(|| Traced::default_by(true, "a warning of the transpiler is a mistake")),
            },
        },
        join_configuration: node_configuration(kubeadm),
        mounts: kubeadm.mounts.iter().map(mount).collect(),
        ntp: ntp(kubeadm),
        post_kubeadm_commands: kubeadm.post_commands.clone(),
        pre_kubeadm_commands: kubeadm.pre_commands.clone(),
        users: kubeadm.users.iter().map(user).collect(),
        ..KubeadmConfigSpec::default()
    }
}

fn node_configuration(kubeadm: &GroupKubeadm) -> NodeConfiguration {
    let mut arguments = kubeadm.kubelet_args.clone();
    arguments.extend(kubeadm.labels.argument().map(|labels| (NodeLabels::ARGUMENT.to_owned(), labels)));
    NodeConfiguration {
        node_registration: NodeRegistration {
            kubelet_extra_args: Arguments(arguments),
            name: kubeadm.node_name.clone(),
            taints: kubeadm.taints.as_ref().map(|taints| Keep(taints.iter().map(taint).collect())),
        },
        timeouts: Timeouts::default(),
    }
}

fn taint(taint: &plan::Taint) -> Taint {
    Taint { key: taint.key.clone(), value: taint.value.clone(), effect: taint.effect.clone() }
}

fn cluster_configuration(plan: &Plan) -> ClusterConfiguration {
    let kubeadm = &plan.kubeadm;
    ClusterConfiguration {
        api_server: ApiServer {
            cert_sans: kubeadm.cert_sans.clone(),
            extra_args: Arguments(kubeadm.api_server.args.clone()),
            extra_envs: envs(&kubeadm.api_server.envs),
            extra_volumes: volumes(&kubeadm.api_server.volumes),
        },
        certificates_dir: kubeadm.certificates_dir.clone(),
        control_plane_endpoint: kubeadm.control_plane_endpoint.clone(),
        controller_manager: component(&kubeadm.controller_manager),
        dns: ImageMeta { image_repository: kubeadm.dns.repository.clone(), image_tag: kubeadm.dns.tag.clone() },
        etcd: Etcd {
            local: LocalEtcd {
                data_dir: kubeadm.etcd.data_dir.clone(),
                extra_args: Arguments(kubeadm.etcd.args.clone()),
                extra_envs: envs(&kubeadm.etcd.envs),
                image_repository: kubeadm.etcd.image.repository.clone(),
                image_tag: kubeadm.etcd.image.tag.clone(),
                peer_cert_sans: kubeadm.etcd.peer_cert_sans.clone(),
                server_cert_sans: kubeadm.etcd.server_cert_sans.clone(),
            },
        },
        feature_gates: Labels(kubeadm.feature_gates.clone()),
        image_repository: kubeadm.image_repository.clone(),
        scheduler: component(&kubeadm.scheduler),
    }
}

fn component(component: &plan::Component) -> Component {
    Component {
        extra_args: Arguments(component.args.clone()),
        extra_envs: envs(&component.envs),
        extra_volumes: volumes(&component.volumes),
    }
}

fn envs(envs: &[plan::EnvironmentVariable]) -> Vec<EnvVar> {
    envs.iter().map(|env| EnvVar { name: env.name.clone(), value: env.value.clone() }).collect()
}

fn volumes(volumes: &[plan::HostPath]) -> Vec<HostPathMount> {
    volumes
        .iter()
        .map(|volume| HostPathMount {
            name: volume.name.clone(),
            host_path: volume.host_path.clone(),
            mount_path: volume.mount_path.clone(),
            read_only: volume.read_only,
            path_type: volume.path_type.clone(),
        })
        .collect()
}

fn files(plan: &Plan, group: &NodeGroup, texts: &GroupTexts) -> Vec<File> {
    let files = group.kubeadm.files.iter().enumerate();
    let files = files.filter(|(index, _)| !texts.files_in_config.contains(index));
    files.map(|(_, file)| self::file(plan, group, file)).collect()
}

fn file(plan: &Plan, group: &NodeGroup, file: &plan::KubeadmFile) -> File {
    let secret = |name: Traced<String>, key: Traced<String>| Some(ContentFrom { secret: SecretSource { key, name } });
    let (content, encoding, content_from) = match &file.content {
        // The CRD refuses an empty text; without one, the file is empty.
        KubeadmFileContent::Bytes(bytes) if bytes.value.is_empty() => (None, None, None),
        KubeadmFileContent::Bytes(bytes) => {
            let (content, encoding) = encoded(bytes);
            (Some(content), encoding, None)
        }
        KubeadmFileContent::Secret { name, key } => (None, None, secret(name.clone(), key.clone())),
        KubeadmFileContent::AzureJson(key) => {
            const RULE: &str = "CAPZ names the Secret after the machine template";
            let name = format!("{}-azure-json", plan.group_name(group));
            (None, None, secret(Traced::new(name, Origin::Default(RULE)), Traced::default_by((*key).to_owned(), RULE)))
        }
    };
    File {
        content,
        content_from,
        encoding,
        owner: file.owner.clone(),
        path: file.path.clone(),
        permissions: file.permissions.clone(),
    }
}

/// What the provider's YAML template would change on its way (it indents the text into a literal block) goes as base64, which is byte-exact.
fn encoded(bytes: &Traced<Vec<u8>>) -> (Traced<String>, Option<Traced<String>>) {
    use base64::Engine;
    match std::str::from_utf8(&bytes.value) {
        Ok(text) if survives_as_content(text) => (bytes.with(text.to_owned()), None),
        _ => {
            let encoding =
                Traced::default_by("base64".to_owned(), "this content would not reach the machine unchanged as text");
            (bytes.with(base64::engine::general_purpose::STANDARD.encode(&bytes.value)), Some(encoding))
        }
    }
}

/// Whether a text reaches the machine unchanged as `content`: one final newline exactly, no carriage return or other control, no line break that only YAML knows, and
/// a first line that is not indented. The provider's template pastes the text into a literal block and executes nothing in it, so `{{` is a text like any other.
pub fn survives_as_content(text: &str) -> bool {
    let is_odd = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    text.ends_with('\n') && !text.ends_with("\n\n") && !text.starts_with([' ', '\t', '\n']) && !text.contains(is_odd)
}

fn filesystem(filesystem: &plan::Filesystem) -> Filesystem {
    Filesystem {
        device: filesystem.device.clone(),
        extra_opts: filesystem.options.clone(),
        filesystem: filesystem.format.clone(),
        label: filesystem.label.clone(),
        overwrite: filesystem.overwrite,
    }
}

fn mount(mount: &plan::Mount) -> Vec<Traced<String>> {
    let mut fields = vec![mount.label.clone(), mount.path.clone()];
    if let Some(first) = mount.options.first() {
        let options: Vec<&str> = mount.options.iter().map(|option| option.value.as_str()).collect();
        fields.push(first.with(options.join(",")));
    }
    fields
}

fn ntp(kubeadm: &GroupKubeadm) -> Ntp {
    let enabled = kubeadm.ntp_servers.first().map(|server| server.with(true));
    Ntp { enabled, servers: kubeadm.ntp_servers.clone() }
}

fn user(user: &plan::User) -> User {
    User {
        gecos: user.gecos.clone(),
        groups: user.groups.clone(),
        home_dir: user.home_dir.clone(),
        name: user.name.clone(),
        passwd: user.passwd.clone(),
        passwd_from: user.passwd_from.clone().map(|(name, key)| ContentFrom { secret: SecretSource { key, name } }),
        primary_group: user.primary_group.clone(),
        shell: user.shell.clone(),
        ssh_authorized_keys: user.ssh_authorized_keys.clone(),
        sudo: user.sudo.clone(),
    }
}
