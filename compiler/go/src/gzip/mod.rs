//! Package `compress/gzip`: contents → gzip, byte for byte as its best level makes it in one piece, and back.
//!
//! Owns: the stream. Must not: know what contents are for. Packed by hand: whoever takes gzip where it is shorter decides by single bytes, and other
//! compressors differ by some. It is also what keeps a thousand small files fast: nothing is cleared between two contents.

mod bits;
mod block;
mod header;
mod huffman;
mod read;
mod scan;
mod tally;
#[cfg(test)]
mod tests;
mod token;
mod unpack;

use flate2::Crc;

use bits::Bits;
use block::Blocks;
use scan::{Places, Scan};
use token::Token;

pub use read::{NotGzip, read_members};
pub use unpack::unpack;

/// Best level, no time, no name, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
/// The two lengths of the empty last block, the checksum and the length.
const TRAILER: usize = 4 + 4 + 4;
/// One byte becomes three.
const SHORTEST: usize = HEADER.len() + 3 + TRAILER;

/// Makes streams; keeps its tables and the last stream.
#[derive(Default)]
pub struct Gzip {
    places: Places,
    tokens: Vec<Token>,
    blocks: Blocks,
    out: Vec<u8>,
}

impl Gzip {
    /// The stream, if it has at most so many bytes.
    pub fn pack(&mut self, contents: &[u8], most: usize) -> Option<&[u8]> {
        if most < SHORTEST && !contents.is_empty() {
            return None;
        }
        self.out.clear();
        self.out.extend_from_slice(&HEADER);
        let mut bits = Bits::new(&mut self.out);
        let most_bits = most.saturating_sub(TRAILER).saturating_mul(8);
        let mut scan = Scan::new(contents, &mut self.places);
        while let Some(raw) = scan.next_block(&mut self.places, &mut self.tokens) {
            // The last block begins with three bits.
            if !self.blocks.write(&self.tokens, &raw, most_bits.saturating_sub(3), &mut bits) {
                return None;
            }
        }
        block::write_stored(&[], true, &mut bits);
        let mut crc = Crc::new();
        crc.update(contents);
        self.out.extend_from_slice(&crc.sum().to_le_bytes());
        self.out.extend_from_slice(&crc.amount().to_le_bytes());
        (self.out.len() <= most).then_some(&self.out)
    }
}
