//! KubeadmControlPlane, KubeadmConfigTemplate and the bootstrap spec they share.

use flatwright_diagnostic::Traced;

use super::{Maybe, Reference};
use crate::wire::{Arguments, Fixed, Keep, Labels, object};

object! {
    /// The desired state of a KubeadmControlPlane.
    pub struct KubeadmControlPlaneSpec {
        /// The bootstrap spec of its machines.
        "kubeadmConfigSpec" kubeadm_config_spec: KubeadmConfigSpec,
        /// The infrastructure of its machines.
        "machineTemplate" machine_template: ControlPlaneMachineTemplate,
        /// How many machines.
        "replicas" replicas: Maybe<i64>,
        /// The Kubernetes version.
        "version" version: Traced<String>,
    }
}

object! {
    /// The machines of a control plane.
    pub struct ControlPlaneMachineTemplate {
        /// What each is made of.
        "spec" spec: ControlPlaneMachineSpec,
    }
}

object! {
    /// What each machine of a control plane is made of.
    pub struct ControlPlaneMachineSpec {
        /// The machine template.
        "infrastructureRef" infrastructure_ref: Reference,
        /// Timeouts around deletion.
        "deletion" deletion: Option<MachineDeletion>,
    }
}

object! {
    /// Timeouts around the deletion of a machine.
    pub struct MachineDeletion {
        /// Draining the node.
        "nodeDrainTimeoutSeconds" node_drain_timeout_seconds: Maybe<i64>,
        /// Detaching volumes.
        "nodeVolumeDetachTimeoutSeconds" node_volume_detach_timeout_seconds: Maybe<i64>,
        /// Deleting the node object.
        "nodeDeletionTimeoutSeconds" node_deletion_timeout_seconds: Maybe<i64>,
    }
}

object! {
    /// The desired state of a KubeadmConfigTemplate.
    pub struct KubeadmConfigTemplateSpec {
        /// The template.
        "template" template: KubeadmConfigTemplateResource,
    }
}

object! {
    /// The template of a KubeadmConfig.
    pub struct KubeadmConfigTemplateResource {
        /// The bootstrap spec.
        "spec" spec: KubeadmConfigSpec,
    }
}

object! {
    /// What the kubeadm bootstrap provider does on a machine.
    pub struct KubeadmConfigSpec {
        /// Cluster-wide kubeadm settings; control plane only.
        "clusterConfiguration" cluster_configuration: Option<ClusterConfiguration>,
        /// File systems.
        "diskSetup" disk_setup: DiskSetup,
        /// Files.
        "files" files: Vec<File>,
        /// `ignition`.
        "format" format: Fixed,
        /// The additional machine config.
        "ignition" ignition: Ignition,
        /// kubeadm settings of the first machine; control plane only.
        "initConfiguration" init_configuration: Option<NodeConfiguration>,
        /// kubeadm settings of every other machine.
        "joinConfiguration" join_configuration: NodeConfiguration,
        /// Mounts: label, path, options.
        "mounts" mounts: Vec<Vec<Traced<String>>>,
        /// Time servers.
        "ntp" ntp: Ntp,
        /// Commands after kubeadm.
        "postKubeadmCommands" post_kubeadm_commands: Vec<Traced<String>>,
        /// Commands before kubeadm.
        "preKubeadmCommands" pre_kubeadm_commands: Vec<Traced<String>>,
        /// Users.
        "users" users: Vec<User>,
        /// kubeadm's log level.
        "verbosity" verbosity: Maybe<i64>,
    }
}

object! {
    /// Ignition settings.
    pub struct Ignition {
        /// Container Linux Config.
        "containerLinuxConfig" container_linux_config: ContainerLinuxConfig,
    }
}

object! {
    /// The additional Container Linux Config.
    pub struct ContainerLinuxConfig {
        /// Its text, at most 32768 code points.
        "additionalConfig" additional_config: Traced<String>,
        /// Whether warnings of the transpiler are errors.
        "strict" strict: Maybe<bool>,
    }
}

object! {
    /// Cluster-wide kubeadm settings.
    pub struct ClusterConfiguration {
        /// The API server.
        "apiServer" api_server: ApiServer,
        /// Where certificates are.
        "certificatesDir" certificates_dir: Maybe<String>,
        /// The control plane's host.
        "controlPlaneEndpoint" control_plane_endpoint: Maybe<String>,
        /// The controller manager.
        "controllerManager" controller_manager: Component,
        /// CoreDNS' image.
        "dns" dns: ImageMeta,
        /// etcd.
        "etcd" etcd: Etcd,
        /// kubeadm's feature gates.
        "featureGates" feature_gates: Labels<Traced<bool>>,
        /// Where images come from.
        "imageRepository" image_repository: Maybe<String>,
        /// The scheduler.
        "scheduler" scheduler: Component,
    }
}

object! {
    /// The API server.
    pub struct ApiServer {
        /// Further names in its certificate.
        "certSANs" cert_sans: Vec<Traced<String>>,
        /// Its arguments.
        "extraArgs" extra_args: Arguments,
        /// Its environment.
        "extraEnvs" extra_envs: Vec<EnvVar>,
        /// Host paths mounted into it.
        "extraVolumes" extra_volumes: Vec<HostPathMount>,
    }
}

object! {
    /// The controller manager or the scheduler.
    pub struct Component {
        /// Its arguments.
        "extraArgs" extra_args: Arguments,
        /// Its environment.
        "extraEnvs" extra_envs: Vec<EnvVar>,
        /// Host paths mounted into it.
        "extraVolumes" extra_volumes: Vec<HostPathMount>,
    }
}

