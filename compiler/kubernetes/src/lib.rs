//! Texts and documents as Kubernetes reads them: names, labels, quantities, addresses, networks, versions and manifests.
//!
//! Owns: the grammars that the API server, Cluster API and its providers share, and the tables of its components, kinds and releases. Must not: report (each consumer
//! says what a text was for), or know a kind but by its table.

pub mod chart_images;
pub mod component;
pub mod crds;
pub mod kubeadm_images;
pub mod manifest;
pub mod name;
pub mod network;
mod placeholder;
pub mod providers;
mod quantity;
pub mod range;
pub mod releases;
pub mod table;
pub mod version;

pub use placeholder::{certain_length, holds_placeholder, is_placeholder};
pub use quantity::Quantity;
pub use version::Version;
