//! YAML as Go's `yaml.v3` reads it: the same trees, positions, scalar types and error texts.
//!
//! Owns: bytes → text → tokens → [`Tree`], the scalar rules, and the collecting decoder's primitives.
//! Must not: know a format. Why not `flatwright-yaml`: Butane's verdict, its positions and its error lines follow the libyaml scanner of Go
//! (two tokens of look-ahead, 1,024-character keys, YAML 1.1 line breaks), which no YAML 1.2 library reproduces.

mod aliases;
mod error;
mod parse;
mod path;
mod quote;
mod raw;
mod read;
mod record;
mod resolve;
mod scan;
mod token;
mod tree;
mod yaml;

pub(crate) use aliases::AliasShare;
pub use error::SyntaxError;
pub use parse::parse_first;
pub(crate) use path::{Path, Segment};
pub use quote::quote;
pub(crate) use raw::{is_raw, raw_bytes};
pub(crate) use record::{Decoder, Field, Record, Unused, Value, is_in, record};
pub use resolve::{Resolved, resolve, short_tag};
pub(crate) use tree::{Content, Text};
pub use tree::{Kind, Node, NodeId, Style, Tree};
pub(crate) use yaml::YamlDecoder;
