//! Go's strings hold any bytes; `!!binary` makes such strings. Here a byte that is not UTF-8 becomes a private-use character, and the decoder
//! notes that this happened, so that nobody looks for such characters where there are none.

/// The character of byte 0.
const FIRST: u32 = 0x10_fe00;

/// Bytes → text.
pub fn raw_text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().filter_map(|byte| char::from_u32(FIRST + u32::from(*byte))));
    }
    out
}

/// Text → the bytes it stands for.
pub fn raw_bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for character in text.chars() {
        match u8::try_from(u32::from(character).wrapping_sub(FIRST)) {
            Ok(byte) => out.push(byte),
            Err(_) => out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes()),
        }
    }
    out
}

/// Whether a character stands for a byte.
pub fn is_raw(character: char) -> bool {
    u8::try_from(u32::from(character).wrapping_sub(FIRST)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive() {
        let bytes = b"a\xff\xc3\xa9\x80b";
        assert_eq!(raw_bytes(&raw_text(bytes)), bytes);
    }
}
