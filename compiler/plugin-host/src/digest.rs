//! SHA-256, as the name of a component and of its compiled form.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Stays in the processor's cache between reading and hashing, and fits on the stack.
pub(crate) const CHUNK_BYTES: usize = 16 << 10;

/// A SHA-256 digest. Written `sha256:<hex>`, as in a spec's pin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of all that a reader gives.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn of_reader(reader: &mut dyn Read) -> io::Result<Self> {
        let mut sha = Sha256::new();
        let mut chunk = [0; CHUNK_BYTES];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => return Ok(Self(sha.finalize().into())),
                Ok(length) => sha.update(&chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The digest of a value that can only be hashed, such as wasmtime's compatibility key.
    pub(crate) fn of_hash(value: &impl Hash) -> Self {
        let mut hasher = Sha256Hasher(Sha256::new());
        value.hash(&mut hasher);
        Self(hasher.0.finalize().into())
    }

    /// The digest of several digests.
    pub(crate) fn combined(parts: &[Self]) -> Self {
        let mut sha = Sha256::new();
        for part in parts {
            sha.update(part.0);
        }
        Self(sha.finalize().into())
    }

    /// The 64 hex digits.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// The first 12 hex digits, for people.
    pub fn short(&self) -> String {
        hex(&self.0[..6])
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).expect("invariant: four bits");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Feeds SHA-256 with whatever a `Hash` implementation writes. `Hasher`'s 64 bits would be too few to trust native code to.
struct Sha256Hasher(Sha256);

impl Hasher for Sha256Hasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("invariant: only the whole digest is read")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_as_in_a_pin() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b"").to_string(), format!("sha256:{empty}"));
        assert_eq!(Digest::of(b"").short(), empty[..12]);
    }

    #[test]
    fn reading_in_pieces_gives_the_same_digest() {
        for length in [0, 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 1] {
            let bytes = vec![7; length];
            let (first, rest) = bytes.split_at(length / 3);
            assert_eq!(Digest::of_reader(&mut first.chain(rest)).expect("memory reads"), Digest::of(&bytes));
        }
    }
}
