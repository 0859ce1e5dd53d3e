//! Where a value of the output came from: `explain SPEC PATH`.
//!
//! Owns: the written form of a place in the objects (`KIND[/NAME]:PATH`) or in a machine config ([`machine`]), and every origin in words. Must not: print, or guess: what has no origin says so.

mod machine;
mod objects;

pub use objects::explain;
