//! Addresses and networks as Go's `net` and `net/netip` read them: no leading zeros in IPv4, no zones.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// A network: an address and the length of its prefix. Remembers the bits behind the prefix, which `masked` clears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr(IpNet);

impl Cidr {
    /// Reads a network as `net.ParseCIDR` does, which admission and the format `cidr` use: leading zeros in the prefix length do not matter.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// Reads a network as `netip.ParsePrefix` does, without IPv4 in IPv6 notation, which CEL rules use.
    pub fn parse_strict(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let has_plain_length = prefix == "0" || !prefix.starts_with('0');
        Self::new(strict_address(address)?, digits(prefix).filter(|_| has_plain_length)?)
    }

    fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        IpNet::new(address, prefix).ok().map(Self)
    }

    /// The address as it was written, with the bits behind the prefix.
    pub fn address(self) -> IpAddr {
        self.0.addr()
    }

    /// How many bits are fixed.
    pub fn prefix(self) -> u8 {
        self.0.prefix_len()
    }

    /// Whether it is a network of IPv6.
    pub fn is_v6(self) -> bool {
        self.address().is_ipv6()
    }

    /// Whether the text had bits set behind the prefix.
    pub fn has_host_bits(self) -> bool {
        self.0.network() != self.0.addr()
    }

    /// The network whose address has no bits behind the prefix.
    #[must_use]
    pub fn masked(self) -> Self {
        Self(self.0.trunc())
    }

    /// How many addresses it has; at most what fits.
    pub fn size(self) -> u128 {
        let host_bits = u32::from(self.0.max_prefix_len() - self.prefix());
        1_u128.checked_shl(host_bits).unwrap_or(u128::MAX)
    }

    /// Whether the address lies in it. An IPv4 address may be written as an IPv6 one (`::ffff:10.0.0.1`).
    pub fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Whether every address of the other lies in it.
    pub fn covers(self, other: Self) -> bool {
        self.prefix() <= other.prefix() && self.contains(other.address())
    }

    /// Its first part with so long a prefix that has no address in common with any of the others; nothing after a thousand tries.
    pub fn free_part(self, prefix: u8, others: &[Self]) -> Option<Self> {
        const TRIES: usize = 1_000;
        let mut parts = self.0.subnets(prefix).ok()?.take(TRIES).map(Self);
        parts.find(|part| others.iter().all(|other| !part.overlaps(*other)))
    }

    /// Whether the two have an address in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.covers(other) || other.covers(self)
    }
}

impl FromStr for Cidr {
    type Err = InvalidCidr;

    fn from_str(text: &str) -> Result<Self, InvalidCidr> {
        let (address, prefix) = text.split_once('/').ok_or(InvalidCidr::NoPrefix)?;
        let address = self::address(address).ok_or(InvalidCidr::Address)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        digits(prefix).and_then(|prefix| Self::new(address, prefix)).ok_or(InvalidCidr::Prefix { longest })
    }
}

/// Why a text is not a network. Its words continue a sentence about the text: "… has no `/` with a prefix length".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidCidr {
    /// An address alone, or no address at all.
    NoPrefix,
    /// What stands before `/` is not an address.
    Address,
    /// What stands behind `/` is not a length of a prefix.
    Prefix {
        /// The longest that an address of this kind has.
        longest: u8,
    },
}

impl fmt::Display for InvalidCidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPrefix => f.write_str("has no `/` with a prefix length"),
            Self::Address => f.write_str("has no IP address before `/`"),
            Self::Prefix { longest } => write!(f, "has no prefix length from 0 to {longest} behind `/`"),
        }
    }
}

impl std::error::Error for InvalidCidr {}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An address as `net.ParseIP` reads it.
pub fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// An address as the API server's CEL library reads it: IPv4 in IPv6 notation (`::ffff:10.0.0.1`) is refused.
pub fn strict_address(text: &str) -> Option<IpAddr> {
    address(text).filter(|address| !matches!(address, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some()))
}

fn digits(text: &str) -> Option<u8> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(text: &str) -> Cidr {
        Cidr::parse(text).unwrap()
    }

    #[test]
    fn networks_are_read_as_go_reads_them() {
        for good in ["10.0.0.0/8", "10.0.0.0/08", "::/0", "fd00::/128", "::ffff:10.0.0.0/104"] {
            assert!(Cidr::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0/8",
            "010.0.0.0/8",
            "a/8",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "fe80::1%eth0/64",
            "::/129",
            "10.0.0.0/256",
        ] {
            assert_eq!(Cidr::parse(bad), None, "{bad}");
        }
        for bad in ["10.0.0.0/08", "10.0.0.0/00", "::ffff:10.0.0.0/104"] {
            assert_eq!(Cidr::parse_strict(bad), None, "{bad}");
        }
        assert_eq!(Cidr::parse_strict("10.0.0.0/0").map(Cidr::size), Some(1 << 32));
        assert_eq!(cidr("::/0").size(), u128::MAX);
    }

    #[test]
    fn networks_compare_by_their_addresses() {
        let (vnet, subnet) = (cidr("10.0.0.0/8"), cidr("10.1.2.3/16"));
        assert!(subnet.has_host_bits() && !vnet.has_host_bits());
        assert_eq!(subnet.masked().to_string(), "10.1.0.0/16");
        assert!(vnet.covers(subnet) && !subnet.covers(vnet) && vnet.overlaps(subnet) && subnet.overlaps(vnet));
        assert!(!vnet.overlaps(cidr("fd00::/8")));
        assert!(cidr("0.0.0.0/0").covers(vnet));
    }
}