object! {
    /// An environment variable.
    pub struct EnvVar {
        /// Its name.
        "name" name: Traced<String>,
        /// Its value.
        "value" value: Traced<String>,
    }
}

object! {
    /// A host path mounted into a component.
    pub struct HostPathMount {
        /// The volume's name.
        "name" name: Traced<String>,
        /// The path on the machine.
        "hostPath" host_path: Traced<String>,
        /// The path in the container.
        "mountPath" mount_path: Traced<String>,
        /// Whether it is read-only.
        "readOnly" read_only: Maybe<bool>,
        /// What the path must be.
        "pathType" path_type: Maybe<String>,
    }
}

object! {
    /// etcd.
    pub struct Etcd {
        /// On the control plane's machines.
        "local" local: LocalEtcd,
    }
}

object! {
    /// etcd on the control plane's machines.
    pub struct LocalEtcd {
        /// Its data directory.
        "dataDir" data_dir: Maybe<String>,
        /// Its arguments.
        "extraArgs" extra_args: Arguments,
        /// Its environment.
        "extraEnvs" extra_envs: Vec<EnvVar>,
        /// Where its image comes from.
        "imageRepository" image_repository: Maybe<String>,
        /// Its image's tag.
        "imageTag" image_tag: Maybe<String>,
        /// Further names in its peer certificate.
        "peerCertSANs" peer_cert_sans: Vec<Traced<String>>,
        /// Further names in its server certificate.
        "serverCertSANs" server_cert_sans: Vec<Traced<String>>,
    }
}

object! {
    /// Another image.
    pub struct ImageMeta {
        /// Where it comes from.
        "imageRepository" image_repository: Maybe<String>,
        /// Its tag.
        "imageTag" image_tag: Maybe<String>,
    }
}

object! {
    /// kubeadm settings of a machine: `initConfiguration` and `joinConfiguration`.
    pub struct NodeConfiguration {
        /// How the node registers.
        "nodeRegistration" node_registration: NodeRegistration,
        /// Timeouts.
        "timeouts" timeouts: Timeouts,
    }
}

object! {
    /// How a node registers.
    pub struct NodeRegistration {
        /// The kubelet's arguments.
        "kubeletExtraArgs" kubelet_extra_args: Arguments,
        /// The node's name.
        "name" name: Traced<String>,
        /// Taints. An empty list means none; absent means kubeadm's own.
        "taints" taints: Option<Keep<Vec<Taint>>>,
    }
}

object! {
    /// kubeadm's timeouts.
    pub struct Timeouts {
        /// How long the control plane may take.
        "controlPlaneComponentHealthCheckSeconds" control_plane_component_health_check_seconds: Maybe<i64>,
    }
}

object! {
    /// A taint.
    pub struct Taint {
        /// Its key.
        "key" key: Traced<String>,
        /// Its value.
        "value" value: Maybe<String>,
        /// Its effect.
        "effect" effect: Traced<String>,
    }
}

object! {
    /// A file.
    pub struct File {
        /// Its content.
        "content" content: Maybe<String>,
        /// Where its content comes from.
        "contentFrom" content_from: Option<ContentFrom>,
        /// How `content` is encoded: `base64`.
        "encoding" encoding: Maybe<String>,
        /// `user:group`.
        "owner" owner: Traced<String>,
        /// Where.
        "path" path: Traced<String>,
        /// Octal digits.
        "permissions" permissions: Traced<String>,
    }
}

object! {
    /// Where content comes from.
    pub struct ContentFrom {
        /// A Secret.
        "secret" secret: SecretSource,
    }
}

object! {
    /// A key of a Secret.
    pub struct SecretSource {
        /// The key.
        "key" key: Traced<String>,
        /// The Secret.
        "name" name: Traced<String>,
    }
}

object! {
    /// File systems.
    pub struct DiskSetup {
        /// The file systems.
        "filesystems" filesystems: Vec<Filesystem>,
    }
}

object! {
    /// A file system.
    pub struct Filesystem {
        /// The device.
        "device" device: Traced<String>,
        /// Options of `mkfs`.
        "extraOpts" extra_opts: Vec<Traced<String>>,
        /// Its format.
        "filesystem" filesystem: Traced<String>,
        /// Its label.
        "label" label: Traced<String>,
        /// Whether existing data are destroyed.
        "overwrite" overwrite: Traced<bool>,
    }
}

object! {
    /// Time servers.
    pub struct Ntp {
        /// Whether they are used.
        "enabled" enabled: Maybe<bool>,
        /// The servers.
        "servers" servers: Vec<Traced<String>>,
    }
}

object! {
    /// A user.
    pub struct User {
        /// Comment.
        "gecos" gecos: Maybe<String>,
        /// Groups, comma separated.
        "groups" groups: Maybe<String>,
        /// Home directory.
        "homeDir" home_dir: Maybe<String>,
        /// Name.
        "name" name: Traced<String>,
        /// Password hash.
        "passwd" passwd: Maybe<String>,
        /// A Secret with the password hash.
        "passwdFrom" passwd_from: Option<ContentFrom>,
        /// Primary group.
        "primaryGroup" primary_group: Maybe<String>,
        /// Shell.
        "shell" shell: Maybe<String>,
        /// Keys that may log in.
        "sshAuthorizedKeys" ssh_authorized_keys: Vec<Traced<String>>,
        /// Line for sudoers.
        "sudo" sudo: Maybe<String>,
    }
}
