//! Machine images.

use flatwright_diagnostic::Traced;

use crate::Maybe;

/// A machine image.
#[derive(Clone, Debug, PartialEq)]
pub enum Image {
    /// A marketplace offer.
    Marketplace {
        /// The publisher.
        publisher: Traced<String>,
        /// The offer.
        offer: Traced<String>,
        /// The SKU.
        sku: Traced<String>,
        /// The version.
        version: Traced<String>,
        /// Whether the offer has a plan.
        third_party: Maybe<bool>,
    },
    /// A compute gallery, or a community gallery where subscription and resource group are absent.
    Gallery {
        /// The gallery.
        gallery: Traced<String>,
        /// The image definition.
        name: Traced<String>,
        /// The version.
        version: Traced<String>,
        /// The gallery's subscription.
        subscription_id: Maybe<String>,
        /// The gallery's resource group.
        resource_group: Maybe<String>,
        /// The plan.
        plan: Option<ImagePlan>,
    },
    /// Any image by its resource id.
    Id(Traced<String>),
}

/// A marketplace plan.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagePlan {
    /// The publisher.
    pub publisher: Traced<String>,
    /// The offer.
    pub offer: Traced<String>,
    /// The SKU.
    pub sku: Traced<String>,
}
