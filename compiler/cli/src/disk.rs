//! Reading the disk and standard input.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the world")]

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flatwright::SpecFile;

/// A spec names files up to this size: a plugin with an interpreter in it has some 20 MB, any other file far less.
const LARGEST_FILE: u64 = 64 << 20;

/// A regular file that gives at most 64 MiB and then fails.
#[derive(Debug)]
pub(crate) struct LimitedFile {
    file: File,
    /// What its size was when it was opened.
    size: u64,
    left: u64,
}

impl LimitedFile {
    /// Opens a file.
    ///
    /// # Errors
    /// The reason in words.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        // Asked first: opening a pipe waits until somebody writes into it.
        let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
        if !metadata.is_file() {
            return Err("it is not a regular file".to_owned());
        }
        Self::of(File::open(path).map_err(|error| error.to_string())?)
    }

    /// A file that is open already.
    ///
    /// # Errors
    /// The reason in words.
    pub(crate) fn of(file: File) -> Result<Self, String> {
        let metadata = file.metadata().map_err(|error| error.to_string())?;
        if !metadata.is_file() {
            return Err("it is not a regular file".to_owned());
        }
        Ok(Self { file, size: metadata.len(), left: LARGEST_FILE })
    }

    /// Everything in it.
    ///
    /// # Errors
    /// The reason in words.
    pub(crate) fn read_all(mut self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.size.min(LARGEST_FILE)).unwrap_or(0));
        self.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    }
}

impl Read for LimitedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        let too_large = || io::Error::other(format!("it is larger than {} MiB", LARGEST_FILE >> 20));
        self.left = self.left.checked_sub(length as u64).ok_or_else(too_large)?;
        Ok(length)
    }
}

/// Reads a regular file of at most 64 MiB.
///
/// # Errors
/// The reason in words.
pub(crate) fn read_limited(path: &Path) -> Result<Vec<u8>, String> {
    LimitedFile::open(path)?.read_all()
}

/// Reads a spec, or standard input for `-`.
///
/// # Errors
/// What the operating system says.
pub(crate) fn read_spec(path: &Path) -> Result<SpecFile> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("failed to read standard input")?;
        return Ok(SpecFile { name: "<stdin>".to_owned(), bytes });
    }
    let name = path.to_string_lossy().into_owned();
    let bytes = std::fs::read(path).with_context(|| format!("failed to read `{name}`"))?;
    Ok(SpecFile { name, bytes })
}

/// Reads a text file.
///
/// # Errors
/// What the operating system says, with the path.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))
}

/// Whether there is anything at a path, a link to nothing included.
pub(crate) fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Reads a file that the user named.
///
/// # Errors
/// What the operating system says; a file beyond 64 MiB.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    read_limited(path).map_err(|reason| anyhow::anyhow!("failed to read `{}`: {reason}", path.display()))
}

/// The files in a directory, sorted.
///
/// # Errors
/// What the operating system says.
pub(crate) fn list(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(directory).with_context(|| format!("failed to read `{}`", directory.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort_unstable();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn scratch(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("flatwright-disk-{}-{name}", std::process::id()))
    }

    #[test]
    fn files_end_at_the_limit() {
        let path = scratch("large");
        // Sparse, so it takes no room.
        File::create(&path).expect("a file").set_len(LARGEST_FILE).expect("a size");
        let at_the_limit = read_limited(&path).map(|bytes| bytes.len() as u64);
        File::create(&path).expect("a file").set_len(LARGEST_FILE + 1).expect("a size");
        let beyond = read_limited(&path);
        std::fs::remove_file(&path).expect("it was made");
        assert_eq!(at_the_limit, Ok(LARGEST_FILE));
        assert_eq!(beyond, Err("it is larger than 64 MiB".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_told_and_not_waited_for() {
        let path = scratch("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo runs").success());
        let read = read_limited(&path);
        std::fs::remove_file(&path).expect("it was made");
        assert_eq!(read, Err("it is not a regular file".to_owned()));
    }
}
