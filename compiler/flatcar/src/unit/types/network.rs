//! Addresses, ports and protocols.
//!
//! Owns: how systemd reads each. Must not: resolve anything.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::number::unsigned;
use super::path;
use super::split::{Escapes, quoted};

fn is_port(text: &str) -> bool {
    unsigned(text).is_some_and(|port| (1..=65535).contains(&port))
}

/// What a stream or datagram socket listens on.
pub(super) fn is_listen(text: &str) -> bool {
    is_unix(text) || is_port(text) || is_with_port(text) || text.strip_prefix("vsock:").is_some_and(is_vsock)
}

fn is_with_port(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once("]:") else { return false };
        let (port, scope) = port.split_once('%').map_or((port, None), |(port, scope)| (port, Some(scope)));
        return address.parse::<Ipv6Addr>().is_ok() && is_port(port) && scope.is_none_or(|scope| !scope.is_empty());
    }
    text.split_once(':').is_some_and(|(address, port)| address.parse::<Ipv4Addr>().is_ok() && is_port(port))
}

fn is_vsock(text: &str) -> bool {
    let number = |text: &str| unsigned(text).is_some_and(|number| u32::try_from(number).is_ok());
    text.split_once(':').is_some_and(|(context, port)| (context.is_empty() || number(context)) && number(port))
}

/// The path or abstract name of a local socket.
pub(super) fn is_unix(text: &str) -> bool {
    const LONGEST: usize = 108;
    match text.strip_prefix('@') {
        Some(name) => !name.is_empty() && text.len() < LONGEST,
        None => text.starts_with('/') && text.trim_end_matches('/').len() > 1 && text.len() < LONGEST,
    }
}

/// The families of netlink sockets.
const NETLINK: [&str; 23] = [
    "route",
    "firewall",
    "inet-diag",
    "nflog",
    "xfrm",
    "selinux",
    "iscsi",
    "audit",
    "fib-lookup",
    "connector",
    "netfilter",
    "ip6-fw",
    "dnrtmsg",
    "kobject-uevent",
    "generic",
    "scsitransport",
    "ecryptfs",
    "rdma",
    "crypto",
    "smc",
    "usersock",
    "sock-diag",
    "unused",
];

/// A family with an optional group.
pub(super) fn is_netlink(text: &str) -> bool {
    let number = |text: &str| unsigned(text).is_some_and(|number| u32::try_from(number).is_ok());
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    match words[..] {
        [family] => NETLINK.contains(&family) || number(family),
        [family, group] => (NETLINK.contains(&family) || number(family)) && number(group),
        _ => false,
    }
}

pub(super) fn is_socket_protocol(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "sctp" | "udplite" | "mptcp")
        || matches!(unsigned(text), Some(132 | 136))
}

/// Networks, or words for some.
pub(super) fn are_prefixes(text: &str) -> bool {
    let is_network = |word: &String| {
        let (address, prefix) =
            word.split_once('/').map_or((&**word, None), |(address, prefix)| (address, Some(prefix)));
        let most = match address.parse() {
            Ok(IpAddr::V4(_)) => 32,
            Ok(IpAddr::V6(_)) => 128,
            Err(_) => return matches!(&**word, "any" | "localhost" | "link-local" | "multicast"),
        };
        prefix.is_none_or(|prefix| unsigned(prefix).is_some_and(|prefix| prefix <= most))
    };
    quoted(text, Escapes::Dropped).is_some_and(|words| words.iter().all(is_network))
}

/// `[FAMILY:][PROTOCOL:]PORTS`.
pub(super) fn is_bind_rule(text: &str) -> bool {
    let mut rest = text;
    if let Some((family, after)) = rest.split_once(':')
        && matches!(family, "ipv4" | "ipv6")
    {
        rest = after;
    }
    if let Some((protocol, after)) = rest.split_once(':')
        && matches!(protocol, "tcp" | "udp")
    {
        rest = after;
    }
    let is_ports = match rest.split_once('-') {
        Some((first, last)) => is_port(first) && is_port(last) && unsigned(first) <= unsigned(last),
        None => is_port(rest),
    };
    rest == "any"
        || is_ports
        || (rest != text && matches!(rest, "tcp" | "udp"))
        || matches!(rest, "ipv4" | "ipv6" | "tcp" | "udp")
}

/// `cgroup:FAMILY:TABLE:SET`.
pub(super) fn are_nft_sets(text: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    let is_set = |word: &String| match word.split(':').collect::<Vec<_>>()[..] {
        [source, family, table, set] => {
            matches!(source, "cgroup" | "user" | "group")
                && matches!(family, "arp" | "bridge" | "inet" | "ip" | "ip6" | "netdev")
                && is_name(table)
                && is_name(set)
        }
        _ => false,
    };
    quoted(text, Escapes::Dropped).is_some_and(|words| words.iter().all(is_set))
}

/// Standard input and output.
pub(super) fn is_input(text: &str) -> bool {
    matches!(text, "null" | "tty" | "tty-force" | "tty-fail" | "data" | "socket" | "fd") || is_stream(text, &["file:"])
}

pub(super) fn is_output(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "inherit",
        "null",
        "tty",
        "journal",
        "kmsg",
        "journal+console",
        "kmsg+console",
        "socket",
        "fd",
        "syslog",
        "syslog+console",
        "data",
    ];
    (WORDS.contains(&text) && text != "data") || is_stream(text, &["file:", "append:", "truncate:"])
}

fn is_stream(text: &str, files: &[&str]) -> bool {
    text.strip_prefix("fd:").is_some_and(|name| !name.is_empty() && super::name::is_descriptor(name))
        || files.iter().any(|prefix| text.strip_prefix(prefix).is_some_and(path::is_absolute))
}
