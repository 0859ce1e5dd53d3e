//! KubeadmControlPlane, KubeadmConfigTemplate and the bootstrap spec they share.

use flatwright_diagnostic::Traced;

use super::{Maybe, Reference};
use crate::wire::{Arguments, Fixed, Keep, Labels, Object};

/// The desired state of a KubeadmControlPlane.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct KubeadmControlPlaneSpec {
    /// The bootstrap spec of its machines.
    pub kubeadm_config_spec: KubeadmConfigSpec,
    /// The infrastructure of its machines.
    pub machine_template: ControlPlaneMachineTemplate,
    /// How many machines.
    pub replicas: Maybe<i64>,
    /// The Kubernetes version.
    pub version: Traced<String>,
}

/// The machines of a control plane.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ControlPlaneMachineTemplate {
    /// What each is made of.
    pub spec: ControlPlaneMachineSpec,
}

/// What each machine of a control plane is made of.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ControlPlaneMachineSpec {
    /// The machine template.
    pub infrastructure_ref: Reference,
    /// Timeouts around deletion.
    pub deletion: Option<MachineDeletion>,
}

/// Timeouts around the deletion of a machine.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MachineDeletion {
    /// Draining the node.
    pub node_drain_timeout_seconds: Maybe<i64>,
    /// Detaching volumes.
    pub node_volume_detach_timeout_seconds: Maybe<i64>,
    /// Deleting the node object.
    pub node_deletion_timeout_seconds: Maybe<i64>,
}

/// The desired state of a KubeadmConfigTemplate.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct KubeadmConfigTemplateSpec {
    /// The template.
    pub template: KubeadmConfigTemplateResource,
}

/// The template of a KubeadmConfig.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct KubeadmConfigTemplateResource {
    /// The bootstrap spec.
    pub spec: KubeadmConfigSpec,
}

/// What the kubeadm bootstrap provider does on a machine.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct KubeadmConfigSpec {
    /// Cluster-wide kubeadm settings; control plane only.
    pub cluster_configuration: Option<ClusterConfiguration>,
    /// File systems.
    pub disk_setup: DiskSetup,
    /// Files.
    pub files: Vec<File>,
    /// `ignition`.
    pub format: Fixed,
    /// The additional machine config.
    pub ignition: Ignition,
    /// kubeadm settings of the first machine; control plane only.
    pub init_configuration: Option<NodeConfiguration>,
    /// kubeadm settings of every other machine.
    pub join_configuration: NodeConfiguration,
    /// Mounts: label, path, options.
    pub mounts: Vec<Vec<Traced<String>>>,
    /// Time servers.
    pub ntp: Ntp,
    /// Commands after kubeadm.
    pub post_kubeadm_commands: Vec<Traced<String>>,
    /// Commands before kubeadm.
    pub pre_kubeadm_commands: Vec<Traced<String>>,
    /// Users.
    pub users: Vec<User>,
    /// kubeadm's log level.
    pub verbosity: Maybe<i64>,
}

/// Ignition settings.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Ignition {
    /// Container Linux Config.
    pub container_linux_config: ContainerLinuxConfig,
}

/// The additional Container Linux Config.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ContainerLinuxConfig {
    /// Its text, at most 32768 code points.
    pub additional_config: Traced<String>,
    /// Whether warnings of the transpiler are errors.
    pub strict: Maybe<bool>,
}

/// Cluster-wide kubeadm settings.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ClusterConfiguration {
    /// The API server.
    pub api_server: ApiServer,
    /// Where certificates are.
    pub certificates_dir: Maybe<String>,
    /// The control plane's host.
    pub control_plane_endpoint: Maybe<String>,
    /// The controller manager.
    pub controller_manager: Component,
    /// CoreDNS' image.
    pub dns: ImageMeta,
    /// etcd.
    pub etcd: Etcd,
    /// kubeadm's feature gates.
    pub feature_gates: Labels<Traced<bool>>,
    /// Where images come from.
    pub image_repository: Maybe<String>,
    /// The scheduler.
    pub scheduler: Component,
}

/// The API server.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApiServer {
    /// Further names in its certificate.
    #[key("certSANs")]
    pub cert_sans: Vec<Traced<String>>,
    /// Its arguments.
    pub extra_args: Arguments,
    /// Its environment.
    pub extra_envs: Vec<EnvVar>,
    /// Host paths mounted into it.
    pub extra_volumes: Vec<HostPathMount>,
}

/// The controller manager or the scheduler.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Component {
    /// Its arguments.
    pub extra_args: Arguments,
    /// Its environment.
    pub extra_envs: Vec<EnvVar>,
    /// Host paths mounted into it.
    pub extra_volumes: Vec<HostPathMount>,
}

