//! The document: metadata, flavor, Kubernetes, Flatcar, sysupdate, reboots, management, patches.

use flatwright_diagnostic::{Origin, Traced};

use super::*;
use crate::decode::{AnyText, AnyValue, Int, Keywords, Named, Record};
use crate::merge::Merge;

/// A Flatcar cluster on Azure, compiled to Cluster API and CAPZ objects and to Ignition configs.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct FlatcarCluster {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The version of this format.
    pub api_version: Traced<ApiVersion>,
    /// Always `FlatcarCluster`.
    pub kind: Traced<Kind>,
    /// Name, namespace, labels and annotations of the cluster.
    pub metadata: Metadata,
    /// What the cluster should be.
    pub spec: Spec,
}

/// The versions of this format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum ApiVersion {
    /// The first version.
    #[word("flatwright.dev/v1alpha1")]
    V1Alpha1,
}

/// The kinds of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum Kind {
    /// A whole cluster.
    FlatcarCluster,
}

/// Name, namespace, labels and annotations, as on every Kubernetes object.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Metadata {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The cluster's name: 2 to 44 characters (CAPZ's limit), used as the prefix of every generated name.
    pub name: Traced<ClusterName>,
    /// The namespace of every generated object. Default: `default`.
    pub namespace: Maybe<Label>,
    /// Labels of the Cluster object. Add-ons add their own.
    pub labels: Named<Traced<LabelValue>>,
    /// Annotations of the Cluster object.
    pub annotations: Named<Traced<AnyText>>,
}

/// How Kubernetes gets onto the machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum Flavor {
    /// A stock Flatcar image; Kubernetes is a systemd-sysext image. Recommended.
    #[word("flatcar-sysext")]
    Sysext,
    /// An image-builder image with Kubernetes baked in; needs an `image`.
    #[word("flatcar")]
    ImageBuilder,
}

/// What the cluster should be.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Spec {
    /// Where the mapping stands.
    pub origin: Origin,
    /// How Kubernetes gets onto the machines.
    pub flavor: Traced<Flavor>,
    /// Kubernetes: version, networks, components.
    pub kubernetes: Kubernetes,
    /// The Flatcar release of every machine and whether it updates itself.
    pub flatcar: Flatcar,
    /// Updates of Kubernetes by systemd-sysupdate, and where its images come from. Only for flavor `flatcar-sysext`.
    pub sysupdate: Option<Sysupdate>,
    /// Further system extensions on every machine. Pools may add their own.
    pub extensions: Vec<Extension>,
    /// Places that are asked instead of others, by machines and by the add-on provider: extensions and their checksums, Flatcar's update server, chart repositories. Container
    /// images have mirrors of their own, in containerd's configuration.
    pub mirrors: Vec<Mirror>,
    /// Who reboots machines after an update.
    pub reboots: Option<Reboots>,
    /// The Azure side: subscription, region, identity, networks.
    pub azure: Azure,
    /// What all node groups share; each group may override it.
    pub machines: Option<Machines>,
    /// The control plane.
    pub control_plane: ControlPlane,
    /// Worker pools, any number.
    pub pools: Vec<Pool>,
    /// Add-ons, installed by the Cluster API add-on provider for Helm.
    pub addons: Option<Addons>,
    /// The providers that will read the output. Rules, gates and work-arounds depend on them.
    pub management: Option<Management>,
    /// WebAssembly plugins, in the order in which they run.
    pub plugins: Vec<Plugin>,
    /// Errors of policies that do not count, each with its reason.
    pub waivers: Vec<Waiver>,
    /// Last resort: changes to emitted objects, checked again afterwards.
    pub patches: Vec<Patch>,
}

impl Spec {
    /// Every place that says something about updates of Kubernetes: for all groups, then those of each group.
    pub(crate) fn kubernetes_updates(&self) -> impl Iterator<Item = &KubernetesUpdates> {
        let shared = self.sysupdate.as_ref().and_then(|sysupdate| sysupdate.kubernetes.as_ref());
        let groups =
            std::iter::once(&self.control_plane.sysupdate).chain(self.pools.iter().map(|pool| &pool.sysupdate));
        shared.into_iter().chain(groups.filter_map(|group| group.as_ref()?.kubernetes.as_ref()))
    }

