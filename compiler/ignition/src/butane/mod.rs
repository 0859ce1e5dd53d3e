//! Butane → Ignition 3, with the verdicts, the reports and the JSON of Butane 0.29.
//!
//! Owns: the types of `flatcar` 1.0.0 to 1.2.0-experimental and `fcos` 1.0.0 to 1.8.0-experimental, their checks and their translation.
//! Must not: do I/O (a [`FilesDir`] is handed in) or know what Ignition allows (that is `ignition3`).

mod boot;
mod check;
mod failure;
mod files;
mod header;
mod lower;
mod mount;
mod nodes;
mod origins;
mod quadlet;
pub mod report;
mod resource;
mod texts;
mod translate;
mod trees;
pub mod types;
mod version;

pub use failure::{Failure, Refused};
pub use files::{Below, FileKind, FilesDir};
pub use translate::{Options, Parsed, Translation, parse, translate};
pub use version::{Variant, Version};

/// The JSON Schema of one variant and version.
pub fn schema(version: Version) -> serde_json::Value {
    use crate::codec::Value;
    let mut definitions = serde_json::Map::new();
    let root = if version.has_boot_device() {
        types::FcosConfig::schema(version.base(), &mut definitions)
    } else {
        types::Config::schema(version.base(), &mut definitions)
    };
    let name = root["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned();
    if let Some(config) = definitions.get_mut(&name) {
        config["type"] = "object".into();
        config["required"] = serde_json::json!(["variant", "version"]);
        config["properties"]["variant"]["const"] = version.variant_str().into();
        config["properties"]["version"]["const"] = version.as_str().into();
    }
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Butane {} {}", version.variant_str(), version.as_str()),
        "$ref": root["$ref"],
        "$defs": definitions,
    })
}
