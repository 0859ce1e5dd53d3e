//! Transfer files of systemd-sysupdate (sysupdate.d(5)).
//!
//! Owns: their keys, values, resources and patterns, and under which name a release finds them. Must not: know the bakery's content, or fetch anything.

mod check;
mod pattern;
mod resources;

pub use check::{TransferFile, check};
pub use pattern::{InvalidPattern, check_pattern};
