//! Machine images, in the four forms that CAPZ knows.

use flatwright_diagnostic::{Origin, Traced};

use super::*;
use crate::decode::{AnyText, Record};

/// A machine image: exactly one of the four forms.
#[derive(Clone, Debug, PartialEq, Record)]
#[one_of]
pub struct Image {
    /// Where the mapping stands.
    pub origin: Origin,
    /// An offer of the Azure marketplace.
    pub marketplace: Option<MarketplaceImage>,
    /// An image of a community gallery.
    pub community_gallery: Option<CommunityGalleryImage>,
    /// An image of a compute gallery of your own.
    pub compute_gallery: Option<ComputeGalleryImage>,
    /// A managed image, or any image by its resource id.
    pub id: Maybe<ResourceId>,
}

/// An offer of the Azure marketplace.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct MarketplaceImage {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The publisher. Default: `kinvolk`, which publishes Flatcar.
    pub publisher: Maybe<String>,
    /// The offer, such as `flatcar-container-linux-corevm-amd64`.
    pub offer: Traced<String>,
    /// The SKU, such as `stable-gen2`.
    pub sku: Traced<String>,
    /// The version. Default: `spec.flatcar.version`.
    pub version: Maybe<AnyText>,
    /// Whether the offer has a plan whose terms were accepted. Default: by offer, `true` for those of Flatcar that have one.
    pub third_party_image: Maybe<bool>,
}

/// An image of a community gallery (CAPZ `computeGallery` without a subscription).
#[derive(Clone, Debug, PartialEq, Record)]
pub struct CommunityGalleryImage {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The gallery's public name.
    pub gallery: Traced<String>,
    /// The image definition. `${version}` is not replaced: write the name as it is.
    pub name: Traced<String>,
    /// The image version.
    pub version: Traced<AnyText>,
}

/// An image of a compute gallery of your own.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct ComputeGalleryImage {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The gallery.
    pub gallery: Traced<String>,
    /// The image definition.
    pub name: Traced<String>,
    /// The image version.
    pub version: Traced<AnyText>,
    /// The gallery's subscription.
    #[key("subscriptionID")]
    pub subscription_id: Traced<Guid>,
    /// The gallery's resource group.
    pub resource_group: Traced<ResourceGroup>,
    /// The plan, for an image made from a marketplace offer that has one.
    pub plan: Option<ImagePlan>,
}

/// A marketplace plan.
#[derive(Clone, Debug, PartialEq, Record)]
pub struct ImagePlan {
    /// Where the mapping stands.
    pub origin: Origin,
    /// The publisher.
    pub publisher: Traced<String>,
    /// The offer.
    pub offer: Traced<String>,
    /// The SKU.
    pub sku: Traced<String>,
}
