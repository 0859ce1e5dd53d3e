//! The lock file on the disk: one writer at a time, and never a half-written file.
//!
//! Owns: the hold on the directory while entries are chosen, and the rename. Must not: know what is in the file.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that writes")]

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::disk::read_limited;
use crate::{output, report};

/// A lock file that nobody else writes meanwhile.
#[derive(Debug)]
pub(crate) struct Held {
    path: PathBuf,
    /// The directory; its lock is given back when it is closed. The file itself is replaced, so a lock of it would be of the old one.
    _directory: Option<File>,
}

impl Held {
    /// To be read only.
    ///
    /// # Errors
    /// None; as [`Held::to_write`].
    pub(crate) fn to_read(path: &Path) -> Result<Self> {
        Ok(Self { path: path.to_owned(), _directory: None })
    }

    /// To be written; waits for whoever writes it now.
    ///
    /// # Errors
    /// What the operating system says of the directory.
    pub(crate) fn to_write(path: &Path) -> Result<Self> {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let failed = || format!("failed to open the directory `{}`", directory.display());
        let file = File::open(directory).with_context(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                report::line(&format!("waiting for another flatwright that uses `{}`", directory.display()));
                file.lock().with_context(|| format!("failed to lock `{}`", directory.display()))?;
            }
            // Some network file systems cannot lock directories.
            Err(TryLockError::Error(_)) => {
                report::line(&format!(
                    "`{}` cannot be locked: let no other flatwright write to it",
                    directory.display()
                ));
            }
        }
        Ok(Self { path: path.to_owned(), _directory: Some(file) })
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What is in it; nothing if there is none.
    ///
    /// # Errors
    /// What the operating system says.
    pub(crate) fn bytes(&self) -> io::Result<Option<Vec<u8>>> {
        match std::fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => read_limited(&self.path).map(Some).map_err(io::Error::other),
        }
    }

    /// Puts a text in its place, whole or not at all.
    ///
    /// # Errors
    /// What the operating system says.
    pub(crate) fn replace(&self, text: &str) -> Result<()> {
        output::replace(&self.path, text).with_context(|| format!("failed to write `{}`", self.path.display()))
    }
}
