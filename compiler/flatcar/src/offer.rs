//! Flatcar's offers on the Azure marketplace.
//!
//! Owns: which offer has which architecture, generations and plan, the image of a channel, and what is wrong with a reference to one. Must not: know where
//! the reference was written; the caller anchors the findings.

use std::fmt;
use std::sync::LazyLock;

use flatwright_diagnostic::{Severity, nearest};
use flatwright_kubernetes::table::{Row, Table};

use crate::arch::Architecture;
use crate::release::{Channel, Release};

/// The marketplace publisher of every Flatcar image.
pub const PUBLISHER: &str = "kinvolk";

/// Whether Flatcar's images boot as Trusted Launch VMs: no, not even the generation 2 ones (flatcar/Flatcar#1249).
pub const SUPPORTS_TRUSTED_LAUNCH: bool = false;

/// The offers, and the SKUs of LTS lines, which hold the year and so change with each LTS.
pub static TABLE: Table = Table::new(include_str!("../../../facts/marketplace-offers.txt"));

/// Whether an offer is sold with a plan. CAPZ sends one exactly if `thirdPartyImage` is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// No plan: sending one makes Azure refuse the VM.
    Forbidden,
    /// A plan must be sent, and its terms accepted once per subscription.
    Required,
}

/// Which SKUs an offer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skus {
    /// `stable` is generation 1, `stable-gen2` generation 2; channels stable, beta, alpha and the LTS years.
    BothGenerations,
    /// `stable`, `beta`, `alpha` without suffix, generation 2 only, no LTS.
    PlainGeneration2,
    /// Not known, or none any more.
    Unlisted,
}

/// One marketplace offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its name.
    pub name: &'static str,
    /// The architecture of all its images, if it has any.
    pub architecture: Option<Architecture>,
    /// Whether it needs a plan.
    pub plan: Plan,
    /// Its SKUs.
    pub skus: Skus,
}

/// Every offer of the publisher, the preferred ones first.
pub static OFFERS: LazyLock<Vec<Offer>> = LazyLock::new(|| TABLE.section("offers").rows().map(Offer::read).collect());

impl Offer {
    fn read(row: Row) -> Self {
        Self {
            name: row.name,
            architecture: row.words().next().and_then(Architecture::from_name),
            plan: if row.has("plan") { Plan::Required } else { Plan::Forbidden },
            skus: match row.value("skus") {
                Some("both") => Skus::BothGenerations,
                Some("plain") => Skus::PlainGeneration2,
                _ => Skus::Unlisted,
            },
        }
    }
}

const DISCONTINUED: &str = "flatcar_pro";

/// A reference to a marketplace image without its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketplaceImage {
    /// Always [`PUBLISHER`].
    pub publisher: &'static str,
    /// The offer.
    pub offer: &'static str,
    /// The SKU.
    pub sku: &'static str,
    /// Whether `thirdPartyImage` must be true.
    pub needs_plan: bool,
}

/// There is no marketplace image for what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoImage {
    /// The Arm64 offer has no LTS.
    LtsOnArm64,
    /// The SKU of this release's LTS line is not in the table.
    UnknownLts(Release),
}

impl fmt::Display for NoImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LtsOnArm64 => f.write_str("the marketplace has no LTS image for `arm64`"),
            Self::UnknownLts(release) => write!(f, "the marketplace SKU of the LTS release `{release}` is not known"),
        }
    }
}

impl std::error::Error for NoImage {}

/// The offer of this name.
pub fn offer(name: &str) -> Option<&'static Offer> {
    OFFERS.iter().find(|offer| offer.name == name)
}

