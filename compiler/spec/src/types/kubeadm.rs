//! kubeadm settings of the whole cluster (KubeadmControlPlane `clusterConfiguration` and what belongs to it).

use flatwright_diagnostic::{Origin, Traced};

use super::*;
use crate::decode::{AnyText, Int, Keywords, Named, Record};

/// kubeadm settings of the whole cluster.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Kubeadm {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The API server.
    pub api_server: Option<ApiServer>,
    /// The controller manager.
    pub controller_manager: Option<Component>,
    /// The scheduler.
    pub scheduler: Option<Component>,
    /// etcd, stacked on the control plane.
    pub etcd: Option<Etcd>,
    /// CoreDNS.
    pub dns: Option<ImageOverride>,
    /// Where kubeadm pulls its images from. Default: `registry.k8s.io`.
    pub image_repository: Maybe<ImageRepository>,
    /// The host of the control plane, where it is not the load balancer's: `name` or `name:port`.
    pub control_plane_endpoint: Maybe<HostPort>,
    /// Where certificates are. Default: `/etc/kubernetes/pki`.
    pub certificates_dir: Maybe<MachinePath>,
    /// kubeadm's own feature gates. A component's gates are its argument `feature-gates`.
    pub feature_gates: Named<Traced<bool>>,
    /// How long kubeadm waits for the control plane, in seconds. Default: 1200, because machines pull images first.
    pub control_plane_timeout_seconds: Maybe<Seconds>,
    /// kubeadm's log level, 0 to 10.
    pub verbosity: Maybe<Int<0, 10>>,
}

/// A component of the control plane.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Component {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its arguments, without leading dashes. They override the compiler's defaults.
    pub extra_args: Named<Traced<AnyText>>,
    /// Host paths mounted into it.
    pub extra_volumes: Vec<HostPath>,
    /// Its environment variables.
    pub extra_envs: Vec<EnvironmentVariable>,
}

/// The API server.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct ApiServer {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its arguments, without leading dashes. They override the compiler's defaults.
    pub extra_args: Named<Traced<AnyText>>,
    /// Host paths mounted into it.
    pub extra_volumes: Vec<HostPath>,
    /// Its environment variables.
    pub extra_envs: Vec<EnvironmentVariable>,
    /// Further names and addresses in its certificate.
    #[key("certSANs")]
    pub cert_sans: Vec<Traced<CertificateName>>,
}

/// An environment variable.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct EnvironmentVariable {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its name.
    pub name: Traced<String>,
    /// Its value.
    pub value: Traced<AnyText>,
}

/// A host path mounted into a component.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct HostPath {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The name of the volume.
    pub name: Traced<Label>,
    /// The path on the machine.
    pub host_path: Traced<MachinePath>,
    /// The path in the container.
    pub mount_path: Traced<MachinePath>,
    /// Whether it is mounted read-only.
    pub read_only: Maybe<bool>,
    /// What the host path must be. Default: not checked.
    pub path_type: Maybe<HostPathType>,
}

/// What a host path must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum HostPathType {
    /// A directory, made if absent.
    DirectoryOrCreate,
    /// A directory.
    Directory,
    /// A file, made if absent.
    FileOrCreate,
    /// A file.
    File,
}

/// etcd, stacked on the control plane.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Etcd {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its arguments, without leading dashes.
    pub extra_args: Named<Traced<AnyText>>,
    /// Its environment variables.
    pub extra_envs: Vec<EnvironmentVariable>,
    /// Its data directory. Default: on the etcd disk where there is one.
    pub data_dir: Maybe<MachinePath>,
    /// Where its image comes from.
    pub image_repository: Maybe<ImageRepository>,
    /// Its image's tag.
    pub image_tag: Maybe<AnyText>,
    /// Further names in its server certificate.
    #[key("serverCertSANs")]
    pub server_cert_sans: Vec<Traced<CertificateName>>,
    /// Further names in its peer certificate.
    #[key("peerCertSANs")]
    pub peer_cert_sans: Vec<Traced<CertificateName>>,
}

/// Another image for a component.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct ImageOverride {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Where it comes from.
    pub image_repository: Maybe<ImageRepository>,
    /// Its tag.
    pub image_tag: Maybe<AnyText>,
}
