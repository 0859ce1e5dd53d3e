//! An open directory, and what is below it: every step of a path is taken from the directory before it, and no link is ever followed.
//!
//! Owns: the system calls. Must not: know what the files mean.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;

use flatwright::directory::{Hash, Standing};
use rustix::fs::{self, AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

/// No file of ours is larger; what is, is read by nobody.
pub(super) const LARGEST: u64 = 64 << 20;

const READ: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);
const STEP: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// An open directory.
pub(super) struct Folder {
    handle: OwnedFd,
    /// The directory below that was last used: files of one are looked at one after the other.
    last: RefCell<Option<(String, Arc<OwnedFd>)>>,
}

/// How far a path below a directory leads.
pub(super) enum Reached {
    Folder(Arc<OwnedFd>),
    Missing,
    Blocked { at: String, what: &'static str },
}

/// A file that was looked at.
pub(super) struct Looked {
    pub(super) standing: Standing,
    /// Of what stands there, if anything does.
    pub(super) stat: Option<Stat>,
}

impl Folder {
    /// Opens a directory that the user named. Links on the way are the user's own choice.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self::new(fs::open(path, flags, Mode::empty())?))
    }

    const fn new(handle: OwnedFd) -> Self {
        Self { handle, last: RefCell::new(None) }
    }

    /// The same directory, for another thread.
    pub(super) fn again(&self) -> io::Result<Self> {
        Ok(Self::new(self.handle.try_clone()?))
    }

