//! The world that the compiler may ask: files beside the spec, environment variables, the plugin host.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the environment")]

use std::io::Read;
use std::path::{Path, PathBuf};

use flatwright::{SpecFile, World};
use flatwright_ignition::butane;
use flatwright_plugin_host::Host;

use crate::args::Variables;
use crate::disk::{LimitedFile, read_limited};
use crate::fence::{Fence, Refused};
use crate::files_dir::FilesDir;
use crate::{plugin_host, plugin_root};

/// Files below the spec's directory, and the variables of this process's environment that a spec may read.
#[derive(Clone, Debug)]
pub(crate) struct Disk<'a> {
    /// What `--env` names.
    variables: &'a Variables,
}

impl<'a> Disk<'a> {
    /// A world with the variables that the command line allows.
    pub(crate) const fn new(variables: &'a Variables) -> Self {
        Self { variables }
    }

    /// Whether the command line names a lock.
    pub(crate) const fn names_lock(&self) -> bool {
        self.variables.lock.is_some()
    }
}

impl World for Disk<'_> {
    fn read_file(&self, base: &str, relative: &str) -> Result<Vec<u8>, String> {
        below(base, relative)?.read_all()
    }

    fn open_file(&self, base: &str, relative: &str) -> Result<Box<dyn Read>, String> {
        Ok(Box::new(below(base, relative)?))
    }

    fn open_plugin(&self, base: &str, relative: &str) -> Result<Box<dyn Read>, String> {
        plugin_root::reader(self.variables.root.as_deref(), base, relative)
    }

    fn files_dir(&self, base: &str, directory: &str) -> Option<Box<dyn butane::FilesDir>> {
        Some(Box::new(FilesDir::confined(&directory_of(base), directory)))
    }

    fn lock(&self, base: &str) -> Result<Option<SpecFile>, String> {
        let beside = directory_of(base).join(flatwright::LOCK_FILE);
        let path = self.variables.lock.as_deref().unwrap_or(&beside);
        // One that was named must be there.
        if self.variables.lock.is_none() && !path.exists() {
            return Ok(None);
        }
        let name = path.to_string_lossy().into_owned();
        let bytes = read_limited(path).map_err(|reason| format!("`{name}` cannot be read: {reason}"))?;
        Ok(Some(SpecFile { name, bytes }))
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|_| self.variables.allows(name))
    }

    fn is_withheld(&self, name: &str) -> bool {
        !self.variables.allows(name)
    }

    fn plugin_host(&self) -> Host {
        plugin_host::shared()
    }

    fn parallelism(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }
}

/// A world with another lock.
pub(crate) struct WithLock<'w> {
    world: &'w dyn World,
    name: &'w str,
    text: String,
}

impl<'w> WithLock<'w> {
    /// The same world, with a file of this name and text for a lock.
    pub(crate) fn new(world: &'w dyn World, name: &'w str, text: String) -> Self {
        Self { world, name, text }
    }
}

impl World for WithLock<'_> {
    fn read_file(&self, base: &str, relative: &str) -> Result<Vec<u8>, String> {
        self.world.read_file(base, relative)
    }

    fn open_file(&self, base: &str, relative: &str) -> Result<Box<dyn Read + '_>, String> {
        self.world.open_file(base, relative)
    }

    fn open_plugin(&self, base: &str, relative: &str) -> Result<Box<dyn Read + '_>, String> {
        self.world.open_plugin(base, relative)
    }

    fn files_dir(&self, base: &str, directory: &str) -> Option<Box<dyn butane::FilesDir + '_>> {
        self.world.files_dir(base, directory)
    }

    fn lock(&self, _: &str) -> Result<Option<SpecFile>, String> {
        Ok(Some(SpecFile { name: self.name.to_owned(), bytes: self.text.clone().into_bytes() }))
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.world.variable(name)
    }

    fn is_withheld(&self, name: &str) -> bool {
        self.world.is_withheld(name)
    }

    fn plugin_host(&self) -> Host {
        self.world.plugin_host()
    }

    fn parallelism(&self) -> usize {
        self.world.parallelism()
    }
}

/// A file that does not leave the directory of another.
fn below(base: &str, relative: &str) -> Result<LimitedFile, String> {
    let fence = Fence::open(&directory_of(base)).map_err(|error| error.to_string())?;
    let file = fence.file(Path::new(relative)).map_err(|refused: Refused| refused.words())?;
    LimitedFile::of(file)
}

fn directory_of(base: &str) -> PathBuf {
    Path::new(base).parent().unwrap_or(Path::new("")).to_owned()
}
