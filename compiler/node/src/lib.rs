//! What the first boot makes of a machine config: Ignition's stages, applied to a model of the node.
//!
//! Owns: the file tree, users and groups of a node ([`Node`]), what they are before ([`Base`]), the rules of applying ([`FirstBoot`]) and comparing two nodes.
//! Must not: validate a config, fetch anything, or know the spec, the plan, Cluster API or a place in a text.

mod accounts;
mod apply;
mod base;
pub mod code;
mod compare;
mod contents;
mod disks;
mod exposed;
mod failure;
mod item;
mod rule;
mod settings;
mod tree;

pub use accounts::{Group, User};
pub use apply::{Node, Unit, apply, before};
pub use base::{Base, NotABase};
pub use compare::{Change, Changes, compare};
pub use contents::Contents;
pub use disks::{Disk, Disks};
pub use failure::Failure;
pub use item::Item;
pub use rule::FirstBoot;
pub use tree::{Entry, Kind, Tree};
