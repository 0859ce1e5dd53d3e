//! Machine images: the user's, or the marketplace offer for channel and architecture.

use flatwright_diagnostic::{Origin, Report, Traced};
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::offer;
use flatwright_plan as plan;

use super::{Context, optional, text};
use crate::rules::ImageReference;
use crate::types;

/// The image of a group. Without one, flavor `flatcar-sysext` takes Flatcar's own; `check` has refused its absence on flavor `flatcar`.
pub(super) fn lower(
    context: &Context<'_>,
    image: Option<&types::Image>,
    architecture: Traced<Architecture>,
    report: &mut Report,
) -> Option<plan::Image> {
    let Some(image) = image else { return default(context, architecture, report) };
    if let Some(marketplace) = &image.marketplace {
        return Some(self::marketplace(context, marketplace));
    }
    if let Some(gallery) = &image.community_gallery {
        return Some(plan::Image::Gallery {
            gallery: text(&gallery.gallery),
            name: text(&gallery.name),
            version: text(&gallery.version),
            subscription_id: None,
            resource_group: None,
            plan: None,
        });
    }
    if let Some(gallery) = &image.compute_gallery {
        return Some(plan::Image::Gallery {
            gallery: text(&gallery.gallery),
            name: text(&gallery.name),
            version: text(&gallery.version),
            subscription_id: Some(text(&gallery.subscription_id)),
            resource_group: Some(text(&gallery.resource_group)),
            plan: gallery.plan.as_ref().map(|plan| plan::ImagePlan {
                publisher: text(&plan.publisher),
                offer: text(&plan.offer),
                sku: text(&plan.sku),
            }),
        });
    }
    optional(&image.id).map(plan::Image::Id)
}

fn marketplace(context: &Context<'_>, image: &types::MarketplaceImage) -> plan::Image {
    let known = offer::offer(image.offer.as_str());
    let needs_plan = known.is_some_and(|offer| offer.plan == offer::Plan::Required);
    let by_offer = needs_plan.then(|| Traced::default_by(true, "this offer has a plan"));
    plan::Image::Marketplace {
        publisher: optional(&image.publisher)
            .unwrap_or_else(|| Traced::default_by(offer::PUBLISHER.to_owned(), "Flatcar's publisher")),
        offer: text(&image.offer),
        sku: text(&image.sku),
        version: optional(&image.version).unwrap_or_else(|| text(&context.spec.flatcar.version)),
        third_party: image.third_party_image.or(by_offer),
    }
}

fn default(context: &Context<'_>, architecture: Traced<Architecture>, report: &mut Report) -> Option<plan::Image> {
    const RULE: &str = "Flatcar's marketplace offer for channel and architecture that needs no plan";
    match offer::default_image(context.channel, context.release, architecture.value) {
        Ok(image) => Some(plan::Image::Marketplace {
            publisher: Traced::default_by(image.publisher.to_owned(), RULE),
            offer: Traced::default_by(image.offer.to_owned(), RULE),
            sku: Traced::default_by(image.sku.to_owned(), RULE),
            version: text(&context.spec.flatcar.version),
            third_party: image.needs_plan.then(|| Traced::default_by(true, RULE)),
        }),
        Err(problem) => {
            let channel = context.spec.flatcar.channel.map_or(Origin::Unknown, |channel| channel.origin);
            let place = architecture.origin.anchor().or_else(|| channel.anchor());
            if let Some(anchor) = place.or_else(|| context.spec.flatcar.origin.anchor()) {
                report
                    .refuse(anchor, &ImageReference::NoDefault(problem))
                    .hint("set `image` for this group, or choose another channel");
            }
            None
        }
    }
}
