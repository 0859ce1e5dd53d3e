//! Texts and documents as Kubernetes reads them: names, labels, quantities, addresses, networks, versions and manifests.
//!
//! Owns: the grammars that the API server, Cluster API and its providers share, and the tables of its components and releases. Must not: report (each consumer says what a text was for), or know any kind.

pub mod component;
pub mod manifest;
pub mod name;
pub mod network;
pub mod providers;
mod quantity;
pub mod releases;
pub mod table;
pub mod version;

pub use quantity::Quantity;
pub use version::Version;
