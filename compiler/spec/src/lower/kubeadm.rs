//! kubeadm settings, cluster-wide and per group.

use flatwright_diagnostic::{Origin, Report, Traced};
use flatwright_plan as plan;

use super::{Context, compat, named, optional, text, texts};
use crate::decode::Named;
use crate::law;
use crate::rules::{Conflict, UnreadableFile};
use crate::types::{self, MachineProfile};

const CLOUD_RULE: &str = "the cloud provider runs outside the controller manager";
const ETCD_DISK_DIRECTORY: &str = "/var/lib/etcddisk";
const ETCD_DISK_LABEL: &str = "etcd_disk";
const ETCD_RULE: &str = "`controlPlane.etcdDisk` makes the disk, its file system, its mount and the data directory";

/// As upstream's command, but a metadata service that does not answer stops the bootstrap instead of naming the node with nothing.
const HOSTNAME_COMMAND: &str = "vm_name=\"$(curl -fsS --retry 10 --retry-connrefused -H Metadata:true --noproxy '*' 'http://169.254.169.254/metadata/instance/compute/name?api-version=2020-09-01&format=text')\"; sed -i \"s/@@HOSTNAME@@/${vm_name:?the metadata service gave no VM name}/g\" /etc/kubeadm.yml";

pub(super) fn cluster(context: &Context<'_>) -> plan::ClusterKubeadm {
    let kubeadm = context.spec.kubernetes.kubeadm.as_ref();
    let api_server = kubeadm.and_then(|kubeadm| kubeadm.api_server.as_ref());
    let empty = Named::default();
    plan::ClusterKubeadm {
        api_server: plan::Component {
            args: args(
                [(
                    "service-account-issuer",
                    "https://kubernetes.default.svc.cluster.local",
                    "tokens of workload identity need a stable issuer",
                )],
                api_server.map_or(&empty, |component| &component.extra_args),
            ),
            volumes: api_server.map(|component| volumes(&component.extra_volumes)).unwrap_or_default(),
            envs: api_server.map(|component| envs(&component.extra_envs)).unwrap_or_default(),
        },
        cert_sans: api_server.map(|component| texts(&component.cert_sans)).unwrap_or_default(),
        controller_manager: component(
            [
                ("allocate-node-cidrs", "false", "the pod network allocates addresses itself"),
                ("cloud-provider", "external", CLOUD_RULE),
                ("cluster-name", context.cluster.value.as_str(), "the controller manager carries the cluster's name"),
            ],
            kubeadm.and_then(|kubeadm| kubeadm.controller_manager.as_ref()),
        ),
        scheduler: component([], kubeadm.and_then(|kubeadm| kubeadm.scheduler.as_ref())),
        etcd: etcd(context),
        dns: kubeadm.and_then(|kubeadm| kubeadm.dns.as_ref()).map(image).unwrap_or_default(),
        image_repository: kubeadm.and_then(|kubeadm| optional(&kubeadm.image_repository)),
        control_plane_endpoint: kubeadm.and_then(|kubeadm| optional(&kubeadm.control_plane_endpoint)),
        certificates_dir: kubeadm.and_then(|kubeadm| optional(&kubeadm.certificates_dir)),
        feature_gates: kubeadm
            .map(|kubeadm| kubeadm.feature_gates.iter().map(|(name, gate)| (name.value.clone(), *gate)).collect())
            .unwrap_or_default(),
        control_plane_timeout: kubeadm
            .and_then(|kubeadm| kubeadm.control_plane_timeout_seconds)
            .map_or(Traced::default_by(1200, "machines pull their images while kubeadm waits"), |timeout| {
                timeout.map(|timeout| timeout.get())
            }),
    }
}

fn etcd(context: &Context<'_>) -> plan::Etcd {
    let etcd = context.spec.kubernetes.kubeadm.as_ref().and_then(|kubeadm| kubeadm.etcd.as_ref());
    let has_disk = context.spec.control_plane.etcd_disk.is_some();
    let by_disk = || has_disk.then(|| Traced::default_by(format!("{ETCD_DISK_DIRECTORY}/etcd"), ETCD_RULE));
    let defaults: &[_] = if has_disk {
        &[("quota-backend-bytes", "8589934592", "etcd has a disk of its own, so it may use 8 GiB")]
    } else {
        &[]
    };
    let empty = Named::default();
    plan::Etcd {
        args: args(defaults.iter().copied(), etcd.map_or(&empty, |etcd| &etcd.extra_args)),
        envs: etcd.map(|etcd| envs(&etcd.extra_envs)).unwrap_or_default(),
        data_dir: etcd.and_then(|etcd| optional(&etcd.data_dir)).or_else(by_disk),
        image: plan::ImageOverride {
            repository: etcd.and_then(|etcd| optional(&etcd.image_repository)),
            tag: etcd.and_then(|etcd| optional(&etcd.image_tag)),
        },
        server_cert_sans: etcd.map(|etcd| texts(&etcd.server_cert_sans)).unwrap_or_default(),
        peer_cert_sans: etcd.map(|etcd| texts(&etcd.peer_cert_sans)).unwrap_or_default(),
    }
}

