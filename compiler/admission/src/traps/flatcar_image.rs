//! The image of a machine against what is known of Flatcar's offers and galleries, and against the VM size.

use flatwright_diagnostic::{Part, Rule, Severity, nearest};
use flatwright_flatcar::arch::{Architecture, vm_architecture};
use flatwright_flatcar::gallery::{Gallery, community_gallery, is_dead};
use flatwright_flatcar::offer::{self, OFFERS, PUBLISHER, Problem, Reference, SUPPORTS_TRUSTED_LAUNCH};
use flatwright_kubernetes::version::Release;

use crate::check::Check;
use crate::field::Field;
use flatwright_kubernetes::is_placeholder;

/// Flatcar images that cannot start this machine.
#[derive(Debug, Rule)]
#[rule(group = "manifest-flatcar-image")]
pub(crate) enum FlatcarImage {
    /// An offer or SKU that the marketplace does not have.
    #[rule("unknown-flatcar-image", "{}", problem.message())]
    Unknown {
        image: String,
        #[rule(skip)]
        problem: Problem,
    },
    /// A plan where there is none, or none where there is one.
    #[rule("flatcar-image-plan", "{}", problem.message())]
    Plan {
        image: String,
        #[rule(skip)]
        problem: Problem,
    },
    /// Terms that somebody must accept.
    #[rule("flatcar-image-terms", "{}", problem.message())]
    Terms {
        image: String,
        #[rule(skip)]
        problem: Problem,
    },
    /// A release of another channel.
    #[rule("flatcar-image-channel", "{}", problem.message())]
    Channel {
        image: String,
        #[rule(skip)]
        problem: Problem,
    },
    /// An image in a machine that starts signed images only.
    #[rule("flatcar-trusted-launch", "Flatcar images do not boot with Trusted Launch")]
    TrustedLaunch,
    /// An image that the test gallery does not have.
    #[rule("missing-gallery-image", "the gallery `flatcar4capi` has no such image as `{image}`")]
    NotInGallery { image: String },
    /// The test gallery itself.
    #[rule("unmaintained-gallery", "the gallery `flatcar4capi` is no longer maintained")]
    UnmaintainedGallery,
}

/// Images and machines of two architectures.
#[derive(Debug, Rule)]
#[rule(group = "manifest-architecture-mismatch")]
pub(crate) enum ImageArchitecture {
    /// By the offer of the marketplace.
    #[rule("architecture-of-marketplace-image", "{}", problem.message())]
    Marketplace {
        image: String,
        #[rule(skip)]
        problem: Problem,
    },
    /// By the name in a gallery.
    #[rule("architecture-of-gallery-image", "`{size}` is an `{machine}` size, the image is for `{image}`")]
    Gallery { size: String, machine: Architecture, image: Architecture },
}

pub(crate) fn check(check: &mut Check<'_>, machine: &Field<'_>) {
    let (market, gallery) = (machine.get("image.marketplace"), machine.get("image.computeGallery"));
    let is_market = market.get("publisher").holds(PUBLISHER);
    if is_market {
        marketplace(check, &market, machine);
    } else {
        architectures(check, machine, &gallery);
    }
    dead_gallery(check, &gallery, None);
}

/// Whether the image of a gallery has Flatcar in its name.
pub(crate) fn names_flatcar(machine: &Field<'_>) -> bool {
    let gallery = machine.get("image.computeGallery");
    ["gallery", "name"].iter().any(|key| gallery.get(key).text_or_empty().to_ascii_lowercase().contains("flatcar"))
}

/// Whether a machine starts from a Flatcar image, as far as names tell, and so cannot be a Trusted Launch machine.
pub(crate) fn trusted_launch(check: &mut Check<'_>, machine: &Field<'_>) {
    let is_flatcar = machine.get("image.marketplace.publisher").holds(PUBLISHER) || names_flatcar(machine);
    let security = machine.get("securityProfile.securityType");
    if !SUPPORTS_TRUSTED_LAUNCH && is_flatcar && security.holds("TrustedLaunch") {
        check
            .warn(&security, &FlatcarImage::TrustedLaunch)
            .note("admission lets it pass; Azure refuses to create the machine from this image")
            .hint("remove `securityType: TrustedLaunch` and its `uefiSettings`");
    }
}

