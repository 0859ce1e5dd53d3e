//! What the compiler may ask of the world.

/// Files and environment variables. Implemented by the shell on disk, and by tests in memory.
pub trait World: Sync {
    /// Reads a file. `relative` is a path in a spec, `base` the name of that spec's file as the caller gave it.
    ///
    /// # Errors
    /// The reason in words, as the user will read it.
    fn read_file(&self, base: &str, relative: &str) -> Result<Vec<u8>, String>;

    /// The value of an environment variable that a spec names.
    fn variable(&self, name: &str) -> Option<String>;
}
