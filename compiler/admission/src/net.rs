//! IP addresses and networks as Go's `net` package reads them.

use std::net::IpAddr;

/// A network: an address family, the first address, and the number of bits that are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cidr {
    pub(crate) v6: bool,
    first: u128,
    pub(crate) bits: u32,
    /// Whether the text had bits set below the mask.
    pub(crate) has_host_bits: bool,
}

impl Cidr {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let (v6, address) = number(address)?;
        let width = if v6 { 128 } else { 32 };
        if bits.is_empty() || !bits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let bits: u32 = bits.parse().ok()?;
        if bits > width {
            return None;
        }
        let first = address & mask(width, bits);
        Some(Self { v6, first, bits, has_host_bits: first != address })
    }

    fn width(self) -> u32 {
        if self.v6 { 128 } else { 32 }
    }

    /// Whether the first address of `other` lies in this network: all that CAPZ asks.
    pub(crate) fn holds_first_of(self, other: Self) -> bool {
        self.v6 == other.v6 && other.first & mask(self.width(), self.bits) == self.first
    }

    pub(crate) fn holds(self, address: IpAddr) -> bool {
        // An IPv4 address may be written as an IPv6 one (`::ffff:10.0.0.1`).
        let (v6, number) = from_std(address.to_canonical());
        self.v6 == v6 && number & mask(self.width(), self.bits) == self.first
    }

    pub(crate) fn covers(self, other: Self) -> bool {
        self.bits <= other.bits && self.holds_first_of(other)
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.covers(other) || other.covers(self)
    }
}

/// An address in the spelling that Go accepts: no zone, no leading zeros in IPv4.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

fn number(text: &str) -> Option<(bool, u128)> {
    address(text).map(from_std)
}

fn from_std(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(address) => (false, u128::from(u32::from(address))),
        IpAddr::V6(address) => (true, u128::from(address)),
    }
}

fn mask(width: u32, bits: u32) -> u128 {
    let all = if width == 128 { u128::MAX } else { u128::from(u32::MAX) };
    if bits == 0 { 0 } else { all & (all << (width - bits)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_parse_and_compare() {
        let vnet = Cidr::parse("10.0.0.0/8").unwrap();
        let subnet = Cidr::parse("10.1.2.3/16").unwrap();
        assert!(subnet.has_host_bits && vnet.covers(subnet) && !subnet.covers(vnet) && vnet.overlaps(subnet));
        assert!(!vnet.overlaps(Cidr::parse("fd00::/8").unwrap()));
        assert!(Cidr::parse("0.0.0.0/0").unwrap().covers(vnet));
        for bad in
            ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "010.0.0.0/8", "a/8", "10.0.0.0/", "10.0.0.0/+8", "fe80::1%eth0/64"]
        {
            assert!(Cidr::parse(bad).is_none(), "{bad}");
        }
    }
}
