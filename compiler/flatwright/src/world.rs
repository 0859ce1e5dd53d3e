//! What the compiler may ask of the world.

use flatwright_plugin_host::{Host, HostOptions};

/// Files and environment variables. Implemented by the shell on disk, and by tests in memory.
pub trait World: Sync {
    /// Reads a file. `relative` is a path in a spec, `base` the name of that spec's file as the caller gave it.
    ///
    /// # Errors
    /// The reason in words, as the user will read it.
    fn read_file(&self, base: &str, relative: &str) -> Result<Vec<u8>, String>;

    /// The value of an environment variable that a spec names.
    fn variable(&self, name: &str) -> Option<String>;

    /// The host that runs plugins; asked for only if a spec has any. The default compiles components in this process and keeps nothing.
    fn plugin_host(&self) -> Host {
        Host::new(HostOptions::default())
    }
}
