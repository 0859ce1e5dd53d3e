//! Codes whose words have a longest length. Owns: the choice among equally good lengths, which is Go's. Must not: know what the symbols mean.

use super::tally::Tally;

/// The bits that stand for a symbol, first bit lowest; no bits for unused symbols.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) bits: u16,
    pub(super) length: u8,
}

/// The longest word of deflate.
const LONGEST: usize = 15;

/// The words of given lengths: in the order of the symbols, short ones first.
pub(super) const fn words<const N: usize>(lengths: &[u8; N]) -> [Word; N] {
    let mut words = [Word { bits: 0, length: 0 }; N];
    let mut next = [0_u16; LONGEST + 2];
    let mut symbol = 0;
    while symbol < N {
        next[lengths[symbol] as usize + 1] += (lengths[symbol] != 0) as u16;
        symbol += 1;
    }
    let mut length = 1;
    while length < next.len() {
        next[length] = (next[length] + next[length - 1]) << 1;
        length += 1;
    }
    let mut symbol = 0;
    while symbol < N {
        let length = lengths[symbol];
        if length > 0 {
            let bits = next[length as usize].reverse_bits() >> (16 - length);
            words[symbol] = Word { bits, length };
            next[length as usize] += 1;
        }
        symbol += 1;
    }
    words
}

/// What symbols cost with a code.
pub(super) fn cost<const N: usize>(tally: &Tally<N>, words: &[Word; N]) -> u32 {
    tally.iter().map(|(symbol, count)| count * u32::from(words[symbol].length)).sum()
}

/// Makes codes; keeps its room between them.
#[derive(Default)]
pub(super) struct Coder {
    leaves: Vec<Leaf>,
    row: Vec<u32>,
    next_row: Vec<u32>,
    /// Of every row, how many of its first items are leaves.
    leaves_before: Vec<u16>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Leaf {
    count: u32,
    symbol: u16,
}

impl Coder {
    /// The best code with words of at most so many bits.
    pub(super) fn code<const N: usize>(&mut self, tally: &Tally<N>, longest: usize) -> [Word; N] {
        words(&self.lengths(tally, longest))
    }

    /// Package-merge (Larmore and Hirschberg 1990). Of equal weights a package comes before a leaf, and of equally frequent symbols the last one
    /// has the shortest word.
    fn lengths<const N: usize>(&mut self, tally: &Tally<N>, longest: usize) -> [u8; N] {
        self.leaves.clear();
        self.leaves.extend(tally.iter().map(|(symbol, count)| Leaf { count, symbol: symbol as u16 }));
        let mut lengths = [0; N];
        if self.leaves.len() <= 2 {
            for leaf in &self.leaves {
                lengths[usize::from(leaf.symbol)] = 1;
            }
            return lengths;
        }
        self.leaves.sort_unstable();
        let rows = self.merge(longest);
        // From the last row down: the leaves among the items that are taken are one bit longer, the packages take two items each of the row before.
        let width = 2 * self.leaves.len();
        let mut taken = width - 2;
        for row in (0..longest).rev() {
            let start = row.min(rows - 1) * width;
            let leaves = usize::from(self.leaves_before[start + taken]);
            for leaf in &self.leaves[..leaves] {
                lengths[usize::from(leaf.symbol)] += 1;
            }
            taken = 2 * (taken - leaves);
        }
        lengths
    }

    /// Makes the rows; returns how many until they repeat.
    fn merge(&mut self, longest: usize) -> usize {
        let leaves = &self.leaves;
        self.leaves_before.clear();
        self.row.clear();
        for made in 1..=longest {
            self.next_row.clear();
            self.leaves_before.push(0);
            let mut packages = self.row.chunks_exact(2).map(|pair| pair[0] + pair[1]).peekable();
            let mut used = 0;
            loop {
                let package = packages.peek().copied();
                let leaf = leaves
                    .get(used)
                    .map(|leaf| leaf.count)
                    .filter(|leaf| package.is_none_or(|package| *leaf < package));
                used += usize::from(leaf.is_some());
                let Some(item) = leaf.or_else(|| packages.next()) else { break };
                self.next_row.push(item);
                self.leaves_before.push(used as u16);
            }
            self.leaves_before.resize(made * 2 * leaves.len(), 0);
            std::mem::swap(&mut self.row, &mut self.next_row);
            if self.row == self.next_row {
                return made;
            }
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths<const N: usize>(counts: [u32; N], longest: usize) -> [u8; N] {
        let mut tally = Tally::new();
        for (symbol, count) in counts.into_iter().enumerate() {
            (0..count).for_each(|_| tally.add(symbol));
        }
        Coder::default().lengths(&tally, longest)
    }

    #[test]
    fn frequent_symbols_have_short_words() {
        assert_eq!(lengths([0, 7, 0], 15), [0, 1, 0]);
        assert_eq!(lengths([1, 0, 9], 15), [1, 0, 1]);
        assert_eq!(lengths([8, 4, 2, 1, 1], 15), [1, 2, 3, 4, 4]);
        assert_eq!(lengths([1, 1, 1], 15), [2, 2, 1]);
    }

    #[test]
    fn long_words_are_cut() {
        let mut counts = [0; 20];
        let (mut small, mut large) = (1, 1);
        for count in &mut counts {
            *count = small;
            (small, large) = (large, small + large);
        }
        let lengths = lengths(counts, 7);
        assert_eq!(lengths.iter().max(), Some(&7));
        assert_eq!(lengths.iter().map(|length| 128 >> length).sum::<u32>(), 128, "the code is full");
    }

    #[test]
    fn words_are_those_of_the_standard() {
        let words = words(&[3, 3, 3, 3, 3, 2, 4, 4]);
        let bits = |index: usize| words[index].bits.reverse_bits() >> (16 - words[index].length);
        assert_eq!((0..8).map(bits).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 0, 14, 15]);
    }
}
