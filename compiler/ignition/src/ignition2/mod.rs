//! Ignition 2.3: types, JSON as Go writes it, and the validator of ignition 2.x.
//!
//! Owns: the model that the CLC translation makes and the bootstrap provider merges, its rules and its reports.
//! Must not: read CLC or know Ignition 3.x.
//!
//! API: [`Config`] (serde both ways; [`Config::to_json`] and [`Config::to_json_pretty`] give Go's bytes), [`check`] for the rules alone,
//! [`validate`] for a text as `ignition-validate` of the 2.x line judges it, [`schema`], and [`decode_data_url`] for the contents of a file.

mod data_url;
mod json_source;
pub(crate) mod model;
mod rules;
mod semver;
mod source_url;
mod texts;
mod types;
mod validate;
pub(crate) mod walk;

pub(crate) use flatwright_go::quote::quote as quote_go;

pub(crate) use semver::Version;

pub use crate::data_url::escaped as encode_data_url;
pub use data_url::decode as decode_data_url;
pub use validate::{Validation, validate};

pub use types::{
    CaReference, Config, ConfigReference, Create, Devices, Directory, Disk, File, FileContents, Filesystem, Ignition,
    IgnitionConfig, Link, Mount, Networkd, NetworkdDropin, NetworkdUnit, NodeOwner, Partition, Passwd, PasswdGroup,
    PasswdUser, Raid, Security, Storage, Systemd, SystemdDropin, Timeouts, Tls, Unit, UserCreate, Verification,
};

use crate::entry::Entry;
use crate::ignition2::model::Model as _;
use flatwright_go::json::{length_of, to_json, to_json_pretty};

/// The spec version of this model.
pub const VERSION: &str = "2.3.0";

impl Config {
    /// The JSON that Go's encoding/json writes for the config: one line without a newline at its end.
    pub fn to_json(&self) -> String {
        to_json(self)
    }

    /// How many bytes [`Self::to_json`] gives.
    pub fn json_length(&self) -> usize {
        length_of(self)
    }

    /// The same with two-space indentation, as `ct -pretty` prints it.
    pub fn to_json_pretty(&self) -> String {
        to_json_pretty(self)
    }
}

/// The findings of Ignition 2.3's rules on a config that has no source, so without positions.
pub fn check(config: &Config) -> Vec<Entry> {
    let mut walker = walk::Walker::new(None, false);
    config.visit(&mut walker, walk::Place::nowhere());
    walker.into_entries()
}

/// The JSON Schema of Ignition 2.3.
pub fn schema() -> serde_json::Value {
    let mut schema = Config::schema();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "Ignition 2.3".into();
    schema
}
