//! The world that the compiler may ask: files beside the spec, environment variables, the plugin host.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the environment")]

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use flatwright::World;
use flatwright_ignition::butane;
use flatwright_plugin_host::Host;

use crate::disk::{LimitedFile, read_limited};
use crate::files_dir::FilesDir;
use crate::plugin_host;

/// Files below the spec's directory, and this process's environment.
#[derive(Debug)]
pub(crate) struct Disk;

impl World for Disk {
    fn read_file(&self, base: &str, relative: &str) -> Result<Vec<u8>, String> {
        read_limited(&below(base, relative)?)
    }

    fn open_file(&self, base: &str, relative: &str) -> Result<Box<dyn Read>, String> {
        Ok(Box::new(LimitedFile::open(&below(base, relative)?)?))
    }

    fn files_dir(&self, base: &str, directory: &str) -> Option<Box<dyn butane::FilesDir>> {
        Some(Box::new(FilesDir::confined(&beside(base, Path::new(directory)))))
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn plugin_host(&self) -> Host {
        plugin_host::shared()
    }

    fn parallelism(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }
}

/// A path that does not leave the directory of a file.
fn below(base: &str, relative: &str) -> Result<PathBuf, String> {
    let relative = Path::new(relative);
    if relative.components().any(|component| !matches!(component, Component::Normal(_) | Component::CurDir)) {
        return Err("it is outside the spec's directory".to_owned());
    }
    Ok(beside(base, relative))
}

/// A path relative to a file.
fn beside(base: &str, relative: &Path) -> PathBuf {
    Path::new(base).parent().unwrap_or(Path::new("")).join(relative)
}
