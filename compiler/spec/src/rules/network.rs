//! Networks: ranges that contain and exclude each other.

use flatwright_diagnostic::Rule;

/// A network that does not fit the others, or not kubeadm.
#[derive(Debug, Rule)]
#[rule(group = "network-range")]
pub enum NetworkRange {
    /// A block with bits set behind its prefix.
    #[rule("host-bits", "`{block}` is an address inside a block, not the block itself")]
    HostBits {
        /// The block, as written.
        block: String,
    },
    /// kubeadm takes one block of each family.
    #[rule("blocks-of-one-family", "{network} has two {family} blocks: kubeadm takes one of each family")]
    BlocksOfOneFamily {
        /// Which network.
        network: &'static str,
        /// IPv4 or IPv6.
        family: &'static str,
    },
    /// A block without enough addresses.
    #[rule("network-too-small", "`{block}` is too small for {network}")]
    TooSmall {
        /// The block.
        block: String,
        /// Which network.
        network: &'static str,
    },
    /// A block of services with more bits than kubeadm takes.
    #[rule("network-too-large", "`{block}` is too large for {network}")]
    TooLarge {
        /// The block.
        block: String,
        /// Which network.
        network: &'static str,
    },
    /// Two networks have addresses in common.
    #[rule("overlapping-networks", "{network} `{block}` overlaps {other} `{other_block}`")]
    Overlap {
        /// Which network.
        network: &'static str,
        /// Its block.
        block: String,
        /// Which other network.
        other: &'static str,
        /// Its block.
        other_block: String,
    },
    /// A subnet outside of the virtual network.
    #[rule("subnet-outside-network", "subnet `{subnet}` is not inside the virtual network {network}")]
    SubnetOutside {
        /// The subnet's block.
        subnet: String,
        /// The blocks of the virtual network.
        network: String,
    },
    /// A virtual network without room for the subnets that CAPZ adds.
    #[rule(
        "default-subnets-outside-network",
        "CAPZ's default subnets `10.0.0.0/16` and `10.1.0.0/16` are not inside this virtual network"
    )]
    DefaultSubnetsOutside,
    /// A role without a subnet.
    #[rule("subnet-role-missing", "no subnet has the role `{role}`")]
    RoleMissing {
        /// The role.
        role: &'static str,
    },
    /// A network without IPv4 addresses where they must be, or come first.
    #[rule("ipv6-only-network", "{network} {} IPv6 addresses", if *is_first { "begins with" } else { "has only" })]
    Ipv6Only {
        /// Which network.
        network: &'static str,
        /// Whether others follow.
        is_first: bool,
    },
    /// A subnet that is not listed.
    #[rule("unknown-subnet", "no subnet is named `{subnet}`")]
    UnknownSubnet {
        /// Its name.
        subnet: String,
    },
}
