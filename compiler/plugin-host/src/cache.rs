//! Where compiled components are kept between runs.
//!
//! Owns: the trait through which the host asks for artifacts, and the rules of a cache: verify before use, replace what does not verify, never fail a
//! compile because the cache cannot be read or written. Must not: touch a disk; file operations come through [`CacheFiles`].

use std::any::Any;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use crate::artifact::{ArtifactKey, ENDING};

/// An artifact as a store keeps it.
#[derive(Debug)]
pub enum Stored {
    /// In memory.
    Bytes(Vec<u8>),
    /// In an open file, which nobody may write to any more: it is mapped instead of copied. A cache puts new content into a new file and renames that.
    File(File),
}

/// Keeps artifacts between runs. Nothing it gives back is trusted: the host verifies every byte.
pub trait ArtifactStore: Send + Sync {
    /// The artifact kept under this key, if there is one.
    fn get(&self, key: &ArtifactKey) -> Option<Stored>;
    /// Keeps an artifact, replacing one that did not verify. A store that cannot write drops it.
    fn put(&self, key: &ArtifactKey, artifact: &[u8]);

    /// Waits until nobody else makes the artifact of this key, for so long at most; others wait while the claim lives. `None` where that cannot be arranged, or it took
    /// too long: then it is made all the same. The default arranges nothing.
    fn claim(&self, _key: &ArtifactKey, _most: Duration, _on_wait: &dyn Fn()) -> Option<Claim> {
        None
    }

    /// Why artifacts are not kept, if this store was meant to keep them and does not. The default has no trouble.
    fn trouble(&self) -> Option<Trouble> {
        None
    }
}

/// Keeps others from making the same artifact while it lives.
pub struct Claim(#[expect(dead_code, reason = "it is there to be dropped")] Box<dyn Any + Send>);

impl Claim {
    /// A claim that ends when this value is dropped.
    pub fn new(held: impl Any + Send) -> Self {
        Self(Box::new(held))
    }
}

/// Why compiled plugins are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The reason, as a report ends with it.
    pub reason: String,
    /// What to do about it.
    pub hint: String,
}

/// Keeps nothing, because what should keep it cannot.
#[derive(Clone, Debug)]
pub struct Unusable(pub Trouble);

impl ArtifactStore for Unusable {
    fn get(&self, _: &ArtifactKey) -> Option<Stored> {
        None
    }

    fn put(&self, _: &ArtifactKey, _: &[u8]) {}

    fn trouble(&self) -> Option<Trouble> {
        Some(self.0.clone())
    }
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoStore;

impl ArtifactStore for NoStore {
    fn get(&self, _: &ArtifactKey) -> Option<Stored> {
        None
    }

    fn put(&self, _: &ArtifactKey, _: &[u8]) {}
}

/// Keeps artifacts in memory: for long-lived processes and tests.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<BTreeMap<ArtifactKey, Vec<u8>>>);

impl ArtifactStore for MemoryStore {
    fn get(&self, key: &ArtifactKey) -> Option<Stored> {
        self.0.lock().ok()?.get(key).cloned().map(Stored::Bytes)
    }

    fn put(&self, key: &ArtifactKey, artifact: &[u8]) {
        if let Ok(mut kept) = self.0.lock() {
            kept.insert(*key, artifact.to_vec());
        }
    }
}

impl<S: ArtifactStore + ?Sized> ArtifactStore for Arc<S> {
    fn get(&self, key: &ArtifactKey) -> Option<Stored> {
        self.as_ref().get(key)
    }

    fn put(&self, key: &ArtifactKey, artifact: &[u8]) {
        self.as_ref().put(key, artifact);
    }

    fn claim(&self, key: &ArtifactKey, most: Duration, on_wait: &dyn Fn()) -> Option<Claim> {
        self.as_ref().claim(key, most, on_wait)
    }

