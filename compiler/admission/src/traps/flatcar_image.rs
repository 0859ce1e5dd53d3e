//! What is known of Flatcar's marketplace offers and galleries: architecture, purchase plan, and what no longer exists.

use crate::check::Check;
use crate::code::{ARCHITECTURE_MISMATCH, FLATCAR_IMAGE};
use crate::field::Field;
use crate::traps::vm_size::{self, Architecture};

const PUBLISHER: &str = "kinvolk";

/// Whether an offer is sold with a purchase plan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plan {
    None,
    Needed,
}

/// The offers of Flatcar's publisher (flatcar.org, "Running Flatcar on Microsoft Azure").
const OFFERS: &[(&str, Architecture, Plan)] = &[
    ("flatcar-container-linux-corevm-amd64", Architecture::X64, Plan::None),
    ("flatcar-container-linux-corevm", Architecture::Arm64, Plan::None),
    ("flatcar-container-linux-free", Architecture::X64, Plan::Needed),
    ("flatcar-container-linux", Architecture::X64, Plan::Needed),
];

pub(crate) fn check(check: &mut Check<'_>, machine: &Field<'_>) {
    let market = machine.get("image.marketplace");
    if market.get("publisher").holds(PUBLISHER) {
        marketplace(check, &market, machine);
    }
    let gallery = machine.get("image.computeGallery");
    dead_gallery(check, &gallery);
    let is_flatcar = market.get("publisher").holds(PUBLISHER)
        || ["gallery", "name"].iter().any(|key| gallery.get(key).text_or_empty().to_lowercase().contains("flatcar"));
    let security = machine.get("securityProfile.securityType");
    if is_flatcar && security.holds("TrustedLaunch") {
        check
            .error(FLATCAR_IMAGE, &security, "Flatcar images do not support Trusted Launch")
            .note("Azure refuses to create the machine from this image")
            .hint("remove `securityType: TrustedLaunch` and its `uefiSettings`");
    }
    if let Some(image) = architecture(machine)
        && let Some(size) = vm_size::architecture(machine.get("vmSize").text_or_empty())
        && size != image
    {
        let field = machine.get("vmSize");
        check
            .error(
                ARCHITECTURE_MISMATCH,
                &field,
                format!("`{}` is an {} size, the image is for {}", field.shown(), size.name(), image.name()),
            )
            .note("Azure refuses to create the machine")
            .hint(match size {
                Architecture::Arm64 => "use the offer `flatcar-container-linux-corevm` (Arm64), or a size without `p`",
                Architecture::X64 => "use the offer `flatcar-container-linux-corevm-amd64`, or a size with `p`, such as `Standard_D4ps_v5`",
            });
    }
}

/// The architecture of a machine's image, where its name tells.
pub(crate) fn architecture(machine: &Field<'_>) -> Option<Architecture> {
    let market = machine.get("image.marketplace");
    if market.get("publisher").holds(PUBLISHER) {
        return OFFERS
            .iter()
            .find(|(offer, ..)| market.get("offer").holds(offer))
            .map(|(_, architecture, _)| *architecture);
    }
    let name = machine.get("image.computeGallery.name").text_or_empty();
    match () {
        () if name.contains("amd64") => Some(Architecture::X64),
        () if name.contains("arm64") => Some(Architecture::Arm64),
        () => None,
    }
}

