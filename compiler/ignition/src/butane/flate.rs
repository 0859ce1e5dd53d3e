//! The length of what Go's `compress/flate` makes of short contents, without making it.
//!
//! Whether contents are gzipped hangs on single bytes there, and other compressors differ by one or two: Go starts matches at four bytes and
//! takes the longest one lazily. It is also what keeps a thousand small files fast: setting a compressor up costs more than they do.

/// Longer contents are far from the border, and worth a compressor.
pub(super) const LONGEST: usize = 128;

const MIN_MATCH: usize = 4;
/// The two lengths of the empty last block.
const LAST_BLOCK: usize = 4;
const NONE: u8 = u8::MAX;

/// Bytes of the deflate stream.
pub(super) struct Estimate {
    /// With the fixed code: exact.
    pub(super) fixed: usize,
    /// With a code of its own: not less than this.
    pub(super) least: usize,
}

/// Estimates contents of at most [`LONGEST`] bytes.
pub(super) fn estimate(contents: &[u8]) -> Estimate {
    let mut tokens = Tokens { counts: [0; 256], matches: 0, fixed_bits: 0, extra_bits: 0 };
    let mut chains = Chains { heads: [NONE; 256], previous: [NONE; LONGEST], next: 0 };
    let (mut at, mut has_literal) = (0, false);
    let (mut length, mut distance) = (MIN_MATCH - 1, 0);
    while at < contents.len() {
        let (previous, previous_distance) = (length, distance);
        (length, distance) = chains.longest_match(contents, at);
        if previous >= MIN_MATCH && length <= previous {
            tokens.add_match(previous, previous_distance);
            at += previous - 1;
            has_literal = false;
            length = MIN_MATCH - 1;
        } else {
            if has_literal {
                tokens.add_literal(contents[at - 1]);
            }
            at += 1;
            has_literal = true;
        }
    }
    if has_literal {
        tokens.add_literal(contents[at - 1]);
    }
    tokens.estimate()
}

/// Earlier places with the same first bytes, newest first.
struct Chains {
    heads: [u8; 256],
    previous: [u8; LONGEST],
    next: usize,
}

impl Chains {
    /// The longest earlier match, the nearest of equal ones.
    fn longest_match(&mut self, contents: &[u8], at: usize) -> (usize, usize) {
        let hash = |at: usize| {
            let bytes: [u8; MIN_MATCH] = contents.get(at..at + MIN_MATCH)?.try_into().ok()?;
            Some((u32::from_le_bytes(bytes).wrapping_mul(0x9e37_79b1) >> 24) as usize)
        };
        while self.next < at {
            if let Some(slot) = hash(self.next) {
                self.previous[self.next] = self.heads[slot];
                self.heads[slot] = u8::try_from(self.next).unwrap_or(NONE);
            }
            self.next += 1;
        }
        let mut best = (MIN_MATCH - 1, 0);
        let Some(slot) = hash(at) else { return best };
        let rest = &contents[at..];
        let mut from = self.heads[slot];
        while from != NONE {
            let start = usize::from(from);
            let length = rest.iter().zip(&contents[start..]).take_while(|(a, b)| a == b).count();
            if length > best.0 {
                best = (length, at - start);
                if length == rest.len() {
                    break;
                }
            }
            from = self.previous[start];
        }
        best
    }
}

struct Tokens {
    counts: [u8; 256],
    matches: u32,
    fixed_bits: usize,
    extra_bits: usize,
}

impl Tokens {
    fn add_literal(&mut self, byte: u8) {
        self.counts[usize::from(byte)] += 1;
        self.fixed_bits += if byte < 144 { 8 } else { 9 };
    }

    /// Lengths and distances up to [`LONGEST`].
    fn add_match(&mut self, length: usize, distance: usize) {
        self.matches += 1;
        let length_extra = match length {
            0..=10 => 0,
            11..=18 => 1,
            19..=34 => 2,
            35..=66 => 3,
            67..=114 => 4,
            _ => 5,
        };
        let distance_extra = match distance {
            0..=4 => 0,
            5..=8 => 1,
            9..=16 => 2,
            17..=32 => 3,
            33..=64 => 4,
            _ => 5,
        };
        self.fixed_bits += 7 + usize::from(length >= 115) + 5 + length_extra + distance_extra;
        self.extra_bits += length_extra + distance_extra;
    }

    fn estimate(&self) -> Estimate {
        // Block header, end of block, and the header of the last block.
        let fixed = (self.fixed_bits + 3 + 7 + 3).div_ceil(8) + LAST_BLOCK;
        let counts = || self.counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count));
        let total = counts().sum::<f64>() + f64::from(self.matches) + 1.0;
        let cost = |count: f64| count * (total / count).log2();
        let entropy = counts().map(cost).sum::<f64>() + cost(1.0) + cost(f64::from(self.matches.max(1)));
        // A code of its own is described by 29 bits and at least one for each symbol.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
        let least = (entropy as usize + self.extra_bits + 29 + counts().count()) / 8 + LAST_BLOCK;
        Estimate { fixed, least }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_one_literal_and_one_match() {
        // 3 + 8 + 7 + 3 + 5 + 7 bits, 3 more, and the last block's lengths.
        assert_eq!(estimate(&[b'q'; 50]).fixed, 9);
        assert_eq!(estimate(b"abcabc").fixed, (3 + 6 * 8 + 7 + 3_usize).div_ceil(8) + 4);
    }
}
