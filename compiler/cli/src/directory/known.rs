//! Which files are known without being read: for large output directories, size, times and inode of each file are kept in the user's cache with its hash.
//!
//! A file counts as known only where all of them are the same, and where they had been the same for a while when they were noted: a change within the same tick of the clock
//! would not be seen in them. What is kept is only what this user saw; a directory that was cloned or copied is read once.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the shell: times decide what must be read, never what is written"
)]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::time::{SystemTime, UNIX_EPOCH};

use flatwright::directory::{Hash, Inventory};
use flatwright_plugin_host::directory::Directory;
use flatwright_plugin_host::{CacheFiles as _, Stored};
use rustix::fs::Stat;

use super::folder::{Folder, is_file};
use super::root::Root;
use super::survey::Survey;
use crate::plugin_host::caches;

/// Smaller directories are read faster than anything is looked up.
const WORTHWHILE: usize = 1_000;

/// Clocks of file systems tick at least this often.
const TICK_SECONDS: i64 = 2;

const HEAD: &str = "flatwright files 1";

/// What is known of the files of one directory.
#[derive(Default)]
pub(super) struct Known {
    files: BTreeMap<String, (Identity, Hash)>,
    /// Where it is kept; nothing is for small directories.
    name: Option<String>,
}

/// What changes when a file does.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    size: i64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    #[expect(
        clippy::unnecessary_cast,
        clippy::cast_possible_wrap,
        reason = "the types of the fields differ between systems"
    )]
    const fn of(stat: &Stat) -> Self {
        Self {
            device: stat.st_dev as u64,
            inode: stat.st_ino as u64,
            size: stat.st_size as i64,
            modified: (stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: (stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        }
    }

    fn parse(words: &mut std::str::SplitN<'_, char>) -> Option<Self> {
        let device = words.next()?.parse().ok()?;
        let inode = words.next()?.parse().ok()?;
        let mut number = || words.next()?.parse().ok();
        Some(Self { device, inode, size: number()?, modified: (number()?, number()?), changed: (number()?, number()?) })
    }

    fn text(&self) -> String {
        let Self { device, inode, size, modified, changed } = self;
        format!("{device} {inode} {size} {} {} {} {}", modified.0, modified.1, changed.0, changed.1)
    }

    /// Whether a change after `now` would have shown.
    fn is_settled(&self, now: i64) -> bool {
        self.modified.0.max(self.changed.0) + TICK_SECONDS < now
    }
}

impl Known {
    /// What is known of a directory that has so many files. A directory of another machine, or of nobody yet, has nothing known.
    pub(super) fn of(root: &Root, files: usize) -> Self {
        if files < WORTHWHILE {
            return Self::default();
        }
        let name = Hash::of(root.path.as_os_str().as_encoded_bytes()).to_string();
        let mut known = Self { files: BTreeMap::new(), name: Some(name) };
        known.load();
        known
    }

    /// The hash of a file with this metadata.
    pub(super) fn hash(&self, path: &str, stat: &Stat) -> Option<Hash> {
        let (identity, hash) = self.files.get(path)?;
        (*identity == Identity::of(stat)).then_some(*hash)
    }

    /// Whether two looks saw the same file.
    pub(super) fn is_same(then: &Stat, now: &Stat) -> bool {
        Identity::of(then) == Identity::of(now)
    }

    fn load(&mut self) {
        let Some((cache, name)) = self.cache() else { return };
        let Ok(Some(Stored::File(mut file))) = cache.open(name) else { return };
        let mut text = String::new();
        if file.read_to_string(&mut text).is_err() || text.lines().next() != Some(HEAD) {
            return;
        }
        self.files = text.lines().skip(1).filter_map(entry).collect();
    }

    /// Notes what is in the directory now. Without a cache, the next run reads the files.
    pub(super) fn keep(&self, root: &Root, inventory: &Inventory, survey: &Survey) {
        let Some((cache, name)) = self.cache() else { return };
        // The directory that was looked at may have changed places with a new one.
        let Ok(folder) = Folder::open(&root.path) else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed());
        let mut text = format!("{HEAD}\n");
        let mut is_news = false;
        for (path, hash) in inventory.files() {
            let found = match survey.stat(path) {
                Some(stat) if survey.standing(path) == flatwright::directory::Standing::File(Some(*hash)) => {
                    Some(*stat)
                }
                _ => folder.stat_of(path).ok().flatten().filter(is_file),
            };
            let Some(identity) = found.map(|stat| Identity::of(&stat)).filter(|identity| identity.is_settled(now))
            else {
                continue;
            };
            is_news |= self.files.get(path) != Some(&(identity, *hash));
            text.push_str(&format!("{} {hash} {path}\n", identity.text()));
        }
        if is_news {
            // A cache that cannot be written is none.
            let _ = cache.replace(name, text.as_bytes());
        }
    }

    fn cache(&self) -> Option<(Directory, &str)> {
        let name = self.name.as_deref()?;
        Some((Directory::open(&caches().ok()?.join("outputs")).ok()?, name))
    }
}

fn entry(line: &str) -> Option<(String, (Identity, Hash))> {
    let mut words = line.splitn(9, ' ');
    let identity = Identity::parse(&mut words)?;
    let hash = Hash::parse(words.next()?)?;
    Some((words.next()?.to_owned(), (identity, hash)))
}
