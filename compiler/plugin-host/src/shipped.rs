//! A cache that root has filled, for everybody who cannot write it: in an image, or on a machine of several users.
//!
//! Owns: the one exception to a cache of the user's own. The directory and each file belong to root, neither group nor others may write to them, by mode or by an access control
//! list, and the same holds of every directory above, with no link on the way: so only root could have put code there, who can run code as the user anyway. It is read and
//! never written, touched or emptied.
//! Must not: be opened at a path that a spec or a file names; a shell takes it from the environment alone.

use std::fs::File;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use rustix::fs::{self, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::artifact::ArtifactKey;
use crate::cache::{ArtifactStore, Stored, Trouble};
use crate::directory::MOST_BYTES;

const ROOT: u32 = 0;
/// Lists of access rights of other systems, which cannot be judged.
const FOREIGN_LISTS: [&str; 2] = ["system.nfs4_acl", "system.richacl"];

/// A cache of root's.
#[derive(Debug)]
pub struct Shipped {
    handle: OwnedFd,
    path: PathBuf,
    /// Set when something was not in it.
    lacks: OnceLock<()>,
}

impl Shipped {
    /// Opens the directory.
    ///
    /// # Errors
    /// What keeps it from being root's alone, in words.
    pub fn open(path: &Path) -> Result<Self, String> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut way = PathBuf::from("/");
        let mut handle = fs::open(&way, flags, Mode::empty()).map_err(|error| error.to_string())?;
        roots_alone(&handle).map_err(|reason| told(&way, &reason))?;
        for step in path.components() {
            match step {
                Component::RootDir => {}
                Component::Normal(name) => {
                    way.push(name);
                    handle = match fs::openat(&handle, name, flags, Mode::empty()) {
                        Ok(handle) => handle,
                        Err(Errno::LOOP | Errno::NOTDIR) => return Err(told(&way, "is a link, or no directory")),
                        Err(error) => {
                            return Err(told(&way, &format!("cannot be opened: {}", std::io::Error::from(error))));
                        }
                    };
                    roots_alone(&handle).map_err(|reason| told(&way, &reason))?;
                }
                _ => return Err(told(path, "is not a plain absolute path")),
            }
        }
        Ok(Self { handle, path: path.to_owned(), lacks: OnceLock::new() })
    }

    fn file(&self, name: &str) -> Option<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let handle = fs::openat(&self.handle, name, flags, Mode::empty()).ok()?;
        let stat = fs::fstat(&handle).ok()?;
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        let fits = u64::try_from(stat.st_size).is_ok_and(|size| size <= MOST_BYTES);
        (is_file && fits && roots_alone(&handle).is_ok()).then(|| File::from(handle))
    }
}

impl ArtifactStore for Shipped {
    fn get(&self, key: &ArtifactKey) -> Option<Stored> {
        self.file(&key.file_name()).map(Stored::File)
    }

    fn put(&self, _: &ArtifactKey, _: &[u8]) {
        self.lacks.get_or_init(|| ());
    }

    fn trouble(&self) -> Option<Trouble> {
        self.lacks.get().map(|()| Trouble {
            reason: format!("`{}` belongs to root, is only read, and lacks a plugin of this run", self.path.display()),
            hint: "let root fill it with `flatwright cache warm SPEC`, or set `XDG_CACHE_HOME` to a directory of this user"
                .to_owned(),
        })
    }
}

fn told(path: &Path, reason: &str) -> String {
    format!("`{}` {reason}", path.display())
}

/// Why somebody besides root may write to it.
fn roots_alone(handle: &impl AsFd) -> Result<(), String> {
    let stat = fs::fstat(handle).map_err(|error| error.to_string())?;
    if stat.st_uid != ROOT {
        return Err(format!("belongs to user {}, not to root", stat.st_uid));
    }
    if Mode::from_raw_mode(stat.st_mode).intersects(Mode::WGRP | Mode::WOTH) {
        return Err(format!("can be written by group or others (mode {:04o})", stat.st_mode & 0o7777));
    }
    // What was opened as a path only has no attributes of its own; this name stands for it.
    let own = format!("/proc/self/fd/{}", handle.as_fd().as_raw_fd());
    let list = |name: &str| {
        let mut bytes = Vec::with_capacity(4096);
        match fs::getxattr(own.as_str(), name, rustix::buffer::spare_capacity(&mut bytes)) {
            Ok(_) => Ok(Some(bytes)),
            Err(Errno::NODATA | Errno::OPNOTSUPP) => Ok(None),
            Err(error) => Err(format!("does not say who may write to it: {}", std::io::Error::from(error))),
        }
    };
    for name in FOREIGN_LISTS {
        if list(name)?.is_some() {
            return Err(format!("has an access control list that cannot be judged (`{name}`)"));
        }
    }
    match list("system.posix_acl_access")? {
        Some(list) if lets_others_write(&list) => {
            Err("can be written by others, by its access control list".to_owned())
        }
        _ => Ok(()),
    }
}