    fn trouble(&self) -> Option<Trouble> {
        self.as_ref().trouble()
    }
}

/// The file operations of a cache directory that is the user's own. File names are flat and harmless: hex digits and an ending.
pub trait CacheFiles: Send + Sync {
    /// A file, whole or opened, or `None` if there is none.
    ///
    /// # Errors
    /// Any failure to read; the cache then does without.
    fn open(&self, name: &str) -> io::Result<Option<Stored>>;

    /// Writes a file so that every reader sees either the old or the whole new content: a temporary file, then a rename.
    ///
    /// # Errors
    /// Any failure to write; the cache then does without.
    fn replace(&self, name: &str, content: &[u8]) -> io::Result<()>;

    /// Removes a file. One that is gone already is no error.
    ///
    /// # Errors
    /// Any failure to remove.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Names and sizes of all files, oldest use first where the system knows.
    ///
    /// # Errors
    /// Any failure to list.
    fn list(&self) -> io::Result<Vec<(String, u64)>>;

    /// Waits until nobody else holds the lock of this name, as [`ArtifactStore::claim`]. The default has no locks.
    ///
    /// # Errors
    /// Any failure to lock, being too late among them.
    fn lock(&self, _name: &str, _most: Duration, _on_wait: &dyn Fn()) -> io::Result<Claim> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// What to do where a file cannot be written, in words.
    fn remedy(&self) -> String;
}

/// A cache of artifacts over some file operations, bounded in size.
#[derive(Debug)]
pub struct Cache<F> {
    files: F,
    most_bytes: u64,
    /// Why something was not kept, the first time.
    trouble: OnceLock<Trouble>,
}

/// What [`Cache::empty`] removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Files removed.
    pub files: usize,
    /// Their size together.
    pub bytes: u64,
}

impl<F: CacheFiles> Cache<F> {
    /// A cache that keeps at most `most_bytes`; writing beyond that removes what was used longest ago.
    pub const fn new(files: F, most_bytes: u64) -> Self {
        Self { files, most_bytes, trouble: OnceLock::new() }
    }

    /// Removes every artifact, and nothing else that may lie in the directory.
    ///
    /// # Errors
    /// The first failure to list or remove.
    pub fn empty(&self) -> io::Result<Cleaned> {
        let mut cleaned = Cleaned::default();
        for (name, bytes) in self.files.list()?.into_iter().filter(|(name, _)| is_ours(name)) {
            self.files.remove(&name)?;
            cleaned.files += 1;
            cleaned.bytes += bytes;
        }
        Ok(cleaned)
    }

    fn make_room(&self, needed: u64) -> io::Result<()> {
        let ours: Vec<_> = self.files.list()?.into_iter().filter(|(name, _)| is_ours(name)).collect();
        let mut total: u64 = ours.iter().map(|(_, bytes)| bytes).sum::<u64>() + needed;
        for (name, bytes) in ours {
            if total <= self.most_bytes {
                break;
            }
            self.files.remove(&name)?;
            total -= bytes;
        }
        Ok(())
    }
}

impl<F: CacheFiles> ArtifactStore for Cache<F> {
    fn get(&self, key: &ArtifactKey) -> Option<Stored> {
        self.files.open(&key.file_name()).ok().flatten()
    }

    fn put(&self, key: &ArtifactKey, artifact: &[u8]) {
        let size = artifact.len() as u64;
        if size > self.most_bytes {
            return;
        }
        // A cache that cannot be written must not fail a compile, which has all it needs.
        if let Err(error) = self.make_room(size).and_then(|()| self.files.replace(&key.file_name(), artifact)) {
            let reason = format!("what was compiled cannot be kept: {error}");
            self.trouble.get_or_init(|| Trouble { reason, hint: self.files.remedy() });
        }
    }

    fn claim(&self, key: &ArtifactKey, most: Duration, on_wait: &dyn Fn()) -> Option<Claim> {
        self.files.lock(&format!("{}{LOCK}", key.file_name()), most, on_wait).ok()
    }

