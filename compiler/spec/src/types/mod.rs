//! What a user may write: `flatwright.dev/v1alpha1` `FlatcarCluster`, one file per topic.
//!
//! Field names are CAPI's and CAPZ's own wherever the value is passed through, so that their documentation carries over. Doc comments become the schema's
//! descriptions.

mod addons;
mod azure;
mod cluster;
mod config;
mod disks;
mod group;
mod image;
mod kubeadm;
mod machine;
mod plugins;
mod text;

pub use addons::*;
pub use azure::*;
pub use cluster::*;
pub use config::*;
pub use disks::*;
pub use group::*;
pub use image::*;
pub use kubeadm::*;
pub use machine::*;
pub use plugins::*;
pub use text::*;

use flatwright_diagnostic::Traced;

/// An optional scalar with its origin.
pub type Maybe<T> = Option<Traced<T>>;
