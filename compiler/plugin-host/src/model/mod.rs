//! The values that cross the boundary, as plain Rust types: one module per file of the WIT package.
//!
//! Owns: the latest shape of everything a hook gets and gives. Written by hand with wasmtime's derives, so that calling a plugin of the latest version copies nothing
//! in between, and so that every field is documented. A test calls the frozen golden plugin of each released version, which fails on any difference to the WIT.
//! Must not: know the compiler's plan. The facade converts plan to model and back, and diffs.
//!
//! As JSON (traces, `plugin run`, test cases) keys are the WIT names in kebab-case, which is also what paths in findings use.

pub mod cluster;
pub mod findings;
pub mod images;
pub mod kubeadm;
pub mod log;
pub mod meta;
pub mod policy;
pub mod sysupdate;
