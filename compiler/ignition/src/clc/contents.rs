//! In which form a file's contents are written: as they are, in base64, or compressed.
//!
//! Owns: what counts as text, how much room each form takes, and what a compressed form says of itself. Must not: know the rest of a config.

use flatwright_go::base64;
use flatwright_go::gzip::{Gzip, unpack};
use flatwright_yaml::{Map, Value};

use super::types::{self, Bytes};
use crate::data_url::{escaped_length, in_base64};
use crate::ignition2::{self, decode_data_url};

/// How much deeper a file's contents stand than the text that is measured.
const INDENT: usize = 6;

/// The bytes that end up in the file, where the config itself holds them.
pub(super) fn plain_bytes(contents: &ignition2::FileContents) -> Option<Vec<u8>> {
    let bytes = stored_bytes(contents)?;
    match &*contents.compression {
        "" => Some(bytes),
        "gzip" => unpack(&bytes),
        _ => None,
    }
}

/// The bytes as the config holds them, compressed or not.
pub(super) fn stored_bytes(contents: &ignition2::FileContents) -> Option<Vec<u8>> {
    match &*contents.source {
        "" => Some(Vec::new()),
        source if source.starts_with("data:") => decode_data_url(source).ok(),
        _ => None,
    }
}

/// Whether both hold the same bytes, in whatever form.
pub(super) fn are_same_bytes(one: &ignition2::FileContents, other: &ignition2::FileContents) -> bool {
    let bytes = |contents: &ignition2::FileContents| match contents.verification.hash {
        None => plain_bytes(contents),
        Some(_) => None,
    };
    bytes(one).is_some_and(|bytes_of_one| bytes(other) == Some(bytes_of_one))
}

/// The contents in the form that needs the fewest code points in `additionalConfig`.
pub(super) fn smallest(bytes: &[u8], gzip: &mut Gzip) -> types::FileContents {
    let inline = std::str::from_utf8(bytes).ok().map(inline_length);
    let plain = remote_length(bytes.len());
    let room = inline.unwrap_or(plain).min(plain).saturating_sub(remote_length(0) + compression_length());
    match gzip.pack(bytes, base64::longest_decoded(room)) {
        Some(packed) => remote(packed, "gzip"),
        None if inline.is_some_and(|inline| inline <= plain) => inlined(bytes),
        None => remote(bytes, ""),
    }
}

/// The contents so that people can read them, where there is something to read.
pub(super) fn readable(bytes: &[u8]) -> types::FileContents {
    if is_text(bytes) { inlined(bytes) } else { remote(bytes, "") }
}

/// Contents that are stored as they are.
pub(super) fn stored(bytes: &[u8], compression: &str) -> types::FileContents {
    remote(bytes, compression)
}

/// What compressing contents saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Saving {
    /// In the text, in code points.
    pub(super) text: usize,
    /// In the bootstrap data, in bytes.
    pub(super) data: usize,
}

/// What compressing contents would save; `None` if it saves nothing.
pub(super) fn saving(bytes: &[u8], gzip: &mut Gzip) -> Option<Saving> {
    let readable = if is_text(bytes) {
        inline_length(std::str::from_utf8(bytes).expect("invariant: a text is UTF-8"))
    } else {
        remote_length(bytes.len())
    };
    let written = if is_text(bytes) { escaped_length(bytes) } else { base64::encoded_length(bytes.len()) };
    let packed = gzip.pack(bytes, bytes.len())?.len();
    let around = compression_length() + INDENT + 2 + note(bytes).chars().count() + 1;
    let text = readable.checked_sub(remote_length(packed) + around)?;
    let data = written.checked_sub(base64::encoded_length(packed) + "gzip".len())?;
    Some(Saving { text, data })
}

/// What a comment says of contents that are compressed.
pub(super) fn note(bytes: &[u8]) -> String {
    let kind = if is_text(bytes) { "text" } else { "data" };
    format!("# {} bytes of {kind}, compressed: it would be too large otherwise", bytes.len())
}

/// Text that people can read: UTF-8 without controls other than tabs and ends of lines.
fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes)
        .is_ok_and(|text| !text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
}

fn inlined(bytes: &[u8]) -> types::FileContents {
    types::FileContents { inline: Bytes(bytes.to_vec()), ..Default::default() }
}

fn remote(bytes: &[u8], compression: &str) -> types::FileContents {
    types::FileContents {
        remote: types::Remote { url: in_base64(bytes), compression: compression.into(), ..Default::default() },
        ..Default::default()
    }
}

fn inline_length(text: &str) -> usize {
    let lines = Value::from([("inline".to_owned(), Value::str(text))].into_iter().collect::<Map>());
    let written = flatwright_yaml::emit(&lines);
    let deeper = written.lines().skip(1).filter(|line| !line.is_empty()).count() * INDENT;
    written.chars().count() + deeper
}

fn remote_length(bytes: usize) -> usize {
    "remote:\n".len() + INDENT + 2 + "url: data:;base64,\n".len() + base64::encoded_length(bytes)
}

fn compression_length() -> usize {
    INDENT + 2 + "compression: gzip\n".len() + 1
}
