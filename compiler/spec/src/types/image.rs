//! Machine images, in the four forms that CAPZ knows.

use flatwright_diagnostic::Traced;

use super::*;
use crate::decode::{AnyText, record};

record! {
    /// A machine image: exactly one of the four forms.
    pub struct Image {
        /// An offer of the Azure marketplace.
        "marketplace" marketplace: Option<MarketplaceImage>,
        /// An image of a community gallery.
        "communityGallery" community_gallery: Option<CommunityGalleryImage>,
        /// An image of a compute gallery of your own.
        "computeGallery" compute_gallery: Option<ComputeGalleryImage>,
        /// A managed image, or any image by its resource id.
        "id" id: Maybe<ResourceId>,
    }
}

record! {
    /// An offer of the Azure marketplace.
    pub struct MarketplaceImage {
        /// The publisher. Default: `kinvolk`, which publishes Flatcar.
        "publisher" publisher: Maybe<String>,
        /// The offer, such as `flatcar-container-linux-corevm-amd64`.
        "offer" offer: Traced<String>,
        /// The SKU, such as `stable-gen2`.
        "sku" sku: Traced<String>,
        /// The version. Default: `spec.flatcar.version`.
        "version" version: Maybe<AnyText>,
        /// Whether the offer has a plan whose terms were accepted. Default: by offer, `true` for those of Flatcar that have one.
        "thirdPartyImage" third_party_image: Maybe<bool>,
    }
}

record! {
    /// An image of a community gallery (CAPZ `computeGallery` without a subscription).
    pub struct CommunityGalleryImage {
        /// The gallery's public name.
        "gallery" gallery: Traced<String>,
        /// The image definition. `${version}` is not replaced: write the name as it is.
        "name" name: Traced<String>,
        /// The image version.
        "version" version: Traced<AnyText>,
    }
}

record! {
    /// An image of a compute gallery of your own.
    pub struct ComputeGalleryImage {
        /// The gallery.
        "gallery" gallery: Traced<String>,
        /// The image definition.
        "name" name: Traced<String>,
        /// The image version.
        "version" version: Traced<AnyText>,
        /// The gallery's subscription.
        "subscriptionID" subscription_id: Traced<Guid>,
        /// The gallery's resource group.
        "resourceGroup" resource_group: Traced<ResourceGroup>,
        /// The plan, for an image made from a marketplace offer that has one.
        "plan" plan: Option<ImagePlan>,
    }
}

record! {
    /// A marketplace plan.
    pub struct ImagePlan {
        /// The publisher.
        "publisher" publisher: Traced<String>,
        /// The offer.
        "offer" offer: Traced<String>,
        /// The SKU.
        "sku" sku: Traced<String>,
    }
}
