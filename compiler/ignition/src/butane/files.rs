//! The files directory that `local`, `trees` and the like read from. Butane itself does no I/O; whoever has a disk implements [`FilesDir`].

use flatwright_go::path::clean;

use crate::problem::LocalFile;

/// What a directory walk meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file, and whether any execute bit is set.
    Regular {
        /// Whether any execute bit is set.
        is_executable: bool,
    },
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// Anything else.
    Other,
}

/// Access to the files directory. Paths are as joined with its name (`DIR/a/b`), clean, and never outside it lexically.
/// Errors are the operating system's words as Go prints them (`open DIR/x: no such file or directory`).
pub trait FilesDir {
    /// The name of the directory as the user wrote it.
    fn name(&self) -> &str;
    /// Reads a file, following links.
    ///
    /// # Errors
    /// The text to report.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
    /// What a path is, following links.
    ///
    /// # Errors
    /// The text to report.
    fn stat(&self, path: &str) -> Result<FileKind, String>;
    /// What a path is, not following links.
    ///
    /// # Errors
    /// The text to report.
    fn lstat(&self, path: &str) -> Result<FileKind, String>;
    /// The names in a directory, in any order.
    ///
    /// # Errors
    /// The text to report.
    fn list(&self, path: &str) -> Result<Vec<String>, String>;
    /// The target of a symbolic link as it is stored.
    ///
    /// # Errors
    /// The text to report.
    fn read_link(&self, path: &str) -> Result<String, String>;
}

/// Butane's files directory for Container Linux Configs: it cannot be left, as the transpiler itself would allow.
pub struct Below<'d>(pub &'d dyn FilesDir);

impl crate::clc::FilesDir for Below<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LocalFile> {
        read(Some(self.0), path)
    }
}

/// Joins a path below the files directory, as Go's `filepath.Join` does.
///
/// # Errors
/// If it leads outside.
pub(super) fn join(directory: &dyn FilesDir, local: &str) -> Result<String, LocalFile> {
    if climbs(local) > 0 {
        return Err(LocalFile::Outside);
    }
    Ok(clean(&format!("{}/{local}", directory.name())).into_owned())
}

/// How many levels a path climbs above its start.
fn climbs(local: &str) -> usize {
    let (mut depth, mut climbed) = (0_usize, 0_usize);
    for part in local.split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => climbed += 1,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    climbed
}

/// Reads a file below the files directory.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn read(files: Option<&dyn FilesDir>, local: &str) -> Result<Vec<u8>, LocalFile> {
    let directory = files.ok_or(LocalFile::NoDirectory)?;
    Ok(directory.read(&join(directory, local)?)?)
}
