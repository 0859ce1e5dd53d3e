//! The description of a block's own code: the lengths of its words, in runs, in a code of their own (RFC 1951, 3.2.7).

use super::bits::Bits;
use super::huffman::{self, Coder, Word};
use super::tally::{Symbols, Tally};

/// Lengths of words, and three kinds of runs.
const SYMBOLS: usize = 19;
/// The order in which the lengths of the runs' own code stand.
const ORDER: [usize; SYMBOLS] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LEAST_SENT: usize = 4;
const LONGEST_WORD: usize = 7;

const REPEAT: u8 = 16;
const ZEROS: u8 = 17;
const MANY_ZEROS: u8 = 18;

/// A length, or how often one comes.
#[derive(Clone, Copy)]
struct Run {
    symbol: u8,
    extra: u8,
}

/// One description; its room is kept.
#[derive(Default)]
pub(super) struct Header {
    runs: Vec<Run>,
    words: [Word; SYMBOLS],
    /// How many literals, distances and lengths of the runs' own code stand there.
    sizes: [usize; 3],
}

impl Header {
    /// Describes two codes. Returns how many bits the description has.
    pub(super) fn describe(&mut self, literals: &[Word], distances: &[Word], coder: &mut Coder) -> u32 {
        let used = |words: &[Word]| words.iter().rposition(|word| word.length > 0).map_or(0, |last| last + 1);
        let (literals, distances) = (&literals[..used(literals)], &distances[..used(distances)]);
        self.runs.clear();
        let lengths = literals.iter().chain(distances).map(|word| word.length);
        let (mut last, mut times) = (0, 0);
        for length in lengths {
            if length != last {
                self.repeat(last, times);
                (last, times) = (length, 0);
            }
            times += 1;
        }
        self.repeat(last, times);
        let mut tally = Tally::new();
        for run in &self.runs {
            tally.add(usize::from(run.symbol));
        }
        self.words = coder.code(&tally, LONGEST_WORD);
        let sent = ORDER.iter().rposition(|symbol| tally.is_used(*symbol)).map_or(0, |last| last + 1);
        self.sizes = [literals.len(), distances.len(), sent.max(LEAST_SENT)];
        let extra_bits: u32 = self.runs.iter().map(|run| run.extra_bits()).sum();
        described(self.sizes[2]) + huffman::cost(&tally, &self.words) + extra_bits
    }

    fn repeat(&mut self, length: u8, mut times: usize) {
        let mut push = |symbol, extra: usize| self.runs.push(Run { symbol, extra: extra as u8 });
        if length == 0 {
            while times >= 11 {
                let run = times.min(138);
                push(MANY_ZEROS, run - 11);
                times -= run;
            }
            if times >= 3 {
                push(ZEROS, times - 3);
                times = 0;
            }
        } else {
            push(length, 0);
            times -= 1;
            while times >= 3 {
                let run = times.min(6);
                push(REPEAT, run - 3);
                times -= run;
            }
        }
        for _ in 0..times {
            push(length, 0);
        }
    }

    pub(super) fn write(&self, bits: &mut Bits<'_>) {
        let [literals, distances, sent] = self.sizes.map(|size| size as u32);
        bits.push(literals - 257, 5);
        bits.push(distances - 1, 5);
        bits.push(sent - LEAST_SENT as u32, 4);
        for symbol in &ORDER[..self.sizes[2]] {
            bits.push(u32::from(self.words[*symbol].length), 3);
        }
        for run in &self.runs {
            let word = self.words[usize::from(run.symbol)];
            bits.push(u32::from(word.bits), u32::from(word.length));
            bits.push(u32::from(run.extra), run.extra_bits());
        }
    }
}

impl Run {
    fn extra_bits(self) -> u32 {
        match self.symbol {
            REPEAT => 2,
            ZEROS => 3,
            MANY_ZEROS => 7,
            _ => 0,
        }
    }
}

/// The bits of the sizes and of the runs' own code.
fn described(sent: usize) -> u32 {
    5 + 5 + 4 + 3 * sent as u32
}

/// Not more bits than any description of a code for these symbols has.
pub(super) fn least(literals: &Symbols, distances: &Symbols) -> u32 {
    let runs: u32 = literals.followed_by(distances).runs().map(least_run).sum();
    // A full code of so many words has one that is not longer than their logarithm, which must be sent.
    let shortest = literals.len().min(distances.len()).max(2).ilog2() as usize;
    let sent = ORDER.iter().position(|symbol| (1..=shortest).contains(symbol)).map_or(0, |first| first + 1);
    runs + described(sent)
}

/// Every run has one bit at least, and a repeat stands for six lengths at most.
fn least_run((is_used, times): (bool, u32)) -> u32 {
    match times {
        _ if is_used => 1 + times / 2,
        0..3 => times,
        3..11 => 4,
        11..139 => 8,
        _ => 8 + least_run((is_used, times - 138)),
    }
}