    /// The updates of Kubernetes of a group, over those of all groups.
    pub(crate) fn updates_of(&self, group: Option<&GroupSysupdate>) -> Option<KubernetesUpdates> {
        let mut own = group.and_then(|group| group.kubernetes.clone());
        own.merge(&self.sysupdate.as_ref().and_then(|sysupdate| sysupdate.kubernetes.clone()));
        own
    }

    /// Whether something acts on a reboot that updates ask for.
    pub(crate) fn has_reboot_manager(&self) -> bool {
        let manager = self.reboots.as_ref().and_then(|reboots| reboots.manager);
        let has_kured = self.addons.as_ref().is_some_and(|addons| addons.kured.is_some());
        has_kured || manager.is_some_and(|manager| manager.value != RebootManager::Nobody)
    }
}

/// Kubernetes: version, networks, components.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Kubernetes {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The version of every node, such as `v1.35.4`. The `v` may be omitted.
    pub version: Traced<KubernetesVersion>,
    /// Pod and service networks.
    pub network: Option<KubernetesNetwork>,
    /// kubeadm settings of the whole cluster.
    pub kubeadm: Option<Kubeadm>,
}

/// Pod and service networks (Cluster `spec.clusterNetwork`).
#[derive(Clone, Debug, PartialEq, Record)]
pub struct KubernetesNetwork {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Pod CIDR blocks. Default: `192.168.0.0/16`.
    pub pods: Vec<Traced<AddressBlock>>,
    /// Service CIDR blocks. Default: kubeadm's own, `10.96.0.0/12`.
    pub services: Vec<Traced<AddressBlock>>,
    /// The DNS domain of services. Default: `cluster.local`.
    pub service_domain: Maybe<Subdomain>,
    /// The API server's port. Default: 6443.
    pub api_server_port: Maybe<Int<1, 65535>>,
}

/// Flatcar's release channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum Channel {
    /// Production.
    #[word("stable")]
    Stable,
    /// The next stable.
    #[word("beta")]
    Beta,
    /// The newest.
    #[word("alpha")]
    Alpha,
    /// Long-term support.
    #[word("lts")]
    Lts,
}

/// A switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum Switch {
    /// On.
    #[word("enabled")]
    Enabled,
    /// Off.
    #[word("disabled")]
    Disabled,
}

/// The Flatcar release and whether it updates itself.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Flatcar {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The channel. Default: `stable`.
    pub channel: Maybe<Channel>,
    /// The release, such as `4593.2.5`. Its systemd and Ignition decide file names, work-arounds and what a config may say.
    pub version: Traced<FlatcarVersion>,
    /// Whether update-engine installs new releases by itself. Default: `disabled`, since Cluster API replaces machines.
    pub updates: Maybe<Switch>,
}

/// systemd-sysupdate.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Sysupdate {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Patch updates of Kubernetes.
    pub kubernetes: Option<KubernetesUpdates>,
    /// Where the images and their `SHA256SUMS` are. Default: `https://extensions.flatcar.org/extensions`.
    pub bakery: Maybe<FetchUrl>,
}

/// Patch updates of Kubernetes by systemd-sysupdate: never a new minor version.
#[derive(Clone, Debug, PartialEq, Record, Merge)]
pub struct KubernetesUpdates {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Whether the timer runs. Default: `disabled`.
    pub updates: Maybe<Switch>,
    /// When it runs, as a systemd calendar expression such as `Sat *-*-* 03:00`. Default: every day between 2 and 6 o'clock.
    pub schedule: Maybe<Schedule>,
    /// Spreads the machines over this many seconds after the scheduled time. Default: 0 with a schedule, else four hours.
    pub randomized_delay_seconds: Maybe<Seconds>,
}

