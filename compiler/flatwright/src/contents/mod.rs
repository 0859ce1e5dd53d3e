//! What machine configs carry as texts.
//!
//! Owns: the way of findings about a text inside a text to a line of the file, and for which release they are judged. Must not: have rules of its own; `flatcar` has them.

pub(crate) mod code;
pub(crate) mod containerd;
mod documents;
mod units;
mod written;

use flatwright_flatcar::release::Release;
use flatwright_plan::{Flavor, Image, NodeGroup, Plan};

pub(crate) use units::{Locate, check};
pub(crate) use written::{Position, Written, limits};

/// The release of a group's nodes, where the image's version is one.
pub(crate) fn release(group: &NodeGroup, plan: &Plan) -> Option<Release> {
    match &group.image {
        Image::Marketplace { version, .. } if plan.flavor.value == Flavor::Sysext => version.value.parse().ok(),
        _ => None,
    }
}
