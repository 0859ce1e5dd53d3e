//! `data:` URLs as the original programs write them. Owns: the encodings, and knowing their own results again. Must not: judge other `data:` URLs: the
//! libraries of Ignition 2 and 3 read those differently.

use flatwright_go::base64;

pub(crate) const BASE64_MARK: &str = ";base64,";

const ESCAPED: &str = "data:,";
const IN_BASE64: &str = "data:;base64,";

/// Whether a byte stands for itself.
const fn is_unreserved(byte: u8) -> bool {
    byte.wrapping_sub(b'0') < 10
        || (byte | 0x20).wrapping_sub(b'a') < 26
        || byte.wrapping_sub(b'\'') < 4
        || matches!(byte, b'!' | b'-' | b'.' | b'_' | b'~')
}

/// How each byte is written, in so many bytes.
const ESCAPES: [([u8; 3], u8); 256] = {
    const HEX: [u8; 16] = *b"0123456789ABCDEF";
    let mut table = [([0; 3], 1); 256];
    let mut byte = 0;
    loop {
        table[byte as usize] = if is_unreserved(byte) {
            ([byte, 0, 0], 1)
        } else {
            ([b'%', HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]], 3)
        };
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

/// The length of bytes with percent signs.
pub(crate) fn escaped_length(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| usize::from(ESCAPES[usize::from(*byte)].1)).sum()
}

/// The URL with percent signs: `data:,…`.
pub fn escaped(bytes: &[u8]) -> String {
    let length = ESCAPED.len() + escaped_length(bytes);
    // Three bytes are written each time and one or three counted: texts mix both at random, which no branch predicts.
    let mut url = vec![0; length + 2];
    url[..ESCAPED.len()].copy_from_slice(ESCAPED.as_bytes());
    let mut at = ESCAPED.len();
    for byte in bytes {
        let (written, length) = ESCAPES[usize::from(*byte)];
        if let Some(place) = url[at..].first_chunk_mut() {
            *place = written;
        }
        at += usize::from(length);
    }
    url.truncate(length);
    String::from_utf8(url).expect("invariant: only ASCII is written")
}

/// The URL in base64.
pub(crate) fn in_base64(bytes: &[u8]) -> String {
    base64::encode_behind(IN_BASE64, bytes)
}

/// Whether a URL has one of the two forms above, which every validator takes.
pub(crate) fn is_written(url: &str) -> bool {
    if let Some(data) = url.strip_prefix(IN_BASE64) {
        return base64::is_encoded(data);
    }
    let Some(data) = url.strip_prefix(ESCAPED) else { return false };
    are_escapes(data.as_bytes())
}

/// Whether every byte stands for itself or begins an escape. Each place is judged by itself: to step over escapes costs more, since no branch predicts them.
fn are_escapes(data: &[u8]) -> bool {
    let Some(last) = data.len().checked_sub(2) else { return data.iter().all(|byte| is_unreserved(*byte)) };
    let next = data[1..].iter().zip(&data[2..]);
    let is_good = |all, (byte, (high, low)): (&u8, (&u8, &u8))| {
        all & (is_unreserved(*byte) | ((*byte == b'%') & is_hex(*high) & is_hex(*low)))
    };
    data[..last].iter().zip(next).fold(true, is_good) && data[last..].iter().all(|byte| is_unreserved(*byte))
}

const fn is_hex(byte: u8) -> bool {
    byte.wrapping_sub(b'0') < 10 || (byte | 0x20).wrapping_sub(b'a') < 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_known_again() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert!(is_written(&escaped(&bytes)) && is_written(&in_base64(&bytes)));
        assert_eq!(escaped(b"a b~\n"), "data:,a%20b~%0A");
        assert_eq!(escaped(&bytes).len(), 6 + escaped_length(&bytes));
        for url in ["data:,a b", "data:,%4", "data:,%4x", "data:;base64,YQ", "data:a/b,c", "http://a"] {
            assert!(!is_written(url), "{url}");
        }
    }
}
