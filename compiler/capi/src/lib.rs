//! Cluster API, CAPZ and add-on objects: their types in contract v1beta2, the v1beta1 view of the same objects, and their emission from the plan.
//!
//! Owns: what an object looks like, the order in which objects can be applied, content-hashed names, patches.
//! Must not: read a spec, know a machine config beyond its text, or judge an object (that is `admission`'s business).

pub mod code;
mod contract;
mod emit;
mod name;
mod object;
mod patch;
mod rules;
pub mod types;
pub mod wire;

pub use contract::{Contract, to_v1beta1};
pub use emit::{GroupTexts, emit, survives_as_content};
pub use name::{TemplateNames, name};
pub use object::{Object, Subject};
pub use patch::{is_patched, patch};
pub use types::KINDS;

/// The JSON Schema of every kind that the compiler emits, by file name stem: `cluster-v1beta2`, `azuremachinetemplate-v1beta1`, …
pub fn schemas() -> Vec<(&'static str, serde_json::Value)> {
    types::schemas()
}
