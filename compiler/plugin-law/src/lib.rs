//! The law for plugins: what an answer and settings may hold.
//!
//! Owns: which rule of the spec holds for which field of an answer, the field's name in a finding, the texts that records stand for, and what the settings' schema says in plain
//! words. Must not: have rules of its own for what a spec may hold (the spec's types, [`flatwright_spec::law`] and `flatcar` have them), judge what the plugin left as it was, or know where anything was
//! written: a compile, `plugin test`, `plugin check` and `plugin run` ask the same question here.

mod code;
mod images;
mod judge;
mod kubeadm;
pub mod labels;
pub mod mask;
pub mod path;
mod plain;
mod rule;
mod sample;
pub mod secrets;
pub mod settings;
mod shape;
mod sysupdate;
pub mod texts;

pub use code::codes;
pub use judge::{Facts, Judge, Judged, Refusal, judge};
pub use sample::Sample;
pub use shape::{shortened, steps_that_can_be};
