//! The length of what Go's `compress/flate` makes of short contents.
//!
//! Whether contents are gzipped hangs on single bytes there, and other compressors differ by one or two: Go starts matches at four bytes and
//! takes the longest one lazily. Blocks of this size use the fixed code.

/// Longer contents are far from the border.
pub(super) const LONGEST: usize = 128;

const MIN_MATCH: usize = 4;
/// Block header, end of block, and the header of the empty last block.
const FRAME_BITS: usize = 3 + 7 + 3;
/// The two lengths of the empty last block.
const LAST_BLOCK: usize = 4;

/// Bytes of the deflate stream.
pub(super) fn go_length(contents: &[u8]) -> usize {
    let mut bits = FRAME_BITS;
    let (mut at, mut has_literal) = (0, false);
    let (mut length, mut distance) = (MIN_MATCH - 1, 0);
    while at < contents.len() {
        let (previous, previous_distance) = (length, distance);
        (length, distance) = longest_match(contents, at);
        if previous >= MIN_MATCH && length <= previous {
            bits += match_bits(previous, previous_distance);
            at += previous - 1;
            has_literal = false;
            length = MIN_MATCH - 1;
        } else {
            if has_literal {
                bits += literal_bits(contents[at - 1]);
            }
            at += 1;
            has_literal = true;
        }
    }
    if has_literal {
        bits += literal_bits(contents[at - 1]);
    }
    bits.div_ceil(8) + LAST_BLOCK
}

/// The longest earlier match, the nearest of equal ones.
fn longest_match(contents: &[u8], at: usize) -> (usize, usize) {
    let rest = &contents[at..];
    let mut best = (MIN_MATCH - 1, 0);
    for from in (0..at).rev() {
        let length = rest.iter().zip(&contents[from..]).take_while(|(a, b)| a == b).count();
        if length > best.0 {
            best = (length, at - from);
            if length == rest.len() {
                break;
            }
        }
    }
    best
}

const fn literal_bits(byte: u8) -> usize {
    if byte < 144 { 8 } else { 9 }
}

/// Length and distance with their extra bits, for lengths and distances up to [`LONGEST`].
fn match_bits(length: usize, distance: usize) -> usize {
    let length_bits = match length {
        0..=10 => 7,
        11..=18 => 8,
        19..=34 => 9,
        35..=66 => 10,
        67..=114 => 11,
        _ => 12,
    };
    let distance_bits = match distance {
        0..=4 => 5,
        5..=8 => 6,
        9..=16 => 7,
        17..=32 => 8,
        33..=64 => 9,
        _ => 10,
    };
    length_bits + distance_bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_one_literal_and_one_match() {
        // 3 + 8 + 7 + 3 + 5 + 7 bits, 3 more, and the last block's lengths.
        assert_eq!(go_length(&[b'q'; 50]), 9);
        assert_eq!(go_length(b"abcabc"), (3 + 6 * 8 + 7 + 3_usize).div_ceil(8) + 4);
    }
}
