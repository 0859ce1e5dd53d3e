//! YAML as Go's `yaml.v2` reads and writes it on the way to and from JSON (`sigs.k8s.io/yaml` does nothing else).
//!
//! Owns: the types of scalars, trees → JSON values, and JSON values → text, byte for byte. Must not: know what the values are. By hand, not by
//! `flatwright-yaml`: that one writes for every reader and types nothing, while here the library's own mistakes count. Its scanner is that of `yaml.v3`.

mod emit;
mod problem;
mod read;
mod resolve;

pub use emit::{compare_keys, marshal};
pub use problem::Problem;
pub use read::{Node, Nodes, Reader, read};
pub use resolve::{Resolved, resolve, resolve_tagged};
