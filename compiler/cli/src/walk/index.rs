//! The files that a repository tracks: git's index, read as a file.
//!
//! Owns: the format of the index, versions 2 to 4 (git's `Documentation/gitformat-index`). Must not: trust it. A text that is not an index tracks nothing.
#![expect(clippy::disallowed_methods, reason = "this is the shell: the one place that reads the world")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// A larger index is not read: a million files need some 100 MB.
const LARGEST: u64 = 256 << 20;
/// What stands in an entry before its flags: times, device, inode, mode, owner, size (40 bytes) and the object's name (20 bytes).
const BEFORE_FLAGS: usize = 60;
/// The same where names of objects are SHA-256.
const BEFORE_FLAGS_SHA256: usize = 72;

/// The tracked files below a directory, relative to it; none without a repository.
pub(super) fn tracked_below(directory: &Path) -> Vec<PathBuf> {
    let Ok(directory) = directory.canonicalize() else { return Vec::new() };
    let Some((root, git)) = repository(&directory) else { return Vec::new() };
    let index = git.join("index");
    let is_readable = std::fs::metadata(&index).is_ok_and(|it| it.is_file() && it.len() <= LARGEST);
    let Some(bytes) = is_readable.then(|| std::fs::read(&index).ok()).flatten() else { return Vec::new() };
    let object_name = if uses_sha256(&git) { BEFORE_FLAGS_SHA256 } else { BEFORE_FLAGS };
    let Ok(prefix) = directory.strip_prefix(&root) else { return Vec::new() };
    let below = |path: PathBuf| path.strip_prefix(prefix).ok().map(Path::to_owned);
    names(&bytes, object_name).unwrap_or_default().into_iter().filter_map(below).collect()
}

/// The work tree that a directory is in, and its `.git`: a directory, or a file that names one.
pub(super) fn repository(directory: &Path) -> Option<(PathBuf, PathBuf)> {
    let root = directory.ancestors().find(|ancestor| ancestor.join(".git").exists())?;
    let git = root.join(".git");
    if git.is_dir() {
        return Some((root.to_owned(), git));
    }
    let text = std::fs::read_to_string(&git).ok()?;
    Some((root.to_owned(), root.join(text.strip_prefix("gitdir:")?.trim())))
}

fn uses_sha256(git: &Path) -> bool {
    // A second work tree has only its own index; the rest is where this file says.
    let common = std::fs::read_to_string(git.join("commondir")).map(|common| git.join(common.trim()));
    let config = common.unwrap_or_else(|_| git.to_owned()).join("config");
    let config = std::fs::read_to_string(config).unwrap_or_default();
    let format = config
        .lines()
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case("objectformat"));
    format.is_some_and(|(_, value)| value.trim().eq_ignore_ascii_case("sha256"))
}

/// The paths of an index; `None` where it is not one.
fn names(bytes: &[u8], before_flags: usize) -> Option<Vec<PathBuf>> {
    let word = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (version, count) = (word(4)?, word(8)?);
    if !bytes.starts_with(b"DIRC") || !(2..=4).contains(&version) {
        return None;
    }
    let mut names = Vec::new();
    let mut name: Vec<u8> = Vec::new();
    let mut at = 12;
    for _ in 0..count {
        let start = at;
        let flags = u16::from_be_bytes(bytes.get(start + before_flags..start + before_flags + 2)?.try_into().ok()?);
        let is_extended = version >= 3 && flags & 0x4000 != 0;
        at = start + before_flags + if is_extended { 4 } else { 2 };
        if version == 4 {
            // The name is told by how much of the one before is left out at its end.
            let (dropped, length) = variable_width(bytes.get(at..)?)?;
            at += length;
            name.truncate(name.len().checked_sub(dropped)?);
        } else {
            name.clear();
        }
        let rest = bytes.get(at..)?;
        let end = memchr::memchr(0, rest)?;
        name.extend_from_slice(&rest[..end]);
        at += end + 1;
        if version < 4 {
            // Entries are padded with one to eight zeros to a multiple of eight bytes.
            at = start + (at - 1 - start + 8) / 8 * 8;
        }
        names.extend(relative(&name));
    }
    Some(names)
}

/// An offset as git packs it: seven bits a byte, each continued byte counting one more.
fn variable_width(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = usize::from(bytes.first()? & 0x7f);
    let mut length = 1;
    while bytes.get(length - 1)? & 0x80 != 0 {
        value = value.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(bytes.get(length)? & 0x7f))?;
        length += 1;
    }
    Some((value, length))
}

/// A path that stays below its root.
fn relative(name: &[u8]) -> Option<PathBuf> {
    let path = Path::new(OsStr::from_bytes(name));
    let is_plain = !name.is_empty() && path.components().all(|part| matches!(part, Component::Normal(_)));
    is_plain.then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One entry of version 2 or 3.
    fn entry(name: &str) -> Vec<u8> {
        let mut entry = vec![0; BEFORE_FLAGS];
        entry.extend((name.len() as u16).to_be_bytes());
        entry.extend(name.as_bytes());
        entry.resize((entry.len() + 8) / 8 * 8, 0);
        entry
    }

    fn header(version: u8, count: u8) -> Vec<u8> {
        [&b"DIRC\0\0\0"[..], &[version, 0, 0, 0, count]].concat()
    }

    #[test]
    fn names_of_padded_entries_are_read() {
        let bytes = [header(2, 3), entry("a"), entry("dir/b.yaml"), entry("dir/seven.b")].concat();
        let expected = ["a", "dir/b.yaml", "dir/seven.b"].map(PathBuf::from);
        assert_eq!(names(&bytes, BEFORE_FLAGS), Some(expected.to_vec()));
    }

    #[test]
    fn names_that_share_their_beginning_are_read() {
        let short = |dropped: u8, rest: &str| [&[0; BEFORE_FLAGS + 2][..], &[dropped], rest.as_bytes(), &[0]].concat();
        let bytes = [header(4, 3), short(0, "dir/a.yaml"), short(6, "b.yaml"), short(1, "z")].concat();
        let expected = ["dir/a.yaml", "dir/b.yaml", "dir/b.yamz"].map(PathBuf::from);
        assert_eq!(names(&bytes, BEFORE_FLAGS), Some(expected.to_vec()));
    }

    #[test]
    fn what_is_not_an_index_tracks_nothing_and_no_path_leaves_the_root() {
        for bytes in [&b""[..], b"DIRC", b"XXXX\0\0\0\x02\0\0\0\x01", &header(2, 200), &header(9, 0)] {
            assert_eq!(names(bytes, BEFORE_FLAGS), None, "{bytes:?}");
        }
        let bytes = [header(2, 3), entry("../a"), entry("/etc/passwd"), entry("b")].concat();
        assert_eq!(names(&bytes, BEFORE_FLAGS), Some(vec![PathBuf::from("b")]));
    }
}
