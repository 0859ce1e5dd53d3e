//! Machine-config formats: Ignition 3.x and 2.3, Butane, CLC, and the translations between them.
//!
//! Owns: the types, the decoders with the original programs' own rules, validation, and what each original would report.
//! Must not: know a cluster, a spec or an API object, or read files itself (callers hand in a files directory as a trait object).

pub mod butane;
pub mod clc;
pub mod code;
mod data_url;
pub mod entry;

mod codec;
pub mod ignition2;
pub mod ignition3;
pub mod problem;
mod schemas;
pub mod texts;
pub mod translate;
mod unit_name;
mod unit_text;

pub use entry::{Entry, EntryKind};
pub use schemas::schemas;
