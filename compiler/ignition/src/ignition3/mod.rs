//! Ignition 3.x: the types of all versions in one set, JSON in and out, and the validator.
//!
//! Owns: spec 3.0.0 to 3.6.0 and 3.7.0-experimental. A field is left out of JSON where it is unset, so a config written for an old
//! version stays one; which version has which field stands in the tables.
//! Must not: know Butane. Positions and texts of findings are those of `ignition-validate`.

mod check;
mod duplicates;
mod merge;
mod parse;
mod paths;
mod report;
mod resource;
mod storage;
mod texts;
mod types;
mod url;
mod version;

pub(crate) use check::{Check, check};
pub use flatwright_go::json::{to_json, to_json_pretty};
pub(crate) use merge::{Keyed, Merge, Mixed, merge_lists};
pub use parse::{Parsed, parse, validate};
pub(crate) use parse::{locate, parse_as, position, walk};
pub(crate) use report::{Finding, Findings, Step};
pub use types::*;
pub use url::decode_data_url;
pub(crate) use version::Semver;
pub use version::Version;

/// The JSON Schema of one version.
pub fn schema(version: Version) -> serde_json::Value {
    use crate::codec::Value;
    let mut definitions = serde_json::Map::new();
    let root = Config::schema(version.minor(), &mut definitions);
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Ignition {}", version.as_str()),
        "$ref": root["$ref"],
        "$defs": definitions,
    })
}
