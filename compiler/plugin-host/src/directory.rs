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
use std::time::Duration;

use rustix::fs::{self, AtFlags, FileType, FlockOperation, Mode, OFlags, Timespec, Timestamps, UTIME_NOW};
use rustix::io::Errno;

use crate::cache::{CacheFiles, Claim, Stored, Trouble};

/// Larger files are no artifacts of ours.
pub(crate) const MOST_BYTES: u64 = 1 << 30;

/// How often it is looked whether a lock is free.
const LOOK: Duration = Duration::from_millis(50);

/// An open cache directory.
#[derive(Debug)]
pub struct Directory {
    handle: OwnedFd,
    temporary: AtomicU64,
    /// Of new files.
    mode: Mode,
}

impl Directory {
    /// Opens the directory, making it (mode 0700) and its parents if they are missing.
    ///
    /// # Errors
    /// If it cannot be made or opened, is a link, belongs to somebody else, or can be written by group or others.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::open_or_refuse(path).map_err(|Refused { reason, error, .. }| {
            error.unwrap_or_else(|| {
                let text = format!("`{}` is not used as a cache: {reason}", path.display());
                io::Error::new(io::ErrorKind::PermissionDenied, text)
            })
        })
    }

    /// The same, with what to do about a directory that is not used.
    ///
    /// # Errors
    /// As [`Directory::open`].
    pub fn open_or_say(path: &Path) -> Result<Self, Refusal> {
        Self::open_or_refuse(path).map_err(|Refused { reason, hint, is_roots, .. }| {
            let reason = format!("`{}` is not used as a cache: {reason}", path.display());
            Refusal { trouble: Trouble { reason, hint }, is_roots }
        })
    }

    /// Lets everybody read the directory and what is put there from now on: for root, whose cache others take code from ([`crate::shipped`]).
    ///
    /// # Errors
    /// If the system refuses that.
    pub fn share(&mut self) -> io::Result<()> {
        fs::fchmod(&self.handle, Mode::from_raw_mode(0o755))?;
        self.mode = Mode::from_raw_mode(0o644);
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "a shell module: this is where the cache touches the disk")]
    fn open_or_refuse(path: &Path) -> Result<Self, Refused> {
        const ELSEWHERE: &str = "set `XDG_CACHE_HOME` to a directory that this user may write and nobody else";
        let failed = |error: io::Error| Refused {
            reason: error.to_string(),
            hint: ELSEWHERE.to_owned(),
            is_roots: false,
            error: Some(error),
        };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        match fs::mkdir(path, Mode::RWXU) {
            // A disk that is read only says so before it says that the directory is there.
            Ok(()) | Err(Errno::EXIST | Errno::ROFS) => {}
            Err(error) => return Err(failed(error.into())),
        }
        let refused = |reason: String, hint: String| Err(Refused { reason, hint, error: None, is_roots: false });
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = match fs::open(path, flags, Mode::empty()) {
            Ok(handle) => handle,
            Err(Errno::LOOP | Errno::NOTDIR) => {
                return refused("it is a link, or no directory".to_owned(), ELSEWHERE.to_owned());
            }
            Err(error) => return Err(failed(error.into())),
        };
        let stat = fs::fstat(&handle).map_err(|error| failed(error.into()))?;
        match not_ours(&stat) {
            None => Ok(Self { handle, temporary: AtomicU64::new(0), mode: Mode::RUSR | Mode::WUSR }),
            Some(NotOurs::Foreign) => {
                let (owner, own) = (stat.st_uid, rustix::process::geteuid().as_raw());
                let reason = format!("it belongs to user {owner}, and this is user {own}");
                Err(Refused { reason, hint: ELSEWHERE.to_owned(), error: None, is_roots: owner == 0 })
            }
            Some(NotOurs::Open) => {
                let mode = stat.st_mode & 0o7777;
                let hint = format!("`chmod go-w {}`, or {ELSEWHERE}", path.display());
                refused(
                    format!("group or others may write to it (mode {mode:04o}), and so run code as this user"),
                    hint,
                )
            }
        }
    }

    fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = File::from(fs::openat(&self.handle, name, flags, self.mode)?);
        // Whatever mask the process has.
        fs::fchmod(&file, self.mode)?;
        (&file).write_all(content)
    }
}

/// A lock that is held. The kernel ends it with the process.
struct Lock {
    directory: OwnedFd,
    name: String,
    _held: OwnedFd,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Whoever waits holds the same file and looks for the artifact next; whoever comes later finds that. So nothing is made twice unless it failed.
        let _ = fs::unlinkat(&self.directory, self.name.as_str(), AtFlags::empty());
    }
}

/// Why somebody else may write to it.
fn not_ours(stat: &fs::Stat) -> Option<NotOurs> {
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        Some(NotOurs::Foreign)
    } else if Mode::from_raw_mode(stat.st_mode).intersects(Mode::WGRP | Mode::WOTH) {
        Some(NotOurs::Open)
    } else {
        None
    }
}

/// Why a file or directory is not for this user alone.
enum NotOurs {
    Foreign,
    Open,
}

/// Why a directory is not used.
struct Refused {
    reason: String,
    hint: String,
    /// What the system said, if it did.
    error: Option<io::Error>,
    /// Whether it belongs to root, and may be read all the same.
    is_roots: bool,
}

/// Why a directory is not used, and what to do about it.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// In words.
    pub trouble: Trouble,
    /// Whether it belongs to root, while this user is another: see [`crate::shipped`].
    pub is_roots: bool,
}

impl CacheFiles for Directory {
    fn open(&self, name: &str) -> io::Result<Option<Stored>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let handle = match fs::openat(&self.handle, name, flags, Mode::empty()) {
            Ok(handle) => handle,
            Err(Errno::NOENT) => return Ok(None),
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

    fn lock(&self, name: &str, most: Duration, on_wait: &dyn Fn()) -> io::Result<Claim> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let handle = fs::openat(&self.handle, name, flags, Mode::RUSR | Mode::WUSR)?;
        if not_ours(&fs::fstat(&handle)?).is_some() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let mut waited = Duration::ZERO;
        loop {
            match fs::flock(&handle, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(Errno::WOULDBLOCK | Errno::INTR) if waited < most => {
                    if waited.is_zero() {
                        on_wait();
                    }
                    std::thread::sleep(LOOK);
                    waited += LOOK;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Claim::new(Lock { directory: self.handle.try_clone()?, name: name.to_owned(), _held: handle }))
    }

    fn remedy(&self) -> String {
        "make room there, or set `XDG_CACHE_HOME` to a directory that this user may write and nobody else".to_owned()
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::unlinkat(&self.handle, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
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