/// An environment variable.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct EnvVar {
    /// Its name.
    pub name: Traced<String>,
    /// Its value.
    pub value: Traced<String>,
}

/// A host path mounted into a component.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HostPathMount {
    /// The volume's name.
    pub name: Traced<String>,
    /// The path on the machine.
    pub host_path: Traced<String>,
    /// The path in the container.
    pub mount_path: Traced<String>,
    /// Whether it is read-only.
    pub read_only: Maybe<bool>,
    /// What the path must be.
    pub path_type: Maybe<String>,
}

/// etcd.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Etcd {
    /// On the control plane's machines.
    pub local: LocalEtcd,
}

/// etcd on the control plane's machines.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct LocalEtcd {
    /// Its data directory.
    pub data_dir: Maybe<String>,
    /// Its arguments.
    pub extra_args: Arguments,
    /// Its environment.
    pub extra_envs: Vec<EnvVar>,
    /// Where its image comes from.
    pub image_repository: Maybe<String>,
    /// Its image's tag.
    pub image_tag: Maybe<String>,
    /// Further names in its peer certificate.
    #[key("peerCertSANs")]
    pub peer_cert_sans: Vec<Traced<String>>,
    /// Further names in its server certificate.
    #[key("serverCertSANs")]
    pub server_cert_sans: Vec<Traced<String>>,
}

/// Another image.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ImageMeta {
    /// Where it comes from.
    pub image_repository: Maybe<String>,
    /// Its tag.
    pub image_tag: Maybe<String>,
}

/// kubeadm settings of a machine: `initConfiguration` and `joinConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct NodeConfiguration {
    /// How the node registers.
    pub node_registration: NodeRegistration,
    /// Timeouts.
    pub timeouts: Timeouts,
}

/// How a node registers.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct NodeRegistration {
    /// The kubelet's arguments.
    pub kubelet_extra_args: Arguments,
    /// The node's name.
    pub name: Traced<String>,
    /// Taints. An empty list means none; absent means kubeadm's own.
    pub taints: Option<Keep<Vec<Taint>>>,
}

/// kubeadm's timeouts.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Timeouts {
    /// How long the control plane may take.
    pub control_plane_component_health_check_seconds: Maybe<i64>,
}

/// A taint.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Taint {
    /// Its key.
    pub key: Traced<String>,
    /// Its value.
    pub value: Maybe<String>,
    /// Its effect.
    pub effect: Traced<String>,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct File {
    /// Its content.
    pub content: Maybe<String>,
    /// Where its content comes from.
    pub content_from: Option<ContentFrom>,
    /// How `content` is encoded: `base64`.
    pub encoding: Maybe<String>,
    /// `user:group`.
    pub owner: Traced<String>,
    /// Where.
    pub path: Traced<String>,
    /// Octal digits.
    pub permissions: Traced<String>,
}

/// Where content comes from.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ContentFrom {
    /// A Secret.
    pub secret: SecretSource,
}

/// A key of a Secret.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SecretSource {
    /// The key.
    pub key: Traced<String>,
    /// The Secret.
    pub name: Traced<String>,
}

/// File systems.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct DiskSetup {
    /// The file systems.
    pub filesystems: Vec<Filesystem>,
}

/// A file system.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Filesystem {
    /// The device.
    pub device: Traced<String>,
    /// Options of `mkfs`.
    pub extra_opts: Vec<Traced<String>>,
    /// Its format.
    pub filesystem: Traced<String>,
    /// Its label.
    pub label: Traced<String>,
    /// Whether existing data are destroyed.
    pub overwrite: Traced<bool>,
}

/// Time servers.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Ntp {
    /// Whether they are used.
    pub enabled: Maybe<bool>,
    /// The servers.
    pub servers: Vec<Traced<String>>,
}

/// A user.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct User {
    /// Comment.
    pub gecos: Maybe<String>,
    /// Groups, comma separated.
    pub groups: Maybe<String>,
    /// Home directory.
    pub home_dir: Maybe<String>,
    /// Name.
    pub name: Traced<String>,
    /// Password hash.
    pub passwd: Maybe<String>,
    /// A Secret with the password hash.
    pub passwd_from: Option<ContentFrom>,
    /// Primary group.
    pub primary_group: Maybe<String>,
    /// Shell.
    pub shell: Maybe<String>,
    /// Keys that may log in.
    pub ssh_authorized_keys: Vec<Traced<String>>,
    /// Line for sudoers.
    pub sudo: Maybe<String>,
}
