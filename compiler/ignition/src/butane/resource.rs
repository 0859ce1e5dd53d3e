//! Contents → `data:` URLs, in the encoding that the original picks.

use flate2::{Compress, Compression, Crc, FlushCompress};

use crate::goyaml::is_raw;
use crate::ignition3::Config;

use super::flate;

/// The URL, and the compression to note with it (`None` if the user chose one).
pub(super) struct DataUrl {
    pub(super) url: String,
    pub(super) compression: Option<String>,
}

/// The header that Go writes at its best level: no time, no name, unknown system.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
/// Header and trailer of gzip.
const GZIP_FRAME: usize = 18;

/// Makes `data:` URLs; keeps the compressor, which is large, between them.
#[derive(Default)]
pub(super) struct Encoder {
    compressor: Option<Compress>,
    gzip: Vec<u8>,
}

impl Encoder {
    /// Picks the shortest of percent, base64 and gzip encoding. `user_compression` is what the user set.
    pub(super) fn data_url(&mut self, contents: &[u8], user_compression: Option<&str>) -> DataUrl {
        let is_free = user_compression.unwrap_or_default().is_empty();
        let escaped = 1 + contents.iter().map(|byte| if is_unreserved(*byte) { 1 } else { 3 }).sum::<usize>();
        let base64 = BASE64_MARK.len() + contents.len().div_ceil(3) * 4;
        let best = escaped.min(base64);
        let is_shorter =
            |deflated: usize| BASE64_MARK.len() + (deflated + GZIP_FRAME).div_ceil(3) * 4 + "gzip".len() < best;
        let estimate = (is_free && contents.len() <= flate::LONGEST).then(|| flate::estimate(contents));
        let is_known_longer = estimate.as_ref().is_some_and(|estimate| !is_shorter(estimate.fixed.min(estimate.least)));
        if is_free && !is_known_longer {
            let deflated = self.compress(contents).min(estimate.map_or(usize::MAX, |estimate| estimate.fixed));
            if is_shorter(deflated) {
                return DataUrl { url: base64_url(&self.gzip), compression: Some("gzip".to_owned()) };
            }
        }
        let url = if base64 < escaped { base64_url(contents) } else { escaped_url(contents, escaped) };
        DataUrl { url, compression: is_free.then(String::new) }
    }

    /// Makes a gzip stream. Returns how long Go's deflated data would be: it ends as a flush does, and that empty block is its last one.
    fn compress(&mut self, contents: &[u8]) -> usize {
        let compressor = self.compressor.get_or_insert_with(|| Compress::new(Compression::best(), false));
        compressor.reset();
        let out = &mut self.gzip;
        out.clear();
        out.extend_from_slice(&GZIP_HEADER);
        let mut taken = 0;
        loop {
            out.reserve(contents.len() / 2 + 256);
            let before = compressor.total_in();
            let _ = compressor.compress_vec(&contents[taken..], out, FlushCompress::Sync);
            taken += usize::try_from(compressor.total_in() - before).unwrap_or_default();
            if taken == contents.len() && out.len() < out.capacity() {
                break;
            }
        }
        let deflated = out.len() - GZIP_HEADER.len();
        out.reserve(64);
        let _ = compressor.compress_vec(&[], out, FlushCompress::Finish);
        let mut crc = Crc::new();
        crc.update(contents);
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&crc.amount().to_le_bytes());
        deflated
    }
}

/// Go's JSON shows a replacement character for each byte that is not UTF-8.
pub(super) fn replace_raw(config: &mut Config) {
    let units = config.systemd.units.iter_mut();
    let texts = units.flat_map(|unit| {
        unit.contents.iter_mut().chain(unit.dropins.iter_mut().filter_map(|dropin| dropin.contents.as_mut()))
    });
    let paths = config.storage.files.iter_mut().map(|file| &mut file.path);
    for text in texts.chain(paths) {
        if text.contains(is_raw) {
            *text = text.replace(is_raw, "\u{fffd}");
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn url(contents: &[u8]) -> (String, Option<String>) {
        let DataUrl { url, compression } = Encoder::default().data_url(contents, None);
        (url, compression)
    }

    #[test]
    fn the_shortest_encoding_wins() {
        assert_eq!(url(b""), ("data:,".to_owned(), Some(String::new())));
        assert_eq!(url(b"a b/c\n").0, "data:,a%20b%2Fc%0A");
        assert_eq!(url(&[0; 6]).0, "data:;base64,AAAAAAAA");
        assert_eq!(url(&[b'q'; 400]).1.as_deref(), Some("gzip"));
        assert_eq!(Encoder::default().data_url(&[b'q'; 400], Some("gzip")).compression, None);
    }
}
