//! A files directory on disk, with the error texts of Go.

#![allow(dead_code, clippy::print_stdout, clippy::print_stderr, reason = "each test uses a part and shows its figures")]

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use flatwright_ignition::butane::{FileKind, FilesDir};

/// A directory below a working directory, known by the name that the user gave.
pub(crate) struct Disk {
    pub(crate) name: String,
    pub(crate) cwd: PathBuf,
}

/// What a plain copy of the data loses: links (kept as files that hold the target) and execute bits.
const LINKS: [&str; 5] = [
    "_files/tree/t1/link",
    "_files/tree/t1/abslink",
    "_files/tree/t1/sub/dangling",
    "_files/tree/t4/dirlink",
    "_files/basic/link-to-file-1",
];
const EXECUTABLES: [&str; 2] = ["_files/tree/exec/group-exec", "_files/tree/exec/other-exec"];

/// The target of a link that was lost.
#[expect(clippy::disallowed_methods, reason = "this is the disk")]
fn lost_link(full: &Path, path: &str) -> Option<String> {
    let is_lost = LINKS.contains(&path) && full.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    is_lost.then(|| fs::read_to_string(full).unwrap_or_default().trim_end().to_owned())
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

impl Disk {
    fn follow(&self, path: &str) -> PathBuf {
        let full = self.cwd.join(path);
        match (lost_link(&full, path), full.parent()) {
            (Some(target), Some(parent)) => parent.join(target),
            _ => full,
        }
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
        let full = self.follow(path);
        if full.is_dir() {
            return Err(format!("read {path}: is a directory"));
        }
        fs::read(full).map_err(|error| text("open", path, &error))
    }
    fn stat(&self, path: &str) -> Result<FileKind, String> {
        fs::metadata(self.follow(path)).map(|metadata| kind(&metadata)).map_err(|error| text("stat", path, &error))
    }
    fn lstat(&self, path: &str) -> Result<FileKind, String> {
        let full = self.cwd.join(path);
        if lost_link(&full, path).is_some() {
            return Ok(FileKind::Symlink);
        }
        if EXECUTABLES.contains(&path) {
            return Ok(FileKind::Regular { is_executable: true });
        }
        fs::symlink_metadata(full).map(|metadata| kind(&metadata)).map_err(|error| text("lstat", path, &error))
    }
    fn list(&self, path: &str) -> Result<Vec<String>, String> {
        let entries = fs::read_dir(self.cwd.join(path)).map_err(|error| text("open", path, &error))?;
        Ok(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
    }
    fn read_link(&self, path: &str) -> Result<String, String> {
        if let Some(target) = lost_link(&self.cwd.join(path), path) {
            return Ok(target);
        }
        let target = fs::read_link(self.cwd.join(path)).map_err(|error| text("readlink", path, &error))?;
        Ok(Path::new(&target).to_string_lossy().into_owned())
    }
}
