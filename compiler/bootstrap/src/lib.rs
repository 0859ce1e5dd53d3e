//! What the kubeadm bootstrap provider makes of a cluster's objects, and what a machine boots with.
//!
//! Owns: the objects → one machine's rendering [`Input`] ([`machine`]), kubeadm's documents ([`kubeadm`]), the provider's template and `Append`
//! ([`render`]), sizes and limits ([`budget`]), stand-ins for secrets ([`placeholders`]), and the debugging preview of all that ([`preview`]).
//! Must not: know the spec or the plan (it sees objects as the API server would), translate CLC or Ignition itself, or read a file.

mod append;
pub mod budget;
pub mod code;
mod input;
pub mod kubeadm;
pub mod machine;
pub mod placeholders;
pub mod preview;
mod provider;
mod render;
pub mod rules;
mod template;
mod unbootable;

pub use append::append;
pub use input::{DiskSetup, File, Filesystem, Input, Ntp, Partition, User};
pub use machine::{Failure, Role};
pub use provider::CapiVersion;
pub use render::{Renderer, Rendering, clc_text, render};
pub use unbootable::Unbootable;