/// The image to use for a channel: generation 2, of the offer that needs no plan. With the channel `lts`, the release (if known) chooses the SKU; without
/// one, it is the newest LTS in the table.
///
/// # Errors
/// [`NoImage`] if the marketplace has none.
pub fn default_image(
    channel: Channel,
    release: Option<Release>,
    architecture: Architecture,
) -> Result<MarketplaceImage, NoImage> {
    let (offer, sku) = match (architecture, channel) {
        (Architecture::Amd64, Channel::Stable) => (&OFFERS[0], "stable-gen2"),
        (Architecture::Amd64, Channel::Beta) => (&OFFERS[0], "beta-gen2"),
        (Architecture::Amd64, Channel::Alpha) => (&OFFERS[0], "alpha-gen2"),
        (Architecture::Amd64, Channel::Lts) => (&OFFERS[0], lts_sku(release)?),
        (Architecture::Arm64, Channel::Stable) => (&OFFERS[1], "stable"),
        (Architecture::Arm64, Channel::Beta) => (&OFFERS[1], "beta"),
        (Architecture::Arm64, Channel::Alpha) => (&OFFERS[1], "alpha"),
        (Architecture::Arm64, Channel::Lts) => return Err(NoImage::LtsOnArm64),
    };
    Ok(MarketplaceImage { publisher: PUBLISHER, offer: offer.name, sku, needs_plan: offer.plan == Plan::Required })
}

/// The command that accepts the terms of an offer with a plan, once per subscription.
pub fn accept_terms_command(offer: &str, sku: &str) -> String {
    format!("az vm image terms accept --publisher {PUBLISHER} --offer {offer} --plan {sku}")
}

/// A reference to a marketplace image as someone wrote it.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// `publisher`.
    pub publisher: &'a str,
    /// `offer`.
    pub offer: &'a str,
    /// `sku`.
    pub sku: &'a str,
    /// `version`: a release, or `latest`.
    pub version: &'a str,
    /// `thirdPartyImage`: whether CAPZ sends a plan.
    pub is_third_party: bool,
}

/// One fact that speaks against a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The publisher has no such offer.
    UnknownOffer {
        /// The name written.
        offer: String,
    },
    /// The offer is not sold any more.
    Discontinued,
    /// The images of the offer are for another architecture than the machine.
    WrongArchitecture {
        /// The offer.
        offer: &'static str,
        /// What its images run on.
        has: Architecture,
        /// What the machine is.
        machine: Architecture,
    },
    /// The offer has no such SKU.
    UnknownSku {
        /// The offer.
        offer: &'static Offer,
        /// The SKU written.
        sku: String,
    },
    /// The offer needs a plan, and none is sent.
    PlanMissing {
        /// The offer.
        offer: &'static str,
    },
    /// The offer has no plan, and one is sent.
    PlanForbidden {
        /// The offer.
        offer: &'static str,
    },
    /// The terms of the plan must have been accepted: nothing is wrong, but nobody can see it from here.
    TermsNeeded {
        /// The offer.
        offer: &'static str,
        /// The SKU, which is the name of the plan.
        sku: String,
    },
    /// The version was released on another channel than the SKU's.
    OtherChannel {
        /// The version.
        release: Release,
        /// Where it was released.
        released_on: Channel,
        /// The SKU.
        sku: String,
    },
}

/// Which field of the reference a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `offer`.
    Offer,
    /// `sku`.
    Sku,
    /// `version`.
    Version,
    /// `thirdPartyImage`.
    ThirdPartyImage,
}

impl Field {
    /// The key in CAPZ's objects.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Sku => "sku",
            Self::Version => "version",
            Self::ThirdPartyImage => "thirdPartyImage",
        }
    }
}

