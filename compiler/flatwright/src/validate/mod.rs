//! Checks files that exist: specs, and what others wrote, of every kind that is known.
//!
//! Owns: telling the kinds apart, reading manifests as kubectl does, and the way of every checker's findings to a line of the file.
//! Must not: have rules of its own; each kind's rules are those of the crate that knows it. Must not read a file: texts come in.

mod carried;
pub(crate) mod code;
mod document;
mod file;
mod found;
mod inputs;
mod kind;
mod machine_config;
mod manifests;
mod objects;
mod old;
mod plugin;
mod rendered;
mod run;
mod schemas;
mod scopes;
mod seen;
mod template;
mod variables;

pub use inputs::Inputs;
pub use kind::Kind;
pub(crate) use old::read_objects;
pub use run::{SpecStyle, ValidateOptions, Validation, validate};
pub use schemas::Schemas;
pub use seen::read_manifests;
