//! The compiled form of a component as it is kept between runs.
//!
//! Owns: the key, the byte format and its verification. An artifact is unchecked native code: of single-bit errors in one, nineteen in twenty go unnoticed by
//! the runtime and run. So nothing is loaded whose checksum does not match, over all of its bytes. That protects against corruption and against artifacts of
//! another compiler version, another machine or another plugin; it does not protect against someone who may write the cache directory, who is the user.
//!
//! # Decisions
//! - **The code is first and the rest behind it**, so that the runtime can map a file as it is: reading half a megabyte into fresh memory costs thirty times as much.
//! - **XXH3 with 128 bits, not SHA-256.** Whoever can put a file there can also compute a digest of any kind, so only errors and mix-ups are left to be found, and the
//!   key inside finds the mix-ups. SHA-256 took a third of a warm load. The component's digest *is* SHA-256: authors of plugins choose those bytes.
//! - **The header has all that was found out before compiling**, so that a warm component is hashed and not read again.
//! - **A verified file may be mapped afterwards.** It is opened once, verified and mapped through the same descriptor; nothing of ours ever writes into a file that
//!   has its name (new content is renamed over it), and its mode lets nobody else.

use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};
use twox_hash::xxhash3_128::Hasher;

use crate::digest::{CHUNK_BYTES, Digest};
use crate::model::meta::Description;
use crate::world::World;

const MAGIC: &[u8; 16] = b"flatwright-code\n";
/// Behind everything: the header's length, the magic, and the checksum of all before it.
const FOOTER_BYTES: usize = 4 + MAGIC.len() + CHECKSUM_BYTES;
const CHECKSUM_BYTES: usize = 16;
/// A header holds one description, whose size is limited like every answer.
const MOST_HEADER_BYTES: usize = 8 << 20;

/// What an artifact is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ArtifactKey {
    /// The component.
    pub component: Digest,
    /// Everything about the runtime that code depends on: wasmtime's version and settings, the processor's features, this format.
    pub compatibility: Digest,
}

impl ArtifactKey {
    /// A file name: 64 hex digits and an ending.
    pub fn file_name(&self) -> String {
        format!("{}{ENDING}", Digest::combined(&[self.component, self.compatibility]).hex())
    }
}

/// The ending of artifacts' file names, by which a cache knows its own files.
pub(crate) const ENDING: &str = ".plugin-code";

/// What is known of a component that has been compiled and has passed its trial instantiation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) world: World,
    /// The largest memory and the largest table that it starts with, in bytes and elements.
    pub(crate) largest_memory: u64,
    pub(crate) largest_table: u64,
    /// What it said about itself.
    pub(crate) description: Description,
}

#[derive(Serialize, Deserialize)]
struct Header<F> {
    key: ArtifactKey,
    facts: F,
}

/// What an artifact that verified has besides the code.
pub(crate) struct Verified {
    pub(crate) facts: Facts,
    /// The code is this many bytes at the beginning.
    pub(crate) code_bytes: usize,
}

/// Writes an artifact: code, header as JSON, header length, magic, and the checksum of all of it.
pub(crate) fn encode(key: ArtifactKey, facts: &Facts, code: &[u8]) -> Vec<u8> {
    let header = serde_json::to_vec(&Header { key, facts }).expect("invariant: digests and strings always serialize");
    let mut bytes = Vec::with_capacity(code.len() + header.len() + FOOTER_BYTES);
    bytes.extend_from_slice(code);
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(&u32::try_from(header.len()).expect("invariant: answers are limited").to_le_bytes());
    bytes.extend_from_slice(MAGIC);
    let checksum = Hasher::oneshot(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Verifies an artifact; `None` if it is not exactly what [`encode`] wrote for this key. Every byte is read once.
pub(crate) fn verify(key: ArtifactKey, artifact: &mut (impl Read + Seek)) -> Option<Verified> {
    let (header, code_bytes) = read(artifact).ok()??;
    let header: Header<Facts> = serde_json::from_slice(&header).ok()?;
    (header.key == key).then_some(Verified { facts: header.facts, code_bytes })
}

/// The header and the length of the code, if the checksum is right.
fn read(artifact: &mut (impl Read + Seek)) -> io::Result<Option<(Vec<u8>, usize)>> {
    let mut footer = [0; FOOTER_BYTES];
    let size = usize::try_from(artifact.seek(SeekFrom::End(0))?).unwrap_or(usize::MAX);
    let Some(content) = size.checked_sub(FOOTER_BYTES) else { return Ok(None) };
    artifact.seek(SeekFrom::Start(content as u64))?;
    artifact.read_exact(&mut footer)?;
    let (covered, checksum) = footer.split_at(FOOTER_BYTES - CHECKSUM_BYTES);
    let Some((length, magic)) = covered.split_first_chunk::<4>() else { return Ok(None) };
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let Some(code_bytes) = content.checked_sub(length).filter(|_| length <= MOST_HEADER_BYTES && magic == MAGIC) else {
        return Ok(None);
    };
    artifact.rewind()?;
    let mut hasher = Hasher::new();
    let mut chunk = [0; CHUNK_BYTES];
    let mut left = code_bytes;
    while left > 0 {
        let part = &mut chunk[..left.min(CHUNK_BYTES)];
        artifact.read_exact(part)?;
        hasher.write(part);
        left -= part.len();
    }
    let mut header = vec![0; length];
    artifact.read_exact(&mut header)?;
    hasher.write(&header);
    hasher.write(covered);
    Ok((hasher.finish_128().to_le_bytes() == checksum).then_some((header, code_bytes)))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::hook::Hook;
    use crate::world::ApiVersion;

    fn key() -> ArtifactKey {
        ArtifactKey { component: Digest::of(b"component"), compatibility: Digest::of(b"settings") }
    }

    fn facts() -> Facts {
        let world = World { api: ApiVersion::LATEST, hooks: vec![Hook::Images] };
        let description = Description { name: "p".into(), ..Description::default() };
        Facts { world, largest_memory: 1, largest_table: 2, description }
    }

    fn decode(key: ArtifactKey, bytes: &[u8]) -> Option<(Facts, &[u8])> {
        let verified = verify(key, &mut Cursor::new(bytes))?;
        Some((verified.facts, &bytes[..verified.code_bytes]))
    }

    #[test]
    fn an_artifact_reads_back() {
        for code in [b"native code".to_vec(), Vec::new(), vec![7; 3 * CHUNK_BYTES + 1]] {
            assert_eq!(decode(key(), &encode(key(), &facts(), &code)), Some((facts(), &*code)));
        }
    }

    #[test]
    fn another_key_does_not_open_it() {
        let other = ArtifactKey { compatibility: Digest::of(b"newer"), ..key() };
        assert!(decode(other, &encode(key(), &facts(), b"native code")).is_none());
        assert_ne!(other.file_name(), key().file_name());
    }

    #[test]
    fn no_truncation_and_no_flipped_bit_verifies() {
        let bytes = encode(key(), &facts(), b"native code");
        for length in 0..bytes.len() {
            assert!(decode(key(), &bytes[..length]).is_none(), "{length} bytes");
            assert!(decode(key(), &bytes[length + 1..]).is_none(), "without the first {length} bytes");
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(key(), &flipped).is_none(), "bit {bit}");
        }
    }
}
