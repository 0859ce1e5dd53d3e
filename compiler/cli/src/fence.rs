//! Opening what a text names: below one directory, which neither a name nor a link leads out of, whoever moves files meanwhile.
//!
//! Owns: the system calls. Specs come from strangers: every file that one names is opened here, and what was opened is what is read.
//! Must not: know what the files mean.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};

use rustix::fs::{self, AtFlags, Dir, Mode, OFlags, Stat};
use rustix::io::Errno;

/// Never waits for the other end of a pipe.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);
const STEP: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Whoever moves directories about while one is opened makes the kernel give up; so often it is asked again.
const TRIES: usize = 16;

/// Why something is not opened.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The name itself is absolute or has `..` too many.
    Name,
    /// A link on the way is absolute or leads out of the directory.
    Link,
    /// What the operating system says.
    System(io::Error),
}

impl Refused {
    /// The reason as a report ends with it.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Name => "it is outside the spec's directory".to_owned(),
            Self::Link => {
                "a link on the way is absolute or leads outside the spec's directory, which is not followed".to_owned()
            }
            Self::System(error) => error.to_string(),
        }
    }
}

impl From<Errno> for Refused {
    fn from(error: Errno) -> Self {
        match error {
            Errno::XDEV => Self::Link,
            error => Self::System(error.into()),
        }
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// A directory that nothing leads out of. Links on the way to it are its owner's choice.
#[derive(Debug)]
pub(crate) struct Fence(OwnedFd);

impl Fence {
    /// Opens the directory; an empty path is the one that the program runs in.
    pub(crate) fn open(directory: &Path) -> io::Result<Self> {
        let here = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        Ok(Self(fs::open(here, STEP, Mode::empty())?))
    }

    /// A directory below, which is not left either.
    pub(crate) fn below(&self, path: &Path) -> Result<Self, Refused> {
        Ok(Self(self.at(path, STEP)?))
    }

    /// Opens a file to be read. What it is, is asked of what was opened.
    pub(crate) fn file(&self, path: &Path) -> Result<File, Refused> {
        Ok(File::from(self.at(path, READ)?))
    }

    /// Opens a file to be read, following no link.
    pub(crate) fn file_itself(&self, path: &Path) -> Result<File, Refused> {
        Ok(File::from(self.by_steps(path, READ)?))
    }

    /// What is at a path; a link at its end counts as what it leads to, or as itself.
    pub(crate) fn stat(&self, path: &Path, follows: bool) -> Result<Stat, Refused> {
        if follows {
            return Ok(fs::fstat(self.at(path, OFlags::PATH | OFlags::CLOEXEC)?)?);
        }
        let (above, name) = self.above(path)?;
        Ok(fs::statat(&above, name, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// The names in a directory.
    pub(crate) fn list(&self, path: &Path) -> Result<Vec<String>, Refused> {
        let directory = self.at(path, READ | OFlags::DIRECTORY)?;
        let mut names = Vec::new();
        for entry in Dir::new(directory)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(String::from_utf8_lossy(name).into_owned());
            }
        }
        Ok(names)
    }

    /// Where a link leads, as it is stored.
    pub(crate) fn read_link(&self, path: &Path) -> Result<String, Refused> {
        let (above, name) = self.above(path)?;
        let target = fs::readlinkat(&above, name, Vec::new())?;
        Ok(target.to_string_lossy().into_owned())
    }

    /// The directory that a path ends in, and the name there.
    fn above<'p>(&self, path: &'p Path) -> Result<(OwnedFd, &'p OsStr), Refused> {
        let name = path.file_name().unwrap_or(OsStr::from_bytes(b"."));
        let above = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        Ok((self.at(above.unwrap_or(Path::new(".")), STEP)?, name))
    }

    /// The one way in.
    fn at(&self, path: &Path, flags: OFlags) -> Result<OwnedFd, Refused> {
        if path.components().any(|step| !matches!(step, Component::Normal(_) | Component::CurDir)) {
            return Err(Refused::Name);
        }
        match beneath(&self.0, path, flags) {
            // An old kernel, or a sandbox that does not know the call.
            Err(Errno::NOSYS | Errno::PERM) => self.by_steps(path, flags),
            opened => Ok(opened?),
        }
    }

    /// The same where the kernel does not watch links: then none is followed.
    fn by_steps(&self, path: &Path, flags: OFlags) -> Result<OwnedFd, Refused> {
        let mut handle = self.0.try_clone()?;
        let mut steps = path.components().filter(|step| matches!(step, Component::Normal(_))).peekable();
        if steps.peek().is_none() {
            return Ok(fs::openat(&handle, ".", flags, Mode::empty())?);
        }
        while let Some(step) = steps.next() {
            let flags = if steps.peek().is_none() { flags } else { STEP };
            let is_link = fs::statat(&handle, step.as_os_str(), AtFlags::SYMLINK_NOFOLLOW)
                .is_ok_and(|stat| fs::FileType::from_raw_mode(stat.st_mode).is_symlink());
            if is_link {
                return Err(Refused::Link);
            }
            handle = fs::openat(&handle, step.as_os_str(), flags | OFlags::NOFOLLOW, Mode::empty())?;
        }
        Ok(handle)
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn beneath(directory: &impl AsFd, path: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let resolve = fs::ResolveFlags::BENEATH | fs::ResolveFlags::NO_MAGICLINKS;
    for _ in 1..TRIES {
        match fs::openat2(directory, path, flags, Mode::empty(), resolve) {
            Err(Errno::AGAIN) => {}
            opened => return opened,
        }
    }
    fs::openat2(directory, path, flags, Mode::empty(), resolve)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn beneath(_: &impl AsFd, _: &Path, _: OFlags) -> Result<OwnedFd, Errno> {
    Err(Errno::NOSYS)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    use super::*;

    fn fenced() -> (tempfile::TempDir, Fence) {
        let directory = tempfile::tempdir().expect("a directory");
        let inside = directory.path().join("in");
        std::fs::create_dir_all(inside.join("sub")).expect("directories");
        std::fs::write(directory.path().join("secret"), "out").expect("a file");
        std::fs::write(inside.join("a"), "in").expect("a file");
        symlink("../a", inside.join("sub/good")).expect("a link");
        symlink("../../secret", inside.join("sub/bad")).expect("a link");
        symlink("..", inside.join("up")).expect("a link");
        symlink(directory.path().join("secret"), inside.join("absolute")).expect("a link");
        let fence = Fence::open(&inside).expect("it is there");
        (directory, fence)
    }

    fn read(fence: &Fence, path: &str) -> Result<String, Refused> {
        let mut text = String::new();
        fence.file(Path::new(path))?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn links_inside_are_followed_and_none_leads_out() {
        let (_directory, fence) = fenced();
        assert_eq!(read(&fence, "a").expect("a file"), "in");
        assert_eq!(read(&fence, "./sub/good").expect("a link to inside"), "in");
        for path in ["sub/bad", "up/secret", "absolute"] {
            assert!(matches!(read(&fence, path), Err(Refused::Link)), "{path}");
            let way = Path::new(path);
            assert!(matches!(fence.stat(way, true), Err(Refused::Link)), "{path}");
        }
        for path in ["../secret", "/etc/passwd", "sub/../../secret"] {
            assert!(matches!(read(&fence, path), Err(Refused::Name)), "{path}");
        }
        assert!(matches!(fence.list(Path::new("up")), Err(Refused::Link)));
        assert!(matches!(fence.read_link(Path::new("up/secret")), Err(Refused::Link)));
        assert_eq!(fence.read_link(Path::new("sub/bad")).expect("the link itself"), "../../secret");
        assert!(fence.stat(Path::new("sub/bad"), false).is_ok(), "the link itself");
    }

    #[test]
    fn without_the_kernels_help_no_link_is_followed() {
        let (_directory, fence) = fenced();
        let open = |path: &str| fence.by_steps(Path::new(path), READ);
        assert!(open("a").is_ok() && open("").is_ok());
        for path in ["sub/good", "sub/bad", "up/secret", "absolute"] {
            assert!(matches!(open(path), Err(Refused::Link)), "{path}");
        }
    }
}