impl Problem {
    /// What Azure makes of it: an error is refused when the VM is created.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::UnknownOffer { .. }
            | Self::Discontinued
            | Self::WrongArchitecture { .. }
            | Self::PlanMissing { .. }
            | Self::PlanForbidden { .. } => Severity::Error,
            // SKUs of a coming LTS and releases that move between channels are not in the table.
            Self::UnknownSku { .. } | Self::OtherChannel { .. } => Severity::Warning,
            Self::TermsNeeded { .. } => Severity::Note,
        }
    }

    /// The field to point at.
    pub const fn field(&self) -> Field {
        match self {
            Self::UnknownOffer { .. } | Self::Discontinued | Self::WrongArchitecture { .. } => Field::Offer,
            Self::UnknownSku { .. } => Field::Sku,
            Self::PlanMissing { .. } | Self::PlanForbidden { .. } | Self::TermsNeeded { .. } => Field::ThirdPartyImage,
            Self::OtherChannel { .. } => Field::Version,
        }
    }

    /// The fact in one line.
    pub fn message(&self) -> String {
        match self {
            Self::UnknownOffer { offer } => format!("publisher `{PUBLISHER}` has no offer `{offer}`"),
            Self::Discontinued => format!("offer `{DISCONTINUED}` is discontinued"),
            Self::WrongArchitecture { offer, has, machine } => {
                format!("offer `{offer}` has `{has}` images, but the machine is `{machine}`")
            }
            Self::UnknownSku { offer, sku } => format!("offer `{}` has no SKU `{sku}`", offer.name),
            Self::PlanMissing { offer } => {
                format!("offer `{offer}` is sold with a plan, but `thirdPartyImage` is not true, so none is sent")
            }
            Self::PlanForbidden { offer } => {
                format!("offer `{offer}` has no plan, but `thirdPartyImage` is true, so one is sent")
            }
            Self::TermsNeeded { offer, .. } => {
                format!("offer `{offer}` needs its terms accepted once in the subscription")
            }
            Self::OtherChannel { release, released_on, sku } => {
                format!("Flatcar `{release}` is a release of channel `{released_on}`, but the SKU is `{sku}`")
            }
        }
    }

    /// What to type.
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownOffer { offer } => match nearest(offer, OFFERS.iter().map(|offer| offer.name)) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("use `{}` for amd64 or `{}` for arm64", OFFERS[0].name, OFFERS[1].name),
            },
            Self::Discontinued => format!("use offer `{}`", OFFERS[0].name),
            Self::WrongArchitecture { machine, .. } => format!("use offer `{}`", preferred(*machine).name),
            Self::UnknownSku { offer, .. } => match offer.skus {
                Skus::PlainGeneration2 => "use `stable`, `beta` or `alpha`".into(),
                _ => "use `stable-gen2`, `beta-gen2`, `alpha-gen2` or `lts2024-gen2`".into(),
            },
            Self::PlanMissing { .. } => {
                format!("set `thirdPartyImage: true`, or use offer `{}`, which needs no plan", OFFERS[0].name)
            }
            Self::PlanForbidden { .. } => "remove `thirdPartyImage`".into(),
            Self::TermsNeeded { offer, sku } => format!("run `{}`", accept_terms_command(offer, sku)),
            Self::OtherChannel { released_on: Channel::Lts, .. } => "use the SKU of its LTS year".into(),
            Self::OtherChannel { released_on, .. } => format!("use the SKU of channel `{released_on}`"),
        }
    }
}

/// Everything that speaks against a reference on a machine of this architecture; nothing for other publishers.
pub fn check(reference: &Reference<'_>, machine: Option<Architecture>) -> Vec<Problem> {
    if reference.publisher != PUBLISHER {
        return Vec::new();
    }
    let Some(offer) = offer(reference.offer) else {
        return vec![Problem::UnknownOffer { offer: reference.offer.into() }];
    };
    if offer.name == DISCONTINUED {
        return vec![Problem::Discontinued];
    }
    let mut problems = Vec::new();
    if let (Some(has), Some(machine)) = (offer.architecture, machine)
        && has != machine
    {
        problems.push(Problem::WrongArchitecture { offer: offer.name, has, machine });
    }
    let channel = match sku_channel(offer.skus, reference.sku) {
        Ok(channel) => channel,
        Err(()) => {
            problems.push(Problem::UnknownSku { offer, sku: reference.sku.into() });
            None
        }
    };
    if let (Some(channel), Ok(release)) = (channel, reference.version.parse::<Release>())
        && let Some(released_on) = release.channel()
        && released_on != channel
    {
        problems.push(Problem::OtherChannel { release, released_on, sku: reference.sku.into() });
    }
    match (offer.plan, reference.is_third_party) {
        (Plan::Required, true) => {
            problems.push(Problem::TermsNeeded { offer: offer.name, sku: reference.sku.into() });
        }
        (Plan::Required, false) => problems.push(Problem::PlanMissing { offer: offer.name }),
        (Plan::Forbidden, true) => problems.push(Problem::PlanForbidden { offer: offer.name }),
        (Plan::Forbidden, false) => {}
    }
    problems
}

fn preferred(architecture: Architecture) -> &'static Offer {
    match architecture {
        Architecture::Amd64 => &OFFERS[0],
        Architecture::Arm64 => &OFFERS[1],
    }
}

