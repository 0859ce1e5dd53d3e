//! The document: metadata, flavor, Kubernetes, Flatcar, sysupdate, reboots, management, patches.

use flatwright_diagnostic::Traced;

use super::*;
use crate::decode::{AnyText, AnyValue, Int, Named, keywords, record};

record! {
    /// A Flatcar cluster on Azure, compiled to Cluster API and CAPZ objects and to Ignition configs.
    pub struct FlatcarCluster {
        /// The version of this format.
        "apiVersion" api_version: Traced<ApiVersion>,
        /// Always `FlatcarCluster`.
        "kind" kind: Traced<Kind>,
        /// Name, namespace, labels and annotations of the cluster.
        "metadata" metadata: Metadata,
        /// What the cluster should be.
        "spec" spec: Spec,
    }
}

keywords! {
    /// The versions of this format.
    pub enum ApiVersion {
        /// The first version.
        "flatwright.dev/v1alpha1" V1Alpha1,
    }
}

keywords! {
    /// The kinds of documents.
    pub enum Kind {
        /// A whole cluster.
        "FlatcarCluster" FlatcarCluster,
    }
}

record! {
    /// Name, namespace, labels and annotations, as on every Kubernetes object.
    pub struct Metadata {
        /// The cluster's name: 2 to 44 characters (CAPZ's limit), used as the prefix of every generated name.
        "name" name: Traced<ClusterName>,
        /// The namespace of every generated object. Default: `default`.
        "namespace" namespace: Maybe<Label>,
        /// Labels of the Cluster object. Add-ons add their own.
        "labels" labels: Named<Traced<LabelValue>>,
        /// Annotations of the Cluster object.
        "annotations" annotations: Named<Traced<AnyText>>,
    }
}

keywords! {
    /// How Kubernetes gets onto the machines.
    pub enum Flavor {
        /// A stock Flatcar image; Kubernetes is a systemd-sysext image. Recommended.
        "flatcar-sysext" Sysext,
        /// An image-builder image with Kubernetes baked in; needs an `image`.
        "flatcar" ImageBuilder,
    }
}

record! {
    /// What the cluster should be.
    pub struct Spec {
        /// How Kubernetes gets onto the machines.
        "flavor" flavor: Traced<Flavor>,
        /// Kubernetes: version, networks, components.
        "kubernetes" kubernetes: Kubernetes,
        /// The Flatcar release of every machine and whether it updates itself.
        "flatcar" flatcar: Flatcar,
        /// Updates of Kubernetes by systemd-sysupdate, and where its images come from. Only for flavor `flatcar-sysext`.
        "sysupdate" sysupdate: Option<Sysupdate>,
        /// Further system extensions on every machine. Pools may add their own.
        "extensions" extensions: Vec<Extension>,
        /// Who reboots machines after an update.
        "reboots" reboots: Option<Reboots>,
        /// The Azure side: subscription, region, identity, networks.
        "azure" azure: Azure,
        /// What all node groups share; each group may override it.
        "machines" machines: Option<Machines>,
        /// The control plane.
        "controlPlane" control_plane: ControlPlane,
        /// Worker pools, any number.
        "pools" pools: Vec<Pool>,
        /// Add-ons, installed by the Cluster API add-on provider for Helm.
        "addons" addons: Option<Addons>,
        /// The providers that will read the output. Rules, gates and work-arounds depend on them.
        "management" management: Option<Management>,
        /// WebAssembly plugins, in the order in which they run.
        "plugins" plugins: Vec<Plugin>,
        /// Last resort: changes to emitted objects, checked again afterwards.
        "patches" patches: Vec<Patch>,
    }
}

record! {
    /// Kubernetes: version, networks, components.
    pub struct Kubernetes {
        /// The version of every node, such as `v1.34.2`. The `v` may be omitted.
        "version" version: Traced<KubernetesVersion>,
        /// Pod and service networks.
        "network" network: Option<KubernetesNetwork>,
        /// kubeadm settings of the whole cluster.
        "kubeadm" kubeadm: Option<Kubeadm>,
    }
}

record! {
    /// Pod and service networks (Cluster `spec.clusterNetwork`).
    pub struct KubernetesNetwork {
        /// Pod CIDR blocks. Default: `192.168.0.0/16`.
        "pods" pods: Vec<Traced<Cidr>>,
        /// Service CIDR blocks. Default: kubeadm's own, `10.96.0.0/12`.
        "services" services: Vec<Traced<Cidr>>,
        /// The DNS domain of services. Default: `cluster.local`.
        "serviceDomain" service_domain: Maybe<Subdomain>,
        /// The API server's port. Default: 6443.
        "apiServerPort" api_server_port: Maybe<Int<1, 65535>>,
    }
}

keywords! {
    /// Flatcar's release channels.
    pub enum Channel {
        /// Production.
        "stable" Stable,
        /// The next stable.
        "beta" Beta,
        /// The newest.
        "alpha" Alpha,
        /// Long-term support.
        "lts" Lts,
    }
}

