//! Machine configs that the user wrote, carried as text to `compose`.

use flatwright_diagnostic::{Origin, SourceId};

/// The language of a machine config.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigFormat {
    /// Butane.
    Butane,
    /// Ignition 3.x.
    Ignition,
    /// Container Linux Config.
    Clc,
}

/// One machine config of the user.
#[derive(Clone, Debug, PartialEq)]
pub struct UserConfig {
    /// Its language.
    pub format: ConfigFormat,
    /// Its text. One that stands in a spec is padded so that its lines and columns are those of the spec.
    pub text: Vec<u8>,
    /// The directory of the file it stands in, relative to the spec; empty for that of the spec. Its local files are named from there.
    pub directory: String,
    /// The source that lines and columns count in.
    pub source: SourceId,
    /// Where the spec asks for it.
    pub origin: Origin,
}
