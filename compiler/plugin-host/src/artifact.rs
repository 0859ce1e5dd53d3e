//! The compiled form of a component as it is kept between runs.
//!
//! Owns: the key, the byte format and its verification. An artifact is unchecked native code: of single-bit errors in one, nineteen in twenty go unnoticed by
//! the runtime and run. So nothing is loaded whose digest does not match, over exactly the bytes that are then loaded. That protects against corruption and against
//! artifacts of another compiler version or another machine; it does not protect against someone who may write the cache directory, who is the user.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::model::meta::Description;

const MAGIC: &[u8; 16] = b"flatwright-code\n";
const DIGEST_BYTES: usize = 32;
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

#[derive(Serialize, Deserialize)]
struct Header {
    key: ArtifactKey,
    description: Description,
}

/// A compiled component that has passed its trial instantiation, with what it said about itself.
pub(crate) struct Artifact<'a> {
    pub(crate) description: Description,
    pub(crate) code: &'a [u8],
}

/// Writes an artifact: magic, header length, header as JSON, code, and the digest of all of it.
pub(crate) fn encode(key: ArtifactKey, description: &Description, code: &[u8]) -> Vec<u8> {
    let header = Header { key, description: description.clone() };
    let header = serde_json::to_vec(&header).expect("invariant: digests and strings always serialize");
    let mut bytes = Vec::with_capacity(MAGIC.len() + 4 + header.len() + code.len() + DIGEST_BYTES);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&u32::try_from(header.len()).expect("invariant: answers are limited").to_le_bytes());
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(code);
    let digest = Digest::of(&bytes);
    bytes.extend_from_slice(digest.bytes());
    bytes
}

/// Reads an artifact; `None` if it is not exactly what [`encode`] wrote for this key.
pub(crate) fn decode(key: ArtifactKey, bytes: &[u8]) -> Option<Artifact<'_>> {
    let (content, digest) = bytes.split_last_chunk::<DIGEST_BYTES>()?;
    let rest = content.strip_prefix(MAGIC)?;
    if Digest::of(content).bytes() != digest {
        return None;
    }
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|length| *length <= MOST_HEADER_BYTES)?;
    let (header, code) = rest.split_at_checked(length)?;
    let header: Header = serde_json::from_slice(header).ok()?;
    (header.key == key).then_some(Artifact { description: header.description, code })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ArtifactKey {
        ArtifactKey { component: Digest::of(b"component"), compatibility: Digest::of(b"settings") }
    }

    fn artifact() -> Vec<u8> {
        encode(key(), &Description { name: "p".into(), ..Description::default() }, b"native code")
    }

    #[test]
    fn an_artifact_reads_back() {
        let bytes = artifact();
        let read = decode(key(), &bytes).expect("verifies");
        assert_eq!((read.description.name.as_str(), read.code), ("p", b"native code".as_slice()));
    }

    #[test]
    fn another_key_does_not_open_it() {
        let other = ArtifactKey { compatibility: Digest::of(b"newer"), ..key() };
        assert!(decode(other, &artifact()).is_none());
        assert_ne!(other.file_name(), key().file_name());
    }

    #[test]
    fn no_truncation_and_no_flipped_bit_verifies() {
        let bytes = artifact();
        for length in 0..bytes.len() {
            assert!(decode(key(), &bytes[..length]).is_none(), "{length} bytes");
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(key(), &flipped).is_none(), "bit {bit}");
        }
    }
}
