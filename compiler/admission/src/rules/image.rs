//! The image of an Azure machine (CAPZ `internal/webhooks/azureimage_validation.go`).

use flatwright_diagnostic::Rule;

use crate::check::{Check, name};
use crate::field::Field;

/// What CAPZ refuses of a machine's image.
#[derive(Debug, Rule)]
#[rule(group = "admission-image-source")]
pub(crate) enum Image {
    /// An image that says nothing.
    #[rule("image-without-source", "`image` names no source")]
    WithoutSource,
    /// More than one place to take it from.
    #[rule("image-with-two-sources", "`{second}` cannot be set together with `{first}`")]
    TwoSources { first: String, second: String },
    /// A part of the source's name is missing.
    #[rule("incomplete-image-source", "`{field}` is missing")]
    Incomplete { field: String },
    /// An id without text.
    #[rule("empty-image-id", "the image `id` is empty")]
    EmptyId,
    /// The owner of a gallery by half.
    #[rule("incomplete-gallery-owner", "`{missing}` is missing although `{present}` is set")]
    IncompleteOwner { missing: String, present: String },
}

pub(crate) fn check(check: &mut Check<'_>, image: &Field<'_>) {
    if !image.is_set() {
        return;
    }
    // `sharedGallery` is last: it is deprecated, so of two galleries it is the one to remove.
    let sources = ["id", "marketplace", "computeGallery", "sharedGallery"].map(|key| image.get(key));
    let set: Vec<_> = sources.iter().filter(|source| source.is_set()).collect();
    match set.as_slice() {
        [] => {
            check.refuse(image, &Image::WithoutSource).hint(
                "set one of `id`, `marketplace`, `computeGallery`, or remove `image` to get the provider's default image",
            );
        }
        [only] => one(check, only),
        [first, rest @ ..] => {
            for extra in rest {
                check.excludes(first, extra, |first, second| Image::TwoSources { first, second });
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
        check.needs_text(&source.get(key), |field| Image::Incomplete { field });
    }
    if needed.len() == 3 {
        let (subscription, group) = (source.get("subscriptionID"), source.get("resourceGroup"));
        match (subscription.is_set(), group.is_set()) {
            (true, false) => half(check, &group, &subscription),
            (false, true) => half(check, &subscription, &group),
            _ => {}
        }
    }
}

fn by_id(check: &mut Check<'_>, id: &Field<'_>) {
    if id.holds("") {
        check.refuse(id, &Image::EmptyId).hint("write the full id, `/subscriptions/…/providers/Microsoft.Compute/…`");
    }
}

fn half(check: &mut Check<'_>, missing: &Field<'_>, present: &Field<'_>) {
    check
        .refuse(missing, &Image::IncompleteOwner { missing: name(missing), present: name(present) })
        .hint("set both for a gallery of your own, neither for a community gallery");
}
