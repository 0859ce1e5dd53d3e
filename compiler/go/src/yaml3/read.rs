//! Bytes → text, with the reader's own errors. The original decodes 512 bytes ahead, so a bad byte hides what stands before it in its block.

use std::borrow::Cow;

/// What could be read.
pub(super) struct Input<'a> {
    /// Everything, or the blocks before the one with the error.
    pub(super) text: Cow<'a, str>,
    /// What the reader says when the scanner comes to the end of `text`.
    pub(super) error: Option<&'static str>,
}

const BLOCK: usize = 512;
const CONTROL: &str = "control characters are not allowed";

pub(super) fn read(bytes: &[u8]) -> Input<'_> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, 3),
        _ => utf8(bytes, 0),
    }
}

fn utf8(bytes: &[u8], before: usize) -> Input<'_> {
    let (valid, bad) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let (good, rest) = bytes.split_at(error.valid_up_to());
            (std::str::from_utf8(good).unwrap_or_default(), Some((good.len(), octet_error(rest))))
        }
    };
    let control = find_control(valid).map(|at| (at, CONTROL));
    let Some((at, error)) = control.or(bad) else { return Input { text: Cow::Borrowed(valid), error: None } };
    let mut cut = ((at + before) / BLOCK * BLOCK).saturating_sub(before).min(valid.len());
    while !valid.is_char_boundary(cut) {
        cut -= 1;
    }
    Input { text: Cow::Borrowed(&valid[..cut]), error: Some(error) }
}

fn octet_error(rest: &[u8]) -> &'static str {
    let first = rest.first().copied().unwrap_or_default();
    let (width, least) = match first {
        0x00..=0x7f => (1, 0),
        0xc0..=0xdf => (2, 0x80),
        0xe0..=0xef => (3, 0x800),
        0xf0..=0xf7 => (4, 0x1_0000),
        _ => return "invalid leading UTF-8 octet",
    };
    let Some(octets) = rest.get(1..width) else { return "incomplete UTF-8 octet sequence" };
    let mut value = u32::from(first) & (0x7f >> width);
    for octet in octets {
        if octet & 0xc0 != 0x80 {
            return "invalid trailing UTF-8 octet";
        }
        value = value << 6 | u32::from(octet & 0x3f);
    }
    if value < least { "invalid length of a UTF-8 sequence" } else { "invalid Unicode character" }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Input<'static> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut error = (!rest.is_empty()).then_some("incomplete UTF-16 character");
    // How far the bytes are read, the byte order mark included; the block of what was read last, and where that begins in the text.
    let (mut at, mut block, mut start) = (2, 0, 0);
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let character = match decoded {
            Ok(character) if is_allowed(character) => character,
            Ok(_) => {
                error = Some(CONTROL);
                break;
            }
            Err(surrogate) => {
                error = Some(match surrogate.unpaired_surrogate() {
                    0xdc00.. => "unexpected low surrogate area",
                    _ if at / 2 == pairs.len() => "incomplete UTF-16 surrogate pair",
                    _ => "expected low surrogate area",
                });
                break;
            }
        };
        let end = at + 2 * character.len_utf16();
        if (end - 1) / BLOCK > block {
            (block, start) = ((end - 1) / BLOCK, text.len());
        }
        text.push(character);
        at = end;
    }
    if error.is_some() && at / BLOCK == block {
        text.truncate(start);
    }
    Input { text: Cow::Owned(text), error }
}

/// The byte offset of the first character that YAML 1.1 does not allow.
fn find_control(text: &str) -> Option<usize> {
    // Nearly every text is printable ASCII with line feeds; a whole row of it is told at once.
    const ROW: usize = 64;
    let is_plain = |byte: &u8| (b' '..=b'~').contains(byte) || *byte == b'\n';
    let rows = text.as_bytes().chunks(ROW).take_while(|row| row.iter().fold(true, |all, byte| all & is_plain(byte)));
    let plain = (rows.count() * ROW).min(text.len());
    text[plain..].char_indices().find(|(_, character)| !is_allowed(*character)).map(|(at, _)| plain + at)
}

fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_of(units: impl IntoIterator<Item = u16>) -> Vec<u8> {
        [0xfeff].into_iter().chain(units).flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn a_bad_character_in_utf_16_hides_its_block_of_bytes() {
        let long = |last: &[u16]| utf16_of([0x20ac; 300].into_iter().chain(last.iter().copied()));
        for (bytes, characters, error) in [
            (long(&[]), 300, None),
            (long(&[2]), 255, Some("control characters are not allowed")),
            (long(&[0xdc00]), 255, Some("unexpected low surrogate area")),
            (long(&[0xd800, 0x20]), 255, Some("expected low surrogate area")),
            (long(&[0xd800]), 255, Some("incomplete UTF-16 surrogate pair")),
            (utf16_of([0x20, 2]), 0, Some("control characters are not allowed")),
            ([utf16_of([0x20]), vec![0]].concat(), 0, Some("incomplete UTF-16 character")),
            (utf16_of([0xd83d, 0xde00]), 1, None),
        ] {
            let input = read(&bytes);
            assert_eq!((input.text.chars().count(), input.error), (characters, error));
        }
    }
}
