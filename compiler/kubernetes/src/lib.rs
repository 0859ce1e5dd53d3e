//! Texts and documents as Kubernetes reads them: names, labels, quantities, addresses, networks, versions and manifests.
//!
//! Owns: the grammars that the API server, Cluster API and its providers share. Must not: report (each consumer says what a text was for), or know any kind.

pub mod manifest;
pub mod name;
pub mod network;
mod quantity;
pub mod version;

pub use quantity::Quantity;
pub use version::Version;
