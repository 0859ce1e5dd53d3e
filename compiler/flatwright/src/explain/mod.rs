//! Where a value of the output came from: `explain SPEC PATH`.
//!
//! Owns: the written form of a place in the objects (`KIND[/NAME]:PATH`) or in a machine config ([`machine`]), what a place in the spec becomes ([`becomes`]), and every origin in words. Must not: print, or guess: what has no origin says so.

mod becomes;
mod machine;
mod objects;

pub use objects::explain;
