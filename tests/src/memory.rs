//! A world in memory.

use std::collections::{BTreeMap, BTreeSet};

use flatwright::{SpecFile, World};
use flatwright_ignition::butane::{FileKind, FilesDir};
use flatwright_plugin_host::Host;

/// Files and variables of a test.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Files by the path that a spec names.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Environment variables.
    pub variables: BTreeMap<String, String>,
}

const ABSENT: &str = "no such file or directory";

impl World for Memory {
    fn read_file(&self, _: &str, relative: &str) -> Result<Vec<u8>, String> {
        self.files.get(relative).cloned().ok_or_else(|| "No such file or directory (os error 2)".to_owned())
    }

    fn files_dir(&self, _: &str, directory: &str) -> Option<Box<dyn FilesDir + '_>> {
        let name = if directory.is_empty() { ".".to_owned() } else { directory.to_owned() };
        Some(Box::new(Directory { name, files: &self.files }))
    }

    fn lock(&self, _: &str) -> Result<Option<SpecFile>, String> {
        let bytes = self.files.get(flatwright::LOCK_FILE).cloned();
        Ok(bytes.map(|bytes| SpecFile { name: flatwright::LOCK_FILE.to_owned(), bytes }))
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn plugin_host(&self) -> Host {
        crate::host()
    }
}

/// A directory of the files, which has no links.
struct Directory<'m> {
    name: String,
    files: &'m BTreeMap<String, Vec<u8>>,
}

impl FilesDir for Directory<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.files.get(path).cloned().ok_or_else(|| format!("open {path}: {ABSENT}"))
    }

    fn stat(&self, path: &str) -> Result<FileKind, String> {
        match (self.files.contains_key(path), self.list(path)?.is_empty()) {
            (true, _) => Ok(FileKind::Regular { is_executable: false }),
            (false, false) => Ok(FileKind::Directory),
            (false, true) => Err(format!("stat {path}: {ABSENT}")),
        }
    }

    fn lstat(&self, path: &str) -> Result<FileKind, String> {
        self.stat(path)
    }

    fn list(&self, path: &str) -> Result<Vec<String>, String> {
        let below = self.files.keys().filter_map(|file| file.strip_prefix(path)?.strip_prefix('/'));
        let names: BTreeSet<&str> = below.filter_map(|rest| rest.split('/').next()).collect();
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    fn read_link(&self, path: &str) -> Result<String, String> {
        Err(format!("readlink {path}: invalid argument"))
    }
}
