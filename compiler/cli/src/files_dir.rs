//! The files directory on disk, with the words that Go programs use for what fails.
//!
//! Owns: reading below `--files-dir`, where links are followed as the originals follow them, and below the directory of a spec, which links cannot leave.
//! What leads outside by its name alone was refused before.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the world")]

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flatwright_go::path::clean;
use flatwright_ignition::butane::{self, FileKind};
use flatwright_ignition::clc;
use flatwright_ignition::problem::LocalFile;

/// A directory by the name that the user gave.
pub(crate) struct FilesDir {
    name: String,
    /// What links cannot leave, without links in it itself.
    fence: Option<PathBuf>,
}

impl FilesDir {
    pub(crate) fn new(path: &Path) -> Self {
        Self { name: path.to_string_lossy().into_owned(), fence: None }
    }

    /// One that links cannot leave: whoever compiles a spec may not be the one who wrote it.
    pub(crate) fn confined(path: &Path) -> Self {
        let here = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        // A directory that is not there has nothing in it; the first look into it says so.
        Self { fence: fs::canonicalize(here).ok(), ..Self::new(here) }
    }

    /// Refuses a path that leads outside through a link.
    fn check(&self, path: &str) -> Result<(), String> {
        let (Some(fence), Ok(real)) = (&self.fence, fs::canonicalize(path)) else { return Ok(()) };
        if real.starts_with(fence) { Ok(()) } else { Err(format!("`{path}` is a link to outside the files directory")) }
    }
}

impl butane::FilesDir for FilesDir {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.check(path)?;
        read(Path::new(path))
    }

    fn stat(&self, path: &str) -> Result<FileKind, String> {
        self.check(path)?;
        fs::metadata(path).map(|metadata| kind(&metadata)).map_err(|error| words("stat", path, &error))
    }

    fn lstat(&self, path: &str) -> Result<FileKind, String> {
        fs::symlink_metadata(path).map(|metadata| kind(&metadata)).map_err(|error| words("lstat", path, &error))
    }

    fn list(&self, path: &str) -> Result<Vec<String>, String> {
        let entries = fs::read_dir(path).map_err(|error| words("open", path, &error))?;
        entries
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<_>>()
            .map_err(|error| words("readdirent", path, &error))
    }

    fn read_link(&self, path: &str) -> Result<String, String> {
        let target = fs::read_link(path).map_err(|error| words("readlink", path, &error))?;
        Ok(target.to_string_lossy().into_owned())
    }
}

impl clc::FilesDir for FilesDir {
    fn read(&self, path: &str) -> Result<Vec<u8>, LocalFile> {
        let path = format!("{}/{path}", self.name);
        Ok(read(Path::new(&*clean(&path)))?)
    }
}

/// Reads a regular file: a device or a pipe below a files directory could be endless, and opening a pipe waits until somebody writes into it.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let name = path.to_string_lossy();
    let metadata = fs::metadata(path).map_err(|error| words("open", &name, &error))?;
    if metadata.is_dir() {
        return Err(format!("read {name}: is a directory"));
    }
    if !metadata.is_file() {
        return Err(format!("read {name}: is not a regular file"));
    }
    let mut file = fs::File::open(path).map_err(|error| words("open", &name, &error))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| words("read", &name, &error))?;
    Ok(bytes)
}

/// An error as Go prints it: `open DIR/x: no such file or directory`.
pub(crate) fn words(operation: &str, path: &str, error: &io::Error) -> String {
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or_default();
    let mut characters = reason.chars();
    let first: String = characters.next().map(|first| first.to_lowercase().collect()).unwrap_or_default();
    format!("{operation} {path}: {first}{}", characters.as_str())
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}

fn kind(metadata: &fs::Metadata) -> FileKind {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        FileKind::Symlink
    } else if kind.is_dir() {
        FileKind::Directory
    } else if kind.is_file() {
        FileKind::Regular { is_executable: is_executable(metadata) }
    } else {
        FileKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_in_gos_words() {
        let error = fs::File::open("no such file").expect_err("invariant: absent");
        assert_eq!(words("open", "no such file", &error), "open no such file: no such file or directory");
    }
}
