//! YAML as Kubernetes' controllers read and write it.
//!
//! Owns: go-yaml v2's typing of plain scalars, strict reading into JSON values, and writing byte for byte. It exists because the bootstrap provider's
//! output is compared byte for byte, and `flatwright-yaml` writes for every reader instead.

mod emit;
mod read;
mod resolve;

pub use emit::{compare_keys, marshal};
pub use read::read;