/// The settings of one group.
pub(super) fn group(
    context: &Context<'_>,
    profile: &MachineProfile,
    azure_json_key: &'static str,
    etcd_lun: Option<Traced<i64>>,
    report: &mut Report,
) -> plan::GroupKubeadm {
    let mut filesystems: Vec<plan::Filesystem> = Vec::new();
    let mut mounts: Vec<plan::Mount> = Vec::new();
    if let Some(lun) = etcd_lun {
        filesystems.push(etcd_filesystem(lun));
        mounts.push(plan::Mount {
            label: Traced::default_by(ETCD_DISK_LABEL.to_owned(), ETCD_RULE),
            path: Traced::default_by(ETCD_DISK_DIRECTORY.to_owned(), ETCD_RULE),
            options: Vec::new(),
        });
    }
    let disk_setup = profile.disk_setup.as_ref();
    filesystems.extend(
        disk_setup.map(|setup| setup.filesystems.iter().map(filesystem).collect::<Vec<_>>()).unwrap_or_default(),
    );
    mounts.extend(profile.mounts.iter().map(mount));
    let (kubelet_args, labels) = kubelet(profile, report);
    plan::GroupKubeadm {
        kubelet_args,
        labels,
        node_name: Traced::default_by(
            law::NODE_NAME_PLACEHOLDER.to_owned(),
            "the node is named after its VM, as the cloud provider expects",
        ),
        taints: profile.taints.0.as_ref().map(|taints| taints.iter().map(taint).collect()),
        files: files(context, profile, azure_json_key, report),
        users: profile.users.iter().map(user).collect(),
        ntp_servers: profile.ntp.as_ref().map(|ntp| texts(&ntp.servers)).unwrap_or_default(),
        filesystems,
        mounts,
        pre_commands: pre_commands(context, profile),
        post_commands: texts(&profile.post_kubeadm_commands),
        verbosity: None,
    }
}

fn pre_commands(context: &Context<'_>, profile: &MachineProfile) -> Vec<Traced<String>> {
    let command = if context.is_compat() { compat::HOSTNAME_COMMAND } else { HOSTNAME_COMMAND };
    let hostname =
        Traced::default_by(command.to_owned(), "the node is named after its VM, as the cloud provider expects");
    std::iter::once(hostname).chain(texts(&profile.pre_kubeadm_commands)).collect()
}

/// The kubelet's arguments, and its labels: those of the argument, then those that the spec lists. Two values for one key are an error at both.
fn kubelet(profile: &MachineProfile, report: &mut Report) -> (plan::Args, plan::NodeLabels) {
    let empty = Named::default();
    let mut args = args(
        [("cloud-provider", "external", CLOUD_RULE)],
        profile.kubelet.as_ref().map_or(&empty, |kubelet| &kubelet.extra_args),
    );
    let argument = args.remove(plan::NodeLabels::ARGUMENT);
    let mut labels =
        argument.as_ref().map(|text| plan::NodeLabels::parse(&text.value, text.origin)).unwrap_or_default();
    for (key, value) in profile.node_labels.iter() {
        let other = labels.get(&key.value).filter(|other| other.value != value.as_str());
        match other.and_then(|other| other.origin.anchor()) {
            Some(argument) => {
                let rule = Conflict::NodeLabel { label: key.value.clone() };
                report
                    .refuse(value.origin.anchor().unwrap_or(argument.clone()), &rule)
                    .label(argument, "the argument gives it another value");
            }
            None => labels.set(&key.value, value.with(value.as_str().to_owned())),
        }
    }
    (args, labels)
}

fn files(
    context: &Context<'_>,
    profile: &MachineProfile,
    azure_json_key: &'static str,
    report: &mut Report,
) -> Vec<plan::KubeadmFile> {
    const RULE: &str = "the cloud provider reads its settings from this file";
    let azure_json = plan::KubeadmFile {
        path: Traced::default_by("/etc/kubernetes/azure.json".to_owned(), RULE),
        content: plan::KubeadmFileContent::AzureJson(azure_json_key),
        owner: Traced::default_by("root:root".to_owned(), RULE),
        permissions: Traced::default_by("0644".to_owned(), RULE),
        origin: Origin::Default(RULE),
    };
    std::iter::once(azure_json)
        .chain(profile.files.iter().filter_map(|file| self::file(context, file, report)))
        .collect()
}

