//! Bytes → text. YAML allows UTF-8 and UTF-16 with a byte-order mark; everything else is an error with its byte offset.

use std::borrow::Cow;
use std::fmt;

/// Why bytes are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// 0-based offset of the first byte that is wrong.
    pub offset: usize,
    /// Which encoding was expected there.
    pub encoding: &'static str,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {} is not valid {}", self.offset, self.encoding)
    }
}

/// Decodes a YAML stream: UTF-8 (a byte-order mark is dropped), or UTF-16 with a byte-order mark.
///
/// # Errors
/// The first byte that is not valid in the detected encoding.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, 3),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes, 0),
    }
}

fn utf8(bytes: &[u8], before: usize) -> Result<Cow<'_, str>, DecodeError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => Err(DecodeError { offset: before + error.valid_up_to(), encoding: "UTF-8" }),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 2;
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let character = decoded.map_err(|_| DecodeError { offset, encoding: "UTF-16" })?;
        offset += 2 * character.len_utf16();
        text.push(character);
    }
    if rest.is_empty() { Ok(Cow::Owned(text)) } else { Err(DecodeError { offset, encoding: "UTF-16" }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbfa: 1").as_deref(), Ok("a: 1"));
        assert_eq!(decode(b"\xff\xfea\0:\0").as_deref(), Ok("a:"));
        assert_eq!(decode(b"\xfe\xff\0a\0:").as_deref(), Ok("a:"));
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        assert_eq!(decode(b"ab\xffc"), Err(DecodeError { offset: 2, encoding: "UTF-8" }));
        assert_eq!(decode(b"\xff\xfea\0x"), Err(DecodeError { offset: 4, encoding: "UTF-16" }));
        assert_eq!(decode(b"\xff\xfe\x00\xd8a\0"), Err(DecodeError { offset: 2, encoding: "UTF-16" }));
    }
}
