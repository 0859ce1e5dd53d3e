//! Package `encoding/base64`: its standard encoding, with padding.
//!
//! Read by hand: line breaks are skipped, bits behind the last byte are ignored, and errors have Go's offsets.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const NO_DIGIT: u8 = u8::MAX;

/// The value of each byte.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut digit = 0_u8;
    while digit < 64 {
        values[ALPHABET[digit as usize] as usize] = digit;
        digit += 1;
    }
    values
};

/// How long bytes become.
pub const fn encoded_length(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

/// How many bytes at most become so much text.
pub const fn longest_decoded(text: usize) -> usize {
    text / 4 * 3
}

/// Encodes with padding, behind a text.
pub fn encode_behind(text: &str, bytes: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + encoded_length(bytes.len()));
    out.push_str(text);
    STANDARD.encode_string(bytes, &mut out);
    out
}

/// Whether text is base64 without line breaks.
pub fn is_encoded(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(|byte| VALUES[usize::from(byte)] != NO_DIGIT)
}

/// Decodes; line breaks are skipped, as in Go.
///
/// # Errors
/// Go's words, with the offset of the first byte that is wrong.
pub fn decode(text: &str) -> Result<Vec<u8>, String> {
    let corrupt = |offset: usize| Err(format!("illegal base64 data at input byte {offset}"));
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut count) = (0_u32, 0_usize);
    let mut bytes = text.bytes().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n'));
    while let Some((offset, byte)) = bytes.next() {
        if byte == b'=' {
            match count {
                2 => match bytes.next() {
                    None => return corrupt(text.len()),
                    Some((_, b'=')) => {}
                    Some((offset, _)) => return corrupt(offset - 1),
                },
                3 => {}
                _ => return corrupt(offset),
            }
            if let Some((offset, _)) = bytes.next() {
                return corrupt(offset);
            }
            word <<= 6 * (4 - count);
            out.extend_from_slice(&word.to_be_bytes()[1..count]);
            return Ok(out);
        }
        let value = VALUES[usize::from(byte)];
        if value == NO_DIGIT {
            return corrupt(offset);
        }
        word = word << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&word.to_be_bytes()[1..]);
            (word, count) = (0, 0);
        }
    }
    if count == 0 { Ok(out) } else { corrupt(text.len() - count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        for length in 0..8_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(97)).collect();
            let text = encode_behind("", &bytes);
            assert!(is_encoded(&text) && text.len() == encoded_length(bytes.len()));
            assert_eq!(decode(&text), Ok(bytes));
        }
        assert_eq!(encode_behind("a:", b"a"), "a:YQ==");
        assert_eq!(decode("YW\nI=").as_deref(), Ok(&b"ab"[..]));
    }

    #[test]
    fn errors_are_at_gos_offsets() {
        for (text, offset) in [
            ("Y", 0),
            ("YQ", 0),
            ("YQ=", 3),
            ("=", 0),
            ("YQ==x", 4),
            ("YQ=x", 2),
            ("Y*==", 1),
            ("YWJj=", 4),
            ("YWJjY", 4),
        ] {
            assert_eq!(decode(text), Err(format!("illegal base64 data at input byte {offset}")), "{text}");
            assert!(!is_encoded(text), "{text}");
        }
    }
}