fn file(context: &Context<'_>, file: &types::File, report: &mut Report) -> Option<plan::KubeadmFile> {
    let content = if let Some(content) = &file.content {
        plan::KubeadmFileContent::Bytes(content.as_ref().map(|content| content.0.clone().into_bytes()))
    } else if let Some(local) = &file.local {
        match (context.inputs.read_file)(local.as_str()) {
            Ok(read) => plan::KubeadmFileContent::Bytes(Traced::new(read.bytes, Origin::File(read.source))),
            Err(reason) => {
                if let Some(anchor) = local.origin.anchor() {
                    report.refuse(anchor, &UnreadableFile::File { path: local.as_str().to_owned(), reason });
                }
                return None;
            }
        }
    } else {
        let secret = &file.content_from.as_ref()?.secret;
        plan::KubeadmFileContent::Secret { name: text(&secret.name), key: text(&secret.key) }
    };
    Some(plan::KubeadmFile {
        path: text(&file.path),
        content,
        owner: optional(&file.owner)
            .unwrap_or_else(|| Traced::default_by("root:root".to_owned(), "files belong to root")),
        permissions: file
            .permissions
            .as_ref()
            .map(|mode| mode.as_ref().map(|mode| types::FileMode::octal(mode.as_str())))
            .unwrap_or_else(|| {
                Traced::default_by("0644".to_owned(), "a file without permissions fails when bootstrap data are made")
            }),
        origin: file.origin,
    })
}

fn etcd_filesystem(lun: Traced<i64>) -> plan::Filesystem {
    let rule = |text: &str| Traced::default_by(text.to_owned(), ETCD_RULE);
    plan::Filesystem {
        device: lun.with(super::machine::device(lun.value)),
        format: rule("ext4"),
        label: rule(ETCD_DISK_LABEL),
        overwrite: Traced::default_by(false, ETCD_RULE),
        options: vec![rule("-E"), rule("lazy_itable_init=1,lazy_journal_init=1")],
    }
}

fn filesystem(filesystem: &types::Filesystem) -> plan::Filesystem {
    plan::Filesystem {
        device: text(&filesystem.device),
        format: text(&filesystem.filesystem),
        label: text(&filesystem.label),
        overwrite: filesystem
            .overwrite
            .unwrap_or(Traced::default_by(false, "the bootstrap provider fails without a value, and data are kept")),
        options: texts(&filesystem.extra_opts),
    }
}

fn mount(mount: &types::MountPoint) -> plan::Mount {
    plan::Mount { label: text(&mount.label), path: text(&mount.path), options: texts(&mount.options) }
}

fn taint(taint: &types::Taint) -> plan::Taint {
    plan::Taint { key: text(&taint.key), value: optional(&taint.value), effect: text(&taint.effect) }
}

fn user(user: &types::User) -> plan::User {
    plan::User {
        name: text(&user.name),
        gecos: optional(&user.gecos),
        groups: optional(&user.groups),
        home_dir: optional(&user.home_dir),
        shell: optional(&user.shell),
        passwd: optional(&user.passwd),
        passwd_from: user.passwd_from.as_ref().map(|from| (text(&from.secret.name), text(&from.secret.key))),
        primary_group: optional(&user.primary_group),
        sudo: optional(&user.sudo),
        ssh_authorized_keys: texts(&user.ssh_authorized_keys),
    }
}

fn component<'a>(
    defaults: impl IntoIterator<Item = (&'a str, &'a str, &'static str)>,
    component: Option<&types::Component>,
) -> plan::Component {
    let empty = Named::default();
    plan::Component {
        args: args(defaults, component.map_or(&empty, |component| &component.extra_args)),
        volumes: component.map(|component| volumes(&component.extra_volumes)).unwrap_or_default(),
        envs: component.map(|component| envs(&component.extra_envs)).unwrap_or_default(),
    }
}

/// The compiler's defaults under the user's arguments.
fn args<'a>(
    defaults: impl IntoIterator<Item = (&'a str, &'a str, &'static str)>,
    own: &Named<Traced<crate::decode::AnyText>>,
) -> plan::Args {
    let defaults =
        defaults.into_iter().map(|(name, value, rule)| (name.to_owned(), Traced::default_by(value.to_owned(), rule)));
    defaults.chain(named(own)).collect()
}

fn volumes(volumes: &[types::HostPath]) -> Vec<plan::HostPath> {
    volumes
        .iter()
        .map(|volume| plan::HostPath {
            name: text(&volume.name),
            host_path: text(&volume.host_path),
            mount_path: text(&volume.mount_path),
            read_only: volume.read_only,
            path_type: optional(&volume.path_type),
        })
        .collect()
}

fn envs(envs: &[types::EnvironmentVariable]) -> Vec<plan::EnvironmentVariable> {
    envs.iter().map(|env| plan::EnvironmentVariable { name: text(&env.name), value: text(&env.value) }).collect()
}

fn image(image: &types::ImageOverride) -> plan::ImageOverride {
    plan::ImageOverride { repository: optional(&image.image_repository), tag: optional(&image.image_tag) }
}
