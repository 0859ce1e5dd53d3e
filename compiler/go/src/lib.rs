//! Texts as Go's standard library reads and writes them, because the programs that a cluster meets are written in Go.
//!
//! Owns: what more than one crate needs. Must not: know what a text is for.

pub mod duration;
