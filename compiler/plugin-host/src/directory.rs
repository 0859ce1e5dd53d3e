//! A cache directory on disk that only its user may write.
//!
//! Owns: the file operations of [`Cache`](crate::Cache). The directory is opened once, without following a link, and refused if it belongs to somebody else or if group
//! or others may write to it: an artifact is native code, and whoever can replace one can run code as the user. Everything else is relative to the open directory.
//! Must not: be used below the shell.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{self, AtFlags, FileType, Mode, OFlags, Timespec, Timestamps, UTIME_NOW};

use crate::cache::{CacheFiles, Stored};

/// Larger files are no artifacts of ours.
const MOST_BYTES: u64 = 1 << 30;

/// An open cache directory.
#[derive(Debug)]
pub struct Directory {
    handle: OwnedFd,
    temporary: AtomicU64,
}

impl Directory {
    /// Opens the directory, making it (mode 0700) and its parents if they are missing.
    ///
    /// # Errors
    /// If it cannot be made or opened, is a link, belongs to somebody else, or can be written by group or others.
    #[expect(clippy::disallowed_methods, reason = "a shell module: this is where the cache touches the disk")]
    pub fn open(path: &Path) -> io::Result<Self> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        match fs::mkdir(path, Mode::RWXU) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let handle =
            fs::open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
        if let Some(reason) = not_ours(&fs::fstat(&handle)?) {
            return Err(refused(path, reason));
        }
        Ok(Self { handle, temporary: AtomicU64::new(0) })
    }

    fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = fs::openat(&self.handle, name, flags, Mode::RUSR | Mode::WUSR)?;
        File::from(file).write_all(content)
    }
}

/// Why somebody else may write to it.
fn not_ours(stat: &fs::Stat) -> Option<&'static str> {
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        Some("it belongs to another user")
    } else if Mode::from_raw_mode(stat.st_mode).intersects(Mode::WGRP | Mode::WOTH) {
        Some("group or others may write to it")
    } else {
        None
    }
}

fn refused(path: &Path, reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, format!("`{}` is not used as a cache: {reason}", path.display()))
}

impl CacheFiles for Directory {
    fn open(&self, name: &str) -> io::Result<Option<Stored>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let handle = match fs::openat(&self.handle, name, flags, Mode::empty()) {
            Ok(handle) => handle,
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let stat = fs::fstat(&handle)?;
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        if !is_file || u64::try_from(stat.st_size).is_ok_and(|size| size > MOST_BYTES) || not_ours(&stat).is_some() {
            return Ok(None);
        }
        // The time of last use, for making room; a read-only cache does without.
        let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let _ = fs::futimens(&handle, &Timestamps { last_access: now, last_modification: now });
        Ok(Some(Stored::File(File::from(handle))))
    }

    fn replace(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let number = self.temporary.fetch_add(1, Ordering::Relaxed);
        let temporary = format!("{name}.{}-{number}.tmp", std::process::id());
        let written = self
            .write(&temporary, content)
            .and_then(|()| Ok(fs::renameat(&self.handle, temporary.as_str(), &self.handle, name)?));
        if written.is_err() {
            // The first error is the one to report.
            let _ = self.remove(&temporary);
        }
        written
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::unlinkat(&self.handle, name, AtFlags::empty()) {
            Ok(()) | Err(rustix::io::Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn list(&self) -> io::Result<Vec<(String, u64)>> {
        let mut files = Vec::new();
        for entry in fs::Dir::read_from(&self.handle)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            // Another process may remove files meanwhile.
            let Ok(stat) = fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
            if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile {
                let used = (stat.st_mtime, stat.st_mtime_nsec);
                files.push((used, name.to_owned(), u64::try_from(stat.st_size).unwrap_or(0)));
            }
        }
        files.sort();
        Ok(files.into_iter().map(|(_, name, size)| (name, size)).collect())
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "these tests are about files")]
mod tests {
    use std::io::Read as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::PathBuf;

    use super::*;

    /// A directory of this test's own, removed at the end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("flatwright-directory-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    fn content(directory: &Directory, name: &str) -> Option<Vec<u8>> {
        let Stored::File(mut file) = directory.open(name).unwrap()? else { panic!("a file is opened") };
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        Some(content)
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn files_are_replaced_opened_listed_and_removed() {
        let scratch = Scratch::new("files");
        let directory = Directory::open(&scratch.0.join("a/b")).unwrap();
        assert_eq!(content(&directory, "x"), None);
        directory.replace("x", b"old").unwrap();
        directory.replace("x", b"new").unwrap();
        assert_eq!(content(&directory, "x").as_deref(), Some(b"new".as_slice()));
        assert_eq!(directory.list().unwrap(), [("x".to_owned(), 3)]);
        let mode = std::fs::metadata(scratch.0.join("a/b")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        directory.remove("x").unwrap();
        directory.remove("x").unwrap();
        assert_eq!(directory.list().unwrap(), []);
    }

    #[test]
    fn a_directory_that_others_may_write_is_refused() {
        let scratch = Scratch::new("open");
        for mode in [0o777, 0o770, 0o702] {
            let path = scratch.0.join(format!("{mode:o}"));
            std::fs::create_dir(&path).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(Directory::open(&path).is_err(), "{mode:o}");
        }
    }

    #[test]
    fn a_file_that_others_may_write_is_no_artifact() {
        let scratch = Scratch::new("shared");
        let directory = Directory::open(&scratch.0.join("d")).unwrap();
        directory.replace("x", b"content").unwrap();
        std::fs::set_permissions(scratch.0.join("d/x"), std::fs::Permissions::from_mode(0o620)).unwrap();
        assert_eq!(content(&directory, "x"), None);
    }

    #[test]
    fn links_are_not_followed() {
        let scratch = Scratch::new("links");
        let real = Directory::open(&scratch.0.join("real")).unwrap();
        real.replace("x", b"content").unwrap();
        symlink(scratch.0.join("real"), scratch.0.join("link")).unwrap();
        assert!(Directory::open(&scratch.0.join("link")).is_err());
        symlink(scratch.0.join("real/x"), scratch.0.join("real/y")).unwrap();
        assert!(real.open("y").is_err());
    }

    #[test]
    fn what_is_no_file_is_no_artifact() {
        let scratch = Scratch::new("kinds");
        let directory = Directory::open(&scratch.0.join("d")).unwrap();
        std::fs::create_dir(scratch.0.join("d/x")).unwrap();
        assert_eq!(content(&directory, "x"), None);
        assert_eq!(directory.list().unwrap(), []);
    }

    #[test]
    fn many_writers_leave_one_whole_file() {
        let scratch = Scratch::new("race");
        let directory = Directory::open(&scratch.0.join("d")).unwrap();
        std::thread::scope(|scope| {
            for writer in 0..4_u8 {
                let directory = &directory;
                scope.spawn(move || (0..50).for_each(|_| directory.replace("x", &[writer; 10_000]).unwrap()));
            }
        });
        let content = content(&directory, "x").unwrap();
        assert!(content.len() == 10_000 && content.iter().all(|byte| *byte == content[0]));
        assert_eq!(directory.list().unwrap().len(), 1);
    }
}
