//! Bits, lowest first, behind the bytes that are there.

pub(super) struct Bits<'o> {
    out: &'o mut Vec<u8>,
    word: u64,
    count: u32,
}

impl<'o> Bits<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, word: 0, count: 0 }
    }

    /// At most 32 bits, and nothing above them.
    pub(super) fn push(&mut self, value: u32, bits: u32) {
        self.word |= u64::from(value) << self.count;
        self.count += bits;
        if self.count >= 32 {
            self.out.extend_from_slice(&(self.word as u32).to_le_bytes());
            self.word >>= 32;
            self.count -= 32;
        }
    }

    /// What is written, in bits.
    pub(super) fn written(&self) -> usize {
        self.out.len() * 8 + self.count as usize
    }

    /// Fills the byte up with zeros.
    pub(super) fn align(&mut self) {
        let bytes = self.count.div_ceil(8) as usize;
        self.out.extend_from_slice(&self.word.to_le_bytes()[..bytes]);
        (self.word, self.count) = (0, 0);
    }

    /// Whole bytes, behind [`Self::align`].
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        debug_assert_eq!(self.count, 0, "invariant: aligned");
        self.out.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_bit_is_first() {
        let mut out = vec![9];
        let mut bits = Bits::new(&mut out);
        bits.push(0b101, 3);
        bits.push(0xffff_ffff, 32);
        assert_eq!(bits.written(), 8 + 35);
        bits.align();
        bits.extend(b"a");
        assert_eq!(out, [9, 0xfd, 0xff, 0xff, 0xff, 7, b'a']);
    }
}
