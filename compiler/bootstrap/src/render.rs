//! The whole rendering: template → CLC → Ignition 2.3, and the user's config appended.

use flatwright_ignition::ignition2::Config;

use crate::input::Input;
use crate::machine::Failure;
use crate::provider::CapiVersion;
use crate::{append, template};

/// What one machine's bootstrap Secret holds, and what it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendering {
    /// The provider's CLC; absent if the template failed.
    pub clc: Option<String>,
    /// The Ignition 2.3 config, or why there is none.
    pub ignition: Option<Config>,
    /// Warnings about the user's config, which only the controller's log shows.
    pub warnings: String,
    /// The provider's error.
    pub failure: Option<Failure>,
}

/// The provider's CLC text.
///
/// # Errors
/// The provider's message for mounts that its template cannot read.
pub fn clc_text(input: &Input, capi: CapiVersion) -> Result<String, Failure> {
    template::render(input, capi).map_err(|message| Failure::new(format!("rendering CLC configuration: {message}")))
}
