//! Contents → tokens. Owns: which repetition is taken, in the way of Go's `compress/flate` at its best level. Must not: know codes.

use super::token::{LONGEST, Token};

/// A block has no more tokens.
const BLOCK_TOKENS: usize = 1 << 14;
/// Shorter repetitions are not looked for.
const SHORTEST: usize = 4;
/// How far back the shortest repetitions are worth it.
const SHORTEST_REACH: usize = 4_096;
const REACH: usize = 1 << 15;
/// How many earlier places are tried.
const TRIES: usize = 4_096;
/// So much contents fills the original's buffer: what was before its middle is forgotten when less than a repetition is left in it.
const BUFFER: usize = 2 * REACH;

/// The size of the original's table. With fewer places than tries a smaller one finds the same.
const HASH_BITS: u32 = 17;
/// What a smaller table has more than the number of its places.
const SPARE_HASH_BITS: u32 = 2;

/// Earlier places with the same first bytes, newest first. Kept between contents and never cleared: entries of earlier contents are out of reach.
#[derive(Default)]
pub(super) struct Places {
    /// The newest place for each hash, counted through all contents.
    heads: Vec<u32>,
    /// From each place (modulo the size) to the one before it with the same hash; 0 if there is none.
    steps: Vec<u16>,
    /// The place where the contents start.
    start: u32,
    /// The place where the next contents start. After 4 GB of contents old places look near again: harmless, for bytes are compared.
    next: u32,
    hash_bits: u32,
}

impl Places {
    fn prepare(&mut self, contents: usize) {
        let bits = usize::BITS - contents.leading_zeros();
        self.hash_bits = if contents <= TRIES { bits + SPARE_HASH_BITS } else { HASH_BITS };
        if self.heads.len() < 1 << self.hash_bits {
            self.heads = vec![0; 1 << self.hash_bits];
            // Nothing reaches back to the zeros.
            self.next = 2 * REACH as u32;
        }
        self.start = self.next;
        self.next = self.start.wrapping_add(contents as u32);
        let steps = contents.next_power_of_two().min(REACH);
        if self.steps.len() < steps {
            self.steps = vec![0; steps];
        }
    }

    /// Notes a place. Returns how far before it the newest one with the same hash is, if that is within `reach`.
    fn insert(&mut self, bytes: [u8; SHORTEST], at: usize, reach: usize) -> usize {
        let hash = u32::from_be_bytes(bytes).wrapping_mul(0x1e35_a7bd) >> (u32::BITS - self.hash_bits);
        let place = self.start.wrapping_add(at as u32);
        let head = &mut self.heads[hash as usize];
        let step = place.wrapping_sub(*head) as usize;
        *head = place;
        let step = if step <= reach { step } else { 0 };
        let slot = at & (self.steps.len() - 1);
        self.steps[slot] = step as u16;
        step
    }

    /// The longest repetition of earlier contents, the nearest of equal ones. `distance` is that of the newest place.
    fn longest(&self, contents: &[u8], at: usize, mut distance: usize, reach: usize) -> Option<(usize, usize)> {
        let most = LONGEST.min(contents.len() - at);
        let here = &contents[at..at + most];
        let (mut length, mut found) = (SHORTEST - 1, None);
        for _ in 0..TRIES {
            let there = &contents[at - distance..][..most];
            // What is longer has the same bytes there too.
            let tail = length + 1 - SHORTEST..=length;
            if there[tail.clone()] == here[tail] {
                let common = common(here, there);
                if common > length && (common > SHORTEST || distance <= SHORTEST_REACH) {
                    (length, found) = (common, Some((common, distance)));
                    if length == most {
                        break;
                    }
                }
            }
            let step = usize::from(self.steps[(at - distance) & (self.steps.len() - 1)]);
            distance += step;
            if step == 0 || distance > reach {
                break;
            }
        }
        found
    }
}

/// How many first bytes are the same.
fn common(a: &[u8], b: &[u8]) -> usize {
    const WORD: usize = size_of::<u64>();
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    let words = a.chunks_exact(WORD).zip(b.chunks_exact(WORD));
    let mut same = 0;
    for (a, b) in words {
        let difference = word(a) ^ word(b);
        if difference != 0 {
            return same + (difference.trailing_zeros() / u8::BITS) as usize;
        }
        same += WORD;
    }
    same + a[same..].iter().zip(&b[same..]).take_while(|(a, b)| a == b).count()
}

