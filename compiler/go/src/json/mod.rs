//! Package `encoding/json`: texts as Go's encoder writes them, and as its decoder reads them.

mod read;
mod write;

pub use read::{Document, MAX_DEPTH, Node, NodeRef, SyntaxError, Value, parse};
pub use write::{length_of, to_json, to_json_pretty};
