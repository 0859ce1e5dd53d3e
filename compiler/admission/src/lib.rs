//! What the webhooks of Cluster API, its Azure provider and its Helm add-on provider refuse, and what they let pass although it cannot work.
//!
//! Owns: the rules on manifests as JSON values. [`check_create`] and [`check_update`] look at one object, [`check_set`] at the objects of one cluster together.
//! Must not: judge unknown fields and types (the CRDs' schemas do), read a machine config's own content (`ignition` does), or look at the world.
//! Every finding names the field by its path in the object; the caller knows where that object came from.

mod check;
pub mod code;
mod contract;
mod defaults;
mod field;
mod kinds;
mod options;
mod rules;
mod selector;
mod set;
mod ssh;
mod syntax;
mod traps;
mod values_template;
mod verdict;

pub use defaults::defaulted;
pub use kinds::{KINDS, Kind, kind_of};
pub use options::{Gates, Options};
pub use rules::limits::ValueLimit;
pub use set::{KubernetesRelease, ObjectSet, UnresolvedReference, check_set, in_order};
pub use traps::Bootstrap;
pub use values_template::ValuesTemplate;
pub use verdict::{check_create, check_update};
