//! A world in memory.

use std::collections::BTreeMap;

use flatwright::World;
use flatwright_plugin_host::Host;

/// Files and variables of a test.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Files by the path that a spec names.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Environment variables.
    pub variables: BTreeMap<String, String>,
}

impl World for Memory {
    fn read_file(&self, _: &str, relative: &str) -> Result<Vec<u8>, String> {
        self.files.get(relative).cloned().ok_or_else(|| "No such file or directory (os error 2)".to_owned())
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn plugin_host(&self) -> Host {
        crate::host()
    }
}