    pub(super) fn handle(&self) -> BorrowedFd<'_> {
        self.handle.as_fd()
    }

    pub(super) fn stat(&self) -> io::Result<Stat> {
        Ok(fs::fstat(&self.handle)?)
    }

    /// A directory below, as one of its own.
    pub(super) fn below(&self, path: &str) -> io::Result<Option<Self>> {
        match self.reach(path)? {
            Reached::Folder(handle) => Ok(Some(Self::new(handle.try_clone()?))),
            Reached::Missing => Ok(None),
            Reached::Blocked { at, what } => {
                Err(io::Error::new(io::ErrorKind::NotADirectory, format!("`{at}` is a {what}")))
            }
        }
    }

    /// Forgets what it has open: after directories have changed places.
    pub(super) fn forget(&self) {
        self.last.take();
    }

    pub(super) fn reach(&self, directory: &str) -> io::Result<Reached> {
        if let Some((last, handle)) = &*self.last.borrow()
            && last == directory
        {
            return Ok(Reached::Folder(Arc::clone(handle)));
        }
        let mut handle = Arc::new(self.handle.try_clone()?);
        let mut at = String::new();
        for name in directory.split('/').filter(|name| !name.is_empty()) {
            at.push_str(if at.is_empty() { "" } else { "/" });
            at.push_str(name);
            match fs::openat(&*handle, name, STEP, Mode::empty()) {
                Ok(next) => handle = Arc::new(next),
                Err(Errno::NOENT) => return Ok(Reached::Missing),
                Err(Errno::NOTDIR | Errno::LOOP) => {
                    let what = fs::statat(&*handle, name, AtFlags::SYMLINK_NOFOLLOW).map_or("file", |stat| kind(&stat));
                    return Ok(Reached::Blocked { at, what });
                }
                Err(error) => return Err(error.into()),
            }
        }
        *self.last.borrow_mut() = Some((directory.to_owned(), Arc::clone(&handle)));
        Ok(Reached::Folder(handle))
    }

    /// The directory of a path and the name in it; `None` where there is no such directory.
    fn parent<'p>(&self, path: &'p str) -> io::Result<Option<(Arc<OwnedFd>, &'p str)>> {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        match self.reach(directory)? {
            Reached::Folder(handle) => Ok(Some((handle, name))),
            Reached::Missing => Ok(None),
            Reached::Blocked { at, what } => {
                Err(io::Error::new(io::ErrorKind::NotADirectory, format!("`{at}` is a {what}")))
            }
        }
    }

    /// What stands at a path. `known` may tell the hash of a file from its metadata alone.
    pub(super) fn look(&self, path: &str, known: &dyn Fn(&Stat) -> Option<Hash>) -> io::Result<Looked> {
        let absent = |standing| Ok(Looked { standing, stat: None });
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let handle = match self.reach(directory)? {
            Reached::Folder(handle) => handle,
            Reached::Missing => return absent(Standing::Absent),
            Reached::Blocked { at, what } => return absent(Standing::Blocked { at, what }),
        };
        let stat = match fs::statat(&*handle, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => return absent(Standing::Absent),
            Err(error) => return Err(error.into()),
        };
        if !is_file(&stat) {
            return Ok(Looked { standing: Standing::Other(kind(&stat)), stat: Some(stat) });
        }
        if let Some(hash) = known(&stat) {
            return Ok(Looked { standing: Standing::File(Some(hash)), stat: Some(stat) });
        }
        match read(&handle, name)? {
            Some((bytes, stat)) => {
                let standing = Standing::File(bytes.map(|bytes| Hash::of(&bytes)));
                Ok(Looked { standing, stat: Some(stat) })
            }
            // It went meanwhile.
            None => absent(Standing::Absent),
        }
    }

    /// The bytes of a regular file.
    ///
    /// # Errors
    /// What the operating system says; something that is no regular file, or one that is too large.
    pub(super) fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let Some((handle, name)) = self.parent(path)? else { return Ok(None) };
        match read(&handle, name)? {
            None => Ok(None),
            Some((Some(bytes), _)) => Ok(Some(bytes)),
            Some((None, stat)) if is_file(&stat) => {
                Err(io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20)))
            }
            Some((None, stat)) => Err(io::Error::other(format!("it is a {}", kind(&stat)))),
        }
    }

    /// Makes a file that is not there, and the directories above it.
    pub(super) fn make(&self, path: &str, bytes: &[u8], mode: Option<Mode>) -> io::Result<()> {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let handle = self.make_directory(directory)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = fs::openat(&*handle, name, flags, Mode::from_raw_mode(0o666))?;
        if let Some(mode) = mode {
            fs::fchmod(&file, mode)?;
        }
        File::from(file).write_all(bytes)
    }

    /// Makes a directory with those above it, where they are not there.
    pub(super) fn make_directory(&self, path: &str) -> io::Result<Arc<OwnedFd>> {
        if let Reached::Folder(handle) = self.reach(path)? {
            return Ok(handle);
        }
        let mut made = String::new();
        for name in path.split('/') {
            let above = self.reach(&made)?;
            let Reached::Folder(above) = above else { return Err(Errno::NOTDIR.into()) };
            match fs::mkdirat(&*above, name, Mode::from_raw_mode(0o777)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            made.push_str(if made.is_empty() { "" } else { "/" });
            made.push_str(name);
        }
        match self.reach(path)? {
            Reached::Folder(handle) => Ok(handle),
            Reached::Missing => Err(Errno::NOENT.into()),
            Reached::Blocked { at, what } => {
                Err(io::Error::new(io::ErrorKind::NotADirectory, format!("`{at}` is a {what}")))
            }
        }
    }

    /// Gives a file or directory its place, replacing a file that is there.
    pub(super) fn rename(&self, from: &str, folder: &Self, to: &str) -> io::Result<()> {
        let Some((source, name)) = self.parent(from)? else { return Err(Errno::NOENT.into()) };
        let (directory, new_name) = to.rsplit_once('/').unwrap_or(("", to));
        let target = folder.make_directory(directory)?;
        fs::renameat(&*source, name, &*target, new_name)?;
        Ok(())
    }

    /// Lets two directories change places at one instant, where the operating system can do that.
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    pub(super) fn exchange(&self, name: &str, folder: &Self, other: &str) -> io::Result<()> {
        let exchanged = fs::renameat_with(&self.handle, name, &folder.handle, other, fs::RenameFlags::EXCHANGE);
        // What is open below either name is now below the other.
        self.forget();
        folder.forget();
        Ok(exchanged?)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    pub(super) fn exchange(&self, _: &str, _: &Self, _: &str) -> io::Result<()> {
        Err(Errno::NOSYS.into())
    }

    /// Removes what is no directory.
    pub(super) fn remove(&self, path: &str) -> io::Result<()> {
        self.unlink(path, AtFlags::empty())
    }

    /// Removes a directory, if it is empty. Says whether it is gone.
    pub(super) fn remove_directory(&self, path: &str) -> io::Result<bool> {
        self.forget();
        match self.unlink(path, AtFlags::REMOVEDIR) {
            Ok(()) => Ok(true),
            Err(error)
                if Errno::from_io_error(&error)
                    .is_some_and(|errno| [Errno::NOTEMPTY, Errno::EXIST].contains(&errno)) =>
            {
                Ok(false)
            }
            // A link in the place of a directory is somebody else's; so is a mount point.
            Err(error)
                if Errno::from_io_error(&error).is_some_and(|errno| [Errno::NOTDIR, Errno::BUSY].contains(&errno)) =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn unlink(&self, path: &str, flags: AtFlags) -> io::Result<()> {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Reached::Folder(handle) = self.reach(directory)? else { return Ok(()) };
        match fs::unlinkat(&*handle, name, flags) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What is in a directory below, sorted: the name and what it is. Nothing where there is no such directory.
    pub(super) fn names(&self, path: &str) -> io::Result<Vec<(String, &'static str)>> {
        let Reached::Folder(handle) = self.reach(path)? else { return Ok(Vec::new()) };
        let mut names = Vec::new();
        for entry in Dir::read_from(&*handle)? {
            let entry = entry?;
            let name = entry.file_name();
            if [&b"."[..], b".."].contains(&name.to_bytes()) {
                continue;
            }
            let what = match entry.file_type() {
                FileType::Unknown => {
                    fs::statat(&*handle, name, AtFlags::SYMLINK_NOFOLLOW).map_or("file", |stat| kind(&stat))
                }
                known => word(known),
            };
            names.push((name.to_string_lossy().into_owned(), what));
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The metadata of what stands at a path.
    pub(super) fn stat_of(&self, path: &str) -> io::Result<Option<Stat>> {
        let Some((handle, name)) = self.parent(path)? else { return Ok(None) };
        match fs::statat(&*handle, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Reads a file of a directory; without its bytes where it is no regular file or too large.
fn read(handle: &OwnedFd, name: &str) -> io::Result<Option<(Option<Vec<u8>>, Stat)>> {
    let file = match fs::openat(handle, name, READ, Mode::empty()) {
        Ok(file) => file,
        Err(Errno::NOENT) => return Ok(None),
        Err(Errno::LOOP | Errno::NXIO) => {
            return Ok(Some((None, fs::statat(handle, name, AtFlags::SYMLINK_NOFOLLOW)?)));
        }
        Err(error) => return Err(error.into()),
    };
    let stat = fs::fstat(&file)?;
    let size = u64::try_from(stat.st_size).unwrap_or(u64::MAX);
    if !is_file(&stat) || size > LARGEST {
        return Ok(Some((None, stat)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    File::from(file).take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(Some((Some(bytes).filter(|bytes| bytes.len() as u64 <= LARGEST), stat)))
}

/// Whether it is a regular file.
pub(super) fn is_file(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
}

/// What stands there, in a word.
pub(super) fn kind(stat: &Stat) -> &'static str {
    word(FileType::from_raw_mode(stat.st_mode))
}

const fn word(kind: FileType) -> &'static str {
    match kind {
        FileType::RegularFile => "file",
        FileType::Directory => "directory",
        FileType::Symlink => "link",
        FileType::Fifo => "pipe",
        FileType::Socket => "socket",
        _ => "device",
    }
}
