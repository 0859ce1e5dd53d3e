//! Machine images and container images: `interface image-types`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::findings::PluginDiagnostic;

/// An image offered on the Azure marketplace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct MarketplaceImage {
    /// Such as `kinvolk`.
    pub publisher: String,
    /// Such as `flatcar-container-linux-corevm-amd64`.
    pub offer: String,
    /// Such as `stable-gen2`.
    pub sku: String,
    /// Such as `4593.2.5`, or `latest`.
    pub version: String,
    /// Whether the offer carries a purchase plan, so that its terms must have been accepted.
    #[component(name = "third-party")]
    #[serde(default)]
    pub third_party: bool,
}

/// An image in a community gallery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct CommunityGalleryImage {
    /// The gallery's public name.
    pub gallery: String,
    /// The image definition.
    pub name: String,
    /// The image version, or `latest`.
    pub version: String,
}

/// A purchase plan attached to a gallery image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct PurchasePlan {
    /// Who sells it.
    pub publisher: String,
    /// The offer.
    pub offer: String,
    /// The SKU.
    pub sku: String,
}

/// An image in an Azure compute gallery of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct ComputeGalleryImage {
    /// The gallery's subscription.
    #[component(name = "subscription-id")]
    pub subscription_id: String,
    /// The gallery's resource group.
    #[component(name = "resource-group")]
    pub resource_group: String,
    /// The gallery.
    pub gallery: String,
    /// The image definition.
    pub name: String,
    /// The image version, or `latest`.
    pub version: String,
    /// The purchase plan, if the image was made from an offer that has one.
    pub plan: Option<PurchasePlan>,
}

/// The image that the machines of a node group boot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum MachineImage {
    /// From the marketplace.
    #[component(name = "marketplace")]
    Marketplace(MarketplaceImage),
    /// From a community gallery.
    #[component(name = "community-gallery")]
    CommunityGallery(CommunityGalleryImage),
    /// From a compute gallery of one's own.
    #[component(name = "compute-gallery")]
    ComputeGallery(ComputeGalleryImage),
    /// By its full Azure resource id.
    #[component(name = "id")]
    Id(String),
    /// A kind of image that this version does not have. Return it as it is.
    #[component(name = "other")]
    Other(String),
}

/// What a container image is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum ImageComponent {
    /// All of kubeadm's images that have no case of their own. Only `repository` counts: names and tags follow the Kubernetes version.
    #[component(name = "kubernetes")]
    Kubernetes,
    /// etcd.
    #[component(name = "etcd")]
    Etcd,
    /// CoreDNS.
    #[component(name = "core-dns")]
    CoreDns,
    /// The sandbox image. Not asked about: containerd takes its name from its own configuration, which no answer reaches.
    #[component(name = "pause")]
    Pause,
    /// An add-on's image, as `<add-on>/<image>` such as `kured/kured`. Asked about for the images that the values of the usual charts set; not where a value is a template.
    #[component(name = "addon")]
    Addon(String),
    /// A component that this version does not have.
    #[component(name = "other")]
    Other(String),
}

/// A container image. `repository` is where it is pulled from without the image's own name where kubeadm adds that (`registry.k8s.io` for
/// `kubernetes`, `etcd`, `core-dns`), and the full name otherwise (`ghcr.io/kubereboot/kured`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct ContainerImage {
    /// What it is for. Must not be changed.
    pub component: ImageComponent,
    /// Registry and path, without tag and digest.
    pub repository: String,
    /// The tag; `none` where it follows the version of Kubernetes or of the chart.
    pub tag: Option<String>,
    /// The digest, where the chart of an add-on takes one beside a tag; kubeadm takes none, and it is refused there.
    pub digest: Option<String>,
}

/// Either meaning of the word. The answer must be of the same case as the question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(variant)]
pub enum Image {
    /// The machine image of the node group that the context's target names.
    #[component(name = "machine")]
    Machine(MachineImage),
    /// One container image of the cluster.
    #[component(name = "container")]
    Container(ContainerImage),
    /// A kind of image that this version does not have. Return it as it is.
    #[component(name = "other")]
    Other(String),
}

/// The answer: the image as it should be, and what the user should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[component(record)]
pub struct CustomizedImage {
    /// The image; return it unchanged to leave it as it is.
    pub image: Image,
    /// Notes and warnings.
    #[serde(default)]
    pub findings: Vec<PluginDiagnostic>,
}
