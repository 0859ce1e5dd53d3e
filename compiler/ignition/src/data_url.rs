//! `data:` URLs as the original programs write them. Owns: the encodings, and knowing their own results again. Must not: judge other `data:` URLs: the
//! libraries of Ignition 2 and 3 read those differently.

use crate::base64;

pub(crate) const BASE64_MARK: &str = ";base64,";

const PREFIX: &str = "data:";

/// Whether each byte stands for itself.
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'!' | b'\'' | b'(' | b')' | b'*' | b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    table
};

const fn is_unreserved(byte: u8) -> bool {
    UNRESERVED[byte as usize]
}

/// The length of bytes with percent signs.
pub(crate) fn escaped_length(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| if is_unreserved(*byte) { 1 } else { 3 }).sum()
}

/// The URL with percent signs: `data:,…`.
pub fn escaped(bytes: &[u8]) -> String {
    const HEX: [u8; 16] = *b"0123456789ABCDEF";
    let mut url = String::with_capacity(PREFIX.len() + 1 + escaped_length(bytes));
    url.push_str(PREFIX);
    url.push(',');
    for byte in bytes {
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

/// The URL in base64.
pub(crate) fn in_base64(bytes: &[u8]) -> String {
    let mut url = String::with_capacity(PREFIX.len() + BASE64_MARK.len() + base64::encoded_length(bytes.len()));
    url.push_str(PREFIX);
    url.push_str(BASE64_MARK);
    base64::encode_into(bytes, &mut url);
    url
}

/// Whether a URL has one of the two forms above, which every validator takes.
pub(crate) fn is_written(url: &str) -> bool {
    let Some(rest) = url.strip_prefix(PREFIX) else { return false };
    if let Some(data) = rest.strip_prefix(BASE64_MARK) {
        return base64::is_encoded(data);
    }
    let Some(data) = rest.strip_prefix(',') else { return false };
    let mut bytes = data.bytes();
    while let Some(byte) = bytes.next() {
        let is_good = match byte {
            b'%' => {
                [bytes.next(), bytes.next()].iter().all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit()))
            }
            byte => is_unreserved(byte),
        };
        if !is_good {
            return false;
        }
    }
    true
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
