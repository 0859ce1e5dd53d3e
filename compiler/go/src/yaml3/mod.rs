//! YAML as Go's `yaml.v3` reads it: the same trees, positions, scalar types and error texts.
//!
//! Owns: bytes → text → tokens → [`Tree`], and the scalar rules. Must not: know a format, or decode into one. By hand, not by `flatwright-yaml`: the
//! verdict, the positions and the error lines follow the libyaml scanner of Go (two tokens of look-ahead, 1,024-character keys, YAML 1.1 line breaks),
//! which no YAML 1.2 library reproduces.

mod aliases;
mod error;
mod parse;
mod raw;
mod read;
mod resolve;
mod scan;
mod token;
mod tree;

pub use aliases::AliasShare;
pub use error::SyntaxError;
pub use parse::{parse_all, parse_first};
pub use raw::{is_raw, raw_bytes, raw_text};
pub use resolve::{Resolved, resolve, short_tag};
pub use tree::{Content, Kind, Node, NodeId, Style, Text, Tree};