keywords! {
    /// A switch.
    pub enum Switch {
        /// On.
        "enabled" Enabled,
        /// Off.
        "disabled" Disabled,
    }
}

record! {
    /// The Flatcar release and whether it updates itself.
    pub struct Flatcar {
        /// The channel. Default: `stable`.
        "channel" channel: Maybe<Channel>,
        /// The release, such as `4593.2.5`. Its systemd and Ignition decide file names, work-arounds and what a config may say.
        "version" version: Traced<FlatcarVersion>,
        /// Whether update-engine installs new releases by itself. Default: `disabled`, since Cluster API replaces machines.
        "updates" updates: Maybe<Switch>,
    }
}

record! {
    /// systemd-sysupdate.
    pub struct Sysupdate {
        /// Patch updates of Kubernetes.
        "kubernetes" kubernetes: Option<KubernetesUpdates>,
        /// Where the images and their `SHA256SUMS` are. Default: `https://extensions.flatcar.org/extensions`.
        "bakery" bakery: Maybe<FetchUrl>,
    }
}

record! {
    /// Patch updates of Kubernetes by systemd-sysupdate: never a new minor version.
    pub struct KubernetesUpdates {
        /// Whether the timer runs. Default: `disabled`.
        "updates" updates: Maybe<Switch>,
        /// When it runs, as a systemd calendar expression such as `Sat *-*-* 03:00`. Default: systemd's own, between 2 and 6 o'clock.
        "schedule" schedule: Maybe<Schedule>,
        /// Spreads the machines over this many seconds after the scheduled time.
        "randomizedDelaySeconds" randomized_delay_seconds: Maybe<Seconds>,
    }
}

record! {
    /// A system extension from the bakery or a place of your own.
    pub struct Extension {
        /// Its name, which is also its sysupdate component.
        "name" name: Traced<Label>,
        /// Its version, exactly as in the file name, with or without `v`.
        "version" version: Traced<AnyText>,
        /// The whole URL of the image. Default: `<bakery>/<name>-<version>-<architecture>.raw`.
        "url" url: Maybe<FetchUrl>,
        /// The image's SHA-512, checked on the machine before it is used.
        "sha512" sha512: Maybe<Sha512>,
    }
}

keywords! {
    /// Who reboots machines. Never two of them.
    pub enum RebootManager {
        /// kured, as an add-on: drains the node first.
        "kured" Kured,
        /// Flatcar's locksmithd.
        "locksmith" Locksmith,
        /// Nobody.
        "none" Nobody,
    }
}

record! {
    /// Who reboots machines after an update.
    pub struct Reboots {
        /// The manager. Default: `kured` if that add-on is there, else `none`.
        "manager" manager: Maybe<RebootManager>,
    }
}

record! {
    /// Releases of the providers in the management cluster.
    pub struct Management {
        /// Cluster API. Default: `v1.13`, the oldest release still supported.
        "capi" capi: Maybe<ProviderVersion>,
        /// Cluster API Provider Azure. Default: `v1.24`.
        "capz" capz: Maybe<ProviderVersion>,
        /// The add-on provider for Helm. Default: `v0.6`.
        "caaph" caaph: Maybe<ProviderVersion>,
    }
}

record! {
    /// A change to emitted objects. Give `json6902` or `merge`.
    pub struct Patch {
        /// Which objects.
        "target" target: PatchTarget,
        /// JSON Patch operations (RFC 6902).
        "json6902" json6902: Vec<PatchOperation>,
        /// A JSON merge patch (RFC 7386).
        "merge" merge: Option<AnyValue>,
    }
}

record! {
    /// Which objects a patch changes: by kind and node group, never by a generated name.
    pub struct PatchTarget {
        /// The kind, such as `AzureMachineTemplate`.
        "kind" kind: Traced<String>,
        /// Only objects of node groups with this role.
        "role" role: Maybe<Role>,
        /// Only objects of this pool.
        "pool" pool: Maybe<Label>,
        /// Only the add-on of this name, for kind `HelmChartProxy`.
        "addon" addon: Maybe<String>,
    }
}

keywords! {
    /// The role of a node group.
    pub enum Role {
        /// Control-plane machines.
        "control-plane" ControlPlane,
        /// Workers.
        "worker" Worker,
    }
}

keywords! {
    /// JSON Patch operations.
    pub enum PatchOp {
        /// Adds or replaces a member, or inserts into a list.
        "add" Add,
        /// Removes a value.
        "remove" Remove,
        /// Replaces a value that exists.
        "replace" Replace,
        /// Fails if the value is not this one.
        "test" Test,
        /// Moves a value.
        "move" Move,
        /// Copies a value.
        "copy" Copy,
    }
}

record! {
    /// One operation of a JSON Patch.
    pub struct PatchOperation {
        /// What to do.
        "op" op: Traced<PatchOp>,
        /// Where, as a JSON Pointer such as `/spec/additionalTags`.
        "path" path: Traced<String>,
        /// From where, for `move` and `copy`.
        "from" from: Maybe<String>,
        /// The value, for `add`, `replace` and `test`.
        "value" value: Option<AnyValue>,
    }
}
