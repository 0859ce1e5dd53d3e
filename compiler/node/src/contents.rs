//! What is in a file: the pieces that a config gives it.
//!
//! Owns: inline contents, what they decompress and hash to, and the bound on that. Must not: fetch anything; what is elsewhere is unknown.

use std::borrow::Cow;

use flatwright_go::gzip::{NotGzip, read_members};
use flatwright_ignition::ignition3::{Resource, decode_data_url};
use sha2::{Digest as _, Sha256, Sha512};

/// The most bytes that the inline contents of one config may decompress to. A config that travels as user data has 64 KB; what inflates to more is a mistake or an attack.
pub(crate) const MOST_BYTES: usize = 256 << 20;

/// The contents of a file. Nothing is decoded before somebody asks.
#[derive(Clone, Debug, Default)]
pub struct Contents<'c> {
    pieces: Vec<Piece<'c>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<'c> {
    Text(Cow<'c, str>),
    Inline { source: &'c str, is_compressed: bool },
    Remote(&'c str),
    Unknown,
}

impl<'c> Contents<'c> {
    /// The contents of a text.
    pub(crate) fn text(text: impl Into<Cow<'c, str>>) -> Self {
        Self { pieces: vec![Piece::Text(text.into())] }
    }

    /// Contents that nobody can know.
    pub(crate) fn unknown() -> Self {
        Self { pieces: vec![Piece::Unknown] }
    }

    pub(crate) fn of(resource: &'c Resource) -> Self {
        let mut contents = Self::default();
        contents.append(resource);
        contents
    }

    pub(crate) fn append(&mut self, resource: &'c Resource) {
        let Some(source) = resource.source.as_deref().filter(|source| !source.is_empty()) else { return };
        self.pieces.push(if is_inline(source) {
            Piece::Inline { source, is_compressed: resource.compression.as_deref() == Some("gzip") }
        } else {
            Piece::Remote(source)
        });
    }

    pub(crate) fn append_text(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.to_mut().push_str(text);
        } else {
            self.pieces.push(Piece::Text(Cow::Owned(text.to_owned())));
        }
    }

    /// Where parts come from that are fetched.
    pub fn remote(&self) -> impl Iterator<Item = &'c str> {
        self.pieces.iter().filter_map(|piece| if let Piece::Remote(url) = piece { Some(*url) } else { None })
    }

    /// The bytes; `None` if a part is fetched, unknown or larger than what is decompressed here.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => bytes.extend_from_slice(text.as_bytes()),
                Piece::Inline { source, is_compressed } => {
                    let data = decode_data_url(source).ok()?;
                    let mut put = |part: &[u8]| bytes.extend_from_slice(part);
                    if *is_compressed { read_members(&data, MOST_BYTES, &mut put).ok()? } else { put(&data) }
                }
                Piece::Remote(_) | Piece::Unknown => return None,
            }
        }
        Some(bytes)
    }

    /// Whether two files have the same in them; `None` if nobody can know.
    pub fn is_same(&self, other: &Contents<'_>) -> Option<bool> {
        let is_known = |piece: &Piece<'_>| !matches!(piece, Piece::Unknown);
        if self.pieces == other.pieces && self.pieces.iter().all(is_known) {
            return Some(true);
        }
        Some(self.bytes()? == other.bytes()?)
    }
}

/// Whether a source carries its contents.
pub(crate) fn is_inline(source: &str) -> bool {
    source.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// What is wrong with the contents that a config gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Spoiled {
    NotGzip(NotGzip),
    TooLarge,
    /// A hash that is not hexadecimal: no contents have it, wherever they are.
    HashText(String),
    Hash {
        /// What the config says.
        expected: String,
        /// What the contents have, by the same function.
        actual: String,
        /// Whether the compressed data has the hash that is said.
        is_of_compressed: bool,
    },
}

/// The largest contents that are kept decompressed.
pub(crate) const MOST_KEPT: usize = 1 << 20;

/// Decompresses and hashes inline contents as the node does when it writes them; `room` is what may still be decompressed. Small ones are given decompressed.
pub(crate) fn check(resource: &Resource, room: &mut usize) -> Result<Option<Vec<u8>>, Spoiled> {
    let expected = resource.verification.hash.as_deref();
    if let Some((_, sum)) = expected.and_then(|hash| hash.split_once('-'))
        && !sum.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return Err(Spoiled::HashText(expected.unwrap_or_default().to_owned()));
    }
    let Some(source) = resource.source.as_deref().filter(|source| is_inline(source)) else { return Ok(None) };
    let is_compressed = resource.compression.as_deref() == Some("gzip");
    if !is_compressed && expected.is_none() {
        return Ok(None);
    }
    // The validator has read the URL before.
    let Ok(data) = decode_data_url(source) else { return Ok(None) };
    let mut hasher = expected.and_then(Hasher::of);
    let mut kept = is_compressed.then(Vec::new);
    if is_compressed {
        let mut used = 0;
        let mut put = |part: &[u8]| {
            used += part.len();
            match &mut kept {
                Some(kept) if used <= MOST_KEPT => kept.extend_from_slice(part),
                _ => kept = None,
            }
            hasher.iter_mut().for_each(|hasher| hasher.update(part));
        };
        let result = read_members(&data, *room, &mut put);
        *room -= used.min(*room);
        result.map_err(
            |problem| if problem == NotGzip::TooLarge { Spoiled::TooLarge } else { Spoiled::NotGzip(problem) },
        )?;
    } else {
        hasher.iter_mut().for_each(|hasher| hasher.update(&data));
    }
    let (Some(hasher), Some(expected)) = (hasher, expected) else { return Ok(kept) };
    let actual = hasher.finish();
    if actual.eq_ignore_ascii_case(expected) {
        return Ok(kept);
    }
    let of_compressed = is_compressed.then(|| Hasher::of(expected)).flatten().map(|mut hasher| {
        hasher.update(&data);
        hasher.finish()
    });
    let is_of_compressed = of_compressed.is_some_and(|hash| hash.eq_ignore_ascii_case(expected));
    Err(Spoiled::Hash { expected: expected.to_owned(), actual, is_of_compressed })
}

enum Hasher {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    /// The function that a hash names before its dash.
    fn of(hash: &str) -> Option<Self> {
        match hash.split_once('-')?.0 {
            "sha256" => Some(Self::Sha256(Sha256::new())),
            "sha512" => Some(Self::Sha512(Sha512::new())),
            _ => None,
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        match self {
            Self::Sha256(hasher) => format!("sha256-{}", hex(&hasher.finalize())),
            Self::Sha512(hasher) => format!("sha512-{}", hex(&hasher.finalize())),
        }
    }
}
