//! kubeadm settings of the whole cluster (KubeadmControlPlane `clusterConfiguration` and what belongs to it).

use flatwright_diagnostic::Traced;

use super::*;
use crate::decode::{AnyText, Int, Named, keywords, record};

record! {
    /// kubeadm settings of the whole cluster.
    pub struct Kubeadm {
        /// The API server.
        "apiServer" api_server: Option<ApiServer>,
        /// The controller manager.
        "controllerManager" controller_manager: Option<Component>,
        /// The scheduler.
        "scheduler" scheduler: Option<Component>,
        /// etcd, stacked on the control plane.
        "etcd" etcd: Option<Etcd>,
        /// CoreDNS.
        "dns" dns: Option<ImageOverride>,
        /// Where kubeadm pulls its images from. Default: `registry.k8s.io`.
        "imageRepository" image_repository: Maybe<ImageRepository>,
        /// The host of the control plane, where it is not the load balancer's: `name` or `name:port`.
        "controlPlaneEndpoint" control_plane_endpoint: Maybe<HostPort>,
        /// Where certificates are. Default: `/etc/kubernetes/pki`.
        "certificatesDir" certificates_dir: Maybe<MachinePath>,
        /// kubeadm's own feature gates. A component's gates are its argument `feature-gates`.
        "featureGates" feature_gates: Named<Traced<bool>>,
        /// How long kubeadm waits for the control plane, in seconds. Default: 1200, because machines pull images first.
        "controlPlaneTimeoutSeconds" control_plane_timeout_seconds: Maybe<Seconds>,
        /// kubeadm's log level, 0 to 10.
        "verbosity" verbosity: Maybe<Int<0, 10>>,
    }
}

record! {
    /// A component of the control plane.
    pub struct Component {
        /// Its arguments, without leading dashes. They override the compiler's defaults.
        "extraArgs" extra_args: Named<Traced<AnyText>>,
        /// Host paths mounted into it.
        "extraVolumes" extra_volumes: Vec<HostPath>,
        /// Its environment variables.
        "extraEnvs" extra_envs: Vec<EnvironmentVariable>,
    }
}

record! {
    /// The API server.
    pub struct ApiServer {
        /// Its arguments, without leading dashes. They override the compiler's defaults.
        "extraArgs" extra_args: Named<Traced<AnyText>>,
        /// Host paths mounted into it.
        "extraVolumes" extra_volumes: Vec<HostPath>,
        /// Its environment variables.
        "extraEnvs" extra_envs: Vec<EnvironmentVariable>,
        /// Further names and addresses in its certificate.
        "certSANs" cert_sans: Vec<Traced<CertificateName>>,
    }
}

record! {
    /// An environment variable.
    pub struct EnvironmentVariable {
        /// Its name.
        "name" name: Traced<String>,
        /// Its value.
        "value" value: Traced<AnyText>,
    }
}

record! {
    /// A host path mounted into a component.
    pub struct HostPath {
        /// The name of the volume.
        "name" name: Traced<Label>,
        /// The path on the machine.
        "hostPath" host_path: Traced<MachinePath>,
        /// The path in the container.
        "mountPath" mount_path: Traced<MachinePath>,
        /// Whether it is mounted read-only.
        "readOnly" read_only: Maybe<bool>,
        /// What the host path must be. Default: not checked.
        "pathType" path_type: Maybe<HostPathType>,
    }
}

keywords! {
    /// What a host path must be.
    pub enum HostPathType {
        /// A directory, made if absent.
        "DirectoryOrCreate" DirectoryOrCreate,
        /// A directory.
        "Directory" Directory,
        /// A file, made if absent.
        "FileOrCreate" FileOrCreate,
        /// A file.
        "File" File,
    }
}

record! {
    /// etcd, stacked on the control plane.
    pub struct Etcd {
        /// Its arguments, without leading dashes.
        "extraArgs" extra_args: Named<Traced<AnyText>>,
        /// Its environment variables.
        "extraEnvs" extra_envs: Vec<EnvironmentVariable>,
        /// Its data directory. Default: on the etcd disk where there is one.
        "dataDir" data_dir: Maybe<MachinePath>,
        /// Where its image comes from.
        "imageRepository" image_repository: Maybe<ImageRepository>,
        /// Its image's tag.
        "imageTag" image_tag: Maybe<AnyText>,
        /// Further names in its server certificate.
        "serverCertSANs" server_cert_sans: Vec<Traced<CertificateName>>,
        /// Further names in its peer certificate.
        "peerCertSANs" peer_cert_sans: Vec<Traced<CertificateName>>,
    }
}

record! {
    /// Another image for a component.
    pub struct ImageOverride {
        /// Where it comes from.
        "imageRepository" image_repository: Maybe<ImageRepository>,
        /// Its tag.
        "imageTag" image_tag: Maybe<AnyText>,
    }
}
