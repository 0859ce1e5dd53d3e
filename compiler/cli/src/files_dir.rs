//! The files directory on disk, with the words that Go programs use for what fails.
//!
//! Owns: reading below `--files-dir`, where links are followed as the originals follow them, and below the directory of a spec, through its [`Fence`].
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the world")]

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use flatwright_go::path::clean;
use flatwright_ignition::butane::{self, FileKind};
use flatwright_ignition::clc;
use flatwright_ignition::problem::LocalFile;
use rustix::fs::FileType;

use crate::fence::{Fence, Refused};

/// A directory by the name that the user gave.
pub(crate) struct FilesDir {
    name: String,
    /// What a spec cannot leave; without it, links are followed wherever they lead.
    fence: Option<Fenced>,
}

/// A directory that is not left. One that is not there has nothing in it; every look into it says so.
type Fenced = Result<Fence, Refused>;

impl FilesDir {
    pub(crate) fn new(path: &Path) -> Self {
        Self { name: path.to_string_lossy().into_owned(), fence: None }
    }

    /// One that neither names nor links leave: whoever compiles a spec may not be the one who wrote it. `below` is relative to the directory.
    pub(crate) fn confined(directory: &Path, below: &str) -> Self {
        let whole = directory.join(below);
        let here = if whole.as_os_str().is_empty() { Path::new(".") } else { &whole };
        let fence = Fence::open(directory).map_err(Refused::System);
        let fence = fence.and_then(|fence| fence.below(Path::new(below)));
        Self { fence: Some(fence), ..Self::new(here) }
    }

    /// What is asked of the fence, in the words of a Go program where it fails.
    fn fenced<T>(
        &self,
        fence: &Fenced,
        operation: &str,
        path: &str,
        ask: impl FnOnce(&Fence, &Path) -> Result<T, Refused>,
    ) -> Result<T, String> {
        let told = |refused: &Refused| match refused {
            Refused::Name => format!("`{path}` is outside the files directory"),
            Refused::Link => format!("`{path}` is a link to outside the files directory, or behind one"),
            Refused::System(error) => words(operation, path, error),
        };
        let fence = fence.as_ref().map_err(told)?;
        // Paths begin with the name of the directory, cleaned.
        let above = clean(&self.name);
        let below = if above == "." { Ok(Path::new(path)) } else { Path::new(path).strip_prefix(&*above) };
        below.map_err(|_| Refused::Name).and_then(|below| ask(fence, below)).map_err(|refused| told(&refused))
    }
}

impl butane::FilesDir for FilesDir {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        match &self.fence {
            None => read(Path::new(path)),
            Some(fenced) => content(self.fenced(fenced, "open", path, Fence::file)?, path),
        }
    }

    fn stat(&self, path: &str) -> Result<FileKind, String> {
        match &self.fence {
            None => fs::metadata(path).map(|metadata| kind(&metadata)).map_err(|error| words("stat", path, &error)),
            Some(fenced) => self.fenced(fenced, "stat", path, |fence, path| Ok(kind_of(&fence.stat(path, true)?))),
        }
    }

    fn lstat(&self, path: &str) -> Result<FileKind, String> {
        let kind = |metadata: fs::Metadata| kind(&metadata);
        match &self.fence {
            None => fs::symlink_metadata(path).map(kind).map_err(|error| words("lstat", path, &error)),
            Some(fenced) => self.fenced(fenced, "lstat", path, |fence, path| Ok(kind_of(&fence.stat(path, false)?))),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<String>, String> {
        if let Some(fenced) = &self.fence {
            return self.fenced(fenced, "open", path, Fence::list);
        }
        let entries = fs::read_dir(path).map_err(|error| words("open", path, &error))?;
        entries
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<_>>()
            .map_err(|error| words("readdirent", path, &error))
    }

    fn read_link(&self, path: &str) -> Result<String, String> {
        if let Some(fenced) = &self.fence {
            return self.fenced(fenced, "readlink", path, Fence::read_link);
        }
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
    check_kind(&metadata, &name)?;
    content(fs::File::open(path).map_err(|error| words("open", &name, &error))?, &name)
}

/// What is in a regular file that is open.
fn content(mut file: fs::File, name: &str) -> Result<Vec<u8>, String> {
    let metadata = file.metadata().map_err(|error| words("stat", name, &error))?;
    check_kind(&metadata, name)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| words("read", name, &error))?;
    Ok(bytes)
}

fn check_kind(metadata: &fs::Metadata, name: &str) -> Result<(), String> {
    if metadata.is_dir() {
        return Err(format!("read {name}: is a directory"));
    }
    if !metadata.is_file() {
        return Err(format!("read {name}: is not a regular file"));
    }
    Ok(())
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

/// The same of what the fence looked at.
fn kind_of(stat: &rustix::fs::Stat) -> FileKind {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Symlink => FileKind::Symlink,
        FileType::Directory => FileKind::Directory,
        FileType::RegularFile => FileKind::Regular { is_executable: stat.st_mode & 0o111 != 0 },
        _ => FileKind::Other,
    }
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
