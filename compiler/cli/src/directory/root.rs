//! The output directory of a run: opened, locked, and still the one that its path names.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the shell: whether somebody works in a directory decides how it is written"
)]

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::folder::Folder;
use crate::report;

/// The directory that a run reads or writes.
pub(super) struct Root {
    pub(super) folder: Folder,
    /// Its path without links.
    pub(super) path: PathBuf,
    /// As the user named it.
    pub(super) name: PathBuf,
}

/// What a run does with a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Others may read it at the same time.
    Read,
    /// Nobody else may use it.
    Write,
}

impl Root {
    /// Opens a directory and waits until no other run uses it. A run that writes makes it where there is none; one that reads gets nothing.
    ///
    /// # Errors
    /// What the operating system says, and a path that is no directory.
    pub(super) fn open(name: &Path, how: Use) -> Result<Option<Self>> {
        if name.exists() && !name.is_dir() {
            bail!("`{}` is a file, not a directory", name.display());
        }
        if how == Use::Write {
            std::fs::create_dir_all(name)
                .with_context(|| format!("failed to make the directory `{}`", name.display()))?;
        } else if !name.exists() {
            return Ok(None);
        }
        let failed = || format!("failed to open the directory `{}`", name.display());
        loop {
            let folder = Folder::open(name).with_context(failed)?;
            lock(&folder, how, name)?;
            // A run that was waited for may have exchanged the directory: then the one that is locked is no longer here.
            let (locked, now) = (folder.stat()?, Folder::open(name).and_then(|folder| folder.stat()));
            if now.is_ok_and(|now| (now.st_dev, now.st_ino) == (locked.st_dev, locked.st_ino)) {
                let path = std::fs::canonicalize(name).with_context(failed)?;
                return Ok(Some(Self { folder, path, name: name.to_owned() }));
            }
            if how == Use::Write {
                std::fs::create_dir_all(name).with_context(failed)?;
            } else if !name.exists() {
                return Ok(None);
            }
        }
    }

    /// Whether this process works in the directory, or in one below it: it would find itself in a directory that is no more.
    pub(super) fn is_worked_in(&self, below: &str) -> bool {
        std::env::current_dir().is_ok_and(|here| here.starts_with(self.path.join(below)))
    }

    /// The directory above, and the name in it.
    pub(super) fn above(&self) -> Option<(Folder, &str)> {
        let name = self.path.file_name()?.to_str()?;
        Some((Folder::open(self.path.parent()?).ok()?, name))
    }
}

fn lock(folder: &Folder, how: Use, name: &Path) -> Result<()> {
    let (now, later) = match how {
        Use::Read => (FlockOperation::NonBlockingLockShared, FlockOperation::LockShared),
        Use::Write => (FlockOperation::NonBlockingLockExclusive, FlockOperation::LockExclusive),
    };
    match flock(folder.handle(), now) {
        Err(Errno::WOULDBLOCK) => {
            report::line(&format!("waiting for another flatwright that uses `{}`", name.display()));
            flock(folder.handle(), later).map_err(io::Error::from)
        }
        // Some network file systems cannot lock directories.
        Err(Errno::BADF | Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {
            report::line(&format!("`{}` cannot be locked: let no other flatwright write to it", name.display()));
            Ok(())
        }
        other => other.map_err(io::Error::from),
    }
    .with_context(|| format!("failed to lock `{}`", name.display()))
}
