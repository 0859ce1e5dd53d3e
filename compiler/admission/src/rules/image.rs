//! The image of an Azure machine (CAPZ `internal/webhooks/azureimage_validation.go`).

use crate::check::Check;
use crate::code::IMAGE_SOURCE;
use crate::field::Field;

pub(crate) fn check(check: &mut Check<'_>, image: &Field<'_>) {
    if !image.is_set() {
        return;
    }
    // `sharedGallery` is last: it is deprecated, so of two galleries it is the one to remove.
    let sources = ["id", "marketplace", "computeGallery", "sharedGallery"].map(|key| image.get(key));
    let set: Vec<_> = sources.iter().filter(|source| source.is_set()).collect();
    match set.as_slice() {
        [] => {
            check.error(IMAGE_SOURCE, image, "`image` names no source").hint(
                "set one of `id`, `marketplace`, `computeGallery`, or remove `image` to get the provider's default image",
            );
        }
        [only] => one(check, only),
        [first, rest @ ..] => {
            for extra in rest {
                check.excludes(IMAGE_SOURCE, first, extra);
            }
        }
    }
}

fn one(check: &mut Check<'_>, source: &Field<'_>) {
    let needed: &[&str] = match source.path().segments().last() {
        Some(flatwright_diagnostic::Segment::Key(key)) => match &**key {
            "marketplace" => &["publisher", "offer", "sku", "version"],
            "computeGallery" => &["gallery", "name", "version"],
            "sharedGallery" => &["subscriptionID", "resourceGroup", "gallery", "name", "version"],
            _ => return by_id(check, source),
        },
        _ => return,
    };
    for key in needed {
        check.needs_text(IMAGE_SOURCE, &source.get(key));
    }
    if needed.len() == 3 {
        let (subscription, group) = (source.get("subscriptionID"), source.get("resourceGroup"));
        match (subscription.is_set(), group.is_set()) {
            (true, false) => half(check, &group, "`subscriptionID`"),
            (false, true) => half(check, &subscription, "`resourceGroup`"),
            _ => {}
        }
    }
}

fn by_id(check: &mut Check<'_>, id: &Field<'_>) {
    if id.holds("") {
        check
            .error(IMAGE_SOURCE, id, "the image `id` is empty")
            .hint("write the full id, `/subscriptions/…/providers/Microsoft.Compute/…`");
    }
}

fn half(check: &mut Check<'_>, missing: &Field<'_>, present: &str) {
    check
        .error(IMAGE_SOURCE, missing, format!("{} is missing although {present} is set", crate::check::last(missing)))
        .hint("set both for a gallery of your own, neither for a community gallery");
}
