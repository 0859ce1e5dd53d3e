//! What gzip holds.

use super::read_members;

/// Compressed contents that unpack to more are kept as they are.
const MAX_UNPACKED: usize = 64 << 20;

/// The contents; `None` if it holds none or too much.
pub fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    read_members(bytes, MAX_UNPACKED, &mut |part| out.extend_from_slice(part)).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gzip::Gzip;

    #[test]
    fn all_members_are_unpacked() {
        let mut gzip = Gzip::default();
        let member = gzip.pack(b"[Unit]\n", usize::MAX).expect("no limit").to_vec();
        assert_eq!(unpack(&member.repeat(2)).as_deref(), Some(&b"[Unit]\n[Unit]\n"[..]));
        assert_eq!(unpack(&member[..20]), None);
        assert_eq!(unpack(b"[Unit]\n"), None);
    }
}
