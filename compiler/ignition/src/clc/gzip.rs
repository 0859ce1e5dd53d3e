//! Contents of files as gzip and back.

use std::cell::RefCell;
use std::io::Read as _;

/// Compressed contents that unpack to more are kept as they are.
const MAX_UNPACKED: u64 = 64 << 20;

/// What gzip holds; `None` if it holds none or too much.
pub(super) fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).take(MAX_UNPACKED + 1).read_to_end(&mut out).ok()?;
    (out.len() as u64 <= MAX_UNPACKED).then_some(out)
}

thread_local! {
    /// One compressor for all files of a thread: its tables are larger than most files.
    static COMPRESSOR: RefCell<flate2::Compress> = RefCell::new(flate2::Compress::new(flate2::Compression::best(), false));
}

/// As gzip. The same bytes give the same text on every machine: no time, no name, no system.
pub(super) fn pack(bytes: &[u8]) -> Vec<u8> {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    // More than deflate makes of bytes that it cannot make smaller.
    let room = bytes.len() + bytes.len() / 8 + 64;
    let mut packed = Vec::with_capacity(HEADER.len() + room + 8);
    packed.extend_from_slice(&HEADER);
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        let status = compressor.compress_vec(bytes, &mut packed, flate2::FlushCompress::Finish);
        assert_eq!(status.ok(), Some(flate2::Status::StreamEnd), "invariant: there is room for the whole stream");
    });
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    packed.extend_from_slice(&sum.sum().to_le_bytes());
    packed.extend_from_slice(&sum.amount().to_le_bytes());
    packed
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_used_compressor_packs_like_a_new_one() {
        let noise: Vec<u8> = (0_u32..300_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for bytes in [&b""[..], b"a", &[b'x'; 100_000], &noise, b"[Unit]\nDescription=x\n", &noise[..70_000]] {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(bytes).expect("writes to memory");
            assert_eq!(pack(bytes), encoder.finish().expect("writes to memory"), "{} bytes", bytes.len());
            assert_eq!(unpack(&pack(bytes)).as_deref(), Some(bytes));
        }
    }
}
