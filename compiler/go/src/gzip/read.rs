//! Gzip as Go reads it: members until the end, and nothing else behind them.
//!
//! Owns: headers, checksums, and a bound on what comes out. Must not: keep what it decompresses.

use std::fmt;

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// Why data is not gzip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotGzip {
    /// It does not begin as gzip does, or something else follows it.
    Header,
    /// It ends too early.
    Truncated,
    /// The compressed data is damaged.
    Damaged,
    /// Checksum or length are not those of the data.
    Checksum,
    /// It decompresses to more than is allowed.
    TooLarge,
}

impl fmt::Display for NotGzip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "it does not begin as gzip does, or something else follows it",
            Self::Truncated => "it ends too early",
            Self::Damaged => "its data is damaged",
            Self::Checksum => "its checksum is another",
            Self::TooLarge => "it is larger than what is decompressed here",
        })
    }
}

/// Go keeps a name or a comment in so many bytes, the zero that ends it included.
const LONGEST_STRING: usize = 512;

/// Hands everything that the members hold to `put`, piece by piece.
///
/// # Errors
/// What the stream lacks, or that it holds more than `most` bytes.
pub fn read_members(data: &[u8], most: usize, put: &mut dyn FnMut(&[u8])) -> Result<(), NotGzip> {
    let mut rest = data;
    let mut room = most;
    let mut buffer = vec![0; 64 << 10];
    loop {
        rest = header(rest)?;
        let mut inflater = Decompress::new(false);
        let mut crc = Crc::new();
        loop {
            let (read, written) = (inflater.total_in(), inflater.total_out());
            let status = inflater.decompress(rest, &mut buffer, FlushDecompress::None).map_err(|_| NotGzip::Damaged)?;
            let consumed = usize::try_from(inflater.total_in() - read).unwrap_or(usize::MAX);
            let made = usize::try_from(inflater.total_out() - written).unwrap_or(usize::MAX);
            rest = rest.get(consumed..).ok_or(NotGzip::Damaged)?;
            room = room.checked_sub(made).ok_or(NotGzip::TooLarge)?;
            crc.update(&buffer[..made]);
            put(&buffer[..made]);
            match status {
                Status::StreamEnd => break,
                _ if consumed == 0 && made == 0 => return Err(NotGzip::Truncated),
                _ => {}
            }
        }
        let (trailer, after) = rest.split_first_chunk::<8>().ok_or(NotGzip::Truncated)?;
        let length = u32::try_from(inflater.total_out() & u64::from(u32::MAX)).unwrap_or_default();
        let expected = [crc.sum().to_le_bytes(), length.to_le_bytes()].concat();
        if trailer[..] != expected[..] {
            return Err(NotGzip::Checksum);
        }
        rest = after;
        if rest.is_empty() {
            return Ok(());
        }
    }
}

/// What follows the header of a member.
fn header(data: &[u8]) -> Result<&[u8], NotGzip> {
    let (fixed, mut rest) = data.split_first_chunk::<10>().ok_or(NotGzip::Truncated)?;
    if fixed[..3] != [0x1f, 0x8b, 8] {
        return Err(NotGzip::Header);
    }
    let has = |flag: u8| fixed[3] & flag != 0;
    if has(4) {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(NotGzip::Truncated)?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..).ok_or(NotGzip::Truncated)?;
    }
    for flag in [8, 16] {
        if has(flag) {
            let end = rest.iter().take(LONGEST_STRING).position(|byte| *byte == 0);
            let is_short = rest.len() < LONGEST_STRING;
            let end = end.ok_or(if is_short { NotGzip::Truncated } else { NotGzip::Header })?;
            rest = &rest[end + 1..];
        }
    }
    if has(2) {
        let mut crc = Crc::new();
        crc.update(&data[..data.len() - rest.len()]);
        let (sum, after) = rest.split_first_chunk::<2>().ok_or(NotGzip::Truncated)?;
        if crc.sum().to_le_bytes()[..2] != sum[..] {
            return Err(NotGzip::Header);
        }
        rest = after;
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(flags: u8, extra: &[u8], text: &[u8]) -> Vec<u8> {
        use std::io::Write as _;
        let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        deflated.write_all(text).unwrap();
        let mut crc = Crc::new();
        crc.update(text);
        let length = u32::try_from(text.len()).unwrap();
        let head = [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255];
        [&head, extra, &deflated.finish().unwrap(), &crc.sum().to_le_bytes(), &length.to_le_bytes()].concat()
    }

    fn read(data: &[u8], most: usize) -> Result<Vec<u8>, NotGzip> {
        let mut out = Vec::new();
        read_members(data, most, &mut |part| out.extend_from_slice(part)).map(|()| out)
    }

    #[test]
    fn members_are_joined_and_nothing_else_may_follow() {
        let one = member(0, b"", b"hello");
        let two = [one.clone(), member(8, b"name\0", b"!")].concat();
        assert_eq!(read(&two, 10).as_deref(), Ok(&b"hello!"[..]));
        assert_eq!(read(&[&one[..], b"xx"].concat(), 10), Err(NotGzip::Truncated));
        assert_eq!(read(&[&one[..], &[0; 16]].concat(), 10), Err(NotGzip::Header));
        assert_eq!(read(&one[..one.len() - 3], 10), Err(NotGzip::Truncated));
        assert_eq!(read(b"", 10), Err(NotGzip::Truncated));
        assert_eq!(read(b"hello, world", 10), Err(NotGzip::Header));
    }

    #[test]
    fn damage_is_found() {
        let mut data = member(0, b"", b"hello hello hello");
        let last = data.len() - 1;
        data[last] ^= 1;
        assert_eq!(read(&data, 100), Err(NotGzip::Checksum));
        assert_eq!(read(&member(8, &[b'n'; 600], b"x"), 100), Err(NotGzip::Header));
        let extra = member(4, &[3, 0, 1, 2, 3], b"x");
        assert_eq!(read(&extra, 100).as_deref(), Ok(&b"x"[..]));
        assert_eq!(read(&member(2, &[0, 0], b"x"), 100), Err(NotGzip::Header));
    }

    #[test]
    fn a_bomb_stops_at_the_bound() {
        let bomb = member(0, b"", &vec![0; 4 << 20]);
        assert!(bomb.len() < 8 << 10);
        assert_eq!(read(&bomb, 1 << 20), Err(NotGzip::TooLarge));
        assert_eq!(read(&bomb, 4 << 20).map(|out| out.len()), Ok(4 << 20));
    }
}
