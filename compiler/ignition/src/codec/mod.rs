//! Structs as Go's decoders fill them: the record codec, and the decoder over YAML.
//!
//! Owns: [`record!`], what a record's table gives (decoder, unused keys, output, schema), and the paths of its checks. Must not: scan or type a text: that is
//! Go's, in `flatwright-go`.

mod path;
mod record;
mod yaml;

pub(crate) use path::{Path, Segment};
pub(crate) use record::{Decoder, Field, Record, Unused, Value, is_in, record};
pub(crate) use yaml::YamlDecoder;