fn marketplace(check: &mut Check<'_>, market: &Field<'_>, machine: &Field<'_>) {
    let text = |key: &'static str| market.get(key).text_or_empty();
    if ["offer", "sku", "version"].iter().any(|key| text(key).is_empty() || is_placeholder(text(key))) {
        return;
    }
    let reference = Reference {
        publisher: PUBLISHER,
        offer: text("offer"),
        sku: text("sku"),
        version: text("version"),
        is_third_party: market.get("thirdPartyImage").is_true(),
    };
    for problem in offer::check(&reference, vm_architecture(machine.get("vmSize").text_or_empty())) {
        let place = market.get(problem.field().key());
        let is_refused = problem.severity() == Severity::Error;
        let hint = problem.hint();
        let image = format!("{}:{}:{}", reference.offer, reference.sku, reference.version);
        let is_misspelt =
            matches!(problem, Problem::UnknownOffer { .. }) && nearest(reference.offer, offers()).is_some();
        // Admission takes it, so it is not an error here; the spec's own check of the same table says error.
        let finding = match problem {
            Problem::WrongArchitecture { .. } => check.warn(&place, &ImageArchitecture::Marketplace { image, problem }),
            Problem::UnknownOffer { .. } | Problem::Discontinued | Problem::UnknownSku { .. } => {
                check.warn(&place, &FlatcarImage::Unknown { image, problem })
            }
            Problem::PlanMissing { .. } | Problem::PlanForbidden { .. } => {
                check.warn(&place, &FlatcarImage::Plan { image, problem })
            }
            Problem::TermsNeeded { .. } => check.add(Severity::Note, &place, &FlatcarImage::Terms { image, problem }),
            Problem::OtherChannel { .. } => check.warn(&place, &FlatcarImage::Channel { image, problem }),
        };
        if is_refused {
            finding.note("admission lets it pass; Azure refuses to create the machine");
        }
        if is_misspelt {
            finding.did_you_mean(reference.offer, Part::Value, offers());
        } else {
            finding.hint(hint);
        }
    }
}

fn offers() -> impl Iterator<Item = &'static str> + Clone {
    OFFERS.iter().map(|offer| offer.name)
}

/// A gallery's image says its architecture in its name, if at all.
fn architectures(check: &mut Check<'_>, machine: &Field<'_>, gallery: &Field<'_>) {
    let size = machine.get("vmSize");
    if let (Some(image), Some(own)) = (named_architecture(gallery), vm_architecture(size.text_or_empty()))
        && image != own
    {
        check
            .warn(&size, &ImageArchitecture::Gallery { size: size.shown(), machine: own, image })
            .note("admission lets it pass; Azure refuses to create the machine")
            .hint(match own {
                Architecture::Arm64 => "use an arm64 image, or a size without the letter `p`",
                Architecture::Amd64 => "use an amd64 image, or a size with the letter `p`, such as `Standard_D4ps_v5`",
            });
    }
}

fn named_architecture(gallery: &Field<'_>) -> Option<Architecture> {
    let name = gallery.get("name").text_or_empty();
    Architecture::ALL.into_iter().find(|architecture| name.split('-').any(|word| word == architecture.name()))
}

/// The architecture of a machine: its size's, or else its image's.
pub(crate) fn architecture(machine: &Field<'_>) -> Option<Architecture> {
    vm_architecture(machine.get("vmSize").text_or_empty())
        .or_else(|| offer::offer(machine.get("image.marketplace.offer").text_or_empty())?.architecture)
        .or_else(|| named_architecture(&machine.get("image.computeGallery")))
}

/// The Kubernetes version in an image name such as `flatcar-stable-amd64-capi-v1.26.0`.
pub(crate) fn baked_version(gallery: &Field<'_>) -> Option<Release> {
    let (_, version) = gallery.get("name").text_or_empty().rsplit_once("-capi-v")?;
    Release::parse_strict(version)
}

/// Reports images that the test gallery of the `flatcar` flavor does not have, for a group's version if it is known.
pub(crate) fn dead_gallery(check: &mut Check<'_>, gallery: &Field<'_>, version: Option<Release>) {
    let (name, image) = (gallery.get("gallery"), gallery.get("name"));
    if community_gallery(name.text_or_empty()) != Some(Gallery::FlatcarForCapi) {
        return;
    }
    const HINT: &str = "use the marketplace image with Kubernetes as a system extension, or an image of your own";
    const NOTE: &str = "it was made for tests, and ended with Kubernetes v1.26";
    if is_dead(name.text_or_empty(), image.text_or_empty(), version) {
        check.warn(&image, &FlatcarImage::NotInGallery { image: image.shown() }).note(NOTE).hint(HINT);
    } else if version.is_none() {
        check.warn(&name, &FlatcarImage::UnmaintainedGallery).note(NOTE).hint(HINT);
    }
}
