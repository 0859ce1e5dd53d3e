//! kubeadm settings, cluster-wide and per node group.

use flatwright_diagnostic::{Origin, Traced};

use crate::{Maybe, NodeLabels, Taint};

/// Arguments of a component by name, sorted; names are unique.
pub type Args = std::collections::BTreeMap<String, Traced<String>>;

/// Cluster-wide settings.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterKubeadm {
    /// The API server.
    pub api_server: Component,
    /// Further names in the API server's certificate.
    pub cert_sans: Vec<Traced<String>>,
    /// The controller manager.
    pub controller_manager: Component,
    /// The scheduler.
    pub scheduler: Component,
    /// etcd.
    pub etcd: Etcd,
    /// CoreDNS' image.
    pub dns: ImageOverride,
    /// Where kubeadm's images come from.
    pub image_repository: Maybe<String>,
    /// The control plane's host where it is not the load balancer's.
    pub control_plane_endpoint: Maybe<String>,
    /// Where certificates are.
    pub certificates_dir: Maybe<String>,
    /// kubeadm's feature gates.
    pub feature_gates: Vec<(String, Traced<bool>)>,
    /// How long kubeadm waits for the control plane, in seconds.
    pub control_plane_timeout: Traced<i64>,
}

/// A component of the control plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Component {
    /// Its arguments.
    pub args: Args,
    /// Host paths mounted into it.
    pub volumes: Vec<HostPath>,
    /// Its environment.
    pub envs: Vec<EnvironmentVariable>,
}

/// An environment variable.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvironmentVariable {
    /// Its name.
    pub name: Traced<String>,
    /// Its value.
    pub value: Traced<String>,
}

/// A host path mounted into a component.
#[derive(Clone, Debug, PartialEq)]
pub struct HostPath {
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

/// etcd on the control plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Etcd {
    /// Its arguments.
    pub args: Args,
    /// Its environment.
    pub envs: Vec<EnvironmentVariable>,
    /// Its data directory.
    pub data_dir: Maybe<String>,
    /// Its image.
    pub image: ImageOverride,
    /// Further names in its server certificate.
    pub server_cert_sans: Vec<Traced<String>>,
    /// Further names in its peer certificate.
    pub peer_cert_sans: Vec<Traced<String>>,
}

/// Another image for a component.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageOverride {
    /// Where it comes from.
    pub repository: Maybe<String>,
    /// Its tag.
    pub tag: Maybe<String>,
}

/// Settings of one node group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupKubeadm {
    /// The kubelet's arguments but for its labels.
    pub kubelet_args: Args,
    /// The labels that the kubelet registers the node with.
    pub labels: NodeLabels,
    /// The node's name, with the placeholder that the first command replaces.
    pub node_name: Traced<String>,
    /// Taints; `None` for kubeadm's own.
    pub taints: Option<Vec<Taint>>,
    /// Files.
    pub files: Vec<KubeadmFile>,
    /// Users.
    pub users: Vec<User>,
    /// Time servers.
    pub ntp_servers: Vec<Traced<String>>,
    /// File systems.
    pub filesystems: Vec<Filesystem>,
    /// Mounts.
    pub mounts: Vec<Mount>,
    /// Commands before kubeadm.
    pub pre_commands: Vec<Traced<String>>,
    /// Commands after kubeadm.
    pub post_commands: Vec<Traced<String>>,
    /// kubeadm's log level.
    pub verbosity: Maybe<i64>,
}

/// A file that the bootstrap provider writes.
#[derive(Clone, Debug, PartialEq)]
pub struct KubeadmFile {
    /// Where.
    pub path: Traced<String>,
    /// What.
    pub content: KubeadmFileContent,
    /// `user:group` by name.
    pub owner: Traced<String>,
    /// Octal digits.
    pub permissions: Traced<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// What a file has in it.
#[derive(Clone, Debug, PartialEq)]
pub enum KubeadmFileContent {
    /// Bytes known now.
    Bytes(Traced<Vec<u8>>),
    /// A key of a Secret in the management cluster.
    Secret {
        /// The Secret.
        name: Traced<String>,
        /// Its key.
        key: Traced<String>,
    },
    /// `azure.json`, in the Secret that CAPZ names after the group's machine template, under this key.
    AzureJson(&'static str),
}

/// A user.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Its name.
    pub name: Traced<String>,
    /// Comment.
    pub gecos: Maybe<String>,
    /// Groups, comma separated.
    pub groups: Maybe<String>,
    /// Home directory.
    pub home_dir: Maybe<String>,
    /// Shell.
    pub shell: Maybe<String>,
    /// Password hash.
    pub passwd: Maybe<String>,
    /// A Secret (name, key) with the password hash.
    pub passwd_from: Option<(Traced<String>, Traced<String>)>,
    /// Primary group.
    pub primary_group: Maybe<String>,
    /// Line for sudoers.
    pub sudo: Maybe<String>,
    /// Keys that may log in.
    pub ssh_authorized_keys: Vec<Traced<String>>,
}

/// A file system.
#[derive(Clone, Debug, PartialEq)]
pub struct Filesystem {
    /// The device.
    pub device: Traced<String>,
    /// Its format.
    pub format: Traced<String>,
    /// Its label.
    pub label: Traced<String>,
    /// Whether existing data are destroyed. The bootstrap provider fails if it is absent.
    pub overwrite: Traced<bool>,
    /// Options of `mkfs`.
    pub options: Vec<Traced<String>>,
}

/// A mount by label.
#[derive(Clone, Debug, PartialEq)]
pub struct Mount {
    /// The label of a file system.
    pub label: Traced<String>,
    /// Where.
    pub path: Traced<String>,
    /// Options.
    pub options: Vec<Traced<String>>,
}
