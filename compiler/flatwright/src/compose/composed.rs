//! What composing is asked and what it gives.

use std::sync::Arc;

use flatwright_capi::GroupTexts;
use flatwright_ignition::butane::FilesDir;
use flatwright_ignition::ignition3::{Config, to_json_pretty};
use flatwright_plan::Profile;

/// The files of a directory relative to the spec, if the world has any.
pub type Files<'w> = dyn Fn(&str) -> Option<Box<dyn FilesDir + 'w>> + 'w;

/// How to compose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whose way of writing is followed.
    pub profile: Profile,
    /// Whether experimental versions of the user's languages are taken.
    pub allows_experimental: bool,
}

/// The composed machine config of a node group.
#[derive(Clone, Debug)]
pub struct Composed {
    /// Bootstrap route: what goes into the objects.
    pub texts: GroupTexts,
    /// Stand-alone route: Ignition 3.x. Groups whose machine configs are alike share it.
    pub config: Arc<Config>,
}

impl Composed {
    /// The stand-alone Ignition config as JSON, ending in a newline.
    pub fn ignition(&self) -> String {
        let mut text = to_json_pretty(&*self.config);
        text.push('\n');
        text
    }
}
