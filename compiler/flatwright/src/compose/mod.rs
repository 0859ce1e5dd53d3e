//! Parts → one machine config per node group, for both routes.
//!
//! Owns: the merged config of a group ([`merged`]), what the bootstrap route can say of it ([`bootstrap`]), the findings of the languages the user wrote in
//! ([`user`]). Must not: decide what a machine needs; lowering and plugins did.
//!
//! Both routes start from one [`Config`](flatwright_ignition::ignition3::Config) in Ignition 3 terms. The bootstrap route lowers it to Ignition 2.3 and writes that as Container Linux Config, byte-exact
//! on the node; the stand-alone route is the config itself.

mod bootstrap;
mod carried;
pub(crate) mod code;
mod compat;
mod composed;
mod flavor;
mod group;
mod merge;
mod merged;
mod parts;
mod rules;
mod translations;
mod user;

pub use composed::{Composed, Files, Style};
pub use group::compose;
pub(crate) use group::compose_within;
use group::refuse;
pub(crate) use parts::{Kinded, parts};
