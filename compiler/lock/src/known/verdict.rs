//! Whether a machine can boot an image, as far as the lists describe it.

use flatwright_diagnostic::Rule;
use flatwright_flatcar::arch::Architecture;

use super::azure::Image;

/// What a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine<'m> {
    /// Its size.
    pub size: &'m str,
    /// Its processors.
    pub architecture: Architecture,
    /// Whether machines of generation 1 and 2 can be made of the size, where that is known.
    pub generations: [Option<bool>; 2],
    /// Whether disks are attached by NVMe only.
    pub is_nvme_only: Option<bool>,
    /// Whether a plan is sent.
    pub sends_plan: bool,
}

/// An image that does not fit.
#[derive(Debug, PartialEq, Eq, Rule)]
#[rule(group = "image-unfit")]
pub enum Unfit {
    /// Other processors.
    #[rule("image-architecture", "image `{image}` is for `{has}`, and the machines are `{wanted}`")]
    Architecture {
        /// The image.
        image: String,
        /// What it is for.
        has: Architecture,
        /// What the machines are.
        wanted: Architecture,
    },
    /// A generation that the size does not have.
    #[rule("image-generation", "image `{image}` is of generation {generation}, which VM size `{size}` does not have")]
    Generation {
        /// The image.
        image: String,
        /// Its generation.
        generation: &'static str,
        /// The size.
        size: String,
    },
    /// Disks by NVMe only, and an image that does not take them.
    #[rule(
        "image-without-nvme",
        "VM size `{size}` attaches disks by NVMe only, which image `{image}` does not name among its features"
    )]
    Nvme {
        /// The image.
        image: String,
        /// The size.
        size: String,
    },
    /// A plan that is not sent.
    #[rule("image-plan-missing", "image `{image}` is sold with a plan, and none is sent")]
    PlanMissing {
        /// The image.
        image: String,
    },
    /// A plan that there is not.
    #[rule("image-plan-forbidden", "image `{image}` has no plan, and one is sent")]
    PlanForbidden {
        /// The image.
        image: String,
    },
}

/// What speaks against an image for a machine. What is not known does not.
pub fn verdict(image: &Image, machine: &Machine<'_>) -> Vec<Unfit> {
    let name = || image.name.clone();
    let mut found = Vec::new();
    if let Some(has) = image.architecture.filter(|has| *has != machine.architecture) {
        found.push(Unfit::Architecture { image: name(), has, wanted: machine.architecture });
    }
    if let Some(generation) = image.generation {
        let index = usize::from(generation == "V2");
        if machine.generations[index] == Some(false) {
            found.push(Unfit::Generation { image: name(), generation, size: machine.size.to_owned() });
        }
    }
    if machine.is_nvme_only == Some(true) && image.takes_nvme == Some(false) {
        found.push(Unfit::Nvme { image: name(), size: machine.size.to_owned() });
    }
    match (image.has_plan, machine.sends_plan) {
        (Some(true), false) => found.push(Unfit::PlanMissing { image: name() }),
        (Some(false), true) => found.push(Unfit::PlanForbidden { image: name() }),
        _ => {}
    }
    found
}

/// The command that accepts the terms of an image's plan, once in a subscription.
pub fn terms(image: &Image) -> Option<String> {
    let parts: Vec<&str> = image.name.split('/').collect();
    match (image.has_plan, &parts[..]) {
        (Some(true), [publisher, offer, sku]) => {
            Some(format!("az vm image terms accept --publisher {publisher} --offer {offer} --plan {sku}"))
        }
        _ => None,
    }
}