/// Whether a list, in the kernel's form, names somebody besides its owner who may write. The mask is not asked: `chmod` changes it without a word.
fn lets_others_write(list: &[u8]) -> bool {
    const VERSION: u32 = 2;
    const WRITE: u16 = 2;
    const OWNER: u16 = 0x01;
    const MASK: u16 = 0x10;
    let Some((version, entries)) = list.split_first_chunk::<4>() else { return true };
    let (entries, rest) = entries.as_chunks::<8>();
    let may_write = |entry: &[u8; 8]| {
        let tag = u16::from_le_bytes([entry[0], entry[1]]);
        let rights = u16::from_le_bytes([entry[2], entry[3]]);
        !matches!(tag, OWNER | MASK) && rights & WRITE != 0
    };
    u32::from_le_bytes(*version) != VERSION || !rest.is_empty() || entries.iter().any(may_write)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "these tests are about files")]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use super::*;

    /// A directory that only root may write, with all above it; removed at the end. `None` where there is none.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Option<Self> {
            // Whoever runs the tests as root has the executable somewhere below root's directories, or not.
            let above = std::env::current_exe().unwrap().parent().unwrap().to_owned();
            let path = above.join(format!("shipped-{}-{name}", std::process::id()));
            if !rustix::process::geteuid().is_root() || Shipped::open(&above).is_err() {
                println!("skipped {name}: this needs root, and root's directories");
                return None;
            }
            std::fs::create_dir_all(path.join("plugins")).unwrap();
            Some(Self(path))
        }

        fn opened(&self) -> Result<Shipped, String> {
            Shipped::open(&self.0.join("plugins"))
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_root_alone_may_write_is_read_and_nothing_else() {
        let Some(scratch) = Scratch::new("read") else { return };
        let file = scratch.0.join("plugins/x");
        std::fs::write(&file, "code").unwrap();
        let shipped = scratch.opened().unwrap();
        assert!(shipped.file("x").is_some() && shipped.file("y").is_none());
        for mode in [0o664, 0o646] {
            set_mode(&file, mode);
            assert!(shipped.file("x").is_none(), "{mode:o}");
        }
        set_mode(&file, 0o644);
        chown(&file, Some(65534), None).unwrap();
        assert!(shipped.file("x").is_none(), "another owner");
        chown(&file, Some(0), None).unwrap();
        symlink(&file, scratch.0.join("plugins/link")).unwrap();
        assert!(shipped.file("link").is_none() && shipped.file("x").is_some());
    }

    #[test]
    fn every_directory_above_counts() {
        let Some(scratch) = Scratch::new("above") else { return };
        assert!(scratch.opened().is_ok());
        for directory in [scratch.0.clone(), scratch.0.join("plugins")] {
            set_mode(&directory, 0o775);
            let reason = scratch.opened().unwrap_err();
            assert!(reason.starts_with(&format!("`{}` can be written", directory.display())), "{reason}");
            set_mode(&directory, 0o755);
            chown(&directory, Some(65534), None).unwrap();
            assert!(scratch.opened().unwrap_err().contains("belongs to user 65534"));
            chown(&directory, Some(0), None).unwrap();
        }
        symlink(&scratch.0, scratch.0.with_extension("link")).unwrap();
        let linked = Shipped::open(&scratch.0.with_extension("link").join("plugins"));
        std::fs::remove_file(scratch.0.with_extension("link")).unwrap();
        assert!(linked.unwrap_err().contains("is a link"));
        assert!(Shipped::open(&scratch.0.join("plugins/../plugins")).is_err());
    }

    #[test]
    fn access_control_lists_count() {
        let entry = |tag: u16, rights: u16, id: u32| {
            [&tag.to_le_bytes()[..], &rights.to_le_bytes(), &id.to_le_bytes()].concat()
        };
        let list = |named: u16| {
            let entries =
                [entry(1, 7, !0), entry(2, named, 65534), entry(4, 5, !0), entry(16, 5, !0), entry(32, 5, !0)];
            [&2_u32.to_le_bytes()[..], &entries.concat()].concat()
        };
        assert!(!lets_others_write(&list(5)) && lets_others_write(&list(7)));
        assert!(lets_others_write(b"") && lets_others_write(&list(5)[..21]), "what is not understood");
        let Some(scratch) = Scratch::new("lists") else { return };
        let plugins = scratch.0.join("plugins");
        let set = |list: &[u8]| fs::setxattr(&plugins, "system.posix_acl_access", list, fs::XattrFlags::empty());
        if set(&list(5)).is_err() {
            println!("skipped: this file system has no access control lists");
            return;
        }
        assert!(scratch.opened().is_ok(), "somebody may read");
        set(&list(7)).unwrap();
        // The mask keeps the name from writing for now, and the mode does not show it.
        assert!(scratch.opened().unwrap_err().contains("access control list"));
    }
}
