//! A files directory on disk, with the error texts of Go.

#![allow(dead_code, reason = "each test uses a part")]

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use flatwright_ignition::butane::{FileKind, FilesDir};

/// A directory below a working directory, known by the name that the user gave.
pub struct Disk {
    pub name: String,
    pub cwd: PathBuf,
}

fn kind(metadata: &fs::Metadata) -> FileKind {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        FileKind::Symlink
    } else if kind.is_dir() {
        FileKind::Directory
    } else if kind.is_file() {
        FileKind::Regular { is_executable: metadata.permissions().mode() & 0o111 != 0 }
    } else {
        FileKind::Other
    }
}

fn text(operation: &str, path: &str, error: &io::Error) -> String {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        io::ErrorKind::NotADirectory => "not a directory".to_owned(),
        _ => error.to_string(),
    };
    format!("{operation} {path}: {reason}")
}

#[expect(clippy::disallowed_methods, reason = "this is the disk")]
impl FilesDir for Disk {
    fn name(&self) -> &str {
        &self.name
    }
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let full = self.cwd.join(path);
        if full.is_dir() {
            return Err(format!("read {path}: is a directory"));
        }
        fs::read(full).map_err(|error| text("open", path, &error))
    }
    fn stat(&self, path: &str) -> Result<FileKind, String> {
        fs::metadata(self.cwd.join(path)).map(|metadata| kind(&metadata)).map_err(|error| text("stat", path, &error))
    }
    fn lstat(&self, path: &str) -> Result<FileKind, String> {
        fs::symlink_metadata(self.cwd.join(path))
            .map(|metadata| kind(&metadata))
            .map_err(|error| text("lstat", path, &error))
    }
    fn list(&self, path: &str) -> Result<Vec<String>, String> {
        let entries = fs::read_dir(self.cwd.join(path)).map_err(|error| text("open", path, &error))?;
        Ok(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
    }
    fn read_link(&self, path: &str) -> Result<String, String> {
        let target = fs::read_link(self.cwd.join(path)).map_err(|error| text("readlink", path, &error))?;
        Ok(Path::new(&target).to_string_lossy().into_owned())
    }
}
