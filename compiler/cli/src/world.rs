//! The world that the compiler may ask: files beside the spec, environment variables, the plugin host.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the environment")]

use std::io::Read;
use std::path::{Path, PathBuf};

use flatwright::World;
use flatwright_ignition::butane;
use flatwright_plugin_host::Host;

use crate::args::Variables;
use crate::disk::LimitedFile;
use crate::fence::{Fence, Refused};
use crate::files_dir::FilesDir;
use crate::plugin_host;

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
}

impl World for Disk<'_> {
    fn read_file(&self, base: &str, relative: &str) -> Result<Vec<u8>, String> {
        below(base, relative)?.read_all()
    }

    fn open_file(&self, base: &str, relative: &str) -> Result<Box<dyn Read>, String> {
        Ok(Box::new(below(base, relative)?))
    }

    fn files_dir(&self, base: &str, directory: &str) -> Option<Box<dyn butane::FilesDir>> {
        Some(Box::new(FilesDir::confined(&directory_of(base), directory)))
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

/// A file that does not leave the directory of another.
fn below(base: &str, relative: &str) -> Result<LimitedFile, String> {
    let fence = Fence::open(&directory_of(base)).map_err(|error| error.to_string())?;
    let file = fence.file(Path::new(relative)).map_err(|refused: Refused| refused.words())?;
    LimitedFile::of(file)
}

fn directory_of(base: &str) -> PathBuf {
    Path::new(base).parent().unwrap_or(Path::new("")).to_owned()
}
