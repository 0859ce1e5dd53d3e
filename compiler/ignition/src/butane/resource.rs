//! Contents → `data:` URLs, in the encoding that the original picks.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// The URL, and the compression to note with it (`None` if the user chose one).
pub(super) struct DataUrl {
    pub(super) url: String,
    pub(super) compression: Option<String>,
}

/// Go ends its stream with an empty block of its own, which zlib does not write.
const GO_OVERHEAD: usize = 5;
/// Header and trailer of gzip.
const GZIP_FRAME: usize = 18;

/// Picks the shortest of percent, base64 and gzip encoding. `user_compression` is what the user set.
pub(super) fn data_url(contents: &[u8], user_compression: Option<&str>) -> DataUrl {
    let is_free = user_compression.unwrap_or_default().is_empty();
    let escaped = 1 + contents.iter().map(|byte| if is_unreserved(*byte) { 1 } else { 3 }).sum::<usize>();
    let base64 = BASE64_MARK.len() + contents.len().div_ceil(3) * 4;
    let best = escaped.min(base64);
    // An empty gzip stream alone is longer than this.
    if is_free && best > BASE64_MARK.len() + 4 + (GZIP_FRAME + GO_OVERHEAD) / 3 * 4 {
        let gzip = gzip(contents);
        let length = BASE64_MARK.len() + (gzip.len() + GO_OVERHEAD).div_ceil(3) * 4;
        if length + "gzip".len() < best {
            return DataUrl { url: base64_url(&gzip), compression: Some("gzip".to_owned()) };
        }
    }
    let url = if base64 < escaped { base64_url(contents) } else { escaped_url(contents, escaped) };
    DataUrl { url, compression: is_free.then(String::new) }
}

/// The only encoding of the oldest version.
pub(super) fn plain_data_url(contents: &[u8]) -> String {
    escaped_url(contents, contents.len())
}

const BASE64_MARK: &str = ";base64,";

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'\'' | b'(' | b')' | b'*' | b'-' | b'.' | b'_' | b'~')
}

fn escaped_url(contents: &[u8], length: usize) -> String {
    const HEX: [u8; 16] = *b"0123456789ABCDEF";
    let mut url = String::with_capacity(5 + length);
    url.push_str("data:,");
    for byte in contents {
        if is_unreserved(*byte) {
            url.push(char::from(*byte));
        } else {
            url.push('%');
            url.push(char::from(HEX[usize::from(byte >> 4)]));
            url.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    url
}

fn base64_url(contents: &[u8]) -> String {
    const DIGITS: [u8; 64] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut url = String::with_capacity(5 + BASE64_MARK.len() + contents.len().div_ceil(3) * 4);
    url.push_str("data:");
    url.push_str(BASE64_MARK);
    for chunk in contents.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            url.push(if digit <= chunk.len() {
                char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize])
            } else {
                '='
            });
        }
    }
    url
}

/// A gzip stream with the header that Go writes at its best level: no time, no name, unknown system.
fn gzip(contents: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    let mut encoder = DeflateEncoder::new(out, Compression::best());
    encoder.write_all(contents).expect("invariant: writing to memory succeeds");
    out = encoder.finish().expect("invariant: writing to memory succeeds");
    let mut crc = flate2::Crc::new();
    crc.update(contents);
    out.extend_from_slice(&crc.sum().to_le_bytes());
    out.extend_from_slice(&crc.amount().to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(contents: &[u8]) -> (String, Option<String>) {
        let DataUrl { url, compression } = data_url(contents, None);
        (url, compression)
    }

    #[test]
    fn the_shortest_encoding_wins() {
        assert_eq!(url(b""), ("data:,".to_owned(), Some(String::new())));
        assert_eq!(url(b"a b/c\n").0, "data:,a%20b%2Fc%0A");
        assert_eq!(url(&[0; 6]).0, "data:;base64,AAAAAAAA");
        assert_eq!(url(&[b'q'; 400]).1.as_deref(), Some("gzip"));
        assert_eq!(data_url(&[b'q'; 400], Some("gzip")).compression, None);
    }
}