fn marketplace(check: &mut Check<'_>, market: &Field<'_>, machine: &Field<'_>) {
    let (offer, sku) = (market.get("offer"), market.get("sku"));
    let text = offer.text_or_empty();
    if text.is_empty() || crate::syntax::is_placeholder(text) {
        return;
    }
    let Some((_, architecture, plan)) = OFFERS.iter().find(|(name, ..)| *name == text) else {
        unknown_offer(check, &offer, machine);
        return;
    };
    let third_party = market.get("thirdPartyImage");
    match plan {
        Plan::None if third_party.is_true() => {
            check
                .error(FLATCAR_IMAGE, &third_party, format!("the offer `{text}` has no purchase plan"))
                .note("with `thirdPartyImage: true` CAPZ sends a plan, and Azure refuses the machine")
                .hint("remove `thirdPartyImage`");
        }
        Plan::Needed if !third_party.is_true() => {
            check
                .error(FLATCAR_IMAGE, &third_party, format!("the offer `{text}` needs its purchase plan"))
                .note("without `thirdPartyImage: true` CAPZ sends no plan, and Azure answers `VMMarketplaceInvalidInput`")
                .hint("use the offer `flatcar-container-linux-corevm-amd64`, which has no plan, or set `thirdPartyImage: true`");
        }
        Plan::Needed => {
            check
                .note(
                    FLATCAR_IMAGE,
                    &offer,
                    format!("the terms of the offer `{text}` must be accepted once per subscription"),
                )
                .hint(format!(
                    "run `az vm image terms accept --publisher {PUBLISHER} --offer {text} --plan {}`",
                    sku.shown()
                ));
        }
        Plan::None => {}
    }
    let name = sku.text_or_empty();
    if *architecture == Architecture::Arm64 && name.ends_with("-gen2") {
        check
            .error(FLATCAR_IMAGE, &sku, format!("the offer `{text}` has no sku `{name}`"))
            .note("Arm64 images are generation 2 only and have no suffix")
            .hint(format!("write `sku: {}`", name.trim_end_matches("-gen2")));
    }
}

fn unknown_offer(check: &mut Check<'_>, offer: &Field<'_>, machine: &Field<'_>) {
    let text = offer.text_or_empty();
    let is_arm = text.contains("arm64")
        || vm_size::architecture(machine.get("vmSize").text_or_empty()) == Some(Architecture::Arm64);
    let better = if is_arm { "flatcar-container-linux-corevm" } else { "flatcar-container-linux-corevm-amd64" };
    let what = if text == "flatcar_pro" { "is discontinued" } else { "does not exist" };
    check
        .error(FLATCAR_IMAGE, offer, format!("Flatcar's offer `{text}` {what}"))
        .note("Azure answers `PlatformImageNotFound`")
        .hint(format!("use `{better}`"));
}

/// The last Kubernetes version of the gallery that CAPZ's `flatcar` flavor names.
pub(crate) const LAST_IN_DEAD_GALLERY: (u64, u64, u64) = (1, 26, 0);

/// The Kubernetes version in an image name such as `flatcar-stable-amd64-capi-v1.26.0`.
pub(crate) fn baked_version(gallery: &Field<'_>) -> Option<crate::version::Version> {
    let (_, version) = gallery.get("name").text_or_empty().rsplit_once("-capi-v")?;
    crate::version::Version::parse(version)
}

pub(crate) fn is_dead_gallery(gallery: &Field<'_>) -> bool {
    gallery.get("gallery").text_or_empty().starts_with("flatcar4capi-")
}

fn dead_gallery(check: &mut Check<'_>, gallery: &Field<'_>) {
    if !is_dead_gallery(gallery) {
        return;
    }
    let name = gallery.get("name");
    let is_gone = baked_version(gallery).is_some_and(|v| (v.major, v.minor, v.patch) > LAST_IN_DEAD_GALLERY);
    if is_gone {
        check
            .error(FLATCAR_IMAGE, &name, format!("the gallery `flatcar4capi` has no image `{}`", name.shown()))
            .note("it was a test gallery and ends with Kubernetes v1.26.0")
            .hint("use the marketplace image with Kubernetes as a system extension, or an image of your own");
    } else {
        check
            .warning(FLATCAR_IMAGE, &gallery.get("gallery"), "the gallery `flatcar4capi` is no longer maintained")
            .note("it was a test gallery and ends with Kubernetes v1.26.0")
            .hint("use the marketplace image with Kubernetes as a system extension, or an image of your own");
    }
}
