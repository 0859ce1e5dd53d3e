//! What contents are cut into: single bytes, and repetitions of what came before (RFC 1951, 3.2.5).

use super::tally::Tally;

/// Longest repetition.
pub(super) const LONGEST: usize = 258;
/// Symbols of bytes, the end of a block, and lengths.
pub(super) const LITERALS: usize = 286;
pub(super) const DISTANCES: usize = 30;
pub(super) const END_OF_BLOCK: usize = 256;

/// A byte, or a length and a distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// 0: a byte.
    length: u16,
    value: u16,
}

/// A symbol and the bits that follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    pub(super) index: usize,
    pub(super) extra: u32,
    pub(super) extra_bits: u32,
}

impl Token {
    pub(super) fn byte(byte: u8) -> Self {
        Self { length: 0, value: u16::from(byte) }
    }

    pub(super) fn repetition(length: usize, distance: usize) -> Self {
        debug_assert!((3..=LONGEST).contains(&length) && (1..=32_768).contains(&distance));
        Self { length: length as u16, value: distance as u16 }
    }

    pub(super) fn literal(self) -> Symbol {
        let bare = |index| Symbol { index, extra: 0, extra_bits: 0 };
        match usize::from(self.length) {
            0 => bare(usize::from(self.value)),
            LONGEST => bare(LITERALS - 1),
            length => {
                let (step, extra_bits, extra) = steps(length as u32 - 3, 2);
                Symbol { index: END_OF_BLOCK + 1 + step, extra, extra_bits }
            }
        }
    }

    pub(super) fn distance(self) -> Option<Symbol> {
        (self.length != 0).then(|| {
            let (index, extra_bits, extra) = steps(u32::from(self.value) - 1, 1);
            Symbol { index, extra, extra_bits }
        })
    }
}

/// Steps that double in width every 2 ^ `fine` of them: the step, and the bits of the place within.
fn steps(value: u32, fine: u32) -> (usize, u32, u32) {
    let Some(extra_bits) = value.checked_ilog2().and_then(|top| top.checked_sub(fine)) else {
        return (value as usize, 0, 0);
    };
    ((extra_bits << fine) as usize + (value >> extra_bits) as usize, extra_bits, value & ((1 << extra_bits) - 1))
}

/// How often a block uses each symbol.
pub(super) struct Counts {
    pub(super) literals: Tally<LITERALS>,
    pub(super) distances: Tally<DISTANCES>,
    /// The bits behind the symbols, which no code changes.
    pub(super) extra_bits: u32,
}

impl Counts {
    /// Counts tokens and the end of their block.
    pub(super) fn of(tokens: &[Token]) -> Self {
        let mut counts = Self { literals: Tally::new(), distances: Tally::new(), extra_bits: 0 };
        for token in tokens {
            let literal = token.literal();
            counts.literals.add(literal.index);
            if let Some(distance) = token.distance() {
                counts.distances.add(distance.index);
                counts.extra_bits += literal.extra_bits + distance.extra_bits;
            }
        }
        counts.literals.add(END_OF_BLOCK);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_distances_are_those_of_the_standard() {
        let length = |length| {
            let Symbol { index, extra_bits, extra } = Token::repetition(length, 1).literal();
            (index, extra_bits, extra)
        };
        let distance = |distance| {
            let Symbol { index, extra_bits, extra } = Token::repetition(3, distance).distance().expect("repeats");
            (index, extra_bits, extra)
        };
        for (of, expected) in [
            (3, (257, 0, 0)),
            (10, (264, 0, 0)),
            (11, (265, 1, 0)),
            (14, (266, 1, 1)),
            (34, (272, 2, 3)),
            (35, (273, 3, 0)),
            (115, (280, 4, 0)),
            (257, (284, 5, 30)),
            (258, (285, 0, 0)),
        ] {
            assert_eq!(length(of), expected, "length {of}");
        }
        for (of, expected) in [
            (1, (0, 0, 0)),
            (4, (3, 0, 0)),
            (5, (4, 1, 0)),
            (8, (5, 1, 1)),
            (9, (6, 2, 0)),
            (24_576, (28, 13, 8_191)),
            (24_577, (29, 13, 0)),
            (32_768, (29, 13, 8_191)),
        ] {
            assert_eq!(distance(of), expected, "distance {of}");
        }
        assert_eq!(Token::byte(7).distance(), None);
    }
}
