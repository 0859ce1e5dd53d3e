//! What a machine of a node group boots with: the emitted objects through the bootstrap provider and Flatcar's Ignition.
//!
//! Owns: which objects make which machine's bootstrap data, what of it a machine would refuse ([`check`]), how large it is ([`size`]), its readable forms ([`tree`], [`order`]), and one file of it ([`contents`]). Must not: render or translate itself (`bootstrap` and `ignition` do).
//!
//! What only the management cluster has – keys, tokens, the contents of Secrets – are stand-ins of realistic size.

pub(crate) mod check;
pub(crate) mod code;
mod contents;
mod first_boot;
mod machine;
mod objects;
mod order;
mod rules;
mod runtime;
mod size;
mod tree;
mod view;

pub(crate) use machine::forms;
use machine::render;
pub use machine::{Boot, Shown, Stage, boot, contents, tree};
use objects::ClusterObjects;
pub(crate) use size::excess;
