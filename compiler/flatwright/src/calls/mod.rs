//! The record of what plugins did.
//!
//! Owns: calls with their edits, and both as people read them. Must not: run a plugin, or know what a plan is.

mod call;
mod trace;

pub(crate) use call::lazy;
pub use call::{Call, Edit, Edits, Replaced};
