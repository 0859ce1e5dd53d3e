//! Contents → `data:` URLs, in the encoding that the original picks.

use crate::data_url::{self, BASE64_MARK};
use crate::ignition3::Config;
use flatwright_go::base64;
use flatwright_go::gzip::Gzip;
use flatwright_go::yaml3::is_raw;

/// The URL, and the compression to note with it (`None` if the user chose one).
pub(super) struct DataUrl {
    pub(super) url: String,
    pub(super) compression: Option<String>,
}

/// Makes `data:` URLs; keeps the tables of gzip between them.
#[derive(Default)]
pub(super) struct Encoder {
    gzip: Gzip,
}

impl Encoder {
    /// Picks the shortest of percent, base64 and gzip encoding. `user_compression` is what the user set.
    pub(super) fn data_url(&mut self, contents: &[u8], user_compression: Option<&str>) -> DataUrl {
        let is_free = user_compression.unwrap_or_default().is_empty();
        let escaped = 1 + data_url::escaped_length(contents);
        let base64 = BASE64_MARK.len() + base64::encoded_length(contents.len());
        if is_free {
            let room = escaped.min(base64).saturating_sub(BASE64_MARK.len() + "gzip".len() + 1);
            if let Some(packed) = self.gzip.pack(contents, base64::longest_decoded(room)) {
                return DataUrl { url: data_url::in_base64(packed), compression: Some("gzip".to_owned()) };
            }
        }
        let url = if base64 < escaped { data_url::in_base64(contents) } else { data_url::escaped(contents) };
        DataUrl { url, compression: is_free.then(String::new) }
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
