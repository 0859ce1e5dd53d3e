//! What machine configs carry as texts.
//!
//! Owns: the way of findings about a text inside a text to a line of the file. Must not: have rules of its own; `flatcar` has them.

mod documents;
mod units;
mod written;

pub(crate) use units::{Locate, check};
pub(crate) use written::{Position, Written, limits};
