//! The host: where plugins come from.

use std::sync::Arc;

use crate::cache::Trouble;
use crate::digest::Digest;
use crate::failure::Failure;
use crate::limits::Limits;
use crate::options::HostOptions;
use crate::plugin::{Plugin, Source};
use crate::shared::Shared;

/// Runs plugins. Cheap to make and to clone; nothing happens before the first plugin.
#[derive(Clone)]
pub struct Host {
    shared: Arc<Shared>,
}

impl Host {
    /// A host; no engine yet.
    pub fn new(options: HostOptions) -> Self {
        Self { shared: Arc::new(Shared::new(options)) }
    }

    /// A plugin whose component has this digest, if the store keeps it compiled; nobody has to read the component then.
    ///
    /// # Errors
    /// [`Failure`], as [`Host::load`].
    pub fn recall(&self, name: &str, digest: Digest, limits: &Limits) -> Result<Option<Plugin>, Failure> {
        Plugin::recall(&self.shared, name, digest, limits)
    }

    /// How many components are worth compiling at the same time, at most.
    pub fn compiles_at_once(&self) -> usize {
        self.shared.options.compiler.at_once().max(1)
    }

    /// Why compiled components are not kept, if they were meant to be.
    pub fn trouble(&self) -> Option<Trouble> {
        self.shared.options.artifacts.trouble()
    }

    /// Loads a plugin: finds it compiled, or checks what it is, compiles it, checks its types, and asks it to describe itself. May be called from several threads.
    ///
    /// # Errors
    /// [`Failure`]: one diagnostic about the plugin, or a failure of the machine.
    pub fn load(&self, source: Source<'_>) -> Result<Plugin, Failure> {
        Plugin::load(&self.shared, source)
    }
}
