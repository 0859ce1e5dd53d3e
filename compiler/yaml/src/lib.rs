//! YAML in and YAML out: text → spanned [`Tree`]; [`Value`] → text.
//!
//! Owns: decoding bytes, the arena tree (text, style, tag and place of every node), the YAML 1.2 core scalar rules, ordered values with origins, emission
//! that every YAML 1.1 and 1.2 reader reads the same. It is the only crate that names a YAML library.
//! Must not: type a scalar on its own (each consumer has its own rules), report in the user's words (callers know what was expected), or do I/O.

mod decode;
mod emit;
mod json;
mod lines;
mod mistake;
mod parse;
mod pieces;
pub mod scalar;
mod tree;
mod value;

pub use decode::{DecodeError, decode};
pub use emit::{emit, emit_stream};
pub use json::emit_json;
pub use lines::LineIndex;
pub use mistake::SyntaxError;
pub use parse::{Limits, parse, parse_first};
pub use pieces::{Piece, join, parse_piece, pieces};
pub use tree::{Children, Entry, Kind, Node, Style, Tree};
pub use value::{Map, Value, ValueKind};