/// The way through contents.
pub(super) struct Scan<'c> {
    contents: &'c [u8],
    at: usize,
    /// Where the original's buffer starts.
    buffer: usize,
    /// Where it moves on.
    turn: usize,
    /// The byte before is not yet in a token: a repetition may begin with it.
    is_open: bool,
    /// The repetition that begins with that byte.
    length: usize,
    distance: usize,
    block: usize,
}

/// What the tokens of a block stand for.
pub(super) struct Raw<'c> {
    pub(super) contents: &'c [u8],
    /// Whether the original still has it when the block ends.
    pub(super) is_kept: bool,
}

impl<'c> Scan<'c> {
    pub(super) fn new(contents: &'c [u8], places: &mut Places) -> Self {
        places.prepare(contents.len());
        let turn = turn(contents, 0);
        Self { contents, at: 0, buffer: 0, turn, is_open: false, length: SHORTEST - 1, distance: 0, block: 0 }
    }

    /// Cuts the next block into tokens; `None` at the end.
    pub(super) fn next_block(&mut self, places: &mut Places, tokens: &mut Vec<Token>) -> Option<Raw<'c>> {
        tokens.clear();
        while self.at < self.contents.len() {
            if self.at >= self.turn {
                self.buffer += REACH;
                self.turn = turn(self.contents, self.buffer);
            }
            let (length, distance) = (self.length, self.distance);
            (self.length, self.distance) = self.find(places, length).unwrap_or((SHORTEST - 1, 0));
            if length >= SHORTEST && self.length <= length {
                tokens.push(Token::repetition(length, distance));
                let end = self.at + length - 1;
                for at in self.at + 1..end {
                    self.insert(places, at);
                }
                self.at = end;
                self.is_open = false;
                self.length = SHORTEST - 1;
                if tokens.len() == BLOCK_TOKENS {
                    return Some(self.end_block(end));
                }
                continue;
            }
            self.at += 1;
            if self.is_open {
                tokens.push(Token::byte(self.contents[self.at - 2]));
                if tokens.len() == BLOCK_TOKENS {
                    return Some(self.end_block(self.at - 1));
                }
            }
            self.is_open = true;
        }
        if self.is_open {
            tokens.push(Token::byte(self.contents[self.at - 1]));
            self.is_open = false;
        }
        (!tokens.is_empty()).then(|| self.end_block(self.at))
    }

    fn reach(&self, at: usize) -> usize {
        REACH.min(at - self.buffer)
    }

    fn insert(&self, places: &mut Places, at: usize) -> usize {
        let first = self.contents.get(at..at + SHORTEST).and_then(|bytes| bytes.try_into().ok());
        first.map_or(0, |bytes| places.insert(bytes, at, self.reach(at)))
    }

    /// A repetition that begins here, where one that begins a byte earlier has room to be beaten.
    fn find(&self, places: &mut Places, open: usize) -> Option<(usize, usize)> {
        let distance = self.insert(places, self.at);
        let can_win = open < LONGEST.min(self.contents.len() - self.at);
        (distance > 0 && can_win)
            .then(|| places.longest(self.contents, self.at, distance, self.reach(self.at)))
            .flatten()
    }

    fn end_block(&mut self, end: usize) -> Raw<'c> {
        let raw = Raw { contents: &self.contents[self.block..end], is_kept: self.block >= self.buffer };
        self.block = end;
        raw
    }
}

/// The first place where less than a repetition is left in a full buffer and there is more behind it.
fn turn(contents: &[u8], buffer: usize) -> usize {
    if contents.len() - buffer > BUFFER { buffer + BUFFER + 1 - LONGEST - SHORTEST } else { usize::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(contents: &[u8]) -> Vec<Token> {
        let mut places = Places::default();
        let mut tokens = Vec::new();
        let _ = Scan::new(contents, &mut places).next_block(&mut places, &mut tokens);
        tokens
    }

    #[test]
    fn a_run_is_one_byte_and_repetitions() {
        assert_eq!(tokens(&[b'q'; 50]), [Token::byte(b'q'), Token::repetition(49, 1)]);
        assert_eq!(tokens(b"abcabc").len(), 6, "three bytes are not looked for");
        assert_eq!(tokens(&[b'q'; 300])[1..], [Token::repetition(258, 1), Token::repetition(41, 1)]);
    }

    #[test]
    fn a_longer_repetition_one_byte_later_wins() {
        let tokens = tokens(b"abcd_bcdefg_abcdefg");
        assert_eq!(tokens[12..], [Token::byte(b'a'), Token::repetition(6, 8)]);
    }
}