/// systemd-sysupdate on the machines of one node group.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct GroupSysupdate {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Patch updates of Kubernetes. What is not said here is as in `spec.sysupdate.kubernetes`.
    pub kubernetes: Option<KubernetesUpdates>,
}

/// A system extension from the bakery or a place of your own.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Extension {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Its name, which is also its sysupdate component.
    pub name: Traced<Label>,
    /// Its version, exactly as in the file name, with or without `v`.
    pub version: Traced<AnyText>,
    /// The whole URL of the image. Default: `<bakery>/<name>-<version>-<architecture>.raw`.
    pub url: Maybe<FetchUrl>,
    /// The image's SHA-512, checked on the machine before it is used.
    pub sha512: Maybe<Sha512>,
}

/// A place that is asked instead of another.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Mirror {
    /// Where the mapping stands.
    pub origin: Origin,
    /// What URLs begin with, up to a slash, such as `https://extensions.flatcar.org`. Of several that fit, the longest counts.
    pub from: Traced<FetchUrl>,
    /// What stands there instead, such as `https://mirror.example/extensions.flatcar.org`.
    pub to: Traced<FetchUrl>,
}

/// Who reboots machines. Never two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum RebootManager {
    /// kured, as an add-on: drains the node first.
    #[word("kured")]
    Kured,
    /// Flatcar's locksmithd.
    #[word("locksmith")]
    Locksmith,
    /// Nobody.
    #[word("none")]
    Nobody,
}

/// Who reboots machines after an update.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Reboots {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The manager. Default: `kured` if that add-on is there, else `none`.
    pub manager: Maybe<RebootManager>,
}

/// Releases of the providers in the management cluster.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Management {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Cluster API. Default: `v1.13`, the oldest release still supported.
    pub capi: Maybe<ProviderVersion>,
    /// Cluster API Provider Azure. Default: `v1.24`.
    pub capz: Maybe<ProviderVersion>,
    /// The add-on provider for Helm. Default: `v0.6`.
    pub caaph: Maybe<ProviderVersion>,
}

/// A change to emitted objects. Give `json6902` or `merge`.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct Patch {
    /// Where the mapping stands.
    pub origin: Origin,
    /// Which objects.
    pub target: PatchTarget,
    /// JSON Patch operations (RFC 6902).
    pub json6902: Vec<PatchOperation>,
    /// A JSON merge patch (RFC 7386).
    pub merge: Option<AnyValue>,
}

/// Which objects a patch changes: by kind and node group, never by a generated name.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct PatchTarget {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The kind, such as `AzureMachineTemplate`.
    pub kind: Traced<String>,
    /// Only objects of node groups with this role.
    pub role: Maybe<Role>,
    /// Only objects of this pool.
    pub pool: Maybe<Label>,
    /// Only the add-on of this name, for kind `HelmChartProxy`.
    pub addon: Maybe<String>,
}

/// The role of a node group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum Role {
    /// Control-plane machines.
    #[word("control-plane")]
    ControlPlane,
    /// Workers.
    #[word("worker")]
    Worker,
}

/// JSON Patch operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Keywords)]
pub enum PatchOp {
    /// Adds or replaces a member, or inserts into a list.
    #[word("add")]
    Add,
    /// Removes a value.
    #[word("remove")]
    Remove,
    /// Replaces a value that exists.
    #[word("replace")]
    Replace,
    /// Fails if the value is not this one.
    #[word("test")]
    Test,
    /// Moves a value.
    #[word("move")]
    Move,
    /// Copies a value.
    #[word("copy")]
    Copy,
}

/// One operation of a JSON Patch.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct PatchOperation {
    /// Where the mapping stands.
    pub origin: Origin,
    /// What to do.
    pub op: Traced<PatchOp>,
    /// Where, as a JSON Pointer such as `/spec/additionalTags`.
    pub path: Traced<String>,
    /// From where, for `move` and `copy`.
    pub from: Maybe<String>,
    /// The value, for `add`, `replace` and `test`.
    pub value: Option<AnyValue>,
}