    fn trouble(&self) -> Option<Trouble> {
        self.trouble.get().cloned()
    }
}

/// The ending of a lock's file name, behind the artifact's.
const LOCK: &str = ".lock";

/// Temporary files and locks that a killed process left behind count too.
fn is_ours(name: &str) -> bool {
    let name = name.strip_suffix(LOCK).unwrap_or(name);
    let stem = name.strip_suffix(".tmp").and_then(|name| name.rsplit_once('.')).map_or(name, |(stem, _)| stem);
    stem.strip_suffix(ENDING).is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    type Kept = Vec<(String, Vec<u8>)>;

    /// A directory in memory; `broken` makes every operation fail.
    #[derive(Default)]
    struct Files {
        kept: Mutex<Kept>,
        broken: bool,
    }

    impl Files {
        fn guard(&self) -> io::Result<std::sync::MutexGuard<'_, Kept>> {
            if self.broken { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(self.kept.lock().unwrap()) }
        }
    }

    impl CacheFiles for Files {
        fn open(&self, name: &str) -> io::Result<Option<Stored>> {
            let found = self.guard()?.iter().find(|(kept, _)| kept == name).map(|(_, content)| content.clone());
            Ok(found.map(Stored::Bytes))
        }

        fn replace(&self, name: &str, content: &[u8]) -> io::Result<()> {
            let mut kept = self.guard()?;
            kept.retain(|(kept, _)| kept != name);
            kept.push((name.to_owned(), content.to_vec()));
            Ok(())
        }

        fn remove(&self, name: &str) -> io::Result<()> {
            self.guard()?.retain(|(kept, _)| kept != name);
            Ok(())
        }

        fn remedy(&self) -> String {
            "mend it".to_owned()
        }

        fn list(&self) -> io::Result<Vec<(String, u64)>> {
            Ok(self.guard()?.iter().map(|(name, content)| (name.clone(), content.len() as u64)).collect())
        }
    }

    fn key(name: &str) -> ArtifactKey {
        ArtifactKey { component: Digest::of(name.as_bytes()), compatibility: Digest::of(b"") }
    }

    #[test]
    fn the_oldest_artifacts_make_room() {
        let cache = Cache::new(Files::default(), 100);
        cache.put(&key("a"), &[0; 40]);
        cache.put(&key("b"), &[0; 40]);
        cache.put(&key("c"), &[0; 40]);
        assert!(cache.get(&key("a")).is_none());
        assert!(cache.get(&key("b")).is_some() && cache.get(&key("c")).is_some());
        cache.put(&key("huge"), &[0; 101]);
        assert!(cache.get(&key("huge")).is_none() && cache.get(&key("c")).is_some());
    }

    #[test]
    fn cleaning_leaves_foreign_files_alone() {
        let cache = Cache::new(Files::default(), 1_000);
        cache.put(&key("a"), b"1234");
        let left_behind = [format!("{}.77.tmp", key("b").file_name()), format!("{}.lock", key("c").file_name())];
        for name in ["notes.txt", "x.plugin-code", "x.lock", &left_behind[0], &left_behind[1]] {
            cache.files.replace(name, b"12").unwrap();
        }
        assert_eq!(cache.empty().unwrap(), Cleaned { files: 3, bytes: 8 });
        assert_eq!(cache.files.list().unwrap().len(), 3);
        assert_eq!(cache.trouble(), None);
    }

    #[test]
    fn a_broken_directory_is_no_cache_and_no_failure() {
        let cache = Cache::new(Files { broken: true, ..Files::default() }, 1_000);
        cache.put(&key("a"), b"1234");
        assert!(cache.get(&key("a")).is_none());
        assert!(cache.empty().is_err());
        let trouble = cache.trouble().expect("it could not keep it");
        assert!(trouble.reason.contains("permission denied") && trouble.hint == "mend it", "{trouble:?}");
    }
}
