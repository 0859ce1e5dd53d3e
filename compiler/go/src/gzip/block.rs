//! Tokens → the shortest of the three kinds of block.

use super::bits::Bits;
use super::header::{self, Header};
use super::huffman::{self, Coder, Word};
use super::scan::Raw;
use super::tally::Tally;
use super::token::{Counts, DISTANCES, END_OF_BLOCK, LITERALS, Token};

/// The bits that begin a block: whether it is the last one, and its kind.
pub(super) const KIND_BITS: u32 = 3;
const FIXED: u32 = 1 << 1;
const DYNAMIC: u32 = 2 << 1;

/// Two lengths, and what fills a byte up at most.
const STORED_BYTES: usize = 5;
const LONGEST_STORED: usize = 65_535;
const FIXED_DISTANCE: u32 = 5;
const LONGEST_WORD: usize = 15;

/// A code for bytes and lengths, and one for distances.
struct Codes {
    literals: [Word; LITERALS],
    distances: [Word; DISTANCES],
}

/// The code that needs no description.
static FIXED_CODES: Codes = {
    let mut lengths = [8_u8; LITERALS + 2];
    let mut symbol = 144;
    while symbol < 280 {
        lengths[symbol] = if symbol < 256 { 9 } else { 7 };
        symbol += 1;
    }
    let all = huffman::words(&lengths);
    let mut literals = [all[0]; LITERALS];
    let mut symbol = 0;
    while symbol < LITERALS {
        literals[symbol] = all[symbol];
        symbol += 1;
    }
    Codes { literals, distances: huffman::words(&[FIXED_DISTANCE as u8; DISTANCES]) }
};

impl Codes {
    fn cost(&self, counts: &Counts) -> u32 {
        huffman::cost(&counts.literals, &self.literals) + huffman::cost(&counts.distances, &self.distances)
    }

    fn write(&self, tokens: &[Token], bits: &mut Bits<'_>) {
        let mut push = |word: Word, extra: u32, extra_bits: u32| {
            bits.push(u32::from(word.bits) | extra << word.length, u32::from(word.length) + extra_bits);
        };
        for token in tokens {
            let literal = token.literal();
            push(self.literals[literal.index], literal.extra, literal.extra_bits);
            if let Some(distance) = token.distance() {
                push(self.distances[distance.index], distance.extra, distance.extra_bits);
            }
        }
        push(self.literals[END_OF_BLOCK], 0, 0);
    }
}

/// Writes blocks; keeps room for their codes.
#[derive(Default)]
pub(super) struct Blocks {
    coder: Coder,
    header: Header,
}

impl Blocks {
    /// Writes a block that is not the last one. Returns `false`, without having written it, if more than `most` bits would be there then.
    pub(super) fn write(&mut self, tokens: &[Token], raw: &Raw<'_>, most: usize, bits: &mut Bits<'_>) -> bool {
        let mut counts = Counts::of(tokens);
        // Where there is no distance the original counts one, in its choice too.
        let uncounted = if counts.distances.used().len() == 0 { FIXED_DISTANCE } else { 0 };
        if uncounted > 0 {
            counts.distances.add(0);
        }
        let is_storable = raw.is_kept && raw.contents.len() <= LONGEST_STORED;
        let stored = if is_storable { (STORED_BYTES + raw.contents.len()) as u32 * 8 } else { u32::MAX };
        let fixed = KIND_BITS + FIXED_CODES.cost(&counts) + counts.extra_bits;
        let least = KIND_BITS + least_dynamic(&counts);
        // A stored block may be up to five bits shorter than that, but it ends with a whole byte, and then the last block takes them.
        let is_too_long = |size: u32| bits.written() + (size - uncounted) as usize > most;
        if is_too_long(stored.min(fixed).min(least)) {
            return false;
        }
        let mut size = fixed;
        let mut codes = None;
        if least < stored.min(fixed) {
            let own = Codes {
                literals: self.coder.code(&counts.literals, LONGEST_WORD),
                distances: self.coder.code(&counts.distances, LONGEST_WORD),
            };
            let described = self.header.describe(&own.literals, &own.distances, &mut self.coder);
            let dynamic = KIND_BITS + described + own.cost(&counts) + counts.extra_bits;
            if dynamic < fixed {
                (size, codes) = (dynamic, Some(own));
            }
        }
        if is_too_long(stored.min(size)) {
            return false;
        }
        if stored < size {
            write_stored(raw.contents, false, bits);
        } else if let Some(codes) = codes {
            bits.push(DYNAMIC, KIND_BITS);
            self.header.write(bits);
            codes.write(tokens, bits);
        } else {
            bits.push(FIXED, KIND_BITS);
            FIXED_CODES.write(tokens, bits);
        }
        true
    }
}

/// Not more bits than a code of its own and what is written in it have.
fn least_dynamic(counts: &Counts) -> u32 {
    header::least(counts.literals.used(), counts.distances.used())
        + least_cost(&counts.literals)
        + least_cost(&counts.distances)
        + counts.extra_bits
}

/// The entropy; and no word is shorter than a bit.
fn least_cost<const N: usize>(tally: &Tally<N>) -> u32 {
    let weight = |count: u32| f64::from(count) * f64::from(count).log2();
    let (mut total, mut repeated) = (0, 0.0);
    for (_, count) in tally.iter() {
        total += count;
        repeated += if count > 1 { weight(count) } else { 0.0 };
    }
    ((weight(total) - repeated) as u32).max(total)
}

pub(super) fn write_stored(contents: &[u8], is_last: bool, bits: &mut Bits<'_>) {
    bits.push(u32::from(is_last), KIND_BITS);
    bits.align();
    let length = contents.len() as u16;
    bits.extend(&length.to_le_bytes());
    bits.extend(&(!length).to_le_bytes());
    bits.extend(contents);
}
