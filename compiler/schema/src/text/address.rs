//! Addresses and networks.

use std::net::IpAddr;

/// A network: an address and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address = parse_ip(address)?;
        let plain = prefix == "0" || (!prefix.starts_with('0') && prefix.bytes().all(|b| b.is_ascii_digit()));
        let prefix = prefix.parse().ok().filter(|prefix| plain && *prefix <= width(address))?;
        Some(Self { address, prefix })
    }

    pub(crate) fn render(self) -> String {
        format!("{}/{}", self.address, self.prefix)
    }

    pub(crate) fn address(self) -> IpAddr {
        self.address
    }

    pub(crate) fn prefix(self) -> u8 {
        self.prefix
    }

    /// The network whose address has no bits behind the prefix.
    pub(crate) fn masked(self) -> Self {
        Self { address: masked(self.address, self.prefix), ..self }
    }

    pub(crate) fn contains(self, address: IpAddr) -> bool {
        width(self.address) == width(address) && masked(self.address, self.prefix) == masked(address, self.prefix)
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The bits of an address with everything behind the prefix cleared.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let host = u32::from(width(address) - prefix);
    match address {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & u32::MAX.checked_shl(host).unwrap_or(0)).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & u128::MAX.checked_shl(host).unwrap_or(0)).into()),
    }
}

/// An address; IPv4 in IPv6 notation is refused, as by Kubernetes.
pub(crate) fn parse_ip(text: &str) -> Option<IpAddr> {
    let address = text.parse().ok()?;
    match address {
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => None,
        address => Some(address),
    }
}