fn lts_sku(release: Option<Release>) -> Result<&'static str, NoImage> {
    let mut lines = TABLE.section("lts").rows();
    let row = match release {
        Some(release) => lines.find(|row| row.name.parse() == Ok(release.major)).ok_or(NoImage::UnknownLts(release))?,
        None => lines.last().expect("invariant: a test reads an LTS line of the table"),
    };
    Ok(row.words().next().unwrap_or_default())
}

/// The channel of a SKU; `Ok(None)` where the offer's SKUs are not known.
fn sku_channel(skus: Skus, sku: &str) -> Result<Option<Channel>, ()> {
    let name = match skus {
        Skus::BothGenerations => sku.strip_suffix("-gen2").unwrap_or(sku),
        Skus::PlainGeneration2 => sku,
        Skus::Unlisted => return Ok(None),
    };
    match name {
        "stable" => Ok(Some(Channel::Stable)),
        "beta" => Ok(Some(Channel::Beta)),
        "alpha" => Ok(Some(Channel::Alpha)),
        _ if skus == Skus::BothGenerations && is_lts_year(name) => Ok(Some(Channel::Lts)),
        _ => Err(()),
    }
}

fn is_lts_year(name: &str) -> bool {
    name.strip_prefix("lts").is_some_and(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference<'a>(offer: &'a str, sku: &'a str) -> Reference<'a> {
        Reference { publisher: PUBLISHER, offer, sku, version: "latest", is_third_party: false }
    }

    #[test]
    fn the_default_image_of_every_channel_is_without_problems() {
        for architecture in Architecture::ALL {
            for channel in Channel::ALL {
                let Ok(image) = default_image(channel, None, architecture) else {
                    assert_eq!((channel, architecture), (Channel::Lts, Architecture::Arm64));
                    continue;
                };
                assert!(!image.needs_plan);
                assert_eq!(check(&reference(image.offer, image.sku), Some(architecture)), [], "{image:?}");
            }
        }
    }

    #[test]
    fn the_release_chooses_the_lts_sku() {
        let lts = |release: &str| default_image(Channel::Lts, release.parse().ok(), Architecture::Amd64);
        assert_eq!(lts("4081.3.10").unwrap().sku, "lts2024-gen2");
        assert_eq!(lts("5200.3.0"), Err(NoImage::UnknownLts("5200.3.0".parse().unwrap())));
    }

    #[test]
    fn each_problem_names_its_field_and_a_way_out() {
        let with_plan = |r: Reference<'static>| Reference { is_third_party: true, ..r };
        let at = |r: Reference<'static>, version| Reference { version, ..r };
        let amd64 = "flatcar-container-linux-corevm-amd64";
        let free = "flatcar-container-linux-free";
        let cases = [
            (reference("flatcar-container-linux-corevm-arm64", "stable"), Field::Offer, "did you mean"),
            (reference("flatcar_pro", "stable"), Field::Offer, "corevm-amd64"),
            (reference("flatcar-container-linux-corevm", "stable"), Field::Offer, "corevm-amd64"),
            (reference(amd64, "stable-gen3"), Field::Sku, "stable-gen2"),
            (with_plan(reference(amd64, "stable-gen2")), Field::ThirdPartyImage, "remove"),
            (reference(free, "stable-gen2"), Field::ThirdPartyImage, "thirdPartyImage: true"),
            (
                with_plan(reference(free, "beta")),
                Field::ThirdPartyImage,
                "--offer flatcar-container-linux-free --plan beta",
            ),
            (at(reference(amd64, "stable-gen2"), "4757.1.0"), Field::Version, "beta"),
        ];
        for (reference, field, hint) in cases {
            let problems = check(&reference, Some(Architecture::Amd64));
            assert_eq!(problems.len(), 1, "{reference:?}: {problems:?}");
            assert_eq!(problems[0].field(), field);
            assert!(problems[0].hint().contains(hint), "{}", problems[0].hint());
            assert!(!problems[0].message().ends_with('.'));
        }
    }

    #[test]
    fn other_publishers_are_not_judged() {
        let foreign = Reference { publisher: "cncf-upstream", ..reference("capi", "ubuntu") };
        assert_eq!(check(&foreign, Some(Architecture::Arm64)), []);
    }
}
