//! How often symbols are used, and which: most of an alphabet is not in short contents.

const WORDS: usize = 5;
const WORD_BITS: usize = u64::BITS as usize;

/// Counts of `N` symbols.
pub(super) struct Tally<const N: usize> {
    counts: [u32; N],
    used: Symbols,
}

/// A set of at most 320 symbols.
#[derive(Clone, Copy, Default)]
pub(super) struct Symbols([u64; WORDS]);

impl<const N: usize> Tally<N> {
    pub(super) const fn new() -> Self {
        Self { counts: [0; N], used: Symbols([0; WORDS]) }
    }

    pub(super) fn add(&mut self, symbol: usize) {
        self.counts[symbol] += 1;
        self.used.0[symbol / WORD_BITS] |= 1 << (symbol % WORD_BITS);
    }

    /// The used symbols with their counts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, u32)> {
        self.used.iter().map(|symbol| (symbol, self.counts[symbol]))
    }

    pub(super) fn is_used(&self, symbol: usize) -> bool {
        self.counts[symbol] > 0
    }

    pub(super) const fn used(&self) -> &Symbols {
        &self.used
    }
}

impl Symbols {
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        let (mut at, mut rest) = (0, self.0[0]);
        std::iter::from_fn(move || {
            while rest == 0 {
                at += 1;
                rest = *self.0.get(at)?;
            }
            let symbol = at * WORD_BITS + rest.trailing_zeros() as usize;
            rest &= rest - 1;
            Some(symbol)
        })
    }

    pub(super) fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The symbol after the last one.
    pub(super) fn end(&self) -> usize {
        let last = self.0.iter().rposition(|word| *word != 0);
        last.map_or(0, |at| (at + 1) * WORD_BITS - self.0[at].leading_zeros() as usize)
    }

    /// These, and behind the last one those of another set, which has a word at most.
    pub(super) fn followed_by(&self, others: &Self) -> Self {
        let mut all = *self;
        let (at, shift) = (self.end() / WORD_BITS, self.end() % WORD_BITS);
        all.0[at] |= others.0[0] << shift;
        if shift > 0 && at + 1 < WORDS {
            all.0[at + 1] |= others.0[0] >> (WORD_BITS - shift);
        }
        all
    }

    /// Runs of symbols that are (or are not) in the set, up to the last one: whether, and how many.
    pub(super) fn runs(&self) -> impl Iterator<Item = (bool, u32)> {
        let (mut at, end) = (0, self.end());
        std::iter::from_fn(move || {
            let is_used = self.0.get(at / WORD_BITS)? >> (at % WORD_BITS) & 1 == 1;
            let start = at;
            while at < end {
                let word = if is_used { !self.0[at / WORD_BITS] } else { self.0[at / WORD_BITS] };
                let rest = word >> (at % WORD_BITS);
                if rest != 0 {
                    at += rest.trailing_zeros() as usize;
                    break;
                }
                at = (at / WORD_BITS + 1) * WORD_BITS;
            }
            (start < end).then_some((is_used, (at - start) as u32))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_symbols_are_found_in_order() {
        let mut tally = Tally::<286>::new();
        for symbol in [285, 3, 64, 3, 4] {
            tally.add(symbol);
        }
        assert_eq!(tally.iter().collect::<Vec<_>>(), [(3, 2), (4, 1), (64, 1), (285, 1)]);
        assert_eq!((tally.used().len(), tally.used().end()), (4, 286));
        let runs = |symbols: &Symbols| symbols.runs().collect::<Vec<_>>();
        assert_eq!(runs(tally.used()), [(false, 3), (true, 2), (false, 59), (true, 1), (false, 220), (true, 1)]);
        assert_eq!(runs(&Symbols::default()), []);
        let mut distances = Tally::<30>::new();
        distances.add(0);
        distances.add(29);
        let all = tally.used().followed_by(distances.used());
        assert_eq!(runs(&all)[5..], [(true, 2), (false, 28), (true, 1)]);
        assert_eq!(distances.used().followed_by(distances.used()).iter().collect::<Vec<_>>(), [0, 29, 30, 59]);
    }
}
