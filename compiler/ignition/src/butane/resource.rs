//! Contents → `data:` URLs, in the encoding that the original picks.

use flate2::{Compress, Compression, Crc, FlushCompress};

use crate::base64;
use crate::data_url::{self, BASE64_MARK};
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
        let escaped = 1 + data_url::escaped_length(contents);
        let base64 = BASE64_MARK.len() + base64::encoded_length(contents.len());
        let best = escaped.min(base64);
        let is_shorter =
            |deflated: usize| BASE64_MARK.len() + base64::encoded_length(deflated + GZIP_FRAME) + "gzip".len() < best;
        let estimate = (is_free && contents.len() <= flate::LONGEST).then(|| flate::estimate(contents));
        let is_known_longer = estimate.as_ref().is_some_and(|estimate| !is_shorter(estimate.fixed.min(estimate.least)));
        if is_free && !is_known_longer {
            let deflated = self.compress(contents).min(estimate.map_or(usize::MAX, |estimate| estimate.fixed));
            if is_shorter(deflated) {
                return DataUrl { url: data_url::in_base64(&self.gzip), compression: Some("gzip".to_owned()) };
            }
        }
        let url = if base64 < escaped { data_url::in_base64(contents) } else { data_url::escaped(contents) };
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
    data_url::escaped(contents)
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
