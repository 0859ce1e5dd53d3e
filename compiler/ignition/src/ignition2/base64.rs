//! Standard base64 with padding, as Go's `base64.StdEncoding`.

use std::fmt::Write as _;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, b| word << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let digit = (word >> (18 - 6 * i) & 63) as usize;
            out.push(if i <= chunk.len() { char::from(ALPHABET[digit]) } else { '=' });
        }
    }
    out
}

/// Decodes; line breaks are skipped, as in Go.
///
/// # Errors
/// Go's words, with the offset of the first byte that is wrong.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, String> {
    let corrupt = |offset: usize| {
        let mut message = String::from("illegal base64 data at input byte ");
        write!(message, "{offset}").expect("invariant: writing to a String cannot fail");
        Err(message)
    };
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut quantum: Vec<u32> = Vec::with_capacity(4);
    let mut bytes = text.bytes().enumerate().filter(|(_, b)| !matches!(b, b'\r' | b'\n')).peekable();
    while let Some((offset, b)) = bytes.next() {
        if b == b'=' {
            let is_end = match quantum.len() {
                2 => matches!(bytes.next(), Some((_, b'='))),
                3 => true,
                _ => false,
            };
            if !is_end {
                return corrupt(if quantum.len() == 2 { text.len() } else { offset });
            }
            if let Some((offset, _)) = bytes.next() {
                return corrupt(offset);
            }
            flush(&quantum, &mut out);
            return Ok(out);
        }
        let Some(digit) = ALPHABET.iter().position(|letter| *letter == b) else { return corrupt(offset) };
        quantum.push(u32::try_from(digit).unwrap_or_default());
        if quantum.len() == 4 {
            flush(&quantum, &mut out);
            quantum.clear();
        }
    }
    if quantum.is_empty() { Ok(out) } else { corrupt(text.len() - quantum.len()) }
}

fn flush(quantum: &[u32], out: &mut Vec<u8>) {
    let word = quantum.iter().fold(0, |word, digit| word << 6 | digit) << (6 * (4 - quantum.len()));
    out.extend_from_slice(&word.to_be_bytes()[1..quantum.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        for length in 0..8_u8 {
            let bytes: Vec<u8> = (0..length).map(|b| b.wrapping_mul(97)).collect();
            assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }
        assert_eq!(encode(b"a"), "YQ==");
        assert_eq!(decode("YW\nI=").as_deref(), Ok(&b"ab"[..]));
        for text in ["Y", "YQ", "YQ=", "=", "YQ==x", "Y*==", "YWJj="] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
