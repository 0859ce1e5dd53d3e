//! Package `encoding/json`: texts as Go's encoder writes them.

mod write;

pub use write::{length_of, to_json, to_json_pretty};
